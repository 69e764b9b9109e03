package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/statements"
)

// part is a post of the thread "t".
func part(id string) onrecord.Post {
	p := post(id)
	p.Thread = "t"
	return p
}

// reading is what review makes of an unread post: with no statement it is rejected.
// An accepted one has the decisions near it judged again that were not accepted.
func reading(u *bot.Unread, v onrecord.Label, st *onrecord.Statement) statements.Reading {
	if st == nil {
		return statements.Reading{Post: u.Post, Again: u.Known.Before != nil, Findings: []statements.Finding{{
			Decision: onrecord.Decision{Case: "c", Label: v, Reasons: []onrecord.Reason{{Name: "n"}}}, Effect: statements.Nothing{},
		}}}
	}
	r := opens(u, v, st, time.Now().Add(time.Minute))
	if st.ID != 0 {
		r = joins(u, v, *st, time.Now().Add(time.Minute))
	}
	for _, n := range u.Known.Nearby {
		if v == onrecord.Accept && n.Label != onrecord.Accept && !n.Moderated && n.Seen.After(u.Known.Seen.Add(-statements.RecordWindow)) {
			r.Findings[0].Reread = append(r.Findings[0].Reread, n.Post)
		}
	}
	return r
}

// joins is a reading that makes a post a part of a held statement.
func joins(u *bot.Unread, v onrecord.Label, st onrecord.Statement, release time.Time) statements.Reading {
	r := opens(u, v, &st, release)
	r.Findings[0].Effect = statements.Joins{Statement: st, Hold: statements.Hold{Parts: release}}
	return r
}

// moves takes a post out of a statement on its way to where a reading puts it.
func moves(r statements.Reading, from onrecord.Statement) statements.Reading {
	r.Findings[0].Effect = statements.Moves{From: from, To: r.Findings[0].Effect}
	return r
}

func nextIs(t *testing.T, s *store.Store, id string) *bot.Unread {
	t.Helper()
	u, err := s.NextUnread(t.Context())
	for try := 0; u == nil && err == nil && try < 200; try++ { // what a replica held that has gone is free within a second
		time.Sleep(10 * time.Millisecond)
		u, err = s.NextUnread(t.Context())
	}
	must(t, err)
	if u == nil || u.Post.ID != id {
		t.Fatalf("unread is %+v, want post %s", u, id)
	}
	return u
}

func read(t *testing.T, s *store.Store, u *bot.Unread, v onrecord.Label, st *onrecord.Statement) {
	t.Helper()
	if id := recorded(t, s, reading(u, v, st), everybody); st != nil {
		st.ID = id
	}
}

func allRead(t *testing.T, s *store.Store) {
	t.Helper()
	if u, err := s.NextUnread(t.Context()); u != nil || err != nil {
		t.Fatalf("unread is %+v, %v", u, err)
	}
}

// Accepting a part makes the earlier ones unread that were not accepted, in the
// same transaction: whatever dies in between, each is judged again, and once.
func TestEarlierPartsAreJudgedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		other := post("9")
		other.Thread = "another"
		old := part("0")
		arrive(t, s, old, other, part("1"), part("2"), part("3"), part("4"))
		read(t, s, nextIs(t, s, "0"), onrecord.Reject, nil)
		read(t, s, nextIs(t, s, "9"), onrecord.Reject, nil)
		read(t, s, nextIs(t, s, "1"), onrecord.Reject, nil)
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE posts SET seen_at = seen_at - 2592000001 WHERE id = '0'") // older than thirty days
		must(t, err)
		u := nextIs(t, s, "2")
		doubted := statement(u)
		doubted.Lane = onrecord.ForReview
		read(t, s, u, onrecord.Review, doubted)

		u = nextIs(t, s, "3")
		st := statement(u)
		must(t, s.Close()) // dies before it is stored: nothing was made unread
		s = open(t, where)
		u = nextIs(t, s, "3")
		if u.Known.Before != nil {
			t.Fatalf("a post read for the first time is %+v", u)
		}
		read(t, s, u, onrecord.Accept, st)
		must(t, s.Close()) // and after
		s = open(t, where)

		u = nextIs(t, s, "1")
		if len(u.Known.Before) != 1 || u.Known.Before[0].Case != "c" || u.Known.Before[0].Label != onrecord.Reject || u.Known.Before[0].Statement != nil || !slices.Equal(u.Known.Thread, []string{"c"}) {
			t.Fatalf("judged again: %+v", u)
		}
		if len(u.Known.Held) != 2 || u.Known.Held[1].ID != st.ID {
			t.Fatalf("held statements: %+v", u.Known.Held)
		}
		must(t, s.Close()) // dies before what came of it is stored
		s = open(t, where)
		u = nextIs(t, s, "1")
		joined := u.Known.Held[1]
		joined.Parts = append([]onrecord.Post{u.Post}, joined.Parts...)
		read(t, s, u, onrecord.Accept, &joined)

		u = nextIs(t, s, "2")
		if len(u.Known.Before) != 1 || u.Known.Before[0].Label != onrecord.Review || u.Known.Before[0].Statement == nil || u.Known.Before[0].Statement.ID != doubted.ID {
			t.Fatalf("judged again: %+v", u)
		}
		_, err = s.Record(t.Context(), statements.Reading{Post: u.Post, Again: true}, everybody) // it stays in review
		must(t, err)
		u = nextIs(t, s, "4")
		read(t, s, u, onrecord.Accept, statement(u)) // nothing is judged a third time
		allRead(t, s)

		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		if len(list) != 3 || len(list[1].Parts) != 2 || list[1].First().ID != "1" {
			t.Errorf("statements: %+v", list)
		}
		entries, err := s.ByURL(t.Context(), "")
		must(t, err)
		verdicts := map[string]onrecord.Label{}
		for _, e := range entries {
			verdicts[e.Post.ID] = e.Decision.Label
		}
		if len(entries) != 6 || verdicts["1"] != onrecord.Accept || verdicts["2"] != onrecord.Review || verdicts["0"] != onrecord.Reject || verdicts["9"] != onrecord.Reject {
			t.Errorf("decisions: %v", verdicts)
		}
	})
}

// What was in doubt and is on the record now waits for nobody, wherever its
// thread stands in the end. What a person decides meanwhile stands.
func TestABorderlineStatementMoves(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, part("1"), part("2"), part("3"), part("4"))
		u := nextIs(t, s, "1")
		doubted := statement(u)
		doubted.Lane = onrecord.ForReview
		read(t, s, u, onrecord.Review, doubted)
		u = nextIs(t, s, "2")
		doubted.Parts = append(doubted.Parts, u.Post)
		read(t, s, u, onrecord.Review, doubted)
		must(t, s.Release(t.Context(), true, everybody))
		borderline := number(t, s, doubted.ID)
		u = nextIs(t, s, "3")
		ruled := statement(u)
		ruled.Lane = onrecord.ForReview
		r := reading(u, onrecord.Review, ruled)
		r.Findings[0].Effect = statements.Opens{Statement: *ruled}
		ruled.ID = recorded(t, s, r, everybody)
		u = nextIs(t, s, "4")
		st := statement(u)
		read(t, s, u, onrecord.Accept, st)

		for _, id := range []string{"1", "2"} {
			u = nextIs(t, s, id)
			left := *u.Known.Before[0].Statement
			left.Parts = slices.DeleteFunc(slices.Clone(left.Parts), func(p onrecord.Post) bool { return p.ID == id })
			joined := u.Known.Held[slices.IndexFunc(u.Known.Held, func(o onrecord.Statement) bool { return o.ID == st.ID })]
			joined.Parts = append(joined.Parts, u.Post)
			recorded(t, s, moves(reading(u, onrecord.Accept, &joined), left), everybody)
			kept, _, err := s.Statement(t.Context(), borderline)
			must(t, err)
			if id == "1" && (len(kept.Parts) != 1 || kept.First().ID != "2") {
				t.Errorf("after the first part left: %+v", kept)
			}
		}
		u = nextIs(t, s, "3")
		elsewhere := *u.Known.Before[0].Statement
		elsewhere.ID += 100
		for range 2 {
			if !lost(t, s, moves(reading(u, onrecord.Accept, statement(u)), elsewhere), everybody) {
				t.Error("a post left a statement that is not there")
			}
			elsewhere.Parts = nil
		}
		must(t, s.Moderate(t.Context(), number(t, s, ruled.ID), onrecord.Reject, "Dana")) // while it is being judged again
		if !lost(t, s, reading(u, onrecord.Accept, statement(u)), everybody) {
			t.Error("what a person decided meanwhile was undone")
		}
		if u = nextIs(t, s, "3"); len(u.Known.Before) != 1 || !u.Known.Before[0].Moderated {
			t.Errorf("read anew: %+v", u.Known.Before)
		}
		_, err := s.Record(t.Context(), statements.Reading{Post: u.Post, Again: true}, everybody)
		must(t, err)
		allRead(t, s)

		must(t, s.Release(t.Context(), true, everybody))
		owed, err := s.Unsettled(t.Context())
		must(t, err)
		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		if len(list) != 2 || list[0].ID != ruled.ID || len(list[1].Parts) != 3 || len(owed) != 6 {
			t.Fatalf("%d deliveries owed, on the record: %+v", len(owed), list)
		}
		if _, es, err := s.Statement(t.Context(), borderline); err != nil || len(es) != 3 {
			t.Errorf("the borderline number leads to %+v, %v", es, err)
		}
		if err := s.Moderate(t.Context(), borderline, onrecord.Accept, "Dana"); !errors.Is(err, bot.ErrNotWaiting) {
			t.Errorf("a person could decide about what has moved: %v", err)
		}
		if waiting, err := s.Waiting(t.Context()); err != nil || len(waiting) != 0 {
			t.Errorf("waiting: %+v, %v", waiting, err)
		}
	})
}

// A borderline statement that still waits for its thread, and whose last post
// goes elsewhere, is never shown: nothing is left of it.
func TestAHeldStatementMoves(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, part("1"), part("2"))
		u := nextIs(t, s, "1")
		doubted := statement(u)
		doubted.Lane = onrecord.ForReview
		read(t, s, u, onrecord.Review, doubted)
		u = nextIs(t, s, "2")
		st := statement(u)
		read(t, s, u, onrecord.Accept, st)
		u = nextIs(t, s, "1")
		left := *u.Known.Before[0].Statement
		left.Parts = nil
		joined := u.Known.Held[slices.IndexFunc(u.Known.Held, func(o onrecord.Statement) bool { return o.ID == st.ID })]
		joined.Parts = append(joined.Parts, u.Post)
		recorded(t, s, moves(reading(u, onrecord.Accept, &joined), left), everybody)

		must(t, s.Release(t.Context(), true, everybody))
		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		aside, err := s.SetAside(t.Context())
		must(t, err)
		if len(list) != 1 || list[0].ID != st.ID || list[0].No != 1 || len(list[0].Parts) != 2 || len(aside) != 0 {
			t.Errorf("on the record: %+v; set aside: %+v", list, aside)
		}
	})
}

// Judging again leaves what is known of the speaker alone.
func TestJudgingAgainTeachesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, part("1"), part("2"), part("3"))
		r := reading(nextIs(t, s, "1"), onrecord.Reject, nil)
		r.ProfileKey, r.Learned = account.Speaker, learned(statements.Profile{}, 1)
		recorded(t, s, r, everybody)
		u := nextIs(t, s, "2")
		r = reading(u, onrecord.Accept, statement(u))
		r.ProfileKey, r.Learned = account.Speaker, learned(u.Known.Profile, 2)
		recorded(t, s, r, everybody)
		u = nextIs(t, s, "1")
		read(t, s, u, onrecord.Accept, statement(u))
		if u = nextIs(t, s, "3"); u.Known.Profile.Posts != 2 {
			t.Errorf("the speaker is known by %+v", u.Known.Profile)
		}
	})
}
