package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
)

// notify is what commands about being called begin with.
var notify = notifiers.Group{Name: "notify", Labels: labels("notify")}

// called is a role that a channel calls.
type called struct {
	bot.Channel
	bot.Ping
}

// role gives who asks the role that is called when something new is said, or takes it away.
func (d desk) role(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	list, refused := d.calling(r)
	if refused != "" {
		return refusal("%s", refused)
	}
	given := r.Values["state"] != "off"
	if given && len(list) > 1 {
		a := notifiers.Answer{Head: "Several roles are called. Say with case or speaker which of them you mean:"}
		for _, c := range list {
			a.Entries = append(a.Entries, notifiers.Entry{Title: d.callsFor(c.Ping)})
		}
		return a, nil
	}
	for _, c := range list {
		giver, ok := c.Notifier.(notifiers.RoleGiver)
		if !ok {
			return refusal("Roles are not given here just now.")
		}
		err := giver.GiveRole(ctx, c.Target, c.Role, r.By, given)
		if why, ok := errors.AsType[notifiers.RefusedError](err); ok {
			return refusal("Nothing was changed. %s", why.Why)
		}
		if err != nil {
			return notifiers.Answer{}, err
		}
	}
	if !given {
		return refusal("You are not called any more.")
	}
	p := list[0].Ping
	how := fmt.Sprintf("once in %s for a case at most", schedule.Short(p.Cooldown))
	if p.Cooldown == 0 {
		how = "each time"
	}
	if hours := p.Quiet.String(); hours != "" {
		how += ", and not between " + hours
	}
	return refusal("You are called from now on: %s; %s. /notify role ends it.", d.callsFor(p), how)
}

// calling are the roles that somebody means: those of the channel where they ask, or else
// of any.
func (d desk) calling(r notifiers.Request) (list []called, refused string) {
	q, refused := d.query(map[string]string{"case": r.Values["case"], "by": r.Values["speaker"]})
	if refused != "" {
		return nil, refused
	}
	var here, all []called
	for _, c := range d.Channels() {
		for _, p := range c.Pings {
			one := called{c, p}
			if !one.means(q) {
				continue
			}
			if all = append(all, one); at(c, r) {
				here = append(here, one)
			}
		}
	}
	if len(here) > 0 {
		all = here
	}
	if len(all) == 0 {
		return nil, "No channel calls a role for that. Whoever runs onrecord can name one: channels, ping."
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(c called) bool {
		again := seen[c.Role]
		seen[c.Role] = true
		return again
	}), ""
}

// means reports whether a role is one for what somebody asks to be called for.
func (c called) means(q bot.Query) bool {
	return (q.Case == "" || c.Case == q.Case || c.Case == "" && slices.Contains(c.Cases, q.Case)) && (q.By == "" || c.Speaker == q.By)
}

func (d desk) callsFor(p bot.Ping) string {
	what := "what anybody says"
	if p.Speaker != "" {
		what = "what " + p.Speaker + " says"
	}
	if p.Case != "" {
		return what + " on " + d.title(p.Case)
	}
	return what
}
