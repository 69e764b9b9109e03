package discord_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
)

// today leaves the bubble's first day, which is before Discord's first id.
func today() { time.Sleep(time.Until(time.Date(2026, 10, 5, 14, 0, 0, 0, time.UTC))) }

func (w bench) find(t *testing.T, number string, since time.Time, after string) (notifiers.Receipt, bool, error) {
	t.Helper()
	return w.notifier.(notifiers.Finder).Find(t.Context(), target, notifiers.Query{Key: key(number), Since: since, After: notifiers.Receipt{ID: after}})
}

func number(id int64) func(*onrecord.Statement) { return func(s *onrecord.Statement) { s.No = id } }

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		talk  int // messages of others afterwards
		spoil func(w bench, id string)
		found bool
	}{
		"at once":           {0, nil, true},
		"after much talk":   {450, nil, true},
		"embeds removed":    {3, func(w bench, id string) { w.SuppressEmbeds(room, id) }, true},
		"deleted":           {3, func(w bench, id string) { w.DeleteMessage(room, id) }, false},
		"deleted, and talk": {450, func(w bench, id string) { w.DeleteMessage(room, id) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				w.SetNonceWindow(0)
				older, err := w.send(t, suit(number(41)))
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				since := time.Now()
				if w.notifier.(notifiers.Finder).Window() > time.Minute {
					t.Error("Discord promises no more than a few minutes")
				}
				fired := w.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: "POST"})
				if _, err := w.send(t, suit(number(42))); err == nil || fired() != 1 {
					t.Fatal("the answer was not lost")
				}
				w.Mend()
				id := w.Messages(room)[1].ID
				for i := range c.talk {
					w.Say(room, fmt.Sprintf("what about S-0042 · %d", i))
				}
				if c.spoil != nil {
					c.spoil(w, id)
				}
				for _, after := range []string{older.ID, ""} {
					r, found, err := w.find(t, "S-0042", since, after)
					if err != nil || found != c.found || found && r.ID != id {
						t.Errorf("after %q: receipt %v, found %v, error %v; want %s, %v", after, r, found, err, id, c.found)
					}
				}
			})
		})
	}
}

// Messages that only look like ours are not ours.
func TestFindIsNotFooled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		old, err := w.send(t, suit(nil)) // the same statement, ordered again by a person
		if err != nil {
			t.Fatal(err)
		}
		since := time.Now()
		w.Say(room, "**Northwind Data** spoke on *Northwind Data v. Harbor Labs* · S-0042")
		for _, n := range []onrecord.StatementNotice{
			suit(func(s *onrecord.Statement) { s.No, s.Prior, s.Novelty = 43, 42, onrecord.Restates }),
			suit(func(s *onrecord.Statement) { s.No = 4200 }),
			suit(func(s *onrecord.Statement) { s.No, s.Parts[0].Text = 44, "see · S-0042 · for it" }),
		} {
			if _, err := w.send(t, n); err != nil {
				t.Fatal(err)
			}
		}
		if r, found, err := w.find(t, "S-0042", since, old.ID); err != nil || found {
			t.Errorf("found %v, error %v: none of them is it", r, err)
		}
		// A message of an older database is not ours either.
		time.Sleep(time.Hour)
		if r, found, err := w.find(t, "S-0042", time.Now(), ""); err != nil || found {
			t.Errorf("found %v, error %v: it is older than the delivery", r, err)
		}
	})
}

// After a restore numbers are given anew. What decides is the post.
func TestFindAfterNumbersWereGivenAnew(t *testing.T) {
	another := func(s *onrecord.Statement) {
		s.Parts[0].ID, s.Parts[0].URL, s.Parts[0].Text = "1143", "https://x.com/northwind/status/1143", "Ivo Lind took our pricing model to Harbor Labs."
	}
	nowhere := func(change func(*onrecord.Statement)) func(*onrecord.Statement) {
		return func(s *onrecord.Statement) {
			change(s)
			s.Parts[0].URL = ""
		}
	}
	for name, c := range map[string]struct {
		shown, wanted func(*onrecord.Statement)
		spoil         func(bench, string)
		found         bool
	}{
		"the same":                          {number(42), number(42), nil, true},
		"same number, another post":         {number(42), another, nil, false},
		"another number, the same post":     {number(57), number(42), nil, true},
		"… its embed removed":               {number(57), number(42), func(w bench, id string) { w.SuppressEmbeds(room, id) }, true},
		"another number, another post":      {func(s *onrecord.Statement) { another(s); s.No = 57 }, number(42), nil, false},
		"same number, embed removed":        {number(42), another, func(w bench, id string) { w.SuppressEmbeds(room, id) }, false},
		"one link for all, another text":    {func(s *onrecord.Statement) { s.No, s.Parts[0].Text = 57, "Ivo Lind took our pricing model." }, number(42), nil, false},
		"one link for all, same number":     {func(s *onrecord.Statement) { s.Parts[0].Text = "Ivo Lind took our pricing model." }, number(42), nil, false},
		"no links, the same":                {nowhere(number(42)), nowhere(number(42)), nil, true},
		"no links, same number, other text": {nowhere(number(42)), nowhere(another), nil, false},
		"no links, renumbered":              {nowhere(number(57)), nowhere(number(42)), nil, true},
		"another case on the same post":     {number(57), func(s *onrecord.Statement) { s.Speaker = "Ivo Lind" }, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				since := time.Now()
				shown, err := w.send(t, suit(c.shown))
				if err != nil {
					t.Fatal(err)
				}
				if c.spoil != nil {
					c.spoil(w, shown.ID)
				}
				q := notifiers.Query{Message: render(t, w, suit(c.wanted)), Key: key("S-0042"), Since: since}
				r, found, err := w.notifier.(notifiers.Finder).Find(t.Context(), target, q)
				if err != nil || found != c.found || found && r != shown {
					t.Errorf("receipt %v, found %v, error %v; want %v", r, found, err, c.found)
				}
			})
		})
	}
}

// A message that stands for one delivery stands for no other.
func TestFindGivesNoMessageTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		since := time.Now()
		shown, err := w.send(t, suit(number(42)))
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		for another, want := range map[bool]bool{true: false, false: true} {
			q := notifiers.Query{Message: render(t, w, suit(number(42))), Key: key("S-0042"), Since: since, Receipts: func(_ context.Context, r notifiers.Receipt) (bool, error) {
				asked++
				return another && r == shown, nil
			}}
			if r, found, err := w.notifier.(notifiers.Finder).Find(t.Context(), target, q); err != nil || found != want {
				t.Errorf("of another delivery: %v; receipt %v, found %v, error %v", another, r, found, err)
			}
		}
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}

// A first attempt that lies ahead of our clock was made before the clock was
// set back, nobody knows when. What it posted is older than it seems.
func TestFindAfterTheClockWasSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		r, err := w.send(t, suit(nil))
		if err != nil {
			t.Fatal(err)
		}
		w.Say(room, "hello")
		got, found, err := w.find(t, "S-0042", time.Now().Add(time.Hour), "")
		if err != nil || !found || got != r {
			t.Errorf("receipt %v, found %v, error %v; want %v", got, found, err, r)
		}
	})
}

// Without the permission the history is empty, which proves nothing.
func TestEmptyHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		if _, found, err := w.find(t, "S-0042", time.Now(), ""); err != nil || found {
			t.Errorf("a new channel: found %v, error %v; want absence, proven by the permission", found, err)
		}
		w.Say(room, "hello")
		if _, found, err := w.find(t, "S-0042", time.Now().Add(-time.Hour), ""); err != nil || found {
			t.Errorf("from its beginning: found %v, error %v; want absence", found, err)
		}
		w.Deny(room, discordtest.ReadMessageHistory)
		_, found, err := w.find(t, "S-0042", time.Now(), "")
		if found || err == nil || !strings.Contains(err.Error(), "Read Message History") {
			t.Errorf("found %v, error %v; want an error that names the permission", found, err)
		}
	})
}

// A clock that is off by ten minutes does not hide a message.
func TestFindWithSkewedClock(t *testing.T) {
	for _, skew := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			today()
			w := world(t)
			w.SetNonceWindow(0)
			w.SetSkew(skew)
			w.Break(discordtest.Rule{Fault: discordtest.BadGateway, Method: "POST"})
			since := time.Now()
			if _, err := w.send(t, suit(nil)); err == nil {
				t.Fatal("the answer was not lost")
			}
			if _, found, err := w.find(t, "S-0042", since, ""); err != nil || !found {
				t.Errorf("skew %s: found %v, error %v", skew, found, err)
			}
		})
	}
}

// The line about a gap is found by the gap's number, like a statement by its own.
func TestFindAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		w.SetNonceWindow(0)
		since := time.Now()
		w.Say(room, "where is G-0007?")
		fired := w.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: "POST"})
		if _, err := w.notifier.Send(t.Context(), target, render(t, w, gap("")), notifiertest.Key(room, "G-0007", "g")); err == nil || fired() != 1 {
			t.Fatal("the answer was not lost")
		}
		if r, found, err := w.find(t, "G-0007", since, ""); err != nil || !found || r.ID != w.Messages(room)[1].ID {
			t.Errorf("receipt %v, found %v, error %v", r, found, err)
		}
		if _, found, err := w.find(t, "G-0008", since, ""); err != nil || found {
			t.Errorf("another gap: found %v, error %v", found, err)
		}
	})
}

// What keeps Find from looking is no absence.
func TestFindFails(t *testing.T) {
	for _, fault := range allFaults {
		for _, route := range []string{messages, "/users/@me", "/channels/{c}", "/guilds/{g}/roles", "/guilds/{g}/members/{u}"} {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				fired := w.Break(discordtest.Rule{Fault: fault, Method: "GET", Route: route, Status: 403, Code: 50001, RetryAfter: 60, Delay: time.Hour})
				_, found, err := w.find(t, "S-0042", time.Now(), "")
				harmless := fault == discordtest.BadRateHeader || fault == discordtest.UnknownComponent || fault == discordtest.NumericID
				if fired() == 0 || found || err == nil && !harmless {
					t.Errorf("%s on %s: fired %d times, found %v, error %v", fault, route, fired(), found, err)
				}
			})
		}
	}
}

func TestFindGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		first := w.Say(room, "hello")
		for range 5100 {
			w.Say(room, "hello")
		}
		if _, found, err := w.find(t, "S-0042", time.Now(), first); err == nil || found {
			t.Errorf("found %v, error %v; want an error: it did not get to the end", found, err)
		}
		if _, _, err := w.notifier.(notifiers.Finder).Find(t.Context(), target, notifiers.Query{Key: "nonsense"}); err == nil {
			t.Error("a key without a subject was looked for")
		}
	})
}

// What is tried out leaves nothing behind, and says what is missing with what mends it.
func TestRehearse(t *testing.T) {
	t.Parallel()
	const most = discordtest.ViewChannel | discordtest.SendMessages | discordtest.ReadMessageHistory
	for name, c := range map[string]struct {
		change func(bench)
		wrong  string
		cured  bool // by an invitation
	}{
		"good":            {func(bench) {}, "", false},
		"never had it":    {func(w bench) { w.SetRole(discordtest.BotRole, most, true) }, "lacks Embed Links", true},
		"denied there":    {func(w bench) { w.Deny(room, discordtest.EmbedLinks) }, "lacks Embed Links (for cards): the settings of the channel deny it", false},
		"it stands there": {func(w bench) { w.Break(discordtest.Rule{Fault: discordtest.ServerError, Method: "DELETE"}) }, "take back message", false},
		"it was not taken": {func(w bench) {
			w.Break(discordtest.Rule{Fault: discordtest.Refuse, Status: 403, Code: 50013, Method: "POST"})
		}, "grant the bot", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			c.change(w)
			err := w.notifier.(notifiers.Rehearser).Rehearse(t.Context(), target)
			var told *notifiers.Error
			switch {
			case c.wrong == "" && err != nil:
				t.Error(err)
			case c.wrong == "":
				if left := w.Messages(room); len(left) > 0 || w.Requests("POST", "/channels/{c}/messages") != 1 {
					t.Errorf("%d messages are left", len(left))
				}
			case !errors.As(err, &told) || !strings.Contains(err.Error(), c.wrong) || (told.Cure != "") != c.cured || c.cured && !strings.Contains(told.Cure, "&guild_id="+discordtest.GuildID+"&permissions=309237763072&"):
				t.Errorf("error %v, cured by %q", err, told.Cure)
			}
		})
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	const thread, forum = "1180000000000000050", "1180000000000000020"
	all := uint64(discordtest.ViewChannel | discordtest.SendMessages | discordtest.EmbedLinks | discordtest.ReadMessageHistory | discordtest.SendMessagesInThreads)
	over := func(o ...discordtest.Overwrite) func(bench) {
		return func(w bench) { w.SetOverwrites(room, o...) }
	}
	const role = "1180000000000000999"
	for name, c := range map[string]struct {
		at     string
		change func(bench)
		wrong  string // in the error; "": good
		scope  notifiers.Scope
	}{
		"good":            {room, func(bench) {}, "", ""},
		"wrong token":     {room, func(w bench) { w.SetToken("another") }, "token", place},
		"no such channel": {"1180000000000000404", func(bench) {}, "gone", channel},
		"not a channel":   {"general", func(bench) {}, "digits", channel},
		"category":        {forum, func(w bench) { w.AddChannel(forum, 4, "") }, "takes no messages", channel},
		"forum":           {forum, func(w bench) { w.AddForum(forum, false) }, "", ""},
		"forum, no right": {forum, func(w bench) {
			w.AddForum(forum, false)
			w.Deny(forum, discordtest.SendMessages|discordtest.SendMessagesInThreads)
		}, "lacks Send Messages (for every message), Send Messages in Threads (for every message):", channel},
		"forum, no tag for the bot": {forum, func(w bench) {
			w.AddForum(forum, true, discordtest.Tag{ID: "1180000000000000801", Name: "solved", Moderated: true})
		}, "the forum demands a tag", channel},
		"hidden":      {room, func(w bench) { w.Deny(room, discordtest.ViewChannel) }, "View Channel", channel},
		"two missing": {room, func(w bench) { w.Deny(room, discordtest.SendMessages|discordtest.EmbedLinks) }, "lacks Send Messages (for every message), Embed Links (for cards):", channel},
		"no history":  {room, func(w bench) { w.Deny(room, discordtest.ReadMessageHistory) }, "lacks Read Message History (for answers, and to look for what may have arrived):", channel},
		"thread":      {thread, func(w bench) { w.AddChannel(thread, discordtest.PublicThread, room) }, "", ""},
		"thread, no right": {thread, func(w bench) {
			w.AddChannel(thread, discordtest.PublicThread, room)
			w.Deny(room, discordtest.SendMessagesInThreads)
		}, "Send Messages in Threads", channel},
		"thread, unneeded": {thread, func(w bench) {
			w.AddChannel(thread, discordtest.PublicThread, room)
			w.Deny(room, discordtest.SendMessages)
		}, "", ""},
		"role allows again": {room, over(discordtest.Overwrite{ID: discordtest.GuildID, Deny: all}, discordtest.Overwrite{ID: discordtest.BotRole, Allow: all}), "", ""},
		"role denies":       {room, over(discordtest.Overwrite{ID: discordtest.BotRole, Deny: discordtest.EmbedLinks}), "Embed Links", channel},
		"roles together": {room, func(w bench) {
			w.SetRole(role, 0, true)
			over(discordtest.Overwrite{ID: role, Deny: all}, discordtest.Overwrite{ID: discordtest.BotRole, Allow: all})(w)
		}, "", ""},
		"member last":    {room, over(discordtest.Overwrite{ID: discordtest.BotID, Allow: all}, discordtest.Overwrite{ID: discordtest.BotRole, Deny: all}), "", ""},
		"role of others": {room, over(discordtest.Overwrite{ID: role, Deny: all}), "", ""},
		"from everyone":  {room, func(w bench) { w.SetRole(discordtest.BotRole, 0, true); w.SetRole(discordtest.GuildID, all, true) }, "", ""},
		"administrator":  {room, func(w bench) { w.SetRole(discordtest.BotRole, discordtest.Administrator, true); w.Deny(room, all) }, "", ""},
		"bare bot":       {room, func(w bench) { w.SetRole(discordtest.BotRole, discordtest.ViewChannel, true) }, "lacks Send Messages (for every message), Embed Links (for cards), Read Message History (for answers", channel},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			c.change(w)
			err := w.notifier.(notifiers.Prober).Probe(t.Context(), notifiers.Target{ID: c.at, Address: c.at})
			var told *notifiers.Error
			switch {
			case c.wrong == "" && err != nil:
				t.Error(err)
			case c.wrong == "":
			case !errors.As(err, &told) || told.Outcome != permanent || told.Scope != c.scope || !strings.Contains(err.Error(), c.wrong):
				t.Errorf("error %v, want a permanent one of the %s with %q", err, c.scope, c.wrong)
			}
			// The probe agrees with what posting shows.
			_, sending := w.notifier.Send(t.Context(), notifiers.Target{ID: c.at, Address: c.at}, render(t, w, suit(nil)), notifiertest.Key(c.at, "S-0042", "n"))
			if c.wrong == "" && sending != nil {
				t.Errorf("the probe is content, but: %v", sending)
			}
		})
	}
}
