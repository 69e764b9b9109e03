package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/internal/store/storetest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/x/xtest"
)

const reviewers = "1180000000000000020"

var (
	member = discordtest.Member{ID: "1180000000000000101", Name: "Ann"}
	keeper = discordtest.Member{ID: "1180000000000000102", Name: "Bo *the* keeper", Permissions: discordtest.ManageChannels}
)

var asking atomic.Int64

// ask calls a command and returns what who asked sees.
func (e *edge) ask(t *testing.T, c discordtest.Called) (*discordtest.Call, string) {
	t.Helper()
	if c.By.ID == "" {
		c.By = member
	}
	if asking.Add(1); c.By.ID == member.ID { // somebody else each time: one person may not ask that fast
		c.By.ID = fmt.Sprint(1180000000000001000 + asking.Load())
	} else {
		defer time.Sleep(time.Second)
	}
	if c.Channel == "" {
		c.Channel = readers
	}
	call := e.gateway.Call(c)
	m := call.Answer(patience)
	if m == nil {
		t.Fatalf("%+v was not answered", c)
	}
	if !call.Private() {
		t.Errorf("everybody sees the answer to %+v", c)
	}
	return call, m.Text()
}

// What people can ask and decide on Discord, with the real program, through a kill -9.
func TestAskedOnDiscord(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); askedOnDiscord(t, newEdge(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); askedOnDiscord(t, newEdgeOn(t, storetest.Postgres(t))) })
}

func askedOnDiscord(t *testing.T, e *edge) {
	e.discord.AddChannel(reviewers, discordtest.Text, "")
	e.x.Account("harborlabs", "Harbor Labs")
	e.x.Account("northwind", "Northwind Data")
	const accounts = "accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs, schedule: \"@every 1s\"}\n  - {source: x, handle: northwind, speaker: Northwind Data, schedule: \"@every 1s\"}\n"
	config := e.config(t, fictional+accounts)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	lanes := strings.Replace(string(text), fmt.Sprintf("channel: %q}", readers), fmt.Sprintf("channel: %q, review: %q}", readers, reviewers), 1)
	if err := os.WriteFile(config, []byte(lanes), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, config)
	ready := func() { until(t, patience, "commands are heard", func() bool { return e.gateway.Sessions() == 1 }) }
	until(t, patience, "both accounts are watched", func() bool { return watched(e.status(t), 2) })
	const doubtful = "Statement 900: he left with a personal drive."
	e.x.Post("northwind", xtest.Post{Text: doubtful})
	until(t, patience, "the post is borderline", func() bool { return len(e.discord.Messages(reviewers)) == 1 })
	for i := range 12 {
		e.x.Post("harborlabs", xtest.Post{Text: saying(i)})
	}
	until(t, patience, "everything is delivered", func() bool { return len(e.discord.Messages(readers)) == 12 && e.idle(t) })
	ready()

	list, shown := e.ask(t, discordtest.Called{Command: "statements", Values: map[string]string{"by": "harbor labs", "text": "exhibit", "case": "northwind-v-harbor"}})
	if strings.Count(shown, "S-00") != 5 || !strings.Contains(shown, "Covers 2 accounts since ") || !strings.Contains(shown, "1 waits for a person") {
		t.Errorf("the first page:\n%s", shown)
	}
	newest := shown
	older := list.Buttons()["Older ▶"]
	if newer := list.Buttons()["◀ Newer"]; !newer.Disabled || older.Disabled || len(older.CustomID) > 100 {
		t.Errorf("buttons %+v", list.Buttons())
	}
	p.kill()
	until(t, patience, "its connection is closed", func() bool { return e.gateway.Sessions() == 0 })
	p = start(t, config)
	ready()
	page, shown := e.ask(t, discordtest.Called{Press: older.CustomID, On: list})
	if strings.Count(shown, "S-00") != 5 || shown == newest {
		t.Errorf("the page after a kill:\n%s", shown)
	}
	page, shown = e.ask(t, discordtest.Called{Press: page.Buttons()["Older ▶"].CustomID, On: page})
	if strings.Count(shown, "S-00") != 2 || !page.Buttons()["Older ▶"].Disabled {
		t.Errorf("the last page:\n%s\n%+v", shown, page.Buttons())
	}
	page, _ = e.ask(t, discordtest.Called{Press: page.Buttons()["◀ Newer"].CustomID, On: page})
	if _, shown = e.ask(t, discordtest.Called{Press: page.Buttons()["◀ Newer"].CustomID, On: page}); !strings.Contains(shown, "S-0013") {
		t.Errorf("back at the newest:\n%s", shown)
	}

	for _, c := range []struct {
		called discordtest.Called
		want   []string
		not    string
	}{
		{discordtest.Called{Command: "statements", Values: map[string]string{"by": "Habor Lab"}}, []string{"Did you mean Harbor Labs"}, ""},
		{discordtest.Called{Command: "statements", Values: map[string]string{"case": "northwind"}}, []string{"Did you mean Northwind Data v. Harbor Labs"}, ""},
		{discordtest.Called{Command: "statements", Values: map[string]string{"since": "soon"}}, []string{"no time to begin at", "24h, 7d"}, ""},
		{discordtest.Called{Command: "statements", Values: map[string]string{"text": "“the settlement offer” nowhere"}}, []string{"none found"}, ""},
		{discordtest.Called{Command: "statements", Values: map[string]string{"text": "personal", "kind": "new"}}, []string{"Statement 001"}, "Statement 900"},
		{discordtest.Called{Command: "statement", Values: map[string]string{"number": "s-2"}}, []string{"S-0002", "sha256 of the text", "Harbor Labs"}, ""},
		{discordtest.Called{Command: "statement", Values: map[string]string{"number": "S-0001"}}, []string{"S-0001 is not on the record"}, "Statement 900"},
		{discordtest.Called{Command: "statement", Values: map[string]string{"number": "S-0001"}, Channel: reviewers}, []string{"Statement 900"}, ""},
		{discordtest.Called{Command: "statement", Values: map[string]string{"number": "S-4711"}}, []string{"There is no statement S-4711"}, ""},
		{discordtest.Called{Command: "statement", Values: map[string]string{"number": "@everyone"}}, []string{"is no statement's number"}, ""},
		{discordtest.Called{Command: "why", Values: map[string]string{"of": "S-0003"}}, []string{"on the record", "a statement on the case", "in all, by rules"}, ""},
		{discordtest.Called{Command: "why", Values: map[string]string{"of": "https://x.example/nobody/1"}}, []string{"No post at that address was judged"}, ""},
		{discordtest.Called{Command: "case"}, []string{"Northwind Data, plaintiff", "Harbor Labs, defendant: 12 statements"}, ""},
		{discordtest.Called{Command: "sources"}, []string{"2 accounts tracked", "x:harborlabs", "last good read"}, ""},
		{discordtest.Called{Command: "Is this on the record?", Target: e.discord.Say(readers, "They wrote “will prove before the judge that a personal drive left the building”, really?")}, []string{"Yes, it is on the record", "Statement 001"}, ""},
		{discordtest.Called{Command: "Is this on the record?", Target: e.discord.Messages(readers)[3].ID}, []string{"Yes, it is on the record"}, ""},
		{discordtest.Called{Command: "Is this on the record?", Target: e.discord.Say(readers, "The customer list was sealed, as I hear from my cousin.")}, []string{"Nearest, and not the same"}, ""},
		{discordtest.Called{Command: "Is this on the record?", Target: e.discord.Say(readers, "Lovely weather today in the mountains.")}, []string{"Not found on the record"}, ""},
	} {
		_, shown := e.ask(t, c.called)
		for _, want := range c.want {
			if !strings.Contains(shown, want) {
				t.Errorf("%+v: no %q in\n%s", c.called, want, shown)
			}
		}
		if c.not != "" && strings.Contains(shown, c.not) {
			t.Errorf("%+v shows %q:\n%s", c.called, c.not, shown)
		}
	}

	card := e.discord.Messages(reviewers)[0]
	accept := card.Buttons()["Accept"].CustomID
	if _, shown := e.ask(t, discordtest.Called{Press: accept, Channel: reviewers, Message: card.ID}); !strings.Contains(shown, "Only those with Manage Server or Manage Channels") {
		t.Errorf("a member decided: %s", shown)
	}
	if _, shown := e.ask(t, discordtest.Called{By: keeper, Press: accept, Channel: readers, Message: e.discord.Messages(readers)[0].ID}); !strings.Contains(shown, "is decided about in the review channel") {
		t.Errorf("decided elsewhere: %s", shown)
	}
	if _, shown := e.ask(t, discordtest.Called{By: keeper, Press: accept, Channel: reviewers, Message: card.ID}); !strings.Contains(shown, "S-0001 is accepted") {
		t.Errorf("a moderator did not decide: %s", shown)
	}
	until(t, patience, "the card says who decided", func() bool {
		b, ok := e.discord.Messages(reviewers)[0].Buttons()["Accepted by Bo *the* keeper"]
		return ok && b.Disabled
	})
	if b := e.discord.Messages(reviewers)[0].Buttons(); b["Source"].URL == "" || b["Accept"].CustomID != "" {
		t.Errorf("the card's buttons: %+v", b)
	}
	until(t, patience, "it is on the record", func() bool { return strings.Contains(texts(e.discord.Messages(readers)), doubtful) })
	if _, shown := e.ask(t, discordtest.Called{By: keeper, Press: accept, Channel: reviewers, Message: card.ID}); !strings.Contains(shown, "was decided about before: accepted by Bo *the* keeper") {
		t.Errorf("decided twice: %s", shown)
	}
	if told := command(t, "explain", "--config", config, "S-0001"); !strings.Contains(told, "accepted by Bo *the* keeper (discord 1180000000000000102)") {
		t.Errorf("who decided is not kept:\n%s", told)
	}
	if latest := command(t, "latest", "--config", config, "--by", "northwind", "--text", "personal drive", "--json"); strings.Count(latest, "\n") != 1 || !strings.Contains(latest, "Statement 900") {
		t.Errorf("the command line finds\n%s", latest)
	}
	for _, c := range []struct {
		called discordtest.Called
		want   string
	}{
		{discordtest.Called{Command: "retract", Channel: reviewers, Values: map[string]string{"number": "S-0002", "note": "not his words"}}, "Only those with Manage Server or Manage Channels here can withdraw a statement"},
		{discordtest.Called{By: keeper, Command: "retract", Channel: readers, Values: map[string]string{"number": "S-0002", "note": "not his words"}}, "is withdrawn in the review channel of its case, and this is none"},
		{discordtest.Called{By: keeper, Command: "correct", Channel: reviewers, Values: map[string]string{"number": "S-0002"}}, "say whose it is, or give a note"},
		{discordtest.Called{By: keeper, Command: "correct", Channel: reviewers, Values: map[string]string{"number": "S-0002", "speaker": "Iwo Lind"}}, "Did you mean Ivo Lind"},
		{discordtest.Called{By: keeper, Command: "correct", Channel: reviewers, Values: map[string]string{"number": "S-0001", "note": "x"}}, "it is not on the record"},
		{discordtest.Called{By: keeper, Press: "or1:retract:qnothing", Channel: reviewers}, "too old to be confirmed"},
	} {
		if _, shown := e.ask(t, c.called); !strings.Contains(shown, c.want) {
			t.Errorf("%+v: %s", c.called, shown)
		}
	}
	asked, shown := e.ask(t, discordtest.Called{By: keeper, Command: "correct", Channel: reviewers, Values: map[string]string{"number": "S-0002", "speaker": "ivo lind", "note": "He held @everyone's account"}})
	if !strings.Contains(shown, "The speaker will be Ivo Lind, not Harbor Labs") || strings.Contains(texts(e.discord.Messages(readers)), "Ivo Lind, not Harbor Labs") {
		t.Errorf("before it is confirmed: %s", shown)
	}
	confirm := asked.Buttons()["Correct it, and tell its readers"].CustomID
	if _, shown := e.ask(t, discordtest.Called{Press: confirm, Channel: reviewers, On: asked}); !strings.Contains(shown, "Only those with") {
		t.Errorf("confirmed by somebody else: %s", shown)
	}
	if _, shown := e.ask(t, discordtest.Called{By: keeper, Press: confirm, Channel: reviewers, On: asked}); !strings.Contains(shown, "S-0002 is corrected. Within half a minute its message is changed, and answered, in: readers") {
		t.Errorf("confirmed: %s", shown)
	}
	until(t, patience, "readers are told", func() bool {
		return strings.Contains(texts(e.discord.Messages(readers)), "the speaker is Ivo Lind, not Harbor Labs")
	})
	if _, shown := e.ask(t, discordtest.Called{Command: "statements", Values: map[string]string{"by": "Ivo Lind"}}); !strings.Contains(shown, "S-0002") {
		t.Errorf("by whom it is now: %s", shown)
	}
	asked, _ = e.ask(t, discordtest.Called{By: keeper, Command: "retract", Channel: reviewers, Values: map[string]string{"number": "S-0003", "note": "not his words"}})
	if _, shown := e.ask(t, discordtest.Called{By: keeper, Press: asked.Buttons()["Withdraw it for good, and tell its readers"].CustomID, Channel: reviewers, On: asked}); !strings.Contains(shown, "S-0003 is withdrawn.") {
		t.Errorf("withdrawn: %s", shown)
	}
	if _, shown := e.ask(t, discordtest.Called{Command: "statement", Values: map[string]string{"number": "S-0003"}}); !strings.Contains(shown, "Withdrawn by Bo *the* keeper") || !strings.Contains(shown, "not his words") {
		t.Errorf("after it was withdrawn: %s", shown)
	}
	if commands, times := e.gateway.Commands(); times != 1 || len(commands) != 15 {
		t.Errorf("%d commands, registered %d times", len(commands), times)
	}
	if pings := e.discord.Pings(); len(pings) > 0 {
		t.Errorf("pinged %v", pings)
	}

	// How fast commands are acknowledged while the database is busy is told, and asserted nowhere.
	for i := range 40 {
		e.x.Post("harborlabs", xtest.Post{Text: saying(100 + i)})
	}
	var calls []*discordtest.Call
	for range 100 {
		by := member
		by.ID = fmt.Sprint(1180000000000001000 + asking.Add(1))
		calls = append(calls, e.gateway.Call(discordtest.Called{By: by, Channel: readers, Command: "statements", Values: map[string]string{"text": "court"}}))
	}
	var acknowledged, answered []time.Duration
	began := time.Now()
	for _, call := range calls {
		if call.Answer(patience) == nil {
			t.Error("a command was not answered while the database was busy")
		}
		acknowledged, answered = append(acknowledged, call.Acknowledged()), append(answered, time.Since(began))
	}
	slices.Sort(acknowledged)
	t.Logf("100 commands at once: acknowledged after %s in the middle and %s at the 99th of 100; all answered after %s", acknowledged[50], acknowledged[98], answered[99])
	p.kill()
}
