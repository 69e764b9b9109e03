package page

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord/sources/markup"
)

// recent is an article that was read, and is read again: that its words changed shows on
// no list.
type recent struct {
	URL      string    `json:"u"`
	Title    string    `json:"t"`
	Date     time.Time `json:"d,omitzero"`
	Name     string    `json:"p"` // digest of what its page is called
	Revision string    `json:"v"`
	Read     time.Time `json:"r"` // first
	Looks    int       `json:"n,omitempty"`
	Listed   string    `json:"l,omitempty"` // what the list calls it by now, until its page does
	due      bool
}

// looks are how long after it was read first an article is read again: most edits come
// within hours. mostRecent bounds how many wait for that, and mostAgain those of one pull.
var looks = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour}

const mostRecent, mostAgain = 50, 5

// readAgain reads articles again that are due. What is no page of that article any more, a
// wall or a failure, says nothing of its words.
func (p *pull) readAgain(ctx context.Context) {
	n := 0
	for i := range p.mark.Recent {
		e := &p.mark.Recent[i]
		address, err := url.Parse(e.URL)
		if !e.due && p.now.Sub(e.Read) < looks[e.Looks] || err != nil || n == mostAgain || ctx.Err() != nil {
			continue
		}
		n++
		for e.Looks < len(looks) && p.now.Sub(e.Read) >= looks[e.Looks] { // those that were missed are one
			e.Looks++
		}
		page, err := p.pages.Read(ctx, e.URL)
		if err != nil || page.Text == "" {
			continue
		}
		switch {
		case e.Listed != "" && page.Bears(e.Listed) && page.Tells(e.Listed, ""):
			e.Title, e.Name, e.Listed = e.Listed, digest(page.Title), ""
		case digest(page.Title) != e.Name && !page.Tells(e.Title, ""):
			continue
		}
		if post := p.post(listed{address: address, title: e.Title, date: e.Date}, page); post.Revision != e.Revision {
			e.Revision = post.Revision
			p.posts = append(p.posts, post)
		}
	}
	p.mark.Recent = slices.DeleteFunc(p.mark.Recent, func(e recent) bool { return e.Looks == len(looks) })
}

// retitle notes that the list calls an article otherwise than ever before, so that it is read
// at once. The beginning of a headline is no other one.
func (p *pull) retitle(l listed) {
	if strings.HasSuffix(l.title, "…") || strings.HasSuffix(l.title, "...") {
		return
	}
	for i := range p.mark.Recent {
		if e := &p.mark.Recent[i]; markup.Canonical(e.URL) == l.canonical() {
			e.Listed, e.due = l.title, true
		}
	}
}
