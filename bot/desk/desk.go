// Package desk gives what people can ask and decide, as package bot has it in values,
// the form of commands for places where people read. It owns their wording; what they
// are called in which language is data, in texts.
//
// Everything that a command is given comes from outside: each name, number and press is
// looked up again, and who may decide is asked anew each time.
package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/statements/card"
)

// Questions keeps what was asked, so that the buttons of an answer outlive the program.
type Questions interface {
	// Ask keeps a question and returns its name, which is short and the same for the same.
	Ask(ctx context.Context, question string) (name string, err error)
	// Asked returns the question of a name; "": it is too old, or never was.
	Asked(ctx context.Context, name string) (question string, err error)
}

// Setup is what a desk needs.
type Setup struct {
	Visitor   bot.Visitor
	Operator  bot.Operator
	Queue     bot.ReviewQueue
	Questions Questions
	Interests bot.Interests
	Channels  func() []bot.Channel // of the place, as they are told now: the configuration's, and those that people subscribed
	Following Following            // nil: nobody can subscribe
	Tracking  Tracking             // nil: nobody can have accounts tracked
	Place     string               // as people call it: "Discord"
	Now       func() time.Time
}

type desk struct {
	Setup
	names []string // of speakers
	seen  *look
}

// look is what was last known of accounts and channels. Looking is a walk over all posts:
// it is not repeated for everybody who asks.
type look struct {
	mu sync.Mutex
	at time.Time
	v  bot.Overview
}

const lookEvery = 15 * time.Second

// Commands are what can be asked at a place.
func Commands(s Setup) []notifiers.Command {
	if s.Channels == nil {
		s.Channels = func() []bot.Channel { return nil }
	}
	d := desk{s, s.Visitor.Speakers(), &look{}}
	typed := func(name string, run func(context.Context, notifiers.Request) (notifiers.Answer, error), options ...notifiers.Option) notifiers.Command {
		for i := range options {
			options[i].Labels = labels(name, options[i].Name)
		}
		return notifiers.Command{Name: name, Labels: labels(name), Options: options, Run: run}
	}
	onText := typed("on-record", d.onRecord)
	onText.Trigger = notifiers.OnText
	pressed := func(name string, run func(context.Context, notifiers.Request) (notifiers.Answer, error)) notifiers.Command {
		return notifiers.Command{Name: name, Trigger: notifiers.Pressed, Run: run}
	}
	there := func(run func(context.Context, notifiers.Request) (notifiers.Answer, error)) func(context.Context, notifiers.Request) (notifiers.Answer, error) {
		return func(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
			r.Channel = d.spot(r)
			return run(ctx, r)
		}
	}
	managed := func(c notifiers.Command) notifiers.Command {
		c.Manages = true
		return c
	}
	below := func(g notifiers.Group, c notifiers.Command) notifiers.Command {
		c.Below = &g
		return c
	}
	commands := []notifiers.Command{
		typed("statements", d.statements,
			notifiers.Option{Name: "case", Max: 100, Suggest: d.suggestCases},
			notifiers.Option{Name: "by", Max: 100, Suggest: d.suggestSpeakers},
			notifiers.Option{Name: "text", Max: 100},
			notifiers.Option{Name: "since", Max: 20},
			notifiers.Option{Name: "kind", Max: 20, Choices: choices("statements", "kind", bot.QueryKinds())}),
		typed("statement", d.statement, notifiers.Option{Name: "number", Max: 20, Required: true}),
		typed("why", d.why, notifiers.Option{Name: "of", Max: 500, Required: true}),
		typed("case", d.caseOf, notifiers.Option{Name: "case", Max: 100, Suggest: d.suggestCases}),
		typed("sources", there(d.sources), notifiers.Option{Name: "show", Max: 20, Choices: choices("sources", "show", []string{"accounts", "log"})}),
		onText,
		managed(typed("correct", d.change(correcting),
			notifiers.Option{Name: "number", Max: 20, Required: true},
			notifiers.Option{Name: "speaker", Max: 100, Suggest: d.suggestSpeakers},
			notifiers.Option{Name: "note", Max: longestNote})),
		managed(typed("retract", d.change(retracting),
			notifiers.Option{Name: "number", Max: 20, Required: true},
			notifiers.Option{Name: "note", Max: longestNote, Required: true})),
		below(notify, typed("notify-role", d.role,
			notifiers.Option{Name: "state", Max: 10, Required: true, Choices: choices("notify-role", "state", []string{"on", "off"})},
			notifiers.Option{Name: "case", Max: 100, Suggest: d.suggestCases},
			notifiers.Option{Name: "speaker", Max: 100, Suggest: d.suggestSpeakers})),
		pressed("cite", d.cite),
		below(notify, typed("notify-add", d.add,
			notifiers.Option{Name: "words", Max: longestWords},
			notifiers.Option{Name: "speaker", Max: 100, Suggest: d.suggestSpeakers},
			notifiers.Option{Name: "quiet", Max: 60})),
		below(notify, typed("notify-list", d.interests)),
		below(notify, typed("notify-off", d.off)),
		pressed(notifiers.AcceptCommand, d.decide(onrecord.Accept)),
		pressed(notifiers.RejectCommand, d.decide(onrecord.Reject)),
		pressed(notifiers.DistinctCommand, d.decide(onrecord.Distinct)),
	}
	if d.Following == nil {
		return commands
	}
	return append(commands,
		managed(typed("subscribe", d.subscribe,
			notifiers.Option{Name: "case", Max: 100, Suggest: d.suggestCases},
			notifiers.Option{Name: "channel", Channel: true},
			notifiers.Option{Name: "speakers", Max: 100, Suggest: listed(func() []string { return d.names })},
			notifiers.Option{Name: "kinds", Max: 100, Suggest: listed(bot.SelectedKinds)},
			notifiers.Option{Name: "publish", Max: 3, Choices: choices("subscribe", "publish", []string{"yes", "no"})},
			notifiers.Option{Name: "ping", Role: true},
			notifiers.Option{Name: "digest", Max: 10, Choices: choices("subscribe", "digest", []string{"daily", "weekly"})})),
		managed(typed("unsubscribe", there(d.unsubscribe), notifiers.Option{Name: "what", Max: 100, SuggestIn: d.suggestSubscriptions})),
		managed(typed("mute", there(d.mute),
			notifiers.Option{Name: "for", Max: 20, Required: true, Choices: choices("mute", "for", muteFor)},
			notifiers.Option{Name: "what", Max: 100, SuggestIn: d.suggestTold})),
		below(digestGroup, managed(typed("digest-now", there(d.digestNow), notifiers.Option{Name: "what", Max: 100, SuggestIn: d.suggestTold}))),
		below(digestGroup, managed(typed("digest-at", there(d.digestAt),
			notifiers.Option{Name: "hour", Max: 5, Required: true, Suggest: suggestOf(digestHours)},
			notifiers.Option{Name: "day", Max: 10, Choices: choices("digest-at", "day", digestDays)},
			notifiers.Option{Name: "zone", Max: 60, Suggest: suggestOf(commonZones)},
			notifiers.Option{Name: "what", Max: 100, SuggestIn: d.suggestTold}))),
		managed(typed("track", d.track,
			notifiers.Option{Name: "account", Max: 300, Required: true},
			notifiers.Option{Name: "as", Max: 100, Suggest: d.suggestSpeakers},
			notifiers.Option{Name: "case", Max: 100, Suggest: d.suggestCases})),
		managed(typed("untrack", d.untrack, notifiers.Option{Name: "account", Max: 100, Required: true, Suggest: d.suggestTracked})),
	)
}

// suggestCases names cases by their titles; their ids are the values.
func (d desk) suggestCases(typed string) (list []notifiers.Choice) {
	var titles []string
	ids := map[string]string{}
	for _, c := range d.Visitor.Cases {
		if ids[c.Title] == "" {
			titles = append(titles, c.Title)
			ids[c.Title] = c.ID
		}
	}
	for _, c := range plainly(bot.Nearest(typed, titles)) {
		c.Value = ids[c.Value]
		list = append(list, c)
	}
	return list
}

func (d desk) suggestSpeakers(typed string) []notifiers.Choice {
	return plainly(bot.Nearest(typed, d.names))
}

// refusal is an answer of words alone.
func refusal(format string, args ...any) (notifiers.Answer, error) {
	return notifiers.Answer{Head: fmt.Sprintf(format, args...)}, nil
}

// keep keeps what was asked, and returns what a button holds of it.
func (d desk) keep(ctx context.Context, question any) (press string, err error) {
	text, err := json.Marshal(question)
	if err != nil {
		return "", err
	}
	name, err := d.Questions.Ask(ctx, string(text))
	return "q" + name, err
}

// kept reads what a button holds of a question, and reports whether that is still known.
func (d desk) kept(ctx context.Context, press string, question any) (known bool, err error) {
	text, err := d.Questions.Asked(ctx, strings.TrimPrefix(press, "q"))
	return err == nil && json.Unmarshal([]byte(text), question) == nil, err
}

const pageSize = 5

// statements searches the record. A button holds the name of the question and the place
// where its page begins: nothing is remembered here.
func (d desk) statements(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	var q bot.Query
	var from bot.From
	if r.Press != "" {
		name, where, _ := strings.Cut(r.Press, "/")
		known, err := d.kept(ctx, name, &q)
		if err != nil {
			return notifiers.Answer{}, err
		}
		if !known {
			return refusal("This list is too old to be turned over. Ask again with /statements.")
		}
		if from, err = parsePlace(where); err != nil {
			return refusal("This button is from another version of the program. Ask again with /statements.")
		}
	} else {
		var refused string
		if q, refused = d.query(r.Values); refused != "" {
			return refusal("%s", refused)
		}
	}
	page, err := d.Visitor.Search(ctx, q, from, pageSize)
	if err != nil {
		return notifiers.Answer{}, err
	}
	a := notifiers.Answer{Head: d.asked(q)}
	if a.Entries, err = d.list(ctx, page.Statements); err != nil {
		return a, err
	}
	if len(page.Statements) == 0 {
		a.Head += ": none found"
	}
	if !page.Reached.IsZero() {
		a.Head += fmt.Sprintf(". Looked back as far as %s so far; go on with Older", day(page.Reached))
	}
	if a.Foot, err = d.covers(ctx, q.Case); err != nil {
		return a, err
	}
	if page.Newer == (bot.From{}) && page.Older == (bot.From{}) {
		return a, nil
	}
	name, err := d.keep(ctx, q)
	if err != nil {
		return a, err
	}
	turn := func(text string, to bot.From) notifiers.Button {
		return notifiers.Button{Text: text, Command: "statements", Press: name + "/" + printPlace(to), Off: to == bot.From{}}
	}
	a.Buttons = []notifiers.Button{turn("◀ Newer", page.Newer), turn("Older ▶", page.Older)}
	return a, nil
}

// printPlace writes a place for a button: "b42" is below S-0042.
func printPlace(p bot.From) string {
	if p.Above > 0 {
		return "a" + strconv.FormatInt(p.Above, 10)
	}
	return "b" + strconv.FormatInt(p.Below, 10)
}

func parsePlace(s string) (p bot.From, err error) {
	if s == "" {
		return p, errors.New("no place")
	}
	n, err := strconv.ParseInt(s[1:], 10, 64)
	switch {
	case err != nil || n < 0:
		return p, errors.New("no place")
	case s[0] == 'a':
		p.Above = n
	case s[0] == 'b':
		p.Below = n
	default:
		return p, errors.New("no place")
	}
	return p, nil
}

// query reads what somebody typed, or says what is wrong with it and what comes nearest.
func (d desk) query(values map[string]string) (q bot.Query, refused string) {
	if name := values["case"]; name != "" {
		c, err := d.Visitor.Case(name)
		if err != nil {
			return q, unknownCase(err)
		}
		q.Case = c.ID
	}
	if name := values["by"]; name != "" {
		who, err := d.Visitor.Speaker(name)
		if unknown, ok := errors.AsType[bot.UnknownNameError](err); ok {
			return q, fmt.Sprintf("There is nobody called “%s”. Did you mean %s?", name, or(unknown.Near))
		}
		q.By = who
	}
	if since := values["since"]; since != "" {
		var understood bool
		if q.Since, understood = d.since(since); !understood {
			return q, fmt.Sprintf("“%s” is no time to begin at. Write one such as 24h, 7d or 2026-10-05.", since)
		}
	}
	q.Text = values["text"]
	if kind := values["kind"]; kind != "" {
		near := bot.Nearest(kind, bot.QueryKinds())
		if near[0] != kind {
			return q, fmt.Sprintf("“%s” is no kind of statement. There are %s.", kind, or(bot.QueryKinds()))
		}
		q.Kind = kind
	}
	return q, ""
}

// since reads a day, or a length of time until now.
func (d desk) since(typed string) (from time.Time, understood bool) {
	if t, err := time.Parse(time.DateOnly, typed); err == nil {
		return t, true
	}
	ago, err := schedule.ParseDuration(typed)
	return d.Now().Add(-ago), err == nil && ago > 0
}

func unknownCase(err error) string {
	var unknown bot.UnknownCaseError
	if !errors.As(err, &unknown) {
		return "There is no such case."
	}
	var titles []string
	for _, c := range unknown.Cases {
		titles = append(titles, c.Title)
	}
	return fmt.Sprintf("There is no case “%s”. Did you mean %s?", unknown.ID, or(titles))
}

// unknownPerson says that nobody of a case is called so, and who is nearly.
func unknownPerson(name string, c onrecord.Case) string {
	var names []string
	for _, p := range c.Everyone() {
		names = append(names, p.Name)
	}
	names = bot.Nearest(name, names)
	return fmt.Sprintf("There is nobody called “%s” in %s. Did you mean %s?", name, c.Title, or(names[:min(len(names), 3)]))
}

// or lists alternatives.
func or(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1]
	}
	return strings.Join(list, "")
}

// asked repeats a question in words.
func (d desk) asked(q bot.Query) string {
	words := []string{"Statements"}
	switch q.Kind {
	case "new":
		words[0] = "New statements"
	case "adds":
		words[0] = "Statements that add to earlier ones"
	case "changed":
		words[0] = "Statements that change earlier ones"
	case "repeats":
		words[0] = "Statements that repeat earlier ones"
	case "edited":
		words[0] = "Statements that their authors edited since"
	case "deleted":
		words[0] = "Statements that their authors deleted since"
	case "gone":
		words[0] = "Statements that are gone from their places"
	}
	if q.By != "" {
		words = append(words, "by "+q.By)
	}
	if c, err := d.Visitor.Case(q.Case); err == nil {
		words = append(words, "on "+c.Title)
	}
	if q.Text != "" {
		words = append(words, "with “"+q.Text+"”")
	}
	if !q.Since.IsZero() {
		words = append(words, "since "+day(q.Since))
	}
	return strings.Join(words, " ") + ", newest first"
}

// list shows statements in short.
func (d desk) list(ctx context.Context, notices []onrecord.StatementNotice) (entries []notifiers.Entry, err error) {
	for _, n := range notices {
		e, err := d.short(ctx, n)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// short is a statement in a list, with what became of it since.
func (d desk) short(ctx context.Context, n onrecord.StatementNotice) (notifiers.Entry, error) {
	s := n.Statement
	fates, err := d.became(ctx, n)
	if err != nil {
		return notifiers.Entry{}, err
	}
	e := notifiers.Entry{Title: s.Number() + card.Sep + s.Speaker, URL: s.First().URL, Quote: s.Words()}
	if s.First().Dated {
		e.At = s.First().Created
	}
	c, err := card.Of(s, n.Case)
	if err != nil { // it cannot be quoted as it should be: its words are left out
		e.Quote = ""
		return e, nil //nolint:nilerr // what else is known of it is shown
	}
	if c.Withdrawn {
		e.Title += card.Sep + card.Withdrawn
	}
	for _, fact := range append(append(corrected(c), fates...), c.Relation, also(s)) {
		if fact != "" {
			e.Facts = append(e.Facts, fact)
		}
	}
	return e, nil
}

// became says what became of a statement since it was told: all of it, the oldest first.
func (d desk) became(ctx context.Context, n onrecord.StatementNotice) (facts []string, err error) {
	list, err := d.Visitor.Record.Fates(ctx, n.Statement)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		shown, err := card.FateOf(onrecord.FateNotice{Statement: n.Statement, Case: n.Case, Fate: f})
		if err != nil {
			return nil, err
		}
		fact := shown.Sentence(f, moment)
		if shown.Which != "" {
			fact = shown.Which + ": " + fact
		}
		facts = append(facts, fact)
	}
	return facts, nil
}

// corrected says what persons changed of a statement.
func corrected(c card.Card) (facts []string) {
	for _, one := range c.Corrections {
		facts = append(facts, one.Label()+" "+one.Words(card.Plain, card.Plain))
	}
	return facts
}

func also(s onrecord.Statement) string {
	switch n := len(s.Mirrors); n {
	case 0:
		return ""
	default:
		return fmt.Sprintf("said in %d places", n+1)
	}
}

// statement shows one. What a person has not decided about yet is shown where it is
// decided, and nowhere else.
func (d desk) statement(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	n, refused, err := d.find(ctx, r, r.Values["number"])
	if err != nil || refused != "" {
		return notifiers.Answer{Head: refused}, err
	}
	c, err := card.Of(n.Statement, n.Case)
	if err != nil {
		return notifiers.Answer{}, err
	}
	e := notifiers.Entry{Title: c.Byline, URL: c.URL, Quote: n.Statement.Words()}
	if c.Dated {
		e.At = c.Posted
	}
	fates, err := d.became(ctx, n)
	if err != nil {
		return notifiers.Answer{}, err
	}
	e.Facts = slices.DeleteFunc(append(append(corrected(c), fates...),
		"Case: "+c.Case, labelled(card.NotSure, c.Unsure), c.Relation, labelled(card.InShort, c.InShort), also(n.Statement),
		"First seen "+moment(c.Seen), "sha256 of the text: "+c.SHA256,
	), func(s string) bool { return s == "" })
	return notifiers.Answer{
		Head: c.Headline(card.Plain, card.Plain), Entries: []notifiers.Entry{e}, Foot: c.Footing(),
		Buttons: []notifiers.Button{{Text: "Why is it here?", Command: "why", Press: n.Statement.Number()}, {Text: "Cite", Command: "cite", Press: n.Statement.Number()}},
	}, nil
}

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + ": " + text
}

// find returns the statement that somebody named, or says why it is not shown.
func (d desk) find(ctx context.Context, r notifiers.Request, typed string) (n onrecord.StatementNotice, refused string, err error) {
	number, known := onrecord.ParseStatementNumber(strings.TrimSpace(typed))
	if !known { // people leave the letter out
		number, known = onrecord.ParseStatementNumber("S-" + strings.TrimSpace(typed))
	}
	if !known {
		return n, fmt.Sprintf("“%s” is no statement's number; they look like S-0042. /statements finds it by its words.", typed), nil
	}
	s, decisions, err := d.Visitor.Record.Statement(ctx, number)
	switch {
	case errors.Is(err, bot.ErrNoStatement):
		return n, fmt.Sprintf("There is no statement %s. /statements lists those there are.", onrecord.StatementNumber(number)), nil
	case err != nil:
		return n, "", err
	case len(s.Parts) == 0:
		return n, fmt.Sprintf("%s is damaged and cannot be shown. Whoever runs onrecord finds it with `onrecord outbox`.", onrecord.StatementNumber(number)), nil
	case s.Lane != onrecord.Record && !d.reviews(r, s.Case):
		for _, e := range decisions {
			if e.Moderation.Accepts() && e.Statement > 0 && e.Statement != number {
				return n, fmt.Sprintf("%s was put on the record as %s.", s.Number(), onrecord.StatementNumber(e.Statement)), nil
			}
		}
		return n, fmt.Sprintf("%s is not on the record: it waits for a person, or one decided against it. It is shown in the review channel.", s.Number()), nil
	}
	for _, c := range d.Visitor.Cases {
		if c.ID == s.Case {
			n.Case = c
		}
	}
	n.Statement = s
	return n, "", nil
}

// spot is the channel that a command is about: a forum is told of what its posts show.
func (d desk) spot(r notifiers.Request) string {
	told := func(address string) bool {
		return slices.ContainsFunc(d.Channels(), func(c bot.Channel) bool { return c.Address == address })
	}
	if r.Parent != "" && !told(r.Channel) && told(r.Parent) {
		return r.Parent
	}
	return r.Channel
}

// at reports whether a command was called in a channel, or in a thread of it.
func at(c bot.Channel, r notifiers.Request) bool {
	return c.Address == r.Channel || r.Parent != "" && c.Address == r.Parent
}

// reviews reports whether borderline statements of a case are decided about where a
// command was called.
func (d desk) reviews(r notifiers.Request, caseID string) bool {
	return slices.ContainsFunc(d.Channels(), func(c bot.Channel) bool {
		return c.Lane == onrecord.ForReview && at(c, r) && slices.Contains(c.Cases, caseID)
	})
}

// why explains decisions.
func (d desk) why(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	typed := strings.TrimSpace(r.Values["of"])
	if r.Press != "" {
		typed = r.Press
	}
	what, known := bot.ParseReference(typed)
	if !known {
		return refusal("“%s” is no statement's number and no address. Write S-0042, or paste the address of the post.", typed)
	}
	a := notifiers.Answer{Head: "Why " + typed + " was judged as it was"}
	if what.Statement > 0 {
		n, refused, err := d.find(ctx, r, typed)
		if err != nil || refused != "" {
			return notifiers.Answer{Head: refused}, err
		}
		a.Head = fmt.Sprintf("Why %s by %s is on the record", n.Statement.Number(), n.Statement.Speaker)
	}
	list, err := d.Visitor.Explain(ctx, what)
	if errors.Is(err, bot.ErrUnjudged) {
		return refusal("No post at that address was judged. Those from before an account was watched never are, and only tracked accounts are read: /sources lists them.")
	}
	if err != nil {
		return a, err
	}
	for _, e := range list {
		if e.Lane == onrecord.ForReview && !d.reviews(r, e.Decision.Case) {
			a.Entries = append(a.Entries, notifiers.Entry{Title: d.title(e.Decision.Case), Facts: []string{"A person has to decide about it, or decided against it; the review channel shows it."}})
			continue
		}
		a.Entries = append(a.Entries, d.explained(e))
	}
	if what.Statement > 0 {
		near, err := d.Visitor.Neighbours(ctx, what.Statement)
		if err != nil {
			return a, err
		}
		for _, s := range near {
			a.Entries = append(a.Entries, notifiers.Entry{Title: "Most like it, said before: " + s.Number(), At: s.First().Created, URL: s.First().URL, Quote: s.Words()})
		}
	}
	return a, nil
}

func (d desk) title(caseID string) string {
	if c, err := d.Visitor.Case(caseID); err == nil {
		return c.Title
	}
	return caseID
}

var verdicts = map[onrecord.Label]string{onrecord.Accept: "a statement on the case", onrecord.Review: "not sure: for a person", onrecord.Reject: "no statement on the case"}

// explained is a decision with its reasons, strongest first.
func (d desk) explained(x bot.Explanation) notifiers.Entry {
	e := notifiers.Entry{Title: d.title(x.Decision.Case) + ": " + verdicts[x.Decision.Label], At: x.Post.Created, URL: x.Post.URL}
	if x.Statement > 0 {
		e.Facts = append(e.Facts, onrecord.StatementNumber(x.Statement)+func() string {
			if x.Why != "" {
				return ", " + x.Why
			}
			return ""
		}())
	}
	if x.Moderation != "" {
		e.Facts = append(e.Facts, fmt.Sprintf("%s by %s on %s", settled[x.Moderation], x.ModeratedBy, moment(x.ModeratedAt)))
	}
	reasons := slices.Clone(x.Decision.Reasons)
	slices.SortStableFunc(reasons, func(a, b onrecord.Reason) int {
		switch { // those of no weight say something else: what a model thinks, for example
		case a.Weight*a.Weight > b.Weight*b.Weight:
			return -1
		case a.Weight*a.Weight < b.Weight*b.Weight:
			return 1
		}
		return 0
	})
	for i, reason := range reasons {
		if i == mostReasons {
			e.Facts = append(e.Facts, fmt.Sprintf("and %d more; `onrecord explain` lists them all", len(reasons)-i))
			break
		}
		fact := fmt.Sprintf("%+.2f  %s", reason.Weight, reason.Name)
		if reason.Text != "" {
			fact += ": " + reason.Text
		}
		if reason.Where != "" {
			fact += " (" + reason.Where + ")"
		}
		e.Facts = append(e.Facts, fact)
	}
	e.Facts = append(e.Facts, fmt.Sprintf("%+.2f in all, by rules %s", x.Decision.Score, x.Decision.Ruleset))
	return e
}

const mostReasons = 12

var settled = map[onrecord.Label]string{onrecord.Accept: "Accepted", onrecord.Distinct: "Accepted as not the same", onrecord.Reject: "Rejected"}

// caseOf tells of a case.
func (d desk) caseOf(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	name := r.Values["case"]
	if name == "" && len(d.Visitor.Cases) == 1 {
		name = d.Visitor.Cases[0].ID
	}
	if name == "" {
		a := notifiers.Answer{Head: fmt.Sprintf("There are %d cases. Name one: /case", len(d.Visitor.Cases))}
		for _, c := range d.Visitor.Cases {
			a.Entries = append(a.Entries, notifiers.Entry{Title: c.Title, Facts: []string{c.Court}})
		}
		return a, nil
	}
	c, err := d.Visitor.Case(name)
	if err != nil {
		return refusal("%s", unknownCase(err))
	}
	report, err := d.Visitor.ReportCase(ctx, c, 3)
	if err != nil {
		return notifiers.Answer{}, err
	}
	a := notifiers.Answer{Head: c.Title}
	about := notifiers.Entry{Title: "The case", URL: c.URL}
	about.Facts = slices.DeleteFunc([]string{labelled("Court", c.Court), labelled("Docket", strings.Join(c.Docket, ", ")), labelled("Judge", c.Judge)}, func(s string) bool { return s == "" })
	if !c.Filed.IsZero() {
		about.Facts = append(about.Facts, "Filed "+day(c.Filed))
	}
	for _, p := range c.Everyone() {
		fact := p.Name
		if p.Role != "" {
			fact += ", " + p.Role
		}
		if n := report.Statements[p.Name]; n > 0 {
			fact += ": " + card.Plural(n, "statement")
		}
		about.Facts = append(about.Facts, fact)
	}
	a.Entries = append(a.Entries, about)
	latest, err := d.list(ctx, report.Latest)
	if err != nil {
		return a, err
	}
	a.Entries = append(a.Entries, latest...)
	a.Foot, err = d.covers(ctx, c.ID)
	return a, err
}

// overview looks at everything, but not again and again.
func (d desk) overview(ctx context.Context) (bot.Overview, error) {
	d.seen.mu.Lock()
	defer d.seen.mu.Unlock()
	if age := d.Now().Sub(d.seen.at); d.seen.at.IsZero() || age < 0 || age >= lookEvery {
		v, err := d.Operator.Overview(ctx)
		if err != nil {
			return v, err
		}
		d.seen.v, d.seen.at = v, d.Now()
	}
	return d.seen.v, nil
}

// covers says in a line what a list of statements covers.
func (d desk) covers(ctx context.Context, caseID string) (string, error) {
	v, err := d.overview(ctx)
	if err != nil {
		return "", err
	}
	c := d.Operator.CoverageIn(v, caseID)
	text := "Covers " + card.Plural(len(c.Accounts), "account")
	if !c.Since.IsZero() {
		text += " since " + day(c.Since)
	}
	if !c.Last.IsZero() {
		text += card.Sep + "last statement " + day(c.Last)
	}
	if n := len(c.Unread()); n > 0 {
		text += fmt.Sprintf(card.Sep+"%d not read just now: /sources", n)
	}
	if len(c.Gaps) > 0 {
		text += card.Sep + "last gap " + span(c.Gaps[0])
	}
	if c.Waiting > 0 {
		text += fmt.Sprintf(card.Sep+"%s for a person", waits(c.Waiting))
	}
	return text, nil
}

func waits(n int64) string {
	if n == 1 {
		return "1 waits"
	}
	return fmt.Sprintf("%d wait", n)
}

func span(g bot.OverviewGap) string { return moment(g.From) + " – " + moment(g.Until) }

// sources tells what is read, and how well. What an error says stays with the operator.
func (d desk) sources(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	v, err := d.overview(ctx)
	if err != nil {
		return notifiers.Answer{}, err
	}
	if r.Values["show"] == "log" {
		return d.log(ctx, v, r.Channel)
	}
	c := d.Operator.CoverageIn(v, "")
	a := notifiers.Answer{Head: fmt.Sprintf("%s tracked, %d not read as they should be", card.Plural(len(c.Accounts), "account"), len(c.Unread()))}
	if len(c.Unread()) == 0 {
		a.Head = card.Plural(len(c.Accounts), "account") + " tracked, and all of them are read"
	}
	bad := map[string]bool{}
	list := c.Unread()
	for _, u := range list {
		bad[u.ID] = true
	}
	for _, t := range c.Accounts {
		if !bad[t.ID] {
			list = append(list, t)
		}
	}
	for _, t := range list {
		e := notifiers.Entry{Title: t.ID}
		who := t.Speaker
		if who == "" {
			who = "an outlet, for whom it quotes"
		}
		state := "last good read " + moment(t.LastOK)
		switch {
		case !t.Watched:
			state = "not watched: its place needs credentials, or nobody runs it"
		case t.LastOK.IsZero():
			state = "not read yet"
		case t.Stale:
			state = "stale, " + state
		}
		if t.Watched && t.Trouble+t.Doubt != "" {
			state += " (" + cmp.Or(t.Trouble, t.Doubt) + ")"
		}
		e.Facts = []string{who + card.Sep + card.Plural(int(t.Statements), "statement") + card.Sep + state}
		a.Entries = append(a.Entries, e)
	}
	for _, g := range c.Gaps {
		where := "the program was away"
		if g.Place != "" {
			where = g.Place + " could not be read"
		}
		a.Entries = append(a.Entries, notifiers.Entry{Title: g.Number, Facts: []string{where + ", " + span(g) + "; " + card.Plural(g.Posts, "post") + " recovered"}})
	}
	told, err := d.toldOf(ctx, v, r.Channel)
	if err != nil {
		return a, err
	}
	a.Entries = append(told, a.Entries...)
	a.Foot = "Only these are read, and only since they are tracked."
	if c.Waiting > 0 {
		a.Foot += " " + waits(c.Waiting) + " for a person."
	}
	if !c.First.IsZero() {
		a.Foot += " Statements from " + day(c.First) + " to " + day(c.Last) + "."
	}
	a.Foot += " " + strings.Join(c.Limits(), ". ") + "."
	return a, nil
}

// onRecord says whether what a message quotes or links to is on the record.
func (d desk) onRecord(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	if strings.TrimSpace(r.Text) == "" {
		return refusal("There are no words in that message.")
	}
	o, err := d.Visitor.FindText(ctx, r.Text)
	if err != nil {
		return notifiers.Answer{}, err
	}
	a := notifiers.Answer{Head: "Yes, it is on the record"}
	list := o.Found
	switch {
	case len(o.Found) > 0:
	case len(o.Near) > 0:
		a.Head, list = "Not found on the record. Nearest, and not the same:", o.Near
	default:
		a.Head = "Not found on the record, and nothing that comes near. Only tracked accounts are read: /sources"
	}
	if a.Entries, err = d.list(ctx, list); err != nil {
		return a, err
	}
	a.Foot, err = d.covers(ctx, "")
	return a, err
}

// What those are told who may not, and those who ask in the wrong channel. A bot can be
// in servers of anybody: only in a channel that the operator named are its members asked.
const (
	onlyManagers = "Only those with Manage Server or Manage Channels here can %s. Ask one of them."
	elsewhere    = "%s is %s in the review channel of its case, and this is none. Whoever runs onrecord can make it one: channels, review."
)

// moderator is who called a command, under a name that nobody else can have.
func (d desk) moderator(r notifiers.Request) bot.Moderator {
	return bot.Moderator{Queue: d.Queue, Name: fmt.Sprintf("%s (%s %s)", r.By.Name, d.Place, r.By.ID), Cases: d.Visitor.Cases}
}

// decide settles a borderline statement, where it is shown for that, by somebody who may.
func (d desk) decide(verdict onrecord.Label) func(context.Context, notifiers.Request) (notifiers.Answer, error) {
	return func(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
		number, err := bot.ParseStatement(r.Press)
		if err != nil {
			return refusal("This button names no statement. It is from another version of the program.")
		}
		if !r.Manages {
			return refusal(onlyManagers, "decide about "+onrecord.StatementNumber(number))
		}
		s, decisions, err := d.Visitor.Record.Statement(ctx, number)
		if errors.Is(err, bot.ErrNoStatement) {
			return refusal("There is no statement %s any more.", onrecord.StatementNumber(number))
		}
		if err != nil {
			return notifiers.Answer{}, err
		}
		if !d.reviews(r, s.Case) {
			return refusal(elsewhere, s.Number(), "decided about")
		}
		err = d.moderator(r).Moderate(ctx, number, verdict)
		switch {
		case errors.Is(err, bot.ErrNobodyNamed):
			return refusal("%s cannot be accepted: the article names nobody of the case as the speaker. Reject settles it; if you know who speaks, the operator can add the name to the case.", s.Number())
		case errors.Is(err, bot.ErrNotWaiting):
			return decidedBefore(s, decisions), nil
		case errors.Is(err, bot.ErrUnmarked):
			return refusal("%s is marked to repeat no other statement. Accept and Reject settle it.", s.Number())
		case err != nil:
			return notifiers.Answer{}, err
		}
		a := notifiers.Answer{Settled: settled[verdict] + " by " + r.By.Name}
		switch verdict {
		case onrecord.Reject:
			a.Head = s.Number() + " is rejected. It stays off the record, and the program learns from it."
		case onrecord.Distinct:
			a.Head = fmt.Sprintf("%s is accepted, and does not repeat %s. It goes on the record as new within half a minute, under the next number.", s.Number(), onrecord.StatementNumber(s.Prior))
		default:
			a.Head = s.Number() + " is accepted. It goes on the record within half a minute, under the next number."
		}
		return a, nil
	}
}

// decidedBefore says who was first.
func decidedBefore(s onrecord.Statement, decisions []bot.StoredDecision) notifiers.Answer {
	for _, e := range decisions {
		if e.Moderation != "" {
			who, _, _ := strings.Cut(e.ModeratedBy, " (")
			what := settled[e.Moderation] + " by " + who
			return notifiers.Answer{Head: fmt.Sprintf("%s was decided about before: %s on %s.", s.Number(), strings.ToLower(what[:1])+what[1:], moment(e.ModeratedAt)), Settled: what}
		}
	}
	return notifiers.Answer{Head: s.Number() + " needs no decision any more: the rest of its thread has put it on the record.", Settled: "Settled by its thread"}
}

func day(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

// moment is a time, for people; "never" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2 Jan 2006, 15:04 UTC")
}
