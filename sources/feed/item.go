package feed

import (
	"bytes"
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/markup"
)

// item is a post with what identifies it in its feed.
type item struct {
	onrecord.Post
	guid string // as the feed gives it; may be empty or not unique
	link string // canonical, for comparison only; may be empty
	name string // title and day, for items without either
	// words is a sketch of the text, to know it again.
	words  string
	by     string        // whom it names as its author
	of     *onrecord.Ref // what it reposts, as its own words say; nil: they do not
	dates  []string      // that it has, the best first
	unread string        // of its dates, the first that could not be used
	// unwritten is of what is said and not written: the page of a film or a recording has no more.
	unwritten bool
}

// items reads all items, in the order of their document. Their dates, and which of them are
// reposts, is told of the whole by [dating.date] and [repost].
func (d document) items(ctx context.Context, account onrecord.Account) (items []item, err error) {
	links, media := mostLinks, mostMedia
	err = d.batches(ctx, func(some document) {
		for i := range some.feed.Items {
			it := some.item(i, account)
			it.Links, it.Media = slices.Clone(it.Links[:min(len(it.Links), links)]), slices.Clone(it.Media[:min(len(it.Media), media)])
			links, media = links-len(it.Links), media-len(it.Media)
			items = append(items, it)
		}
	})
	if account.Kind != onrecord.Press {
		d.repost(items, account)
	}
	return items, err
}

// mostLinks and mostMedia bound what the items of a document lead to together: a hundredth
// of what a page of link spam has room for.
const mostLinks, mostMedia = 20_000, 10_000

func (d document) item(i int, account onrecord.Account) item {
	it := d.feed.Items[i]
	body, cut := d.body(i)
	p := onrecord.Post{
		Account: account.ID,
		Author:  onrecord.Author{Name: cmp.Or(author(it), owner(account))},
		Kind:    onrecord.Article,
		Title:   markup.Line(it.Title[:min(len(it.Title), maxTitle)]),
		Text:    body.Text,
		Lang:    d.language(i),
		Links:   body.Links,
		Media:   body.Media,
		Cut:     cut || paywalled(body.Text),
		Raw:     d.rawOf(i),
	}
	words := sketch(p.Text)
	if p.Text == "" { // the headline is all there is
		p.Text, p.Cut, words = p.Title, true, wordless
	}
	for _, e := range it.Enclosures {
		d.enclose(&p, e)
	}
	if account.Kind == onrecord.Press {
		p.Author.Handle = d.outlet(i, account.URL)
		p.Cut = p.Cut || isAggregator(hostOf(account.URL)) // which has a few words of what others publish
	}
	link := d.link(i)
	p.URL = cmp.Or(markup.Untracked(link), d.resolve(d.feed.Link), d.resolve("/"))
	of := reposted(p)
	conceal(&p, account.URL)
	p.Revision = digest(16, append([]string{p.Title, p.Text}, enclosed(it)...)...)
	x := item{Post: p, guid: strings.Clone(strings.TrimSpace(it.GUID)), link: markup.Canonical(link), words: words, by: author(it), of: of, dates: dates(it)}
	_, film := it.Extensions["media"]["group"]
	x.unwritten = film || it.ITunesExt != nil || slices.ContainsFunc(p.Media, func(m onrecord.Media) bool { return m.Kind != "image" })
	return x
}

// body reads the longest text the item has. cut says that the feed itself
// calls it a summary, or that it is longer than is read.
func (d document) body(i int) (body markup.Document, cut bool) {
	it := d.feed.Items[i]
	switch f := d.feed.OriginalFeed().(type) {
	case *atom.Feed:
		if c := f.Entries[i].Content; c != nil && strings.TrimSpace(c.Value) != "" {
			return d.text(c.Value, plainTypes[strings.ToLower(c.Type)]), len(c.Value) > maxBody
		}
		cut = true
	case *json.Feed:
		if it := f.Items[i]; strings.TrimSpace(it.ContentHTML) == "" && strings.TrimSpace(it.ContentText) != "" {
			return d.text(it.ContentText, true), len(it.ContentText) > maxBody
		}
		cut = it.Content == ""
	}
	source := it.Content
	if strings.TrimSpace(source) == "" {
		source = cmp.Or(it.Description, described(it.Extensions))
	}
	if x := it.ITunesExt; x != nil && strings.TrimSpace(source) == "" { // of a podcast
		source = cmp.Or(x.Summary, x.Subtitle)
	}
	return d.text(source, false), cut || len(source) > maxBody
}

// plainTypes are the types of an Atom content that is not HTML, RFC 4287
// section 4.1.3. One without a type is by far most often HTML all the same.
var plainTypes = map[string]bool{"text": true, "text/plain": true}

// maxBody and maxTitle bound what is read of one item, in bytes of markup: some times
// what a post may hold.
const (
	maxBody  = 1 << 20
	maxTitle = 16 << 10
)

func (d document) text(source string, plain bool) markup.Document {
	if len(source) > maxBody {
		source = strings.ToValidUTF8(source[:maxBody], "")
	}
	if plain {
		return markup.Document{Text: markup.Plain(source)}
	}
	return markup.Guess(source, d.url)
}

// described finds the description of a video, which Media RSS puts into an
// element of its own.
func described(x ext.Extensions) string {
	media := x["media"]
	for _, group := range media["group"] {
		if ds := group.Children["description"]; len(ds) > 0 {
			return ds[0].Value
		}
	}
	if ds := media["description"]; len(ds) > 0 {
		return ds[0].Value
	}
	return ""
}

// link is where the item leads in the end, with the gaps of gofeed filled: links
// relative to the document, RSS items whose GUID is their only link, and the
// address that a service which counts clicks put its own in front of.
func (d document) link(i int) string {
	it := d.feed.Items[i]
	for _, e := range it.Extensions["feedburner"]["origLink"] {
		if u := d.resolve(e.Value); u != "" {
			return u
		}
	}
	for _, l := range append([]string{it.Link}, it.Links...) {
		if u := d.resolve(l); u != "" {
			return markup.Unwrap(u)
		}
	}
	if f, ok := d.feed.OriginalFeed().(*rss.Feed); ok {
		if g := f.Items[i].GUID; g != nil && !strings.EqualFold(g.IsPermalink, "false") && strings.HasPrefix(g.Value, "http") {
			return markup.Unwrap(d.resolve(g.Value))
		}
	}
	return ""
}

// wrapped reports whether the item's own link is not where it leads in the end.
func (d document) wrapped(i int) bool { return d.resolve(d.feed.Items[i].Link) != d.link(i) }

func (d document) resolve(reference string) string { return markup.Resolve(d.url, reference) }

func (d document) language(i int) string {
	lang := d.feed.Language
	if f, ok := d.feed.OriginalFeed().(*json.Feed); ok {
		lang = cmp.Or(f.Items[i].Language, lang)
	}
	if lang = strings.TrimSpace(lang); !bcp47().MatchString(lang) {
		return ""
	}
	return lang
}

var bcp47 = lazily(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// owner is whose words an account's items are when they name nobody; a newspaper
// speaks for nobody.
func owner(a onrecord.Account) string {
	if a.Kind == onrecord.Press {
		return ""
	}
	return a.Speaker
}

func author(it *gofeed.Item) string {
	for _, a := range it.Authors {
		if a != nil && a.Name != "" {
			return markup.Line(a.Name)
		}
	}
	if dc := it.DublinCoreExt; dc != nil { // in which gofeed takes "@harborlabs" for an address
		for _, names := range [][]string{dc.Creator, dc.Author} {
			if len(names) > 0 {
				return markup.Line(names[0])
			}
		}
	}
	return ""
}

// enclose adds an attached file: pictures, sound and film as media, all else
// (a PDF of the filing) as a link.
func (d document) enclose(p *onrecord.Post, e *gofeed.Enclosure) {
	address := d.resolve(e.URL)
	if address == "" {
		return
	}
	if kind, _, _ := strings.Cut(e.Type, "/"); kind == "image" || kind == "video" || kind == "audio" {
		p.Media = append(p.Media, onrecord.Media{Kind: kind, URL: address})
		return
	}
	p.Links = append(p.Links, onrecord.Link{URL: address})
}

func enclosed(it *gofeed.Item) (addresses []string) {
	for _, e := range it.Enclosures {
		addresses = append(addresses, e.URL)
	}
	return addresses
}

// paywall are the words sites put where the rest of an article would be.
var paywall = lazily(`(^|\n|[….] ?)(continue reading|read (more|the full (story|article|post|statement))|this (post|article) is for (paid )?subscribers|subscribe (now )?to (continue|keep) reading)[^\n]{0,80}$`)

// paywalled reports whether the last words say that there is more elsewhere.
func paywalled(text string) bool {
	tail := strings.ToLower(text[max(0, len(text)-160):])
	if end := strings.TrimRight(tail, "]) "); strings.HasSuffix(end, "…") || strings.HasSuffix(end, "...") {
		return true
	}
	return (strings.Contains(tail, "read") || strings.Contains(tail, "subscribers")) && paywall().MatchString(tail)
}

// conceal takes out of a post what makes the feed's address a secret: feeds repeat
// it in the links to their items.
func conceal(p *onrecord.Post, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	for _, part := range sources.Secrets(u) {
		if strings.Contains(p.URL, part) {
			p.URL = markup.Resolve(u, "/")
		}
		p.Links = slices.DeleteFunc(p.Links, func(l onrecord.Link) bool { return strings.Contains(l.URL, part) })
		p.Media = slices.DeleteFunc(p.Media, func(m onrecord.Media) bool { return strings.Contains(m.URL, part) })
		p.Title, p.Text = strings.ReplaceAll(p.Title, part, "…"), strings.ReplaceAll(p.Text, part, "…")
		p.Raw = bytes.ReplaceAll(p.Raw, []byte(part), []byte("…"))
	}
}

// dates are what an item says of when it was published, the best first.
func dates(it *gofeed.Item) (all []string) {
	all = append(all, it.Published, it.Updated)
	for _, name := range []string{"issued", "created", "available", "modified"} { // gofeed leaves dcterms to us
		for _, e := range it.Extensions["dcterms"][name] {
			all = append(all, e.Value)
		}
	}
	var kept []string
	for _, text := range all {
		if text = strings.TrimSpace(text); text != "" && len(kept) < maxDates {
			kept = append(kept, strings.Clone(text[:min(len(text), longestDate)]))
		}
	}
	return kept
}

const (
	maxDates    = 6             // of an item
	longestDate = 4*maxDate + 4 // in bytes: still longer than what is read
	learned     = 500           // of a document: more of them do not tell more
)

// dates are all dates of a document, its own among them.
func (d document) dates(items []item) []string {
	all := []string{d.feed.Published, d.feed.Updated}
	for _, it := range items {
		if all = append(all, it.dates...); len(all) > learned {
			break
		}
	}
	return all
}

// date dates the items of a document, and puts the oldest first.
func (d dating) date(items []item) []item {
	for i := range items {
		it, day := &items[i], ""
		it.Created, it.Dated = d.now.UTC(), false
		for _, text := range it.dates {
			if at, ok := d.pick(text); ok {
				it.Created, it.Dated, day = at, true, at.UTC().Format(time.DateOnly)
				break
			}
		}
		if !it.Dated && len(it.dates) > 0 {
			it.unread = it.dates[0]
		}
		it.name = digest(16, it.Title, day)
	}
	return oldestFirst(items)
}

// oldestFirst orders items by date. Most feeds show the newest first; items of
// one date, or without one, stay in the order of their document.
func oldestFirst(items []item) []item {
	if !ascending(items) {
		slices.Reverse(items)
	}
	at := make(map[*onrecord.Post]time.Time, len(items))
	sorted := make([]*item, len(items))
	last := time.Time{}
	for i := range items {
		if items[i].Dated {
			last = items[i].Created
		}
		at[&items[i].Post], sorted[i] = last, &items[i]
	}
	slices.SortStableFunc(sorted, func(a, b *item) int { return at[&a.Post].Compare(at[&b.Post]) })
	result := make([]item, len(items))
	for i, p := range sorted {
		result[i] = *p
	}
	return result
}

// ascending reports whether the document begins with its oldest items.
func ascending(items []item) bool {
	up := 0
	var last *item
	for i := range items {
		if !items[i].Dated {
			continue
		}
		if last != nil {
			up += items[i].Created.Compare(last.Created)
		}
		last = &items[i]
	}
	return up > 0
}

func posts(items []item) []onrecord.Post {
	var ps []onrecord.Post
	for _, it := range items {
		ps = append(ps, it.Post)
	}
	return ps
}
