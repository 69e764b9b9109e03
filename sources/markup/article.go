package markup

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// A page is an article and much around it: ways to go on, what is sold, who else wrote.
// The article is the part of the page in which running text outweighs all else the most
// (Pasternack and Roth 2009, "Extracting article text from the web with maximum
// subsequence segmentation"), among the parts that elements make of it.

// Article is the text of the article that a page of HTML is about, with its links and
// pictures; empty when there is none.
func Article(page []byte, contentType string, base *url.URL) Document {
	text := decoded(page, contentType)
	p := survey(text)
	best := p.best()
	if best < 0 {
		return Document{}
	}
	return Read(p.without(text, best), base)
}

// decoded is a page in UTF-8: what is written in that is by chance nothing else, whatever it is called.
func decoded(page []byte, contentType string) string {
	if utf8.Valid(page) {
		return string(page)
	}
	r, err := charset.NewReader(bytes.NewReader(page), contentType)
	if err != nil {
		return string(page)
	}
	text, _ := io.ReadAll(r) // of a page in memory: cannot fail
	return string(text)
}

// plan is a page as elements that hold text, in the order they begin, and the text in them.
type plan struct {
	regions []region
	runs    []run

	open   []int // of the regions, outermost first
	silent int   // depth of elements without text
	linked bool  // in a link
	run    run   // since a block began or ended
}

type region struct {
	name       atom.Atom
	start, end int  // bytes of the page
	parent     int  // -1: none
	beside     bool // by its name it is not of the article
	besideOf   bool // nor is it by the names that its author gave it
	prose      int  // letters of running text
	rest       int  // letters of all else, but for what is beside
}

// run is text that no block interrupts.
type run struct {
	region, letters, linked int
}

// prose reports text of sentences: long enough, and not a link for the most part.
func (r run) prose() bool { return r.letters >= 25 && 2*r.linked <= r.letters }

const (
	// deepest bounds the elements in each other that are told apart, mostRegions those of
	// a page.
	deepest, mostRegions = 200, 50_000
)

// leaves are blocks of text, and what holds them is the article.
var leaves = set(atom.P, atom.Pre, atom.Blockquote, atom.Li, atom.Dd, atom.Dt, atom.Figcaption, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)

var (
	// beside are elements that are not of an article. Its title is told elsewhere.
	beside = set(atom.Nav, atom.Aside, atom.Footer, atom.Form, atom.Button, atom.Dialog, atom.Menu, atom.Fieldset, atom.H1)
	// besideOf are the customary words in the classes and ids of such parts, and insideOf
	// of those that hold the article.
	besideOf = lazily(`(?i)(^|[\s_-])(ads?|advert\w*|banner|breadcrumbs?|comments?|community|cookies?|consent|disqus|footer|footnotes?|gdpr|masthead|menu|modal|nav\w*|newsletter\w*|outbrain|pag(er|ination)|popup|promo\w*|recirc\w*|recommend\w*|related\w*|shar(e|ing)\w*|sidebar|signup|social\w*|sponsor\w*|subscri\w*|taboola|tags?|teasers?|toolbar|tools|trending|widgets?)([\s_-]|$)`)
	insideOf = lazily(`(?i)(^|[\s_-])(article|story|content|body|main|column|entry|post|text|release)([\s_-]|$)`)
)

// survey reads a page once.
func survey(text string) *plan {
	p := &plan{}
	z := html.NewTokenizer(strings.NewReader(text))
	for at := 0; ; {
		kind := z.Next()
		from := at
		at += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			p.end(0, from)
			return p
		case html.TextToken:
			p.read(z.Text())
		case html.StartTagToken:
			p.start(token(z), from)
		case html.EndTagToken:
			p.finish(token(z).DataAtom, from, at)
		}
	}
}

func (p *plan) read(text []byte) {
	if p.silent > 0 {
		return
	}
	n := utf8.RuneCount(bytes.Join(bytes.Fields(text), []byte(" ")))
	p.run.letters += n
	if p.linked {
		p.run.linked += n
	}
}

func (p *plan) start(t tag, from int) {
	switch {
	case t.DataAtom == atom.A:
		p.linked = true
	case unseen[t.DataAtom]:
		p.silent++
	case paragraphs[t.DataAtom] || blocks[t.DataAtom] || beside[t.DataAtom] || t.DataAtom == atom.Td || t.DataAtom == atom.Th:
		if top := len(p.open) - 1; top >= 0 && p.regions[p.open[top]].name == atom.P { // its end was left out
			p.end(top, from)
		}
		p.endRun()
		if len(p.open) == deepest || len(p.regions) == mostRegions || void[t.DataAtom] {
			return
		}
		names := attribute(t, "class") + " " + attribute(t, "id")
		r := region{name: t.DataAtom, start: from, parent: -1, beside: beside[t.DataAtom] || hidden(t) || attribute(t, "aria-hidden") == "true"}
		r.besideOf = besideOf().MatchString(names) && !insideOf().MatchString(names)
		if len(p.open) > 0 {
			r.parent = p.open[len(p.open)-1]
		}
		p.open = append(p.open, len(p.regions))
		p.regions = append(p.regions, r)
	}
}

func (p *plan) finish(name atom.Atom, from, to int) {
	switch {
	case name == atom.A:
		p.linked = false
	case unseen[name]:
		p.silent = max(p.silent-1, 0)
	default:
		for i, open := range slices.Backward(p.open) {
			if p.regions[open].name == name {
				p.end(i+1, from)
				p.end(i, to)
				return
			}
		}
	}
}

// end ends the regions that are open from a depth on.
func (p *plan) end(depth, at int) {
	p.endRun()
	for _, i := range p.open[depth:] {
		p.regions[i].end = at
	}
	p.open = p.open[:depth]
}

func (p *plan) endRun() {
	if p.run.letters > 0 && len(p.open) > 0 {
		p.run.region = p.open[len(p.open)-1]
		p.runs = append(p.runs, p.run)
	}
	p.run = run{}
}

// around calls f with a region and all it stands in.
func (p *plan) around(i int, f func(*region)) {
	for ; i >= 0; i = p.regions[i].parent {
		f(&p.regions[i])
	}
}

// best is the region that is most likely the article; -1: nothing on the page is one.
func (p *plan) best() int {
	all := 0
	for _, r := range p.runs {
		if r.prose() {
			all += r.letters
			p.around(r.region, func(in *region) { in.prose += r.letters })
		}
	}
	for i := range p.regions {
		r := &p.regions[i]
		// A part with most of the text is the article, whatever it is called.
		r.beside = r.beside || r.besideOf && 5*r.prose < 2*all
		r.prose = 0
	}
	for _, r := range p.runs {
		out := false
		p.around(r.region, func(in *region) { out = out || in.beside })
		switch {
		case out:
		case r.prose():
			p.around(r.region, func(in *region) { in.prose += r.letters })
		default:
			p.around(r.region, func(in *region) { in.rest += r.letters })
		}
	}
	best, top := -1, 0
	for i, r := range p.regions {
		if v := r.prose - 2*r.rest; v > top && !leaves[r.name] {
			best, top = i, v
		}
	}
	return best
}

// without is a region of a page without what in it is beside the article.
func (p *plan) without(text string, best int) string {
	var b strings.Builder
	r := p.regions[best]
	at := r.start
	for _, in := range p.regions[best+1:] {
		switch {
		case in.start >= r.end:
		case in.start >= at && in.beside:
			b.WriteString(text[at:in.start])
			at = min(in.end, r.end)
		}
	}
	b.WriteString(text[at:r.end])
	return b.String()
}
