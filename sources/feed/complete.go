package feed

import (
	"context"
	"net/url"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources/article"
	"onrecord/sources/markup"
)

const (
	// mostPages is for how many items of a pull the pages are read, and readingTime how
	// long that may take of it.
	mostPages   = 10
	readingTime = 45 * time.Second
	// young is how long a new item may wait for its page.
	young = time.Hour
)

// complete reads the pages of items of which the feed has a summary or a headline alone. What the site
// keeps from robots, or shows to who pays, stays the summary it is. An item whose page does
// not answer just now waits for the next pull: one that is known, since its summary alone
// would look like an edit, and one of the last hour.
func (s *source) complete(ctx context.Context, account onrecord.Account, m mark, n *news, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, readingTime)
	defer cancel()
	pages, read := s.Reader(account), 0
	var held []string
	for i := range n.fresh {
		it := &n.fresh[i]
		old := m.Whole.IsZero() && (!it.Dated || it.Created.Before(now.Add(-account.Backfill)))
		if !it.Cut || old || it.unwritten || read == mostPages || it.link == "" {
			continue
		}
		read++
		page, err := follow(ctx, pages, it.URL)
		if err == nil && isAggregator(hostOf(it.URL)) && !isAggregator(host(page.URL)) && len(page.URL.Path) > 1 {
			if it.URL = markup.Untracked(page.URL.String()); account.Kind == onrecord.Press {
				it.Author.Handle = host(page.URL)
			}
		}
		known := slices.ContainsFunc(m.Items, func(e entry) bool { return e.id == it.ID })
		switch {
		case err == nil && page.Tells(it.Title, it.Text) && !paywalled(page.Text):
			it.Text, it.Cut, it.Links = page.Text, false, append(it.Links, page.Links...)
			if len(it.Media) == 0 {
				it.Media = page.Media
			}
			conceal(&it.Post, account.URL)
		case article.Passing(err) && (known || it.Dated && now.Sub(it.Created) < young):
			held = append(held, it.ID)
		case err != nil:
			s.log.Debug("the page of an item cannot be read; its summary stands for it", "account", account.ID, "error", err)
		}
	}
	n.hold(held, m)
}

// follow reads a page; of one that an aggregator put in front of what others publish, that.
func follow(ctx context.Context, pages *article.Reader, address string) (article.Page, error) {
	page, err := pages.Read(ctx, address)
	if err == nil && isAggregator(host(page.URL)) {
		if to := markup.LeadsTo(page.HTML, page.URL); to != "" {
			return pages.Read(ctx, to)
		}
	}
	return page, err
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return host(u)
}

// hold leaves items as they were known, to be met again.
func (n *news) hold(ids []string, m mark) {
	if len(ids) == 0 {
		return
	}
	n.fresh = slices.DeleteFunc(n.fresh, func(it item) bool { return slices.Contains(ids, it.ID) })
	n.mark.Items = slices.DeleteFunc(n.mark.Items, func(e entry) bool { return slices.Contains(ids, e.id) })
	for _, e := range m.Items {
		if slices.Contains(ids, e.id) {
			n.mark.Items = append(n.mark.Items, e)
		}
	}
	n.mark.ETag, n.mark.Modified = "", ""
}
