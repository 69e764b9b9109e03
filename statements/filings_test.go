package statements_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements"
)

// What weighs is told entry by entry, in the order of its days, with who filed it as a fact;
// the rest is told by what it is, the most frequent first.
func TestFilings(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	filed := func(n int, title, filer string, at time.Time) (list []onrecord.Post) {
		for i := range n {
			list = append(list, onrecord.Post{Kind: onrecord.Filing, ID: fmt.Sprint(title, i), Title: title, Text: title, URL: "https://court.example/" + fmt.Sprint(i), Author: onrecord.Author{Name: filer}, Created: at, Dated: true})
		}
		return list
	}
	var all []onrecord.Post
	all = append(all, filed(3, "NOTICE of Appearance", "Harbor Labs", day)...)
	all = append(all, filed(21, "MOTION for leave to appear in Pro Hac Vice", "Harbor Labs", day)...)
	all = append(all, filed(1, "ORDER on the Motion to Dismiss", "", day.Add(24*time.Hour))...)
	all = append(all, filed(1, "MOTION to Dismiss", "Harbor Labs", day)...)
	all = append(all, filed(2, "Letter", "Northwind Data", day)...)
	all = append(all, onrecord.Post{Kind: onrecord.Article, Title: "ORDER of another kind"})
	want := onrecord.Filings{
		Case: "nh",
		Entries: []onrecord.FiledEntry{
			{What: "MOTION to Dismiss", Filer: "Harbor Labs", On: day, URL: "https://court.example/0"},
			{What: "ORDER on the Motion to Dismiss", On: day.Add(24 * time.Hour), URL: "https://court.example/0"},
		},
		Folded: []onrecord.Folded{{What: "pro hac vice", Count: 21}, {What: "appearance", Count: 3}, {What: "other", Count: 2}},
	}
	if got := statements.Filings("nh", all); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	many := statements.Filings("nh", filed(40, "ORDER on the Motion to Dismiss", "", day))
	if len(many.Entries) != 12 || len(many.Folded) != 1 || many.Folded[0].Count != 28 {
		t.Errorf("of forty entries: %d, %+v", len(many.Entries), many.Folded)
	}
}
