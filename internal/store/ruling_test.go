package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

// borderline reviews the oldest unread post into a statement that waits for a person.
func borderline(t *testing.T, s *store.Store) int64 {
	t.Helper()
	u, err := s.NextUnread(t.Context())
	must(t, err)
	st := statement(u)
	st.Lane = onrecord.ForReview
	must(t, s.Record(t.Context(), bot.Reading{Post: u.Post, Speaker: account.Speaker, Known: u.State, State: json.RawMessage(`{"posts":` + u.Post.ID + `}`), Decisions: []bot.Judged{{
		Decision: onrecord.Decision{Case: "c", Verdict: onrecord.Review}, Statement: st, Notice: onrecord.NewStatement,
	}}}, forReaders))
	return st.ID
}

// forReaders owes what is on the record alone.
func forReaders(n onrecord.Notice) []bot.Due {
	if n.Statement.Lane != onrecord.Record {
		return nil
	}
	return render(n)
}

func TestAPersonAcceptsAndRejects(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		yes, no := borderline(t, s), borderline(t, s)
		if list, err := s.Waiting(t.Context()); err != nil || len(list) != 2 || list[0].ID != yes {
			t.Fatalf("waiting: %+v, %v", list, err)
		}
		must(t, s.Rule(t.Context(), yes, onrecord.Accept, "Dana"))
		must(t, s.Rule(t.Context(), no, onrecord.Reject, "Dana"))
		for _, id := range []int64{yes, 99} {
			if err := s.Rule(t.Context(), id, onrecord.Reject, "Dana"); !errors.Is(err, bot.ErrNotWaiting) {
				t.Errorf("a verdict on %d: %v", id, err)
			}
		}
		if list, err := s.Waiting(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("still waiting: %+v, %v", list, err)
		}
		must(t, s.Close()) // what was decided outlives the program
		s = open(t, where)

		r, err := s.NextRuling(t.Context())
		must(t, err)
		if r == nil || r.Statement.ID != yes || r.Verdict != onrecord.Accept || string(r.State) != `{"posts":2}` {
			t.Fatalf("the first verdict is %+v", r)
		}
		stale := *r
		stale.State = json.RawMessage(`{"posts":1}`)
		if err := s.FollowRuling(t.Context(), stale, json.RawMessage(`{}`), forReaders); !errors.Is(err, bot.ErrLost) {
			t.Errorf("what a post taught was overwritten: %v", err)
		}
		must(t, s.FollowRuling(t.Context(), *r, json.RawMessage(`{"taught":1}`), forReaders))
		if err := s.FollowRuling(t.Context(), *r, json.RawMessage(`{}`), forReaders); !errors.Is(err, bot.ErrLost) {
			t.Errorf("followed twice: %v", err)
		}
		if n, _ := s.Owed(t.Context()); n != 2 {
			t.Errorf("%d deliveries owed, want one for each channel", n)
		}
		r, err = s.NextRuling(t.Context())
		must(t, err)
		if r == nil || r.Statement.ID != no || string(r.State) != `{"taught":1}` {
			t.Fatalf("the second verdict is %+v", r)
		}
		must(t, s.FollowRuling(t.Context(), *r, json.RawMessage(`{"taught":2}`), forReaders))
		if r, err := s.NextRuling(t.Context()); r != nil || err != nil {
			t.Errorf("a third verdict: %+v, %v", r, err)
		}
		list, err := s.Latest(t.Context(), "", 10)
		must(t, err)
		if len(list) != 2 || list[1].Lane != onrecord.Record || list[1].ID <= no || list[0].ID != no {
			t.Errorf("the record holds %+v", list)
		}
		for id, want := range map[int64]onrecord.Verdict{yes: onrecord.Accept, no: onrecord.Reject, list[1].ID: onrecord.Accept} {
			if _, es, err := s.Statement(t.Context(), id); err != nil || len(es) != 1 || es[0].Ruling != want || es[0].RuledBy != "Dana" || es[0].Ruled.IsZero() {
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
		must(t, s.Record(t.Context(), bot.Reading{Post: u.Post, Speaker: account.ID, Decisions: []bot.Judged{{
			Decision: onrecord.Decision{Case: "c", Verdict: onrecord.Review}, Statement: st, Notice: onrecord.NewStatement,
		}}}, forReaders))
		if err := s.Rule(t.Context(), st.ID, onrecord.Accept, "Dana"); !errors.Is(err, bot.ErrNobodyNamed) {
			t.Errorf("accepted: %v", err)
		}
		if r, err := s.NextRuling(t.Context()); r != nil || err != nil {
			t.Errorf("a refused verdict is followed: %+v, %v", r, err)
		}
		if list, err := s.Waiting(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("waiting: %+v, %v", list, err)
		}
		must(t, s.Rule(t.Context(), st.ID, onrecord.Reject, "Dana"))
	})
}

// A post that was judged before a person taught the matcher is judged anew.
func TestAVerdictIsNotForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		must(t, s.Rule(t.Context(), borderline(t, s), onrecord.Reject, "Dana"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		r, err := s.NextRuling(t.Context())
		must(t, err)
		must(t, s.FollowRuling(t.Context(), *r, json.RawMessage(`{"taught":1}`), forReaders))
		reading := bot.Reading{Post: u.Post, Speaker: account.Speaker, Known: u.State, State: json.RawMessage(`{"posts":2}`)}
		if err := s.Record(t.Context(), reading, forReaders); !errors.Is(err, bot.ErrLost) {
			t.Fatalf("a reading from before the verdict was stored: %v", err)
		}
		if u, err = s.NextUnread(t.Context()); err != nil || u == nil || string(u.State) != `{"taught":1}` {
			t.Fatalf("the post is read again with %+v, %v", u, err)
		}
		reading.Known = u.State
		must(t, s.Record(t.Context(), reading, forReaders))
	})
}
