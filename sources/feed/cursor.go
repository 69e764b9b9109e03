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
	"strconv"
	"strings"
	"time"

	"onrecord/sources"
)

const (
	// remembered bounds the items kept besides those of the last document. One
	// that returns after that many others is a new one.
	remembered = 700
	// doubt is how much older than the last "unchanged" an item must be to
	// prove it wrong; caches are allowed to lag.
	doubt = time.Hour
)

// mark is the cursor: what we know of a feed.
type mark struct {
	Feed string `json:"feed"` // digest of the address the rest belongs to
	sources.Validators
	Same     time.Time `json:"same,omitzero"`      // when the server last said "unchanged"
	Distrust bool      `json:"distrust,omitempty"` // "unchanged" was a lie once
	Usual    int       `json:"usual"`              // items a document has
	Order    order     `json:"order,omitempty"`    // of the numbers in its dates, where it showed
	Items    []entry   `json:"items"`              // the last ones at the end
	Moved    *move     `json:"moved,omitempty"`    // where redirects lead for good; nil: nowhere else
}

// move is an address that the feed is said to have for good.
type move struct {
	To    string    `json:"to"` // digest of it
	Since time.Time `json:"since"`
	Seen  int       `json:"seen"`
}

// A redirect that says "for good" is believed when it was met so often, over so long: servers
// under repair, and networks that want a login, say so as well.
const (
	movedSeen = 3
	movedTime = 24 * time.Hour
)

// move notes where a document was found, and reports whether the feed has moved there.
func (m *mark) move(d sources.Document, now time.Time) bool {
	if !d.Moved {
		m.Moved = nil
		return false
	}
	to := digest(idWidth, d.URL.String())
	if m.Moved == nil || m.Moved.To != to {
		m.Moved = &move{To: to, Since: now}
	}
	m.Moved = &move{To: to, Since: m.Moved.Since, Seen: m.Moved.Seen + 1}
	return m.Moved.Seen >= movedSeen && now.Sub(m.Moved.Since) >= movedTime
}

// entry is an item as it was seen last. All fields are of fixed width, written in
// one string.
type entry struct {
	id    string // the post's
	key   string // digest of the identity the feed shows it under now
	link  string // digest of its canonical link; of "" when it has none
	rev   string // start of its revision
	title string // digest of its title; blank when it has none
	date  string // minutes since 1970 in base 36; blank when it has none
	words string // sketch of its text
}

const (
	idWidth   = 16
	markWidth = 8
	dateWidth = 6
)

func (e entry) MarshalText() ([]byte, error) {
	if e.words == "" { // of a cursor from before titles, dates and words were kept
		return []byte(e.id + e.key + e.link + e.rev), nil
	}
	return []byte(e.id + e.key + e.link + e.rev + e.title + e.date + e.words), nil
}

func (e *entry) UnmarshalText(b []byte) error {
	const short = 2*idWidth + 2*markWidth
	if len(b) != short && len(b) != short+markWidth+dateWidth+marks {
		return errors.New("an entry has the wrong length")
	}
	s := string(b)
	for _, f := range []struct {
		field *string
		width int
	}{{&e.id, idWidth}, {&e.key, idWidth}, {&e.link, markWidth}, {&e.rev, markWidth}, {&e.title, markWidth}, {&e.date, dateWidth}, {&e.words, marks}} {
		if s == "" {
			break
		}
		*f.field, s = s[:f.width], s[f.width:]
	}
	return nil
}

// seen is the entry of an item under an id and a key.
func (it item) seen(id, key string) entry {
	e := entry{id: id, key: key, link: digest(markWidth, it.link), rev: it.Revision[:markWidth], title: titled(it.Title), date: strings.Repeat(blank, dateWidth), words: it.words}
	if it.Dated {
		e.date = fmt.Sprintf("%0*s", dateWidth, strconv.FormatInt(it.Created.Unix()/60, 36))
	}
	return e
}

// titled is the digest of a title; its letter case is fashion.
func titled(title string) string {
	if title = strings.Join(strings.Fields(strings.ToLower(title)), " "); title == "" {
		return strings.Repeat(blank, markWidth)
	}
	return digest(markWidth, title)
}

// hasTitle reports whether an entry has a title, and is known to have.
func (e entry) hasTitle() bool { return e.title != "" && e.title[0] != blank[0] }

// at is when an item was published.
func (e entry) at() (time.Time, bool) {
	minutes, err := strconv.ParseInt(e.date, 36, 64)
	return time.Unix(minutes*60, 0), err == nil
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
		return mark{}, sources.NonsenseError("the stored cursor is not one of a feed: %w; remove the account's cursor to begin anew", err)
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
		m.Feed, m.ETag, m.Modified, m.Distrust, m.Moved = name, "", "", false, nil
	}
	return m
}

// read asks for the document: in whole where "unchanged" was a lie once.
func (m mark) read(client *http.Client, req *http.Request, limit int64, now time.Time) (d sources.Document, asked bool, err error) {
	if m.Distrust {
		return sources.Validators{}.Read(client, req, limit, now)
	}
	return m.Read(client, req, limit, now)
}

// news is what a document says beyond what was known.
type news struct {
	mark    mark
	fresh   []item // new or changed
	archive []item // new to us, and from long before we last looked
	known   int    // items that were known
	moved   bool   // under other names and addresses
}

const (
	// Items of long ago that appear together are an archive that was put in anew.
	// One alone may be dated back on purpose.
	longAgo   = 30 * 24 * time.Hour
	inArchive = 3
)

// next gives the items of a whole document their ids and says what is new.
func (m mark) next(items []item, press bool, h http.Header, asked bool, when dating) (n news) {
	n.mark = mark{
		Feed: m.Feed, Validators: sources.ValidatorsOf(h, when.now), Distrust: m.Distrust, Order: when.order, Moved: m.Moved,
		Usual: max((m.Usual+len(items))/2, len(items)), // falls slowly: a drop is warned of more than once
	}
	known := map[string]string{} // revisions by id
	for _, e := range m.Items {
		known[e.id] = e.rev
	}
	var seen []entry
	found, moved := assign(m.Items, items, press, when.now)
	for i, e := range found {
		if e.id == "" { // a second copy of an item
			continue
		}
		seen = append(seen, e)
		rev, isKnown := known[e.id]
		if isKnown {
			n.known++
		}
		if rev == e.rev {
			continue
		}
		items[i].ID = e.id
		if !isKnown && len(m.Items) > 0 && items[i].Dated && items[i].Created.Before(m.Whole.Add(-longAgo)) {
			n.archive = append(n.archive, items[i])
		}
		n.fresh = append(n.fresh, items[i])
	}
	if len(n.archive) < inArchive {
		n.archive = nil
	}
	n.fresh = slices.DeleteFunc(n.fresh, func(it item) bool {
		return slices.ContainsFunc(n.archive, func(old item) bool { return old.ID == it.ID })
	})
	n.mark.Items, n.moved = merge(m.Items, seen), moved
	if !asked && !m.Same.IsZero() && slices.ContainsFunc(n.fresh, func(it item) bool { return it.Dated && it.Created.Before(m.Same.Add(-doubt)) }) {
		n.mark.Distrust = true
	}
	return n
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
func (m mark) warnings(n news, items int) (ws []string) {
	say := func(when bool, format string, args ...any) {
		if when {
			ws = append(ws, fmt.Sprintf(format, args...))
		}
	}
	say(m.Usual == 0 && items == 0, "%s", neverAny)
	say(2*items < m.Usual, "the feed shows %d items where %d are usual; it may be broken or emptied, look at it", items, m.Usual)
	say(n.mark.Distrust && !m.Distrust, "the server said \"unchanged\" for up to a day while %d items were new; from now on the whole feed is read each time", len(n.fresh))
	say(n.known == 0 && items > 1 && len(m.Items) > 0, "none of the items known before is in the feed: more came since than it shows, and what is missing is lost, or it was built anew; read it more often")
	say(n.moved, "the feed names its items anew, as when a site moves; those with known words are taken for what they were")
	say(len(n.archive) > 0, "%d items from long before appeared together: they are kept and not reported, as those were that were there at first", len(n.archive))
	return ws
}

// neverAny is said of a feed in which nobody has seen an item.
const neverAny = "the feed has no items and never had any since it is watched; open it and see whether it is broken, or whether the site has another one"
