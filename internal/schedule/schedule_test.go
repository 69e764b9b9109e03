package schedule_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"onrecord/internal/schedule"
)

func parse(t *testing.T, spec string) schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(spec)
	if err != nil {
		t.Fatalf("Parse(%q): %v", spec, err)
	}
	return s
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// following lists the n runs after a moment, as text in the moment's own zone.
func following(t *testing.T, s schedule.Schedule, after string, n int) []string {
	t.Helper()
	start := at(t, after)
	var list []string
	next := start
	for range n {
		next = s.Next(next)
		list = append(list, next.In(start.Location()).Format("01-02 15:04:05"))
	}
	return list
}

func TestParseAccepts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		spec, after string
		want        []string
	}{
		{"@every 2m", "2026-03-01T10:00:30Z", []string{"03-01 10:02:30", "03-01 10:04:30"}},
		{"@every 1s", "2026-03-01T10:00:00Z", []string{"03-01 10:00:01", "03-01 10:00:02"}},
		{"  @every \t 90s ", "2026-03-01T10:00:00Z", []string{"03-01 10:01:30"}},
		{"*/10 * * * *", "2026-03-01T10:00:00Z", []string{"03-01 10:10:00", "03-01 10:20:00"}},
		{"@hourly ", "2026-03-01T10:00:00Z", []string{"03-01 11:00:00"}},
		{"@daily", "2026-03-01T10:00:00Z", []string{"03-02 00:00:00"}},
		{"@midnight", "2026-03-01T10:00:00Z", []string{"03-02 00:00:00"}},
		{"@weekly", "2026-03-01T10:00:00Z", []string{"03-08 00:00:00"}},
		{"@monthly", "2026-03-01T10:00:00Z", []string{"04-01 00:00:00"}},
		{"@yearly", "2026-03-01T10:00:00Z", []string{"01-01 00:00:00"}},
		{"@annually", "2026-03-01T10:00:00Z", []string{"01-01 00:00:00"}},
		{"0 9-17/4 * * MON-fri", "2026-03-06T12:00:00Z", []string{"03-06 13:00:00", "03-06 17:00:00", "03-09 09:00:00"}},
		{"5,35 8 ? jan,Mar ?", "2026-03-06T08:05:00Z", []string{"03-06 08:35:00", "03-07 08:05:00"}},
		{"5/20 * * * *", "2026-03-06T08:05:00Z", []string{"03-06 08:25:00", "03-06 08:45:00", "03-06 09:05:00"}},
		{"0 0 29 2 *", "2026-03-06T08:05:00Z", []string{"02-29 00:00:00"}},
		{"CRON_TZ=Europe/Berlin 0 9 * * *", "2026-03-28T00:00:00Z", []string{"03-28 08:00:00", "03-29 07:00:00"}},
		{"TZ=Asia/Kolkata\t0 9 * * *", "2026-03-28T00:00:00Z", []string{"03-28 03:30:00"}},
		// A schedule without a zone is in UTC, whatever zone the moment is in.
		{"0 9 * * *", "2026-03-28T00:00:00+05:00", []string{"03-28 14:00:00"}},
	} {
		if diff := cmp.Diff(c.want, following(t, parse(t, c.spec), c.after, len(c.want))); diff != "" {
			t.Errorf("%q after %s:\n%s", c.spec, c.after, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		"":                                   "is empty",
		"  \t":                               "is empty",
		"TZ=":                                "needs a time zone with a name",
		"TZ= * * * * *":                      "needs a time zone with a name",
		"CRON_TZ= * * * * *":                 "needs a time zone with a name",
		"TZ=Local 0 9 * * *":                 "needs a time zone with a name",
		"TZ=localtime 0 9 * * *":             "needs a time zone with a name",
		"CRON_TZ=Europe/Berlin":              "names a time zone and no time",
		"CRON_TZ=Europe/Atlantis 0 9 * * *":  `the time zone "Europe/Atlantis", which is not known`,
		"CRON_TZ=../../etc/passwd 0 9 * * *": "which is not known",
		"TZ=UTC TZ=":                         "has 1 fields",
		"TZ=UTC TZ= * * * *":                 `the minute "TZ="`,
		"CRON_TZ=Europe/Berlin @every 1h":    "no meaning with @every",
		"@every":                             "not a duration",
		"@every 2":                           "not a duration",
		"@every 1h 30m":                      "not a duration",
		"@every 0s":                          "the shortest is 1s",
		"@every -5s":                         "the shortest is 1s",
		"@every 10ms":                        "the shortest is 1s",
		"@every 1.5s":                        "only whole seconds",
		"@every 9000h":                       "the longest is 8784h",
		"@every2m":                           "one blank after @every",
		"@Every 2m":                          "small letters",
		"@Daily":                             "small letters",
		"@reboot":                            "not a time",
		"@fortnightly":                       "not known",
		"0 0 31 2 *":                         "never fires",
		"0 0 31 feb,apr,jun,sep,nov *":       "never fires",
		"*/90 * * * *":                       `minute step "*/90", which is never reached`,
		"*/60 * * * *":                       "never reached",
		"0 */25 * * *":                       `hour step "*/25"`,
		"10-20/15 * * * *":                   "never reached",
		"*/0 * * * *":                        "a step is a whole number from 1",
		"*/x * * * *":                        "a step is a whole number from 1",
		"*/2/3 * * * *":                      "a step is a whole number from 1",
		"0 0 1 * 1":                          "sets both day of month and weekday",
		"0 0 */2 * 1":                        "sets both day of month and weekday",
		"0 0 * * 7":                          "Sunday is 0",
		"0 0 * * 5L":                         `the weekday "5L"`,
		"0 0 L * *":                          `the day of month "L"`,
		"0 0 0 * *":                          `the day of month "0"; it must be 1 to 31`,
		"0 0 * 13 *":                         "it must be 1 to 12",
		"75 * * * *":                         `the minute "75"; it must be 0 to 59`,
		"+5 * * * *":                         `the minute "+5"`,
		"*-5 * * * *":                        `the minute "*"`,
		"5- * * * *":                         `the minute ""`,
		"30-10 * * * *":                      "ends before it begins",
		"5, * * * *":                         `the minute ""`,
		"1-2-3 * * * *":                      `the minute "2-3"`,
		"0 * * * * *":                        "has 6 fields; there are five",
		"5m":                                 "write @every 5m",
		"every 5 minutes":                    "write @every 5m",
		"Every hour":                         "write @every 1h",
		"2 days":                             "write @every 2d",
		"every now and then":                 "there are five",
		"0 9":                                "there are five",
		"* * * *":                            "has 4 fields",
		"every 2m":                           "write @every 2m",
		"99999999999999999999 * * * *":       "it must be 0 to 59",
	} {
		_, err := schedule.Parse(spec)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want an error with %q", spec, err, want)
		}
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, c := range []struct {
		spec              string
		shortest, longest time.Duration
	}{
		{"@every 2m", 2 * time.Minute, 2 * time.Minute},
		{"*/10 * * * *", 10 * time.Minute, 10 * time.Minute},
		{"*/7 * * * *", 4 * time.Minute, 7 * time.Minute},
		{"0 9-17 * * 1-5", time.Hour, 2*day + 16*time.Hour},
		{"@weekly", 7 * day, 7 * day},
		{"@yearly", 365 * day, 366 * day},
		// One night of the year fires twice, another not at all.
		{"CRON_TZ=America/New_York 30 1 * * *", time.Hour, day},
		{"CRON_TZ=America/New_York 30 2 * * *", day, 2*day - time.Hour},
	} {
		s := parse(t, c.spec)
		if s.Every() != c.shortest || s.Longest() != c.longest {
			t.Errorf("%q: gaps of %s to %s, want %s to %s", c.spec, s.Every(), s.Longest(), c.shortest, c.longest)
		}
	}
}

func TestClocksChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, spec, after string
		want              []string
	}{
		{"spring skips", "CRON_TZ=America/New_York 30 2 * * *", "2026-03-07T08:00:00-05:00", []string{"03-09 01:30:00"}}, // 02:30 of -04:00
		{"spring skips an hour of many", "CRON_TZ=America/New_York 0 */2 * * *", "2026-03-07T23:30:00-05:00", []string{"03-08 00:00:00", "03-08 03:00:00"}},
		{"autumn doubles", "CRON_TZ=America/New_York 30 1 * * *", "2026-11-01T00:00:00-04:00", []string{"11-01 01:30:00", "11-01 02:30:00"}},
		{"every half hour goes on", "CRON_TZ=America/New_York */30 * * * *", "2026-03-08T01:30:00-05:00", []string{"03-08 02:00:00", "03-08 02:30:00"}},
		{"@every knows no zones", "@every 1h", "2026-03-08T01:30:00-05:00", []string{"03-08 02:30:00", "03-08 03:30:00"}},
		{"a day without a midnight", "CRON_TZ=Asia/Beirut 0 0 * * *", "2026-03-28T00:00:00+02:00", []string{"03-29 23:00:00"}}, // 30 March 00:00 of +03:00
		{"nor another descriptor", "CRON_TZ=Africa/Cairo @daily", "2026-04-23T00:00:00+02:00", []string{"04-24 23:00:00"}},     // 25 April 00:00 of +03:00
	} {
		if diff := cmp.Diff(c.want, following(t, parse(t, c.spec), c.after, len(c.want))); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

// What the library behind it takes without a word, or dies of, is answered when
// the configuration is read: refused, or taken with a warning.
func TestTrapsOfTheLibrary(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ spec, refused, warned string }{
		{spec: "TZ=", refused: "needs a time zone"},                  // panics
		{spec: "CRON_TZ=Europe/Berlin", refused: "no time"},          // panics
		{spec: "@every 0s", refused: "shortest is 1s"},               // one second
		{spec: "@every -5s", refused: "shortest is 1s"},              // one second
		{spec: "@every 10ms", refused: "shortest is 1s"},             // one second
		{spec: "@every 1.5s", refused: "whole seconds"},              // one second
		{spec: "0 0 31 2 *", refused: "never fires"},                 // never, and does not say so
		{spec: "*/90 * * * *", refused: "never reached"},             // hourly
		{spec: "0 */25 * * *", refused: "never reached"},             // daily
		{spec: "*/7 * * * *", warned: "begins anew with every hour"}, // four minutes at the end of the hour
		{spec: "0 0 1 * 1", refused: "fire when either fits"},        // also on every Monday
		{spec: "CRON_TZ= * * * * *", refused: "needs a time zone"},   // UTC
		{spec: "TZ=Local 0 9 * * *", refused: "needs a time zone"},   // the machine's
		{spec: "0 0 * * 7", refused: "Sunday is 0"},                  // an error in other words
		{spec: "@Daily", refused: "small letters"},                   // likewise
		{spec: "@reboot", refused: "not a time"},                     // likewise
		{spec: "0 0 L * *", refused: "must be 1 to 31"},              // likewise
		{spec: "0 0 9 * * *", refused: "has 6 fields"},               // likewise
		{spec: "@hourly "}, // an error, because of the blank
		{spec: "CRON_TZ=America/New_York 30 2 * * *", warned: "skipped or comes twice"},      // skips a day
		{spec: "CRON_TZ=America/New_York 30 1 * * *", warned: "skipped or comes twice"},      // twice a day
		{spec: "CRON_TZ=America/New_York 0 */2 * * *", warned: "skipped or comes twice"},     // skips an hour
		{spec: "CRON_TZ=America/New_York */30 * * * *"},                                      // sound
		{spec: "CRON_TZ=Asia/Beirut 0 0 * * *", warned: "skipped or comes twice"},            // skips a day
		{spec: "CRON_TZ=Africa/Cairo @midnight", warned: "skipped or comes twice"},           // skips a day
		{spec: "CRON_TZ=America/New_York 59 3 * * *", warned: "skipped or comes twice"},      // the last such hour
		{spec: "CRON_TZ=America/New_York 0 4 * * *"},                                         // sound
		{spec: "CRON_TZ=America/New_York 30 2,14 * * 1-5", warned: "skipped or comes twice"}, // one of several
	} {
		s, err := schedule.Parse(c.spec)
		if (err != nil) != (c.refused != "") || err != nil && !strings.Contains(err.Error(), c.refused) {
			t.Errorf("%q: %v, want an error with %q", c.spec, err, c.refused)
		}
		if got := strings.Join(s.Warnings(), "; "); (got != "") != (c.warned != "") || !strings.Contains(got, c.warned) {
			t.Errorf("%q: warnings %q, want %q", c.spec, got, c.warned)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string][]string{
		"@every 7m":                              nil,
		"*/10 * * * *":                           nil,
		"5/20 * * * *":                           nil,
		"9-17/3 * * * *":                         nil, // an end was written on purpose
		"0 2 * * *":                              nil, // UTC
		"CRON_TZ=Asia/Tokyo 0 2 * * *":           nil, // no change since 1951
		"CRON_TZ=America/New_York 0 9 * * *":     nil,
		"CRON_TZ=America/New_York */30 * * * *":  nil,
		"*/7 * * * *":                            {`the minute step "*/7"`},
		"0 0 */2 * *":                            {`the day of month step "*/2"`},
		"*/7 */5 * * *":                          {"minute step", "hour step"},
		"CRON_TZ=America/New_York 30 2 * * *":    {"the clocks of America/New_York change"},
		"CRON_TZ=America/New_York 0 */2 * * *":   {"skipped or comes twice"},
		"CRON_TZ=America/New_York @daily":        {"skipped or comes twice"},
		"CRON_TZ=Africa/Casablanca 15 2,9 * * *": {"skipped or comes twice"},
	} {
		got := parse(t, spec).Warnings()
		if len(got) != len(want) {
			t.Errorf("%q: warnings %q, want %d", spec, got, len(want))
			continue
		}
		for i := range want {
			if !strings.Contains(got[i], want[i]) {
				t.Errorf("%q: warning %q, want %q in it", spec, got[i], want[i])
			}
		}
	}
}

func TestAfterKeepsTheGrid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, spec, slot, now, want string }{
		{"in time", "@every 2m", "2026-03-01T10:00:07Z", "2026-03-01T10:00:07Z", "2026-03-01T10:02:07Z"},
		{"late", "@every 2m", "2026-03-01T10:00:07Z", "2026-03-01T10:01:30Z", "2026-03-01T10:02:07Z"},
		{"missed runs are one", "@every 2m", "2026-03-01T10:00:07Z", "2026-03-03T22:17:00Z", "2026-03-03T22:18:07Z"},
		{"exactly on a slot", "@every 2m", "2026-03-01T10:00:00Z", "2026-03-01T10:04:00Z", "2026-03-01T10:06:00Z"},
		{"asked early", "@every 2m", "2026-03-01T10:02:07Z", "2026-03-01T10:01:00Z", "2026-03-01T10:02:07Z"},
		{"the clock went back", "@every 2m", "2026-03-05T10:00:07Z", "2026-03-01T10:01:00Z", "2026-03-01T10:02:07Z"},
		{"no slot yet", "@every 2m", "0001-01-01T00:00:00Z", "2026-03-01T10:01:00Z", "2026-03-01T10:03:00Z"},
		{"a slot of another age", "@every 2m", "0001-01-01T00:00:01Z", "2026-03-01T10:01:00Z", ""},
		{"fields", "*/10 * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:31:00Z", "2026-03-01T10:40:00Z"},
	} {
		now := at(t, c.now)
		s := parse(t, c.spec)
		got := s.After(at(t, c.slot), now)
		if c.want != "" && !got.Equal(at(t, c.want)) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if !got.After(now) || got.After(now.Add(s.Every())) || got.Location() != time.UTC {
			t.Errorf("%s: %s is not within one interval of %s in UTC", c.name, got, now)
		}
	}
}

// A thousand late runs still end on the grid of the first.
func TestNoDrift(t *testing.T) {
	t.Parallel()
	s := parse(t, "@every 5m")
	first := at(t, "2026-03-01T10:00:00Z")
	slot := first
	for i := range 1000 {
		late := time.Duration(i%7) * 13 * time.Second
		slot = s.After(slot, slot.Add(late))
	}
	if want := first.Add(1000 * 5 * time.Minute); !slot.Equal(want) {
		t.Errorf("after 1000 runs the slot is %s, want %s", slot, want)
	}
}

func TestJitter(t *testing.T) {
	t.Parallel()
	for spec, span := range map[string]time.Duration{
		"@every 1s":  100 * time.Millisecond,
		"@every 2m":  12 * time.Second,
		"@hourly":    30 * time.Second,
		"@every 10s": time.Second,
	} {
		s := parse(t, spec)
		seen := map[time.Duration]bool{}
		var low, high time.Duration = span, 0
		for i := range 200 {
			id := "x:harborlabs" + strings.Repeat("a", i)
			j := s.Jitter(id)
			if j < 0 || j >= span || j%time.Millisecond != 0 {
				t.Fatalf("%q: jitter %s is not within [0, %s) in milliseconds", spec, j, span)
			}
			if again := parse(t, spec).Jitter(id); again != j {
				t.Fatalf("%q: jitter of %s is %s, then %s", spec, id, j, again)
			}
			seen[j] = true
			low, high = min(low, j), max(high, j)
		}
		if len(seen) < 80 || low > span/10 || high < span-span/10 {
			t.Errorf("%q: 200 accounts have %d jitters from %s to %s: not spread over %s", spec, len(seen), low, high, span)
		}
	}
}

func TestZeroScheduleIsNeverDue(t *testing.T) {
	t.Parallel()
	var s schedule.Schedule
	now := time.Now()
	if !s.Next(now).IsZero() || !s.After(now, now).IsZero() || s.Jitter("x:dana") != 0 {
		t.Error("a zero schedule is due")
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{"@every 2m", "*/10 * * * *", "CRON_TZ=Europe/Berlin 0 9 * * *", "@daily"} {
		if got := parse(t, "  "+strings.ReplaceAll(spec, " ", "  ")+"\t").String(); got != spec {
			t.Errorf("String() = %q, want %q", got, spec)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"@every 2m", "@every 1.5s", "@every 9223372036s", "*/7 * * * *", "0 0 29 2 *", "0 0 31 2 *", "TZ=", "CRON_TZ=Europe/Berlin",
		"CRON_TZ=Asia/Beirut 0 0 * * *", "TZ=Australia/Lord_Howe 0 */2 * * *", "TZ=UTC TZ=UTC 1 1 1 1 *", "1-59/58 0-23 ? jan-DEC sun,6", "@reboot", "0 0 1 * 1", "\x00 * * * *", "TZ=Africa/Cairo 59 23 31 12 *",
	} {
		f.Add(seed, int64(1772000000), int64(12345))
	}
	f.Fuzz(func(t *testing.T, spec string, now, late int64) {
		s, err := schedule.Parse(spec)
		if err != nil {
			if err.Error() == "" {
				t.Fatalf("Parse(%q) gives an error without words", spec)
			}
			return
		}
		again, err := schedule.Parse(s.String())
		if err != nil || again.Every() != s.Every() {
			t.Fatalf("%q is written %q, which reads as another: %v", spec, s, err)
		}
		if s.Every() < time.Second || s.Longest() < s.Every() {
			t.Fatalf("%q has gaps of %s to %s", spec, s.Every(), s.Longest())
		}
		if j := s.Jitter(spec); j < 0 || j >= max(s.Every()/10, 1) {
			t.Fatalf("%q has jitter %s with gaps from %s", spec, j, s.Every())
		}
		moment := time.Unix(now%4e9, late%1e9).UTC()
		next := s.Next(moment)
		if !next.IsZero() && !next.After(moment) {
			t.Fatalf("%q: next after %s is %s", spec, moment, next)
		}
		slot := moment.Add(time.Duration(late))
		if after := s.After(slot, moment); !after.IsZero() && !after.After(moment) {
			t.Fatalf("%q: after %s, slot %s, comes %s", spec, moment, slot, after)
		}
	})
}
