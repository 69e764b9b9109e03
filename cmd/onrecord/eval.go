package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/statements/match"
)

type evalCommand struct {
	Config    []string `short:"c" sep:"none" default:"config.yaml" env:"ONRECORD_CONFIG" help:"The configuration file. May be repeated, each with its --posts: all cases are pooled." placeholder:"FILE"`
	Posts     []string `required:"" sep:"none" help:"Posts to replay, one JSON object a line (docs/configuration.md, \"Replaying posts\")." placeholder:"FILE"`
	JSON      bool     `help:"Print the figures as JSON."`
	Decisions string   `help:"Write every decision to this file, one JSON object a line." placeholder:"FILE"`
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
	Label    *int   `json:"label"`    // 1 a statement on the case, 0 not, anything else is not scored
	Novelty  string `json:"novelty"`  // new or dup, for label 1
	Evidence string `json:"evidence"` // context: the post alone does not show that it is a statement

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
	Speaker   string              `json:"speaker,omitempty"` // whom a press account quotes
	Via       string              `json:"via,omitempty"`     // the outlet that does
	Decision  onrecord.Verdict    `json:"decision"`
	Score     float64             `json:"score"`
	Novelty   onrecord.Novelty    `json:"novelty,omitempty"`
	Reasons   []onrecord.Evidence `json:"reasons"`
	Statement *string             `json:"statement"`
}

func (c evalCommand) Run(t *terminal) error {
	if len(c.Config) != len(c.Posts) {
		return usageError{fmt.Errorf("there are %d configurations for %d files of posts; give each --posts a --config of its own", len(c.Config), len(c.Posts))}
	}
	var all []tested
	var outcomes []outcome
	for i := range c.Posts {
		cfg, err := configFlag{c.Config[i]}.load()
		if err != nil {
			return err
		}
		posts, err := readPosts(c.Posts[i], cfg, c.Config[i])
		if err != nil {
			return err
		}
		entries, err := replay(t, cfg, posts)
		if err != nil {
			return err
		}
		for _, e := range entries {
			outcomes = append(outcomes, outcomeOf(cfg, e))
		}
		for _, n := range compare(match.Compile(cfg.Cases).Ruleset(), posts, entries) {
			if slices.ContainsFunc(all, func(o tested) bool { return o.id == n.id }) {
				return usageError{fmt.Errorf("the case %s is in two configurations; give its posts in one file", n.id)}
			}
			all = append(all, n)
		}
	}
	if c.Decisions != "" {
		if err := writeDecisions(c.Decisions, outcomes); err != nil {
			return fmt.Errorf("write decisions to %s: %w", c.Decisions, err)
		}
	}
	figures := measure(all)
	if c.JSON {
		return json.NewEncoder(t.out).Encode(figures)
	}
	return printFigures(t.out, figures)
}

// readPosts reads posts and finds their accounts in a configuration, which is
// named for those that are not there. The oldest comes first.
func readPosts(path string, cfg *config.Config, named string) ([]replayed, error) {
	f, err := os.Open(path)
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
			errs = append(errs, fmt.Errorf("%s:%d: %w", path, n, err))
			continue
		}
		id, ok := byHandle[p.Source+"\n"+strings.ToLower(p.Account)]
		if !ok {
			errs = append(errs, fmt.Errorf("%s:%d: account %s of source %s is not in %s", path, n, p.Account, p.Source, named))
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
func replay(t *terminal, cfg *config.Config, posts []replayed) ([]bot.StoredDecision, error) {
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
	claims, err := claim(t, book, len(cfg.Accounts))
	if err != nil {
		return nil, err
	}
	if err := arrive(t, book, claims, posts); err != nil {
		return nil, err
	}
	if err := bot.New(setup).Catchup(t.ctx); err != nil {
		return nil, err
	}
	return book.Decisions(t.ctx)
}

// claim begins a pull of every account.
func claim(t *terminal, book *store.Store, accounts int) (map[string]*bot.Claim, error) {
	claims, err := book.ClaimDue(t.ctx, time.Hour, accounts)
	byAccount := map[string]*bot.Claim{}
	for i := range claims {
		byAccount[claims[i].Account] = &claims[i]
	}
	return byAccount, err
}

// arrive stores the posts as pulls would have, each seen when it was published.
func arrive(t *terminal, book *store.Store, claims map[string]*bot.Claim, posts []replayed) error {
	for len(posts) > 0 {
		n := 1
		for n < len(posts) && posts[n].account == posts[0].account {
			n++
		}
		page := make([]bot.Arrival, n)
		for i, p := range posts[:n] {
			page[i] = bot.Arrival{Post: p.post(), Seen: p.Created}
		}
		c := claims[posts[0].account]
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

func outcomeOf(cfg *config.Config, e bot.StoredDecision) outcome {
	o := outcome{
		ID: e.Post.ID, Case: e.Decision.Case, Speaker: e.Speaker, Via: outlet(cfg, e.Post),
		Decision: e.Decision.Verdict, Score: e.Decision.Score, Novelty: e.Novelty, Reasons: e.Decision.Evidence,
	}
	if e.Statement != 0 {
		n := onrecord.StatementNumber(e.Statement)
		o.Statement = &n
	}
	return o
}

func writeDecisions(path string, outcomes []outcome) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, o := range outcomes {
		if err := json.NewEncoder(w).Encode(o); err != nil {
			return err
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
