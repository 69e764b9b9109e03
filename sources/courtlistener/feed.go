package courtlistener

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"time"

	"onrecord"
)

// maxFeed bounds a feed: of a busy court's day some megabytes.
const maxFeed = 8 << 20

// element is an entry of Atom, as CourtListener writes it, or an item of RSS, as courts do.
type element struct {
	Title string `xml:"title"`
	Links []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
		Text string `xml:",chardata"` // in RSS
	} `xml:"link"`
	ID          string `xml:"id"`
	GUID        string `xml:"guid"`
	Published   string `xml:"published"`
	Updated     string `xml:"updated"`
	PubDate     string `xml:"pubDate"`
	Summary     string `xml:"summary"`
	Description string `xml:"description"`

	raw []byte
}

// readFeed reads a document of one root; name is that of its items. It follows the
// stream and keeps what it needs: nesting costs nothing.
func readFeed(body []byte, root, name string) (list []element, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	for begun := false; ; {
		before := d.InputOffset()
		t, err := d.Token()
		if errors.Is(err, io.EOF) && begun {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case !begun && start.Name.Local != root:
			return nil, fmt.Errorf("it begins with <%.40s>, not with <%s>", start.Name.Local, root)
		case !begun:
			begun = true
		case start.Name.Local == name:
			var e element
			if err := d.DecodeElement(&e, &start); err != nil {
				return nil, err
			}
			e.raw = body[before:d.InputOffset()]
			list = append(list, e)
		}
	}
}

func (e element) link(rel string) string {
	for _, l := range e.Links {
		if l.Rel == rel || rel == "alternate" && l.Rel == "" {
			return strings.TrimSpace(cmp.Or(l.Href, l.Text))
		}
	}
	return ""
}

// mirrored is an entry of CourtListener's feed of a docket. Its time is midnight of the
// day at the Pacific, written with that zone.
func (e element) mirrored() (entry, bool) {
	address := e.link("alternate")
	id, ok := anchored(address)
	if !ok {
		address = e.ID
		id, ok = anchored(address)
	}
	day, _, _ := strings.Cut(cmp.Or(e.Published, e.Updated), "T")
	return entry{id: id, address: address, day: strings.TrimSpace(day), text: e.Summary, document: e.link("enclosure"), raw: bytes.Clone(e.raw[:min(len(e.raw), maxRaw)])}, ok
}

var (
	bracketed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[([^\[\]]{1,300})\]`) })
	numbered  = regexp.MustCompile(`(?i)<a[^>]*href="?([^">\s]+)"?[^>]*>\s*([0-9]{1,6})\s*</a>`)
)

// published is an item of a court's own feed: it names the case by its number, says in
// brackets what was filed and links it by its number on the docket.
func (e element) published(docket string) (entry, bool) {
	fields := strings.Fields(e.Title)
	if len(fields) == 0 || !onrecord.SameDocket(docket, fields[0]) {
		return entry{}, false
	}
	out := entry{address: e.link("alternate"), raw: bytes.Clone(e.raw[:min(len(e.raw), maxRaw)])}
	if m := bracketed().FindStringSubmatch(e.Description); m != nil {
		out.short = m[1]
	}
	out.text = out.short
	if m := numbered.FindStringSubmatch(e.Description); m != nil {
		out.id, out.document = "entry-"+m[2], m[1]
	} else {
		out.id = "item-" + version(e.GUID, e.PubDate, e.Description)
	}
	if at, err := mail.ParseDate(strings.TrimSpace(e.PubDate)); err == nil {
		out.day = at.UTC().Format(time.DateOnly)
	}
	return out, true
}
