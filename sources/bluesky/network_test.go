//go:build servers

package bluesky_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
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
	"onrecord/internal/store/pgtest"
	"onrecord/sources"
	"onrecord/sources/bluesky"
	"onrecord/sources/sourcetest"
)

// network is Bluesky's own software, as https://www.npmjs.com/package/@atproto/dev-env starts it: where
// accounts write, and the AppView that we read. What it makes of both is nothing that we believe of it.
type network struct {
	*testing.T
	PDS, AppView string
}

// program starts it, for this machine alone, and says where it is. Of Redis it wants
// a name alone, where the AppView is given none.
const program = `
import net from 'node:net'
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (at, ...rest) {
  if (typeof at === 'object') return listen.call(this, { ...at, host: '127.0.0.1' }, ...rest)
  return listen.call(this, { port: Number(at), host: '127.0.0.1' }, ...rest.filter((r) => typeof r === 'function'))
}
const { TestNetwork, mockMailer } = await import('@atproto/dev-env')
const all = await TestNetwork.create({ dbPostgresSchema: 'servers', bsky: { redisHost: undefined } })
mockMailer(all.pds)
console.log('ready ' + JSON.stringify({ PDS: all.pds.url, AppView: all.bsky.url }))
`

// startNetwork starts what is installed in the folder that ONRECORD_ATPROTO names.
func startNetwork(t *testing.T) network {
	t.Helper()
	folder := os.Getenv("ONRECORD_ATPROTO")
	if folder == "" {
		t.Fatal("ONRECORD_ATPROTO names no folder; make servers ATPROTO=folder, in which npm install @atproto/dev-env was run")
	}
	var said bytes.Buffer
	server := exec.CommandContext(t.Context(), "sh", "-c", "exec node --input-type=module") // the folder's own Node, if it has one
	server.Dir, server.Stdin, server.Stderr = folder, strings.NewReader(program), &said
	server.Env = append(os.Environ(), "PATH="+filepath.Join(folder, "node_modules", ".bin")+string(os.PathListSeparator)+os.Getenv("PATH"), "TMPDIR="+t.TempDir(),
		"DB_POSTGRES_URL="+pgtest.New(t, pgtest.Fast...).Database(t), "REDIS_HOST=none", "LOG_ENABLED=false")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		if t.Failed() {
			t.Logf("the network said:\n%.4000s", said.String())
		}
	})
	defer time.AfterFunc(3*time.Minute, func() { _ = server.Process.Kill() }).Stop() // ends the lines below
	n := network{T: t}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if where, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			if err := json.Unmarshal([]byte(where), &n); err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return n
		}
	}
	t.Fatal("the network does not start")
	return n
}

type object = map[string]any

// call asks for something that must be given.
func (n network) call(method, address, token string, body, into any) {
	n.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		n.Fatal(err)
	}
	if body == nil {
		text = nil
	}
	req, err := http.NewRequestWithContext(n.Context(), method, address, bytes.NewReader(text))
	if err != nil {
		n.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		n.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		n.Fatalf("%s %s: %s, %v: %.500s", method, address, answer.Status, err, said)
	}
	if into != nil {
		if err := json.Unmarshal(said, into); err != nil {
			n.Fatalf("%s %s: %v: %.500s", method, address, err, said)
		}
	}
}

// writer is somebody with an account.
type writer struct {
	network
	DID, AccessJwt string
}

func (n network) join(handle string) *writer {
	n.Helper()
	w := &writer{network: n}
	n.call("POST", n.PDS+"/xrpc/com.atproto.server.createAccount", "", object{"handle": handle, "email": handle + "@mail.test", "password": "correct horse"}, w)
	return w
}

// do asks the account's server.
func (w *writer) do(method string, body, into any) {
	w.Helper()
	w.call("POST", w.PDS+"/xrpc/com.atproto."+method, w.AccessJwt, body, into)
}

// made is a record that was written.
type made struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

func (m made) key() string { return m.URI[strings.LastIndex(m.URI, "/")+1:] }

// stamp is a date as apps write it: the feed is ordered by the milliseconds.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// draft is a post to be written, with what else its record holds.
func draft(text string, more object) object {
	d := object{"$type": "app.bsky.feed.post", "text": text, "createdAt": stamp(time.Now())}
	maps.Copy(d, more)
	return d
}

func (w *writer) write(record object) (m made) {
	w.Helper()
	w.do("repo.createRecord", object{"repo": w.DID, "collection": record["$type"], "record": record}, &m)
	return m
}

// shown asks the AppView for posts.
func (n network) shown(uri string) (versions []string) {
	n.Helper()
	var answer struct{ Posts []made }
	n.call("GET", n.AppView+"/xrpc/app.bsky.feed.getPosts?"+url.Values{"uris": {uri}}.Encode(), "", nil, &answer)
	for _, p := range answer.Posts {
		versions = append(versions, p.CID)
	}
	return versions
}

// until waits for the AppView to have heard.
func (n network) until(what string, is func() bool) {
	n.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			n.Fatalf("%s: the AppView never hears of it", what)
		}
	}
}

func (n network) heard(m made) {
	n.Helper()
	n.until(m.URI, func() bool { return slices.Equal(n.shown(m.URI), []string{m.CID}) })
}

// Bluesky's own software is read as Bluesky is: posts byte for byte and in order over pages, marks, threads, answers,
// quotations, reposts, posts dated back, edits, deletions, an account that rests and one that is renamed.
func TestNetwork(t *testing.T) {
	n := startNetwork(t)
	party, other := n.join("harborlabs.test"), n.join("northwind.test")
	old := party.write(draft("From before anybody watched.", nil))
	n.heard(old)
	source, err := (&bluesky.Config{BaseURL: n.AppView}).Open(sources.Env{Client: func(bool) *http.Client { return http.DefaultClient }})
	if err != nil {
		t.Fatal(err)
	}
	r := &sourcetest.Reader{T: t, Source: source, Account: onrecord.Account{ID: "bluesky:harbor", Source: "bluesky", Handle: "harborlabs.test", Speaker: "Harbor Labs"}}
	first := r.Want("the first pull", "From before anybody watched.")
	if len(first) != 1 || first[0].ID != old.URI || first[0].Revision != old.CID || first[0].Author.ID != party.DID {
		t.Errorf("the first pull gives %+v", first)
	}
	r.Want("nothing new")

	var want []string
	var writes []object
	for i := range 140 {
		want = append(want, fmt.Sprintf("Statement %d: it’s meritless — and “wrong” 🐘👩‍⚖️ <on> every page & point.\n\nWe say so.", i))
		d := draft(want[i], nil)
		d["createdAt"] = stamp(time.Now().Add(time.Duration(i-140) * time.Millisecond))
		writes = append(writes, object{"$type": "com.atproto.repo.applyWrites#create", "collection": "app.bsky.feed.post", "value": d})
	}
	var wrote struct{ Results []made }
	party.do("repo.applyWrites", object{"repo": party.DID, "writes": writes}, &wrote)
	for _, m := range wrote.Results {
		n.heard(m)
	}
	posts := r.Want("140 posts over two pages", want...)

	text := "Our answer, in full: harbor.example/answer — naïve, they say."
	start := strings.Index(text, "harbor.example")
	link := object{"index": object{"byteStart": start, "byteEnd": start + len("harbor.example/answer")}, "features": []any{object{"$type": "app.bsky.richtext.facet#link", "uri": "https://harbor.example/answer"}}}
	marked := party.write(draft(text, object{"langs": []string{"de", "en"}, "facets": []any{link}, "labels": object{"$type": "com.atproto.label.defs#selfLabels", "values": []any{object{"val": "graphic-media"}}}}))
	n.heard(marked)
	if got := r.Want("a post with marks", text); len(got) != 1 || got[0].Lang != "de" || got[0].Warning != "graphic-media" || cmp.Diff(got[0].Links, []onrecord.Link{{URL: "https://harbor.example/answer", Shown: "harbor.example/answer"}}) != "" {
		t.Errorf("a post with marks is read as %+v", got)
	}

	one := party.write(draft("1/ Some facts.", nil))
	two := party.write(draft("2/ Nobody had the model.", object{"reply": object{"root": one, "parent": one}}))
	three := party.write(draft("3/ That is all.", object{"reply": object{"root": one, "parent": two}}))
	n.heard(three)
	for i, p := range r.Want("a thread", "1/ Some facts.", "2/ Nobody had the model.", "3/ That is all.") {
		if p.Thread != one.URI || i > 0 && (p.Kind != onrecord.Thread || p.ReplyTo == nil || p.ReplyTo.ID != []made{one, two}[i-1].URI) {
			t.Errorf("part %d of a thread is read as %+v", i+1, p)
		}
	}

	theirs := other.write(draft("Harbor Labs took our model.", nil))
	n.heard(theirs)
	n.heard(party.write(draft("That is false.", object{"reply": object{"root": theirs, "parent": theirs}})))
	n.heard(party.write(draft("They say this.", object{"embed": object{"$type": "app.bsky.embed.record", "record": theirs}})))
	party.write(object{"$type": "app.bsky.feed.repost", "subject": theirs, "createdAt": stamp(time.Now())})
	last := party.write(draft("And that is that.", nil))
	n.heard(last)
	among := r.Want("an answer, a quotation and a repost", "That is false.", "They say this.", "Harbor Labs took our model.", "And that is that.")
	if len(among) == 4 {
		reply, quote, repost := among[0], among[1], among[2]
		if reply.Kind != onrecord.Reply || reply.ReplyTo == nil || reply.ReplyTo.ID != theirs.URI || reply.ReplyTo.Text != "Harbor Labs took our model." || reply.ReplyTo.Account != "northwind.test" {
			t.Errorf("an answer is read as %+v", reply)
		}
		if quote.Kind != onrecord.Quote || quote.Quotes == nil || quote.Quotes.ID != theirs.URI || quote.Quotes.Text != "Harbor Labs took our model." {
			t.Errorf("a quotation is read as %+v", quote)
		}
		if repost.Kind != onrecord.Repost || repost.Author.ID != party.DID || repost.Reposts == nil || repost.Reposts.Account != "northwind.test" {
			t.Errorf("a repost is read as %+v", repost)
		}
	}

	n.heard(party.write(draft("Dated back by two days.", object{"createdAt": stamp(time.Now().Add(-48 * time.Hour))}))) // behind the first page
	n.heard(party.write(draft("Dated today.", nil)))
	r.Want("a post dated back", "Dated back by two days.", "Dated today.")

	edited, gone := posts[0], posts[1]
	const changed = "The hearing is on Tuesday — not on Monday."
	var anew made
	party.do("repo.putRecord", object{"repo": party.DID, "collection": "app.bsky.feed.post", "rkey": made{URI: edited.ID}.key(), "record": draft(changed, object{"createdAt": stamp(edited.Created)})}, &anew)
	n.heard(anew)
	party.do("repo.deleteRecord", object{"repo": party.DID, "collection": "app.bsky.feed.post", "rkey": made{URI: gone.ID}.key()}, nil)
	n.until("a deletion", func() bool { return len(n.shown(gone.ID)) == 0 })
	look := func() map[string]sources.Look {
		t.Helper()
		looks, err := source.(sources.Rechecker).Recheck(t.Context(), r.Account, posts[:3])
		if err != nil {
			t.Fatal(err)
		}
		return looks
	}
	looks := look()
	if l := looks[gone.ID]; l.Sight != sources.Absent {
		t.Errorf("a deleted post is looked at as %+v", l)
	}
	if l := looks[edited.ID]; l.Sight != sources.Present || l.Post == nil || l.Post.Text != changed || l.Post.Revision != anew.CID {
		t.Errorf("an edited post is looked at as %+v", l)
	}
	if l := looks[posts[2].ID]; l.Sight != sources.Present || l.Post == nil || l.Post.Revision != posts[2].Revision || l.Post.Text != posts[2].Text {
		t.Errorf("a post that is as it was is looked at as %+v", l)
	}

	party.do("server.deactivateAccount", object{}, nil)
	n.until("an account that rests", func() bool { return len(n.shown(last.URI)) == 0 })
	for id, l := range look() {
		if l.Sight != sources.Unreadable {
			t.Errorf("while the account rests, %s is looked at as %+v", id, l)
		}
	}
	if _, err := r.Pull(); err == nil {
		t.Error("an account that rests is read")
	}
	party.do("server.activateAccount", nil, nil)
	n.heard(last)

	party.do("identity.updateHandle", object{"handle": "harbor.test"}, nil)
	n.until("a new handle", func() bool {
		var who struct{ Handle string }
		n.call("GET", n.AppView+"/xrpc/app.bsky.actor.getProfile?actor="+url.QueryEscape(party.DID), "", nil, &who)
		return who.Handle == "harbor.test"
	})
	n.heard(party.write(draft("We have a new name.", nil)))
	page, err := source.Pull(t.Context(), r.Account, r.Cursor)
	if err != nil || page.Handle != "harbor.test" || !slices.Equal(sourcetest.Texts(page.Posts), []string{changed, "We have a new name."}) { // the edit keeps its old place
		t.Errorf("a renamed account is read as %q, called %q, %v", sourcetest.Texts(page.Posts), page.Handle, err)
	}
}
