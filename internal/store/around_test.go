package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// What stands around a post is its thread, and what the account published in the time
// before it; of each the newest, oldest first.
func TestAround(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		at := func(p onrecord.Post, ago time.Duration, thread string) onrecord.Post {
			p.Created, p.Thread = time.Now().Add(-ago), thread
			return p
		}
		posts := []onrecord.Post{at(post("old"), 9*time.Hour, "")}
		for i := range 10 {
			posts = append(posts, at(post(fmt.Sprint("s", i)), time.Hour-time.Duration(i)*time.Minute, ""))
		}
		posts = append(posts, at(post("part"), 30*time.Hour, "t"), at(post("this"), time.Minute, "t"), at(post("next"), 0, "t"), at(post("later"), 0, ""))
		arrive(t, s, posts...)
		this := posts[12]
		thread, before, err := s.Around(t.Context(), this, this.Created.Add(-6*time.Hour))
		must(t, err)
		if !slices.Equal(ids(thread), []string{"part", "next"}) || !slices.Equal(ids(before), []string{"s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"}) {
			t.Errorf("its thread is %q, before it came %q", ids(thread), ids(before))
		}
		thread, before, err = s.Around(t.Context(), posts[0], posts[0].Created.Add(-6*time.Hour))
		if must(t, err); len(thread)+len(before) != 0 {
			t.Errorf("around the first stand %q and %q", ids(thread), ids(before))
		}
		owe(t, s)
		next, err := s.NextInLine(t.Context(), 3)
		if must(t, err); !slices.Equal(ids(next), []string{"s0", "s1", "s2"}) {
			t.Errorf("next in line are %q", ids(next))
		}
	})
}

func ids(posts []onrecord.Post) (list []string) {
	for _, p := range posts {
		list = append(list, p.ID)
	}
	return list
}

// Of a quiet statement nobody is told, and it waits for a person like any other.
func TestQuiet(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		u := nextIs(t, s, "1")
		st := statement(u)
		st.Lane, st.Quiet = onrecord.ForReview, true
		r := opens(u, onrecord.Review, st, time.Time{})
		r.Findings[0].Quiet, r.Findings[0].Without = true, onrecord.Review
		r.Findings[0].Opinion = &onrecord.Opinion{OnCase: onrecord.No, Confidence: onrecord.High, Model: "m"}
		recorded(t, s, r, everybody)
		if due, err := claimed(t.Context(), s, lease, 9); err != nil || len(due) != 0 {
			t.Errorf("owed: %+v, %v", due, err)
		}
		must(t, s.Close())
		s = open(t, where)
		waiting, err := s.Waiting(t.Context())
		if must(t, err); len(waiting) != 1 || !waiting[0].Quiet || waiting[0].No == 0 {
			t.Errorf("waiting: %+v", waiting)
		}
		status, err := s.Status(t.Context())
		if must(t, err); status.Waiting != 1 || status.Quiet != 1 || len(status.Reasons(time.Now())) != 0 || len(status.Notes()) != 1 || !strings.Contains(status.Notes()[0], "no channel was told of 1") {
			t.Errorf("%d wait, %d quietly: %q, %q", status.Waiting, status.Quiet, status.Reasons(time.Now()), status.Notes())
		}
		entries, err := s.Decisions(t.Context())
		must(t, err)
		if d := entries[0].Decision; !d.Quiet || d.Without != onrecord.Review || d.Opinion == nil || *d.Opinion != *r.Findings[0].Opinion {
			t.Errorf("decided: %+v", d)
		}
	})
}

func TestFiled(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		var posts []onrecord.Post
		for i := range 6 {
			p := post(fmt.Sprint("entry-", i))
			p.Created = time.Date(2026, 10, 6-i, 0, 0, 0, 0, time.UTC)
			posts = append(posts, p)
		}
		arrive(t, s, posts...)
		filed, err := s.Filed(t.Context(), []string{posts[0].Account, "nobody"}, posts[4].Created, posts[1].Created)
		if must(t, err); !slices.Equal(ids(filed), []string{"entry-4", "entry-3", "entry-2", "entry-1"}) {
			t.Errorf("filed were %q", ids(filed))
		}
	})
}

// What was there before an account was watched is not newly filed, and nothing is twice.
func TestFiledSince(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		c := claim(t, s)
		_, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: post("entry-0"), Baseline: true}, {Post: post("entry-1")}}, "1", lease)
		must(t, err)
		from, now := s.Now().Add(-time.Hour), s.Now().Add(time.Millisecond)
		filed, err := s.FiledSince(t.Context(), []string{account.ID, "nobody"}, from, now)
		if must(t, err); !slices.Equal(ids(filed), []string{"entry-1"}) {
			t.Errorf("newly filed were %q", ids(filed))
		}
		for _, other := range [][2]time.Time{{from.Add(-time.Hour), from}, {now, now.Add(time.Hour)}} {
			if filed, err := s.FiledSince(t.Context(), []string{account.ID}, other[0], other[1]); err != nil || len(filed) > 0 {
				t.Errorf("from %s: %q, %v", other[0], ids(filed), err)
			}
		}
	})
}

// An account is hurried unless it is in trouble: then it waits as it would.
func TestHurry(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("first"))
		account := post("first").Account
		later := time.Now().Add(time.Hour)
		finish := func(trouble sources.Trouble) {
			claims, err := s.ClaimDue(t.Context(), time.Minute, 10)
			must(t, err)
			for _, c := range claims {
				must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: later, Trouble: trouble}))
			}
		}
		finish("")
		for _, c := range []struct {
			hurried string
			trouble sources.Trouble
			due     int
		}{{"nobody", "", 0}, {account, "", 1}, {account, sources.Limited, 0}} {
			must(t, s.Hurry(t.Context(), c.hurried))
			claims, err := s.ClaimDue(t.Context(), time.Minute, 10)
			if must(t, err); len(claims) != c.due {
				t.Errorf("%s is hurried: %d accounts are due, want %d", c.hurried, len(claims), c.due)
			}
			for _, claim := range claims {
				must(t, s.FinishPull(t.Context(), claim, bot.PullResult{NextAt: later, Trouble: sources.Limited}))
			}
		}
	})
}
