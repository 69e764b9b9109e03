package discord_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"onrecord"
	"onrecord/bot"
	counters "onrecord/bot/desk"
	"onrecord/internal/beside"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/discord/message"
)

// A command is acknowledged before anything is looked up, so that a database that is
// busy for minutes makes nobody see that it failed.
func TestCommandsAreAcknowledgedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := greet()
		slow.Run = func(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
			select {
			case <-time.After(2 * time.Minute):
			case <-ctx.Done():
			}
			return notifiers.Answer{Head: "At last, " + r.By.Name}, ctx.Err()
		}
		c := answering(t, slow)
		c.ready(t, time.Second)
		var calls []*discordtest.Call
		for i := range 20 {
			calls = append(calls, c.Call(discordtest.Called{By: discordtest.Member{ID: fmt.Sprint(1180000000000002000 + i), Name: "Ann"}, Channel: room, Command: "greet"}))
		}
		time.Sleep(time.Second)
		for _, call := range calls {
			if took := call.Acknowledged(); took > 500*time.Millisecond || !call.Private() {
				t.Errorf("acknowledged after %s", took)
			}
		}
		answered := 0
		for _, call := range calls[:16] { // the rest has waited for its turn for too long
			if m := call.Answer(10 * time.Minute); m != nil {
				answered++
			}
		}
		if answered != 16 {
			t.Errorf("%d were answered", answered)
		}
	})
}

func TestCallsGoWrong(t *testing.T) {
	broken := func(run func(context.Context, notifiers.Request) (notifiers.Answer, error)) notifiers.Command {
		c := greet()
		c.Run = run
		return c
	}
	hello := "Hello, Ann"
	sorry := "That did not work just now."
	called := discordtest.Called{By: ann, Channel: room, Command: "greet"}
	for name, tc := range map[string]struct {
		command notifiers.Command
		rule    discordtest.Rule
		want    string // "": no answer
		runs    int
	}{
		"it fails": {broken(func(context.Context, notifiers.Request) (notifiers.Answer, error) {
			return notifiers.Answer{}, errors.New("no disk")
		}), discordtest.Rule{}, sorry, 0},
		"it breaks":   {broken(func(context.Context, notifiers.Request) (notifiers.Answer, error) { panic("broken") }), discordtest.Rule{}, sorry, 0},
		"ack is lost": {greet(), discordtest.Rule{Fault: discordtest.CutAfterDoing, Route: "/interactions/{i}/{token}/callback", Nth: 1}, hello, 1},
		"ack is not made at first": {
			greet(), discordtest.Rule{Fault: discordtest.ServerError, Route: "/interactions/{i}/{token}/callback", Nth: 1}, hello, 1,
		},
		"somebody else acknowledged": {greet(), discordtest.Rule{Fault: discordtest.Refuse, Status: 400, Code: 40060, Route: "/interactions/{i}/{token}/callback"}, "", 0},
		"it is too late":             {greet(), discordtest.Rule{Fault: discordtest.Refuse, Status: 404, Code: 10062, Route: "/interactions/{i}/{token}/callback"}, "", 0},
		"the answer is lost":         {greet(), discordtest.Rule{Fault: discordtest.CutBeforeDoing, Route: "/webhooks/{id}/{token}/messages/@original", Nth: 1}, hello, 1},
		"the answer is limited":      {greet(), discordtest.Rule{Fault: discordtest.LimitedUser, RetryAfter: 3, Route: "/webhooks/{id}/{token}/messages/@original", Nth: 1}, hello, 1},
		"the answer meets a 502":     {greet(), discordtest.Rule{Fault: discordtest.BadGateway, Route: "/webhooks/{id}/{token}/messages/@original", Nth: 1}, hello, 1},
		"the call is over":           {greet(), discordtest.Rule{Fault: discordtest.Refuse, Status: 401, Code: 50027, Route: "/webhooks/{id}/{token}/messages/@original"}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				runs := 0
				counted := tc.command
				if tc.runs > 0 {
					counted.Run = func(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
						runs++
						return tc.command.Run(ctx, r)
					}
				}
				c := answering(t, counted)
				c.ready(t, time.Second)
				fired := func() int { return 1 }
				if tc.rule.Fault != "" {
					fired = c.Break(tc.rule)
				}
				m := c.Call(called).Answer(time.Minute)
				switch {
				case tc.want == "" && m != nil, tc.want != "" && (m == nil || !strings.HasPrefix(discordtest.Unescape(m.Content), tc.want)):
					t.Errorf("answered %+v, want %q\n%s", m, tc.want, c.log)
				case fired() == 0 || runs != tc.runs:
					t.Errorf("the fault happened %d times, the command ran %d times, want %d", fired(), runs, tc.runs)
				}
				if c.post(t, 1) > time.Second {
					t.Error("deliveries suffer")
				}
			})
		})
	}
}

// Discord tells of a call twice, or two programs hear of it: one acts.
func TestACallIsActedOnOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		once := greet()
		run := once.Run
		once.Run = func(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) { runs++; return run(ctx, r) }
		c := answering(t, once)
		c.ready(t, time.Second)
		call := c.Call(discordtest.Called{By: ann, Channel: room, Command: "greet"})
		call.Again()
		call.Answer(time.Second)
		call.Again()
		if time.Sleep(time.Second); runs != 1 {
			t.Errorf("it ran %d times", runs)
		}
	})
}

// What a client sends can be anything.
func TestForgedCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []notifiers.Request
		c := answering(t, notifiers.Command{Name: "greet", Labels: greet().Labels, Options: greet().Options, Run: func(_ context.Context, r notifiers.Request) (notifiers.Answer, error) {
			got = append(got, r)
			return notifiers.Answer{Head: "ok"}, nil
		}})
		c.ready(t, time.Second)
		n := 0
		for _, f := range []struct {
			called discordtest.Called
			want   string
		}{
			{discordtest.Called{Press: "or0:greet:x"}, "another version"},
			{discordtest.Called{Press: "or1:greet"}, "another version"},
			{discordtest.Called{Press: "or1:greet:"}, "another version"},
			{discordtest.Called{Press: "or1:greet:" + strings.Repeat("x", 80)}, "another version"},
			{discordtest.Called{Press: "or1:nothing:x"}, "another version"},
			{discordtest.Called{Press: "settings"}, "another version"},
			{discordtest.Called{Command: "nothing"}, "another version"},
			{discordtest.Called{Command: "greet", Values: map[string]string{"how": strings.Repeat("é", 500), "foo": "bar"}}, "ok"},
			{discordtest.Called{Press: "or1:greet:x"}, "ok"},
		} {
			n++
			f.called.By, f.called.Channel = discordtest.Member{ID: fmt.Sprint(1180000000000002000 + n), Name: "\u202eAnn\x00"}, room
			m := c.Call(f.called).Answer(5 * time.Second)
			if m == nil || !strings.Contains(m.Content, f.want) {
				t.Errorf("%+v: %+v", f.called, m)
			}
		}
		if len(got) != 2 || len([]rune(got[0].Values["how"])) != 20 || len(got[0].Values) != 1 || got[1].Press != "x" || got[0].By.Name != "Ann" || got[0].Manages {
			t.Errorf("it was given %+v", got)
		}
	})
}

func TestWhoManages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		manages := map[string]bool{}
		c := answering(t, notifiers.Command{Name: "greet", Labels: greet().Labels, Run: func(_ context.Context, r notifiers.Request) (notifiers.Answer, error) {
			manages[r.By.Name] = r.Manages
			return notifiers.Answer{Head: "ok"}, nil
		}})
		c.ready(t, time.Second)
		for name, m := range map[string]discordtest.Member{
			"nobody": {}, "channels": {Permissions: discordtest.ManageChannels}, "server": {Permissions: discordtest.ManageGuild | discordtest.SendMessages},
			"administrator": {Permissions: discordtest.Administrator}, "messages": {Permissions: 1 << 13}, "alone": {Permissions: ^uint64(0), Alone: true},
		} {
			m.ID, m.Name = fmt.Sprint(1180000000000003000+len(name)), name
			c.Call(discordtest.Called{By: m, Channel: room, Command: "greet"}).Answer(time.Second)
		}
		for name, want := range map[string]bool{"nobody": false, "channels": true, "server": true, "administrator": true, "messages": false, "alone": false} {
			if got, ok := manages[name]; !ok || got != want {
				t.Errorf("%s manages: %v, %v", name, got, ok)
			}
		}
	})
}

// One person may ask ten times, and then every three seconds; others do not wait for it.
func TestAskingIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := answering(t, greet())
		c.ready(t, time.Second)
		answered := 0
		for range 30 {
			if m := c.Call(discordtest.Called{By: ann, Channel: room, Command: "greet"}).Answer(time.Second); strings.HasPrefix(m.Content, "Hello") {
				answered++
			} else if !strings.Contains(m.Content, "faster than this can answer. Try again in 3 seconds") {
				t.Errorf("refused with %q", m.Content)
			}
		}
		if answered != 10 {
			t.Errorf("%d were answered", answered)
		}
		other := discordtest.Member{ID: "1180000000000000103", Name: "Cy"}
		if m := c.Call(discordtest.Called{By: other, Channel: room, Command: "greet"}).Answer(time.Second); m.Content != "Hello, Cy" {
			t.Errorf("another is answered %q", m.Content)
		}
		if time.Sleep(4 * time.Second); !c.greets() {
			t.Error("not answered again")
		}
	})
}

func TestSuggestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := greet()
		g.Options[0].Suggest = func(typed string) (list []notifiers.Choice) {
			if typed == "nothing" {
				return nil
			}
			for i := range 40 {
				list = append(list, notifiers.Choice{Value: fmt.Sprint("v", i), Labels: map[string]notifiers.Label{"en": {Name: strings.Repeat("long \u202e", 40) + typed}}})
			}
			return list
		}
		c := answering(t, g)
		c.ready(t, time.Second)
		typed := func(text string) []discordtest.Suggestion {
			return c.Call(discordtest.Called{By: ann, Channel: room, Command: "greet", Values: map[string]string{"how": text}, Focus: "how"}).Suggestions(time.Second)
		}
		if list := typed("x"); len(list) != 25 || strings.Contains(list[0].Name, "\u202e") || list[24].Value != "v24" {
			t.Errorf("%d suggestions: %+v\n%s", len(list), list, c.log)
		}
		if list := typed("nothing"); list == nil || len(list) != 0 {
			t.Errorf("suggested %+v, want an empty list", list)
		}
	})
}

// TestAnswersAreHarmless: whatever stands in an answer, it is text.
func TestAnswersAreHarmless(t *testing.T) {
	t.Parallel()
	for _, text := range []string{attack, long, "", "\n \n1.\n", strings.Repeat("*", 5000), strings.Repeat("𝒳", 3000)} {
		checkAnswer(t, text)
	}
}

func checkAnswer(t *testing.T, text string) {
	t.Helper()
	e := notifiers.Entry{Title: text, Quote: text, Facts: []string{text, text}, URL: text, At: time.Unix(1791209700, 0)}
	a := notifiers.Answer{Head: text, Entries: slices.Repeat([]notifiers.Entry{e}, 12), Foot: text, Buttons: []notifiers.Button{{Text: text, Command: "greet", Press: "x"}, {Text: "no", Command: "greet", Press: text}}}
	raw, err := message.ReplyOf(a).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b, found := discordtest.Check(raw)
	for _, v := range found {
		t.Errorf("Discord would refuse the answer: %v", v)
	}
	if b.AllowedMentions == nil || len(b.AllowedMentions.Parse) > 0 {
		t.Error("somebody may be notified")
	}
	if strings.Contains(b.Content, "@everyone") || strings.Contains(b.Content, "<@") {
		t.Errorf("the content mentions somebody: %q", b.Content)
	}
	texts := []string{b.Content}
	for _, e := range b.Embeds {
		texts = append(texts, e.Description)
	}
	for _, s := range texts {
		// The title of an entry is ours to set off; what is in it is escaped.
		if m := foreign(titles.ReplaceAllString(escapes.ReplaceAllString(s, ""), "")); m != "" {
			t.Errorf("%q has a meaning that is not ours in\n%s", m, s)
		}
	}
	if settled, _ := message.Settled(nil, text).Bytes(); len(settled) == 0 {
		t.Error("nothing is left of the buttons")
	}
}

var titles = regexp.MustCompile(`(?m)^\*\*[^*\n]+\*\*( ·|$)`)

func FuzzAnswer(f *testing.F) {
	f.Add(attack)
	f.Add("")
	f.Add("\n1\n.")
	f.Fuzz(func(t *testing.T, text string) { checkAnswer(t, text) })
}

// recorder keeps the bodies of requests by their routes.
type recorder struct {
	next   http.RoundTripper
	mu     sync.Mutex
	bodies map[string][][]byte
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		parts := strings.Split(req.URL.Path, "/")
		r.mu.Lock()
		r.bodies[req.Method+" "+parts[len(parts)-1]] = append(r.bodies[req.Method+" "+parts[len(parts)-1]], body)
		r.mu.Unlock()
	}
	return r.next.RoundTrip(req)
}

// TestCallsFollowDiscord holds everything that is sent about commands to Discord's own
// description of its API.
func TestCallsFollowDiscord(t *testing.T) {
	spec := beside.Specification(t, "discord-openapi.json")
	sent := &recorder{bodies: map[string][][]byte{}}
	synctest.Test(t, func(t *testing.T) {
		names := counters.Commands(counters.Setup{Visitor: bot.Visitor{Cases: []onrecord.Case{{ID: "a", Title: "Northwind Data v. Harbor Labs", Parties: []onrecord.Person{{Name: "Harbor Labs"}}}}}, Now: time.Now, Following: struct{ counters.Following }{}})
		for i := range names {
			names[i].Run = func(_ context.Context, r notifiers.Request) (notifiers.Answer, error) {
				return notifiers.Answer{
					Head: "Statements", Foot: "Covers 2 accounts", Entries: []notifiers.Entry{{Title: "S-0042", Quote: "We never opened it.", At: time.Now(), URL: "https://social.example/1", Facts: []string{"Repeats S-0041"}}},
					Buttons: []notifiers.Button{{Text: "Older", Command: "statements", Press: "q123/b4"}, {Text: "Newer", Command: "statements", Press: "q123/b0", Off: true}, {Text: "Invite it again", URL: "https://social.example/invite"}}, Settled: "Accepted by Ann",
				}, nil
			}
		}
		c := answering(t, names...)
		c.road.mu.Lock()
		sent.next, c.road.next = c.road.next, sent
		c.road.mu.Unlock()
		c.ready(t, time.Second)
		if m := c.Call(discordtest.Called{By: ann, Channel: room, Command: "statements"}); m.Answer(time.Second) == nil {
			t.Errorf("not answered\n%s", c.log)
		} else if older := c.Call(discordtest.Called{By: ann, Channel: room, Press: m.Buttons()["Older"].CustomID, On: m}); older.Answer(time.Second) == nil {
			t.Errorf("not turned over\n%s", c.log)
		}
		if list := c.Call(discordtest.Called{By: ann, Channel: room, Command: "statements", Values: map[string]string{"by": "harb"}, Focus: "by"}).Suggestions(time.Second); len(list) != 1 || list[0].Value != "Harbor Labs" {
			t.Errorf("suggested %+v", list)
		}
		said := suit(func(s *onrecord.Statement) { s.Lane, s.Novelty, s.Prior = onrecord.ForReview, onrecord.Restates, 41 })
		if _, err := c.notifier.Send(t.Context(), target, render(t, c.bench, said), "demo\n"+room+"\n"+said.Statement.Number()+"\nn\n0"); err != nil {
			t.Fatal(err)
		}
		if err := c.notifier.(notifiers.Rehearser).Rehearse(t.Context(), target); err != nil {
			t.Error(err)
		}
		shown := c.Messages(room)[0]
		if shown.Buttons()["Not the same"].CustomID != "or1:distinct:S-0042" {
			t.Errorf("what repeats an earlier one shows %+v", shown.Buttons())
		}
		if c.Call(discordtest.Called{By: ann, Channel: room, Press: shown.Buttons()["Accept"].CustomID, Message: shown.ID}).Answer(time.Second) == nil {
			t.Error("no answer to a decision")
		}
		for range 12 {
			c.Call(discordtest.Called{By: ann, Channel: room, Command: "statements"}).Answer(time.Second)
		}
		if time.Sleep(time.Second); !c.Messages(room)[0].Buttons()["Accepted by Ann"].Disabled {
			t.Errorf("the message shows %+v", c.Messages(room)[0].Buttons())
		}
	})
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(spec))
	if err != nil {
		t.Fatal(err)
	}
	closeObjects(doc)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		request, path, least string
	}{
		{"POST callback", "/paths/~1interactions~1{interaction_id}~1{interaction_token}~1callback/post/requestBody/content/application~1json/schema", "4"},
		{"PATCH @original", "/components/schemas/IncomingWebhookUpdateRequestPartial", "3"},
		{"PUT commands", "/paths/~1applications~1{application_id}~1commands/put/requestBody/content/application~1json/schema", "1"},
		{"POST messages", "/components/schemas/MessageCreateRequest", "2"},
	} {
		schema, err := compiler.Compile("discord.json#" + k.path)
		if err != nil {
			t.Fatal(err)
		}
		if len(sent.bodies[k.request]) < int(k.least[0]-'0') {
			t.Errorf("%s was sent %d times only", k.request, len(sent.bodies[k.request]))
		}
		for _, body := range sent.bodies[k.request] {
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
			if err == nil {
				err = schema.Validate(value)
			}
			if err != nil {
				t.Errorf("%s: %s\n%v", k.request, body, err)
			}
		}
		for _, wrong := range []string{`{"type":3}`, `{"type":5,"data":{"flag":64}}`, `{"contents":"x"}`, `[{"name":"x","foo":1}]`} {
			value, _ := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
			if schema.Validate(value) == nil {
				t.Errorf("%s passes as %s: the schema is not closed", wrong, k.request)
			}
		}
	}
}

// The buttons by which a person decides stand where they can be pressed: in the lane for
// that, of a bot that hears of it.
func TestDecisionsHaveButtons(t *testing.T) {
	t.Parallel()
	c, without := open(t), world(t)
	said := suit(func(s *onrecord.Statement) { s.Lane = onrecord.ForReview })
	if body := string(render(t, c.bench, said).Body); !strings.Contains(body, `"or1:accept:`+said.Statement.Number()+`"`) || !strings.Contains(body, `"or1:reject:`) {
		t.Errorf("no buttons in %s", body)
	}
	for _, m := range []notifiers.Message{render(t, without, said), render(t, c.bench, suit(func(*onrecord.Statement) {}))} {
		if strings.Contains(string(m.Body), "custom_id") {
			t.Errorf("buttons in %s", m.Body)
		}
	}
}
