package feed_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/feed"
	"onrecord/sources/sourcetest"
)

func found(t *testing.T, address string, site http.HandlerFunc) *sourcetest.Reader {
	t.Helper()
	source, err := feed.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: site}} }})
	if err != nil {
		t.Fatal(err)
	}
	return &sourcetest.Reader{T: t, Source: source, Account: onrecord.Account{ID: "feed:x", Source: "feed", URL: address, Speaker: "Harbor Labs"}}
}

// A feed that moved for good is read where it is, and the operator is told once the site
// surely means it: three times and a day later. A redirect for now tells nothing.
func TestFeedsThatMoveForGood(t *testing.T) {
	for status, tells := range map[int]bool{301: true, 308: true, 302: false, 307: false} {
		synctest.Test(t, func(t *testing.T) {
			r := found(t, "https://site.example/old.xml?key=hush-hush", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/old.xml" {
					http.Redirect(w, r, "/new.xml?key=hush-hush", status)
					return
				}
				_, _ = w.Write([]byte("<rss><channel><item><guid>1</guid><description>One.</description></item></channel></rss>"))
			})
			for i, wait := range []time.Duration{0, time.Hour, 25 * time.Hour} {
				time.Sleep(wait)
				page := r.Must()
				said := strings.Join(page.Warnings, " ")
				if moved := strings.Contains(said, "moved this feed for good to https://site.example/new.xml"); moved != (tells && i == 2) || strings.Contains(said, "hush") {
					t.Errorf("%d, pull %d: %q", status, i+1, page.Warnings)
				}
			}
		})
	}
}

// What is gone for good is asked for once a day, and what YouTube denies is there for a week.
func TestFeedsThatAreGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status := http.StatusOK
		site := func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte("<rss><channel><item><guid>1</guid><description>One.</description></item></channel></rss>"))
		}
		trouble := func(r *sourcetest.Reader) *sources.Error {
			_, err := r.Pull()
			told, ok := errors.AsType[*sources.Error](err)
			if !ok {
				t.Fatalf("HTTP %d: %v", status, err)
			}
			return told
		}
		tube, other := found(t, "https://www.youtube.com/feeds/videos.xml?channel_id=UC1", site), found(t, "https://notyoutube.com/feed.xml", site)
		status = http.StatusNotFound
		if told := trouble(tube); told.Trouble != sources.Gone {
			t.Errorf("a feed that was never there: %v", told)
		}
		status = http.StatusOK
		tube.Must()
		other.Must()
		status = http.StatusNotFound
		if told := trouble(tube); told.Trouble != sources.Unreached {
			t.Errorf("in a wave: %v", told)
		}
		if told := trouble(other); told.Trouble != sources.Gone || !told.Retry.IsZero() {
			t.Errorf("another site: %v", told)
		}
		time.Sleep(8 * 24 * time.Hour)
		if told := trouble(tube); told.Trouble != sources.Gone {
			t.Errorf("after a week: %v", told)
		}
		status = http.StatusGone
		if told := trouble(other); told.Trouble != sources.Gone || time.Until(told.Retry) != 24*time.Hour {
			t.Errorf("gone for good: %v, again at %v", told, told.Retry)
		}
	})
}
