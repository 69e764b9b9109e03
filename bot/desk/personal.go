package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/statements/card"
)

const (
	longestWords   = 200
	mostInterests  = 20
	statementsPage = 200
)

// asked is what somebody wants to be told of. The button that saves it holds its name.
type asked struct {
	Interest string `json:"interest"` // address of the channel
	Reader   string `json:"reader"`
	Words    string `json:"words,omitempty"`
	Speaker  string `json:"speaker,omitempty"`
	Quiet    string `json:"quiet,omitempty"`
}

// add keeps what somebody wants to be told of, in two steps: how often that would have called
// them is shown first.
func (d desk) add(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	here, refused := d.follows(r)
	if refused != "" {
		return refusal("%s", refused)
	}
	where := here[0].Address
	var a asked
	if r.Press != "" {
		known, err := d.kept(ctx, r.Press, &a)
		if err != nil {
			return notifiers.Answer{}, err
		}
		if !known || a.Interest != where || a.Reader != r.By.ID {
			return refusal("That is too old to be saved. Call /notify add again.")
		}
	} else {
		q, refused := d.query(map[string]string{"by": r.Values["speaker"]})
		if refused != "" {
			return refusal("%s", refused)
		}
		a = asked{where, r.By.ID, r.Values["words"], q.By, r.Values["quiet"]}
	}
	i := bot.Interest{Reader: r.By, Words: a.Words, Speaker: a.Speaker, Quiet: a.Quiet}
	if why := meaningless(i); why != "" {
		return refusal("%s", why)
	}
	list, err := d.interested(ctx, here, r.By)
	if err != nil {
		return notifiers.Answer{}, err
	}
	if len(list) >= mostInterests {
		return refusal("You asked for %d things here already. /notify off ends all of them.", len(list))
	}
	if refused := d.private(ctx, here[0], r.By); refused.Head != "" {
		return refused, nil
	}
	if r.Press != "" {
		for _, ch := range here {
			i.Channel = ch.ID
			if err := d.Interests.KeepInterest(ctx, i); err != nil {
				return notifiers.Answer{}, err
			}
		}
		return refusal("Saved: %s. You are called in a private thread of this channel, which comes with the first of them. /notify list shows what you asked for, /notify off ends it.", d.wanted(i))
	}
	return d.preview(ctx, here, i, a)
}

// preview says how often an interest would have called its reader.
func (d desk) preview(ctx context.Context, here []bot.Channel, i bot.Interest, a asked) (notifiers.Answer, error) {
	said, err := d.saidSince(ctx, here, d.Now().AddDate(0, 0, -bot.OutlookDays))
	if err != nil {
		return notifiers.Answer{}, err
	}
	called, silent := i.Calls(said)
	press, err := d.keep(ctx, a)
	if err != nil {
		return notifiers.Answer{}, err
	}
	head := fmt.Sprintf("This would have called you %s in the last %d days: %s.", times(called), bot.OutlookDays, d.wanted(i))
	if silent > 0 {
		head += fmt.Sprintf(" %d more would have come without a call.", silent)
	}
	answer := notifiers.Answer{Head: head + " Nothing is saved yet.", Buttons: []notifiers.Button{{Text: "Save", Command: "notify-add", Press: press}}}
	var newest []onrecord.Statement
	for _, s := range slices.Backward(said) {
		if len(newest) < bot.LatestShown && i.Wants(s) {
			newest = append(newest, s)
		}
	}
	answer.Entries, err = d.list(ctx, d.Visitor.Notices(newest))
	return answer, err
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return card.Plural(n, "time")
}

// saidSince are the statements that channels are told, from a time on, the oldest first.
func (d desk) saidSince(ctx context.Context, here []bot.Channel, from time.Time) (said []onrecord.Statement, err error) {
	above := int64(0)
	for {
		page, err := d.Visitor.Record.Stretch(ctx, bot.Stretch{Since: from, Above: above, Upwards: true, Limit: statementsPage})
		if err != nil || len(page) == 0 {
			return said, err
		}
		for _, s := range page {
			above = max(above, s.No)
			if slices.ContainsFunc(here, func(c bot.Channel) bool { return slices.Contains(c.Cases, s.Case) && c.Only.Has(s) }) {
				said = append(said, s)
			}
		}
		if len(page) < statementsPage {
			return said, nil
		}
	}
}

// meaningless says what is wrong with an interest.
func meaningless(i bot.Interest) string {
	with, without := i.Passages()
	if i.Words == "" && i.Speaker == "" {
		return "Say what you want to be told of: words such as +appeal -hiring, a speaker, or both."
	}
	if i.Words != "" && len(with)+len(without) == 0 {
		return fmt.Sprintf("There are no words in “%s”. Write some such as +appeal \"trade secrets\" -hiring.", i.Words)
	}
	if len(with) == 0 && i.Speaker == "" {
		return "Those are only words to leave out. Add one to look for, or a speaker."
	}
	if i.Quiet != "" {
		if _, err := schedule.ParseHours(i.Quiet); err != nil {
			return fmt.Sprintf("“%s” is no time of quiet: it %v.", i.Quiet, err)
		}
	}
	return ""
}

// follows is what the channel is told whose statements somebody asks about, which is where
// they ask.
func (d desk) follows(r notifiers.Request) (here []bot.Channel, refused string) {
	for _, c := range d.Channels() {
		if c.Lane == onrecord.Record && at(c, r) && (len(here) == 0 || c.Address == here[0].Address) {
			here = append(here, c)
		}
	}
	if len(here) == 0 {
		return nil, "Ask in a channel that shows statements: you are called in a private thread of it."
	}
	return here, ""
}

// interested is what a reader asked for, each wish once.
func (d desk) interested(ctx context.Context, here []bot.Channel, who notifiers.Reader) (all []bot.Interest, err error) {
	for _, ch := range here {
		list, err := d.Interests.Interests(ctx, ch.ID, who.ID)
		if err != nil {
			return nil, err
		}
		for _, i := range list {
			if !slices.ContainsFunc(all, func(o bot.Interest) bool { return o.Words == i.Words && o.Speaker == i.Speaker }) {
				all = append(all, i)
			}
		}
	}
	return all, nil
}

// private says what keeps a reader from having a private thread, and offers what mends it.
func (d desk) private(ctx context.Context, ch bot.Channel, who notifiers.Reader) (refused notifiers.Answer) {
	prober, ok := ch.Notifier.(notifiers.Prober)
	if !ok {
		refused.Head = "Nobody can be told in person here."
		return refused
	}
	to := ch.Target
	to.Reader = who.ID
	err := prober.Probe(ctx, to)
	if err == nil {
		return refused
	}
	if refused, err = unusable(err); err != nil {
		refused.Head = "The channel could not be asked just now; nothing was saved. Try again in a minute."
	}
	return refused
}

// wanted says an interest in words.
func (d desk) wanted(i bot.Interest) string {
	var parts []string
	if i.Speaker != "" {
		parts = append(parts, "what "+i.Speaker+" says")
	}
	if i.Words != "" {
		parts = append(parts, "“"+i.Words+"”")
	}
	text := strings.Join(parts, " with ")
	if i.Quiet != "" {
		text += ", without a call between " + i.Quiet
	}
	return text
}

// interests lists what somebody asked for.
func (d desk) interests(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	a := notifiers.Answer{Head: "What you asked to be told of here"}
	here, refused := d.follows(r)
	if refused != "" {
		return refusal("%s", refused)
	}
	list, err := d.interested(ctx, here, r.By)
	if err != nil {
		return a, err
	}
	if len(list) == 0 {
		return refusal("You asked for nothing here. /notify add words: +appeal -hiring does.")
	}
	for _, i := range list {
		e := notifiers.Entry{Title: d.wanted(i)}
		if i.Off != "" {
			e.Facts = []string{"Switched off: " + i.Off}
		}
		a.Entries = append(a.Entries, e)
	}
	return a, nil
}

// off forgets what somebody asked for.
func (d desk) off(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	here, refused := d.follows(r)
	if refused != "" {
		return refusal("%s", refused)
	}
	list, err := d.interested(ctx, here, r.By)
	if err != nil {
		return notifiers.Answer{}, err
	}
	for _, ch := range here {
		if err := d.Interests.DropInterests(ctx, ch.ID, r.By.ID); err != nil {
			return notifiers.Answer{}, err
		}
	}
	return refusal("You are not told in person any more; %s forgotten.", map[bool]string{true: "one wish is", false: fmt.Sprintf("%d wishes are", len(list))}[len(list) == 1])
}
