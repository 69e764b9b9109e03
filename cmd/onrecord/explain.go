package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/eval"
	"onrecord/internal/store"
	"onrecord/sources"
	"onrecord/statements/card"
	"onrecord/statements/match"
)

type explainCommand struct {
	configFlag
	What    string `arg:"" help:"A text, the address of a post, or a statement's number."`
	Account string `help:"Judge a text, or a post on no record, as if this account had posted it; default: the first account, or the post's own." placeholder:"ID"`
	JSON    bool   `help:"Print the decisions as JSON lines, in the form of eval --decisions."`
}

func (c explainCommand) Run(t *terminal) error {
	what, ok := bot.ParseReference(c.What)
	if !ok {
		return c.text(t)
	}
	list, near, err := c.stored(t, what)
	if errors.Is(err, bot.ErrUnjudged) {
		return c.published(t, what.URL, err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return eval.WriteDecisions(t.out, list)
	}
	for _, e := range list {
		printExplanation(t.out, e)
	}
	printNeighbours(t.out, near)
	return nil
}

// neighbourLength is how much is shown of a statement beside another, in UTF-16 units.
const neighbourLength = 100

func printNeighbours(w io.Writer, near []onrecord.Statement) {
	for i, s := range near {
		if i == 0 {
			fmt.Fprintln(w, "most like it, of what the same speaker said before:")
		}
		fmt.Fprintf(w, "  %s of %s  “%s”\n", s.Number(), s.First().Created.Format(time.DateOnly), card.Line(s.Words(), neighbourLength))
	}
}

// stored are the decisions on the record, and the statements before the one asked about
// that are most like it.
func (c explainCommand) stored(t *terminal, what bot.Reference) (list []bot.Explanation, near []onrecord.Statement, err error) {
	cfg, err := c.look()
	if err != nil {
		return nil, nil, err
	}
	if what.URL != "" {
		database, err := existing(t, cfg, store.OpenReading)
		if database == nil {
			return nil, nil, cmp.Or(err, fmt.Errorf("no post at %s %w", what.URL, bot.ErrUnjudged))
		}
		database.Close()
	}
	visitor, database, err := c.visitor(t)
	if err != nil {
		return nil, nil, err
	}
	defer database.Close()
	list, err = visitor.Explain(t.ctx, what)
	if err == nil && what.Statement != 0 {
		near, err = visitor.Neighbours(t.ctx, what.Statement)
	}
	return list, near, err
}

// published judges the post at an address, which is read once from its place, with
// nothing known of its speaker. why says that it is on no record.
func (c explainCommand) published(t *terminal, address string, why error) error {
	page, err := url.Parse(address)
	if author, rest, ok := strings.Cut(strings.TrimPrefix(address, "at://"), "/"); ok && strings.HasPrefix(address, "at://") { // an author is no host
		page, err = &url.URL{Scheme: "at", Host: author, Path: "/" + rest}, nil
	}
	if err != nil {
		return why
	}
	var places []string
	for _, kind := range kinds().Sources {
		if kind.Post == nil {
			continue
		}
		places = append(places, kind.Title)
		if id, ok := kind.Post(page); ok {
			return c.fetched(t, kind, page, id)
		}
	}
	return fmt.Errorf("%w; a post on %s is read from there, this address is of none", why, strings.Join(places, ", "))
}

func (c explainCommand) fetched(t *terminal, kind sources.Kind, page *url.URL, id string) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	_, spend, done, err := spending(t, cfg)
	if err != nil {
		return err
	}
	defer done()
	lend := clients(cfg)
	source, err := cfg.Sources[kind.Name].Open(sources.Env{Client: lend, Log: slog.New(slog.DiscardHandler), Spend: spend})
	if err != nil {
		return err
	}
	found, gone, err := source.(sources.Lookup).Posts(t.ctx, []string{id})
	post, ok := found[id]
	switch {
	case err != nil:
		return fmt.Errorf("read the post at %s: %w", page, err)
	case !ok && len(gone) > 0:
		return fmt.Errorf("nobody can read the post at %s: it is deleted, hidden or withheld", page)
	case !ok:
		return fmt.Errorf("%s did not answer for the post at %s; try again later", kind.Title, page)
	}
	if profile, ok := kind.Profile(page); ok && post.Author.Handle == "" { // X names authors by number
		post.Author.Handle, post.URL = profile.Handle, page.String()
	}
	account, err := c.publisher(cfg, kind, post)
	if err != nil {
		return err
	}
	list, err := bot.Visitor{Cases: cfg.Cases, Accounts: cfg.Accounts}.ExplainPost(t.ctx, account, post, map[string]sources.Source{account.Source: source}, lend(false))
	if err != nil {
		return err
	}
	if c.JSON {
		return eval.WriteDecisions(t.out, list)
	}
	fmt.Fprintf(t.out, "not on the record; as if %s had posted it just now, with nothing known of the speaker yet\n", account.ID)
	for _, e := range list {
		printExplanation(t.out, e)
	}
	return nil
}

// publisher is the account that published a post, or the one that a person named.
func (c explainCommand) publisher(cfg *config.Config, kind sources.Kind, p onrecord.Post) (onrecord.Account, error) {
	names := []string{p.Author.Handle, p.Author.ID}
	for _, a := range cfg.Accounts {
		by := a.Source == kind.Name && slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(n, a.Handle) })
		if by && c.Account == "" || c.Account != "" && c.Account == a.ID {
			a.Source = kind.Name // where its context is
			return a, nil
		}
	}
	if c.Account != "" {
		return c.account(cfg)
	}
	return onrecord.Account{}, usageError{fmt.Errorf("the post at %s is by none of the accounts in %s; --account ID judges it as if one of them had posted it", p.URL, c.Config)}
}

// account is the one that a person named, or the first.
func (c explainCommand) account(cfg *config.Config) (onrecord.Account, error) {
	ids := make([]string, len(cfg.Accounts))
	for i, a := range cfg.Accounts {
		if c.Account == "" || a.ID == c.Account {
			return a, nil
		}
		ids[i] = a.ID
	}
	return onrecord.Account{}, usageError{fmt.Errorf("there is no account %q in %s; there are: %s", c.Account, c.Config, strings.Join(ids, ", "))}
}

// text judges words nobody has posted, with nothing known about their speaker.
func (c explainCommand) text(t *terminal) error {
	cfg, err := c.look()
	if err != nil {
		return err
	}
	account, err := c.account(cfg)
	if err != nil {
		return err
	}
	list, err := bot.Visitor{Cases: cfg.Cases, Accounts: cfg.Accounts}.ExplainText(t.ctx, account, c.What)
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
	if e.Post.Created.IsZero() {
		fmt.Fprintf(w, "%s %s\n", e.Post.Key(), e.Post.URL)
	} else {
		fmt.Fprintf(w, "%s %s\n", e.Post.Created.UTC().Format(time.RFC3339), e.Post.URL)
	}
	if e.Damaged != "" {
		fmt.Fprintf(w, "  %s; what was decided is known all the same\n", e.Damaged)
	}
	printSpeaker(w, e)
	printDecision(w, e.Post.Text, e.Decision)
	if e.Novelty != "" {
		fmt.Fprintf(w, "  %s %s\n", e.Novelty, e.Why)
	}
	if e.Moderation != "" {
		fmt.Fprintf(w, "  %s by %s on %s\n", map[onrecord.Label]string{onrecord.Accept: "accepted", onrecord.Distinct: "accepted as not the same", onrecord.Reject: "rejected"}[e.Moderation], e.ModeratedBy, e.ModeratedAt.UTC().Format(minute))
	}
	if e.Held {
		fmt.Fprintln(w, "  held for the rest of its thread; it gets its number then")
	} else if e.Lane != "" {
		fmt.Fprintf(w, "  %s as %s\n", map[onrecord.Lane]string{onrecord.Record: "on the record", onrecord.ForReview: "for review"}[e.Lane], onrecord.StatementNumber(e.Statement))
	}
	printCorrections(w, e.Corrections)
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
	if o.Rewords != nil {
		fmt.Fprintf(w, "  %s takes it for an earlier statement in other words; it is marked where nothing speaks against that\n", name)
	}
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
