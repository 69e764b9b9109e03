package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/statements/match"
)

type previewCommand struct {
	configFlag
	Since  period `default:"14d" help:"How far back, such as 24h, 14d or 4w." placeholder:"PERIOD"`
	Stored bool   `help:"Judge what the database holds and read no account: after a change of keywords, at no cost."`
	Nearby int    `default:"10" help:"How many of the rejected posts are shown, nearest miss first." placeholder:"N"`
	JSON   bool   `help:"Print it as one JSON object, with every rejected post."`
}

// Help implements [helper].
func (previewCommand) Help() string {
	return `Reads what the accounts published, judges it with the keywords and names of the file, and shows what would have been posted, what would have waited for a person, the nearest misses among the rejected, and how much noise each keyword and alias brings in. Nothing is stored or posted. X is read as usual, within its daily budget.

Change a keyword, run it again, compare. Once the program has run, ` + "`--stored`" + ` does the same with the posts it has kept, and says which decisions of then would be others today.`
}

func (c previewCommand) Run(t *terminal) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	database, spend, done, err := spending(t, cfg)
	if err != nil {
		return err
	}
	defer done()
	var stored []onrecord.Post
	var decided []bot.StoredDecision
	if database != nil {
		if stored, err = database.Since(t.ctx, time.Now().Add(-time.Duration(c.Since))); err != nil {
			return err
		}
		if decided, err = database.Decisions(t.ctx); err != nil {
			return err
		}
	} else if c.Stored {
		return usageError{fmt.Errorf("--stored: there is no database %s yet; leave --stored out to read the accounts", cfg.Database)}
	}
	scout, err := t.scout(cfg, spend)
	if err != nil {
		return err
	}
	var trials []bot.Trial
	if !c.Stored {
		trials = scout.Try(t.ctx, time.Duration(c.Since))
	}
	v, err := scout.Preview(t.ctx, time.Duration(c.Since), trials, stored, decided)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(t.out).Encode(previewOf(v))
	} else {
		printPreview(t.out, v, cfg, c.Nearby)
	}
	return errors.Join(err, unread(trials))
}

// unread is an error when no account could be read.
func unread(trials []bot.Trial) error {
	if len(trials) == 0 || slices.ContainsFunc(trials, func(t bot.Trial) bool { return t.Trouble == "" }) {
		return nil
	}
	return errors.New("no account could be read")
}

func printPreview(w io.Writer, v bot.Preview, cfg *config.Config, nearby int) {
	fmt.Fprintf(w, "%s to %s: %d posts\n", v.From.UTC().Format(minute), v.Until.UTC().Format(minute), v.Posts)
	for _, t := range v.Trials {
		fmt.Fprintf(w, "  %s\n", tried(t, v.Until))
	}
	fmt.Fprintf(w, "\nwould have been posted: %d\n", len(v.Posted))
	printPreviewed(w, v.Posted, cfg.Accounts)
	if v.Repeated > 0 {
		fmt.Fprintf(w, "  and %s that continue or repeat a statement\n", plural(v.Repeated, "more post", "more posts"))
	}
	fmt.Fprintf(w, "\nwould wait for a person: %d\n", len(v.Waiting))
	printPreviewed(w, v.Waiting, cfg.Accounts)
	accept, review, _ := match.Lines()
	fmt.Fprintf(w, "\nrejected: %d; nearest miss first (review from %+.2f, accept from %+.2f)\n", len(v.Rejected), review, accept)
	printPreviewed(w, v.Rejected[:min(max(nearby, 0), len(v.Rejected))], cfg.Accounts)
	printTerms(w, v.Terms)
	if len(v.Otherwise) > 0 {
		fmt.Fprintf(w, "\njudged otherwise than when they were read: %d\n", len(v.Otherwise))
	}
	for _, o := range v.Otherwise {
		fmt.Fprintf(w, "  was %s, would be %s\n", o.Was, o.Is.Decision.Label)
		printPreviewed(w, []bot.Explanation{o.Is}, cfg.Accounts)
	}
	if cfg.Summary.Provider != config.Extract {
		fmt.Fprintf(w, "\njudged by our own evidence alone, without %s, which has a part in every decision of the running program\n", cfg.Summary.Model)
	}
}

// minute is how moments are shown: to the minute, in UTC.
const minute = "2006-01-02 15:04Z"

// tried says in a line what came of reading an account.
func tried(t bot.Trial, now time.Time) string {
	if t.Trouble != "" {
		return fmt.Sprintf("bad: %s: %s", t.Account, t.Error)
	}
	line := fmt.Sprintf("ok: %s, %s", t.Account, counted(t.Seen, "post"))
	if t.Seen == 0 {
		line = fmt.Sprintf("ok: %s, readable, no posts to see", t.Account)
	}
	if !t.Newest.IsZero() {
		line += ", the newest " + ago(now.Sub(t.Newest))
	}
	for _, w := range t.Warnings {
		line += "\n    " + w
	}
	return line
}

func printPreviewed(w io.Writer, list []bot.Explanation, accounts []onrecord.Account) {
	for _, e := range list {
		fmt.Fprintf(w, "  %s  %+.2f  %s  %q\n", e.Post.Created.UTC().Format(minute), e.Decision.Score, whose(e, accounts), shortened(cmp.Or(e.Post.Text, e.Post.Title)))
		var reasons []string
		for _, r := range e.Decision.Reasons {
			if r.Weight > 0 && r.Text != "" {
				reasons = append(reasons, r.Name+": "+r.Text)
			}
		}
		for _, line := range []string{strings.Join(reasons[:min(len(reasons), 3)], "; "), e.Post.URL} {
			if line != "" {
				fmt.Fprintf(w, "    %s\n", line)
			}
		}
	}
}

// whose says whose words a decision is about.
func whose(e bot.Explanation, accounts []onrecord.Account) string {
	if e.Via != "" || e.Speaker != "" {
		return spoken(e.Speaker, e.Via)
	}
	i := slices.IndexFunc(accounts, func(a onrecord.Account) bool { return a.ID == e.Post.Account })
	if i < 0 || accounts[i].Speaker == "" {
		return e.Post.Account
	}
	return accounts[i].Speaker + " (" + e.Post.Account + ")"
}

// printTerms shows what each keyword and name brings in. Those that nobody used take a line together.
func printTerms(w io.Writer, terms []bot.TermUse) {
	fmt.Fprintf(w, "\nwhat the words bring in: posts that hold them, of which posted, waiting, rejected\n")
	var unused []string
	for _, u := range terms {
		if u.Posts == 0 {
			unused = append(unused, fmt.Sprintf("%q", u.Term))
			continue
		}
		what := fmt.Sprintf("%s: the %s %q", u.Case, u.Kind, u.Term)
		if u.Kind == "alias" {
			what += " of " + u.Of
		}
		fmt.Fprintf(w, "  %5d  %4d %4d %5d  %s", u.Posts, u.Posted, u.Waiting, u.Rejected, what)
		if u.Alone > 0 {
			fmt.Fprintf(w, "; of those shown, %d hold no other word of the case", u.Alone)
		}
		if u.Everyday {
			fmt.Fprint(w, "; an everyday word")
		}
		fmt.Fprintln(w)
	}
	if len(unused) > 0 {
		fmt.Fprintf(w, "  in no post: %s\n", strings.Join(unused, ", "))
	}
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ago says how long something is over, in its largest unit.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return counted(int(d/time.Minute), "minute") + " ago"
	case d < 48*time.Hour:
		return counted(int(d/time.Hour), "hour") + " ago"
	}
	return counted(int(d/(24*time.Hour)), "day") + " ago"
}

// previewed is the JSON form of a preview; docs/operations.md describes it.
type previewed struct {
	From      time.Time         `json:"from"`
	Until     time.Time         `json:"until"`
	Posts     int               `json:"posts"`
	Accounts  []bot.Trial       `json:"accounts"`
	Posted    []previewedPost   `json:"posted"`
	Waiting   []previewedPost   `json:"waiting"`
	Repeated  int               `json:"repeated"`
	Rejected  []previewedPost   `json:"rejected"`
	Terms     []bot.TermUse     `json:"terms"`
	Otherwise []previewedChange `json:"otherwise"`
}

type previewedPost struct {
	Account string            `json:"account"`
	ID      string            `json:"id"`
	URL     string            `json:"url,omitempty"`
	Created time.Time         `json:"created_at"`
	Case    string            `json:"case"`
	Speaker string            `json:"speaker,omitempty"` // whom a press account quotes
	Via     string            `json:"via,omitempty"`
	Score   float64           `json:"score"`
	Text    string            `json:"text"`
	Reasons []onrecord.Reason `json:"reasons"`
}

type previewedChange struct {
	Was onrecord.Label `json:"was"`
	Is  onrecord.Label `json:"is"`
	previewedPost
}

func previewOf(v bot.Preview) previewed {
	p := previewed{
		From: v.From.UTC(), Until: v.Until.UTC(), Posts: v.Posts, Accounts: listed(v.Trials), Posted: previewedPosts(v.Posted), Waiting: previewedPosts(v.Waiting),
		Repeated: v.Repeated, Rejected: previewedPosts(v.Rejected), Terms: listed(v.Terms), Otherwise: []previewedChange{},
	}
	for _, o := range v.Otherwise {
		p.Otherwise = append(p.Otherwise, previewedChange{o.Was, o.Is.Decision.Label, previewedPosts([]bot.Explanation{o.Is})[0]})
	}
	return p
}

func previewedPosts(list []bot.Explanation) []previewedPost {
	posts := make([]previewedPost, len(list))
	for i, e := range list {
		posts[i] = previewedPost{
			Account: e.Post.Account, ID: e.Post.ID, URL: e.Post.URL, Created: e.Post.Created.UTC(), Case: e.Decision.Case, Speaker: e.Speaker, Via: e.Via,
			Score: e.Decision.Score, Text: e.Post.Text, Reasons: e.Decision.Reasons,
		}
	}
	return posts
}

// listed is a list that JSON shows as one even when it is empty.
func listed[T any](list []T) []T { return append([]T{}, list...) }
