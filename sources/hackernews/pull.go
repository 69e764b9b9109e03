package hackernews

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	pageSize   = 30
	maxHistory = 300 // of a first pull
	// editable is how long an author can change or delete an item; softly: what a
	// pull just before the end does not see, one just after it does.
	editable = 2*time.Hour + 15*time.Minute
	// patience is how long an item is asked for again that is not to be read yet, or
	// was taken off and may come back.
	patience = 24 * time.Hour
	// maxParents bounds what is asked for in one pull to find where threads begin.
	maxParents = 60
)

// mark is the cursor. Ids of items grow: the API says so where it tells how to walk
// through all of them.
type mark struct {
	Newest int64  `json:"newest"` // -1: nothing was ever seen
	Open   []open `json:"open,omitempty"`
}

// open is an item that may still change.
type open struct {
	ID      int64     `json:"i"`
	Version string    `json:"v,omitempty"` // "": it cannot be read yet
	Since   time.Time `json:"s"`           // when it was written, or first seen
}

// Pull reads the list of what somebody wrote and asks for what is new in it, and for
// what may have changed.
func (s *source) Pull(ctx context.Context, account onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	var m mark
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &m); err != nil || m.Newest == 0 {
			return sources.Page{}, sources.NonsenseError("the stored cursor is not one of hackernews; remove the account's cursor to begin anew")
		}
	}
	ids, ok, err := s.user(ctx, account.Handle)
	if err != nil {
		return sources.Page{}, err
	}
	if !ok {
		return sources.Page{}, &sources.Error{Trouble: sources.Gone, Err: fmt.Errorf("nobody is called %s on Hacker News; large and small letters differ there", account.Handle)}
	}
	slices.Sort(ids)
	r := &round{source: s, account: account, mark: m, now: time.Now(), items: map[int64]item{}}
	more := false
	if m.Newest == 0 {
		err = r.begin(ctx, ids)
	} else {
		more, err = r.goOn(ctx, ids)
	}
	if err != nil {
		return sources.Page{}, err
	}
	next, _ := json.Marshal(r.mark) // numbers, strings and times from our own clock: cannot fail
	s.log.Debug("user read", "account", account.ID, "fresh", len(r.posts))
	return sources.Page{Posts: r.posts, Warnings: r.warnings, Next: sources.Cursor(next), More: more}, nil
}

// round is one pull: what is known and what it found.
type round struct {
	*source
	account  onrecord.Account
	mark     mark
	now      time.Time
	items    map[int64]item // that were read in this pull
	parents  int            // that were asked for
	posts    []onrecord.Post
	warnings []string
}

// begin reads the newest items, and further back as far as is wanted.
func (r *round) begin(ctx context.Context, ids []int64) error {
	r.mark.Newest = -1
	if len(ids) > 0 {
		r.mark.Newest = ids[len(ids)-1]
	}
	from := max(0, len(ids)-pageSize)
	for r.account.Backfill > 0 && from > 0 && len(ids)-from < maxHistory {
		oldest, err := r.read(ctx, ids[from])
		if err != nil {
			return err
		}
		if oldest.ID != 0 && time.Unix(oldest.Time, 0).Before(r.now.Add(-r.account.Backfill)) {
			break
		}
		from = max(0, from-pageSize)
	}
	for _, id := range ids[from:] {
		if err := r.take(ctx, open{ID: id, Since: r.now}); err != nil {
			return err
		}
	}
	return nil
}

// goOn takes what is new, a page at a time, and then looks again at what is open.
func (r *round) goOn(ctx context.Context, ids []int64) (more bool, err error) {
	start, known := slices.BinarySearch(ids, r.mark.Newest)
	if known {
		start++
	}
	fresh := ids[start:]
	if more = len(fresh) > pageSize; more {
		fresh = fresh[:pageSize]
	}
	again := r.mark.Open
	r.mark.Open = nil
	for _, o := range again {
		if more { // once, with the last page
			r.mark.Open = append(r.mark.Open, o)
		} else if err := r.take(ctx, o); err != nil {
			return false, err
		}
	}
	for _, id := range fresh {
		if err := r.take(ctx, open{ID: id, Since: r.now}); err != nil {
			return false, err
		}
		r.mark.Newest = id
	}
	slices.SortStableFunc(r.posts, func(a, b onrecord.Post) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return more, nil
}

// take reads an item: a new one is a post, and so is one that says something else than
// before. It stays open as long as it may change.
func (r *round) take(ctx context.Context, o open) error {
	it, err := r.read(ctx, o.ID)
	switch {
	case err != nil:
		return err
	case it.ID == 0 && o.Version == "" && r.now.Sub(o.Since) >= patience:
		r.warnings = append(r.warnings, fmt.Sprintf("item %d of the user's list cannot be read and is left out", o.ID))
		return nil
	case it.ID == 0 || it.Dead:
		if r.now.Sub(o.Since) < patience {
			r.mark.Open = append(r.mark.Open, o)
		}
		return nil
	case !it.shown():
		return nil
	case it.By != r.account.Handle:
		r.warnings = append(r.warnings, fmt.Sprintf("item %d of the user's list is by %.40q and is left out", o.ID, it.By))
		return nil
	case it.version() != o.Version:
		p := it.post(r.account, r.now)
		if err := r.place(ctx, &p, it); err != nil {
			return err
		}
		r.posts = append(r.posts, p)
		o.Version = p.Revision
	}
	if o.Since = time.Unix(it.Time, 0).UTC(); r.now.Sub(o.Since) < editable {
		r.mark.Open = append(r.mark.Open, o)
	}
	return nil
}

// place puts a comment into its thread, which is all that stands below a story, with
// the words that it answers.
func (r *round) place(ctx context.Context, p *onrecord.Post, it item) error {
	for at := it; at.Parent != 0; {
		p.Thread = strconv.FormatInt(at.Parent, 10)
		if _, known := r.items[at.Parent]; !known {
			if r.parents++; r.parents > maxParents {
				return nil
			}
		}
		up, err := r.read(ctx, at.Parent)
		if err != nil || up.ID == 0 || up.ID >= at.ID { // nothing answers what came after it
			return err
		}
		if up.ID == it.Parent && up.shown() {
			words := up.post(r.account, r.now)
			p.ReplyTo.Account, p.ReplyTo.Text = up.By, cmp.Or(words.Text, up.Title)
			if up.By == it.By {
				p.Kind = onrecord.Thread
			}
		}
		at = up
	}
	return nil
}

func (r *round) read(ctx context.Context, id int64) (item, error) {
	if it, ok := r.items[id]; ok {
		return it, nil
	}
	it, err := r.item(ctx, id)
	if err == nil {
		r.items[id] = it
	}
	return it, err
}
