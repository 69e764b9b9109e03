package store_test

import (
	"slices"
	"testing"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// ops are the operator's channels.
var ops = bot.Audience{{Channel: "a", Lane: onrecord.Ops}, {Channel: "b", Lane: onrecord.Ops}}

func noteOne(t *testing.T, s bot.Incidents, o bot.OpenIncident, do bot.IncidentDoing) {
	t.Helper()
	must(t, s.NoteIncidents(t.Context(), []bot.IncidentStep{{OpenIncident: o, Do: do}}, ops))
}

// openIncident is the one that lasts.
func openIncident(t *testing.T, s bot.Incidents) bot.OpenIncident {
	t.Helper()
	list, err := s.OpenIncidents(t.Context())
	must(t, err)
	if len(list) != 1 {
		t.Fatalf("open: %+v", list)
	}
	return list[0]
}

// An incident is told once, whoever of several replicas notes it, changed and ended in its
// own message, and forgotten when it was over before anybody was told.
func TestIncidents(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		fresh := bot.OpenIncident{Incident: onrecord.Incident{Kind: onrecord.ChannelPaused, Subject: "b", Text: "gone"}}
		noteOne(t, s, fresh, bot.Begin)
		noteOne(t, s, fresh, bot.Begin) // another replica
		first := openIncident(t, s)
		noteOne(t, s, first, bot.Forget)
		noteOne(t, s, fresh, bot.Begin)
		i := openIncident(t, s)
		if i.ID <= first.ID || i.Told || i.Text != "gone" || i.Began.IsZero() {
			t.Errorf("open: %+v", i)
		}
		for range 2 {
			noteOne(t, s, i, bot.Tell)
		}
		if n, _ := s.Owed(t.Context()); n != 1 {
			t.Fatalf("%d deliveries are owed, want one: no channel is told of itself", n)
		}
		u := unrendered(t, s)
		if n, ok := u.Notice.(onrecord.IncidentNotice); !ok || n.Changed || n.Incident.Text != "gone" || n.Incident.Number() != u.Subject {
			t.Errorf("told of %+v", u)
		}
		told := openIncident(t, s)
		told.Text = "still gone"
		for range 2 {
			noteOne(t, s, told, bot.Change)
			noteOne(t, s, i, bot.Forget)
		}
		changed := openIncident(t, s)
		if !changed.Told || changed.Seq != 1 || changed.Text != "still gone" || changed.Changed.IsZero() {
			t.Errorf("open: %+v", changed)
		}
		noteOne(t, s, changed, bot.End)
		if list, err := s.OpenIncidents(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("open: %+v, %v", list, err)
		}
		var kinds []onrecord.NoticeKind
		for range 5 {
			for _, d := range deliveries(t, s) {
				kinds = append(kinds, d.Kind)
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "7"}}))
				if d.Channel != "a" || d.Kind.Changes() != "" && d.Posted.ID != "7" {
					t.Errorf("sent: %+v", d)
				}
			}
		}
		if want := []onrecord.NoticeKind{onrecord.IncidentBegan, onrecord.IncidentChanged, onrecord.IncidentChanged}; !slices.Equal(kinds, want) {
			t.Errorf("told by %v, want %v", kinds, want)
		}
		noteOne(t, s, fresh, bot.Begin) // it comes again: another one
		if again := openIncident(t, s); again.ID <= i.ID {
			t.Errorf("open: %+v", again)
		}
	})
}

// What incidents are made of is what the status says.
func TestTroubles(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			state := map[string]bot.DeliveryState{"a": bot.Dead, "b": bot.Uncertain}[d.Channel]
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: state}))
		}
		got, err := s.Troubles(t.Context())
		must(t, err)
		if got.Settled["a"]["dead"] != 1 || got.Settled["a"]["uncertain"] != 0 || got.Settled["b"]["uncertain"] != 1 || len(got.Channels) != 2 || len(got.Accounts) != 1 {
			t.Errorf("%+v", got)
		}
	})
}
