package discord_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	counters "onrecord/bot/desk"
	"onrecord/internal/beside"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
)

const private = discordtest.ViewChannel | discordtest.SendMessages | discordtest.EmbedLinks | discordtest.ReadMessageHistory | discordtest.SendMessagesInThreads | discordtest.CreatePrivateThreads

// toReader sends one reader a notice.
func toReader(t *testing.T, w bench, reader string, id int64) (notifiers.Receipt, error) {
	t.Helper()
	n := suit(number(id))
	m := render(t, w, onrecord.PersonalNotice{Statement: n.Statement, Case: n.Case})
	m.Ping = notifiers.Ping{Reader: reader}
	to := target
	to.Reader = reader
	return w.notifier.Send(t.Context(), to, m, notifiertest.Key(room+"/@"+reader, n.Statement.Number(), "p"))
}

// A reader has one private thread in a channel, whatever dies while it is made. It is opened
// again when it was archived, and holds nobody's words.
func TestOnePrivateThreadForAReader(t *testing.T) {
	spec := beside.Specification(t, "discord-openapi.json")
	const ann, bo = "1180000000000002001", "1180000000000002002"
	for _, fault := range []discordtest.Fault{"", discordtest.CutBeforeDoing, discordtest.CutAfterDoing, discordtest.CutMidBody, discordtest.BadGateway} {
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				sent := &recorder{bodies: map[string][][]byte{}, next: w.road.next}
				w.road.next = sent
				w.AddRole(discordtest.Role{ID: discordtest.BotRole, Ours: true, Permissions: private})
				if fault != "" {
					fired := w.Break(discordtest.Rule{Fault: fault, Method: "POST", Route: "/channels/{c}/threads", Nth: 1})
					if _, err := toReader(t, w, ann, 1); err == nil || fired() != 1 {
						t.Fatalf("the first attempt: %v, the fault happened %d times", err, fired())
					}
				}
				time.Sleep(10 * time.Minute)
				for id := range int64(3) {
					w = w.again(t) // it is killed each time
					if _, err := toReader(t, w, ann, id+1); err != nil {
						t.Fatal(err)
					}
					w.Archive(w.Threads(room)[0].ID, false)
					if _, err := toReader(t, w, bo, id+1); err != nil {
						t.Fatal(err)
					}
				}
				r, err := toReader(t, w, ann, 9)
				if err != nil {
					t.Fatal(err)
				}
				threads := w.Threads(room)
				if len(threads) != 2 || !slices.Contains(threads[0].Readers, ann) || slices.Contains(threads[0].Readers, bo) || threads[0].Archived {
					t.Fatalf("threads %+v", threads)
				}
				shown := w.Messages(threads[0].ID)
				if len(shown) != 4 || r.ID != threads[0].ID+"/"+shown[3].ID || strings.Contains(shown[0].Text(), "pricing model") || !strings.Contains(shown[0].Text(), "S-0001") {
					t.Errorf("receipt %v, shown %d: %q", r, len(shown), shown[0].Text())
				}
				if pings := w.Pings(); len(pings) != 7 || pings[0] != "user "+ann || pings[1] != "user "+bo {
					t.Errorf("called %v", pings)
				}
				to := target
				to.Reader = ann
				q := notifiers.Query{Key: notifiertest.Key(room+"/@"+ann, "S-0009", "p"), Since: time.Now().Add(-time.Minute)}
				if found, is, err := w.again(t).notifier.(notifiers.Finder).Find(t.Context(), to, q); err != nil || !is || found != r {
					t.Errorf("found %v, %v, %v", found, is, err)
				}
				if len(w.Messages(room)) != 0 {
					t.Error("the channel shows what is for one reader")
				}
				follows(t, spec, sent, map[string]string{"POST threads": "CreateTextThreadWithoutMessageRequest"})
			})
		})
	}
}

// wishes are kept in memory.
type wishes struct{ list []bot.Interest }

func (w *wishes) KeepInterest(_ context.Context, i bot.Interest) error {
	w.list = append(w.list, i)
	return nil
}

func (w *wishes) Interests(context.Context, string, string) ([]bot.Interest, error) {
	return w.list, nil
}

func (w *wishes) DropInterests(context.Context, string, string) error {
	w.list = nil
	return nil
}

// past is a record of statements.
type past struct {
	bot.Record
	list []onrecord.Statement
}

func (p past) Stretch(_ context.Context, what bot.Stretch) (found []onrecord.Statement, err error) {
	for _, s := range p.list {
		if s.No > what.Above {
			found = append(found, s)
		}
	}
	return found, nil
}

func (past) Fates(context.Context, onrecord.Statement) ([]onrecord.Fate, error) { return nil, nil }

// questions are kept in memory, too.
type questions map[string]string

func (q questions) Ask(_ context.Context, question string) (string, error) {
	q["one"] = question
	return "one", nil
}
func (q questions) Asked(_ context.Context, name string) (string, error) { return q[name], nil }

// Somebody is shown how often it would have called them, and what the bot lacks, before what
// they ask for is saved; it is theirs alone.
func TestNotifyAdd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := answering(t)
		kept, record := &wishes{}, past{}
		for id := range int64(3) {
			s := suit(number(id + 1)).Statement
			s.Seen = time.Now().Add(-time.Duration(id+1) * time.Hour)
			record.list = append(record.list, s)
		}
		channels := []bot.Channel{{Target: notifiers.Target{ID: "newsroom", Address: room, Lane: onrecord.Record}, Notifier: c.notifier, Cases: []string{northwind.ID}}}
		c.stop()
		c.desk.Commands = counters.Commands(counters.Setup{Visitor: bot.Visitor{Cases: []onrecord.Case{docketed}, Record: record}, Channels: func() []bot.Channel { return channels }, Interests: kept, Questions: questions{}, Place: "Discord", Now: time.Now})
		c.serve(t)
		c.ready(t, time.Second)
		bo := discordtest.Member{ID: "1180000000000002002", Name: "Bo"}
		call := func(called discordtest.Called) (*discordtest.Call, string) {
			t.Helper()
			called.Channel = room
			if called.By.ID == "" {
				called.By = ann
			}
			made := c.Call(called)
			m := made.Answer(10 * time.Second)
			if m == nil {
				t.Fatalf("no answer\n%s", c.log)
			}
			time.Sleep(5 * time.Second) // as slow as people are
			return made, discordtest.Unescape(m.Content)
		}
		add := func(values map[string]string) (*discordtest.Call, string) {
			t.Helper()
			return call(discordtest.Called{Command: "notify add", Values: values})
		}
		wanted := map[string]string{"words": "+suit -hiring", "speaker": "northwind", "quiet": "22:00-07:00 Europe/Berlin"}
		if _, got := add(wanted); !strings.Contains(got, "Nothing was saved: the bot lacks Create Private Threads") {
			t.Errorf("without the right: %q", got)
		}
		c.AddRole(discordtest.Role{ID: discordtest.BotRole, Ours: true, Permissions: private})
		for _, wrong := range []map[string]string{{}, {"words": "-hiring"}, {"words": "+"}, {"words": "+suit", "quiet": "at night"}, {"speaker": "nobody"}} {
			if made, got := add(wrong); len(made.Buttons()) > 0 {
				t.Errorf("%v can be saved: %q", wrong, got)
			}
		}
		shown, got := add(wanted)
		if !strings.Contains(got, "This would have called you ") || !strings.Contains(got, "in the last 30 days: what Northwind Data says with “+suit -hiring”, without a call between 22:00-07:00 Europe/Berlin") || len(kept.list) != 0 {
			t.Errorf("shown: %q, saved %+v", got, kept.list)
		}
		save := shown.Buttons()["Save"].CustomID
		if _, got := call(discordtest.Called{By: bo, Press: save, On: shown}); len(kept.list) != 0 {
			t.Errorf("somebody else saves it: %q", got)
		}
		if _, got := call(discordtest.Called{Press: save, On: shown}); len(kept.list) != 1 || kept.list[0].Reader.ID != ann.ID || kept.list[0].Speaker != "Northwind Data" || !strings.HasPrefix(got, "Saved: ") {
			t.Errorf("saved %+v: %q", kept.list, got)
		}
		if list, got := call(discordtest.Called{Command: "notify list"}); !strings.Contains(list.Answer(time.Second).Text(), "+suit -hiring") {
			t.Errorf("listed: %q", got)
		}
		if _, got := call(discordtest.Called{Command: "notify off"}); len(kept.list) != 0 || !strings.Contains(got, "one wish is forgotten") {
			t.Errorf("left %+v: %q", kept.list, got)
		}
	})
}

// One who left is told nothing any more, and others are.
func TestReadersLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ann, bo = "1180000000000002001", "1180000000000002002"
		w := world(t)
		w.AddRole(discordtest.Role{ID: discordtest.BotRole, Ours: true, Permissions: private})
		if _, err := toReader(t, w, ann, 1); err != nil {
			t.Fatal(err)
		}
		w.Leave(ann)
		_, err := toReader(t, w, ann, 2)
		if failed, ok := errors.AsType[*notifiers.Error](err); !ok || failed.Scope != notifiers.OneReader || failed.Outcome != notifiers.Permanent {
			t.Errorf("one who left: %v", err)
		}
		if _, err := toReader(t, w, bo, 2); err != nil {
			t.Error(err)
		}
		prober, to := w.notifier.(notifiers.Prober), target
		to.Reader = bo
		if err := prober.Probe(t.Context(), to); err != nil {
			t.Error(err)
		}
		w.Deny(room, discordtest.CreatePrivateThreads)
		if err := prober.Probe(t.Context(), to); err == nil || !strings.Contains(err.Error(), "lacks Create Private Threads") {
			t.Errorf("probed: %v", err)
		}
	})
}
