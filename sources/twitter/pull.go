package twitter

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/dghubble/go-twitter/twitter"

	"onrecord"
	"onrecord/sources"
)

const (
	// pageSize is the most Friendica gives.
	pageSize = 100
	// maxPages covers the 3,200 posts that version 1.1 keeps readable.
	maxPages = 33
)

// mark is the cursor: the newest id seen, and when its post is from. 0 is an
// account without posts.
type mark struct {
	Newest int64     `json:"newest,string"`
	At     time.Time `json:"at,omitzero"`     // when the newest was published
	Looked time.Time `json:"looked,omitzero"` // when the ids below it were last looked at
}

// lookEvery is how often the newest page is read although nothing is above the
// newest id: a server that was set up anew numbers its posts from the beginning.
const lookEvery = time.Hour

// begunAnew reports whether a post below the newest id is later than the newest:
// ids only rise, unless the server began them again.
func (m mark) begunAnew(newest []status) bool {
	return slices.ContainsFunc(newest, func(st status) bool {
		at, dated := st.created()
		return st.ID < m.Newest && dated && at.After(m.At.Add(skew))
	})
}

func readMark(c sources.Cursor) (m mark, err error) {
	if c == "" {
		return mark{}, nil
	}
	if json.Unmarshal([]byte(c), &m) != nil || m.Newest < 0 {
		return mark{}, &sources.Error{Trouble: sources.Nonsense, Err: errors.New("the stored cursor is not one of twitter; remove the account's cursor to begin anew")}
	}
	return m, nil
}

// Pull reads everything new: a timeline comes newest first, so all its pages
// are collected and returned as one, oldest first. The first pull is the newest
// page, or as many as the backfill asks for.
func (s *source) Pull(ctx context.Context, account onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	m, err := readMark(cursor)
	if err != nil {
		return sources.Page{}, err
	}
	enough := func(status) bool { return false }
	if begin := time.Now().Add(-account.Backfill); cursor == "" {
		enough = func(oldest status) bool {
			at, dated := oldest.created()
			return account.Backfill == 0 || !dated || at.Before(begin)
		}
	}
	now := time.Now().UTC()
	statuses, warnings, err := s.timeline(ctx, account.Handle, m.Newest, enough)
	if err != nil {
		return sources.Page{}, err
	}
	if len(statuses) == 0 && !m.At.IsZero() && now.Sub(m.Looked) >= lookEvery {
		newest, err := s.timelinePage(ctx, account.Handle, 0, 0)
		if err != nil {
			return sources.Page{}, err
		}
		m.Looked = now
		if m.begunAnew(newest) {
			warnings = append(warnings, fmt.Sprintf("the server numbers the posts of %s anew, as one that was set up again does; from here on its new numbers count, and a post under an old number is taken for an edit of the old one", account.Handle))
			statuses = slices.DeleteFunc(newest, func(st status) bool { at, dated := st.created(); return !dated || !at.After(m.At) })
			slices.SortStableFunc(statuses, func(a, b status) int { return cmp.Compare(a.ID, b.ID) })
			m.Newest = 0
		}
	}
	page := sources.Page{Warnings: warnings}
	for _, st := range statuses {
		if at, dated := st.created(); dated && st.ID > m.Newest {
			m.At = at
		}
		m.Newest = max(m.Newest, st.ID)
		switch {
		case st.private(): // shown to us because our user may see it, and to nobody else
		case st.withheld():
			page.Warnings = append(page.Warnings, fmt.Sprintf("post %d of %s is withheld; left out", st.ID, account.Handle))
		default:
			page.Posts = append(page.Posts, st.post(account, s.base))
		}
	}
	next, _ := json.Marshal(m) // a number: cannot fail
	page.Next = sources.Cursor(next)
	return page, nil
}

// timeline reads the posts after since, oldest first. It stops early where the
// oldest post of a page is enough.
func (s *source) timeline(ctx context.Context, handle string, since int64, enough func(status) bool) (all []status, warnings []string, err error) {
	seen := map[int64]bool{}
	defer func() { slices.SortStableFunc(all, func(a, b status) int { return cmp.Compare(a.ID, b.ID) }) }()
	below := int64(0)
	for range maxPages {
		page, err := s.timelinePage(ctx, handle, since, below)
		if err != nil {
			return nil, nil, err
		}
		known := len(seen)
		for _, st := range page {
			if st.ID > since && !seen[st.ID] { // a server may not know since_id
				seen[st.ID] = true
				all = append(all, st)
			}
		}
		if len(page) == 0 {
			return all, nil, nil
		}
		oldest := slices.MinFunc(page, func(a, b status) int { return cmp.Compare(a.ID, b.ID) })
		switch {
		case oldest.ID-1 <= since, enough(oldest):
			return all, nil, nil
		case len(seen) == known:
			return all, []string{"the server repeats the page of the timeline; a gap is possible"}, nil
		}
		below = oldest.ID - 1
	}
	return all, []string{fmt.Sprintf("the timeline has more than %d pages; a gap is possible", maxPages)}, nil
}

// timelinePage asks for one page: ids above since, and up to below when it is
// not 0.
func (s *source) timelinePage(ctx context.Context, handle string, since, below int64) ([]status, error) {
	params := &twitter.UserTimelineParams{
		Count: pageSize, SinceID: since, MaxID: below, TweetMode: "extended", IncludeRetweets: twitter.Bool(true),
	}
	// A screen name can mean users of several networks; the number cannot.
	if id, err := strconv.ParseInt(handle, 10, 64); err == nil && id > 0 {
		params.UserID = id
	} else {
		params.ScreenName = handle
	}
	c := &call{ctx: ctx, source: s, opens: "["}
	tweets, _, err := c.library().Timelines.UserTimeline(params)
	if err != nil {
		return nil, failed(err)
	}
	return readStatuses(tweets, c.body)
}

// verify asks whose the credentials are.
func (s *source) verify(ctx context.Context) error {
	c := &call{ctx: ctx, source: s, opens: "{"}
	if _, _, err := c.library().Accounts.VerifyCredentials(nil); err != nil {
		return failed(err)
	}
	return nil
}
