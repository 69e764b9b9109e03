package discordtest_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"onrecord/notifiers/discord/discordtest"
)

// said is what the gateway says.
type said struct {
	Op   int             `json:"op"`
	Seq  int             `json:"s"`
	Type string          `json:"t"`
	Data json.RawMessage `json:"d"`
}

// listener is a bot of the simplest kind.
type listener struct {
	*testing.T
	conn *websocket.Conn
}

func dial(t *testing.T, s *httptest.Server, query string) listener {
	t.Helper()
	conn, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/fake-gateway/"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	t.Cleanup(func() { conn.Close() })
	return listener{t, conn}
}

func (c listener) say(op int, data any) {
	c.Helper()
	if err := c.conn.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		c.Fatal(err)
	}
}

// hears returns what comes next, or the code of a close.
func (c listener) hears() (p said, code int) {
	c.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if err := c.conn.ReadJSON(&p); err != nil {
		if closed, ok := err.(*websocket.CloseError); ok { //nolint:errorlint // gorilla returns it bare
			return p, closed.Code
		}
		c.Fatal(err)
	}
	return p, 0
}

const version10 = "?v=10&encoding=json"

func TestGatewayIsStrict(t *testing.T) {
	t.Parallel()
	fake := discordtest.New("1")
	discordtest.OpenGateway(fake)
	s := httptest.NewServer(fake)
	t.Cleanup(s.Close)
	identify := func(token string, intents any) map[string]any {
		return map[string]any{"token": token, "intents": intents, "properties": map[string]any{}}
	}
	for name, c := range map[string]struct {
		query string
		op    int
		data  any
		code  int
	}{
		"another version":   {"?v=9&encoding=json", 0, nil, 4012},
		"a wrong token":     {version10, 2, identify("Bot x", 0), 4004},
		"no intents":        {version10, 2, map[string]any{"token": "Bot " + discordtest.DefaultToken}, 4013},
		"message content":   {version10, 2, identify("Bot "+discordtest.DefaultToken, 1<<15), 4014},
		"nobody knows this": {version10, 77, nil, 4001},
	} {
		g := dial(t, s, c.query)
		if c.op != 0 {
			if hello, code := g.hears(); code != 0 || hello.Op != 10 {
				t.Fatalf("%s: %+v, %d", name, hello, code)
			}
			g.say(c.op, c.data)
		}
		if p, code := g.hears(); code != c.code {
			t.Errorf("%s: closed with %d after %+v, want %d", name, code, p, c.code)
		}
	}
}

// Whoever resumes hears what it missed.
func TestGatewayResumes(t *testing.T) {
	t.Parallel()
	served := discordtest.New("1")
	fake := discordtest.OpenGateway(served)
	s := httptest.NewServer(served)
	t.Cleanup(s.Close)
	g := dial(t, s, version10)
	g.hears()
	g.say(2, map[string]any{"token": discordtest.DefaultToken, "intents": 0})
	ready, _ := g.hears()
	var session struct {
		ID string `json:"session_id"`
	}
	if json.Unmarshal(ready.Data, &session) != nil || ready.Type != "READY" || session.ID == "" {
		t.Fatalf("%+v", ready)
	}
	g.say(1, ready.Seq)
	if ack, _ := g.hears(); ack.Op != 11 {
		t.Fatalf("%+v", ack)
	}
	called := discordtest.Called{By: discordtest.Member{ID: "2", Name: "Ann"}, Channel: "1", Command: "x"}
	fake.Call(called)
	first, _ := g.hears()
	fake.Call(called)
	g.conn.NetConn().Close()

	g = dial(t, s, version10)
	g.hears()
	g.say(6, map[string]any{"token": discordtest.DefaultToken, "session_id": session.ID, "seq": first.Seq})
	missed, _ := g.hears()
	resumed, _ := g.hears()
	if missed.Type != "INTERACTION_CREATE" || missed.Seq != first.Seq+1 || resumed.Type != "RESUMED" {
		t.Errorf("missed %+v, then %+v", missed, resumed)
	}
	g = dial(t, s, version10)
	g.hears()
	g.say(6, map[string]any{"token": discordtest.DefaultToken, "session_id": "another", "seq": 1})
	if p, _ := g.hears(); p.Op != 9 || string(p.Data) != "false" {
		t.Errorf("an unknown session: %+v", p)
	}
}

// The rules of answers: once, within three seconds, of the right kind, and for a quarter of an hour.
func TestAnswersHaveRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		served := discordtest.New("1")
		fake, bot := discordtest.OpenGateway(served), talk(t, served)
		send := func(method, path, body string) string {
			t.Helper()
			status, data, _ := bot.do(method, path, body)
			var refused struct{ Code int }
			_ = json.Unmarshal([]byte(data), &refused)
			return fmt.Sprint(status, " ", refused.Code)
		}
		called := discordtest.Called{By: discordtest.Member{ID: "2", Name: "Ann"}, Channel: "1", Command: "x"}
		typing := called
		typing.Values, typing.Focus = map[string]string{"by": "a"}, "by"
		answer := func(c *discordtest.Call, body string) string {
			return send("POST", "/interactions/"+c.ID+"/"+c.Token+"/callback", body)
		}
		original := func(c *discordtest.Call) string {
			return "/webhooks/" + discordtest.AppID + "/" + c.Token + "/messages/@original"
		}
		const later, text = `{"type":5,"data":{"flags":64}}`, `{"content":"x","allowed_mentions":{"parse":[]}}`

		c := fake.Call(called)
		for i, step := range []struct{ got, want string }{
			{send("PATCH", original(c), text), "404 10015"},
			{answer(c, `{"type":5,"data":{"flag":64}}`), "400 50035"},
			{answer(c, `{"type":6}`), "400 50035"},
			{answer(c, `{"type":8,"data":{"choices":[]}}`), "400 50035"},
			{answer(c, `{"type":4,"data":{"content":"x"}}`), "400 50035"},
			{answer(c, later), "204 0"},
			{answer(c, later), "400 40060"},
			{send("PATCH", original(c), `{"content":"x"}`), "400 50035"},
			{send("PATCH", original(c), text), "200 0"},
			{send("GET", original(c), ""), "200 0"},
			{send("POST", "/webhooks/"+discordtest.AppID+"/"+c.Token, text), "200 0"},
			{send("PATCH", "/webhooks/"+discordtest.AppID+"/another/messages/@original", text), "404 10015"},
		} {
			if step.got != step.want {
				t.Errorf("step %d: %s, want %s", i, step.got, step.want)
			}
		}
		if c.Answer(time.Second).Content != "x" || !c.Private() {
			t.Error("who asked sees nothing")
		}
		late := fake.Call(called)
		time.Sleep(4 * time.Second)
		if got := answer(late, later); got != "404 10062" {
			t.Errorf("after four seconds: %s", got)
		}
		time.Sleep(15 * time.Minute)
		if got := send("PATCH", original(c), text); got != "401 50027" {
			t.Errorf("after a quarter of an hour: %s", got)
		}
		list := strings.Repeat(`{"name":"x","value":"y"},`, 26)
		many := fake.Call(typing)
		if got := answer(many, `{"type":8,"data":{"choices":[`+strings.TrimSuffix(list, ",")+`]}}`); got != "400 50035" {
			t.Errorf("26 suggestions: %s", got)
		}
		if got := answer(many, later); got != "400 50035" {
			t.Errorf("an answer to who types: %s", got)
		}
		form := fake.Call(called)
		if got := answer(form, `{"type":9,"data":{"custom_id":"x","title":"Why?","components":[]}}`); got != "204 0" {
			t.Errorf("a form: %s", got)
		}
	})
}

func TestCommandsHaveRules(t *testing.T) {
	t.Parallel()
	served := discordtest.New("1")
	discordtest.OpenGateway(served)
	bot := talk(t, served)
	for body, want := range map[string]int{
		`[{"type":1,"name":"x","description":"y"}]`:                                         200,
		`[{"type":1,"name":"X","description":"y"}]`:                                         400,
		`[{"type":1,"name":"x","description":""}]`:                                          400,
		`[{"type":1,"name":"x","description":"y"},{"type":1,"name":"x","description":"y"}]`: 400,
		`[{"type":3,"name":"Is this it?"}]`:                                                 200,
		`[{"type":3,"name":"Is this it?","description":"y"}]`:                               400,
		`[{"type":1,"name":"x","description":"y","name_localizations":{"xx":"z"}}]`:         400,
		`[{"type":1,"name":"x","description":"y","names":{}}]`:                              400,
		`[{"type":1,"name":"x","description":"y","options":[{"type":3,"name":"a"}]}]`:       400,
		`[{"type":1,"name":"x","description":"` + strings.Repeat("y", 101) + `"}]`:          400,
		`[{"type":1,"name":"x","description":"y","name_localizations":{"hi":"बयान-सूची"}}]`: 200,
		`[{"type":1,"name":"x","description":"y","description_localizations":{"de":""}}]`:   400,
	} {
		if status, data, _ := bot.do("PUT", "/applications/"+discordtest.AppID+"/commands", body); status != want {
			t.Errorf("%s: %d, want %d: %s", body, status, want, data)
		}
	}
}
