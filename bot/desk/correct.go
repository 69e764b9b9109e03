package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// longestNote is as much as readers are shown.
const longestNote = 300

// change is what somebody wants to correct. The button that confirms it holds its name.
type change struct {
	Number  int64  `json:"change"`
	Speaker string `json:"speaker,omitempty"`
	Note    string `json:"note,omitempty"`
}

// kind is a way to change what stands on the record.
type kind struct {
	command string
	doing   string // "correct": what somebody may not, or does
	done    string // "corrected"
	confirm string // on the button
	run     func(ctx context.Context, m bot.Moderator, c change) (channels []string, err error)
}

var (
	correcting = kind{"correct", "correct a statement", "corrected", "Correct it, and tell its readers", func(ctx context.Context, m bot.Moderator, c change) ([]string, error) {
		return m.Correct(ctx, c.Number, c.Speaker, c.Note)
	}}
	retracting = kind{"retract", "withdraw a statement", "withdrawn", "Withdraw it for good, and tell its readers", func(ctx context.Context, m bot.Moderator, c change) ([]string, error) {
		return m.Retract(ctx, c.Number, c.Note)
	}}
)

// change changes what stands on the record in two steps: what would be changed is shown
// first, and done when that is confirmed. Both ask anew who may, and where.
func (d desk) change(k kind) func(context.Context, notifiers.Request) (notifiers.Answer, error) {
	return func(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
		if !r.Manages {
			return refusal(onlyManagers, k.doing)
		}
		c := change{Speaker: r.Values["speaker"], Note: r.Values["note"]}
		typed := r.Values["number"]
		if r.Press != "" {
			known, err := d.kept(ctx, r.Press, &c)
			if err != nil {
				return notifiers.Answer{}, err
			}
			if !known || c.Number == 0 {
				return refusal("That is too old to be confirmed. Call /%s again.", k.command)
			}
			typed = onrecord.StatementNumber(c.Number)
		}
		n, refused, err := d.find(ctx, r, typed)
		if err != nil || refused != "" {
			return notifiers.Answer{Head: refused}, err
		}
		s := n.Statement
		if !d.reviews(r, s.Case) {
			return refusal(elsewhere, s.Number(), k.done)
		}
		if r.Press == "" {
			c.Number = s.No
			return d.confirmed(ctx, k, n, c)
		}
		channels, err := k.run(ctx, d.moderator(r), c)
		if why := unchanged(err); why != "" {
			return refusal("%s is not %s: %s.", s.Number(), k.done, why)
		}
		if err != nil {
			return notifiers.Answer{}, err
		}
		if len(channels) == 0 {
			return refusal("%s is %s. No channel was shown it yet.", s.Number(), k.done)
		}
		return refusal("%s is %s. Within half a minute its message is changed, and answered, in: %s.", s.Number(), k.done, strings.Join(channels, ", "))
	}
}

// confirmed shows what would be changed, with the button that does it.
func (d desk) confirmed(ctx context.Context, k kind, n onrecord.StatementNotice, c change) (notifiers.Answer, error) {
	s := n.Statement
	if c.Speaker != "" {
		who, known := n.Case.Find(c.Speaker)
		if !known {
			return notifiers.Answer{Head: unknownPerson(c.Speaker, n.Case)}, nil
		}
		c.Speaker = who.Name
	}
	why := ""
	switch {
	case s.Lane != onrecord.Record:
		why = "it is not on the record; Accept and Reject stand on its card"
	case s.Withdrawn():
		why = "it is withdrawn, and is not changed any more"
	case k.command == correcting.command && c.Speaker == "" && c.Note == "":
		why = "say whose it is, or give a note"
	case c.Speaker != "" && c.Speaker == s.Speaker:
		why = "the speaker is " + s.Speaker + " already"
	}
	if why != "" {
		return refusal("%s is not %s: %s.", s.Number(), k.done, why)
	}
	press, err := d.keep(ctx, c)
	if err != nil {
		return notifiers.Answer{}, err
	}
	shown, err := d.short(ctx, n)
	if err != nil {
		return notifiers.Answer{}, err
	}
	if c.Speaker != "" {
		shown.Facts = append(shown.Facts, fmt.Sprintf("The speaker will be %s, not %s", c.Speaker, s.Speaker))
	}
	if c.Note != "" {
		shown.Facts = append(shown.Facts, "Readers will be told: "+c.Note)
	}
	return notifiers.Answer{
		Head: fmt.Sprintf("%s will be %s in every channel that showed it: its message is changed, and answered. It is not done yet.", s.Number(), k.done), Entries: []notifiers.Entry{shown},
		Foot: "It stays on the record that this was done, by whom and why.", Buttons: []notifiers.Button{{Text: k.confirm, Command: k.command, Press: press}},
	}, nil
}

// unchanged says why nothing was changed, when that is no fault.
func unchanged(err error) string {
	for _, known := range []error{bot.ErrNotOnRecord, bot.ErrWithdrawn, bot.ErrNoReason, bot.ErrSaidAlready} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if unknown, ok := errors.AsType[bot.UnknownSpeakerError](err); ok {
		return unknown.Error()
	}
	return ""
}
