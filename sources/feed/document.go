package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed"

	"onrecord/sources"
	"onrecord/sources/markup"
)

const (
	maxDepth = 256  // gofeed recurses, and a Go stack that is too deep ends the process
	maxItems = 5000 // a hundred times what a reader could follow
	// maxRaw bounds what is kept of an item as its feed showed it.
	maxRaw = 64 << 10
)

// document is a feed in memory.
type document struct {
	feed *gofeed.Feed
	raw  [][]byte // of each item; nil when the items could not be told apart
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
	text = bytes.Map(legal, text)
	text = text[len(declaration().Find(text)):]
	base := *d.URL
	base.RawQuery, base.Fragment = "", "" // a reference to a place in the document would show it
	doc.url = &base
	if doc.raw, err = check(text); err == nil {
		doc.feed, err = gofeedParse(text)
	}
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

var errHostile = fmt.Errorf("it is built to exhaust its reader: nested deeper than %d elements, or more than %d items", maxDepth, maxItems)

// check refuses what gofeed must not see and returns the bytes of each item.
func check(text []byte) ([][]byte, error) {
	switch first := bytes.TrimSpace(text); {
	case len(first) == 0:
		return nil, errors.New("it is empty")
	case first[0] == '{' || first[0] == '[' || first[0] == '"':
		return checkJSON(first)
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
func checkXML(text []byte) (raw [][]byte, err error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	depth, items := 0, 0
	inside, from := 0, int64(0) // the depth and offset of the item we are in
	for {
		before := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return raw, nil
		}
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			if n := e.Name.Local; strings.EqualFold(n, "item") || strings.EqualFold(n, "entry") {
				if items++; inside == 0 {
					inside, from = depth, before
				}
			}
			if depth > maxDepth || items > maxItems {
				return nil, errHostile
			}
		case xml.EndElement:
			if inside != 0 && depth == inside {
				raw, inside = append(raw, text[from:d.InputOffset()]), 0
			}
			depth = max(depth-1, 0)
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
