package bot_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements"
)

// A borderline statement that a person finds to be no repetition is put on the record as new,
// with who decided; one that is marked to repeat nothing is not to be called different.
func TestNotTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.reader = marking{statements.NewReader([]onrecord.Case{northwind})}
		w.start()
		w.sleep(time.Minute)
		for i, text := range []string{"1 no mark", "2 marked", "3 marked"} {
			w.square.say(onrecord.Post{ID: strconv.Itoa(i + 1), Text: text})
			w.sleep(time.Minute)
		}
		dana := bot.Moderator{Queue: w.database, Name: "Dana"}
		waiting, err := w.database.Waiting(t.Context())
		if err != nil || len(waiting) != 3 {
			t.Fatalf("%d wait, %v", len(waiting), err)
		}
		if err := dana.Moderate(t.Context(), waiting[0].No, onrecord.Distinct); !errors.Is(err, bot.ErrUnmarked) {
			t.Errorf("without a mark: %v", err)
		}
		if err := dana.Moderate(t.Context(), waiting[1].No, onrecord.Distinct); err != nil {
			t.Fatal(err)
		}
		if err := dana.Moderate(t.Context(), waiting[2].No, onrecord.Accept); err != nil {
			t.Fatal(err)
		}
		w.sleep(time.Minute)
		list, err := w.database.Latest(t.Context(), "", -1)
		list = slices.DeleteFunc(list, func(s onrecord.Statement) bool { return s.Lane != onrecord.Record })
		if err != nil || len(list) != 2 {
			t.Fatalf("on the record: %+v, %v", list, err)
		}
		for _, s := range list {
			_, decisions, err := w.database.Statement(t.Context(), s.No)
			if again := strings.HasPrefix(s.First().Text, "3"); err != nil || s.Again() != again || len(decisions) == 0 || !decisions[0].Moderation.Accepts() || decisions[0].ModeratedBy != "Dana" || again == (decisions[0].Moderation == onrecord.Distinct) {
				t.Errorf("on the record: %+v, decided %+v, %v", s, decisions, err)
			}
		}
	})
}

// marking takes every post for a borderline statement, which may be marked to repeat S-0001.
type marking struct{ *statements.Reader }

func (marking) Read(ctx context.Context, p onrecord.Post, a onrecord.Account, k statements.Known, ask statements.Asker) (statements.Reading, error) {
	r, err := believer{}.Read(ctx, p, a, k, ask)
	opens := r.Findings[0].Effect.(statements.Opens)
	if opens.Statement.Lane = onrecord.ForReview; strings.Contains(p.Text, " marked") {
		opens.Statement.Novelty, opens.Statement.Prior = onrecord.Restates, 1
	}
	r.Findings[0].Label, r.Findings[0].Effect = onrecord.Review, opens
	return r, err
}

// What a person accepts is delivered once, under the next number, whether the
// program runs at that time or dies after it; what one rejects is not.
func TestAPersonsVerdictIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		// A keyword alone leaves it open whether the case is meant.
		w.square.say(onrecord.Post{ID: "1", Text: "Our pricing model changes again next spring, as announced in the shop."})
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "2", Text: "A personal drive with more room for photographs ships in autumn."})
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "4", Text: said(4)})
		w.sleep(time.Minute)
		waiting, err := w.database.Waiting(t.Context())
		if err != nil || len(waiting) == 0 {
			t.Fatalf("%d statements wait for a person: the test proves nothing (%v)", len(waiting), err)
		}
		before := w.wall.texts()
		if err := w.database.Moderate(t.Context(), waiting[0].ID, onrecord.Accept, "Dana"); err != nil {
			t.Fatal(err)
		}
		for _, s := range waiting[1:] {
			if err := w.database.Moderate(t.Context(), s.ID, onrecord.Reject, "Dana"); err != nil {
				t.Fatal(err)
			}
		}
		w.sleep(time.Minute)
		w.halt()
		w.start()
		w.sleep(time.Minute)
		after := w.wall.texts()
		if len(after) != len(before)+1 || len(before) == 0 || after[len(before)-1][:6] >= after[len(before)][:6] {
			t.Errorf("delivered %q, then %q: want one more, with a higher number", before, after)
		}
		list, err := w.database.Latest(t.Context(), "", 1)
		if err != nil || list[0].Lane != onrecord.Record || !strings.HasPrefix(list[0].First().Text, waiting[0].First().Text) {
			t.Errorf("the newest statement is %+v, %v", list, err)
		}
	})
}
