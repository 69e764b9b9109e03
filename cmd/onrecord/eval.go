package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
)

type evalCommand struct {
	configFlag
	Posts     string `required:"" help:"Posts to replay, one JSON object a line (docs/configuration.md, \"Replaying posts\")." placeholder:"FILE"`
	JSON      bool   `help:"Print the figures as JSON."`
	Decisions string `help:"Write every decision to this file, one JSON object a line." placeholder:"FILE"`
}

// press is the source of a line whose account is named by its handle alone.
const press = "press"

// replayed is a line of --posts.
type replayed struct {
	ID      string     `json:"id"`
	Source  string     `json:"source"`
	Account string     `json:"account"`
	Created time.Time  `json:"created_at"`
	Text    string     `json:"text"`
	Kind    string     `json:"kind"`
	Lang    string     `json:"lang"`
	Thread  string     `json:"thread"`
	ReplyTo *reference `json:"reply_to"`
	Quotes  *reference `json:"quotes"`
	Links   []struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	} `json:"links"`
	HasMedia bool   `json:"has_media"`
	Label    *int   `json:"label"`   // 1 a statement on the case, 0 not, anything else is not scored
	Novelty  string `json:"novelty"` // new or dup, for label 1

	account string // id in the configuration
}

type reference struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Text    string `json:"text"`
}

// outcome is a line of --decisions.
type outcome struct {
	ID        string              `json:"id"`
	Case      string              `json:"case"`
	Decision  onrecord.Verdict    `json:"decision"`
	Score     float64             `json:"score"`
	Novelty   onrecord.Novelty    `json:"novelty,omitempty"`
	Reasons   []onrecord.Evidence `json:"reasons"`
	Statement *string             `json:"statement"`
}

func (c evalCommand) Run(t *terminal) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	posts, err := c.read(cfg)
	if err != nil {
		return err
	}
	entries, err := replay(t, cfg, posts)
	if err != nil {
		return err
	}
	if c.Decisions != "" {
		if err := writeDecisions(c.Decisions, entries); err != nil {
			return fmt.Errorf("write decisions to %s: %w", c.Decisions, err)
		}
	}
	figures := measure(posts, entries)
	if c.JSON {
		return json.NewEncoder(t.out).Encode(figures)
	}
	return printFigures(t.out, figures)
}

// read reads the posts and finds their accounts, oldest post first.
func (c evalCommand) read(cfg *config.Config) ([]replayed, error) {
	f, err := os.Open(c.Posts)
	if err != nil {
		return nil, usageError{fmt.Errorf("read posts: %w", err)}
	}
	defer f.Close()
	byHandle := map[string]string{}
	for _, a := range cfg.Accounts {
		name := strings.ToLower(cmp.Or(a.Handle, a.URL))
		byHandle[a.Source+"\n"+name] = a.ID
		if byHandle[press+"\n"+name] == "" || a.Press() {
			byHandle[press+"\n"+name] = a.ID
		}
	}
	var posts []replayed
	var errs []error
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 8<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var p replayed
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", c.Posts, n, err))
			continue
		}
		id, ok := byHandle[p.Source+"\n"+strings.ToLower(p.Account)]
		if !ok {
			errs = append(errs, fmt.Errorf("%s:%d: account %s of source %s is not in %s", c.Posts, n, p.Account, p.Source, c.Config))
			continue
		}
		p.account = id
		posts = append(posts, p)
	}
	if err := errors.Join(append(errs, lines.Err())...); err != nil {
		return nil, usageError{err}
	}
	slices.SortStableFunc(posts, func(a, b replayed) int { return a.Created.Compare(b.Created) })
	return posts, nil
}

// replay puts the posts through a bot of their own, in the order they were
// published, and returns its decisions.
func replay(t *terminal, cfg *config.Config, posts []replayed) ([]store.Entry, error) {
	dir, err := os.MkdirTemp("", "onrecord-eval-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the replay: %w", err)
	}
	defer os.RemoveAll(dir)
	book, err := store.OpenScratch(t.ctx, dir)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	setup := bot.Setup{Book: book, Cases: cfg.Cases, Summarizer: extract{}, Log: slog.New(slog.DiscardHandler)}
	for _, a := range cfg.Accounts {
		setup.Accounts = append(setup.Accounts, bot.Account{Account: a, Schedule: cfg.Schedules[a.ID]})
	}
	if err := book.Sync(t.ctx, cfg.Accounts, func(string) time.Duration { return time.Hour }, nil); err != nil {
		return nil, err
	}
	if err := arrive(t, book, posts, len(cfg.Accounts)); err != nil {
		return nil, err
	}
	if err := bot.New(setup).Catchup(t.ctx); err != nil {
		return nil, err
	}
	return book.Decisions(t.ctx)
}

// arrive stores the posts as pulls would have, each seen when it was published.
func arrive(t *terminal, book *store.Store, posts []replayed, accounts int) error {
	claims, err := book.ClaimDue(t.ctx, time.Hour, accounts)
	if err != nil {
		return err
	}
	byAccount := map[string]*bot.Claim{}
	for i := range claims {
		byAccount[claims[i].Account] = &claims[i]
	}
	for len(posts) > 0 {
		n := 1
		for n < len(posts) && posts[n].account == posts[0].account {
			n++
		}
		page := make([]bot.Arrival, n)
		for i, p := range posts[:n] {
			page[i] = bot.Arrival{Post: p.post(), Seen: p.Created}
		}
		c := byAccount[posts[0].account]
		if _, err := book.StorePage(t.ctx, c, page, c.Cursor, time.Hour); err != nil {
			return err
		}
		posts = posts[n:]
	}
	return nil
}

// post is the line as its source would have given it.
func (p replayed) post() onrecord.Post {
	kinds := map[string]onrecord.PostKind{
		"post": onrecord.Original, "media": onrecord.Original, "reply": onrecord.Reply, "thread": onrecord.Thread,
		"quote": onrecord.Quote, "retweet": onrecord.Repost, "repost": onrecord.Repost, "article": onrecord.Article,
	}
	post := onrecord.Post{
		Account: p.account, ID: p.ID, Author: onrecord.Author{Handle: p.Account}, Kind: kinds[p.Kind], Text: p.Text, Lang: p.Lang,
		Created: p.Created, Dated: true, Thread: p.Thread, ReplyTo: p.ReplyTo.ref(), Quotes: p.Quotes.ref(),
	}
	if post.Kind == "" {
		post.Kind = onrecord.Original
	}
	if post.Kind == onrecord.Reply && p.ReplyTo != nil && strings.EqualFold(p.ReplyTo.Account, p.Account) {
		post.Kind = onrecord.Thread
	}
	for _, l := range p.Links {
		post.Links = append(post.Links, onrecord.Link{URL: l.URL, Shown: l.URL, Title: l.Title})
	}
	if p.HasMedia {
		post.Media = []onrecord.Media{{Kind: "image"}}
	}
	return post
}

func (r *reference) ref() *onrecord.Ref {
	if r == nil {
		return nil
	}
	return &onrecord.Ref{ID: r.ID, Account: r.Account, Text: r.Text}
}

func writeDecisions(path string, entries []store.Entry) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, e := range entries {
		o := outcome{ID: e.Post.ID, Case: e.Decision.Case, Decision: e.Decision.Verdict, Score: e.Decision.Score, Novelty: e.Novelty, Reasons: e.Decision.Evidence}
		if e.Statement != 0 {
			n := onrecord.StatementNumber(e.Statement)
			o.Statement = &n
		}
		if err := json.NewEncoder(w).Encode(o); err != nil {
			return err
		}
	}
	return errors.Join(w.Flush(), f.Close())
}

// figures are what a replay came to, for one case or all of them.
type figures struct {
	Case      string  `json:"case"`
	Posts     int     `json:"posts"`
	Labelled  int     `json:"labelled"`
	Statement int     `json:"statements"` // posts labelled 1
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Reached   float64 `json:"accept_review_recall"`
	Review    float64 `json:"review_load"` // share of posts in review
	Novelty   float64 `json:"novelty_accuracy"`

	hit, wrong, reached, review, noveltyRight int
}

// measure compares decisions with labels, per case and pooled.
func measure(posts []replayed, entries []store.Entry) []figures {
	labels := map[string]replayed{}
	for _, p := range posts {
		labels[p.account+"\n"+p.ID] = p
	}
	all := figures{Case: "all"}
	byCase := map[string]*figures{}
	var order []string
	for _, e := range best(entries) {
		if byCase[e.Decision.Case] == nil {
			byCase[e.Decision.Case] = &figures{Case: e.Decision.Case}
			order = append(order, e.Decision.Case)
		}
		p := labels[e.Post.Account+"\n"+e.Post.ID]
		byCase[e.Decision.Case].count(e, p)
		all.count(e, p)
	}
	list := make([]figures, 0, len(order)+1)
	for _, id := range order {
		list = append(list, byCase[id].rated())
	}
	return append(list, all.rated())
}

// best keeps one decision for each post and case: of an article that quotes
// several speakers the one that reached furthest.
func best(entries []store.Entry) (list []store.Entry) {
	rank := map[onrecord.Verdict]int{onrecord.Review: 1, onrecord.Accept: 2}
	at := map[string]int{}
	for _, e := range entries {
		key := e.Decision.Case + "\n" + e.Post.Key()
		i, known := at[key]
		switch {
		case !known:
			at[key] = len(list)
			list = append(list, e)
		case rank[e.Decision.Verdict] > rank[list[i].Decision.Verdict]:
			list[i] = e
		}
	}
	return list
}

func (f *figures) count(e store.Entry, p replayed) {
	f.Posts++
	accepted := e.Decision.Verdict == onrecord.Accept
	if e.Decision.Verdict == onrecord.Review {
		f.review++
	}
	if p.Label == nil || *p.Label != 0 && *p.Label != 1 {
		return
	}
	f.Labelled++
	switch {
	case *p.Label == 0 && accepted:
		f.wrong++
	case *p.Label == 1:
		f.Statement++
		if e.Decision.Verdict != onrecord.Reject {
			f.reached++
		}
		if accepted {
			f.hit++
			dup := e.Novelty == onrecord.Mirror || e.Novelty == onrecord.Restates
			if dup == (p.Novelty == "dup") {
				f.noveltyRight++
			}
		}
	}
}

func (f *figures) rated() figures {
	share := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	f.Precision, f.Recall = share(f.hit, f.hit+f.wrong), share(f.hit, f.Statement)
	if sum := f.Precision + f.Recall; sum > 0 {
		f.F1 = 2 * f.Precision * f.Recall / sum
	}
	f.Reached, f.Review, f.Novelty = share(f.reached, f.Statement), share(f.review, f.Posts), share(f.noveltyRight, f.hit)
	return *f
}

func printFigures(w io.Writer, list []figures) error {
	fmt.Fprintf(w, "%-28s %6s %6s %9s %6s %6s %15s %6s %7s\n", "case", "posts", "stmts", "precision", "recall", "F1", "accept+review R", "review", "novelty")
	for _, f := range list {
		if _, err := fmt.Fprintf(w, "%-28s %6d %6d %9.2f %6.2f %6.2f %15.2f %5.1f%% %7.2f\n", f.Case, f.Posts, f.Statement, f.Precision, f.Recall, f.F1, f.Reached, 100*f.Review, f.Novelty); err != nil {
			return err
		}
	}
	return nil
}
