package discordtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/internal/loopback"
	"onrecord/notifiers/discord/discordtest"
)

const room = "1180000000000000010"

// client talks to the fake as a bot would.
type client struct {
	t      *testing.T
	to     *http.Client
	header http.Header
}

func talk(t *testing.T, s *discordtest.Server) client {
	return client{t, &http.Client{Transport: loopback.Transport{Handler: s}}, http.Header{"Authorization": {"Bot " + discordtest.DefaultToken}, "User-Agent": {"DiscordBot (https://x.example, v1)"}, "Content-Type": {"application/json"}}}
}

func (c client) do(method, path, body string) (int, string, http.Header) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, "https://discord.com/api/v10"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header = c.header
	resp, err := c.to.Do(req)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, string(data), resp.Header
}

func (c client) post(nonce, content string) (int, string) {
	status, body, _ := c.do("POST", "/channels/"+room+"/messages", `{"content":"`+content+`","allowed_mentions":{"parse":[]},"nonce":"`+nonce+`","enforce_nonce":true}`)
	return status, body
}

func id(t *testing.T, body string) string {
	t.Helper()
	var m struct{ ID string }
	if err := json.Unmarshal([]byte(body), &m); err != nil || m.ID == "" {
		t.Fatalf("no id in %s", body)
	}
	return m.ID
}

func TestNonceWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := discordtest.New(room)
		s.SetNonceWindow(time.Minute)
		c := talk(t, s)
		_, first := c.post("a", "one")
		time.Sleep(59 * time.Second)
		if status, again := c.post("a", "two"); status != 200 || again != first {
			t.Errorf("inside the window: %d %s, want the first answer %s", status, again, first)
		}
		time.Sleep(time.Second)
		if _, again := c.post("a", "three"); id(t, again) == id(t, first) {
			t.Error("outside the window the first message came back")
		}
		if s.NonceHits() != 1 || len(s.Messages(room)) != 2 {
			t.Errorf("%d hits and %d messages, want 1 and 2", s.NonceHits(), len(s.Messages(room)))
		}
		s.DeleteMessage(room, s.Messages(room)[1].ID)
		if status, body := c.post("a", "four"); status != 404 || !strings.Contains(body, "10008") {
			t.Errorf("after a deletion: %d %s", status, body)
		}
		s.SetNonceWindow(0)
		if status, _ := c.post("a", "five"); status != 200 {
			t.Errorf("without a window: %d", status)
		}
	})
}

func TestBodiesAreChecked(t *testing.T) {
	t.Parallel()
	c := talk(t, discordtest.New(room))
	long := strings.Repeat("x", 2001)
	for name, b := range map[string]struct{ body, want string }{
		"content":           {`{"content":"` + long + `","allowed_mentions":{"parse":[]}}`, `{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"`},
		"field":             {`{"embeds":[{"fields":[{"name":"a","value":""}]}],"allowed_mentions":{"parse":[]}}`, `{"embeds":{"0":{"fields":{"0":{"value":{"_errors":[{"code":"BASE_TYPE_REQUIRED"`},
		"sum of embeds":     {`{"embeds":[{"description":"` + long + `"},{"description":"` + long + `"},{"description":"` + long + `"}],"allowed_mentions":{"parse":[]}}`, `{"embeds":{"_errors"`},
		"unknown key":       {`{"contents":"x","allowed_mentions":{"parse":[]}}`, `unknown field`},
		"no JSON":           {`content=x`, `"errors"`},
		"two bodies":        {`{"allowed_mentions":{"parse":[]}}{}`, `"errors"`},
		"mentions left out": {`{"content":"x"}`, `allowed_mentions`},
		"mentions null":     {`{"content":"x","allowed_mentions":{"parse":null}}`, `allowed_mentions`},
		"mentions both":     {`{"content":"x","allowed_mentions":{"parse":["roles"],"roles":["1"]}}`, `mutually exclusive`},
		"mentions unknown":  {`{"content":"x","allowed_mentions":{"parse":["all"]}}`, `BASE_TYPE_CHOICES`},
		"nonce":             {`{"content":"x","allowed_mentions":{"parse":[]},"nonce":"12345678901234567890123456"}`, `"nonce"`},
		"url":               {`{"embeds":[{"title":"x","url":"javascript:x"}],"allowed_mentions":{"parse":[]}}`, `"url"`},
		"button":            {`{"content":"x","components":[{"type":1,"components":[{"type":2,"style":5,"label":"x","url":"https://x.example/` + long[:600] + `"}]}],"allowed_mentions":{"parse":[]}}`, `"url"`},
		"row":               {`{"content":"x","components":[{"type":1,"components":[]}],"allowed_mentions":{"parse":[]}}`, `"components"`},
		"colour":            {`{"embeds":[{"title":"x","color":16777216}],"allowed_mentions":{"parse":[]}}`, `"color"`},
		"empty embed":       {`{"embeds":[{}],"allowed_mentions":{"parse":[]}}`, `"embeds"`},
		"nothing":           {`{"allowed_mentions":{"parse":[]}}`, `50006`},
	} {
		status, body, _ := c.do("POST", "/channels/"+room+"/messages", b.body)
		if status != 400 || !strings.Contains(body, b.want) {
			t.Errorf("%s: %d %s, want 400 with %s", name, status, body, b.want)
		}
	}
}

// field is a part of a form.
type field struct{ disposition, kind, data string }

func formOf(fields ...field) (kind, body string) {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString("--border\r\nContent-Disposition: " + f.disposition + "\r\nContent-Type: " + f.kind + "\r\n\r\n" + f.data + "\r\n")
	}
	return "multipart/form-data; boundary=border", b.String() + "--border--\r\n"
}

const letter = `form-data; name="files[0]"; filename="letter.png"`

func payload(attachments string) field {
	return field{`form-data; name="payload_json"`, "application/json", `{"content":"x","allowed_mentions":{"parse":[]},"attachments":[` + attachments + `]}`}
}

func TestFilesAreKept(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	c := talk(t, s)
	kind, body := formOf(payload(`{"id":"0","filename":"letter.png","description":"A letter"}`), field{letter, "image/png", "\x89PNG\r\n\x00"})
	c.header.Set("Content-Type", kind)
	status, answer, _ := c.do("POST", "/channels/"+room+"/messages", body)
	m := s.Messages(room)[0]
	if len(m.Files) != 1 || m.Files[0].Name != "letter.png" || m.Files[0].Type != "image/png" || m.Files[0].Alt != "A letter" || string(m.Files[0].Data) != "\x89PNG\r\n\x00" {
		t.Errorf("files %+v", m.Files)
	}
	if want := `"attachments":[{"content_type":"image/png","description":"A letter","filename":"letter.png","id":"` + m.Files[0].ID + `"`; status != 200 || !strings.Contains(answer, want) {
		t.Errorf("%d %s lacks %s", status, answer, want)
	}
	c.header.Set("Content-Type", "application/json")
	for _, edit := range []struct {
		names string
		files int
	}{{"", 1}, {`,"attachments":[{"id":"` + m.Files[0].ID + `"}]`, 1}, {`,"attachments":[]`, 0}} {
		status, answer, _ := c.do("PATCH", "/channels/"+room+"/messages/"+m.ID, `{"content":"y","allowed_mentions":{"parse":[]}`+edit.names+`}`)
		if n := len(s.Messages(room)[0].Files); status != 200 || n != edit.files {
			t.Errorf("edit %s: %d %s, %d files", edit.names, status, answer, n)
		}
	}
	s.Deny(room, discordtest.AttachFiles)
	c.header.Set("Content-Type", kind)
	if _, answer, _ := c.do("POST", "/channels/"+room+"/messages", body); !strings.Contains(answer, "50013") {
		t.Errorf("without the permission: %s", answer)
	}
}

func TestFormsAreChecked(t *testing.T) {
	t.Parallel()
	c := talk(t, discordtest.New(room))
	file := field{letter, "image/png", "x"}
	const named = `{"id":"0","filename":"letter.png"}`
	for name, f := range map[string]struct {
		fields []field
		want   string
	}{
		"no payload":         {[]field{file}, "payload_json is missing"},
		"payload twice":      {[]field{payload(named), payload(named), file}, "one field of JSON"},
		"payload as a file":  {[]field{{`form-data; name="payload_json"; filename="p"`, "application/json", "{}"}}, "one field of JSON"},
		"payload as text":    {[]field{{`form-data; name="payload_json"`, "text/plain", "{}"}}, "one field of JSON"},
		"payload not JSON":   {[]field{{`form-data; name="payload_json"`, "application/json", "content"}}, "JSON"},
		"unknown field":      {[]field{payload(named), {`form-data; name="file"; filename="letter.png"`, "image/png", "x"}}, "is no file"},
		"file beyond ten":    {[]field{payload(named), {`form-data; name="files[10]"; filename="letter.png"`, "image/png", "x"}}, "is no file"},
		"file without name":  {[]field{payload(named), {`form-data; name="files[0]"`, "image/png", "x"}}, "is no file"},
		"file without type":  {[]field{payload(named), {letter, "", "x"}}, "is not one"},
		"file twice":         {[]field{payload(named), file, file}, "comes twice"},
		"file not described": {[]field{payload(""), file}, "not described"},
		"no such file":       {[]field{payload(named)}, "ATTACHMENT_NOT_FOUND"},
		"described twice":    {[]field{payload(named + "," + named), file}, "ATTACHMENT_ID_DUPLICATE"},
		"another name":       {[]field{payload(`{"id":"0","filename":"other.png"}`), file}, "ATTACHMENT_FILENAME"},
		"number as id":       {[]field{payload(`{"id":0,"filename":"letter.png"}`), file}, "JSON"},
		"unknown key":        {[]field{payload(`{"id":"0","filename":"letter.png","alt":"x"}`), file}, "unknown field"},
		"long description":   {[]field{payload(`{"id":"0","filename":"letter.png","description":"` + strings.Repeat("x", 1025) + `"}`), file}, `"description"`},
	} {
		kind, body := formOf(f.fields...)
		c.header.Set("Content-Type", kind)
		if status, answer, _ := c.do("POST", "/channels/"+room+"/messages", body); status != 400 || !strings.Contains(answer, f.want) {
			t.Errorf("%s: %d %s, want 400 with %s", name, status, answer, f.want)
		}
	}
	kind, body := formOf(payload(named), file)
	for kind, body := range map[string]string{kind: body[:len(body)-10], "multipart/form-data": body, "text/plain": body, "": body, "application/json": body} {
		c.header.Set("Content-Type", kind)
		if status, answer, _ := c.do("POST", "/channels/"+room+"/messages", body); status != 400 {
			t.Errorf("%q: %d %s", kind, status, answer)
		}
	}
	c.header.Set("Content-Type", "application/json")
	if status, answer, _ := c.do("POST", "/channels/"+room+"/messages", `{"content":"`+strings.Repeat("x", 25<<20)+`"}`); status != 413 || !strings.Contains(answer, "40005") {
		t.Errorf("too large: %d %.100s", status, answer)
	}
}

func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	c := talk(t, s)
	for header, want := range map[[2]string]string{{"Authorization", "Bot wrong"}: "401", {"User-Agent", "curl/8"}: "40333"} {
		other := c
		other.header = c.header.Clone()
		other.header.Set(header[0], header[1])
		if _, body, _ := other.do("GET", "/users/@me", ""); !strings.Contains(body, want) {
			t.Errorf("%v: %s, want %s", header, body, want)
		}
	}
	if status, _, _ := c.do("GET", "/gateway", ""); status != 404 {
		t.Errorf("an unknown route: %d", status)
	}
	s.SetBan(2)
	s.Deny(room, discordtest.SendMessages)
	for range 2 {
		c.post("", "x")
	}
	if status, body, _ := c.do("GET", "/users/@me", ""); status != 429 || !strings.Contains(body, "1015") {
		t.Errorf("after too many refusals: %d %s", status, body)
	}
}

func TestHistoryPages(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	c := talk(t, s)
	var ids []string
	for range 120 {
		ids = append(ids, s.Say(room, "hello"))
	}
	s.DeleteMessage(room, ids[119])
	get := func(query string) (list []string) {
		t.Helper()
		_, body, _ := c.do("GET", "/channels/"+room+"/messages"+query, "")
		var page []struct{ ID string }
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatalf("%s: %s", query, body)
		}
		for _, m := range page {
			list = append(list, m.ID)
		}
		return list
	}
	for query, want := range map[string]struct {
		n           int
		first, last string
	}{
		"":                             {50, ids[118], ids[69]},
		"?limit=100":                   {100, ids[118], ids[19]},
		"?limit=2&before=" + ids[50]:   {2, ids[49], ids[48]},
		"?limit=2&after=" + ids[50]:    {2, ids[52], ids[51]},
		"?limit=4&around=" + ids[50]:   {4, ids[51], ids[48]},
		"?limit=100&after=" + ids[117]: {1, ids[118], ids[118]},
	} {
		got := get(query)
		if len(got) != want.n || got[0] != want.first || got[len(got)-1] != want.last {
			t.Errorf("%q: %d messages from %s to %s, want %d from %s to %s", query, len(got), got[0], got[len(got)-1], want.n, want.first, want.last)
		}
	}
	if status, _, _ := c.do("GET", "/channels/"+room+"/messages?limit=101", ""); status != 400 {
		t.Errorf("101 messages: %d", status)
	}
	if status, _, _ := c.do("GET", "/channels/"+room+"/messages/"+ids[119], ""); status != 404 {
		t.Errorf("a deleted message: %d", status)
	}
	if status, _, _ := c.do("GET", "/channels/"+room+"/messages/"+ids[3], ""); status != 200 {
		t.Errorf("a message: %d", status)
	}
	s.Deny(room, discordtest.ReadMessageHistory)
	if got := get(""); len(got) != 0 {
		t.Errorf("without the permission: %d messages", len(got))
	}
	s.DeleteChannel(room)
	if _, body, _ := c.do("GET", "/channels/"+room+"/messages", ""); !strings.Contains(body, "10003") {
		t.Errorf("no channel: %s", body)
	}
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := discordtest.New(room)
		s.SetLimit(2, 2*time.Second)
		c := talk(t, s)
		const body = `{"content":"x","allowed_mentions":{"parse":[]}}`
		for _, left := range []string{"1", "0"} {
			if _, _, h := c.do("POST", "/channels/"+room+"/messages", body); h.Get("X-RateLimit-Remaining") != left || h.Get("X-RateLimit-Reset-After") != "2.000" {
				t.Errorf("headers %v, want %s left", h, left)
			}
		}
		status, answer, h := c.do("POST", "/channels/"+room+"/messages", body)
		var told struct {
			RetryAfter float64 `json:"retry_after"`
		}
		if err := json.Unmarshal([]byte(answer), &told); err != nil || status != 429 || told.RetryAfter != 2 || h.Get("X-RateLimit-Scope") != "user" {
			t.Errorf("%d %s %v", status, answer, h)
		}
		time.Sleep(2 * time.Second)
		if status, _, _ := c.do("POST", "/channels/"+room+"/messages", body); status != 200 {
			t.Errorf("after the wait: %d", status)
		}
	})
}

func TestPings(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"content":"@everyone <@1> <@&2>","allowed_mentions":{"parse":[]}}`:                    "",
		`{"content":"@everyone <@1> <@&2>","allowed_mentions":{"parse":[],"roles":["2"]}}`:      "role 2",
		`{"content":"@everyone <@!1> <@&2>","allowed_mentions":{"parse":["everyone","users"]}}`: "user 1, @everyone",
		`{"content":"\\@here","allowed_mentions":{"parse":["everyone"]}}`:                       "@here",
		`{"embeds":[{"description":"@everyone"}],"allowed_mentions":{"parse":["everyone"]}}`:    "",
		`{"content":"@\u200beveryone","allowed_mentions":{"parse":["everyone"]}}`:               "",
	} {
		s := discordtest.New(room)
		if status, answer, _ := talk(t, s).do("POST", "/channels/"+room+"/messages", body); status != 200 {
			t.Errorf("%s: %d %s", body, status, answer)
		}
		if got := strings.Join(s.Pings(), ", "); got != want {
			t.Errorf("%s notified %q, want %q", body, got, want)
		}
	}
}

func TestEditAndDelete(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	c := talk(t, s)
	_, body := c.post("", "x")
	at := "/channels/" + room + "/messages/" + id(t, body)
	edit := func(path, body string) (int, string) { s, b, _ := c.do("PATCH", path, body); return s, b }
	if status, _ := edit(at, `{"content":"y","allowed_mentions":{"parse":[]}}`); status != 200 || s.Messages(room)[0].Content != "y" || s.Messages(room)[0].Edits != 1 {
		t.Errorf("an edit: %d %+v", status, s.Messages(room))
	}
	if status, _ := edit(at, `{"content":"y","allowed_mentions":{"parse":[]},"nonce":"a"}`); status != 400 {
		t.Errorf("an edit with a nonce: %d", status)
	}
	if _, body := edit("/channels/"+room+"/messages/"+s.Say(room, "hi"), `{"allowed_mentions":{"parse":[]}}`); !strings.Contains(body, "50005") {
		t.Errorf("an edit of somebody else's: %s", body)
	}
	if status, _, _ := c.do("DELETE", at, ""); status != 204 {
		t.Errorf("a deletion: %d", status)
	}
	if _, body := edit(at, `{"allowed_mentions":{"parse":[]}}`); !strings.Contains(body, "10008") {
		t.Errorf("an edit of a deleted message: %s", body)
	}
	var dump strings.Builder
	if err := s.Dump(&dump); err != nil || strings.Count(dump.String(), "-- "+room) != 1 || !strings.HasSuffix(dump.String(), "hi\n") {
		t.Errorf("dump: %s", dump.String())
	}
}

func TestEmbedsNeedPermission(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	s.Deny(room, discordtest.EmbedLinks)
	if status, body, _ := talk(t, s).do("POST", "/channels/"+room+"/messages", `{"content":"x","embeds":[{"title":"y"}],"allowed_mentions":{"parse":[]}}`); status != 200 || len(s.Messages(room)[0].Embeds) != 0 {
		t.Errorf("%d %s: the embed is shown", status, body)
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	s.AddWebhook("1180000000000000666", "tok", room)
	c := talk(t, s)
	c.header = http.Header{"Content-Type": {"application/json"}}
	const body = `{"username":"onrecord","content":"x","components":[{"type":1,"components":[{"type":2,"style":5,"label":"Source","url":"https://x.example/"}]}],"allowed_mentions":{"parse":[]}}`
	if status, _, _ := c.do("POST", "/webhooks/1180000000000000666/tok", body); status != 204 {
		t.Errorf("without wait: %d", status)
	}
	if status, answer, _ := c.do("POST", "/webhooks/1180000000000000666/tok?wait=true&with_components=true", body); status != 200 || id(t, answer) == "" {
		t.Errorf("with wait: %d %s", status, answer)
	}
	if m := s.Messages(room); len(m) != 2 || len(m[0].Components) != 0 || len(m[1].Components) != 1 {
		t.Errorf("messages %+v", m)
	}
	if _, answer, _ := c.do("POST", "/webhooks/1180000000000000666/other", body); !strings.Contains(answer, "10015") {
		t.Errorf("a wrong token: %s", answer)
	}
}

// Odds depend on the seed and on nothing else.
func TestOdds(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (pattern string) {
		s := discordtest.New(room)
		s.SetSeed(seed)
		fired := s.Break(discordtest.Rule{Fault: discordtest.ServerError, Odds: .3})
		c := talk(t, s)
		for range 40 {
			status, _, _ := c.do("GET", "/users/@me", "")
			pattern += map[bool]string{true: ".", false: "x"}[status == 200]
		}
		if fired() != strings.Count(pattern, "x") || s.Fired()[discordtest.ServerError] != fired() || fired() == 0 || fired() == 40 {
			t.Errorf("fired %d times in %s", fired(), pattern)
		}
		return pattern
	}
	if first, again := run(7), run(7); first != again || first == run(8) {
		t.Error("the same seed must give the same faults, and another one others")
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.Break(discordtest.Rule{Fault: discordtest.CutMidBody, Odds: .1})
	s.Break(discordtest.Rule{Fault: discordtest.BadRateHeader, Odds: .5})
	c := talk(t, s)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v9/channels/"+room+"/messages", strings.NewReader(`{"content":"x","allowed_mentions":{"parse":[]}}`))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header = c.header.Clone()
				if resp, err := http.DefaultClient.Do(req); err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
				s.Messages(room)
				s.Fired()
			}
		})
	}
	all.Wait()
	if n := len(s.Messages(room)); n != 160 {
		t.Errorf("%d messages, want 160", n)
	}
}
