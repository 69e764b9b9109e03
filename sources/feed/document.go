package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/mmcdole/gofeed"

	"onrecord/sources"
	"onrecord/sources/markup"
)

const (
	maxDepth = 256  // gofeed recurses, and a Go stack that is too deep ends the process
	maxItems = 5000 // a hundred times what a reader could follow
	// maxParts bounds elements with their attributes, and values of JSON: each takes some
	// hundred bytes in memory, however short it is written. Four thousand episodes of a
	// podcast have as many.
	maxParts = 120_000
	// maxRaw bounds what is kept of an item as its feed showed it.
	maxRaw = 64 << 10
)

// document is a feed in memory.
type document struct {
	feed *gofeed.Feed
	raw  [][]byte // of each item; nil when the items could not be told apart
	cut  bool     // it breaks off in the middle
	url  *url.URL // where it was found, after redirects, without its query
}

// parse turns bytes from outside into a feed. The order matters: the guard must
// see the very bytes that gofeed will, or one control character in front of a
// hostile document would blind it.
func parse(d sources.Document) (doc document, err error) {
	where := sources.Redact(d.URL)
	if len(bytes.TrimSpace(d.Body)) == 0 {
		return document{}, sources.NonsenseError("read %s: the answer is empty", where)
	}
	text, err := transcode(d.Body, d.Header.Get("Content-Type"))
	if err != nil {
		return document{}, sources.NonsenseError("read %s: %w", where, err)
	}
	if text = bytes.Map(legal, text); bytes.Contains(text, []byte("&#")) {
		text = named().ReplaceAllFunc(text, legalReference)
	}
	text = text[len(declaration().Find(text)):]
	base := *d.URL
	base.RawQuery, base.Fragment = "", "" // a reference to a place in the document would show it
	doc.url = &base
	met, err := check(text)
	if err == nil {
		doc.feed, err = gofeedParse(text)
	}
	if whole := met.whole(text); err != nil && whole != nil && !errors.Is(err, errHostile) {
		doc.feed, err = gofeedParse(whole)
		doc.cut = true
	}
	doc.raw = met.raw
	switch {
	case err == nil:
		return doc, nil
	case d.HTML():
		return document{}, &sources.Error{Trouble: sources.Walled, Err: fmt.Errorf("read %s: a page for people came back instead of a feed: %s", where, remedy(text, d.URL))}
	}
	return document{}, sources.NonsenseError("read %s: this is no feed: %w", where, short(err))
}

// remedy says what to do about a page: it may name the feed that is meant. One
// that was asked for with a secret is not repeated, since its feeds may hold it.
func remedy(page []byte, from *url.URL) string {
	if feeds := markup.Feeds(string(page), from); len(feeds) > 0 && from.RawQuery == "" {
		return fmt.Sprintf("the page names its feed, write %s", feeds[0])
	}
	return "bot protection, or the address moved; open it in a browser"
}

// short bounds what a document can make an error say.
func short(err error) error {
	const limit = 200
	if s := err.Error(); len(s) > limit {
		return errors.New(strings.ToValidUTF8(s[:limit], "") + "…")
	}
	return err
}

// legal drops code points that XML 1.0 forbids, section 2.2.
func legal(r rune) rune {
	if r >= ' ' && r <= 0xd7ff || r == '\t' || r == '\n' || r == '\r' || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 {
		return r
	}
	return -1
}

// named finds references to characters by their numbers.
var named = lazily(`&#(?:[xX][0-9a-fA-F]+|[0-9]+);`)

// legalReference drops a reference to a code point that XML 1.0 forbids, section 4.1: one
// of them, pasted from a word processor, would make the whole document unreadable.
func legalReference(reference []byte) []byte {
	digits, base := string(reference[2:len(reference)-1]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	if n, err := strconv.ParseInt(digits, base, 32); err == nil && legal(rune(n)) >= 0 && n <= unicode.MaxRune {
		return reference
	}
	return nil
}

var errHostile = fmt.Errorf("it is built to exhaust its reader: nested deeper than %d elements, more than %d items, or more than %d elements and attributes", maxDepth, maxItems, maxParts)

// seen is what the guard met of a document.
type seen struct {
	raw  [][]byte // of each item
	end  int64    // of the last of them
	open []string // the elements it is in, outermost first
}

// whole is a document up to its last whole item, where what follows breaks off: a program
// that writes feeds may die or run out of memory in the middle of one, each time. nil:
// there is no item, or another stands behind what cannot be read.
func (s seen) whole(text []byte) []byte {
	if s.end == 0 || itemEnd().Match(text[s.end:]) {
		return nil
	}
	whole := bytes.Clone(text[:s.end])
	for _, name := range slices.Backward(s.open) {
		whole = append(whole, "</"+name+">"...)
	}
	return whole
}

var itemEnd = lazily(`(?i)</(?:[\w-]+:)?(?:item|entry)\s*>`)

// check refuses what gofeed must not see and returns the bytes of each item.
func check(text []byte) (seen, error) {
	switch first := bytes.TrimSpace(text); {
	case len(first) == 0:
		return seen{}, errors.New("it is empty")
	case first[0] == '{' || first[0] == '[' || first[0] == '"':
		raw, err := checkJSON(first)
		return seen{raw: raw}, err
	}
	return checkXML(text)
}

// checkJSON tells JSON Feed from the other things a server says in JSON. gofeed
// takes any object for a feed without items.
func checkJSON(text []byte) ([][]byte, error) {
	var feed struct {
		Version string            `json:"version"`
		Items   []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(text, &feed); err != nil {
		return nil, fmt.Errorf("not readable as JSON Feed: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	for parts := 0; ; parts++ {
		if _, err := d.Token(); err != nil { // the end: it was readable
			break
		}
		if parts > maxParts {
			return nil, errHostile
		}
	}
	if !strings.Contains(feed.Version, "jsonfeed.org") {
		return nil, errors.New("it is JSON, but not JSON Feed; often a server's error message")
	}
	if len(feed.Items) > maxItems {
		return nil, errHostile
	}
	raw := make([][]byte, len(feed.Items))
	for i, item := range feed.Items {
		raw[i] = item
	}
	return raw, nil
}

// checkXML counts as gofeed's decoder will: same bytes, same decoder.
func checkXML(text []byte) (s seen, err error) {
	if manyAttributes(text) {
		return s, errHostile
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	items, parts := 0, 0
	inside, from := 0, int64(0) // the depth and offset of the item we are in
	var open []string
	for {
		before := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, prefixed(e.Name))
			parts += 1 + len(e.Attr)
			if n := e.Name.Local; strings.EqualFold(n, "item") || strings.EqualFold(n, "entry") {
				if items++; inside == 0 {
					inside, from = len(open), before
				}
			}
			if len(open) > maxDepth || items > maxItems || parts > maxParts {
				return s, errHostile
			}
		case xml.EndElement:
			open = open[:max(len(open)-1, 0)]
			if inside != 0 && len(open) == inside-1 {
				s.end, s.open, inside = d.InputOffset(), slices.Clone(open), 0
				s.raw = append(s.raw, text[from:s.end])
			}
		}
	}
}

func prefixed(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// manyAttributes reports a tag of a size that no author writes: the decoder reads a tag as
// a whole, so that they cannot be counted there.
func manyAttributes(text []byte) bool {
	const longest, many = 64 << 10, 2000
	for {
		_, after, found := bytes.Cut(text, []byte("<"))
		if !found {
			return false
		}
		text = after
		end := bytes.IndexByte(text, '>')
		if end < 0 {
			end = len(text)
		}
		if end > longest && bytes.Count(text[:end], []byte("=")) > many {
			return true
		}
	}
}

// gofeedParse is the only way to gofeed. What it may panic about is the
// document's fault, not ours.
func gofeedParse(text []byte) (f *gofeed.Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, errors.New("the parser gave up on it")
		}
	}()
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true} // it would parse all HTML for one picture
	return p.Parse(bytes.NewReader(text))
}

// rawOf returns the bytes of an item, or what gofeed made of it.
func (d document) rawOf(i int) []byte {
	raw, err := []byte(nil), error(nil)
	if len(d.raw) == len(d.feed.Items) {
		raw = bytes.Clone(d.raw[i][:min(len(d.raw[i]), maxRaw)]) // lets the document go
	} else if raw, err = json.Marshal(d.feed.Items[i]); err != nil {
		return nil
	}
	return raw[:min(len(raw), maxRaw)]
}
