package store_test

import (
	"errors"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/statements"
)

// borderline reviews the oldest unread post into a statement that waits for a person.
func borderline(t *testing.T, s *store.Store) int64 {
	t.Helper()
	u, err := s.NextUnread(t.Context())
	must(t, err)
	st := statement(u)
	st.Lane = onrecord.ForReview
	r := opens(u, onrecord.Review, st, time.Time{})
	r.ProfileKey, r.Learned = account.Speaker, learned(u.Known.Profile, u.Known.Profile.Posts+1)
	return recorded(t, s, r, readers)
}

// learned is a profile after so many posts, to be stored over another.
func learned(over statements.Profile, posts float64) *statements.Profile {
	over.Posts = posts
	return &over
}

// follow stores what follows from a ruling, which teaches a number of posts.
func follow(t *testing.T, s *store.Store, r statements.Moderation, posts float64) error {
	t.Helper()
	follows := statements.NewReader(nil).Moderate(r)
	follows.Learned = *learned(r.Profile, posts)
	return s.FollowModeration(t.Context(), r, follows, readers)
}

func TestAPersonAcceptsAndRejects(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		yes, no := borderline(t, s), borderline(t, s)
		if list, err := s.Waiting(t.Context()); err != nil || len(list) != 2 || list[0].ID != yes {
			t.Fatalf("waiting: %+v, %v", list, err)
		}
		must(t, s.Moderate(t.Context(), yes, onrecord.Accept, "Dana"))
		must(t, s.Moderate(t.Context(), no, onrecord.Reject, "Dana"))
		for _, id := range []int64{yes, 99} {
			if err := s.Moderate(t.Context(), id, onrecord.Reject, "Dana"); !errors.Is(err, bot.ErrNotWaiting) {
				t.Errorf("a verdict on %d: %v", id, err)
			}
		}
		if list, err := s.Waiting(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("still waiting: %+v, %v", list, err)
		}
		must(t, s.Close()) // what was decided outlives the program
		s = open(t, where)

		r, err := s.NextModeration(t.Context())
		must(t, err)
		if r == nil || r.Statement.ID != yes || r.Label != onrecord.Accept || r.Profile.Posts != 2 {
			t.Fatalf("the first verdict is %+v", r)
		}
		stale := *r
		stale.Profile.Version--
		if err := follow(t, s, stale, 0); !errors.Is(err, bot.ErrLost) {
			t.Errorf("what a post taught was overwritten: %v", err)
		}
		must(t, follow(t, s, *r, 11))
		if err := follow(t, s, *r, 0); !errors.Is(err, bot.ErrLost) {
			t.Errorf("followed twice: %v", err)
		}
		if n, _ := s.Owed(t.Context()); n != 2 {
			t.Errorf("%d deliveries owed, want one for each channel", n)
		}
		r, err = s.NextModeration(t.Context())
		must(t, err)
		if r == nil || r.Statement.ID != no || r.Profile.Posts != 11 {
			t.Fatalf("the second verdict is %+v", r)
		}
		must(t, follow(t, s, *r, 12))
		if r, err := s.NextModeration(t.Context()); r != nil || err != nil {
			t.Errorf("a third verdict: %+v, %v", r, err)
		}
		list, err := s.Latest(t.Context(), "", 10)
		must(t, err)
		if len(list) != 2 || list[1].Lane != onrecord.Record || list[1].ID <= no || list[0].ID != no {
			t.Errorf("the record holds %+v", list)
		}
		for id, want := range map[int64]onrecord.Label{yes: onrecord.Accept, no: onrecord.Reject, list[1].ID: onrecord.Accept} {
			if _, es, err := s.Statement(t.Context(), id); err != nil || len(es) != 1 || es[0].Moderation != want || es[0].ModeratedBy != "Dana" || es[0].ModeratedAt.IsZero() {
				t.Errorf("statement %d: %+v, %v", id, es, err)
			}
		}
	})
}

// What an article quotes of nobody it names can be rejected and not accepted.
func TestNobodysWordsAreNotAccepted(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		st := statement(u)
		st.Lane, st.Speaker, st.Via = onrecord.ForReview, "", "courier.example"
		st.ID = recorded(t, s, opens(u, onrecord.Review, st, time.Time{}), readers)
		if err := s.Moderate(t.Context(), st.ID, onrecord.Accept, "Dana"); !errors.Is(err, bot.ErrNobodyNamed) {
			t.Errorf("accepted: %v", err)
		}
		if r, err := s.NextModeration(t.Context()); r != nil || err != nil {
			t.Errorf("a refused verdict is followed: %+v, %v", r, err)
		}
		if list, err := s.Waiting(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("waiting: %+v, %v", list, err)
		}
		must(t, s.Moderate(t.Context(), st.ID, onrecord.Reject, "Dana"))
	})
}

// A post that was judged before a person taught the matcher is judged anew.
func TestAVerdictIsNotForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		must(t, s.Moderate(t.Context(), borderline(t, s), onrecord.Reject, "Dana"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		r, err := s.NextModeration(t.Context())
		must(t, err)
		must(t, follow(t, s, *r, 11))
		reading := statements.Reading{Post: u.Post, ProfileKey: account.Speaker, Learned: learned(u.Known.Profile, 2)}
		if !lost(t, s, reading, readers) {
			t.Fatal("a reading from before the verdict was stored")
		}
		if u, err = s.NextUnread(t.Context()); err != nil || u == nil || u.Known.Profile.Posts != 11 {
			t.Fatalf("the post is read again with %+v, %v", u, err)
		}
		reading.Learned = learned(u.Known.Profile, 12)
		_, err = s.Record(t.Context(), reading, readers)
		must(t, err)
	})
}
