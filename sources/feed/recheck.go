package feed

import (
	"context"
	"slices"

	"onrecord"
	"onrecord/sources"
)

// Recheck opens the pages of items, as [article.Visits.Recheck] does. That a page is not there
// says nothing of an item which the feed still lists, nor where the pages of what it lists
// are not there for us either: some sites tell programs so of every page.
func (s *source) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	looks, err := s.Visits.Recheck(ctx, account, posts)
	var missed []onrecord.Post
	for _, p := range posts {
		if looks[p.ID].Sight == sources.Absent {
			missed = append(missed, p)
		}
	}
	if err != nil || len(missed) == 0 {
		return looks, err
	}
	listed, listErr := s.listed(ctx, account)
	if listErr != nil {
		s.log.Debug("what the feed lists by now is not known", "account", account.ID, "error", listErr)
	}
	serves := map[string]bool{} // hosts
	for _, p := range missed {
		at := hostOf(p.URL)
		if _, known := serves[at]; !known && listErr == nil {
			serves[at] = s.serves(ctx, account, at, listed)
		}
		there := slices.ContainsFunc(listed, func(o onrecord.Post) bool { return o.URL == p.URL })
		if listErr != nil || there || !serves[at] {
			delete(looks, p.ID)
		}
	}
	return looks, ctx.Err()
}

// listed reads the feed for what it lists now.
func (s *source) listed(ctx context.Context, account onrecord.Account) ([]onrecord.Post, error) {
	req, err := sources.NewGet(ctx, account.URL)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	d, err := sources.Read(s.Own, req, s.limit)
	if err != nil {
		return nil, err
	}
	done, err := s.turn(ctx, d)
	if err != nil {
		return nil, err
	}
	defer done()
	doc, err := parse(d)
	if err != nil {
		return nil, err
	}
	items, err := doc.items(ctx, account)
	return posts(items), err
}

// witnesses is how many pages of a host are tried for one that it shows us.
const witnesses = 2

// serves reports whether a host shows us the page of an item that is listed.
func (s *source) serves(ctx context.Context, account onrecord.Account, at string, listed []onrecord.Post) bool {
	tried := 0
	for _, o := range listed {
		if hostOf(o.URL) != at {
			continue
		}
		looks, _ := s.Visits.Recheck(ctx, account, []onrecord.Post{o})
		if looks[o.ID].Sight == sources.Present {
			return true
		}
		if tried++; tried == witnesses {
			return false
		}
	}
	return tried == 0 // it lists none: that the site answers must do
}
