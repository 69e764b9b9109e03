package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/fetch"
	"onrecord/sources"
	"onrecord/sources/feed"
	"onrecord/sources/markup"
	"onrecord/statements/outline"
)

type addCommand struct {
	configFlag
	URL      string `arg:"" help:"What you open in a browser: a profile, a newsroom, a feed, or an article of it."`
	Speaker  string `help:"Whose account it is, a name of a case; * for a newspaper that quotes them. Default: whoever its name fits." placeholder:"NAME"`
	Schedule string `help:"When to read, such as '@every 5m'. Default: what suits the place." placeholder:"TEXT"`
	Backfill period `help:"How far back the first reading goes, such as 7d. Default: older posts are not reported." placeholder:"PERIOD"`
	Since    period `default:"7d" help:"How far back to look now, to show what would become of the posts." placeholder:"PERIOD"`
	Print    bool   `help:"Print the entry and leave the file alone."`
}

// Help implements [helper].
func (addCommand) Help() string {
	return `Finds what can be read at an address, reads it, shows what would become of the last posts, and writes the account into the configuration; comments stay. The page of a newsroom, or an article of it, leads to its feed; where there is none, the page itself is watched; a profile on X, Bluesky, Mastodon or Hacker News to its handle, the page of a docket at CourtListener to the docket. Reading X costs half a cent for each post of --since.`
}

func (c addCommand) Run(t *terminal) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	_, spend, done, err := spending(t, cfg)
	if err != nil {
		return err
	}
	defer done()
	found, trial, err := c.find(t, cfg, spend, fetch.New(fetch.Options{Version: version}).Client(true)) // the operator typed the address; what its page names is tried as any feed is
	if err != nil {
		return err
	}
	if trial.Seen > 0 || trial.Warnings != nil {
		fmt.Fprintln(t.out, tried(trial, time.Now()))
	}
	entry, err := c.entry(cfg, found, trial)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(c.Config)
	if err != nil {
		return err
	}
	text, edited := config.Add(data, entry)
	if edited == nil && found.Handle != "" && entry.Speaker != "" && entry.Speaker != anybody {
		text = config.AddAlias(text, entry.Speaker, "@"+found.Handle)
	}
	if edited != nil { // judged all the same
		text = data
	}
	after, err := config.Parse(c.Config, text, kinds(), os.LookupEnv, os.ReadFile)
	if err != nil {
		return fmt.Errorf("with the entry\n  - %s\nthe file is wrong:\n%w", entry.Line(), err)
	}
	if edited == nil && !isDocket(found) {
		if err := c.show(t, after, trial, spend); err != nil {
			return err
		}
	}
	switch {
	case c.Print:
		fmt.Fprintf(t.out, "\n  - %s\n", entry.Line())
		return nil
	case edited != nil:
		return usageError{fmt.Errorf("%s: %w:\n  - %s", c.Config, edited, entry.Line())}
	}
	if err := replace(c.Config, text); err != nil {
		return fmt.Errorf("%w; the entry is\n  - %s", err, entry.Line())
	}
	fmt.Fprintf(t.out, "\nadded to %s:\n  - %s\n", c.Config, entry.Line())
	return nil
}

// anybody is the speaker of an account that quotes others.
const anybody = "*"

// find is the account that can be read at the address, read once.
func (c addCommand) find(t *terminal, cfg *config.Config, spend sources.SpendLog, client *http.Client) (onrecord.Account, bot.Trial, error) {
	address := c.URL
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	page, err := url.Parse(address)
	if err != nil || page.Host == "" || !strings.Contains(page.Host, ".") && page.Hostname() != "localhost" {
		return onrecord.Account{}, bot.Trial{}, usageError{fmt.Errorf("%q is no address; paste what you open in a browser, such as https://bsky.app/profile/harborlabs.example or https://harbor.example/newsroom", c.URL)}
	}
	try := func(a onrecord.Account) bot.Trial {
		one := *cfg
		a.ID = cmp.Or(a.Handle, a.URL)
		one.Accounts = []onrecord.Account{a}
		scout, err := t.scout(&one, spend)
		if err != nil {
			return bot.Trial{Account: a.ID, Trouble: sources.Denied, Error: err.Error()}
		}
		return scout.Try(t.ctx, time.Duration(c.Since))[0]
	}
	var refused, first error
	for _, kind := range kinds().Sources {
		if kind.Profile == nil {
			continue
		}
		a, ok := kind.Profile(page)
		if !ok {
			continue
		}
		if _, err := cfg.Sources[a.Source].Open(sources.Env{Client: clients(cfg), Spend: spend}); errors.Is(err, sources.ErrNoCredentials) {
			fmt.Fprintf(t.out, "%s is not tried: %v\n", a.Handle, err)
			return a, bot.Trial{Account: a.Handle}, nil
		}
		trial := try(a)
		if refused = refusal(trial); refused == nil || feed.Known(page) == "" {
			return a, trial, refused
		}
		break // an address that many places' profiles have: of one that is none of this kind, too
	}
	for _, candidate := range c.feeds(t.ctx, page, client) {
		a := onrecord.Account{Source: "feed", URL: candidate}
		trial := try(a)
		if err = refusal(trial); err == nil {
			return a, trial, nil
		}
		if first == nil || candidate == page.String() {
			first = err
		}
	}
	watched := onrecord.Account{Source: "page", URL: page.String()}
	if trial := try(watched); refused == nil && trial.Trouble == "" {
		fmt.Fprintln(t.out, "there is no feed there, and none that the page names: the page itself is watched, for articles that are new on it")
		return watched, trial, nil
	}
	return onrecord.Account{}, bot.Trial{}, fmt.Errorf("there is no feed at %s, none that its page names, and no list of articles: %w", sources.Redact(page), cmp.Or(refused, first))
}

func refusal(t bot.Trial) error {
	if t.Trouble == "" {
		return nil
	}
	return fmt.Errorf("%s: %s", t.Account, t.Error)
}

// feeds are the addresses at which the feed of a page may be, likeliest first: by the
// rules of its place, at the address itself, where the page says, and where sites keep it.
func (c addCommand) feeds(ctx context.Context, page *url.URL, client *http.Client) (all []string) {
	add := func(addresses ...string) {
		for _, a := range addresses {
			if a != "" && !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	read := func(address string) (d sources.Document, err error) {
		req, err := sources.NewGet(ctx, address)
		if err != nil {
			return d, err
		}
		return sources.Read(client, req, maxStory)
	}
	if at := feed.Listed(page); at != "" {
		if d, err := read(at); err == nil {
			add(feed.ListedFeed(d.Body))
		}
	}
	add(feed.Known(page), page.String())
	if d, err := read(page.String()); err == nil && d.HTML() {
		add(markup.Feeds(string(d.Body), d.URL)...)
		add(feed.Usual(page)...)
	}
	return all
}

// isDocket reports an account that tells what happens in a case.
func isDocket(a onrecord.Account) bool {
	return slices.ContainsFunc(kinds().Sources, func(k sources.Kind) bool { return k.Name == a.Source && k.Docket })
}

// entry is what is to be written: with the speaker that was named, or that the account
// seems to be.
func (c addCommand) entry(cfg *config.Config, a onrecord.Account, trial bot.Trial) (config.Addition, error) {
	entry := config.Addition{Source: a.Source, Handle: a.Handle, URL: a.URL, Speaker: c.Speaker, Schedule: c.Schedule, Backfill: time.Duration(c.Backfill)}
	if isDocket(a) {
		return entry, nil
	}
	if entry.Speaker == "" {
		entry.Speaker = bot.Scout{Cases: cfg.Cases}.Speaker(a, trial.Posts)
	}
	if entry.Speaker != "" {
		return entry, nil
	}
	var names []string
	for _, k := range cfg.Cases {
		for _, p := range k.Everyone() {
			names = append(names, fmt.Sprintf("%q", p.Name))
		}
	}
	return entry, usageError{fmt.Errorf("whose account is it? Say so with --speaker: %s; or --speaker '*' for a newspaper that quotes them", strings.Join(slices.Compact(names), ", "))}
}

const lastPosts = 5

// show prints what would become of the last posts, and words of them that could be
// keywords.
func (c addCommand) show(t *terminal, cfg *config.Config, trial bot.Trial, spend sources.SpendLog) error {
	one := *cfg
	one.Accounts = cfg.Accounts[len(cfg.Accounts)-1:]
	scout, err := t.scout(&one, spend)
	if err != nil {
		return err
	}
	for i := range trial.Posts {
		trial.Posts[i].Account = one.Accounts[0].ID
	}
	v, err := scout.Preview(t.ctx, time.Duration(c.Since), []bot.Trial{trial}, nil, nil)
	if err != nil {
		return err
	}
	become := map[string]string{}
	for what, list := range map[string][]bot.Explanation{"posted": v.Posted, "a person is asked": v.Waiting, "left out": v.Rejected} {
		for _, e := range list {
			become[e.Post.Key()] = fmt.Sprintf("%s, score %+.2f", what, e.Decision.Score)
		}
	}
	fmt.Fprintf(t.out, "of the last %s: %d would have been posted, %d would wait for a person, %d are left out\n", counted(v.Posts, "post"), len(v.Posted), len(v.Waiting), len(v.Rejected))
	for _, p := range trial.Posts[max(0, len(trial.Posts)-lastPosts):] {
		fmt.Fprintf(t.out, "  %s  %q\n    %s\n", when(p.Created), shortened(cmp.Or(p.Text, p.Title)), cmp.Or(become[p.Key()], "older than "+time.Duration(c.Since).String()))
	}
	if words := proposals(cfg, slices.Concat(v.Posted, v.Waiting)); len(words) > 0 {
		fmt.Fprintf(t.out, "words of them that could be keywords, if they mean the case: %s\n", strings.Join(words, ", "))
	}
	return nil
}

// proposals are rare words of posts that would be shown and that no case knows yet.
func proposals(cfg *config.Config, shown []bot.Explanation) (words []string) {
	var texts []string
	for _, e := range shown {
		texts = append(texts, e.Post.Text)
	}
	known := func(term string) bool {
		return slices.ContainsFunc(cfg.Cases, func(c onrecord.Case) bool {
			if _, is := c.Find(term); is {
				return true
			}
			return slices.ContainsFunc(c.Keywords, func(k string) bool { return strings.EqualFold(k, term) })
		})
	}
	for _, k := range outline.Read(outline.Story{Text: strings.Join(texts, "\n\n")}).Keywords {
		if k.Common == "" && !known(k.Term) {
			words = append(words, fmt.Sprintf("%q", k.Term))
		}
	}
	return words
}

// replace puts a text in the place of a file in one step, and keeps who may read it.
func replace(path string, text []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(path); err != nil || bytes.Equal(old, text) {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write beside %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // it is gone when all went well
	_, err = f.Write(text)
	if err := errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write beside %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
