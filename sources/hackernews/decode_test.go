package hackernews

import (
	"strings"
	"testing"
	"time"

	"onrecord"
)

func FuzzReadItem(f *testing.F) {
	for _, s := range []string{
		`{"id":42000001,"type":"comment","by":"harborlabs","time":1700000000,"parent":42000000,"text":"We &quot;deny&quot; it.<p>&gt; All of it.<p>See <a href=\"https:&#x2F;&#x2F;harbor.example&#x2F;\" rel=\"nofollow\">https:&#x2F;&#x2F;harbor...</a>"}`,
		`{"id":1,"type":"story","by":"a","time":-1,"title":"Show HN: x","url":"javascript:alert(1)"}`,
		`{"id":2,"type":"poll","by":"a","time":9999999999999,"title":"x &amp; y","parts":[3]}`,
		`{"id":3,"deleted":true}`, `{"id":4,"dead":true,"by":"a","text":"[flagged]"}`, `null`, `{}`, `[]`, `7`,
	} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		it, err := readItem(raw)
		if err != nil || !it.shown() {
			return
		}
		p := it.post(onrecord.Account{ID: "hackernews:a"}, now)
		if p.ID == "" || p.Kind == "" || p.Created.After(now) || p.Revision == "" || (p.Kind == onrecord.Reply) != (p.ReplyTo != nil) {
			t.Errorf("post %+v", p)
		}
		for _, l := range p.Links {
			if !strings.HasPrefix(l.URL, "http") || !strings.Contains(p.Text, l.Shown) {
				t.Errorf("link %+v of %q", l, p.Text)
			}
		}
	})
}
