package x_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

// What X counts for a day that is over is compared with what was noted, once; a count that
// is far above is told.
func TestDrift(t *testing.T) {
	t.Parallel()
	for others, want := range map[int]bool{0: false, 15: false, 60: true} {
		within(t, func(b *bench) {
			at := b.pull("").Next
			for range 3 {
				b.post("Read by us.")
			}
			at = b.pull(at).Next
			b.x.ReadElsewhere(others)
			var warnings []string
			for range 60 { // until the day after the next one
				time.Sleep(time.Hour)
				page := b.pull(at)
				at, warnings = page.Next, append(warnings, page.Warnings...)
			}
			if got := len(warnings); (got == 1) != want || got > 1 {
				t.Errorf("%d posts read elsewhere: %q", others, warnings)
			}
			for _, w := range warnings {
				if !strings.Contains(w, "X counts 63 posts read on 2026-11-20, and this program 3") {
					t.Error(w)
				}
			}
			if n := b.x.Requests(xtest.Usage); n != 3 {
				t.Errorf("asked %d times in three days", n)
			}
			b.x.ReadElsewhere(-others)
		})
	}
}

// That X charges for each way in which a post comes shows in what it counts; that it charges
// once, as its documents say, does not.
func TestDriftOfAStream(t *testing.T) {
	t.Parallel()
	for _, once := range []bool{true, false} {
		listening(t, "activity", func(l *listener) {
			if once {
				l.x.ChargeOnce()
			}
			at := l.begins()
			for range 60 {
				l.post("Heard and read.")
			}
			at = l.pull(at).Next
			time.Sleep(14 * time.Hour)
			told := l.pull(at).Warnings
			if got := len(told) == 1 && strings.HasPrefix(told[0], "X counts 120 posts read on 2026-11-20, and this program 60"); got == once || once && len(told) > 0 {
				t.Errorf("charged once %v: told %q", once, told)
			}
			l.budgeted = once
		})
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":[{"date":"2026-11-19","tweets_consumed":700},{"date":"2026-11-20","tweets_consumed":"1400"}]}`:                                                                                                                                   "about $45.00 a month",
		`{"data":{"project_usage":9,"daily_project_usage":{"project_id":2,"usage":[{"date":"2026-11-20T00:00:00.000Z","usage":1400}]},"daily_client_app_usage":[{"client_app_id":"3","usage":[{"date":"2026-11-20T00:00:00.000Z","usage":9}]}]}}`: "about $30.00 a month",
		`{"data":{"daily_project_usage":{"usage":[{"date":"2026-11-20T00:00:00.000Z","usage":"700"}]}}}`:                                                                                                                                          "about $15.00 a month",
		`{"data":{"project_id":"1"}}`: "X counts none",
		`{}`:                          "X counts none",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		source := open(t, http.DefaultTransport, newMeter(), func(c *x.Config) { c.BaseURL = server.URL })
		line, err := source.(sources.Planner).Plan(t.Context(), 20)
		server.Close()
		if err != nil || !strings.HasPrefix(line, "accounts of x: 20; ") || !strings.Contains(line, want) {
			t.Errorf("%s: %q, %v, want %q", body, line, err, want)
		}
	}
}
