package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/statements/match"
)

const (
	commonWindow = 30 * 24 * time.Hour
	commonFewest = 50 // posts, before a share says anything
	commonShare  = .05
	commonShown  = 3 // posts that show what a word would hit
)

// commonWords warns of aliases and keywords that tell little, since the accounts of a case
// have used them all the time.
func commonWords(t *terminal, cfg *config.Config, recent []onrecord.Post) {
	for _, c := range cfg.Cases {
		tryOn(t, c, cfg.Accounts, recent)
	}
}

// history reads the recent posts; a database that is not there yet has none.
func history(t *terminal, cfg *config.Config, now time.Time) (posts []onrecord.Post, err error) {
	database, err := existing(t, cfg, store.OpenReading)
	if err == nil && database == nil {
		return nil, nil
	}
	if err == nil {
		defer database.Close()
		posts, err = database.Since(t.ctx, now.Add(-commonWindow))
	}
	if err != nil {
		fmt.Fprintf(t.errout, "aliases and keywords were not tried on recent posts: %v\n", err)
	}
	return posts, err
}

// tryOn tries the words of a case on the posts of its accounts. Whoever bears a
// name may say it daily: names are tried on the posts of others.
func tryOn(t *terminal, c onrecord.Case, accounts []onrecord.Account, recent []onrecord.Post) {
	speaker := map[string]string{}
	for _, a := range accounts {
		if slices.Contains(a.Cases, c.ID) {
			who, _ := c.Find(a.Speaker)
			speaker[a.ID] = cmp.Or(who.Name, a.Speaker)
		}
	}
	of := func(but string) (posts []onrecord.Post) {
		for _, p := range recent {
			if s, ok := speaker[p.Account]; ok && s != but {
				posts = append(posts, p)
			}
		}
		return posts
	}
	warnCommon(t, c.ID, "keyword", c.Keywords, of(""))
	for _, p := range c.Everyone() {
		warnCommon(t, c.ID, "alias", p.Aliases, of(p.Name))
	}
}

func warnCommon(t *terminal, id, what string, terms []string, posts []onrecord.Post) {
	if len(posts) < commonFewest {
		return
	}
	texts := make([]string, len(posts))
	for i, p := range posts {
		texts[i] = p.Text
	}
	for i, hits := range match.Holding(terms, texts) {
		if float64(len(hits)) <= commonShare*float64(len(posts)) {
			continue
		}
		fmt.Fprintf(t.out, "warning: %s: the %s %q is in %d of %d posts of the last 30 days, such as\n", id, what, terms[i], len(hits), len(posts))
		for _, n := range hits[:min(commonShown, len(hits))] {
			p := posts[n]
			fmt.Fprintf(t.out, "  %s: %s\n", cmp.Or(p.URL, p.Key()), shortened(p.Text))
		}
	}
}

// shortened is a text on one line that fits beside an address.
func shortened(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > 2*aroundWidth {
		return string(line[:2*aroundWidth]) + "…"
	}
	return string(line)
}
