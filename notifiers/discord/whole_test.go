package discord_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/beside"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
	"onrecord/statements/card"
)

// threading is what a bot is invited with.
const threading = discordtest.ViewChannel | discordtest.SendMessages | discordtest.EmbedLinks | discordtest.AttachFiles | discordtest.ReadMessageHistory | discordtest.CreatePublicThreads | discordtest.SendMessagesInThreads

// spoken is a thread that is too long for a card; the words of some posts were taken out.
func spoken(without ...int) onrecord.StatementNotice {
	return suit(func(s *onrecord.Statement) {
		s.Parts = nil
		for i := range 14 {
			p := post(fmt.Sprint(300+i), fmt.Sprintf("On day %d we wrote to Harbor Labs again, and asked for the pricing model that left with our engineer. We told @harborlabs what the audit had found, and named the drive. Nobody answered, by letter or by phone. Our customers trusted us with that work, and we owe it to them to see it returned.", i+1))
			if slices.Contains(without, i) {
				p = p.Redact()
			}
			s.Parts = append(s.Parts, p)
		}
		if len(without) == 0 {
			s.Summary.Quotes = []onrecord.Span{{Part: 2, Start: 0, End: 33}}
		}
	})
}

func wholeKey(part int) string {
	return notifiertest.Key(room+"/thread", "S-0042", fmt.Sprintf("t%d", part))
}

// wholes are the parts of a statement, rendered as they follow one another.
func wholes(t *testing.T, w bench, n onrecord.StatementNotice) (list []notifiers.Message) {
	t.Helper()
	for more := render(t, w, n).More; more; more = list[len(list)-1].More {
		list = append(list, render(t, w, onrecord.WholeNotice{Statement: n.Statement, Case: n.Case, Part: len(list) + 1}))
		if len(list) > 60 {
			t.Fatal("it has no end")
		}
	}
	return list
}

// All that was said is in the parts, as it was said, however long and whatever it is; each
// is a message that Discord takes.
func TestWhatIsTooLongIsToldInFull(t *testing.T) {
	t.Parallel()
	w := world(t)
	family := strings.Repeat("👩‍👩‍👧‍👦\u200d", 400) // one character, to a reader
	for name, texts := range map[string][]string{
		"a thread":           {long, long, long + "!", "x", strings.Repeat(long+" ", 2), long + "?", long, long},
		"a long post":        {strings.Repeat(long+"\n\n", 20)},
		"no spaces":          {strings.Repeat("@*", 4000), "x"},
		"one character":      {family, long},
		"many lines":         {strings.Repeat("1. a\n", 900), "# b"},
		"mentions and marks": {attack, strings.Repeat(attack+"\n", 30)},
	} {
		n := suit(func(s *onrecord.Statement) {
			s.Parts = nil
			for i, text := range texts {
				s.Parts = append(s.Parts, post(fmt.Sprint(i), text))
			}
		})
		list, got := wholes(t, w, n), ""
		if len(list) == 0 {
			t.Errorf("%s: nothing goes on below it", name)
		}
		for i, m := range list {
			checkBody(t, name, onrecord.WholeNotice{Statement: n.Statement, Part: i + 1}, m.Body)
			b, _ := discordtest.Check(m.Body)
			if head, _, _ := strings.Cut(b.Content, "\n"); head != fmt.Sprintf("-# In full · S-0042, part %d", i+1) {
				t.Errorf("%s: part %d begins %q", name, i+1, head)
			}
			for line := range strings.Lines(b.Content) {
				if text, ok := strings.CutPrefix(line, "> "); ok {
					got += discordtest.Unescape(text)
				}
			}
		}
		want := ""
		for _, text := range texts {
			want += card.Clean(text)
		}
		bare := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u200b", "")), "") }
		if bare(got) != bare(want) {
			t.Errorf("%s: a reader sees\n%q\nof what was said:\n%q", name, bare(got), bare(want))
		}
	}
}

// Only what has no room is told again: not what a card shows, nor what is not the speaker's, or
// waits for a person.
func TestWhatFitsIsNotToldTwice(t *testing.T) {
	t.Parallel()
	w := world(t)
	for name, n := range notices() {
		m := render(t, w, n)
		if want := slices.Contains([]string{"long thread", "thread in part", "clipped", "whole", "whole goes on"}, name); m.More != want {
			t.Errorf("%s: more %v, want %v", name, m.More, want)
		}
	}
	article, review := spoken(), spoken()
	article.Statement.Parts[0].Kind = onrecord.Article
	review.Statement.Lane = onrecord.ForReview
	for name, n := range map[string]onrecord.StatementNotice{"an article": article, "for review": review, "a longer post": suit(func(s *onrecord.Statement) { s.Parts[0].Text = strings.Repeat(long+" ", 4) })} {
		if render(t, w, n).More {
			t.Errorf("%s is told in full", name)
		}
	}
	// Where a card of components has no room and an embed has, only the former goes on.
	close := suit(func(s *onrecord.Statement) {
		s.Parts = slices.Repeat([]onrecord.Post{post("1", strings.Repeat("word ", 85))}, 6)
		s.Mirrors = slices.Repeat([]onrecord.Mention{{Source: "feed", URL: "https://northwind.example/news/" + strings.Repeat("harbor-", 8), At: said}}, 8)
	})
	if render(t, w, close).More || !render(t, w.inCards(t), close).More {
		t.Errorf("an embed goes on: %v, a card: %v", render(t, w, close).More, render(t, w.inCards(t), close).More)
	}
	endless := suit(func(s *onrecord.Statement) { s.Parts = slices.Repeat([]onrecord.Post{post("1", long)}, 400) })
	for part, more := range map[int]bool{49: true, 50: false} {
		if m := render(t, w, onrecord.WholeNotice{Statement: endless.Statement, Part: part}); m.More != more || more == strings.Contains(string(m.Body), "The rest is at the source") {
			t.Errorf("part %d of a thread without end: more %v\n%s", part, m.More, m.Body)
		}
	}
}

// The parts stand in one thread below the message, in order and once, whatever dies in
// between, and Discord takes what is sent.
func TestBelow(t *testing.T) {
	spec := beside.Specification(t, "discord-openapi.json")
	for name, c := range map[string]struct {
		route string
		fault discordtest.Fault
		nth   int
	}{
		"all goes well":             {},
		"thread, lost before":       {"/channels/{c}/messages/{m}/threads", discordtest.CutBeforeDoing, 1},
		"thread, answer lost":       {"/channels/{c}/messages/{m}/threads", discordtest.CutAfterDoing, 1},
		"thread, 502 after":         {"/channels/{c}/messages/{m}/threads", discordtest.BadGateway, 1},
		"first part, answer lost":   {"/channels/{c}/messages", discordtest.CutAfterDoing, 3},
		"second part, answer lost":  {"/channels/{c}/messages", discordtest.CutAfterDoing, 4},
		"second part, lost before":  {"/channels/{c}/messages", discordtest.CutBeforeDoing, 4},
		"second part, 502 after":    {"/channels/{c}/messages", discordtest.BadGateway, 4},
		"second part, answer cut":   {"/channels/{c}/messages", discordtest.CutMidBody, 4},
		"looking into an empty one": {"/channels/{c}/messages", discordtest.CutBeforeDoing, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				w.SetRole(discordtest.BotRole, threading, true)
				sent := &recorder{bodies: map[string][][]byte{}, next: w.road.next}
				w.road.next = sent
				fired := func() int { return 1 }
				if c.fault != "" {
					fired = w.Break(discordtest.Rule{Fault: c.fault, Method: "POST", Route: c.route, Nth: c.nth})
				}
				n := spoken()
				above, err := w.notifier.Send(t.Context(), target, render(t, w, n), key("S-0042"))
				if err != nil {
					t.Fatal(err)
				}
				parts := wholes(t, w, n)
				for i, m := range parts {
					began := time.Now()
					for try := 0; ; try++ {
						if try > 0 { // another process, when no nonce is known any more
							time.Sleep(10 * time.Minute)
							w = w.again(t)
							_, found, err := w.notifier.(notifiers.Finder).Find(t.Context(), target, notifiers.Query{Message: m, Key: wholeKey(i + 1), Since: began, Below: above})
							if err != nil {
								t.Fatal(err)
							}
							if found {
								break
							}
						}
						r, err := w.notifier.(notifiers.Threader).Below(t.Context(), target, above, m, wholeKey(i+1))
						if err == nil && !strings.HasPrefix(r.ID, above.ID+"/") {
							t.Errorf("part %d is at %q", i+1, r.ID)
						}
						if err == nil || try > 2 {
							break
						}
					}
				}
				threads := w.Threads(room)
				if len(threads) != 1 || threads[0].ID != above.ID || threads[0].Name != "S-0042 · in full" || len(w.Messages(room)) != 1 {
					t.Fatalf("threads %+v beside %d messages", threads, len(w.Messages(room)))
				}
				shown := w.Messages(threads[0].ID)
				if len(shown) != len(parts) || len(parts) < 3 || fired() == 0 {
					t.Fatalf("%d of %d parts are shown; the fault happened %d times", len(shown), len(parts), fired())
				}
				for i, m := range shown {
					if !strings.Contains(m.Content, fmt.Sprintf("S-0042, part %d\n", i+1)) {
						t.Errorf("at place %d is %q", i+1, m.Content)
					}
				}
				if pings := w.Pings(); len(pings) > 0 {
					t.Errorf("notified %v", pings)
				}
				if c.fault != "" {
					return
				}
				follows(t, spec, sent, map[string]string{"POST threads": "CreateTextThreadWithMessageRequest", "POST messages": "MessageCreateRequest"})
			})
		})
	}
}

// What people do with the thread, the message or the channel is theirs to do.
func TestBelowWhatPeopleChanged(t *testing.T) {
	const other = "1180000000000000060"
	for name, c := range map[string]struct {
		kind    int
		change  func(w bench, message string) // after the first part
		shown   int                           // parts, in the thread or in the channel
		gone    bool                          // the second has no receipt
		outcome notifiers.Outcome
		scope   notifiers.Scope
	}{
		"archived":               {discordtest.Text, func(w bench, m string) { w.Archive(m, false) }, 2, false, "", ""},
		"locked":                 {discordtest.Text, func(w bench, m string) { w.Archive(m, true) }, 1, false, notifiers.Permanent, notifiers.OneDelivery},
		"thread deleted":         {discordtest.Text, func(w bench, m string) { w.DeleteChannel(m) }, 0, true, "", ""},
		"both deleted":           {discordtest.Text, func(w bench, m string) { w.DeleteChannel(m); w.DeleteMessage(other, m) }, 0, true, "", ""},
		"no right to write":      {discordtest.Text, func(w bench, _ string) { w.Deny(other, discordtest.SendMessagesInThreads) }, 1, false, notifiers.Permanent, notifiers.WholeChannel},
		"no right to make it":    {discordtest.Text, nil, 0, false, notifiers.Permanent, notifiers.WholeChannel},
		"an announcement":        {discordtest.Announcement, func(bench, string) {}, 2, false, "", ""},
		"no place for a thread":  {discordtest.PublicThread, func(bench, string) {}, 2, false, "", ""},
		"as many as may be open": {discordtest.Text, nil, 0, false, notifiers.Retry, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				parent := ""
				if c.kind == discordtest.PublicThread {
					parent = room
				}
				w.AddChannel(other, c.kind, parent)
				w.SetRole(discordtest.BotRole, threading, true)
				to := notifiers.Target{ID: "other", Address: other, Lane: onrecord.Unabridged}
				n := spoken()
				above, err := w.notifier.Send(t.Context(), to, render(t, w, n), key("S-0042"))
				if err != nil {
					t.Fatal(err)
				}
				threader := w.notifier.(notifiers.Threader)
				parts := wholes(t, w, n)
				switch {
				case c.change == nil && c.outcome == notifiers.Retry:
					w.Break(discordtest.Rule{Fault: discordtest.Refuse, Status: 400, Code: 160006, Method: "POST", Route: "/channels/{c}/messages/{m}/threads"})
				case c.change == nil:
					w.Deny(other, discordtest.CreatePublicThreads)
				}
				_, err = threader.Below(t.Context(), to, above, parts[0], wholeKey(1))
				if c.change != nil {
					if err != nil {
						t.Fatal(err)
					}
					c.change(w, above.ID)
				}
				var second notifiers.Receipt
				if c.change != nil {
					for range 2 { // what is archived is opened for the next attempt
						if second, err = threader.Below(t.Context(), to, above, parts[1], wholeKey(2)); err == nil {
							break
						}
					}
				}
				var failed *notifiers.Error
				if errors.As(err, &failed) != (c.outcome != "") || failed != nil && (failed.Outcome != c.outcome || failed.Scope != c.scope) {
					t.Errorf("it came to %+v", err)
				}
				if err == nil && (second.ID == "") != c.gone {
					t.Errorf("receipt %q", second.ID)
				}
				shown := len(w.Messages(above.ID))
				if c.kind == discordtest.PublicThread {
					list := w.Messages(other)
					if shown = len(list) - 1; list[1].Answers != above.ID {
						t.Error("it answers nothing")
					}
				}
				if shown != c.shown {
					t.Errorf("%d parts are shown, want %d", shown, c.shown)
				}
				// A probe agrees, and says what is missing.
				if probed := w.notifier.(notifiers.Prober).Probe(t.Context(), to); (probed != nil) != (c.scope == notifiers.WholeChannel) || probed != nil && !strings.Contains(probed.Error(), "Threads (for what is too long for a message)") {
					t.Errorf("the probe says %v", probed)
				}
			})
		})
	}
}
