package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"onrecord"
	"onrecord/internal/beside"
	"onrecord/internal/loopback"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
	"onrecord/notifiers/webhook"
)

var update = flag.Bool("update", false, "rewrite the golden messages")

const (
	secret = "s3cr3t-path-of-the-hook"
	room   = "1180000000000000010"
)

var (
	hook    = notifiers.Target{ID: "newsroom", Address: "https://hooks.example/" + secret + "?key=" + secret}
	discord = notifiers.Target{ID: "newsroom", Address: "https://discord.com/api/webhooks/1180000000000000666/" + secret}
)

func open(t *testing.T, next http.RoundTripper, private bool) notifiers.Notifier {
	t.Helper()
	c := webhook.Kind().Config()
	if private {
		if err := json.Unmarshal([]byte(`{"AllowPrivate":true}`), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	n, err := c.Open(notifiers.Env{Client: func(bool) *http.Client { return &http.Client{Transport: next} }})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// inbox is a program that takes notices. break, when set, answers before the
// notice is kept; spoil answers after.
type inbox struct {
	mu      sync.Mutex
	bodies  []string
	headers []http.Header
	before  http.HandlerFunc
	after   http.HandlerFunc
	fired   int
}

func (i *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	i.mu.Lock()
	before, after := i.before, i.after
	if before != nil || after != nil {
		i.fired++
	}
	if before == nil {
		i.bodies, i.headers = append(i.bodies, string(body)), append(i.headers, r.Header)
	}
	i.mu.Unlock()
	switch {
	case before != nil:
		before(w, r)
	case after != nil:
		after(w, r)
	}
}

func (i *inbox) shown() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.bodies
}

func (i *inbox) times() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fired
}

// road is the way there, which can be closed.
type road struct {
	next    http.RoundTripper
	closed  bool
	refused atomic.Int64
}

func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.closed {
		r.refused.Add(1)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused to " + req.URL.String())}
	}
	return r.next.RoundTrip(req)
}

func answer(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestConformancePlain(t *testing.T) {
	notifiertest.Run(t, func(t *testing.T) notifiertest.Place {
		box := &inbox{}
		way := &road{next: loopback.Transport{Handler: box}}
		return notifiertest.Place{
			Notifier: open(t, way, false), Target: hook, Shown: box.shown, Secret: secret, Mend: func() { box.before, box.after = nil, nil },
			Break: func(f notifiertest.Fault) func() int {
				switch f {
				case notifiertest.RateLimited:
					box.before = answer(http.StatusTooManyRequests, "Retry-After", "30")
				case notifiertest.Refused:
					way.closed = true
					return func() int { return int(way.refused.Load()) }
				case notifiertest.AnswerLost:
					box.after = abort
				case notifiertest.ServerError:
					box.before = answer(http.StatusInternalServerError)
				case notifiertest.NoAccess:
					box.before = answer(http.StatusForbidden)
				}
				return box.times
			},
		}
	})
}

func TestConformanceDiscord(t *testing.T) {
	notifiertest.Run(t, func(t *testing.T) notifiertest.Place {
		s := discordtest.New(room)
		s.AddWebhook("1180000000000000666", secret, room)
		way := &road{next: loopback.Transport{Handler: s}}
		return notifiertest.Place{
			Notifier: open(t, way, false), Target: discord, Secret: secret, Mend: s.Mend,
			Shown: func() (list []string) {
				for _, m := range s.Messages(room) {
					list = append(list, m.Text())
				}
				return list
			},
			Break: func(f notifiertest.Fault) func() int {
				r := discordtest.Rule{Method: "POST"}
				switch f {
				case notifiertest.RateLimited:
					r.Fault, r.RetryAfter = discordtest.LimitedUser, 2.5
				case notifiertest.Refused:
					way.closed = true
					return func() int { return int(way.refused.Load()) }
				case notifiertest.AnswerLost:
					r.Fault = discordtest.CutAfterDoing
				case notifiertest.ServerError:
					r.Fault = discordtest.ServerError
				case notifiertest.NoAccess:
					r.Fault, r.Status, r.Code = discordtest.Refuse, http.StatusNotFound, 10015
				}
				return s.Break(r)
			},
		}
	})
}

func also() onrecord.Notice {
	n := notifiertest.Notice()
	n.Statement.Mirrors = []onrecord.Mention{{URL: "https://northwind.example/news/harbor", At: n.Statement.Seen}}
	return onrecord.AlsoSaidNotice{Statement: n.Statement, Case: n.Case}
}

func notices() map[string]onrecord.Notice {
	many := notifiertest.Notice()
	s := &many.Statement
	s.Parts = append(s.Parts, s.Parts[0])
	s.Parts[1].Text, s.Parts[1].Dated = "**x** <b>&\u2028 \"y\" @everyone", false
	s.Novelty, s.Prior, s.Lane = onrecord.Expands, 41, onrecord.ForReview
	s.Summary = onrecord.Summary{
		InShort: "Northwind Data says it asked three times.", Turned: true, Translation: "We asked three times.", Lang: "es", Stance: "alleges", Instructs: true, Origin: "some-model",
	}
	late := notifiertest.Notice()
	late.Gap = &onrecord.Gap{ID: 7, Place: "square", From: late.Statement.Seen.Add(-50 * time.Hour), Until: late.Statement.Seen, Posts: 1}
	_, correction := notifiertest.Withdrawn()
	incident := onrecord.Incident{ID: 7, Kind: onrecord.BudgetSpent, Subject: "x", Text: "no money: the day's budget is spent", Began: late.Gap.From, Ended: late.Gap.Until}
	list := map[string]onrecord.Notice{"incident": onrecord.IncidentNotice{Incident: incident, Changed: true}, "correction": correction, "new": notifiertest.Notice(), "quoted": notifiertest.Quoted(), "unnamed": notifiertest.Unnamed(), "also": also(), "many": many, "late": late, "gap": onrecord.GapNotice{Gap: *late.Gap}}
	list["filings"] = notifiertest.Filings()
	list["digest"] = onrecord.DigestNotice{Digest: onrecord.Digest{
		ID: 7, From: late.Gap.From, Until: late.Gap.Until, Accounts: 2,
		Statements: []onrecord.DigestLine{{Statement: notifiertest.Notice().Statement, Kind: onrecord.NewStatement, Link: "https://social.example/@northwind/1142"}},
	}}
	list["redacted"], list["redacted_edit"] = notifiertest.TakenOut()
	for name, n := range notifiertest.Fates() {
		list[strings.ReplaceAll(name, " ", "_")] = n
	}
	return list
}

func TestMessages(t *testing.T) {
	t.Parallel()
	n := open(t, nil, false)
	for name, notice := range notices() {
		m, err := n.Render(notice)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := json.Indent(&got, m.Body, "", "  "); err != nil {
			t.Fatal(err)
		}
		got.WriteByte('\n')
		file := filepath.Join("testdata", name+".json")
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s changed; if that is meant, run with -update (-want +got):\n%s", file, diff)
		}
	}
	if _, err := n.Render(onrecord.StatementNotice{}); err == nil {
		t.Error("a statement without a post was rendered")
	}
}

// Both forms reach where they belong, and the text is what was said.
func TestForms(t *testing.T) {
	t.Parallel()
	box := &inbox{}
	n := open(t, loopback.Transport{Handler: box}, false)
	said := notices()["many"].(onrecord.StatementNotice)
	m, err := n.Render(said)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{
		hook.Address, "https://discord.com/api/webhooks/1/x?thread_id=7", "https://ptb.discord.com/api/webhooks/1/x", "https://gateway.example/discord/api/webhooks/1/x", "https://notdiscord.com/x",
	} {
		if _, err := n.Send(t.Context(), notifiers.Target{ID: "c", Address: to}, m, "key"); err != nil {
			t.Fatal(err)
		}
	}
	for i, isDiscord := range []bool{false, true, true, true, false} {
		if isDiscord {
			if b, found := discordtest.CheckRequest(box.headers[i].Get("Content-Type"), []byte(box.bodies[i])); len(found) > 0 || b.Username != "onrecord" {
				t.Errorf("body %d is not Discord's: %v", i, found)
			}
			if box.headers[i].Get("Idempotency-Key") != "" {
				t.Error("net/http repeats a request with that header by itself")
			}
			continue
		}
		var got struct { // the names are what receivers rely on
			Text, Lane, Prior string
			Posts             []struct{ Text string }
		}
		if err := json.Unmarshal([]byte(box.bodies[i]), &got); err != nil {
			t.Fatal(err)
		}
		want := said.Statement.Parts[0].Text + "\n\n" + said.Statement.Parts[1].Text
		if got.Text != want || got.Posts[1].Text != said.Statement.Parts[1].Text || got.Lane != "review" || got.Prior != "S-0041" {
			t.Errorf("notice %+v", got)
		}
	}
}

// What people copy from Discord's address bar is no webhook.
func TestAddressesOfChannels(t *testing.T) {
	for address, says := range map[string]string{
		"https://discord.com/channels/1180000000000000666/1200000000000000000": "notifier: discord",
		"https://ptb.discord.com/channels/@me/1200000000000000000":             "notifier: discord",
		"https://discord.com/api/webhooks/1180000000000000666/" + secret:       "",
		"https://newsroom.example/channels/1":                                  "",
	} {
		err := webhook.Kind().Channel(notifiers.Target{ID: "newsroom", Address: address})
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// Discord is sent the files in a form; other programs are sent the notice alone.
func TestFiles(t *testing.T) {
	t.Parallel()
	box := &inbox{}
	n := open(t, loopback.Transport{Handler: box}, false)
	m, err := n.Render(notifiertest.Notice())
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range [][]notifiers.File{nil, {{Name: "letter.png", Type: "image/png", Alt: "A letter", Data: []byte("\x89PNG\r\n")}}} {
		m.Files = files
		for _, to := range []notifiers.Target{discord, hook} {
			if _, err := n.Send(t.Context(), to, m, "key"); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, found := discordtest.CheckRequest(box.headers[2].Get("Content-Type"), []byte(box.bodies[2]))
	if len(found) > 0 || r.Username != "onrecord" || r.Content == "" {
		t.Errorf("%v in %s", found, box.bodies[2])
	}
	if want := []discordtest.File{{Name: "letter.png", Type: "image/png", Alt: "A letter", Data: []byte("\x89PNG\r\n")}}; !reflect.DeepEqual(r.Files, want) {
		t.Errorf("files %+v, want %+v", r.Files, want)
	}
	if box.bodies[3] != box.bodies[1] || box.headers[3].Get("Content-Type") != "application/json" {
		t.Errorf("another program is sent %s, want %s", box.bodies[3], box.bodies[1])
	}
	m.Files[0].Name = ""
	var told *notifiers.Error
	if _, err := n.Send(t.Context(), discord, m, "key"); !errors.As(err, &told) || told.Outcome != notifiers.Permanent || len(box.bodies) != 4 {
		t.Errorf("a file without a name: %v, %d requests", err, len(box.bodies))
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	box := &inbox{}
	n := open(t, loopback.Transport{Handler: box}, false)
	for _, key := range []string{"a", "a", "b"} {
		m, err := n.Render(notifiertest.Notice())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Send(t.Context(), hook, m, key); err != nil {
			t.Fatal(err)
		}
	}
	var keys []string
	for _, h := range box.headers {
		keys = append(keys, h.Get("Idempotency-Key"))
	}
	if len(keys[0]) != 64 || keys[0] != keys[1] || keys[1] == keys[2] {
		t.Errorf("keys %q, want two alike and one other", keys)
	}
}

func TestDiscordIsAskedToWait(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	s.AddWebhook("1180000000000000666", secret, room)
	n := open(t, loopback.Transport{Handler: s}, false)
	for _, notice := range []onrecord.Notice{notifiertest.Notice(), also()} {
		m, err := n.Render(notice)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := n.Send(t.Context(), discord, m, "key"); err != nil || r.ID == "" {
			t.Fatalf("receipt %v, error %v", r, err)
		}
	}
	shown := s.Messages(room)
	if len(shown) != 2 || len(shown[0].Components) != 1 || len(s.Pings()) != 0 {
		t.Errorf("messages %+v, notified %v", shown, s.Pings())
	}
	if want := "-# ↪ S-0042, now also at [northwind.example](<https://northwind.example/news/harbor>)"; shown[1].Content != want {
		t.Errorf("%q, want %q", shown[1].Content, want)
	}
}

func TestOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		to      notifiers.Target
		status  int
		header  []string
		body    string
		outcome notifiers.Outcome
		scope   notifiers.Scope
		wait    time.Duration
	}{
		"busy":                {hook, 429, []string{"Retry-After", "90"}, "", notifiers.Retry, notifiers.OneDelivery, 90 * time.Second},
		"busy, by date":       {hook, 429, []string{"Retry-After", "Sat, 01 Jan 2000 00:05:00 GMT"}, "", notifiers.Retry, notifiers.OneDelivery, 5 * time.Minute},
		"busy, in the body":   {discord, 429, []string{"Retry-After", "1"}, `{"retry_after":64.5}`, notifiers.Retry, notifiers.OneDelivery, 64500 * time.Millisecond},
		"busy, no time":       {hook, 429, nil, "", notifiers.Retry, notifiers.OneDelivery, 0}, // the caller's back-off
		"discord: banned":     {discord, 429, nil, `{"code":0,"message":"You are being blocked"}`, notifiers.Retry, notifiers.OneDelivery, 10 * time.Minute},
		"busy for ever":       {hook, 429, []string{"Retry-After", "1e300"}, "", notifiers.Retry, notifiers.OneDelivery, 24 * time.Hour},
		"busy, nonsense":      {hook, 429, []string{"Retry-After", "NaN"}, `{"retry_after":-1}`, notifiers.Retry, notifiers.OneDelivery, 0},
		"maintenance":         {hook, 503, []string{"Retry-After", "120"}, "", notifiers.Retry, notifiers.OneDelivery, 2 * time.Minute},
		"failing":             {hook, 503, nil, "", notifiers.Unknown, notifiers.OneDelivery, 0},
		"gateway":             {hook, 502, nil, "", notifiers.Unknown, notifiers.OneDelivery, 0},
		"timeout":             {hook, 408, nil, "", notifiers.Unknown, notifiers.OneDelivery, 0},
		"gone":                {hook, 404, nil, "", notifiers.Permanent, notifiers.WholeChannel, 0},
		"refused":             {hook, 401, nil, "", notifiers.Permanent, notifiers.WholeChannel, 0},
		"not understood":      {hook, 400, nil, "", notifiers.Permanent, notifiers.WholeChannel, 0},
		"moved":               {hook, 308, []string{"Location", "https://evil.example/"}, "", notifiers.Permanent, notifiers.WholeChannel, 0},
		"discord: gone":       {discord, 404, nil, `{"code":10015}`, notifiers.Permanent, notifiers.WholeChannel, 0},
		"discord: bad body":   {discord, 400, nil, `{"code":50035,"message":"Invalid Form Body"}`, notifiers.Permanent, notifiers.OneDelivery, 0},
		"discord: large body": {discord, 413, nil, "", notifiers.Permanent, notifiers.OneDelivery, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				box := &inbox{before: func(w http.ResponseWriter, r *http.Request) {
					answer(c.status, c.header...)(w, r)
					_, _ = io.WriteString(w, c.body)
				}}
				n := open(t, loopback.Transport{Handler: box}, false)
				m, err := n.Render(notifiertest.Notice())
				if err != nil {
					t.Fatal(err)
				}
				_, err = n.Send(t.Context(), c.to, m, "key")
				var told *notifiers.Error
				if !errors.As(err, &told) || told.Outcome != c.outcome || told.Scope != c.scope || box.times() != 1 {
					t.Fatalf("error %v after %d requests, want %s of the %s after one", err, box.times(), c.outcome, c.scope)
				}
				if c.wait > 0 && (time.Until(told.At) != c.wait || !told.Free) || c.wait == 0 && !told.At.IsZero() {
					t.Errorf("told to wait %s, want %s", time.Until(told.At), c.wait)
				}
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error shows the address: %v", err)
				}
			})
		})
	}
}

func TestSlowAnswerIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &inbox{after: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}
		n := open(t, loopback.Transport{Handler: box}, false)
		m, err := n.Render(notifiertest.Notice())
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = n.Send(t.Context(), hook, m, "key")
		var told *notifiers.Error
		if !errors.As(err, &told) || told.Outcome != notifiers.Unknown || time.Since(start) != 10*time.Second {
			t.Errorf("error %v after %s, want unknown after 10 s", err, time.Since(start))
		}
	})
}

// Over a socket net/http sees a connection die and must not repeat the post.
func TestLostOverSocket(t *testing.T) {
	t.Parallel()
	box := &inbox{}
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	to := notifiers.Target{ID: "newsroom", Address: server.URL + "/" + secret}
	n := open(t, http.DefaultTransport, true)
	m, err := n.Render(notifiertest.Notice())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Send(t.Context(), to, m, "key"); err != nil {
		t.Fatal(err)
	}
	box.mu.Lock()
	box.after = abort
	box.mu.Unlock()
	_, err = n.Send(t.Context(), to, m, "key")
	var told *notifiers.Error
	if !errors.As(err, &told) || told.Outcome != notifiers.Unknown || box.times() != 1 || strings.Contains(err.Error(), secret) {
		t.Errorf("error %v after %d lost answers, want unknown after one", err, box.times())
	}
}

func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	box := &inbox{}
	closed, opened := open(t, loopback.Transport{Handler: box}, false), open(t, loopback.Transport{Handler: box}, true)
	m, err := closed.Render(notifiertest.Notice())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "[::1]", "localhost:8080", "a.localhost.", "10.0.0.7", "192.168.1.1", "169.254.169.254", "[fd00::1]", "[::ffff:10.0.0.1]", "0.0.0.0"} {
		to := notifiers.Target{ID: "newsroom", Address: "http://" + host + "/" + secret}
		_, err := closed.Send(t.Context(), to, m, "key")
		var told *notifiers.Error
		if !errors.As(err, &told) || told.Outcome != notifiers.Permanent || told.Scope != notifiers.WholeChannel || !strings.Contains(err.Error(), "allow_private") || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", host, err)
		}
		if _, err := opened.Send(t.Context(), to, m, "key"); err != nil {
			t.Errorf("%s, allowed: %v", host, err)
		}
	}
	if n := len(box.shown()); n != 10 {
		t.Errorf("%d notices came through, want the 10 that were allowed", n)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	check := webhook.Kind().Channel
	for _, good := range []string{hook.Address, discord.Address, "http://n8n:5678/webhook/x", "http://127.0.0.1:9/api/webhooks/1/x"} {
		if err := check(notifiers.Target{Address: good}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", secret, "ftp://x.example/" + secret, "https:///" + secret, "https://u:" + secret + "@x.example/", "http://discord.com/api/webhooks/1/" + secret, "https://x.example/%zz" + secret} {
		if err := check(notifiers.Target{Address: bad}); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	n := open(t, loopback.Transport{Handler: &inbox{}}, false)
	var told *notifiers.Error
	if _, err := n.Send(t.Context(), hook, notifiers.Message{Body: []byte(`{"discord":{}}`)}, "key"); !errors.As(err, &told) || told.Outcome != notifiers.Permanent || told.Scope != notifiers.OneDelivery {
		t.Errorf("a foreign message: %v", err)
	}
	if _, err := n.Send(t.Context(), notifiers.Target{Address: secret}, notifiers.Message{Body: []byte(`{}`)}, "key"); !errors.As(err, &told) || told.Scope != notifiers.WholeChannel {
		t.Errorf("no address: %v", err)
	}
}

func TestDiscordBodiesFollowDiscord(t *testing.T) {
	t.Parallel()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(beside.Specification(t, "discord-openapi.json")))
	if err != nil {
		t.Fatal(err)
	}
	schemas := doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
	for _, name := range []string{"IncomingWebhookRequestPartial", "RichEmbed", "RichEmbedField", "MessageAllowedMentionsRequest", "ActionRowComponentForMessageRequest", "ButtonComponentForMessageRequest"} {
		schemas[name].(map[string]any)["additionalProperties"] = false
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("discord.json#/components/schemas/IncomingWebhookRequestPartial")
	if err != nil {
		t.Fatal(err)
	}
	n := open(t, nil, false)
	for name, notice := range notices() {
		m, err := n.Render(notice)
		if err != nil {
			t.Fatal(err)
		}
		message, err := jsonschema.UnmarshalJSON(bytes.NewReader(m.Body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(message.(map[string]any)["discord"]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if schema.Validate(map[string]any{"contents": "x"}) == nil {
		t.Error("the schema is not closed")
	}
}

// The sample in the README is a notice, key for key.
func TestReadme(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, sample, _ := strings.Cut(string(data), "```json\n")
	d := json.NewDecoder(strings.NewReader(sample))
	d.DisallowUnknownFields()
	var n webhook.Notice
	if err := d.Decode(&n); err != nil || n.Text == "" || n.Posts[0].Text != n.Text || n.Headline == "" {
		t.Errorf("the sample reads as %+v, %v", n, err)
	}
}

// TestTheReadmeDescribesNotices: every kind of notice, and every field of one.
func TestTheReadmeDescribesNotices(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := filepath.Glob("../../notice_*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range kinds {
		words, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`NoticeKind = "(\w+)"`).FindAllSubmatch(words, -1) {
			names = append(names, string(m[1]))
		}
	}
	if len(names) < 3 {
		t.Fatalf("only the kinds %q were found", names)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[webhook.Notice](), reflect.TypeFor[webhook.Gap](), reflect.TypeFor[webhook.Incident](), reflect.TypeFor[webhook.Digest](), reflect.TypeFor[webhook.DigestLine](), reflect.TypeFor[webhook.Filings](), reflect.TypeFor[onrecord.FiledEntry](), reflect.TypeFor[onrecord.Folded]()} {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	for _, name := range names {
		if !bytes.Contains(readme, []byte("`"+name+"`")) && !bytes.Contains(readme, []byte(`"`+name+`":`)) {
			t.Errorf("README.md does not describe %s", name)
		}
	}
}
