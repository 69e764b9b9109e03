package feed

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"onrecord"
	"onrecord/sources"
)

// Recheck opens the pages of items. That an item has left the feed says nothing, and a
// page is not compared with what the feed showed of it: pulls see what changes there.
// A page that is not there counts while its site answers; whatever else a page answers,
// a wall, a failure, another address, says nothing of the item.
func (s *source) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	looks := map[string]sources.Look{}
	for _, p := range posts {
		page, err := url.Parse(p.URL)
		if err != nil || page.Scheme != "http" && page.Scheme != "https" || (page.Path == "" || page.Path == "/") && page.RawQuery == "" {
			continue // the item has no page of its own
		}
		switch status, err := s.status(ctx, account, page); {
		case ctx.Err() != nil:
			return looks, ctx.Err()
		case status == http.StatusOK:
			looks[p.ID] = sources.Look{Sight: sources.Present}
		case status == http.StatusNotFound || status == http.StatusGone:
			site, _ := s.status(ctx, account, &url.URL{Scheme: page.Scheme, Host: page.Host, Path: "/"})
			if site == http.StatusOK || s.shows(ctx, account, page) {
				looks[p.ID] = sources.Look{Sight: sources.Absent, Why: http.StatusText(status)}
			}
		case err != nil:
			s.log.Debug("the page of an item says nothing of it", "account", account.ID, "error", err)
		}
	}
	return looks, nil
}

// shows reports whether a site that has no page at its root shows the account's feed.
func (s *source) shows(ctx context.Context, account onrecord.Account, page *url.URL) bool {
	feed, err := url.Parse(account.URL)
	if err != nil || site(feed.Hostname()) != site(page.Hostname()) {
		return false
	}
	status, _ := s.status(ctx, account, feed)
	return status == http.StatusOK
}

// status asks for a page and reads none of it but the beginning. The status is 0 where
// it is not the page's own: of a wall, or of no answer at all.
func (s *source) status(ctx context.Context, account onrecord.Account, page *url.URL) (int, error) {
	client := s.pages
	if feed, err := url.Parse(account.URL); err == nil && feed.Host == page.Host { // the operator named the host
		client = s.client
	}
	req, err := sources.NewGet(ctx, page.String())
	if err != nil {
		return 0, err
	}
	d, err := sources.Read(client, req, pageHead)
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
