//go:build servers

package mastodon_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/mastodon"
	"onrecord/sources/sourcetest"
)

// gotosocial is a server that somebody else wrote, https://codeberg.org/superseriousbusiness/gotosocial: what it
// makes of Mastodon's API is nothing that we believe of it.
type gotosocial struct {
	*testing.T
	host, folder string
	settings     []string
}

const password = "Correct-horse-battery-staple-7!"

// startGoToSocial starts the program in the folder that ONRECORD_GOTOSOCIAL names, as its releases are packed.
func startGoToSocial(t *testing.T) gotosocial {
	t.Helper()
	folder := os.Getenv("ONRECORD_GOTOSOCIAL")
	if folder == "" {
		t.Fatal("ONRECORD_GOTOSOCIAL names no folder; make servers GOTOSOCIAL=folder, with an unpacked release")
	}
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	home := t.TempDir()
	g := gotosocial{T: t, host: "localhost:" + port, folder: folder}
	g.settings = append(os.Environ(), "GTS_HOST="+g.host, "GTS_PORT="+port, "GTS_BIND_ADDRESS=127.0.0.1", "GTS_PROTOCOL=http", "GTS_LOG_LEVEL=warn",
		"GTS_DB_TYPE=sqlite", "GTS_DB_ADDRESS="+filepath.Join(home, "sqlite.db"), "GTS_STORAGE_LOCAL_BASE_PATH="+filepath.Join(home, "storage"),
		"GTS_WEB_TEMPLATE_BASE_DIR="+filepath.Join(folder, "web", "template")+"/", "GTS_WEB_ASSET_BASE_DIR="+filepath.Join(folder, "web", "assets")+"/", "GTS_ADVANCED_RATE_LIMIT_REQUESTS=0")
	var said bytes.Buffer
	server := g.program("server", "start")
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		if t.Failed() {
			t.Logf("the server said:\n%.4000s", said.String())
		}
	})
	ready, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+g.host+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(3 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if answer, err := http.DefaultClient.Do(ready); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return g
			}
		}
		if time.Now().After(until) {
			t.Fatal("the server does not start")
		}
	}
}

func (g gotosocial) program(args ...string) *exec.Cmd {
	c := exec.CommandContext(g.Context(), filepath.Join(g.folder, "gotosocial"), args...)
	c.Env = g.settings
	return c
}

// call asks for something that must be given.
func (g gotosocial) call(c *http.Client, method, path, token string, body, into any) {
	g.Helper()
	contentType, text := "application/json", []byte(nil)
	if form, ok := body.(url.Values); ok {
		contentType, text = "application/x-www-form-urlencoded", []byte(form.Encode())
	} else if body != nil {
		text, _ = json.Marshal(body)
	}
	req, err := http.NewRequestWithContext(g.Context(), method, "http://"+g.host+path, bytes.NewReader(text))
	if err != nil {
		g.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "application/json, text/html")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.Do(req)
	if err != nil {
		g.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 400 {
		g.Fatalf("%s %s: %s, %v: %.500s", method, path, answer.Status, err, said)
	}
	if into != nil {
		if err := json.Unmarshal(said, into); err != nil {
			g.Fatalf("%s %s: %v: %.500s", method, path, err, said)
		}
	}
}

type object = map[string]any

// writer is somebody with an account.
type writer struct {
	gotosocial
	token string
}

// join makes an account, and signs in to it as a person does.
func (g gotosocial) join(name string) writer {
	g.Helper()
	for _, args := range [][]string{{"create", "--username", name, "--email", name + "@mail.test", "--password", password}, {"confirm", "--username", name}} {
		if out, err := g.program(append([]string{"admin", "account"}, args...)...).CombinedOutput(); err != nil {
			g.Fatalf("%s the account %s: %v: %.2000s", args[0], name, err, out)
		}
	}
	code := ""
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if code = req.URL.Query().Get("code"); code != "" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	const here = "urn:ietf:wg:oauth:2.0:oob"
	var app struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	g.call(browser, "POST", "/api/v1/apps", "", object{"client_name": "writer", "redirect_uris": here, "scopes": "read write"}, &app)
	ask := "/oauth/authorize?" + url.Values{"client_id": {app.ID}, "redirect_uri": {here}, "response_type": {"code"}, "scope": {"read write"}}.Encode()
	g.call(browser, "GET", ask, "", nil, nil)
	g.call(browser, "POST", "/auth/sign_in", "", url.Values{"username": {name + "@mail.test"}, "password": {password}}, nil)
	g.call(browser, "GET", ask, "", nil, nil)
	g.call(browser, "POST", "/oauth/authorize", "", url.Values{}, nil)
	if code == "" {
		g.Fatalf("%s is not let in", name)
	}
	var given struct {
		Token string `json:"access_token"`
	}
	g.call(browser, "POST", "/oauth/token", "", object{"grant_type": "authorization_code", "code": code, "redirect_uri": here, "client_id": app.ID, "client_secret": app.Secret}, &given)
	return writer{g, given.Token}
}

func (w writer) do(method, path string, body, into any) {
	w.Helper()
	w.call(http.DefaultClient, method, "/api/v1/"+path, w.token, body, into)
}

// write posts for everybody, unless it is told otherwise, and returns the id.
func (w writer) write(text string, more object) string {
	w.Helper()
	draft := object{"status": text, "visibility": "public"}
	maps.Copy(draft, more)
	var made struct{ ID string }
	w.do("POST", "statuses", draft, &made)
	return made.ID
}

// A server that somebody else wrote is read as Mastodon is: posts byte for byte and in order over pages, threads,
// answers, boosts, warnings, edits, deletions, and nothing that is not for everybody, whoever's token asks.
func TestGoToSocial(t *testing.T) {
	g := startGoToSocial(t)
	party, other := g.join("harborlabs"), g.join("northwind")
	read := func(token string) *sourcetest.Reader {
		t.Helper()
		c := mastodon.Config{BaseURL: "http://" + g.host, Token: token}
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		source, err := c.Open(sources.Env{Client: func(bool) *http.Client { return http.DefaultClient }})
		if err != nil {
			t.Fatal(err)
		}
		return &sourcetest.Reader{T: t, Source: source, Account: onrecord.Account{ID: "mastodon:harbor", Source: "mastodon", Handle: "harborlabs@" + g.host, Speaker: "Harbor Labs"}}
	}
	old := party.write("From before anybody watched.", nil)
	r := read(party.token) // who sees most: the author
	if err := r.Source.(sources.Prober).Probe(t.Context()); err != nil {
		t.Errorf("the token is not taken: %v", err)
	}
	name := func(id string) string { return g.host + "/" + id }
	if first := r.Want("the first pull", "From before anybody watched."); len(first) != 1 || first[0].ID != name(old) {
		t.Errorf("the first pull gives %+v", first)
	}
	r.Want("nothing new")

	var want []string
	for i := range 50 {
		want = append(want, fmt.Sprintf("Statement %d: it’s meritless — and “wrong” 🐘👩‍⚖️ <on> every page & point.\n\nWe say so.", i))
		party.write(want[i], nil)
	}
	posts := r.Want("50 posts over two pages", want...)
	if len(posts) != len(want) {
		t.FailNow()
	}

	const text = "Unsere Antwort: https://harbor.example/answer?of=us&to=them"
	party.write(text, object{"spoiler_text": "Court & filings", "language": "de"})
	if got := r.Want("a post behind a warning", text); len(got) != 1 || got[0].Warning != "Court & filings" || got[0].Lang != "de" || cmp.Diff(got[0].Links, []onrecord.Link{{URL: "https://harbor.example/answer?of=us&to=them", Shown: "https://harbor.example/answer?of=us&to=them"}}) != "" {
		t.Errorf("a post behind a warning is read as %+v", got)
	}

	one := party.write("1/ Some facts.", nil)
	two := party.write("2/ Nobody had the model.", object{"in_reply_to_id": one})
	thread := r.Want("a thread", "1/ Some facts.", "2/ Nobody had the model.")
	party.write("3/ That is all.", object{"in_reply_to_id": two})
	thread = append(thread, r.Want("a part of a thread that comes later", "3/ That is all.")...)
	for i, p := range thread {
		if p.Thread != name(one) || i > 0 && (p.Kind != onrecord.Thread || p.ReplyTo == nil || p.ReplyTo.ID != name([]string{one, two}[i-1])) {
			t.Errorf("part %d of a thread is read as %+v", i+1, p)
		}
	}

	theirs := other.write("Harbor Labs took our model.", nil)
	party.write("@northwind That is false.", object{"in_reply_to_id": theirs})
	party.do("POST", "statuses/"+theirs+"/reblog", object{}, nil)
	if among := r.Want("an answer and a boost", "@northwind That is false.", "Harbor Labs took our model."); len(among) == 2 {
		if p := among[0]; p.Kind != onrecord.Reply || p.ReplyTo == nil || p.ReplyTo.ID != name(theirs) || p.ReplyTo.Account != "northwind@"+g.host {
			t.Errorf("an answer is read as %+v", p)
		}
		if p := among[1]; p.Kind != onrecord.Repost || p.Author.Handle != "harborlabs@"+g.host || p.Reposts == nil || p.Reposts.Account != "northwind@"+g.host {
			t.Errorf("a boost is read as %+v", p)
		}
	}

	party.write("For those who follow us.", object{"visibility": "private"})
	party.write("@northwind For you alone.", object{"visibility": "direct"})
	party.write("For whoever finds it.", object{"visibility": "unlisted"})
	var me struct{ ID string }
	party.do("GET", "accounts/verify_credentials", nil, &me)
	var shown []struct{ Visibility string }
	party.do("GET", "accounts/"+me.ID+"/statuses?limit=10", nil, &shown)
	if !slices.ContainsFunc(shown, func(s struct{ Visibility string }) bool { return s.Visibility == "private" }) {
		t.Errorf("the server does not show the author what is for followers: %v", shown)
	}
	r.Want("what is not for everybody", "For whoever finds it.")

	edited, gone, kept := posts[0], posts[1], posts[2]
	id := func(p onrecord.Post) string { _, id, _ := strings.Cut(p.ID, "/"); return id }
	const changed = "The hearing is on Tuesday — not on Monday."
	party.do("PUT", "statuses/"+id(edited), object{"status": changed}, nil)
	party.do("DELETE", "statuses/"+id(gone), nil, nil)
	var looks map[string]sources.Look
	for range 100 { // it deletes after it has answered
		var err error
		if looks, err = r.Source.(sources.Rechecker).Recheck(t.Context(), r.Account, posts[:3]); err != nil {
			t.Fatal(err)
		}
		if looks[gone.ID].Sight == sources.Absent {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if l := looks[edited.ID]; l.Sight != sources.Present || l.Post == nil || l.Post.Text != changed || l.Post.Revision == edited.Revision {
		t.Errorf("an edited post is looked at as %+v", l)
	}
	if l := looks[gone.ID]; l.Sight != sources.Absent {
		t.Errorf("a deleted post is looked at as %+v", l)
	}
	if l := looks[kept.ID]; l.Sight != sources.Present || l.Post == nil || l.Post.Revision != kept.Revision || l.Post.Text != kept.Text {
		t.Errorf("a post that is as it was is looked at as %+v", l)
	}

	party.do("PATCH", "accounts/update_credentials", object{"enable_rss": true}, nil)
	page, err := read("").Pull() // a stranger, to whom it shows feeds alone
	if err != nil {
		t.Fatal(err)
	}
	if told := sourcetest.Texts(page.Posts); !slices.Contains(told, want[49]) || !slices.Contains(told, text) || slices.Contains(told, "For those who follow us.") || len(page.Warnings) != 1 {
		t.Errorf("a stranger reads %q, and is told %q", told, page.Warnings)
	}

	q := read(other.token) // of somebody who does not follow the author
	q.Must()
	q.Want("nothing new")
	for i := range 45 { // more than a page, which is shown empty
		party.write(fmt.Sprintf("For followers %d.", i), object{"visibility": "private"})
	}
	party.write("And for everybody.", nil)
	q.Want("what stands behind a page for followers", "And for everybody.")
}
