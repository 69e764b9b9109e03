package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
	"onrecord/statements"
)

var dana = bot.Moderator{Name: "Dana", Cases: []onrecord.Case{{ID: "c", Title: "A v. B", People: []onrecord.Person{{Name: "Ivo Lind", Role: "defendant"}, {Name: "Northwind Data", Role: "plaintiff"}}}}}

// moderator is a person at a database.
func moderator(s *store.Store) bot.Moderator {
	m := dana
	m.Queue = s
	return m
}

// shownIn has channels told of everything that is owed, and returns what they were told, oldest first.
func shownIn(t *testing.T, s *store.Store, channel string) (kinds []onrecord.NoticeKind) {
	t.Helper()
	for range 20 {
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: d.Channel + d.Subject}}))
			if d.Channel == channel {
				kinds = append(kinds, d.Kind)
				if of := d.Kind.Changes() + d.Kind.Answers(); of != "" && d.Posted.ID != d.Channel+d.Subject {
					t.Errorf("%s goes with the message %q", d.Kind, d.Posted.ID)
				}
			}
		}
	}
	return kinds
}

// A mark goes when a person says so, and only a mark.
func TestToldApart(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		first := owe(t, s)
		u, err := s.NextUnread(t.Context())
		must(t, err)
		st := statement(u)
		st.Novelty, st.Prior, st.Rewords = onrecord.Restates, first.No, &onrecord.Passage{Post: onrecord.PostID{Account: first.First().Account, ID: first.First().ID}, End: 4, Text: first.First().Text[:4]}
		_, err = s.Record(t.Context(), opens(u, onrecord.Accept, st, time.Time{}), everybody)
		must(t, err)
		shownIn(t, s, "a")
		if _, err := moderator(s).Distinguish(t.Context(), first.No, ""); !errors.Is(err, bot.ErrUnmarked) {
			t.Errorf("what bears no mark: %v", err)
		}
		channels, err := moderator(s).Distinguish(t.Context(), first.No+1, "another  drive")
		if err != nil || !slices.Equal(channels, []string{"a", "b"}) {
			t.Fatalf("told in %v, %v", channels, err)
		}
		if kinds := shownIn(t, s, "a"); !slices.Equal(kinds, []onrecord.NoticeKind{onrecord.Corrected, onrecord.Correcting}) {
			t.Errorf("told of %v", kinds)
		}
		must(t, s.Close())
		s = open(t, where)
		list, err := s.OnRecord(t.Context(), "", -1)
		must(t, err)
		got := list[len(list)-1]
		if got.No != first.No+1 {
			got = list[0]
		}
		if got.Prior != 0 || got.Rewords != nil || got.Novelty != onrecord.New || !got.DistinctFrom(first.No) || got.Corrections[0].Note != "another drive" || got.Corrections[0].By != "Dana" || got.Corrections[0].At.IsZero() {
			t.Errorf("on record: %+v", got)
		}
		if _, err := moderator(s).Distinguish(t.Context(), got.No, ""); !errors.Is(err, bot.ErrUnmarked) {
			t.Errorf("a mark that is gone: %v", err)
		}
	})
}

func TestACorrectionOwesWhatItChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		first, other := owe(t, s), owe(t, s)
		if kinds := shownIn(t, s, "a"); len(kinds) != 2 {
			t.Fatalf("told of %v", kinds)
		}
		channels, err := moderator(s).Correct(t.Context(), first.No, "ivo lind", "the account  is his")
		if err != nil || !slices.Equal(channels, []string{"a", "b"}) {
			t.Fatalf("told in %v, %v", channels, err)
		}
		must(t, s.Close()) // it outlives the program
		s = open(t, where)
		list, err := s.OnRecord(t.Context(), "", -1)
		must(t, err)
		got := list[0]
		want := onrecord.Correction{No: 1, Speaker: "Ivo Lind", Role: "defendant", Was: "Northwind Data", Note: "the account is his", By: "Dana", At: got.Corrections[0].At}
		if got.Speaker != "Ivo Lind" || got.Role != "defendant" || len(got.Corrections) != 1 || got.Corrections[0] != want || want.At.IsZero() || len(list[1].Corrections) != 0 || list[1].Speaker != "Northwind Data" {
			t.Errorf("the record holds %+v", list)
		}
		if kinds := shownIn(t, s, "a"); !slices.Equal(kinds, []onrecord.NoticeKind{onrecord.Corrected, onrecord.Correcting}) {
			t.Errorf("told of %v", kinds)
		}
		_, decisions, err := s.Statement(t.Context(), first.No)
		if err != nil || len(decisions) != 1 || len(decisions[0].Corrections) != 1 || decisions[0].Corrections[0] != want {
			t.Errorf("explained by %+v, %v", decisions, err)
		}
		a, err := s.Activity(t.Context())
		if err != nil || len(a.Corrections) != 1 || a.Corrections[0].Statement != first.No || a.Corrections[0].Correction != want {
			t.Errorf("corrected lately: %+v, %v", a.Corrections, err)
		}
		for _, again := range []struct {
			number        int64
			speaker, note string
			want          error
		}{
			{first.No, "Ivo Lind", "", bot.ErrSaidAlready},
			{first.No, "", "the account is his", bot.ErrSaidAlready},
			{first.No, "", " ", bot.ErrNoReason},
			{other.No + 1, "Ivo Lind", "", nil},
			{first.No, "Nobody", "", nil},
		} {
			if _, err := moderator(s).Correct(t.Context(), again.number, again.speaker, again.note); err == nil || again.want != nil && !errors.Is(err, again.want) {
				t.Errorf("corrected with %+v: %v", again, err)
			}
		}
		if _, err := s.Correct(t.Context(), first.No, want); !errors.Is(err, bot.ErrLost) {
			t.Errorf("the same correction twice: %v", err)
		}
		if n, _ := s.Owed(t.Context()); n != 0 {
			t.Errorf("%d deliveries are owed", n)
		}

		if _, err := moderator(s).Retract(t.Context(), first.No, "it is a parody"); err != nil {
			t.Fatal(err)
		}
		if kinds := shownIn(t, s, "b"); !slices.Equal(kinds, []onrecord.NoticeKind{onrecord.Corrected, onrecord.Correcting}) {
			t.Errorf("told of %v", kinds)
		}
		if list, err = s.OnRecord(t.Context(), "", -1); err != nil || len(list) != 2 || !list[0].Withdrawn() || list[0].No != first.No || len(list[0].Corrections) != 2 {
			t.Errorf("the record holds %+v, %v", list, err)
		}
		for _, try := range []func() ([]string, error){
			func() ([]string, error) { return moderator(s).Retract(t.Context(), first.No, "again") },
			func() ([]string, error) { return moderator(s).Correct(t.Context(), first.No, "Northwind Data", "") },
		} {
			if _, err := try(); !errors.Is(err, bot.ErrWithdrawn) {
				t.Errorf("it was changed again: %v", err)
			}
		}
		if _, err := moderator(s).Retract(t.Context(), other.No, ""); !errors.Is(err, bot.ErrNoReason) {
			t.Errorf("withdrawn without a reason: %v", err)
		}
	})
}

// What is for review is accepted or rejected.
func TestOnlyTheRecordIsCorrected(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		number := number(t, s, borderline(t, s))
		if _, err := moderator(s).Retract(t.Context(), number, "why"); !errors.Is(err, bot.ErrNotOnRecord) {
			t.Errorf("withdrawn: %v", err)
		}
		if _, err := s.Correct(t.Context(), number, onrecord.Correction{No: 1, Note: "why"}); !errors.Is(err, bot.ErrNotOnRecord) {
			t.Errorf("corrected: %v", err)
		}
	})
}

// A channel that waits is not shown what was withdrawn meanwhile; one that may have been
// shown it is told.
func TestWhatWasNotShownIsNotShownAnyMore(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		st := owe(t, s)
		for _, d := range deliveries(t, s) {
			if d.Channel == "b" {
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Pending, Maybe: true, NextAt: s.Now().Add(-time.Second)}))
			}
			if d.Channel == "a" { // as if it had never been taken
				_, err := behind(t, where).ExecContext(t.Context(), "UPDATE deliveries SET state = 'pending', attempt = 0, first_at = NULL WHERE id = $1", d.ID)
				must(t, err)
			}
		}
		channels, err := moderator(s).Retract(t.Context(), st.No, "it is a parody")
		if err != nil || !slices.Equal(channels, []string{"b"}) {
			t.Fatalf("told in %v, %v", channels, err)
		}
		if kinds := shownIn(t, s, "a"); len(kinds) != 0 {
			t.Errorf("channel a is told of %v", kinds)
		}
	})
}

// A post that was compared with a statement before a person corrected that is read anew.
func TestARepetitionOfWhatWasWithdrawnMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		st := owe(t, s)
		u, err := s.NextUnread(t.Context())
		must(t, err)
		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		list[0].Mirrors = []onrecord.Mention{{Post: u.Post.Key(), Account: u.Post.Account}}
		r := statements.Reading{Post: u.Post, Findings: []statements.Finding{{
			Decision: onrecord.Decision{Case: "c", Label: onrecord.Accept}, Novelty: onrecord.Mirror, Effect: statements.Repeats{Statement: list[0], Mentioned: true},
		}}}
		if _, err := moderator(s).Correct(t.Context(), st.No, "", "a note"); err != nil {
			t.Fatal(err)
		}
		if !lost(t, s, r, everybody) {
			t.Error("it was taken for a repetition of what the statement was")
		}
		if list, err = s.Latest(t.Context(), "", -1); err != nil || len(list[0].Corrections) != 1 {
			t.Errorf("the record holds %+v, %v", list, err)
		}
		list[0].Mirrors = []onrecord.Mention{{Post: u.Post.Key(), Account: u.Post.Account}}
		r.Findings[0].Effect = statements.Repeats{Statement: list[0], Mentioned: true}
		if lost(t, s, r, everybody) {
			t.Error("it is not taken for a repetition of what the statement is")
		}
	})
}

// What a person orders again tells of the statement as it is by then.
func TestWhatIsOrderedAgainIsRenderedAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		st := owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Dead, Error: "refused"}))
		}
		if channels, err := moderator(s).Correct(t.Context(), st.No, "Ivo Lind", ""); err != nil || len(channels) != 0 {
			t.Fatalf("told in %v, %v", channels, err)
		}
		must(t, s.Resend(t.Context(), st.Number(), "a"))
		if n, ok := unrendered(t, s).Notice.(onrecord.StatementNotice); !ok || n.Statement.Speaker != "Ivo Lind" {
			t.Errorf("ordered again: %+v", n)
		}
	})
}
