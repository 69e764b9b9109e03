package discord_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
)

const news = "1180000000000000012"

// newNewsroom is a desk whose readers are an announcement channel.
func newNewsroom(t *testing.T) *desk {
	today()
	d := &desk{bench: world(t), t: t, path: t.TempDir() + "/test.db", publish: true}
	d.AddChannel(second, discordtest.Text, "")
	d.AddChannel(news, discordtest.Announcement, "")
	d.start()
	t.Cleanup(d.halt)
	time.Sleep(time.Minute) // the baseline
	return d
}

// publications of the channel, of so many messages.
func (d *desk) publications() (published, messages int) {
	for _, m := range d.Messages(news) {
		if messages++; m.Published {
			published++
		}
	}
	return published, messages
}

// What becomes of a publication costs neither the message nor a second one, and the other
// way round.
func TestPublication(t *testing.T) {
	for name, rule := range map[string]discordtest.Rule{
		"at once":           {},
		"500 after it":      {Fault: discordtest.BadGateway},
		"the answer lost":   {Fault: discordtest.CutAfterDoing},
		"500 before it":     {Fault: discordtest.ServerError},
		"told to wait":      {Fault: discordtest.LimitedUser, RetryAfter: 90},
		"refused, later on": refusal(http.StatusForbidden, 50013),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newNewsroom(t)
				fired := func() int { return 1 }
				if rule.Fault != "" {
					rule.Method, rule.Route, rule.Nth = http.MethodPost, "/channels/{c}/messages/{m}/crosspost", 1
					fired = d.Break(rule)
				}
				d.say(1)
				time.Sleep(2 * time.Minute)
				d.halt()
				d.start()
				d.say(2)
				time.Sleep(time.Hour)
				if published, messages := d.publications(); fired() != 1 || published != 2 || messages != 2 || len(d.Crossposts(news)) != 2 {
					t.Errorf("the fault fired %d times; %d of %d messages are published, by %d publications", fired(), published, messages, len(d.Crossposts(news)))
				}
				s, err := d.database.Status(t.Context())
				if err != nil || s.Settled["news"]["sent"] != 2 || s.Settled["news/publish"]["sent"] != 2 {
					t.Errorf("settled: %v, %v", s.Settled, err)
				}
			})
		})
	}
}

// More than nine an hour wait, and no message waits for them; none is refused by Discord.
func TestPublicationsKeepTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newNewsroom(t)
		for i := range 25 {
			d.say(i)
		}
		time.Sleep(10 * time.Minute)
		if published, messages := d.publications(); published != 9 || messages != 25 {
			t.Fatalf("%d of %d messages are published", published, messages)
		}
		time.Sleep(3 * time.Hour)
		at := d.Crossposts(news)
		for i := range at {
			if i >= 9 && at[i].Sub(at[i-9]) < time.Hour {
				t.Errorf("ten were published within %s", at[i].Sub(at[i-9]))
			}
		}
		if published, _ := d.publications(); published != 25 || d.Requests(http.MethodPost, "/channels/{c}/messages/{m}/crosspost") != 25 {
			t.Errorf("%d are published", published)
		}
	})
}

// What was withdrawn is published no more.
func TestWhatWasWithdrawnIsNotPublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newNewsroom(t)
		for i := range 10 {
			d.say(i)
		}
		time.Sleep(10 * time.Minute)
		if _, err := (bot.Moderator{Queue: d.database, Name: "Ada"}).Retract(t.Context(), 10, "a parody"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		if published, _ := d.publications(); published != 9 {
			t.Errorf("%d are published", published)
		}
	})
}

// Only announcement channels publish, and that is found before anything is.
func TestOnlyAnnouncementsArePublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		w.AddChannel(news, discordtest.Announcement, "")
		prober := w.notifier.(notifiers.Prober)
		if err := prober.Probe(t.Context(), notifiers.Target{ID: "news/publish", Address: news, Lane: onrecord.Published}); err != nil {
			t.Error(err)
		}
		err := prober.Probe(t.Context(), notifiers.Target{ID: "readers/publish", Address: room, Lane: onrecord.Published})
		if refused, ok := errors.AsType[*notifiers.Error](err); !ok || refused.Scope != notifiers.WholeChannel {
			t.Errorf("a text channel: %v", err)
		}
		posted, err := w.send(t, suit(nil))
		if err != nil {
			t.Fatal(err)
		}
		err = w.notifier.(notifiers.Publisher).Publish(t.Context(), target, posted)
		if refused, ok := errors.AsType[*notifiers.Error](err); !ok || refused.Scope != notifiers.WholeChannel {
			t.Errorf("published from a text channel: %v", err)
		}
	})
}
