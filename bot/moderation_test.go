package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
)

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
