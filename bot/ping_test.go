package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
)

// ringing is a wall whose notes say whom they call.
type ringing struct{ *wall }

func (r ringing) Send(ctx context.Context, to notifiers.Target, m notifiers.Message, key string) (notifiers.Receipt, error) {
	if to.Reader == "gone" {
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Permanent, Scope: notifiers.OneReader, Err: errors.New("left the server")}
	}
	var b struct{ Text string }
	if err := json.Unmarshal(m.Body, &b); err != nil {
		return notifiers.Receipt{}, err
	}
	if to.Reader != "" {
		m, err := bodyOf(map[string]string{"text": fmt.Sprintf("to %s calling %q silent %v", to.Reader, m.Ping.Reader, m.Ping.Silent)})
		if err != nil {
			return notifiers.Receipt{}, err
		}
		return r.wall.Send(ctx, to, m, key)
	}
	if to.Topic == nil || to.Topic.Case.ID != northwind.ID || to.Topic.Kind != onrecord.NewStatement || to.Topic.Speaker == "" {
		return notifiers.Receipt{}, fmt.Errorf("the message is on %+v", to.Topic)
	}
	number, _, _ := strings.Cut(b.Text, " ")
	sound := "heard"
	if m.Ping.Silent {
		sound = "silent"
	}
	m, err := bodyOf(map[string]string{"text": fmt.Sprintf("%s %s %s", number, strings.Join(m.Ping.Roles, "+"), sound)})
	if err != nil {
		return notifiers.Receipt{}, err
	}
	return r.wall.Send(ctx, to, m, key)
}

// A role is called about what is new, not again about a case within its cooldown, also
// over a restart, not in its quiet hours, and by nothing that comes late.
func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		quiet, err := schedule.ParseHours("01:30-03:00 UTC") // the bubble begins at midnight UTC
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		w.notifier, w.every = ringing{w.wall}, time.Minute
		w.pings = []bot.Ping{
			{Role: "all", Quiet: quiet, Cooldown: 30 * time.Minute},
			{Role: "reyes", Speaker: reyes.Speaker, Quiet: quiet},
			{Role: "another case", Case: "another"},
		}
		n := 0
		say := func(account string, after time.Duration) {
			n++
			w.square.say(onrecord.Post{ID: fmt.Sprint(n), Account: account, Text: said(n), Created: time.Now()})
			w.sleep(after)
		}
		down := func(int) error {
			return &notifiers.Error{Outcome: notifiers.Retry, Free: true, Err: errors.New("down")}
		}
		w.start()
		w.sleep(2 * time.Minute)
		say(account.ID, 10*time.Minute)             // calls
		say(account.ID, 2*time.Minute)              // too soon
		say(reyes.ID, 2*time.Minute)                // too soon for all, but not for hers
		w.halt()                                    // 00:16
		w.start()                                   //
		say(account.ID, 20*time.Minute)             // still too soon
		say(account.ID, 70*time.Minute)             // 00:36
		say(account.ID, 2*time.Hour)                // 01:46, quiet
		w.wall.set(func(w *wall) { w.send = down }) // 03:46
		say(account.ID, 3*time.Hour)                // nobody hears of it before it is late
		w.wall.set(func(w *wall) { w.send = nil })  //
		w.sleep(time.Hour)                          //
		say(account.ID, 10*time.Minute)             // calls
		want := []string{"S-0001 all heard", "S-0002  heard", "S-0003 reyes heard", "S-0004  heard", "S-0005 all heard", "S-0006  silent", "S-0007  heard", "S-0008 all heard"}
		if got := w.wall.texts(); !slices.Equal(got, want) {
			t.Errorf("shown:\n%s\nwant:\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), w.log.text.String())
		}
	})
}

// Who asked for it is told in person, beside the channel and once, over an end of the program;
// soon after each other and at night without a call. One who left is switched off with the
// reason, and nobody waits for them.
func TestReadersAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.notifier, w.every = ringing{w.wall}, time.Minute
		w.start() // the bubble begins at midnight UTC
		for reader, i := range map[string]bot.Interest{"ann": {Words: "+complaint", Quiet: "01:00-03:00 UTC"}, "gone": {Words: "+complaint"}, "bo": {Words: "+hiring"}} {
			i.Channel, i.Reader = w.rooms[0], notifiers.Reader{ID: reader, Name: reader}
			if err := w.database.KeepInterest(t.Context(), i); err != nil {
				t.Fatal(err)
			}
		}
		w.sleep(2 * time.Minute)
		say := func(id string, n int, after time.Duration) {
			w.square.say(onrecord.Post{ID: id, Text: said(n), Created: time.Now()})
			w.sleep(after)
		}
		say("1", 1, 3*time.Minute)
		w.halt()
		w.start()
		say("2", 2, 70*time.Minute) // too soon
		say("3", 3, 5*time.Minute)  // at night
		want := []string{"S-0001  heard", "S-0002  heard", "S-0003  heard", `to ann calling "" silent true`, `to ann calling "" silent true`, `to ann calling "ann" silent false`}
		got := w.wall.texts()
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("shown:\n%s\n%s", strings.Join(got, "\n"), w.log.text.String())
		}
		list, err := w.database.Interests(t.Context(), w.rooms[0], "gone")
		if err != nil || len(list) != 1 || !strings.Contains(list[0].Off, "left the server") {
			t.Errorf("of who left: %+v, %v", list, err)
		}
	})
}
