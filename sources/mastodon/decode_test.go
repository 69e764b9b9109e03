package mastodon

import (
	"strings"
	"testing"
	"time"

	"onrecord"
)

var fuzzed = server{base: "https://social.example"}

func FuzzReadStatus(f *testing.F) {
	for _, s := range []string{
		`{"id":"1","account":{"id":"7","acct":"harborlabs"},"content":"<p>We <b>deny</b> it</p>","created_at":"2026-01-02T03:04:05.000Z","visibility":"public","url":"https://social.example/@harborlabs/1"}`,
		`{"id":"2","account":{"id":"7"},"visibility":"public","reblog":{"id":"3","visibility":"public","content":"<p>x","account":{"acct":"a@b.example"}}}`,
		`{"id":"2","account":{"id":"7"},"visibility":"public","reblog":{"id":"3","visibility":"private","content":"secret"}}`,
		`{"id":"4","account":{"id":"7"},"visibility":"direct","content":"secret"}`,
		`{"id":"5","account":{"id":"7"},"visibility":"unlisted","in_reply_to_id":"4","in_reply_to_account_id":"7","quote":{"state":"accepted","quoted_status":{"id":"9","content":"<p>q</p>","visibility":"private"}},"card":{"url":"javascript:alert(1)"},"media_attachments":[{"type":"unknown"},{"type":"gifv","url":"https://cdn.example/1"}]}`,
		`{"id":"6","account":{"id":"8"},"visibility":"public"}`, `{}`, `null`, `[]`, `{"id":7}`,
	} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		st, err := readStatus(raw, "7")
		if err != nil || !st.everybodys() {
			return
		}
		p := st.post(fuzzed, onrecord.Account{ID: "mastodon:harbor"}, now)
		if !strings.HasPrefix(p.ID, "social.example/") || p.Kind == "" || p.Created.IsZero() || p.Created.After(now) {
			t.Errorf("post %+v", p)
		}
		if (p.Kind == onrecord.Repost) != (p.Reposts != nil) || (p.Kind == onrecord.Quote) && p.Quotes == nil || p.Kind == onrecord.Thread && p.ReplyTo == nil {
			t.Errorf("kind %s of %+v", p.Kind, p)
		}
		for _, l := range p.Links {
			if !strings.HasPrefix(l.URL, "http") || !strings.Contains(p.Text, l.Shown) {
				t.Errorf("link %+v of %q", l, p.Text)
			}
		}
	})
}

func FuzzReadFeed(f *testing.F) {
	for _, s := range []string{
		`<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><guid>https://social.example/@harborlabs/109501</guid><link>https://social.example/@harborlabs/109501</link><pubDate>Mon, 02 Jan 2006 15:04:05 +0000</pubDate><description>&lt;p&gt;&lt;strong&gt;CW&lt;/strong&gt; x&lt;/p&gt;&lt;hr&gt;&lt;p&gt;y&lt;/p&gt;</description><media:content url="https://cdn.example/1" medium="image"/></item></channel></rss>`,
		`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"https://social.example/@a/statuses/01HZX5V6J8Q4B2N7M3K9P1R0ST","content_html":"<p>x</p>","date_published":"2026-01-02T03:04:05Z"},7]}`,
		`<Rss><Title>x</Title><Items/></Rss>`, `<rss/>`, `{}`, ``, `<!doctype html>`, "<rss><channel>" + strings.Repeat("<item>", 2000),
	} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := readFeed(body)
		if err != nil {
			return
		}
		for _, it := range items {
			if p, ok := it.post(fuzzed, onrecord.Account{ID: "mastodon:harbor", Handle: "harborlabs@social.example"}, now); ok {
				if !strings.HasPrefix(p.ID, "social.example/") || !strings.HasPrefix(p.URL, "http") || p.Revision == "" || p.Created.After(now) {
					t.Errorf("post %+v", p)
				}
			}
		}
	})
}

// A feed of another shape is none, and not one without items.
func TestFeedsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`<Rss><Title>x</Title><Items></Items></Rss>`, `<rss version="2.0"></rss>`, `{"error":"x"}`, `{"items":[]}`, `<html></html>`, ``} {
		if items, err := readFeed([]byte(body)); err == nil {
			t.Errorf("%q was read as %d items", body, len(items))
		}
	}
}
