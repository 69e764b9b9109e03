package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/eval"
	"onrecord/statements/card"
	"onrecord/statements/match"
)

type explainCommand struct {
	configFlag
	What    string `arg:"" help:"A text, the address of a post, or a statement's number."`
	Account string `help:"Judge a text as if this account had posted it; default: the first account." placeholder:"ID"`
	JSON    bool   `help:"Print the decisions as JSON lines, in the form of eval --decisions."`
}

func (c explainCommand) Run(t *terminal) error {
	what, ok := bot.ParseReference(c.What)
	if !ok {
		return c.text(t)
	}
	visitor, database, err := c.visitor(t)
	if err != nil {
		return err
	}
	defer database.Close()
	list, err := visitor.Explain(t.ctx, what)
	if err != nil {
		return err
	}
	if c.JSON {
		return eval.WriteDecisions(t.out, list)
	}
	for _, e := range list {
		printExplanation(t.out, e)
	}
	return nil
}

// text judges words nobody has posted, with nothing known about their speaker.
func (c explainCommand) text(t *terminal) error {
	cfg, err := c.look()
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
		ids := make([]string, len(cfg.Accounts))
		for i, a := range cfg.Accounts {
			ids[i] = a.ID
		}
		return usageError{fmt.Errorf("there is no account %q in %s; there are: %s", c.Account, c.Config, strings.Join(ids, ", "))}
	}
	list, err := bot.Visitor{Cases: cfg.Cases, Accounts: cfg.Accounts}.ExplainText(t.ctx, *account, c.What)
	if err != nil {
		return err
	}
	if c.JSON {
		return eval.WriteDecisions(t.out, list)
	}
	if account.Kind == onrecord.Press {
		fmt.Fprintf(t.out, "as if %s had printed it, with nothing known of it yet\n", list[0].Via)
	} else {
		fmt.Fprintf(t.out, "as if %s (%s) had posted it, with nothing known of the speaker yet\n", account.Speaker, account.ID)
	}
	for _, e := range list {
		printSpeaker(t.out, e)
		printDecision(t.out, e.Post.Text, e.Decision)
	}
	return nil
}

func printExplanation(w io.Writer, e bot.Explanation) {
	fmt.Fprintf(w, "%s %s\n", e.Post.Created.Format(time.RFC3339), e.Post.URL)
	printSpeaker(w, e)
	printDecision(w, e.Post.Text, e.Decision)
	if e.Novelty != "" {
		fmt.Fprintf(w, "  %s %s\n", e.Novelty, e.Why)
	}
	if e.Moderation != "" {
		fmt.Fprintf(w, "  %s by %s on %s\n", map[onrecord.Label]string{onrecord.Accept: "accepted", onrecord.Reject: "rejected"}[e.Moderation], e.ModeratedBy, e.ModeratedAt.Format(time.DateTime))
	}
	if e.Held {
		fmt.Fprintln(w, "  held for the rest of its thread; it gets its number then")
	} else if e.Lane != "" {
		fmt.Fprintf(w, "  %s as %s\n", map[onrecord.Lane]string{onrecord.Record: "on the record", onrecord.ForReview: "for review"}[e.Lane], onrecord.StatementNumber(e.Statement))
	}
}

// printSpeaker says whom an article quotes, and who prints it.
func printSpeaker(w io.Writer, e bot.Explanation) {
	switch {
	case e.Via == "":
	case e.Speaker == "" && e.Lane == "":
		fmt.Fprintf(w, "  nobody of the case, %s %s\n", card.Quoted, e.Via)
	default:
		fmt.Fprintf(w, "  %s\n", spoken(e.Speaker, e.Via))
	}
}

func printDecision(w io.Writer, text string, d onrecord.Decision) {
	fmt.Fprintf(w, "%s: %s, score %+.2f (rules %s)\n", d.Case, d.Label, d.Score, d.Ruleset)
	sum := 0.0
	for _, e := range d.Reasons {
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
	accept, review, _ := match.Lines()
	fmt.Fprintf(w, "  %+5.2f  in all; review from %+.2f, accept from %+.2f\n", sum, review, accept)
	printOpinion(w, d)
}

// printOpinion tells what a model said, and what would have been decided without it.
func printOpinion(w io.Writer, d onrecord.Decision) {
	o := d.Opinion
	if o == nil {
		return
	}
	name := cmp.Or(o.Model, "a model")
	fmt.Fprintf(w, "  our own evidence: %s\n", d.Without)
	if o.Together > 0 {
		fmt.Fprintf(w, "  %s, asked which of %s could be on the case: not this one\n", name, counted(o.Together, "post"))
	} else {
		fmt.Fprintf(w, "  %s was shown %s, and says: %s\n", name, cmp.Or(o.Shown, "the post"), o)
	}
	if o.Instructs {
		fmt.Fprintln(w, "  which does not count: what it was shown tries to instruct it")
	}
	fmt.Fprintf(w, "  together: %s%s\n", d.Label, quietly(d.Quiet))
}

// quietly says what is different about a review of which nobody is told.
func quietly(quiet bool) string {
	if quiet {
		return ", quietly: it is listed, and no channel is told"
	}
	return ""
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
