package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	pageSize = 40 // the most that Mastodon gives
	maxPages = 30 // of history, behind a backfill
	// sweepEvery is how often the newest page is read again although nothing
	// seems new: edits keep their id, and what comes late from another server
	// gets one as of when it was published.
	sweepEvery = 30 * time.Minute
	// maxAsides bounds what is asked beside a page, for threads and for versions.
	maxAsides = 10
)

// Pull reads what an account published after the newest known status. The
// parameter min_id goes on from there without leaving anything out, however much
// is new; since_id would show the newest alone, and not every server heeds it.
func (s *source) Pull(ctx context.Context, a onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	m, err := readMark(cursor)
	if err != nil {
		return sources.Page{}, err
	}
	r := s.round(a, m)
	more, err := r.run(ctx)
	if wantsLogin(err) {
		r = s.round(a, m)
		more, err = false, r.feed(ctx, err)
	}
	if err != nil {
		return sources.Page{}, err
	}
	s.log.Debug("account read", "account", a.ID, "server", r.mark.Host, "fresh", len(r.posts))
	return sources.Page{Posts: r.posts, Archive: r.archive, Warnings: r.warnings, Next: r.mark.cursor(), More: more}, nil
}

// round is one pull: what is known and what it found.
type round struct {
	*source
	server  server
	account onrecord.Account
	mark    mark
	now     time.Time
	asides  int  // that may still be asked
	again   bool // what is read was there to be read before: of it, what is unknown and old is history

	posts, archive []onrecord.Post
	warnings       []string
}

func (s *source) round(a onrecord.Account, m mark) *round {
	r := &round{source: s, account: a, mark: m, now: time.Now(), asides: maxAsides}
	if m.Host != "" {
		r.server = s.at(m.Host)
	}
	return r
}

func (r *round) run(ctx context.Context) (more bool, err error) {
	if r.mark.Account == "" {
		if err := r.find(ctx); err != nil {
			return false, err
		}
		return false, r.begin(ctx)
	}
	if r.mark.Newest == "" {
		return false, r.back(ctx, time.Time{})
	}
	page, err := r.server.statuses(ctx, r.mark.Account, url.Values{"min_id": {r.mark.Newest}})
	if err != nil {
		return false, err
	}
	if page.newest != "" && page.newest != r.mark.Newest {
		r.mark.Newest = page.newest
		return true, r.take(ctx, page.statuses)
	}
	if r.now.Sub(r.mark.Swept) < sweepEvery {
		return false, nil
	}
	return false, r.sweep(ctx)
}

// find asks the account's own server for it. One that shows nothing, or speaks
// another language, leaves the operator's, which may have been sent the account's
// posts.
func (r *round) find(ctx context.Context) error {
	name, host, _ := strings.Cut(r.account.Handle, "@")
	r.server = r.at(strings.ToLower(host))
	a, err := r.server.lookup(ctx, name)
	if told, ok := errorOf(err); ok && r.own.base != "" && r.own.host() != r.server.host() && told.Trouble != sources.Limited && told.Trouble != sources.Unreached {
		if a, second := r.own.lookup(ctx, r.account.Handle); second == nil {
			r.server, r.mark.Host, r.mark.Account = r.own, r.own.host(), a.ID
			r.warnings = append(r.warnings, fmt.Sprintf("%s does not show the account to strangers (%s); it is read at %s, which knows what it was sent since somebody there follows it", host, told.Trouble, r.own.host()))
			return nil
		}
	}
	if err != nil {
		return err
	}
	r.mark.Host, r.mark.Account = r.server.host(), a.ID
	return nil
}

// begin reads the newest page, and further back as far as is wanted.
func (r *round) begin(ctx context.Context) error {
	since := r.now
	if r.account.Backfill > 0 {
		since = r.now.Add(-r.account.Backfill)
	}
	if !r.mark.Since.IsZero() { // until now its feed was read: what that left out since is new
		since, r.again = r.mark.Since, true
	}
	if err := r.back(ctx, since); err != nil {
		return err
	}
	r.mark.Swept = r.now
	r.since()
	return nil
}

// since sets from when on all that is published comes to be seen, after a first look:
// since the oldest post of it, and of an account that has none since ever.
func (r *round) since() {
	if !r.mark.Since.IsZero() {
		return
	}
	r.mark.Since = time.Unix(0, 0).UTC()
	for i, p := range r.posts {
		if i == 0 || p.Created.Before(r.mark.Since) {
			r.mark.Since = p.Created
		}
	}
}

// back reads from the newest page back, until one lies before a time.
func (r *round) back(ctx context.Context, until time.Time) error {
	var pages [][]json.RawMessage
	query := url.Values{}
	for n := 0; ; n++ {
		page, err := r.server.statuses(ctx, r.mark.Account, query)
		if err != nil {
			return err
		}
		if n == 0 {
			r.mark.Newest = page.newest
		}
		pages = append(pages, page.statuses)
		if r.reaches(page.statuses, until) || page.oldest == "" || page.oldest == query.Get("max_id") {
			break
		}
		if n+1 == maxPages {
			r.warnings = append(r.warnings, fmt.Sprintf("more than %d posts at once: the older ones were not read", maxPages*pageSize))
			break
		}
		query = url.Values{"max_id": {page.oldest}}
	}
	for _, page := range slices.Backward(pages) {
		if err := r.take(ctx, page); err != nil {
			return err
		}
	}
	return nil
}

// reaches reports a page that ends before a time.
func (r *round) reaches(page []json.RawMessage, at time.Time) bool {
	for _, raw := range slices.Backward(page) {
		if st, err := readStatus(raw, r.mark.Account); err == nil {
			created, _ := when(st.CreatedAt, r.now)
			return !created.After(at)
		}
	}
	return false
}

// newestOf returns the first and the last id of a page, where nothing else of its
// statuses may be readable.
func newestOf(page []json.RawMessage) (newest, oldest string) {
	for _, raw := range page {
		var st struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &st) == nil && st.ID != "" {
			oldest = st.ID
			if newest == "" {
				newest = st.ID
			}
		}
	}
	return newest, oldest
}

// take takes in a page of statuses, the newest first. What is known in another
// version is one more revision of it.
func (r *round) take(ctx context.Context, page []json.RawMessage) error {
	list := make([]*status, 0, len(page))
	for _, raw := range slices.Backward(page) {
		st, err := readStatus(raw, r.mark.Account)
		if err != nil {
			r.warnings = append(r.warnings, fmt.Sprintf("a post could not be read; it is tried again every half hour while it is among the newest %d: %v", pageSize, err))
			continue
		}
		if st.everybodys() {
			list = append(list, st)
		}
	}
	around := newThreads(r, list)
	for _, st := range list {
		root, err := around.root(ctx, st)
		if err != nil {
			return err
		}
		now := sighting{ID: st.ID, Version: st.EditedAt, Root: root}
		before, known := r.mark.known(st.ID)
		r.mark.see(now)
		for _, version := range r.versions(ctx, st, before, known) {
			p := version.post(r.server, r.account, r.now)
			around.place(&p, st, root)
			r.give(p, known)
		}
	}
	return nil
}

func (r *round) give(p onrecord.Post, known bool) {
	if r.again && !known && p.Created.Before(r.mark.Since) {
		r.archive = append(r.archive, p)
		return
	}
	r.posts = append(r.posts, p)
}

// versions are those of a status that are news: all that came since the known one.
func (r *round) versions(ctx context.Context, st *status, before sighting, known bool) []*status {
	switch {
	case !known:
		return []*status{st}
	case before.Version == st.EditedAt || isDigest(before.Version) || st.Reblog != nil:
		return nil
	}
	return append(r.between(ctx, st, before.Version), st)
}

// between asks for the versions that lay between two looks. Without an answer there
// is the last one alone.
func (r *round) between(ctx context.Context, st *status, after string) (list []*status) {
	if r.asides--; r.asides < 0 {
		return nil
	}
	var history []json.RawMessage
	if err := r.server.get(ctx, "/api/v1/statuses/"+url.PathEscape(st.ID)+"/history", nil, &history); err != nil {
		r.log.Debug("versions between could not be read", "account", r.account.ID, "post", st.ID, "error", err)
		return nil
	}
	if after == "" {
		after = st.CreatedAt
	}
	from, _ := when(after, r.now)
	to, _ := when(st.EditedAt, r.now)
	for _, raw := range history {
		version := *st
		version.raw = raw[:min(len(raw), maxRaw)]
		version.Card, version.Media = nil, nil // of the last version
		var said struct {
			CreatedAt string       `json:"created_at"`
			Content   *string      `json:"content"`
			Spoiler   string       `json:"spoiler_text"`
			Media     []attachment `json:"media_attachments"`
		}
		if json.Unmarshal(raw, &said) != nil || said.Content == nil {
			continue
		}
		at, dated := when(said.CreatedAt, r.now)
		if !dated || !at.After(from) || !at.Before(to) {
			continue
		}
		version.EditedAt, version.Content, version.Spoiler, version.Media = said.CreatedAt, *said.Content, said.Spoiler, said.Media
		list = append(list, &version)
	}
	return list
}

// sweep looks at the newest page again, and at the account: one that is suspended
// has no posts to show, and a server does not say which it is.
func (r *round) sweep(ctx context.Context) error {
	moved, err := r.server.standing(ctx, r.mark.Account)
	if err != nil {
		return err
	}
	if moved != "" {
		r.warnings = append(r.warnings, fmt.Sprintf("the account has moved to %s; add that one", moved))
	}
	page, err := r.server.statuses(ctx, r.mark.Account, url.Values{})
	if err != nil {
		return err
	}
	r.mark.Swept, r.again = r.now, true
	return r.take(ctx, page.statuses)
}
