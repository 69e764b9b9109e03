package courtlistener

import (
	"strings"
	"testing"
	"time"

	"onrecord"
)

func FuzzReadFeed(f *testing.F) {
	for _, s := range []string{
		`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Entry #1 in A v. B</title><link href="https://www.courtlistener.com/docket/7/x/?order_by=desc#entry-1" rel="alternate"/><published>2026-01-02T00:00:00-08:00</published><summary type="html">MOTION filed by A. (B)</summary><link href="https://storage.courtlistener.com/a.pdf" rel="enclosure"/></entry></feed>`,
		`<rss><channel><item><title><![CDATA[3:26-cv-00417 A v. B]]></title><pubDate>Mon, 02 Jan 2006 15:04:05 GMT</pubDate><description><![CDATA[[Order] (<a href="https://ecf.court.example/doc1/1">12</a>)]]></description><link>https://ecf.court.example/1</link></item></channel></rss>`,
		`<feed/>`, `<rss/>`, ``, `<html>`, "<feed>" + strings.Repeat("<entry>", 1000),
	} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		check := func(e entry, ok bool) {
			if !ok {
				return
			}
			p := e.post(onrecord.Account{ID: "courtlistener:7"}, "7", now)
			if !strings.HasPrefix(p.ID, "7/") || p.Title == "" || p.Kind != onrecord.Filing || p.Revision == "" || p.Created.IsZero() {
				t.Errorf("post %+v", p)
			}
		}
		if list, err := readFeed(body, "feed", "entry"); err == nil {
			for _, e := range list {
				check(e.mirrored())
			}
		}
		if list, err := readFeed(body, "rss", "item"); err == nil {
			for _, e := range list {
				check(e.published("26-cv-417"))
			}
		}
	})
}

func FuzzReadListed(f *testing.F) {
	for _, s := range []string{
		`{"id":7,"docket":"https://x.example/dockets/7/","entry_number":12,"date_filed":"2026-01-02","date_modified":"2026-01-02T03:04:05.123456-08:00","description":"ORDER by Judge A.","recap_documents":[{"attachment_number":null,"description":"Order","filepath_local":"a.pdf"}]}`,
		`{"id":7,"date_modified":"2026-01-02T03:04:05Z","date_filed":null,"description":null}`, `{}`, `null`, `[]`,
	} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := readListed(raw)
		if err != nil {
			return
		}
		if p := l.entry("https://x.example", "7", raw).post(onrecord.Account{}, "7", now); p.ID == "" || p.Title == "" || p.Created.IsZero() {
			t.Errorf("post %+v", p)
		}
	})
}

func TestFilers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"MOTION to Dismiss filed by Harbor Labs. (Attachments: # 1 Exhibit)":          "Harbor Labs",
		"ANSWER to Complaint filed by Harbor Labs, Inc., Ivo Lind.(Lee, Ada) (Filed)": "Harbor Labs, Inc., Ivo Lind",
		"REPLY filed by\n Northwind Data":                                             "Northwind Data",
		"OPPOSITION filed by Northwind Data. Responses due by 1/2/2026.":              "Northwind Data",
		"ORDER by Judge A. Chan granting 12 Motion.":                                  "",
		"Document filed by nobody; see 7":                                             "nobody",
	} {
		if p := (entry{id: "entry-1", text: text}).post(onrecord.Account{}, "7", time.Now()); p.Author.Name != want {
			t.Errorf("%q was filed by %q, want %q", text, p.Author.Name, want)
		}
	}
}
