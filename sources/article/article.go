// Package article reads pages that a site wrote for people, as a guest: what robots.txt
// forbids is not read, and the site says how long to wait between two pages. Of a page it
// gives the article, with the date the page names.
package article

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onrecord/sources"
	"onrecord/sources/markup"
)

const (
	// Accept asks for pages for people, as the header of that name, and MaxPage is how much
	// of one is read.
	Accept  = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
	MaxPage = 2 << 20
	// longestDelay is how long one waits for the next page; a site that wants more of a
	// rest has one page read at a time.
	longestDelay = 10 * time.Second
)

// ErrForbidden says that the site asks robots not to read a page.
var ErrForbidden = errors.New("the site asks robots not to read it (robots.txt)")

// ErrPause says that the site asks for a longer rest between two pages than anybody waits.
var ErrPause = errors.New("the site asks for a rest between two pages")

// Page is an article and what its page says of it.
type Page struct {
	markup.Document
	Title     string
	Published time.Time // zero: it does not say when
	URL       *url.URL  // after redirects
	HTML      []byte
}

// Reader reads pages one after the other.
type Reader struct {
	client func(page *url.URL) *http.Client
	sites  map[string]rules
	last   map[string]time.Time
}

// May reports whether the site lets robots read a page.
func (r *Reader) May(ctx context.Context, page *url.URL) bool { return r.rules(ctx, page).allow(page) }

func (r *Reader) rules(ctx context.Context, page *url.URL) rules {
	site := page.Scheme + "://" + page.Host
	known, ok := r.sites[site]
	if !ok {
		known = ask(ctx, r.client(page), page)
		r.sites[site] = known
	}
	return known
}

// Read reads a page. Errors that are not [ErrForbidden] or [ErrPause] are those of [sources.Read].
func (r *Reader) Read(ctx context.Context, address string) (Page, error) {
	req, err := sources.NewGet(ctx, address)
	if err != nil {
		return Page{}, err
	}
	site := r.rules(ctx, req.URL)
	if !site.allow(req.URL) {
		return Page{}, fmt.Errorf("read %s: %w", sources.Redact(req.URL), ErrForbidden)
	}
	if err := r.rest(ctx, req.URL.Host, site.delay); err != nil {
		return Page{}, err
	}
	req.Header.Set("Accept", Accept)
	d, err := sources.Read(r.client(req.URL), req, MaxPage)
	if errors.Is(err, sources.ErrTooLarge) && d.Status == http.StatusOK {
		err = nil // the article stands before what makes it so large
	}
	if err != nil {
		return Page{}, err
	}
	if !d.HTML() {
		return Page{}, sources.NonsenseError("read %s: it is no page of HTML", sources.Redact(req.URL))
	}
	kind := d.Header.Get("Content-Type")
	base := *d.URL
	base.RawQuery, base.Fragment = "", ""
	return Page{Document: markup.Article(d.Body, kind, &base), Title: markup.Title(d.Body, kind), Published: markup.Published(d.Body), URL: d.URL, HTML: d.Body}, nil
}

// Passing reports an error that says nothing of the page: it may be read later.
func Passing(err error) bool {
	if told, ok := errors.AsType[*sources.Error](err); ok {
		return told.Trouble == sources.Unreached || told.Trouble == sources.Limited
	}
	return err != nil && !errors.Is(err, ErrForbidden)
}

// rest waits until a site may be asked for the next page.
func (r *Reader) rest(ctx context.Context, host string, delay time.Duration) error {
	wait := time.Until(r.last[host].Add(delay))
	switch {
	case delay == 0 || r.last[host].IsZero() || wait <= 0:
	case wait > longestDelay:
		return fmt.Errorf("read another page of %s: %w", host, ErrPause)
	default:
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	r.last[host] = time.Now()
	return nil
}

// leastText is how many letters an article has at least that says more than its summary.
const leastText = 200

// Tells reports whether a page has the text that a feed or a list announces by a title and
// perhaps a summary: not a wall, a page for what is not there, nor another article.
func (p Page) Tells(title, summary string) bool {
	text := squeezed(p.Text)
	if len([]rune(p.Text)) < leastText || len(p.Text) <= len(summary) {
		return false
	}
	begins := []rune(squeezed(summary))
	if len(begins) >= 20 && strings.Contains(text, string(begins[:min(len(begins), 40)])) {
		return true
	}
	t := squeezed(p.Title)
	return p.Bears(title) || len(t) > 10 && strings.Contains(squeezed(title), t)
}

// Bears reports whether a headline stands on the page, letter for letter or nearly so.
func (p Page) Bears(headline string) bool {
	of := squeezed(headline)
	return of != "" && (strings.Contains(squeezed(p.Title), of) || len(of) > 20 && strings.Contains(squeezed(string(p.HTML)), of))
}

// squeezed is a text without what sites change about it.
func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r > 0x2fff, r >= 0xc0 && r < 0x2000:
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, text)
}
