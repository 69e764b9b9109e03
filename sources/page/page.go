// Package page watches newsrooms that have no feed: it reads the page that lists their
// articles, and each article that was not on it before.
//
// It owns the cursor of a page account: which articles were listed, and which of them are
// still to be read. That an article is not listed any more says nothing.
package page

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/article"
	"onrecord/sources/markup"
)

// Kind describes pages.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    "page",
		Title:   "Page",
		Config:  func() sources.Config { return &Config{} },
		Account: checkAccount,
		Every:   30 * time.Minute, // a page is built for people: an answer is whole each time
	}
}

func checkAccount(a onrecord.Account) error {
	u, err := url.Parse(a.URL)
	switch {
	case a.URL == "":
		return errors.New("url: a page account needs the address of the page that lists the articles")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil:
		return errors.New("url: must be an address like https://northwind.example/newsroom")
	}
	return nil
}

// Config is the section sources.page.
type Config struct {
	AllowPrivate bool             `yaml:"allow_private" jsonschema:"description=Also read pages on private networks and other ports than 80 and 443,default=false"`
	OnDelete     sources.Deletion `yaml:"on_delete" jsonschema:"default=notice"`
}

// Deletion implements [sources.Deleting].
func (c *Config) Deletion() sources.Deletion { return cmp.Or(c.OnDelete, sources.TellDeleted) }

// Validate says what is wrong without any I/O.
func (c *Config) Validate() error { return nil }

// AllowsPrivate says whether addresses on private networks may be read.
func (c *Config) AllowsPrivate() bool { return c.AllowPrivate }

// Open returns the source. It needs no credentials.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	return &source{article.Visits{Own: env.Client(c.AllowPrivate), Others: env.Client(false), Log: cmp.Or(env.Log, slog.New(slog.DiscardHandler))}}, nil
}

type source struct{ article.Visits }

const (
	// remembered bounds the articles that are known, and atOnce how many are read in one go.
	remembered, atOnce = 2000, 10
	// tries is how often an article is asked for before its headline stands for it.
	tries = 3
	// longAgo is how old articles are that appear together and are taken for an archive.
	longAgo, inArchive = 30 * 24 * time.Hour, 3
)

// mark is the cursor: what is known of a page.
type mark struct {
	Page string `json:"page"` // digest of the address the rest belongs to
	sources.Validators
	Read    time.Time `json:"read"`  // when the page was read last; zero: never
	Usual   int       `json:"usual"` // articles it lists
	Known   []string  `json:"known"` // digests of addresses and headlines, the last at the end
	Pending []pending `json:"pending,omitempty"`
	Recent  []recent  `json:"recent,omitempty"` // that are read again, the last at the end
}

// pending is an article that is still to be read.
type pending struct {
	URL   string    `json:"u"`
	Title string    `json:"t"`
	Date  time.Time `json:"d,omitzero"`
	Tries int       `json:"n,omitempty"`
}

// Pull reads the page and, some at a time, the articles that are new on it. The first pull
// returns their headlines.
func (s *source) Pull(ctx context.Context, account onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	p := &pull{source: s, account: account, now: time.Now(), pages: s.Reader(account)}
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &p.mark); err != nil {
			return sources.Page{}, sources.NonsenseError("the stored cursor is not one of a page: %w; remove the account's cursor to begin anew", err)
		}
	}
	if len(p.mark.Pending) == 0 { // else what was listed is read first
		if err := p.list(ctx); err != nil {
			return sources.Page{}, err
		}
	}
	more := p.read(ctx)
	if len(p.mark.Pending) == 0 {
		p.readAgain(ctx)
	}
	next, _ := json.Marshal(p.mark) // strings, numbers and times from our own clock: cannot fail
	s.Log.Debug("page read", "account", account.ID, "fresh", len(p.posts))
	out := sources.Page{Posts: p.posts, Warnings: p.warnings, Next: sources.Cursor(next), More: more}
	if len(p.archive) < inArchive {
		out.Posts = append(p.archive, out.Posts...)
	} else {
		out.Archive = p.archive
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d articles from long before appeared together: they are kept and not reported, as those were that were there at first", len(p.archive)))
	}
	return out, nil
}

// pull is one pull: what is known and what it found.
type pull struct {
	*source
	account  onrecord.Account
	now      time.Time
	pages    *article.Reader
	mark     mark
	posts    []onrecord.Post
	archive  []onrecord.Post // from long before
	warnings []string
}

// list reads the page and notes what is new on it.
func (p *pull) list(ctx context.Context) error {
	req, err := sources.NewGet(ctx, p.account.URL)
	if err != nil {
		return err
	}
	if !p.pages.May(ctx, req.URL) {
		return &sources.Error{Trouble: sources.Denied, Err: fmt.Errorf("%s asks robots not to read this page (robots.txt); ask the site for a feed", sources.Redact(req.URL))}
	}
	req.Header.Set("Accept", article.Accept)
	validators := p.mark.Validators
	if p.mark.Page != digest(p.account.URL) {
		validators = sources.Validators{}
	}
	d, _, err := validators.Read(p.Own, req, article.MaxPage, p.now)
	if err != nil {
		return err
	}
	if d.Status == http.StatusNotModified {
		p.mark.Read = p.now
		return nil
	}
	if !d.HTML() {
		return sources.NonsenseError("read %s: it is no page of HTML; if it is a feed, write source: feed", sources.Redact(req.URL))
	}
	found := list(d)
	if len(found) == 0 {
		return sources.NonsenseError("read %s: it lists no articles that a program can find; open it without scripts and see whether they are there", sources.Redact(req.URL))
	}
	p.compare(found)
	p.mark.Page, p.mark.Validators, p.mark.Read = digest(p.account.URL), sources.ValidatorsOf(d.Header, p.now), p.now
	return nil
}

// compare notes which of the listed articles are new: known by neither address nor headline.
func (p *pull) compare(found []listed) {
	first, known, fresh := p.mark.Read.IsZero(), 0, []listed(nil)
	for _, l := range found {
		named := slices.Contains(p.mark.Known, digest(l.headline()))
		if at := slices.Contains(p.mark.Known, digest(l.canonical())); at || named {
			if known++; !named {
				p.retitle(l)
			}
			continue
		}
		fresh = append(fresh, l)
	}
	rebuilt := !first && known == 0 && len(found) > inArchive
	for _, l := range slices.Backward(found) {
		p.know(l)
	}
	for _, l := range slices.Backward(fresh) { // lists begin with the newest
		switch recent := !l.date.IsZero() && l.date.After(p.now.Add(-p.account.Backfill)); {
		case first && !recent:
			p.posts = append(p.posts, p.post(l, article.Page{}))
		case rebuilt && (l.date.IsZero() || l.date.Before(p.mark.Read.Add(-longAgo))):
			p.archive = append(p.archive, p.post(l, article.Page{}))
		default:
			p.mark.Pending = append(p.mark.Pending, pending{URL: l.address.String(), Title: l.title, Date: l.date})
		}
	}
	if rebuilt {
		p.warnings = append(p.warnings, "none of the articles known before is on the page: it was built anew, or more came since than it lists; read it more often")
	}
	if 2*len(found) < p.mark.Usual {
		p.warnings = append(p.warnings, fmt.Sprintf("the page lists %d articles where %d are usual; it may be broken or emptied, look at it", len(found), p.mark.Usual))
	}
	p.mark.Usual = max((p.mark.Usual+len(found))/2, len(found))
}

// know remembers an article, at the end of what is known.
func (p *pull) know(l listed) {
	names := []string{digest(l.canonical()), digest(l.headline())}
	p.mark.Known = slices.DeleteFunc(p.mark.Known, func(k string) bool { return slices.Contains(names, k) })
	p.mark.Known = append(p.mark.Known, names...)
	p.mark.Known = p.mark.Known[max(0, len(p.mark.Known)-2*remembered):]
}

// read reads articles that are pending, the oldest first, and reports whether more of them
// can be read at once. One that does not answer is asked for again, and holds up none.
func (p *pull) read(ctx context.Context) (more bool) {
	var left []pending
	for i, e := range p.mark.Pending {
		address, err := url.Parse(e.URL)
		if err != nil { // it was written by us
			continue
		}
		if i >= atOnce {
			left, more = append(left, p.mark.Pending[i:]...), true
			break
		}
		page, err := p.pages.Read(ctx, e.URL)
		l := listed{address: address, title: e.Title, date: e.Date}
		switch e.Tries++; {
		case article.Passing(err) && e.Tries < tries:
			left = append(left, e)
			if ctx.Err() != nil || errors.Is(err, article.ErrPause) {
				p.mark.Pending = append(left, p.mark.Pending[i+1:]...)
				return false
			}
		case isGone(err): // taken off again before anybody read it
		default:
			if err != nil {
				p.warnings = append(p.warnings, fmt.Sprintf("an article cannot be read, and its headline stands for it: %v", err))
			}
			p.take(l, page)
		}
	}
	more = more && len(left) < len(p.mark.Pending)
	p.mark.Pending = left
	return more
}

func isGone(err error) bool {
	told, ok := errors.AsType[*sources.Error](err)
	return ok && told.Trouble == sources.Gone
}

// take makes a post of an article that was read.
func (p *pull) take(l listed, page article.Page) {
	post := p.post(l, page)
	if post.Dated && !p.mark.Whole.IsZero() && post.Created.Before(p.now.Add(-longAgo-p.account.Backfill)) {
		p.archive = append(p.archive, post)
		return
	}
	if page.Text != "" {
		p.mark.Recent = append(p.mark.Recent, recent{URL: l.address.String(), Title: l.title, Date: l.date, Name: digest(page.Title), Revision: post.Revision, Read: p.now})
		p.mark.Recent = p.mark.Recent[max(0, len(p.mark.Recent)-mostRecent):]
	}
	p.posts = append(p.posts, post)
}

// post is an article as its page shows it, or as the list does where the page does not.
func (p *pull) post(l listed, page article.Page) onrecord.Post {
	post := onrecord.Post{
		Account: p.account.ID, ID: digest(l.canonical()), URL: l.address.String(), Author: onrecord.Author{Name: p.account.Speaker}, Kind: onrecord.Article,
		Title: l.title, Text: page.Text, Links: page.Links, Media: page.Media, Raw: raw(l, page), Created: p.now.UTC(),
	}
	if post.Text == "" { // the headline is all there is
		post.Text, post.Cut = l.title, true
	}
	if p.account.Kind == onrecord.Press {
		post.Author = onrecord.Author{Handle: strings.TrimPrefix(strings.ToLower(l.address.Hostname()), "www.")}
	}
	for _, at := range []time.Time{page.Published, l.date} {
		if !post.Dated && !at.IsZero() && !at.After(p.now.Add(24*time.Hour)) {
			post.Created, post.Dated = at, true
		}
	}
	post.Revision = digest(post.Title, post.Text)
	return post
}

// maxRaw bounds what is kept of an article as its site showed it.
const maxRaw = 64 << 10

func raw(l listed, page article.Page) []byte {
	if len(page.HTML) == 0 {
		return []byte(fmt.Sprintf("<a href=%q>%s</a>", l.address, l.title))
	}
	return slices.Clone(page.HTML[:min(len(page.HTML), maxRaw)])
}

// digest names texts in sixteen letters.
func digest(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// headline is what is left of a headline when a site is built anew; a short one is that of
// many articles.
func (l listed) headline() string {
	words := strings.Fields(strings.ToLower(l.title))
	if len(words) < 4 && len([]rune(l.title)) < 12 {
		return "\n" + l.canonical()
	}
	return "\n" + strings.Join(words, " ")
}

// canonical is what two addresses of one article have in common.
func (l listed) canonical() string { return markup.Canonical(l.address.String()) }
