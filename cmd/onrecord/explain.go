package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/statements/card"
	"onrecord/statements/match"
)

type explainCommand struct {
	configFlag
	What    string `arg:"" help:"A text, the address of a post, or a statement's number."`
	Account string `help:"Judge a text as if this account had posted it; default: the first account." placeholder:"ID"`
}

func (c explainCommand) Run(t *terminal) error {
	if id, ok := onrecord.ParseStatementNumber(c.What); ok {
		cfg, book, err := c.read(t)
		if err != nil {
			return err
		}
		defer book.Close()
		_, entries, err := book.Statement(t.ctx, id)
		if err != nil {
			return err
		}
		return explainEntries(t.out, cfg, entries)
	}
	if strings.HasPrefix(c.What, "https://") || strings.HasPrefix(c.What, "http://") {
		cfg, book, err := c.read(t)
		if err != nil {
			return err
		}
		defer book.Close()
		entries, err := book.ByURL(t.ctx, c.What)
		if err == nil && len(entries) == 0 {
			err = fmt.Errorf("no post at %s has been judged; posts from before an account was watched never are", c.What)
		}
		if err != nil {
			return err
		}
		return explainEntries(t.out, cfg, entries)
	}
	return c.text(t)
}

// text judges words nobody has posted, with nothing known about their speaker.
func (c explainCommand) text(t *terminal) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	var account *onrecord.Account
	for i := range cfg.Accounts {
		if c.Account == "" || cfg.Accounts[i].ID == c.Account {
			account = &cfg.Accounts[i]
			break
		}
	}
	if account == nil {
		return usageError{fmt.Errorf("there is no account %q in %s", c.Account, c.Config)}
	}
	if account.Press() {
		return explainArticle(t, cfg, *account, c.What)
	}
	post := onrecord.Post{Account: account.ID, ID: "text", Kind: onrecord.Original, Text: c.What, Author: onrecord.Author{Handle: account.Handle}}
	decisions, _ := match.Compile(cfg.Cases).Judge(match.Input{Post: post, Speaker: account.Speaker, Cases: account.Cases}, match.State{})
	fmt.Fprintf(t.out, "as if %s (%s) had posted it, with nothing known of the speaker yet\n", account.Speaker, account.ID)
	for _, d := range decisions {
		explainDecision(t.out, post.Text, d)
	}
	return nil
}

// explainArticle judges words as an article of a press account, as if it were
// the first: for each whom it quotes.
func explainArticle(t *terminal, cfg *config.Config, a onrecord.Account, text string) error {
	p := replayed{ID: "text", Kind: string(onrecord.Article), Created: time.Now(), Text: text, account: a.ID}
	entries, err := replay(t, cfg, []replayed{p})
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "as if %s had printed it, with nothing known of it yet\n", bot.Outlet(a, p.post()))
	for _, e := range entries {
		explainSpeaker(t.out, cfg, e)
		explainDecision(t.out, e.Post.Text, e.Decision)
	}
	return nil
}

func explainEntries(w io.Writer, cfg *config.Config, entries []bot.StoredDecision) error {
	for _, e := range entries {
		fmt.Fprintf(w, "%s %s\n", e.Post.Created.Format(time.RFC3339), e.Post.URL)
		explainSpeaker(w, cfg, e)
		explainDecision(w, e.Post.Text, e.Decision)
		if e.Novelty != "" {
			fmt.Fprintf(w, "  %s %s\n", e.Novelty, e.Why)
		}
		if e.Ruling != "" {
			fmt.Fprintf(w, "  %s by %s on %s\n", map[onrecord.Verdict]string{onrecord.Accept: "accepted", onrecord.Reject: "rejected"}[e.Ruling], e.RuledBy, e.Ruled.Format(time.DateTime))
		}
		if e.Statement != 0 {
			lane := "on the record"
			if e.Decision.Verdict == onrecord.Review && e.Ruling != onrecord.Accept {
				lane = "for review"
			}
			fmt.Fprintf(w, "  %s as %s\n", lane, onrecord.StatementNumber(e.Statement))
		}
	}
	return nil
}

// explainSpeaker says whom an article quotes, and who prints it.
func explainSpeaker(w io.Writer, cfg *config.Config, e bot.StoredDecision) {
	switch via := outlet(cfg, e.Post); {
	case via == "":
	case e.Speaker == "" && e.Statement == 0:
		fmt.Fprintf(w, "  nobody of the case, %s %s\n", card.Quoted, via)
	default:
		fmt.Fprintf(w, "  %s\n", spoken(e.Speaker, via))
	}
}

// outlet names who printed a post, if its account speaks for nobody.
func outlet(cfg *config.Config, p onrecord.Post) string {
	for _, a := range cfg.Accounts {
		if a.ID == p.Account && a.Press() {
			return bot.Outlet(a, p)
		}
	}
	return ""
}

func explainDecision(w io.Writer, text string, d onrecord.Decision) {
	fmt.Fprintf(w, "%s: %s, score %+.2f (rules %s)\n", d.Case, d.Verdict, d.Score, d.Ruleset)
	sum := 0.0
	for _, e := range d.Evidence {
		sum += e.Weight
		fmt.Fprintf(w, "  %+5.2f  %s", e.Weight, e.Name)
		if e.Text != "" {
			fmt.Fprintf(w, ": %s", e.Text)
		}
		if e.Where != "" {
			fmt.Fprintf(w, " (%s)", e.Where)
		}
		fmt.Fprintln(w)
		if e.Start < e.End && e.End <= len(text) {
			fmt.Fprintf(w, "%9s%s\n", "", around(text, e.Start, e.End))
		}
	}
	accept, review := match.Lines()
	fmt.Fprintf(w, "  %+5.2f  in all; review from %+.2f, accept from %+.2f\n", sum, review, accept)
}

// aroundWidth is how much of a text is shown on each side of a span.
const aroundWidth = 30

// around shows a span in brackets where it stands in a text, on one line.
func around(text string, start, end int) string {
	before, after := []rune(text[:start]), []rune(text[end:])
	left, right := "", ""
	if n := len(before) - aroundWidth; n > 0 {
		before, left = before[n:], "…"
	}
	if len(after) > aroundWidth {
		after, right = after[:aroundWidth], "…"
	}
	line := left + string(before) + "[" + text[start:end] + "]" + string(after) + right
	return strings.Join(strings.Fields(line), " ")
}
