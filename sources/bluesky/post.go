package bluesky

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"onrecord"
	"onrecord/sources/markup"
)

// maxRaw bounds what is kept of a post as the AppView showed it.
const maxRaw = 64 << 10

// view is an entry of an author feed: a post, or somebody else's that the
// account reposted.
type view struct {
	raw []byte

	Post   postView        `json:"post"`
	Reply  json.RawMessage `json:"reply"` // others' posts: read apart, for their faults are not this one's
	Reason *reason         `json:"reason"`
}

type reason struct {
	Type      string  `json:"$type"`
	By        profile `json:"by"`
	URI       string  `json:"uri"` // of the repost; AppViews before 2025 do not say
	IndexedAt string  `json:"indexedAt"`
}

type postView struct {
	URI       string  `json:"uri"`
	CID       string  `json:"cid"`
	Author    profile `json:"author"`
	Record    record  `json:"record"`
	Embed     *embed  `json:"embed"`
	IndexedAt string  `json:"indexedAt"`
}

type profile struct {
	DID         string `json:"did"`
	Handle      string `json:"handle"`
	DisplayName string `json:"displayName"`
	Labels      []struct {
		Val string `json:"val"`
	} `json:"labels"`
}

// notForStrangers is the label by which an account asks that its posts are shown
// to people with an account alone.
const notForStrangers = "!no-unauthenticated"

func (p profile) asksForDiscretion() bool {
	for _, l := range p.Labels {
		if l.Val == notForStrangers {
			return true
		}
	}
	return false
}

// record is a post as its author signed it.
type record struct {
	Text      string            `json:"text"`
	CreatedAt string            `json:"createdAt"`
	Facets    []json.RawMessage `json:"facets"`
	Langs     []string          `json:"langs"`
	Embed     *embed            `json:"embed"`
	Reply     *struct {
		Root   struct{ URI string } `json:"root"`
		Parent struct{ URI string } `json:"parent"`
	} `json:"reply"`
	Labels struct {
		Values []struct {
			Val string `json:"val"`
		} `json:"values"`
	} `json:"labels"`
}

const (
	repostReason = "app.bsky.feed.defs#reasonRepost"
	postType     = "app.bsky.feed.post"
)

// readView decodes an entry of the feed of an account. What is neither the
// account's own post nor its repost is refused: nobody else's words may be
// taken for the account's.
func readView(raw []byte, did string) (view, error) {
	v := view{raw: bytes.Clone(raw[:min(len(raw), maxRaw)])} // the page can be let go
	if err := json.Unmarshal(raw, &v); err != nil {
		return view{}, err
	}
	at, ok := parseURI(v.Post.URI)
	switch {
	case !ok || at.collection != postType:
		return view{}, fmt.Errorf("%.120q is no address of a post", v.Post.URI)
	case v.Post.CID == "":
		return view{}, fmt.Errorf("%s has no version", v.Post.URI)
	case v.repost() && v.Reason.By.DID != did:
		return view{}, fmt.Errorf("%s was reposted by %.80q, not by the account", v.Post.URI, v.Reason.By.DID)
	case !v.repost() && at.repo != did:
		return view{}, errors.New(v.Post.URI + " is not by the account")
	}
	return v, nil
}

func (v view) repost() bool { return v.Reason != nil && v.Reason.Type == repostReason }

// indexed is when the AppView first saw the post or repost, as it says: never
// later than now.
func (v view) indexed(now time.Time) time.Time {
	said := v.Post.IndexedAt
	if v.repost() {
		said = v.Reason.IndexedAt
	}
	if at := parseTime(said, now); at.Before(now) {
		return at
	}
	return now.UTC()
}

// appeared is when the post came to be read, as far as can be told: an AppView
// without an epoch of its own, which is the software's default, calls the date a
// post claims the time it was indexed, when that is the earlier. The key of a
// record is made of the time it was made, whatever date the author writes in it.
func (v view) appeared(now time.Time) time.Time {
	indexed := v.indexed(now)
	at, _ := parseURI(v.Post.URI)
	if v.repost() {
		at, _ = parseURI(v.Reason.URI)
	}
	made, ok := madeAt(at.key)
	switch {
	case !ok || made.Before(indexed) || made.After(now.Add(skew)):
		return indexed
	case made.After(now):
		return now.UTC()
	}
	return made.UTC()
}

// skew is how far the clock of the author's app may be ahead of ours.
const skew = 10 * time.Minute

// madeAt reads the time in the key of a record, https://atproto.com/specs/tid
func madeAt(key string) (time.Time, bool) {
	const letters = "234567abcdefghijklmnopqrstuvwxyz"
	if len(key) != 13 {
		return time.Time{}, false
	}
	n := uint64(0)
	for _, c := range key {
		i := strings.IndexRune(letters, c)
		if i < 0 {
			return time.Time{}, false
		}
		n = n<<5 | uint64(i)
	}
	return time.UnixMicro(int64(n >> 10 & (1<<53 - 1))), true
}

// created is the earlier of the date a post claims and the date it was
// indexed, as the AppView itself orders and shows it.
func (v view) created(now time.Time) time.Time {
	indexed := v.indexed(now)
	claimed := parseTime(v.Post.Record.CreatedAt, indexed)
	if v.repost() || claimed.After(indexed) || claimed.Year() < 1 {
		return indexed
	}
	return claimed
}

func parseTime(s string, otherwise time.Time) time.Time {
	if t, err := time.Parse(time.RFC3339, s); err == nil && t.UTC().Year() > 0 && t.UTC().Year() <= 9999 { // no other can be stored
		return t.UTC()
	}
	return otherwise.UTC()
}

// post turns what the AppView showed into a post of the account.
func (v view) post(account onrecord.Account, now time.Time) onrecord.Post {
	rec := v.Post.Record
	p := onrecord.Post{
		Account:  account.ID,
		ID:       v.Post.URI,
		Revision: v.Post.CID,
		URL:      permalink(v.Post.URI, v.Post.Author.Handle),
		Author:   v.Post.Author.author(),
		Kind:     v.kind(),
		Warning:  v.warning(),
		Text:     rec.Text,
		Created:  v.created(now),
		Dated:    true,
		Thread:   v.Post.URI,
		Links:    rec.links(),
		Raw:      v.raw,
	}
	if len(rec.Langs) > 0 {
		p.Lang = rec.Langs[0]
	}
	if e := cmp.Or(v.Post.Embed, rec.Embed); e != nil {
		e.addTo(&p)
	}
	if v.repost() {
		v.becomeRepost(&p)
		return p
	}
	if rec.Reply != nil {
		p.Thread = cmp.Or(rec.Reply.Root.URI, p.Thread)
		p.ReplyTo = v.parent(rec.Reply.Parent.URI)
	}
	return p
}

// parent is the post that this one answers, with its words unless it is
// deleted or blocked.
func (v view) parent(uri string) *onrecord.Ref {
	var reply struct {
		Parent postView `json:"parent"`
	}
	if json.Unmarshal(v.Reply, &reply) != nil || reply.Parent.URI != uri {
		return ref(uri, profile{}, "")
	}
	return ref(uri, reply.Parent.Author, reply.Parent.Record.Text)
}

// becomeRepost makes the post one by the account, with somebody else's words.
func (v view) becomeRepost(p *onrecord.Post) {
	p.Reposts = ref(v.Post.URI, v.Post.Author, p.Text)
	p.ID = cmp.Or(v.Reason.URI, "repost of "+v.Post.URI)
	p.Revision = "" // an edit by the other author is no act of the account
	p.Author = v.Reason.By.author()
	p.Thread = ""
}

func (v view) kind() onrecord.PostKind {
	rec := v.Post.Record
	switch {
	case v.repost():
		return onrecord.Repost
	case rec.Reply != nil:
		self, _ := parseURI(v.Post.URI)
		root, _ := parseURI(rec.Reply.Root.URI)
		parent, _ := parseURI(rec.Reply.Parent.URI)
		if root.repo == self.repo && parent.repo == self.repo {
			return onrecord.Thread
		}
		return onrecord.Reply
	case rec.Embed.quoted() != nil || v.Post.Embed.quoted() != nil:
		return onrecord.Quote
	}
	return onrecord.Original
}

// warning names the labels the author put on the post.
func (v view) warning() string {
	var labels []string
	for _, l := range v.Post.Record.Labels.Values {
		if l.Val != "" && !strings.HasPrefix(l.Val, "!") { // "!" marks orders to programs
			labels = append(labels, l.Val)
		}
	}
	return strings.Join(labels, ", ")
}

func (p profile) author() onrecord.Author {
	return onrecord.Author{ID: p.DID, Handle: p.Handle, Name: p.DisplayName}
}

// facet is a mark on a range of a text, counted in bytes of UTF-8.
type facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []struct {
		Type string `json:"$type"`
		URI  string `json:"uri"`
	} `json:"features"`
}

// link is where a facet leads; "" for mentions, tags and what is not the web.
func (f facet) link() string {
	for _, feature := range f.Features {
		if feature.Type == "app.bsky.richtext.facet#link" {
			return markup.Resolve(nil, feature.URI)
		}
	}
	return ""
}

// links returns what the text links to, in its order. Nobody checks facets when
// a post is written: those that overrun the text, cut a character or overlap an
// earlier one are ignored, as https://docs.bsky.app/docs/advanced-guides/post-richtext asks.
func (r record) links() []onrecord.Link {
	var facets []facet
	for _, raw := range r.Facets {
		var f facet
		if json.Unmarshal(raw, &f) == nil && r.holds(f.Index.Start, f.Index.End) {
			facets = append(facets, f)
		}
	}
	slices.SortStableFunc(facets, func(a, b facet) int { return cmp.Compare(a.Index.Start, b.Index.Start) })
	var links []onrecord.Link
	free := 0
	for _, f := range facets {
		if address := f.link(); address != "" && f.Index.Start >= free {
			links = append(links, onrecord.Link{URL: address, Shown: r.Text[f.Index.Start:f.Index.End]})
			free = f.Index.End
		}
	}
	return links
}

// holds reports whether a range is one of whole characters of the text.
func (r record) holds(start, end int) bool {
	boundary := func(i int) bool { return i == len(r.Text) || utf8.RuneStart(r.Text[i]) }
	return 0 <= start && start < end && end <= len(r.Text) && boundary(start) && boundary(end)
}

// atURI is the address of a record: at://<repo>/<collection>/<key>.
type atURI struct{ repo, collection, key string }

func parseURI(s string) (u atURI, ok bool) {
	rest, ok := strings.CutPrefix(s, "at://")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return atURI{}, false
	}
	return atURI{parts[0], parts[1], parts[2]}, true
}

// permalink is where people read a post. A DID leads there as well, when the
// handle is unknown or no longer leads to its account.
func permalink(uri, handle string) string {
	u, ok := parseURI(uri)
	if !ok {
		return ""
	}
	if handle == "" || handle == "handle.invalid" {
		handle = u.repo
	}
	return "https://bsky.app/profile/" + handle + "/post/" + u.key
}

func ref(uri string, by profile, text string) *onrecord.Ref {
	return &onrecord.Ref{ID: uri, Account: by.Handle, URL: permalink(uri, by.Handle), Text: text}
}
