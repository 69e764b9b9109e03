// Package markup turns HTML from places into plain text that can be quoted,
// with the links and pictures it shows. It owns how structure reads as text:
// paragraphs are separated by an empty line, list items begin with "• ", and
// every line of a quotation begins with "> ", so that words an author only
// quotes are never taken for the author's own. What a reader sees of a look is
// kept: the marks that browsers set around <q>, raised and lowered digits. What
// a reader does not read as said is left out: what is struck out, readings
// beside letters, marks of footnotes, and what is hidden (look.go).
//
// The walker follows the token stream and never builds a tree: hostile nesting
// costs no stack, and time grows with the length of the input alone.
package markup

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"onrecord"
)

// Document is what a piece of HTML says.
type Document struct {
	Text  string // valid UTF-8, without white space at either end
	Links []onrecord.Link
	Media []onrecord.Media
}

const (
	// maxLinks and maxMedia bound what one document may carry along; an
	// article has fewer, a page of link spam has more.
	maxLinks = 200
	maxMedia = 20
	// maxQuoteDepth bounds the marks in front of a line of nested quotations.
	maxQuoteDepth = 4
)

// Read reads a fragment or a whole document. Addresses are resolved against
// base, which may be nil; those that do not lead to http or https are dropped.
func Read(source string, base *url.URL) Document {
	w := walker{base: base}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: a string has no other errors
			w.endScript()
			w.endLink()
			return Document{Text: w.out.text(), Links: w.links, Media: w.media}
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken:
			w.start(token(z))
		case html.SelfClosingTagToken:
			// Browsers ignore the slash; who writes it means it. Without this the
			// rest of the document would be the content of an <iframe/>.
			z.NextIsNotRawText()
			w.start(token(z))
		case html.EndTagToken:
			w.end(token(z))
		}
	}
}

// tag is a token with the bytes it was read from.
type tag struct {
	html.Token
	raw string
}

func token(z *html.Tokenizer) tag {
	raw := string(z.Raw()) // before Token, which overwrites it
	return tag{z.Token(), raw}
}

// foreign are names that only elements have: of a namespace, or made up by a
// site's authors. Any other name HTML does not know, as in "<redacted>" or
// "<dana@harbor.example>", is text that somebody forgot to escape; dropping it
// as browsers do could turn a sentence into its opposite.
var foreign = regexp.MustCompile(`^[a-z0-9]+[:-][a-z0-9:-]+$`)

func (t tag) isText() bool { return t.DataAtom == 0 && !foreign.MatchString(t.Data) }

// walker holds where in the document we are.
type walker struct {
	base   *url.URL
	out    writer
	silent atom.Atom // inside this element nothing is text; 0: we are not
	depth  int       // of elements of that name
	raised *script   // the raised or lowered text we are in; nil: we are in none
	quoted []string  // the marks that close the <q> we are in
	link   *onrecord.Link
	links  []onrecord.Link
	media  []onrecord.Media
}

// unseen are elements whose content no reader sees as text, or takes back.
var unseen = set(
	atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes, atom.Object, atom.Svg, atom.Math,
	atom.Title, atom.Select, atom.Del, atom.S, atom.Strike, atom.Rt, atom.Rp, atom.Rtc,
)

// blocks begin and end on a line of their own; paragraphs are set apart by an
// empty line as well.
var blocks, paragraphs = set(
	atom.Address, atom.Article, atom.Aside, atom.Body, atom.Caption, atom.Dd, atom.Details, atom.Div, atom.Dl, atom.Dt, atom.Fieldset,
	atom.Figcaption, atom.Footer, atom.Form, atom.Header, atom.Hr, atom.Html, atom.Li, atom.Main, atom.Nav, atom.Section,
	atom.Summary, atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr,
), set(
	atom.P, atom.Blockquote, atom.Figure, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ol, atom.Pre, atom.Table, atom.Ul,
)

func set(as ...atom.Atom) map[atom.Atom]bool {
	m := map[atom.Atom]bool{}
	for _, a := range as {
		m[a] = true
	}
	return m
}

func (w *walker) text(s string) {
	switch {
	case w.silent != 0:
	case w.raised != nil:
		if w.raised.text += s; len(w.raised.text) > longestScript {
			w.endScript()
		}
	default:
		w.out.write(s)
	}
}

func (w *walker) start(t tag) {
	if w.silent != 0 && !w.speaksAgain(t) {
		if t.DataAtom == w.silent && t.Type == html.StartTagToken {
			w.depth++
		}
		return
	}
	if (unseen[t.DataAtom] || hidden(t)) && t.Type == html.StartTagToken {
		w.silent, w.depth = t.DataAtom, 1
		return
	}
	if w.raised != nil && t.DataAtom == atom.A {
		w.raised.note = true
		return
	}
	if t.isText() {
		w.text(t.raw)
	}
	w.breaks(t.DataAtom)
	switch t.DataAtom {
	case atom.Br:
		w.out.breaks++
	case atom.Td, atom.Th:
		w.out.space()
	case atom.Li:
		w.out.mark("• ")
	case atom.Blockquote:
		w.out.quote(1)
	case atom.Q:
		w.openQuotation()
	case atom.Sup, atom.Sub:
		w.startScript(t.DataAtom)
	case atom.Pre:
		w.out.pre++
	case atom.A:
		w.endLink()
		w.startLink(attribute(t, "href"))
	case atom.Img:
		w.picture(t)
	}
}

func (w *walker) end(t tag) {
	a := t.DataAtom
	if w.silent != 0 {
		if a == w.silent {
			w.depth--
		}
		if w.depth == 0 || a == atom.Ruby && reading[w.silent] {
			w.silent = 0
		}
		return
	}
	if t.isText() {
		w.text(t.raw)
	}
	switch a {
	case atom.Q:
		w.closeQuotation()
	case atom.Sup, atom.Sub:
		w.endScript()
	case atom.A:
		w.endLink()
	case atom.Li:
		w.out.mark("")
	case atom.Blockquote:
		w.out.line()
		w.out.quote(-1)
	case atom.Pre:
		w.out.pre = max(w.out.pre-1, 0)
	}
	w.breaks(a)
}

func (w *walker) breaks(a atom.Atom) {
	if paragraphs[a] || blocks[a] {
		w.endScript()
	}
	switch {
	case paragraphs[a]:
		w.out.paragraph()
	case blocks[a]:
		w.out.line()
	}
}

func (w *walker) startLink(href string) {
	if len(w.links) >= maxLinks {
		return
	}
	if address := Unwrap(w.resolve(href)); address != "" {
		w.link = &onrecord.Link{URL: address}
		w.out.anchor = pending
	}
}

func (w *walker) endLink() {
	if w.link == nil {
		return
	}
	w.link.Shown = strings.Join(strings.Fields(w.out.anchored()), " ")
	if !slices.Contains(w.links, *w.link) {
		w.links = append(w.links, *w.link)
	}
	w.link = nil
}

// signs are what sites write as pictures of themselves: WordPress and many others
// do so with every emoji, and with ":-)".
var (
	signClass = lazily(`(?i)(^|[\s_-])(emoji|emoticon|smiley|smilies|twemoji|emojione)`)
	emoticon  = lazily(`^\p{Z}*[\p{So}\p{Sk}\p{Cf}\p{Mn}\p{Me}\x{1F1E6}-\x{1F1FF}#*0-9\x{203C}\x{2049}\x{2122}\x{2139}\x{2194}-\x{21AA}\x{25AA}-\x{27BF}\x{1F000}-\x{1FAFF}]{1,16}\p{Z}*$`)
)

// sign is the text that a picture stands for: one of a sign, not of a thing.
func sign(t tag) string {
	alt := attribute(t, "alt")
	marked := signClass().MatchString(attribute(t, "class")) || strings.Contains(attribute(t, "src"), "/emoji/") || strings.Contains(attribute(t, "src"), "/smilies/")
	switch {
	case marked && len(alt) <= maxSign, emoticon().MatchString(alt) && strings.ContainsFunc(alt, func(r rune) bool { return r > unicode.MaxLatin1 }):
		return alt
	}
	return ""
}

const maxSign = 40 // bytes: the longest emoji, a family, has 25

func (w *walker) picture(t tag) {
	if s := sign(t); s != "" {
		w.text(s)
		return
	}
	address := w.resolve(attribute(t, "src"))
	// Pictures of one pixel count readers.
	if address == "" || len(w.media) >= maxMedia || attribute(t, "width") == "1" || attribute(t, "height") == "1" {
		return
	}
	w.media = append(w.media, onrecord.Media{Kind: "image", URL: address, Alt: Line(html.EscapeString(attribute(t, "alt")))})
}

func (w *walker) resolve(reference string) string { return Resolve(w.base, reference) }

// Resolve returns the absolute http or https address of a reference, or "".
func Resolve(base *url.URL, reference string) string {
	u, err := url.Parse(strings.TrimSpace(reference))
	if err != nil || reference == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

func attribute(t tag, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// lazily compiles an expression when it is first needed: a command that reads no page does not wait for it.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
