package card_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements/card"
)

// A citation names who, what, where and when, and nothing of it can leave the form it is in.
func TestCitation(t *testing.T) {
	said := time.Date(2026, 10, 5, 14, 15, 0, 0, time.UTC)
	s := onrecord.Statement{
		No: 42, Speaker: "Dana \"D\" Reyes", Seen: said.Add(40 * time.Second),
		Parts: []onrecord.Post{{Text: "We never opened\nthe drive.", URL: "https://social.example/@dreyes/1", Author: onrecord.Author{Handle: "dreyes"}, Created: said, Dated: true}},
	}
	c := card.CitationOf(s)
	if want := "Dana \"D\" Reyes (@dreyes), “We never opened the drive.”, social.example, 5 Oct. 2026, 14:15 UTC, S-0042, <https://social.example/@dreyes/1>."; c.Plain != want {
		t.Errorf("plain: %s", c.Plain)
	}
	if want := "Dana \"D\" Reyes (@dreyes), social.example (Oct. 5, 2026, 2:15 PM UTC), https://social.example/@dreyes/1 [https://web.archive.org/web/20261005141540/https://social.example/@dreyes/1]."; c.Bluebook != want {
		t.Errorf("Bluebook: %s", c.Bluebook)
	}
	var items []map[string]any
	if err := json.Unmarshal([]byte(c.CSL), &items); err != nil || len(items) != 1 || items[0]["type"] != "post" || items[0]["id"] != "S-0042" || items[0]["URL"] != "https://social.example/@dreyes/1" {
		t.Errorf("CSL-JSON: %s, %v", c.CSL, err)
	}
	s.Via, s.Parts[0].Kind, s.Parts[0].Title, s.Parts[0].URL = "The Courier", onrecord.Article, "Harbor answers", "https://courier.example/1"
	s.Parts[0].Dated, s.Summary.Quotes = false, []onrecord.Span{{End: 15}}
	c = card.CitationOf(s)
	for _, want := range []string{"as quoted by The Courier", "“Harbor answers,” courier.example", "no date"} {
		if !strings.Contains(c.Plain, want) {
			t.Errorf("%q is not in %s", want, c.Plain)
		}
	}
	s.Parts[0] = s.Parts[0].Redact()
	s.Summary.Quotes = nil
	if c = card.CitationOf(s); strings.Contains(c.Plain+c.Bluebook+c.CSL, "opened") || strings.Contains(c.CSL, "issued") {
		t.Errorf("taken out, and cited: %+v", c)
	}
}
