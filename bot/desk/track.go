package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/statements/card"
)

// Tracking is what a desk needs for people to have accounts tracked.
type Tracking interface {
	bot.Tracking
	// Prospect reads what is at an address, once. The error may be a [notifiers.RefusedError].
	Prospect(ctx context.Context, address, speaker, caseID string) (bot.Prospect, error)
}

// What those are told who may not have accounts tracked. Reading one can cost whoever runs
// the program money, and all readers see what it brings: so it is asked for in their own
// channels alone.
const (
	onlyServers = "Only those with Manage Server can %s. Ask one of them."
	onlyOwn     = "Accounts are tracked from a channel that the configuration of whoever runs onrecord names, and this is none. Ask there, or ask them to run `onrecord add`."
)

func (d desk) mayTrack(r notifiers.Request, doing string) (refused string) {
	switch {
	case !r.ManagesServer:
		return fmt.Sprintf(onlyServers, doing)
	case !slices.ContainsFunc(d.Channels(), func(c bot.Channel) bool { return c.Made == 0 && c.Address == r.Channel }):
		return onlyOwn
	}
	return ""
}

// track has an account tracked: it is read first, and what would become of it is shown.
func (d desk) track(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	if refused := d.mayTrack(r, "have an account tracked"); refused != "" {
		return notifiers.Answer{Head: refused}, nil
	}
	w := wish{Do: "track", Account: r.Values["account"]}
	if r.Press != "" {
		var refused string
		var err error
		if w, refused, err = d.wished(ctx, r, w.Do); err != nil || refused != "" {
			return notifiers.Answer{Head: refused}, err
		}
		return d.tracked(ctx, r, w)
	}
	if name := r.Values["case"]; name != "" {
		c, err := d.Visitor.Case(name)
		if err != nil {
			return refusal("%s", unknownCase(err))
		}
		w.Case = c.ID
	}
	if name := r.Values["as"]; name != "" && name != "*" {
		who, err := d.Visitor.Speaker(name)
		if unknown, ok := errors.AsType[bot.UnknownNameError](err); ok {
			return refusal("There is nobody called “%s”. Did you mean %s?", name, or(unknown.Near))
		}
		w.Speakers = []string{who}
	} else if name == "*" {
		w.Speakers = []string{name}
	}
	p, why, err := d.prospect(ctx, w)
	if err != nil || why != "" {
		return notifiers.Answer{Head: why}, err
	}
	save, err := d.asks(ctx, r, w, "Save")
	if err != nil {
		return notifiers.Answer{}, err
	}
	who := p.Account.Speaker
	switch who {
	case "*":
		who = "nobody: whom it quotes counts"
	case "":
		who = "nobody: it is a docket"
	}
	a := notifiers.Answer{
		Head:    fmt.Sprintf("%s can be tracked. It speaks for %s. Of its last %s, %d would have been posted and %d would wait for a person. Nothing is saved yet.", p.Account.ID, who, card.Plural(p.Looked, "post"), p.Posted, p.Waiting),
		Foot:    "Posts from before it is tracked are not reported. /untrack ends it.",
		Buttons: []notifiers.Button{save},
	}
	if p.Newest != nil {
		a.Entries = []notifiers.Entry{{Title: "Its last post", At: p.Newest.Created, URL: p.Newest.URL, Quote: p.Newest.Text}}
	}
	return a, nil
}

func (d desk) prospect(ctx context.Context, w wish) (p bot.Prospect, refused string, err error) {
	speaker := ""
	if len(w.Speakers) > 0 {
		speaker = w.Speakers[0]
	}
	p, err = d.Tracking.Prospect(ctx, w.Account, speaker, w.Case)
	if why, ok := errors.AsType[notifiers.RefusedError](err); ok {
		return p, why.Why, nil
	}
	return p, "", err
}

// tracked saves it, as it is read then.
func (d desk) tracked(ctx context.Context, r notifiers.Request, w wish) (notifiers.Answer, error) {
	p, why, err := d.prospect(ctx, w)
	if err != nil || why != "" {
		return notifiers.Answer{Head: why}, err
	}
	p.Account.By = d.moderator(r).Name
	err = d.Tracking.Track(ctx, p.Account, bot.MadeChange{Place: d.Place, By: p.Account.By, What: "had " + p.Account.ID + " tracked"})
	if errors.Is(err, bot.ErrTracked) || errors.Is(err, bot.ErrTooMany) {
		return refusal("Nothing was saved: %v.", err)
	}
	return notifiers.Answer{Head: fmt.Sprintf("Saved. %s is read from now on; /sources shows how that goes.", p.Account.ID)}, err
}

func (d desk) suggestTracked(typed string) []notifiers.Choice {
	var ids []string
	for _, a := range d.Visitor.Accounts {
		ids = append(ids, a.ID)
	}
	return plainly(bot.Nearest(typed, ids))
}

// untrack ends that an account is tracked, in two steps.
func (d desk) untrack(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	if refused := d.mayTrack(r, "end that an account is tracked"); refused != "" {
		return notifiers.Answer{Head: refused}, nil
	}
	w := wish{Do: "untrack", Account: r.Values["account"]}
	if r.Press != "" {
		var refused string
		var err error
		if w, refused, err = d.wished(ctx, r, w.Do); err != nil || refused != "" {
			return notifiers.Answer{Head: refused}, err
		}
	}
	made, err := d.Tracking.MadeAccounts(ctx)
	if err != nil {
		return notifiers.Answer{}, err
	}
	i := slices.IndexFunc(made, func(m bot.MadeAccount) bool { return m.ID == w.Account })
	switch {
	case i >= 0:
	case slices.ContainsFunc(d.Visitor.Accounts, func(a onrecord.Account) bool { return a.ID == w.Account }):
		return refusal("%s stands in the configuration of whoever runs onrecord, and only they can end that.", w.Account)
	default:
		var ids []string
		for _, c := range d.suggestTracked(w.Account) {
			ids = append(ids, c.Value)
		}
		return refusal("“%s” is not tracked. Did you mean %s?", w.Account, or(ids[:min(len(ids), 3)]))
	}
	if r.Press == "" {
		confirm, err := d.asks(ctx, r, w, "Untrack")
		return notifiers.Answer{
			Head:    fmt.Sprintf("%s would not be read any more. %s had it tracked on %s. What is on the record stays. Nothing is changed yet.", w.Account, plainName(made[i].By), day(made[i].Made)),
			Buttons: []notifiers.Button{confirm},
		}, err
	}
	who := d.moderator(r).Name
	err = d.Tracking.Untrack(ctx, w.Account, bot.MadeChange{Place: d.Place, By: who, What: "ended that " + w.Account + " is tracked"})
	if errors.Is(err, bot.ErrUntracked) {
		return refusal("%s is not tracked any more.", w.Account)
	}
	return notifiers.Answer{Head: fmt.Sprintf("%s is not read any more. /track has it tracked again, from then on.", w.Account)}, err
}
