package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
)

// Ping is a role that a channel calls when something new is said. Its readers give it to
// themselves.
type Ping struct {
	Role     string         // the place's id of it
	Case     string         // "": any of the channel's
	Speaker  string         // "": anybody
	Quiet    schedule.Hours // when nobody is called, and what would have called makes no sound
	Cooldown time.Duration  // how long after a call it is not called again about the same case
}

// Of reports whether the role is for what is said by a speaker on a case.
func (p Ping) Of(caseID, speaker string) bool {
	return (p.Case == "" || p.Case == caseID) && (p.Speaker == "" || p.Speaker == speaker)
}

// What is told later than this calls nobody: somebody's phone is no place to catch up.
const (
	latePing = time.Hour      // after the post was seen
	oldPost  = 24 * time.Hour // after it was published; many places name no more than a day
)

func tooLate(s onrecord.Statement, now time.Time) bool {
	return now.Sub(s.Seen) > latePing || s.First().Dated && now.Sub(s.First().Created) > oldPost
}

// whom decides which roles the message about a statement calls, and whether it makes no
// sound; last is when each was called about the case in the channel.
func whom(pings []Ping, s onrecord.Statement, worth bool, last map[string]time.Time, now time.Time) (roles []string, silent bool) {
	for _, p := range pings {
		before, called := last[p.Role]
		switch {
		case !p.Of(s.Case, s.Speaker):
		case p.Quiet.Contain(now):
			silent = true
		case !worth, tooLate(s, now), called && now.Sub(before).Abs() < p.Cooldown, slices.Contains(roles, p.Role):
		default:
			roles = append(roles, p.Role)
		}
	}
	return roles, silent && len(roles) == 0
}

// ping decides whom the message of a delivery calls, anew for each attempt: by the time one
// succeeds it may be night, or nothing new. That is kept before anything is sent.
func (d *deliverer) ping(ctx context.Context, ch Channel, owed Delivery) (p notifiers.Ping, err error) {
	if owed.Statement == 0 {
		return p, nil
	}
	pings, err := d.pingsOf(ctx, ch)
	if err != nil || len(pings) == 0 {
		return p, err
	}
	notice, err := d.outbox.Notice(ctx, owed)
	n, ok := notice.(onrecord.Pinging)
	if err != nil || !ok {
		return p, err
	}
	s, worth := n.News()
	last, err := d.outbox.Pinged(ctx, owed, s.Case)
	if err != nil {
		return p, err
	}
	if p.Roles, p.Silent = whom(pings, s, worth, last, d.clock.Now()); len(p.Roles) > 0 {
		err = d.outbox.KeepPing(ctx, owed, s.Case, p.Roles)
	}
	if ch.Reader != "" { // nobody else reads it, so what does not call makes no sound
		p = notifiers.Ping{Reader: strings.Join(p.Roles, ""), Silent: len(p.Roles) == 0}
	}
	return p, err
}
