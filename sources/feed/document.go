package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"

	"onrecord/sources"
	"onrecord/sources/markup"
)

const (
	maxDepth = 256  // gofeed recurses, and a Go stack that is too deep ends the process
	maxItems = 5000 // a hundred times what a reader could follow
	// maxParts bounds elements with their attributes, and values of JSON: four thousand
	// episodes of a podcast have as many. Each takes up to a thousand bytes in memory,
	// however short it is written, and so one item, and what is not in any, has fewer.
	maxParts, maxPartsAtOnce = 120_000, 20_000
	// maxStrain bounds what it takes to put texts together that come in pieces, in bytes.
	maxStrain = 1 << 30
	// maxAround bounds the tags that items stand in, and maxPlaces how many of those differ:
	// they are read again with each batch.
	maxAround, maxPlaces = 16 << 10, 100
	// batchBytes and batchParts are how much of a document is in memory as gofeed makes it.
	batchBytes, batchParts = 64 << 10, 2000
	// maxRaw bounds what is kept of an item as its feed showed it.
	maxRaw = 64 << 10
)

// document is a feed, or some of its items. Only few of them are in memory as gofeed makes
// them, which takes many times their bytes.
type document struct {
	feed *gofeed.Feed // what it says of itself, and the items in memory
	raw  [][]byte     // of each of these; nil when they could not be told apart
	all  []piece      // the items that are still bytes
	cut  bool         // it breaks off in the middle
	url  *url.URL     // where it was found, after redirects, without its query
}

// piece is an item that is still bytes.
type piece struct {
	text  []byte
	parts int
	in    *place
}

// place is what items stand in, which makes a document of them.
type place struct{ head, between, tail string }

// parse turns bytes from outside into a feed, whose items [document.batches] reads. The
// order matters: the guard must see the very bytes that gofeed will, or one control
// character in front of a hostile document would blind it.
func parse(d sources.Document) (doc document, err error) {
	where := sources.Redact(d.URL)
	if len(bytes.TrimSpace(d.Body)) == 0 {
		return document{}, sources.NonsenseError("read %s: the answer is empty", where)
	}
	text, err := transcode(d.Body, d.Header.Get("Content-Type"))
	if err != nil {
		return document{}, sources.NonsenseError("read %s: %w", where, err)
	}
	text = lawful(text)
	text = text[len(declaration().Find(text)):]
	base := *d.URL
	base.RawQuery, base.Fragment = "", "" // a reference to a place in the document would show it
	doc.url = &base
	met, err := check(text)
	if doc.cut = err != nil && !errors.Is(err, errHostile) && met.cutOff(text); doc.cut {
		err = nil
	}
	if err == nil {
		doc.feed, err = gofeedParse(bytes.NewReader(met.head(text, doc.cut)))
	}
	doc.all = met.items
	switch {
	case err == nil:
		return doc, nil
	case d.HTML():
		return document{}, &sources.Error{Trouble: sources.Walled, Err: fmt.Errorf("read %s: a page for people came back instead of a feed: %s", where, remedy(text, d.URL))}
	}
	return document{}, sources.NonsenseError("read %s: this is no feed: %w", where, short(err))
}

// batches calls f with some items after the other, in the order of the document, each time
// as a feed of its own. Thousands of items take seconds: nobody who stops waits for them, nor
// does the pull take more than its time.
func (d document) batches(ctx context.Context, f func(document)) error {
	for left := d.all; len(left) > 0; {
		if err := ctx.Err(); err != nil {
			return &sources.Error{Trouble: sources.Unreached, Err: fmt.Errorf("read the items of %s: %w", sources.Redact(d.url), err)}
		}
		in, n, size, parts := left[0].in, 0, 0, 0
		most := max(batchBytes, len(in.head))
		var raw [][]byte
		text := []io.Reader{strings.NewReader(in.head)}
		for ; n < len(left) && left[n].in == in && (n == 0 || size+len(left[n].text) <= most && parts+left[n].parts <= batchParts); n++ {
			if n > 0 {
				text = append(text, strings.NewReader(in.between))
			}
			text = append(text, bytes.NewReader(left[n].text))
			raw, size, parts = append(raw, left[n].text), size+len(left[n].text), parts+left[n].parts
		}
		feed, err := gofeedParse(io.MultiReader(append(text, strings.NewReader(in.tail))...))
		if err != nil {
			return sources.NonsenseError("read %s: its items cannot be read: %w", sources.Redact(d.url), short(err))
		}
		feed.Title, feed.Description, feed.Link, feed.Language = d.feed.Title, d.feed.Description, d.feed.Link, d.feed.Language
		f(document{feed: feed, raw: raw, url: d.url})
		left = left[n:]
	}
	return nil
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

// lawful drops, in place, code points that XML 1.0 forbids and references to them (sections
// 2.2 and 4.1): one of them, pasted from a word processor, would make the whole document
// unreadable.
func lawful(text []byte) []byte {
	kept := text[:0]
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if text[i] == '&' {
			if n, long := numbered(text[i:]); long > 0 {
				r, size = n, long
			}
		}
		if legal(r) {
			kept = append(kept, text[i:i+size]...)
		}
		i += size
	}
	return kept
}

func legal(r rune) bool {
	return r >= ' ' && r <= 0xd7ff || r == '\t' || r == '\n' || r == '\r' || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= unicode.MaxRune
}

// numbered reads a reference to a character by its number, with which a text begins; long is
// 0 when it does not. A number that nobody can read is that of no character.
func numbered(text []byte) (r rune, long int) {
	digits, base := []byte(nil), 10
	if digits, _ = bytes.CutPrefix(text, []byte("&#")); len(digits) == len(text) || len(digits) == 0 {
		return 0, 0
	}
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	end := 0
	for end < len(digits) && (digits[end] >= '0' && digits[end] <= '9' || base == 16 && strings.IndexByte("abcdefABCDEF", digits[end]) >= 0) {
		end++
	}
	if end == 0 || end == len(digits) || digits[end] != ';' {
		return 0, 0
	}
	n, err := strconv.ParseInt(string(digits[:min(end, 40)]), base, 32)
	if err != nil {
		n = 0
	}
	return rune(n), len(text) - len(digits) + end + 1
}

var errHostile = fmt.Errorf("it is built to exhaust its reader: nested deeper than %d elements, more than %d items, more than %d elements and attributes, %d of them in one item or outside of any, or texts in too many pieces", maxDepth, maxItems, maxParts, maxPartsAtOnce)

// seen is what the guard met of a document.
type seen struct {
	items []piece
	own   []byte // JSON without its items; nil: it is XML

	// Of XML:
	spans  [][2]int64 // of the items
	end    int64      // of the last one
	open   string     // the ends of the elements that it stands in
	places map[string]*place
}

// head is a document without its items, up to the last of them where it breaks off.
func (s seen) head(text []byte, cut bool) []byte {
	if s.own != nil {
		return s.own
	}
	if cut {
		text = text[:s.end]
	}
	var head []byte
	from := int64(0)
	for _, at := range s.spans {
		head, from = append(head, text[from:at[0]]...), at[1]
	}
	if head = append(head, text[from:]...); cut {
		head = append(head, s.open...)
	}
	return head
}

// cutOff reports whether a document that cannot be read whole can up to its last whole item:
// a program that writes feeds may die or run out of memory in the middle of one, each time.
// That is not so when there is no item, or another one stands behind what cannot be read.
func (s seen) cutOff(text []byte) bool { return s.end > 0 && !itemEnd().Match(text[s.end:]) }

var itemEnd = lazily(`(?i)</(?:[\w-]+:)?(?:item|entry)\s*>`)

// check refuses what gofeed must not see and finds the items.
func check(text []byte) (seen, error) {
	switch first := bytes.TrimSpace(text); {
	case len(first) == 0:
		return seen{}, errors.New("it is empty")
	case first[0] == '{' || first[0] == '[' || first[0] == '"':
		return checkJSON(first)
	}
	return checkXML(text)
}

// checkJSON tells JSON Feed from the other things a server says in JSON. gofeed
// takes any object for a feed without items.
func checkJSON(text []byte) (s seen, err error) {
	var own map[string]json.RawMessage
	var feed struct {
		Version string            `json:"version"`
		Items   []json.RawMessage `json:"items"`
	}
	if err = json.Unmarshal(text, &own); err == nil {
		maps.DeleteFunc(own, func(name string, _ json.RawMessage) bool { return strings.EqualFold(name, "items") })
		s.own, _ = json.Marshal(own) // it was JSON: cannot fail
		err = json.Unmarshal(text, &feed)
	}
	if err != nil {
		return seen{}, fmt.Errorf("not readable as JSON Feed: %w", err)
	}
	if !strings.Contains(feed.Version, "jsonfeed.org") {
		return seen{}, errors.New("it is JSON, but not JSON Feed; often a server's error message")
	}
	in := &place{`{"version":` + strconv.Quote(feedVersion) + `,"items":[`, ",", "]}"}
	parts := values(s.own)
	hostile := len(feed.Items) > maxItems || parts > maxPartsAtOnce
	for i := 0; i < len(feed.Items) && !hostile; i++ {
		n := values(feed.Items[i])
		parts += n
		hostile = n > maxPartsAtOnce || parts > maxParts
		s.items = append(s.items, piece{feed.Items[i], n, in})
	}
	if hostile {
		return seen{}, errHostile
	}
	return s, nil
}

// feedVersion is what some items of a JSON Feed are given to gofeed as; it reads all versions alike.
const feedVersion = "https://jsonfeed.org/version/1.1"

// values counts what a value of JSON consists of, as far as more would be too many.
func values(text []byte) (n int) {
	for d := json.NewDecoder(bytes.NewReader(text)); n <= maxPartsAtOnce; n++ {
		if _, err := d.Token(); err != nil { // the end: it was readable
			break
		}
	}
	return n
}

// element is one that is open while a document is read.
type element struct {
	tag    []byte // that begins it
	text   int    // bytes of its own text so far
	pieces int    // of that
}

// checkXML reads as gofeed's decoder will: same bytes, same decoder.
func checkXML(text []byte) (s seen, err error) {
	if manyAttributes(text) {
		return s, errHostile
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	s.places = map[string]*place{}
	var open []element
	parts, outside, strain, around := 0, 0, 0, 0
	inside, from, before := 0, int64(0), 0 // the depth and offset of the item we are in, and the parts before it
	for len(open) > 0 || parts == 0 {
		at := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, element{tag: text[at:d.InputOffset()]})
			around += len(open[len(open)-1].tag)
			if n := e.Name.Local; inside == 0 && (strings.EqualFold(n, "item") || strings.EqualFold(n, "entry")) {
				if around-len(open[len(open)-1].tag) > maxAround {
					return seen{}, errHostile
				}
				inside, from, before = len(open), at, parts
			}
			if parts += 1 + len(e.Attr); inside == 0 {
				outside += 1 + len(e.Attr)
			}
			if len(open) > maxDepth || parts > maxParts || outside > maxPartsAtOnce || inside > 0 && parts-before > maxPartsAtOnce {
				return seen{}, errHostile
			}
		case xml.CharData:
			if top := len(open) - 1; top >= 0 { // gofeed adds one piece to what it has, which is copied
				if open[top].pieces++; open[top].pieces > 1 {
					strain += open[top].text
				}
				if open[top].text += len(e); strain > maxStrain {
					return seen{}, errHostile
				}
			}
		case xml.EndElement:
			if inside == len(open) {
				if s.take(text, open, from, d.InputOffset(), parts-before); len(s.items) > maxItems || len(s.places) > maxPlaces {
					return seen{}, errHostile
				}
				inside = 0
			}
			around -= len(open[len(open)-1].tag)
			open = open[:len(open)-1]
		}
	}
	return s, nil
}

// take takes in the item that ends: with its own tag, or since what it stands in does.
func (s *seen) take(text []byte, open []element, from, end int64, parts int) {
	item, around := open[len(open)-1], open[:len(open)-1]
	var head, tail strings.Builder
	for _, o := range around {
		head.Write(o.tag)
	}
	for _, o := range slices.Backward(around) {
		fmt.Fprintf(&tail, "</%s>", o.name())
	}
	in := s.places[head.String()]
	if in == nil {
		in = &place{head: head.String(), tail: tail.String()}
		s.places[in.head] = in
	}
	whole, own := text[from:end], "</"+item.name()
	if last := bytes.LastIndexByte(whole, '<'); last > 0 && !bytes.HasPrefix(whole[last:], []byte(own)) {
		end = from + int64(last)
		whole = append(bytes.Clone(text[from:end]), own+">"...)
	}
	s.items = append(s.items, piece{whole, parts, in})
	s.spans, s.end, s.open = append(s.spans, [2]int64{from, end}), end, in.tail
}

// name is how the tag writes it.
func (e element) name() string {
	name, _, _ := bytes.Cut(bytes.Trim(e.tag, "</>"), []byte(" "))
	if end := bytes.IndexAny(name, "\t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	return string(name)
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
func gofeedParse(text io.Reader) (f *gofeed.Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, errors.New("the parser gave up on it")
		}
	}()
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true} // it would parse all HTML for one picture
	return p.Parse(text)
}

// rawOf returns the bytes of an item, which are those of its document, or what gofeed made
// of it.
func (d document) rawOf(i int) []byte {
	raw, err := []byte(nil), error(nil)
	if len(d.raw) == len(d.feed.Items) {
		raw = d.raw[i]
	} else if raw, err = json.Marshal(d.feed.Items[i]); err != nil {
		return nil
	}
	return slices.Clip(raw[:min(len(raw), maxRaw)])
}
