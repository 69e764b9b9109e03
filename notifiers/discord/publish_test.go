package discord_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store/storetest"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
)

const news = "1180000000000000012"

// newNewsroom is a desk whose readers are an announcement channel.
func newNewsroom(t *testing.T) *desk {
	today()
	d := &desk{bench: world(t), t: t, path: storetest.SQLite(t), publish: true}
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

// Of thirty statements within an hour as many are published as may be, and the rest is told
// in one digest, which is published; no message waits for that, nothing is told twice
// whenever the program ends, and Discord refuses none.
func TestPublicationsKeepTheLimit(t *testing.T) {
	for name, tc := range map[string]struct {
		every  time.Duration
		single int // published a moment later
	}{"at once": {0, 8}, "all the hour": {2 * time.Minute, 11}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newNewsroom(t)
				lost := d.Break(discordtest.Rule{Method: http.MethodPost, Route: "/channels/{c}/messages/{m}/crosspost", Nth: 9, Fault: discordtest.BadGateway})
				for i := range 30 {
					d.say(i)
					time.Sleep(tc.every)
				}
				time.Sleep(5 * time.Minute)
				if published, messages := d.publications(); published != tc.single || messages != 30 {
					t.Errorf("%d of %d messages are published", published, messages)
				}
				for range 8 {
					d.halt()
					d.start()
					time.Sleep(7 * time.Minute)
				}
				at := d.Crossposts(news)
				for i := range at {
					if i >= 9 && at[i].Sub(at[i-9]) < time.Hour {
						t.Errorf("ten were published within %s", at[i].Sub(at[i-9]))
					}
				}
				told := map[string]int{}
				var digests []string
				for _, m := range d.Messages(news) {
					if strings.Contains(m.Content, "D-0001") || strings.Contains(m.Content, "D-0002") {
						digests = append(digests, m.Content)
						for _, number := range regexp.MustCompile(`\[S-\d+\]`).FindAllString(m.Embeds[0].Description, -1) {
							told[strings.Trim(number, "[]")]++
						}
						if !m.Published {
							t.Errorf("%q is not published", m.Content)
						}
					} else if m.Published {
						told[regexp.MustCompile(`S-\d+`).FindString(m.Content)]++
					}
				}
				if len(digests) != 1 || len(told) != 30 {
					t.Errorf("%d digests; told: %v", len(digests), told)
				}
				for number, times := range told {
					if times != 1 {
						t.Errorf("%s is told %d times", number, times)
					}
				}
				if refused := d.Requests(http.MethodPost, "/channels/{c}/messages/{m}/crosspost") - len(at); lost() != 1 || refused != 1 { // the lost one was asked for again
					t.Errorf("lost %d, refused %d", lost(), refused)
				}
			})
		})
	}
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
