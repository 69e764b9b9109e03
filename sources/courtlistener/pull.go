package courtlistener

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	maxAnswer = 8 << 20
	// feedLength is how many entries CourtListener's feed of a docket shows.
	feedLength = 30
	remembered = 200
)

// mark is the cursor.
type mark struct {
	Modified string     `json:"modified,omitempty"` // what the API shows was read up to this change
	Page     string     `json:"page,omitempty"`     // of more changes at that time than a page holds
	Read     time.Time  `json:"read"`               // when it was last read; zero: never
	Seen     []sighting `json:"seen,omitempty"`     // the last ones at the end
}

type sighting struct {
	ID      string `json:"i"`
	Version string `json:"v"`
}

// Pull reads a docket: at the court that publishes it, by the API, or from its feed.
func (s *source) Pull(ctx context.Context, account onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	r := &round{source: s, account: account, now: time.Now(), docket: account.Handle}
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &r.mark); err != nil || r.mark.Read.IsZero() {
			return sources.Page{}, sources.NonsenseError("the stored cursor is not one of courtlistener; remove the account's cursor to begin anew")
		}
	}
	r.first = r.mark.Read.IsZero()
	more, err := false, error(nil)
	switch {
	case account.URL != "":
		err = r.court(ctx)
	case s.token != "":
		more, err = r.list(ctx)
	default:
		err = r.feed(ctx)
	}
	if err != nil {
		return sources.Page{}, err
	}
	slices.SortStableFunc(r.posts, func(a, b onrecord.Post) int { return a.Created.Compare(b.Created) })
	r.mark.Read = r.now.UTC()
	next, _ := json.Marshal(r.mark) // strings and times from our own clock: cannot fail
	s.log.Debug("docket read", "account", account.ID, "fresh", len(r.posts))
	return sources.Page{Posts: r.posts, Warnings: r.warnings, Next: sources.Cursor(next), More: more}, nil
}

// round is one pull: what is known and what it found.
type round struct {
	*source
	account  onrecord.Account
	docket   string
	now      time.Time
	mark     mark
	first    bool
	posts    []onrecord.Post
	warnings []string
}

// take takes in an entry and reports whether it was known in any version.
func (r *round) take(e entry) (known bool) {
	p := e.post(r.account, r.docket, r.now)
	now := sighting{e.id, p.Revision}
	i := slices.IndexFunc(r.mark.Seen, func(s sighting) bool { return s.ID == e.id })
	if i >= 0 {
		known = true
		if r.mark.Seen[i] == now {
			return known
		}
		r.mark.Seen = slices.Delete(slices.Clone(r.mark.Seen), i, i+1)
	}
	r.mark.Seen = append(r.mark.Seen, now)
	r.mark.Seen = r.mark.Seen[max(0, len(r.mark.Seen)-remembered):]
	r.posts = append(r.posts, p)
	return known
}

// list reads a page of the API, which shows entries in the order in which they last
// changed: those that came late, or were filled in late, are in it like new ones.
func (r *round) list(ctx context.Context) (more bool, err error) {
	query := url.Values{"docket": {r.docket}, "order_by": {"date_modified"}}
	newestFirst := false
	switch {
	case r.mark.Modified != "":
		query.Set("date_modified__gte", r.mark.Modified)
	case r.first && r.account.Backfill > 0:
		query.Set("date_filed__gte", r.now.Add(-r.account.Backfill).UTC().Format(time.DateOnly))
	case r.first || len(r.mark.Seen) > 0: // until now its feed was read
		newestFirst = true
		query.Set("order_by", "-date_modified")
	}
	if r.mark.Page != "" {
		query.Set("cursor", r.mark.Page)
	}
	var answer struct {
		Next    string            `json:"next"`
		Results []json.RawMessage `json:"results"`
	}
	if err := r.ask(ctx, "/api/rest/v4/docket-entries/?"+query.Encode(), &answer); err != nil {
		return false, err
	}
	if answer.Results == nil {
		return false, sources.NonsenseError("CourtListener does not say whether docket %s has entries", r.docket)
	}
	if newestFirst {
		slices.Reverse(answer.Results)
	}
	before := r.mark.Modified
	for _, raw := range answer.Results {
		l, err := readListed(raw)
		if err != nil {
			r.warnings = append(r.warnings, fmt.Sprintf("an entry cannot be read and is left out: %v", err))
			continue
		}
		if l.Docket != "" && !strings.Contains(l.Docket+"/", "/"+r.docket+"/") {
			r.warnings = append(r.warnings, fmt.Sprintf("entry %d is of another docket and is left out", l.ID))
			continue
		}
		r.take(l.entry(r.base, r.docket, raw))
		r.mark.Modified = l.Modified
	}
	r.mark.Page = ""
	if newestFirst || answer.Next == "" {
		return false, nil
	}
	if r.mark.Modified == before { // a whole page of one moment
		next, err := url.Parse(answer.Next)
		if err != nil || next.Query().Get("cursor") == "" {
			return false, sources.NonsenseError("CourtListener names no page after one of entries that changed at once")
		}
		r.mark.Page = next.Query().Get("cursor")
	}
	return true, nil
}

// ask asks the API. Its limits count for the token.
func (s *source) ask(ctx context.Context, path string, v any) error {
	req, err := sources.NewGet(ctx, s.base+path)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Token "+s.token)
	d, err := sources.Read(s.http, req, maxAnswer)
	if told, ok := errors.AsType[*sources.Error](err); ok {
		told.Place = told.Place || told.Trouble == sources.Limited || told.Trouble == sources.Denied
		var said struct {
			Detail string `json:"detail"`
		}
		if json.Unmarshal(d.Body, &said) == nil && said.Detail != "" {
			told.Err = fmt.Errorf("%w: %.200s", told.Err, said.Detail)
		}
		if d.Status == http.StatusBadRequest && bytes.Contains(d.Body, []byte(`"docket"`)) {
			told.Trouble, told.Err = sources.Gone, errors.New("CourtListener has no docket of that number; take it from the address of the docket's page")
		}
		if d.Status == http.StatusForbidden && told.Trouble == sources.Denied {
			told.Err = fmt.Errorf("%w; entries of dockets are for tokens that Free Law Project has opened them to: ask there, or leave the token out, and the docket's feed is read", told.Err)
		}
		return told
	}
	return d.JSON(req, v)
}

// Probe proves the token, if there is one.
func (s *source) Probe(ctx context.Context) error {
	if s.token == "" {
		return nil
	}
	return s.ask(ctx, "/api/rest/v4/docket-entries/?id=0", &struct{}{})
}

// feed reads the feed of a docket. What it holds is known in whole: an entry that is
// not in it any more was pushed out by others.
func (r *round) feed(ctx context.Context) error {
	list, err := r.document(ctx, r.http, r.base+"/docket/"+r.docket+"/feed/", "application/atom+xml", "feed", "entry")
	if err != nil {
		return err
	}
	met := r.first
	for _, e := range slices.Backward(list) {
		mirrored, ok := e.mirrored()
		if !ok {
			r.warnings = append(r.warnings, "an entry of the feed does not say which one it is and is left out")
			continue
		}
		met = r.take(mirrored) || met
	}
	r.warnings = append(r.warnings, fmt.Sprintf("read without a token, from a mirror's feed: the last %d entries, as far as users of RECAP have shared them, and as late as they did", feedLength))
	if !met && len(list) >= feedLength {
		r.warnings = append(r.warnings, fmt.Sprintf("more than %d entries since it was last read: the older ones of them are not in the feed; with a token all are read", feedLength))
	}
	return nil
}

// court reads a court's own feed, which holds what was filed in all its cases for a day.
func (r *round) court(ctx context.Context) error {
	list, err := r.document(ctx, r.outside, r.account.URL, "application/rss+xml", "rss", "item")
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(list) {
		if filed, ok := e.published(r.docket); ok {
			r.take(filed)
		}
	}
	if len(list) == 0 {
		r.warnings = append(r.warnings, "the court's feed has no entries at all; not every court publishes one")
	}
	return nil
}

func (r *round) document(ctx context.Context, client *http.Client, address, accept, root, name string) ([]element, error) {
	req, err := sources.NewGet(ctx, address)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	d, err := sources.Read(client, req, maxFeed)
	if err != nil {
		return nil, err
	}
	list, err := readFeed(d.Body, root, name)
	if err != nil && d.HTML() {
		return nil, &sources.Error{Trouble: sources.Walled, Err: fmt.Errorf("read %s: a page for people came back instead of a feed", sources.Redact(req.URL))}
	}
	if err != nil {
		return nil, sources.NonsenseError("read the feed at %s: %w", sources.Redact(req.URL), err)
	}
	return list, nil
}
