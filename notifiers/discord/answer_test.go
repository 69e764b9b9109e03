package discord_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
)

func answerKey(notice string) string {
	return onrecord.DeliveryKey{Instance: "demo", Channel: target.ID, Subject: "S-0042", Notice: notice}.String()
}

// An answer hangs on the message of its statement, and on nothing where that is gone.
func TestAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		posted, err := w.send(t, suit(nil))
		if err != nil {
			t.Fatal(err)
		}
		answerer := w.notifier.(notifiers.Answerer)
		m := render(t, w, notices()["correction"])
		for range 2 { // the same delivery again
			if _, err := answerer.Answer(t.Context(), target, posted, m, answerKey("r1")); err != nil {
				t.Fatal(err)
			}
		}
		if list := w.Messages(room); len(list) != 2 || list[1].Answers != posted.ID {
			t.Fatalf("shown: %+v", list)
		}
		w.DeleteMessage(room, posted.ID)
		if _, err := answerer.Answer(t.Context(), target, posted, m, answerKey("r2")); err != nil {
			t.Fatal(err)
		}
		if list := w.Messages(room); len(list) != 2 || list[1].Answers != "" {
			t.Errorf("shown: %+v", list)
		}
		w.Deny(room, discordtest.ReadMessageHistory)
		_, err = answerer.Answer(t.Context(), target, posted, m, answerKey("r3"))
		if refused, ok := errors.AsType[*notifiers.Error](err); !ok || refused.Scope != notifiers.WholeChannel {
			t.Errorf("without the history: %v", err)
		}
	})
}

// Long after an unclear attempt the answer is found, and is not taken for the message of
// its statement, nor that for the answer.
func TestFindAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		w.SetNonceWindow(0)
		older, err := w.send(t, suit(number(41)))
		if err != nil {
			t.Fatal(err)
		}
		posted, err := w.send(t, suit(nil))
		if err != nil {
			t.Fatal(err)
		}
		since, m := time.Now(), render(t, w, notices()["withdrawal"])
		look := func(notice string, m notifiers.Message) (notifiers.Receipt, bool) {
			t.Helper()
			r, found, err := w.notifier.(notifiers.Finder).Find(t.Context(), target, notifiers.Query{Message: m, Key: answerKey(notice), Since: since, After: older})
			if err != nil {
				t.Fatal(err)
			}
			return r, found
		}
		if r, found := look("r3", m); found {
			t.Errorf("message %s is taken for an answer that was never sent", r.ID)
		}
		if err := w.notifier.(notifiers.Editor).Edit(t.Context(), target, posted, render(t, w, notices()["withdrawn"])); err != nil {
			t.Fatal(err)
		}
		answer, err := w.notifier.(notifiers.Answerer).Answer(t.Context(), target, posted, m, answerKey("r3"))
		if err != nil {
			t.Fatal(err)
		}
		if r, found := look("r3", m); !found || r != answer {
			t.Errorf("the answer %s is found as %v, %t", answer.ID, r, found)
		}
		if r, found := look("r1", render(t, w, notices()["correction"])); found {
			t.Errorf("message %s is taken for another answer", r.ID)
		}
		if r, found := look("n", render(t, w, suit(nil))); !found || r != posted {
			t.Errorf("the statement's message %s is found as %v, %t", posted.ID, r, found)
		}
	})
}
