package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Incidents is where the operator's incidents are kept.
type Incidents interface {
	// Troubles reads of the status what incidents are made of.
	Troubles(ctx context.Context) (Status, error)
	// OpenIncidents returns the incidents that last, the oldest first.
	OpenIncidents(ctx context.Context) ([]OpenIncident, error)
	// NoteIncidents stores in one transaction what became of incidents, and what that
	// owes. What another replica noted first is left as it is.
	NoteIncidents(ctx context.Context, steps []IncidentStep, to Audience) error
}

// OpenIncident is an incident that lasts.
type OpenIncident struct {
	onrecord.Incident
	Told    bool      // channels are told of it
	Changed time.Time // when they were told last
	Seq     int       // how often its message was changed
}

// IncidentStep is what becomes of an incident.
type IncidentStep struct {
	OpenIncident               // as it was, with the text that it has now
	Do           IncidentDoing // what is done
}

// IncidentDoing is what is done with an incident.
type IncidentDoing string

// What is done with incidents.
const (
	Begin  IncidentDoing = "begin"  // it is noted, and nobody is told yet
	Tell   IncidentDoing = "tell"   // it lasts
	Change IncidentDoing = "change" // it is another than was told
	End    IncidentDoing = "end"    // it is over
	Forget IncidentDoing = "forget" // it was over before anybody was told
)

const (
	watchEvery = 30 * time.Second
	// graceOfIncidents is how long one lasts before anybody is told: a channel is asked
	// again after a minute.
	graceOfIncidents = 2 * time.Minute
	// fewFails are failed pulls in a row of which nobody is told.
	fewFails = 2
	// changeEvery bounds how often a message about an incident is changed before it is over.
	changeEvery = 10 * time.Minute
	// mostChanges is what the key of a delivery has room for, but for the end.
	mostChanges = 998
)

// watcher tells the operator of incidents.
type watcher struct {
	loop
	incidents Incidents
	accounts  map[string]Account
	audience  Audience
	owed      bell
}

func newWatcher(s Setup, l loop, owed bell) *watcher {
	to := slices.DeleteFunc(slices.Clone(s.roster.audience()), func(f Follower) bool { return f.Lane != onrecord.Ops })
	return &watcher{loop: l, incidents: s.Incidents, accounts: s.accounts(), audience: to, owed: owed}
}

// run notes incidents until the context ends, where anybody is told of them.
func (w *watcher) run(ctx context.Context) {
	if w.incidents == nil || len(w.audience) == 0 {
		return
	}
	started := w.clock.Now()
	for ctx.Err() == nil {
		if err := w.watch(ctx, started); err != nil {
			w.storeTrouble(ctx, "look for incidents", err)
			continue
		}
		w.wake.wait(ctx, watchEvery)
	}
}

func (w *watcher) watch(ctx context.Context, started time.Time) error {
	s, err := w.incidents.Troubles(ctx)
	if err != nil {
		return err
	}
	open, err := w.incidents.OpenIncidents(ctx)
	if err != nil {
		return err
	}
	steps := stepsOf(open, folded(open, s.incidents(started, w.accounts), s.outages(started, w.accounts)), s.Now)
	if len(steps) == 0 {
		return nil
	}
	for i := range steps {
		steps[i].Text = w.redact(steps[i].Text)
	}
	err = w.incidents.NoteIncidents(ctx, steps, w.audience)
	w.owed.ring()
	return err
}

// incidents are what is wrong, one for each thing that is.
func (s Status) incidents(started time.Time, accounts map[string]Account) (list []onrecord.Incident) {
	add := func(kind onrecord.IncidentKind, subject, text string) {
		same := func(i onrecord.Incident) bool { return i.Kind == kind && i.Subject == subject }
		if !slices.ContainsFunc(list, same) {
			list = append(list, onrecord.Incident{Kind: kind, Subject: subject, Text: text})
		}
	}
	for _, a := range s.Accounts {
		switch {
		case sources.Trouble(a.Trouble) == sources.NoMoney:
			add(onrecord.BudgetSpent, accounts[a.ID].Source, a.Error)
		case s.unread(a, started):
			add(onrecord.AccountUnread, a.ID, a.staleness())
		}
		if handle := renamed(accounts[a.ID].Account, a); handle != "" {
			add(onrecord.AccountRenamed, a.ID, "it "+called(handle)+", and is read on as the account that it was")
		}
	}
	for _, c := range s.Channels {
		if isSubscription(c.ID) {
			continue
		}
		switch {
		case c.Paused != "":
			add(onrecord.ChannelPaused, c.ID, c.Paused)
		case c.waited(s.Now) >= late:
			add(onrecord.ChannelLate, c.ID, "nothing of what is owed was delivered for "+late.String())
		}
		var counts []string
		for _, state := range []DeliveryState{Dead, Uncertain} {
			if n := s.Settled[c.ID][string(state)]; n > 0 {
				counts = append(counts, fmt.Sprintf("%d %s", n, state))
			}
		}
		if len(counts) > 0 {
			add(onrecord.ChannelUndelivered, c.ID, "deliveries need a person: "+strings.Join(counts, ", "))
		}
	}
	return list
}

// unread reports an account of which the operator should know that it cannot be read: a
// place that is asked again in an hour is asked too seldom to wait for a third failure.
func (s Status) unread(a AccountStatus, started time.Time) bool {
	long := a.Fails > 0 && s.Now.Sub(later(a.LastOK, started)) > staleAfter(a.Every)
	return sources.Trouble(a.Trouble) != sources.NoMoney && a.Trouble != "" && (long || a.Fails > fewFails && a.Stale(s.Now, started))
}

// outage is what accounts of a place that cannot be read have in common.
type outage struct {
	onrecord.Incident
	of   []string // ids of the accounts
	most bool     // they are more than half of the place's
}

// outages are the places of which an account is told of, each with the trouble that most
// of its accounts had in their last pulls.
func (s Status) outages(started time.Time, accounts map[string]Account) (list []outage) {
	all, told, failing := map[string]int{}, map[string]bool{}, map[string][]AccountStatus{}
	for _, a := range s.Accounts {
		source := accounts[a.ID].Source
		all[source]++
		told[source] = told[source] || s.unread(a, started)
		if trouble := sources.Trouble(a.Trouble); trouble != "" && trouble != sources.NoMoney {
			failing[source] = append(failing[source], a)
		}
	}
	for _, source := range slices.Sorted(maps.Keys(failing)) {
		if !told[source] {
			continue
		}
		alike := map[string][]AccountStatus{}
		most := ""
		for _, a := range failing[source] {
			if alike[a.Trouble] = append(alike[a.Trouble], a); len(alike[a.Trouble]) > len(alike[most]) {
				most = a.Trouble
			}
		}
		o := outage{Incident: onrecord.Incident{Kind: onrecord.PlaceUnread, Subject: source}, most: len(alike[most]) > 1 && 2*len(alike[most]) > all[source]}
		for _, a := range alike[most] {
			o.of = append(o.of, a.ID)
		}
		o.Text = fmt.Sprintf("%d of %d accounts, such as this: %s", len(o.of), all[source], alike[most][0].staleness())
		list = append(list, o)
	}
	return list
}

// folded are the incidents that are there when an outage of a place is one, and not one
// for each account. One that was told lasts as long as an account of it fails, and an
// account's own that was told before is not said to be over.
func folded(open []OpenIncident, present []onrecord.Incident, outages []outage) (list []onrecord.Incident) {
	told := func(i onrecord.Incident) bool {
		return slices.ContainsFunc(open, func(o OpenIncident) bool { return o.Told && o.Kind == i.Kind && o.Subject == i.Subject })
	}
	covered := map[string]bool{}
	for _, o := range outages {
		if o.most || told(o.Incident) {
			list = append(list, o.Incident)
			for _, id := range o.of {
				covered[id] = true
			}
		}
	}
	for _, i := range present {
		if i.Kind != onrecord.AccountUnread || !covered[i.Subject] || told(i) {
			list = append(list, i)
		}
	}
	return list
}

// stepsOf is what becomes of the incidents that were open, when others or the same are there now.
func stepsOf(open []OpenIncident, present []onrecord.Incident, now time.Time) (steps []IncidentStep) {
	for _, i := range present {
		n := slices.IndexFunc(open, func(o OpenIncident) bool { return o.Kind == i.Kind && o.Subject == i.Subject })
		if n < 0 {
			steps = append(steps, IncidentStep{OpenIncident{Incident: i}, Begin})
			continue
		}
		o, another := open[n], open[n].Text != i.Text
		o.Text = i.Text
		switch {
		case !o.Told && (now.Sub(o.Began) >= graceOfIncidents || now.Before(o.Began)): // … or the clock was set back
			steps = append(steps, IncidentStep{o, Tell})
		case o.Told && another && now.Sub(o.Changed).Abs() >= changeEvery && o.Seq < mostChanges:
			steps = append(steps, IncidentStep{o, Change})
		}
	}
	for _, o := range open {
		if !slices.ContainsFunc(present, func(i onrecord.Incident) bool { return o.Kind == i.Kind && o.Subject == i.Subject }) {
			do := End
			if !o.Told {
				do = Forget
			}
			steps = append(steps, IncidentStep{o, do})
		}
	}
	return steps
}

// About returns the channels that are told of an incident: none is told of itself.
func (a Audience) About(i onrecord.Incident) (channels []string) {
	for _, f := range a {
		if f.Lane == onrecord.Ops && f.Channel != i.Subject {
			channels = append(channels, f.Channel)
		}
	}
	return channels
}
