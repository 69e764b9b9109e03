// Package feed reads RSS, Atom and JSON Feed documents: newsrooms, blogs,
// newsletters. A feed shows its latest items and has no "since"; what is new is
// told by comparing the whole document with what the cursor remembers of it.
//
// It owns the cursor of a feed account: the validators of the last document,
// and under which id each item is known. It keeps nothing else.
package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/article"
)

const (
	defaultBytes = 4 << 20
	// smallDocument is what is parsed beside others: a large one takes a second, for
	// which no other feed waits.
	smallDocument = 256 << 10
	maxBytes      = 8 << 20 // parsing a document takes up to 15 times its size in memory
)

// Kind describes feeds.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    "feed",
		Title:   "Feed",
		Config:  func() sources.Config { return &Config{MaxBytes: defaultBytes} },
		Account: checkAccount,
		Every:   10 * time.Minute,
	}
}

func checkAccount(a onrecord.Account) error {
	if a.URL == "" {
		return errors.New("url: a feed account needs the address of its feed")
	}
	u, err := url.Parse(a.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("url: must be an address that begins with https:// or http://")
	case u.User != nil:
		return errors.New("url: must not hold a user name or password; a feed that asks for them cannot be read")
	}
	return nil
}

// Config is the section sources.feed.
type Config struct {
	AllowPrivate bool             `yaml:"allow_private" jsonschema:"description=Also read feeds on private networks and other ports than 80 and 443,default=false"`
	MaxBytes     int64            `yaml:"max_bytes" jsonschema:"description=The largest document to read in bytes; at most 8388608,default=4194304"`
	OnDelete     sources.Deletion `yaml:"on_delete" jsonschema:"default=notice"`
}

// Deletion implements [sources.Deleting].
func (c *Config) Deletion() sources.Deletion { return cmp.Or(c.OnDelete, sources.TellDeleted) }

// Validate says what is wrong without any I/O.
func (c *Config) Validate() error {
	if c.MaxBytes < 1 || c.MaxBytes > maxBytes {
		return fmt.Errorf("max_bytes: must be between 1 and %d", maxBytes)
	}
	return nil
}

// AllowsPrivate says whether addresses on private networks may be read.
func (c *Config) AllowsPrivate() bool { return c.AllowPrivate }

// Open returns the source. It needs no credentials.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	log := cmp.Or(env.Log, slog.New(slog.DiscardHandler))
	return &source{
		Visits:  article.Visits{Own: env.Client(c.AllowPrivate), Others: env.Client(false), Log: log},
		limit:   c.MaxBytes,
		parsing: make(chan struct{}, 1),
		log:     log,
	}, nil
}

type source struct {
	article.Visits
	limit   int64
	parsing chan struct{} // held while a large document is parsed, one at a time, since each may take much memory
	log     *slog.Logger
}

// accept asks for feeds first; some servers choose by it.
const accept = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, */*;q=0.1"

// Pull reads the document and returns the items that are new or changed. The
// first pull returns all of them.
func (s *source) Pull(ctx context.Context, account onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	now := time.Now()
	m, err := readMark(cursor)
	if err != nil {
		return sources.Page{}, err
	}
	m = m.at(account.URL)
	req, err := sources.NewGet(ctx, account.URL)
	if err != nil {
		return sources.Page{}, err
	}
	req.Header.Set("Accept", accept)
	d, asked, err := m.read(s.Own, req, s.limit, now)
	switch {
	case err != nil:
		return sources.Page{}, m.explain(req, d, err, now)
	case d.Status == http.StatusNotModified:
		m.Same = now
		warnings := relocated(&m, d, now)
		if m.Usual == 0 {
			warnings = append(warnings, neverAny)
		}
		return sources.Page{Next: m.cursor(), Warnings: warnings}, nil
	}
	done, err := s.turn(ctx, d)
	if err != nil {
		return sources.Page{}, err
	}
	defer done()
	doc, err := parse(d)
	if err != nil {
		return sources.Page{}, err
	}
	d.Body = nil // what follows needs the memory
	items, err := doc.items(ctx, account)
	if err != nil {
		return sources.Page{}, err
	}
	warnings := relocated(&m, d, now)
	when := dating{now: now, first: len(m.Items) == 0, order: m.Order}.learn(doc.dates(items))
	items = when.date(items)
	validators := d.Header
	if doc.cut { // it is asked for as a whole until it is one
		validators = http.Header{}
	}
	n := m.next(items, account.Kind == onrecord.Press, validators, asked, when)
	s.complete(ctx, account, m, &n, now)
	page := sources.Page{Posts: posts(n.fresh), Archive: posts(n.archive), Next: n.mark.cursor()}
	if doc.cut {
		warnings = append(warnings, "the feed breaks off in the middle: what stands behind the last whole item cannot be read; tell the site")
	}
	page.Warnings = slices.Concat(warnings, m.warnings(n, len(items)), when.complaints(items), damage(items))
	s.log.Debug("feed read", "account", account.ID, "items", len(items), "fresh", len(n.fresh))
	return page, nil
}

// turn waits until a document may be parsed: of large ones one at a time, until it is done with.
func (s *source) turn(ctx context.Context, d sources.Document) (done func(), err error) {
	if len(d.Body) <= smallDocument {
		return func() {}, nil
	}
	select {
	case s.parsing <- struct{}{}:
		return func() { <-s.parsing }, nil
	case <-ctx.Done():
		return nil, &sources.Error{Trouble: sources.Unreached, Err: fmt.Errorf("wait for other feeds to be read: %w", ctx.Err())}
	}
}

// relocated tells the operator of another address, once the site surely means it. The
// configuration is the operator's to change.
func relocated(m *mark, d sources.Document, now time.Time) []string {
	if !m.move(d, now) {
		return nil
	}
	return []string{fmt.Sprintf("the site has moved this feed for good to %s: write that address; what is known of its items stays", sources.Redact(d.URL))}
}

const (
	// forGood is how often an address is asked for that the site says is gone for good: somebody may have been mistaken.
	forGood = 24 * time.Hour
	// wave is how long YouTube may answer that there is no such feed: all through 2026 it did so for hours,
	// of feeds that were there.
	wave = 7 * 24 * time.Hour
)

// explain adds what a status means for a feed.
func (m mark) explain(req *http.Request, d sources.Document, err error, now time.Time) error {
	var told *sources.Error
	if !errors.As(err, &told) {
		return err
	}
	met := m.Whole
	if m.Same.After(met) {
		met = m.Same
	}
	switch {
	case d.Status == http.StatusGone:
		told.Retry = now.Add(forGood)
		told.Err = fmt.Errorf("%w; the site says the feed is gone for good, remove the account; it is asked for once a day", told.Err)
	case d.Status == http.StatusNotFound && strings.HasSuffix("."+req.URL.Hostname(), ".youtube.com") && now.Sub(met) < wave:
		told.Trouble = sources.Unreached
		told.Err = fmt.Errorf("%w; YouTube answers so in waves and the feed was there: it is taken for gone after a week", told.Err)
	}
	return told
}

// lazily compiles an expression when it is first needed: a command that reads no feed does not wait for it.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
