package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// place answers pulls as a test says.
type place func(a onrecord.Account, c sources.Cursor) (sources.Page, error)

func (p place) Pull(_ context.Context, a onrecord.Account, c sources.Cursor) (sources.Page, error) {
	return p(a, c)
}

// Every account is read once, a page after the other, some side by side; what is
// wrong with one is told and holds up none.
func TestTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		var asked, most atomic.Int64
		s := bot.Scout{Sources: map[string]sources.Source{"x": place(func(a onrecord.Account, c sources.Cursor) (sources.Page, error) {
			most.Store(max(most.Load(), asked.Add(1)))
			defer asked.Add(-1)
			time.Sleep(time.Second)
			switch {
			case a.Backfill != 48*time.Hour:
				return sources.Page{}, errors.New("not asked for what was wanted")
			case a.ID == "x:gone":
				return sources.Page{}, &sources.Error{Trouble: sources.Gone, Err: errors.New("nothing is there")}
			case a.ID == "x:broken":
				panic("a decoder broke")
			case c == "":
				return sources.Page{Posts: []onrecord.Post{{ID: "1", Created: now.Add(-2 * time.Hour), Dated: true}}, Next: "1", More: true}, nil
			}
			return sources.Page{Posts: []onrecord.Post{{ID: "2", Created: now.Add(-time.Hour), Dated: true}, {ID: "3", Created: now}}, Warnings: []string{"slow"}}, nil
		})}}
		for i := range 30 {
			s.Accounts = append(s.Accounts, onrecord.Account{ID: fmt.Sprintf("x:%d", i), Source: "x"})
		}
		s.Accounts = append(s.Accounts, onrecord.Account{ID: "x:gone", Source: "x"}, onrecord.Account{ID: "x:broken", Source: "x"}, onrecord.Account{ID: "y:1", Source: "y"})
		told := 0
		s.Told = func(done, of int) {
			if told++; done != told || of != 33 {
				t.Errorf("told %d of %d at number %d", done, of, told)
			}
		}
		trials := s.Try(t.Context(), 48*time.Hour)
		if told != 33 || most.Load() > 8 {
			t.Errorf("told %d times; %d at once", told, most.Load())
		}
		if one := trials[7]; one.Account != "x:7" || one.Seen != 3 || !one.Newest.Equal(now.Add(-time.Hour)) || one.Trouble != "" || !slices.Equal(one.Warnings, []string{"slow"}) {
			t.Errorf("one account: %+v", one)
		}
		for i, want := range map[int]sources.Trouble{30: sources.Gone, 31: sources.Nonsense, 32: sources.Denied} {
			if got := trials[i]; got.Trouble != want || got.Error == "" {
				t.Errorf("%s: %q, %q; want %q", got.Account, got.Trouble, got.Error, want)
			}
		}
	})
}

// A preview sorts decisions by what readers would have seen, and counts what each
// term of the case was in.
func TestPreview(t *testing.T) {
	t.Parallel()
	c := onrecord.Case{
		ID: "one", Parties: []onrecord.Person{{Name: "Northwind Data", Aliases: []string{"Northwind", "River"}}, {Name: "Harbor Labs", Aliases: []string{"Harbor"}}},
		Keywords: []string{"pricing model"},
	}
	a := onrecord.Account{ID: "x:harbor", Source: "x", Speaker: "Harbor", Cases: []string{"one"}}
	now := time.Now()
	said := func(id, text string, hours int) onrecord.Post {
		return onrecord.Post{Account: a.ID, ID: id, Text: text, Created: now.Add(-time.Duration(hours) * time.Hour), Dated: true}
	}
	read := []onrecord.Post{
		said("4", "We at Harbor sail the river.", 10), said("1", "Northwind is wrong.", 20), said("2", "Northwind is still wrong.", 19),
		said("3", "The pricing model of Northwind Data.", 15), said("old", "Northwind, long ago.", 60),
	}
	stored := []onrecord.Post{said("4", "what it said before it was edited", 10), said("5", "The river again.", 9), {Account: "x:removed", ID: "6", Created: now}}
	label := map[string]onrecord.Label{"1": onrecord.Accept, "2": onrecord.Accept, "3": onrecord.Review, "4": onrecord.Reject, "5": onrecord.Reject}
	number := map[string]int64{"1": 1, "2": 1, "3": 2}
	lane := map[string]onrecord.Lane{"1": onrecord.Record, "2": onrecord.Record, "3": onrecord.ForReview}
	score := map[string]float64{"4": -5, "5": -2}
	var replayed []string
	s := bot.Scout{Cases: []onrecord.Case{c}, Accounts: []onrecord.Account{a}, Replay: func(_ context.Context, posts []onrecord.Post) (list []bot.Explanation, _ error) {
		for _, p := range posts {
			replayed = append(replayed, p.ID)
			list = append(list, bot.Explanation{Lane: lane[p.ID], StoredDecision: bot.StoredDecision{Post: p, Statement: number[p.ID], Decision: onrecord.Decision{Case: "one", Label: label[p.ID], Score: score[p.ID]}}})
		}
		return list, nil
	}}
	was := func(p onrecord.Post, l, moderation onrecord.Label) bot.StoredDecision {
		return bot.StoredDecision{Post: p, Decision: onrecord.Decision{Case: "one", Label: l}, Moderation: moderation}
	}
	decided := []bot.StoredDecision{was(read[1], onrecord.Reject, ""), was(read[2], onrecord.Accept, ""), was(read[3], onrecord.Accept, onrecord.Accept)}
	v, err := s.Preview(t.Context(), 48*time.Hour, []bot.Trial{{Account: a.ID, Posts: read}}, stored, decided)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"1", "2", "3", "4", "5"}; !slices.Equal(replayed, want) || v.Posts != 5 {
		t.Errorf("%v are judged, want %v", replayed, want)
	}
	ids := func(list []bot.Explanation) (ids []string) {
		for _, e := range list {
			ids = append(ids, e.Post.ID)
		}
		return ids
	}
	if diff := cmp.Diff([][]string{{"1"}, {"3"}, {"5", "4"}}, [][]string{ids(v.Posted), ids(v.Waiting), ids(v.Rejected)}); diff != "" || v.Repeated != 1 {
		t.Errorf("%d repeated; posted, waiting and rejected (-want +got):\n%s", v.Repeated, diff)
	}
	want := []bot.TermUse{
		{Kind: "alias", Term: "River", Of: "Northwind Data", Posts: 2, Rejected: 2, Everyday: true},
		{Kind: "name", Term: "Northwind Data", Of: "Northwind Data", Posts: 1, Waiting: 1},
		{Kind: "alias", Term: "Northwind", Of: "Northwind Data", Posts: 3, Posted: 2, Waiting: 1, Alone: 2},
		{Kind: "keyword", Term: "pricing model", Posts: 1, Waiting: 1},
		{Kind: "name", Term: "Harbor Labs", Of: "Harbor Labs"},
		{Kind: "alias", Term: "Harbor", Of: "Harbor Labs", Everyday: true},
	}
	for i := range want {
		want[i].Case = "one"
		want[i].Everyday = v.Terms[min(i, len(v.Terms)-1)].Everyday // which words are is the matcher's
	}
	if diff := cmp.Diff(want, v.Terms); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	if len(v.Otherwise) != 1 || v.Otherwise[0].Was != onrecord.Reject || v.Otherwise[0].Is.Post.ID != "1" {
		t.Errorf("judged otherwise: %+v", v.Otherwise)
	}
}
