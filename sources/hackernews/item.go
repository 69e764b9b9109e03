package hackernews

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/markup"
)

const (
	maxAnswer = 4 << 20 // a user's list of everything they wrote
	maxRaw    = 64 << 10
)

// item is a story, a comment or a poll, as the API shows it.
type item struct {
	raw []byte

	ID      int64  `json:"id"`
	By      string `json:"by"`
	Time    int64  `json:"time"`
	Title   string `json:"title"` // HTML
	Text    string `json:"text"`  // HTML
	URL     string `json:"url"`
	Parent  int64  `json:"parent"`  // of a comment
	Deleted bool   `json:"deleted"` // by its author: by, title and text are gone
	Dead    bool   `json:"dead"`    // taken off by software, moderators or readers; it may come back
}

// shown reports whether everybody can read it.
func (it item) shown() bool { return it.ID != 0 && !it.Deleted && !it.Dead && it.By != "" }

// item asks for an item. What is not there, and what was written a moment ago, is
// null to the API: an item without an id.
func (s *source) item(ctx context.Context, id int64) (item, error) {
	var raw json.RawMessage
	if err := s.get(ctx, "/v0/item/"+strconv.FormatInt(id, 10)+".json", &raw); err != nil {
		return item{}, err
	}
	it, err := readItem(raw)
	if err == nil && it.ID != 0 && it.ID != id {
		err = fmt.Errorf("item %d came", it.ID)
	}
	if err != nil {
		return item{}, sources.NonsenseError("read item %d: %w", id, err)
	}
	return it, nil
}

func readItem(raw []byte) (it item, err error) {
	if err := json.Unmarshal(raw, &it); err != nil {
		return item{}, err
	}
	it.raw = bytes.Clone(raw[:min(len(raw), maxRaw)])
	return it, nil
}

// user lists the ids of everything somebody wrote; ok is false where nobody has the name.
func (s *source) user(ctx context.Context, name string) (submitted []int64, ok bool, err error) {
	var user struct {
		ID        string  `json:"id"`
		Submitted []int64 `json:"submitted"`
	}
	err = s.get(ctx, "/v0/user/"+url.PathEscape(name)+".json", &user)
	if err == nil && user.ID != "" && user.ID != name {
		err = sources.NonsenseError("asked for the user %s, and %.40q came", name, user.ID)
	}
	return user.Submitted, user.ID != "", err
}

func (s *source) get(ctx context.Context, path string, v any) error {
	req, err := sources.NewGet(ctx, s.base+path)
	if err != nil {
		return err
	}
	d, err := sources.Read(s.http, req, maxAnswer)
	if err != nil {
		return err
	}
	return d.JSON(req, v)
}

// own are the beginnings of titles by which authors speak themselves although the
// story leads elsewhere. Any other title of a link is that of the page behind it.
var own = []string{"Show HN", "Ask HN", "Tell HN", "Launch HN"}

func (it item) titleIsOwn() bool {
	for _, start := range own {
		if strings.HasPrefix(it.Title, start) {
			return true
		}
	}
	return it.URL == ""
}

// post turns an item into a post.
func (it item) post(account onrecord.Account, now time.Time) onrecord.Post {
	address := pageOf(it.ID)
	base, _ := url.Parse(address) // a number on a known page
	d := markup.Read(it.Text, base)
	title := markup.Line(it.Title)
	p := onrecord.Post{
		Account: account.ID, ID: strconv.FormatInt(it.ID, 10), URL: address, Author: onrecord.Author{ID: it.By, Handle: it.By, Name: it.By},
		Kind: onrecord.Original, Text: d.Text, Links: d.Links, Thread: strconv.FormatInt(it.ID, 10), Raw: it.raw,
	}
	if title != "" && it.titleIsOwn() {
		p.Text = strings.TrimSpace(title + "\n\n" + p.Text)
	}
	if to := markup.Resolve(nil, it.URL); to != "" {
		p.Links = append([]onrecord.Link{{URL: to, Title: title}}, p.Links...)
	}
	if p.Created = time.Unix(it.Time, 0).UTC(); it.Time <= 0 || p.Created.After(now) {
		p.Created = now.UTC()
	}
	p.Dated = it.Time > 0
	if it.Parent != 0 {
		parent := strconv.FormatInt(it.Parent, 10)
		p.Kind, p.Thread, p.ReplyTo = onrecord.Reply, parent, &onrecord.Ref{ID: parent, URL: pageOf(it.Parent)}
	}
	p.Revision = it.version()
	return p
}

// version names what an item says: the API does not tell that something was edited.
func (it item) version() string {
	sum := sha256.Sum256([]byte(it.Title + "\n" + it.URL + "\n" + it.Text))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

func pageOf(id int64) string {
	return "https://news.ycombinator.com/item?id=" + strconv.FormatInt(id, 10)
}
