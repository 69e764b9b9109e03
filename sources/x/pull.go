package x

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// maxPages covers the 3,200 posts that X keeps readable in a timeline.
const maxPages = 33

// Pull reads everything new in one go: a timeline comes newest first, so all
// its pages are collected and returned as one, oldest first. The one exception
// is a budget that ends between two pages. What was paid for is then returned,
// and the cursor remembers the older rest; else a backlog that costs more than
// a day's budget would be paid for again each day and never arrive.
func (s *source) Pull(ctx context.Context, account onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	now := time.Now().UTC()
	m, err := s.begin(ctx, account, cursor, now)
	if err != nil {
		return sources.Page{}, err
	}
	s.learn(account.ID, m.User)
	got, err := s.timeline(ctx, account.ID, m.User, m.next(now))
	if err != nil {
		return sources.Page{}, err
	}
	result := sources.Page{More: m.Unread != nil && got.unread == nil, Warnings: got.warnings}
	warn := func(line string) {
		if line != "" {
			result.Warnings = append(result.Warnings, line)
		}
	}
	for _, w := range got.posts {
		switch {
		case w.AuthorID != "" && w.AuthorID != m.User:
			warn(m.once(w, "by another account stood in the timeline; left out"))
		case w.Withheld != nil:
			warn(m.once(w, fmt.Sprintf("is withheld in %q; left out, as X's rules ask", strings.Join(w.Withheld.Countries, ", "))))
		default:
			result.Posts = append(result.Posts, w.post(account.ID, onrecord.Author{ID: m.User, Handle: m.Handle, Name: m.Name}))
		}
	}
	m.Unread = got.unread
	m.Newest = max(m.Newest, got.newest())
	if cursor == "" && account.Backfill == 0 {
		m.Floor = m.Newest // what came before is the baseline
	}
	if now.Sub(m.Checked) >= handleAge || s.calledOtherwise(m) {
		warn(s.checkHandle(ctx, account.ID, &m, now))
	}
	result.Handle = m.Handle
	line, err := s.budget.warning(ctx)
	if err != nil {
		return sources.Page{}, err
	}
	warn(line)
	warn(s.drift(ctx, now))
	result.Next = m.cursor()
	return result, nil
}

// once words a warning about a post that was not read before; the overlap
// would repeat it with every pull.
func (m mark) once(w wire, what string) string {
	if w.id <= m.Newest {
		return ""
	}
	return fmt.Sprintf("post %s of @%s %s", w.ID, m.Handle, what)
}

// begin reads the cursor. On the first pull it finds out whose the handle is
// and sets the mark to a moment instead of a post: the baseline costs nothing.
func (s *source) begin(ctx context.Context, account onrecord.Account, cursor sources.Cursor, now time.Time) (mark, error) {
	if cursor != "" {
		return readMark(cursor)
	}
	u, err := s.userByHandle(ctx, account.ID, account.Handle)
	if err != nil {
		return mark{}, err
	}
	if u.Protected {
		return mark{}, &sources.Error{Trouble: sources.Hidden, Retry: now.Add(slow), Err: fmt.Errorf("@%s is protected: its posts are for its followers only", u.Username)}
	}
	start := max(idAt(now.Add(-account.Backfill))-1, 1)
	return mark{User: u.ID, Handle: u.Username, Name: u.Name, Checked: now, Newest: start, Floor: start}, nil
}

// timeline is what one walk through a timeline gave.
type timeline struct {
	posts    []wire // by id, oldest first
	unread   *window
	warnings []string
}

func (r timeline) newest() uint64 {
	if len(r.posts) == 0 {
		return 0
	}
	return r.posts[len(r.posts)-1].id
}

// timeline reads all pages of a window of a user's posts, for an account.
func (s *source) timeline(ctx context.Context, account, user string, w window) (r timeline, err error) {
	seen := map[uint64]bool{}
	tokens := map[string]bool{}
	token := ""
	defer func() { slices.SortStableFunc(r.posts, func(a, b wire) int { return cmp.Compare(a.id, b.id) }) }()
	for n := range maxPages {
		if err := s.budget.allow(ctx); err != nil {
			if n == 0 || !errors.Is(err, ErrBudget) {
				return timeline{}, err
			}
			r.unread = w.below(r.posts)
			r.warnings = append(r.warnings, fmt.Sprintf("the daily budget ended after %d posts; the older ones follow after midnight UTC", len(r.posts)))
			return r, nil
		}
		p, err := s.timelinePage(ctx, account, user, w, token)
		if err != nil {
			return timeline{}, err
		}
		known := len(seen)
		for _, post := range p.posts { // a new post shifts the pages: some come twice
			if !seen[post.id] {
				seen[post.id] = true
				r.posts = append(r.posts, post)
			}
		}
		switch {
		case p.next == "":
			return r, nil
		case tokens[p.next], len(p.posts) > 0 && len(seen) == known:
			// An empty page is not the end: reposts are taken out of a page
			// after it was cut, and such a page is free.
			r.warnings = append(r.warnings, "X repeats the pages of the timeline; a gap is possible")
			return r, nil
		}
		tokens[p.next] = true
		token = p.next
	}
	r.warnings = append(r.warnings, fmt.Sprintf("the timeline has more than %d pages; a gap is possible", maxPages))
	return r, nil
}

// below is what remains of the window below the posts.
func (w window) below(posts []wire) *window {
	rest := w
	for _, p := range posts {
		if rest.Until == 0 || p.id < rest.Until {
			rest.Until = p.id
		}
	}
	return &rest
}

// checkHandle finds out what an account calls itself now. It is followed by its id whatever
// comes out, so a failure is no more than a warning, and the next try is tomorrow.
func (s *source) checkHandle(ctx context.Context, account string, m *mark, now time.Time) (warning string) {
	u, err := s.userByID(ctx, account, m.User)
	if err != nil {
		m.Checked = now.Add(day - handleAge)
		return fmt.Sprintf("could not check whether the account %s is still called @%s: %v", m.User, m.Handle, err)
	}
	m.Checked, m.Handle, m.Name = now, u.Username, u.Name
	return ""
}
