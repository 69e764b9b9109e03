package article

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"onrecord"
	"onrecord/sources"
)

// Visits opens the pages of an account's posts: for their words, and again to see whether they are there.
type Visits struct {
	Own    *http.Client // for the host that the operator named
	Others *http.Client // for all that came from outside
	Log    *slog.Logger
}

// Recheck opens the pages of items. That an item has left the feed says nothing, and a
// page is not compared with what the feed showed of it: pulls see what changes there.
// A page that is not there counts while its site answers; whatever else a page answers,
// a wall, a failure, another address, says nothing of the item.
func (v Visits) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	looks := map[string]sources.Look{}
	for _, p := range posts {
		page, err := url.Parse(p.URL)
		if err != nil || page.Scheme != "http" && page.Scheme != "https" || (page.Path == "" || page.Path == "/") && page.RawQuery == "" {
			continue // the item has no page of its own
		}
		switch status, err := v.status(ctx, account, page); {
		case ctx.Err() != nil:
			return looks, ctx.Err()
		case status == http.StatusOK:
			looks[p.ID] = sources.Look{Sight: sources.Present}
		case status == http.StatusNotFound || status == http.StatusGone:
			site, _ := v.status(ctx, account, &url.URL{Scheme: page.Scheme, Host: page.Host, Path: "/"})
			if site == http.StatusOK || v.shows(ctx, account, page) {
				looks[p.ID] = sources.Look{Sight: sources.Absent, Why: http.StatusText(status)}
			}
		case err != nil:
			v.Log.Debug("the page of an item says nothing of it", "account", account.ID, "error", err)
		}
	}
	return looks, nil
}

// shows reports whether a site that has no page at its root shows the account's feed.
func (v Visits) shows(ctx context.Context, account onrecord.Account, page *url.URL) bool {
	feed, err := url.Parse(account.URL)
	if err != nil || Site(feed.Hostname()) != Site(page.Hostname()) {
		return false
	}
	status, _ := v.status(ctx, account, feed)
	return status == http.StatusOK
}

// client is the one that may ask for a page of an account.
func (v Visits) client(account onrecord.Account, page *url.URL) *http.Client {
	if at, err := url.Parse(account.URL); err == nil && at.Host == page.Host { // the operator named the host
		return v.Own
	}
	return v.Others
}

// Reader returns a reader for the pages of an account, for as long as one pull lasts.
func (v Visits) Reader(account onrecord.Account) *Reader {
	return &Reader{client: func(page *url.URL) *http.Client { return v.client(account, page) }, sites: map[string]rules{}, last: map[string]time.Time{}}
}

// status asks for a page and reads none of it but the beginning. The status is 0 where
// it is not the page's own: of a wall, or of no answer at all.
func (v Visits) status(ctx context.Context, account onrecord.Account, page *url.URL) (int, error) {
	req, err := sources.NewGet(ctx, page.String())
	if err != nil {
		return 0, err
	}
	d, err := sources.Read(v.client(account, page), req, pageHead)
	told, _ := errors.AsType[*sources.Error](err)
	switch {
	case told != nil && told.Trouble == sources.Gone:
		return d.Status, nil
	case err != nil && !errors.Is(err, sources.ErrTooLarge):
		return 0, err
	case strings.Trim(d.URL.Path, "/") == "" && strings.Trim(page.Path, "/") != "": // sent to the front page, as sites do with what they have no more
		return 0, nil
	}
	return d.Status, nil
}

// pageHead is how much of a page is read.
const pageHead = 64 << 10

// Site is the part of a host's name that somebody registered.
func Site(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}
