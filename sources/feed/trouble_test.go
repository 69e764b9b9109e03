package feed_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/fetch"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/feed"
	"onrecord/sources/feed/feedtest"
)

// A server that says "unchanged" for ever is found out once a day, and not
// believed again.
func TestStuckValidators(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t, "/news.xml")
		r.site.Break(r.path(), feedtest.StuckETag)
		r.publish("One.")
		r.must()
		r.publish("Two.")
		for range 23 {
			time.Sleep(time.Hour)
			r.want("stuck", r.must())
		}
		r.fired(feedtest.StuckETag)
		time.Sleep(time.Hour)
		page := r.must()
		r.want("after a day", page, "Two.")
		if len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "unchanged") {
			t.Errorf("warnings %q, want one about validators", page.Warnings)
		}
		r.publish("Three.")
		page = r.must()
		r.want("no longer believed", page, "Three.")
		if len(page.Warnings) != 0 {
			t.Errorf("warned again: %q", page.Warnings)
		}
	})
}

// A quiet feed is asked for in full once a day without any fuss.
func TestQuietFeedsAreNoTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t, "/news.xml")
		r.publish("One.")
		r.must()
		for range 72 {
			time.Sleep(time.Hour)
			if page := r.must(); len(page.Posts)+len(page.Warnings) > 0 {
				t.Fatalf("got %q, %q", texts(page), page.Warnings)
			}
		}
		if all, unchanged := r.site.Requests(r.path()); all != 73 || unchanged != 69 {
			t.Errorf("%d requests, %d unchanged, want 73 and 69", all, unchanged)
		}
		r.publish("Two.")
		time.Sleep(30 * time.Hour) // the program was down
		page := r.must()
		r.want("after a pause of ours", page, "Two.")
		if len(page.Warnings) != 0 {
			t.Errorf("a pause of ours was taken for the server's fault: %q", page.Warnings)
		}
	})
}

func TestFewerItemsThanUsualIsAWarning(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	for i := range 20 {
		r.publish(fmt.Sprint(i))
	}
	r.must()
	r.site.Keep(r.path(), 11)
	if page := r.must(); len(page.Warnings) != 0 {
		t.Errorf("warned about a little change: %q", page.Warnings)
	}
	r.site.Keep(r.path(), 0)
	page := r.must()
	if len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "0 items") {
		t.Errorf("warnings %q, want one about the empty feed", page.Warnings)
	}
	r.publish("New.")
	r.want("after it was emptied", r.must(), "New.")
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	for fault, want := range map[feedtest.Fault]struct {
		trouble sources.Trouble
		says    string
	}{
		feedtest.DeepNesting:     {sources.Nonsense, "exhaust"},
		feedtest.DeepNestingCtrl: {sources.Nonsense, "exhaust"},
		feedtest.NestedBase:      {sources.Nonsense, "exhaust"},
		feedtest.ManyItems:       {sources.Nonsense, "exhaust"},
		feedtest.Endless:         {sources.Nonsense, "too large"},
		feedtest.JSONError:       {sources.Nonsense, "not JSON Feed"},
		feedtest.Garbage:         {sources.Nonsense, "no feed"},
		feedtest.EmptyBody:       {sources.Nonsense, "empty"},
		feedtest.Challenge:       {sources.Walled, "bot protection, or the address moved"},
		feedtest.Forbidden:       {sources.Walled, "bot protection"},
		feedtest.CutBody:         {sources.Unreached, "cut"},
		feedtest.ServerError:     {sources.Unreached, "503"},
		feedtest.NotFound:        {sources.Gone, "404"},
		feedtest.Removed:         {sources.Gone, "gone for good"},
		feedtest.RateLimited:     {sources.Limited, "429"},
		feedtest.NotModified:     {sources.Nonsense, "not asked"},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			r := open(t, "/news.xml")
			r.site.Break("/news.xml", fault) // from the first pull on
			r.publish("One.")
			_, err := r.pull()
			r.fired(fault)
			var told *sources.Error
			if !errors.As(err, &told) || told.Trouble != want.trouble || !strings.Contains(err.Error(), want.says) {
				t.Fatalf("got %v, want trouble %q that says %q", err, want.trouble, want.says)
			}
			if fault == feedtest.RateLimited && time.Until(told.Retry).Round(time.Second) != feedtest.RetryAfter {
				t.Errorf("ask again at %v, want in %s", told.Retry, feedtest.RetryAfter)
			}
			r.site.Mend("/news.xml")
			r.want("back again", r.must(), "One.")
		})
	}
}

// What stands before a site has many ways to ask for a browser.
func TestBotWallsAreToldAsSuch(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><body>Are you human?</body></html>"
	for name, c := range map[string]struct {
		status  int
		header  http.Header
		body    string
		trouble sources.Trouble
	}{
		"202 and nothing":                  {202, nil, "", sources.Walled},
		"202 and blanks":                   {202, nil, " \n", sources.Walled},
		"202 and a page":                   {202, nil, page, sources.Walled},
		"202 and a header":                 {202, http.Header{"X-Amzn-Waf-Action": {"challenge"}}, "", sources.Walled},
		"405 and a puzzle":                 {405, http.Header{"X-Amzn-Waf-Action": {"captcha"}}, page, sources.Walled},
		"405 and a page":                   {405, nil, page, sources.Walled},
		"405 and nothing":                  {405, nil, "", sources.Walled},
		"403 and a page":                   {403, nil, page, sources.Walled},
		"403, a header and no page":        {403, http.Header{"Cf-Mitigated": {"challenge"}}, "x", sources.Walled},
		"503 and a header":                 {503, http.Header{"Cf-Mitigated": {"challenge"}}, page, sources.Walled},
		"406 and a page":                   {406, nil, page, sources.Walled},
		"200 and a page":                   {200, nil, page, sources.Walled},
		"403 and no page":                  {403, nil, "no", sources.Denied},
		"503 and a page":                   {503, nil, page, sources.Unreached},
		"202 and the feed":                 {202, nil, "<rss><channel><item><guid>1</guid><description>One.</description></item></channel></rss>", ""},
		"200 and nothing, which is broken": {200, nil, "", sources.Nonsense},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := over(t, feedtest.New(), &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), c.header)
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			})}}, "https://site.example/news.xml")
			_, err := r.pull()
			told, _ := errors.AsType[*sources.Error](err)
			if c.trouble == "" && err != nil || c.trouble != "" && (told == nil || told.Trouble != c.trouble) {
				t.Errorf("got %v, want %q", err, c.trouble)
			}
		})
	}
}

func TestAPageNamesItsFeed(t *testing.T) {
	t.Parallel()
	page := `<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/comments/feed/"><link type="application/atom+xml" href="news.atom" rel="alternate nofollow"></head><body>News</body></html>`
	r := over(t, feedtest.New(), &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) })}}, "https://site.example/press/")
	_, err := r.pull()
	if err == nil || strings.Contains(err.Error(), "news.atom") {
		t.Errorf("an address with a secret: %v", err)
	}
	r.account.URL = "https://site.example/press/"
	if _, err = r.pull(); err == nil || !strings.Contains(err.Error(), "https://site.example/press/news.atom") {
		t.Errorf("got %v, want the address of the feed", err)
	}
}

func TestSlowFeedsAreGivenUp(t *testing.T) {
	for _, fault := range []feedtest.Fault{feedtest.SlowHeader, feedtest.SlowBody} {
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := open(t, "/news.xml")
				r.site.Break("/news.xml", fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_, err := r.source.Pull(ctx, r.account, "")
				r.fired(fault)
				var told *sources.Error
				if !errors.As(err, &told) || told.Trouble != sources.Unreached || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v, want unreachable", err)
				}
			})
		})
	}
}

// Over real connections and the real client, with redirects and compression.
func TestOverTheWire(t *testing.T) {
	t.Parallel()
	site := feedtest.New()
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	client := fetch.New(fetch.Options{}).Client(true)
	t.Cleanup(client.CloseIdleConnections)
	for fault, want := range map[feedtest.Fault]string{
		feedtest.RedirectLoop: "redirects", feedtest.RedirectFile: "not to http", feedtest.GzipBomb: "too large", feedtest.Endless: "too large", feedtest.CutBody: "unexpected EOF",
	} {
		path := fmt.Sprintf("/%x.xml", string(fault))
		r := over(t, site, client, server.URL+path)
		r.publish("One.")
		r.want("whole", r.must(), "One.")
		r.publish("Two.")
		site.Break(path, fault)
		_, err := r.pull()
		r.fired(fault)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to say %q", fault, err, want)
		}
		site.Mend(path)
		r.want("mended", r.must(), "Two.")
	}
}

func TestPrivateAddressesNeedPermission(t *testing.T) {
	t.Parallel()
	site := feedtest.New()
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	site.Publish("/news.xml", feedtest.Item{Text: "One."})
	clients := fetch.New(fetch.Options{})
	for _, allow := range []bool{false, true} {
		config := feed.Kind().Config().(*feed.Config)
		config.AllowPrivate = allow
		source, err := config.Open(sources.Env{Client: clients.Client})
		if err != nil {
			t.Fatal(err)
		}
		page, err := source.Pull(t.Context(), onrecord.Account{URL: server.URL + "/news.xml"}, "")
		if (err == nil) != allow || len(page.Posts) > 0 != allow {
			t.Errorf("allowed is %v: %d posts, %v", allow, len(page.Posts), err)
		}
	}
	clients.Client(true).CloseIdleConnections()
}
