package feed

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"onrecord/sources"
)

const (
	// wholeEvery is how often the document is asked for without validators: a
	// server that says "unchanged" for ever would blind us.
	wholeEvery = 24 * time.Hour
	// remembered bounds the items kept besides those of the last document. One
	// that returns after that many others is a new one.
	remembered = 1000
	// doubt is how much older than the last "unchanged" an item must be to
	// prove it wrong; caches are allowed to lag.
	doubt = time.Hour
)

// mark is the cursor: what we know of a feed.
type mark struct {
	Feed     string    `json:"feed"` // digest of the address the rest belongs to
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"modified,omitempty"` // Last-Modified as it came
	Whole    time.Time `json:"whole"`              // when a document came last
	Same     time.Time `json:"same,omitzero"`      // when the server last said "unchanged"
	Distrust bool      `json:"distrust,omitempty"` // "unchanged" was a lie once
	Usual    int       `json:"usual"`              // items a document has
	Items    []entry   `json:"items"`              // the last ones at the end
}

// entry is an item as it was seen last. All fields are digests of fixed width,
// written in one string.
type entry struct {
	id   string // the post's
	key  string // the identity the feed shows it under now
	link string // of its canonical link; of "" when it has none
	rev  string // start of its revision
}

const (
	idWidth   = 16
	markWidth = 8
)

func (e entry) MarshalText() ([]byte, error) { return []byte(e.id + e.key + e.link + e.rev), nil }

func (e *entry) UnmarshalText(b []byte) error {
	if len(b) != 2*idWidth+2*markWidth {
		return errors.New("an entry has the wrong length")
	}
	s := string(b)
	e.id, s = s[:idWidth], s[idWidth:]
	e.key, s = s[:idWidth], s[idWidth:]
	e.link, e.rev = s[:markWidth], s[markWidth:]
	return nil
}

// digest names texts in n characters, six bits each: enough that two of the
// few thousand in one feed never meet by chance.
func digest(n int, texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		_, _ = io.WriteString(h, t)
		_, _ = h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))[:n]
}

func readMark(c sources.Cursor) (mark, error) {
	var m mark
	if c == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(c), &m); err != nil {
		return mark{}, nonsense("the stored cursor is not one of a feed: %w; remove the account's cursor to begin anew", err)
	}
	return m, nil
}

func (m mark) cursor() sources.Cursor {
	b, _ := json.Marshal(m) // strings, numbers and times from our own clock: cannot fail
	return sources.Cursor(b)
}

// at drops the validators when the operator moved the account to another
// address: they mean nothing there. The known items stay.
func (m mark) at(address string) mark {
	if name := digest(idWidth, address); m.Feed != name {
		m.Feed, m.ETag, m.Modified, m.Distrust = name, "", "", false
	}
	return m
}

// ask adds the validators to a request. asked is false when there are none, or
// when it is time to see the whole document.
func (m mark) ask(req *http.Request, now time.Time) (asked bool) {
	if m.Distrust || now.Sub(m.Whole) >= wholeEvery {
		return false
	}
	if m.ETag != "" {
		req.Header.Set("If-None-Match", m.ETag)
	}
	if m.Modified != "" {
		req.Header.Set("If-Modified-Since", m.Modified)
	}
	return m.ETag != "" || m.Modified != ""
}

// next gives the items of a whole document their ids, and returns the mark
// after it and the items that are new or changed.
func (m mark) next(items []item, h http.Header, asked bool, now time.Time) (next mark, fresh []item) {
	next = mark{
		Feed: m.Feed, ETag: h.Get("ETag"), Modified: h.Get("Last-Modified"), Whole: now, Distrust: m.Distrust,
		Usual: max((m.Usual+len(items))/2, len(items)), // falls slowly: a drop is warned of more than once
	}
	known := map[string]string{} // revisions by id
	for _, e := range m.Items {
		known[e.id] = e.rev
	}
	var seen []entry
	for i, e := range assign(m.Items, items) {
		if e.id == "" { // a second copy of an item
			continue
		}
		seen = append(seen, e)
		if known[e.id] != e.rev {
			items[i].ID = e.id
			fresh = append(fresh, items[i])
		}
	}
	next.Items = merge(m.Items, seen)
	if !asked && !m.Same.IsZero() && slices.ContainsFunc(fresh, func(it item) bool { return it.Dated && it.Created.Before(m.Same.Add(-doubt)) }) {
		next.Distrust = true
	}
	return next, fresh
}

// merge puts the entries of the last document behind the older ones.
func merge(old, seen []entry) []entry {
	now := map[string]bool{}
	for _, e := range seen {
		now[e.id] = true
	}
	kept := slices.DeleteFunc(slices.Clone(old), func(e entry) bool { return now[e.id] })
	if extra := len(kept) + len(seen) - max(remembered, len(seen)); extra > 0 {
		kept = kept[extra:]
	}
	return append(kept, seen...)
}

// warnings compares a document with the ones before it. That it could be
// parsed does not mean it is whole.
func (m mark) warnings(next mark, items int, fresh []item) (ws []string) {
	if 2*items < m.Usual {
		ws = append(ws, fmt.Sprintf("the feed shows %d items where %d are usual; it may be broken or emptied, look at it", items, m.Usual))
	}
	if next.Distrust && !m.Distrust {
		ws = append(ws, fmt.Sprintf("the server said \"unchanged\" for up to a day while %d items were new; from now on the whole feed is read each time", len(fresh)))
	}
	return ws
}
