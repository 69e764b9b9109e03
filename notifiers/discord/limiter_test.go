package discord_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
)

// A full bucket is never overdrawn: what is told in headers is enough.
func TestKeepsBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.SetLimit(5, 1500*time.Millisecond)
		start := time.Now()
		for i := range 20 {
			if _, err := w.send(t, suit(func(s *onrecord.Statement) { s.No = int64(i + 1) })); err != nil {
				t.Fatal(err)
			}
		}
		if n := w.Requests("POST", messages); n != 20 || len(w.Messages(room)) != 20 {
			t.Errorf("%d requests for %d messages, want 20 for 20", n, len(w.Messages(room)))
		}
		if took := time.Since(start); took != 4500*time.Millisecond {
			t.Errorf("took %s, want three waits of 1.5 s", took)
		}
	})
}

// A longer wait goes back to the caller with its end.
func TestLongWaitGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.SetLimit(1, 5*time.Second)
		if _, err := w.send(t, suit(nil)); err != nil {
			t.Fatal(err)
		}
		_, err := w.send(t, suit(func(s *onrecord.Statement) { s.No = 43 }))
		check(t, err, retry, delivery, 5*time.Second)
		var told *notifiers.Error
		if errors.As(err, &told); !told.Free {
			t.Error("a rate limit counts as an attempt")
		}
	})
}

// Channels do not wait for each other, and one channel's requests do not overlap.
func TestBucketsAreOfChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.SetLimit(1, 2*time.Second)
		start := time.Now()
		var all sync.WaitGroup
		for i := range 5 {
			c := fmt.Sprintf("11900000000000000%02d", i)
			w.AddChannel(c, discordtest.Text, "")
			all.Go(func() {
				for _, number := range []string{"S-0001", "S-0002"} {
					if _, err := w.notifier.Send(t.Context(), notifiers.Target{ID: c, Address: c}, render(t, w, suit(nil)), notifiertest.Key(c, number, "n")); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %s, want one wait of 2 s for all channels together", took)
		}
	})
}

func TestWaitHonoursContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.SetLimit(1, 2*time.Second)
		if _, err := w.send(t, suit(nil)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := w.notifier.Send(ctx, target, render(t, w, suit(nil)), key("S-0043"))
		check(t, err, retry, delivery, 0)
		if took := time.Since(start); took != 100*time.Millisecond {
			t.Errorf("returned after %s, want 100 ms", took)
		}
	})
}

// Refusals are counted, and everything stops long before Discord bans us.
func TestStopsBeforeBan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		fired := w.Break(discordtest.Rule{Fault: discordtest.Refuse, Status: 403, Code: 50013})
		start := time.Now()
		for range 1200 {
			if _, err := w.send(t, suit(nil)); err == nil {
				t.Fatal("sent")
			}
			time.Sleep(time.Millisecond)
		}
		if fired() != 1000 {
			t.Errorf("%d refused requests, want a stop at 1000", fired())
		}
		_, err := w.send(t, suit(nil))
		check(t, err, retry, place, time.Until(start.Add(10*time.Minute)))
		w.Mend()
		time.Sleep(10 * time.Minute)
		if _, err := w.send(t, suit(nil)); err != nil {
			t.Errorf("ten minutes later: %v", err)
		}
	})
}

// A request whose answer is lost was counted by Discord all the same.
func TestLostAnswersCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.SetLimit(2, 1500*time.Millisecond)
		if _, err := w.send(t, suit(nil)); err != nil {
			t.Fatal(err)
		}
		fired := w.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: "POST", Nth: 1})
		if _, err := w.send(t, suit(number(43))); err == nil || fired() != 1 {
			t.Fatal("the answer was not lost")
		}
		if _, err := w.send(t, suit(number(44))); err != nil || w.Requests("POST", messages) != 3 {
			t.Errorf("error %v after %d requests, want a wait and three", err, w.Requests("POST", messages))
		}
	})
}
