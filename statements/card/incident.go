package card

import (
	"strings"
	"time"

	"onrecord"
)

// Incident is what is said of an incident to the operator.
type Incident struct {
	Number string
	Over   bool
	Lasts  string // what it is called until it is over
	What   string // is wrong, of what: "cannot read the account x:harborlabs"
	Text   string // as it was met
	Advice string
	Began  time.Time
	Ended  time.Time
}

const incidentLength = 600

// incidents words what is wrong, before its subject, and what a person can do.
var incidents = map[onrecord.IncidentKind]struct{ what, advice string }{
	onrecord.AccountUnread:      {"cannot read the account", "Statements may be late; reading goes on where it stopped. \"onrecord accounts\" shows when it was read last."},
	onrecord.AccountRenamed:     {"the account", "Its handle in the configuration can stay: with the new one it would be an account of its own. Whoever bears the old handle now is not read."},
	onrecord.PlaceUnread:        {"cannot read most accounts of the place", "Statements may be late; reading goes on where it stopped. \"onrecord accounts\" shows when each was read last."},
	onrecord.BudgetSpent:        {"no money to read the place", "Reading goes on where it stopped when there is money again: raise the budget, or wait."},
	onrecord.ChannelPaused:      {"nothing is sent to the channel", "What is owed waits, in order. It is asked again every 15 minutes, and at a restart."},
	onrecord.ChannelLate:        {"deliveries are late in the channel", "\"onrecord outbox\" shows what is owed."},
	onrecord.ChannelUndelivered: {"not everything is delivered to the channel", "\"onrecord outbox\" lists it, with the command to type."},
}

// IncidentOf is what is said of an incident.
func IncidentOf(i onrecord.Incident) Incident {
	words := incidents[i.Kind]
	lasts := "Failing"
	if i.Kind == onrecord.AccountRenamed { // nothing fails
		lasts = "Renamed"
	}
	return Incident{i.Number(), !i.Ended.IsZero(), lasts, strings.TrimSpace(words.what + " " + Line(i.Subject, nameLength)), Line(i.Text, incidentLength), words.advice, i.Began, i.Ended}
}

// Label says whether it lasts.
func (i Incident) Label() string {
	if i.Over {
		return "Over"
	}
	return i.Lasts
}

// Headline is the line that the operator sees first. It ends in the incident's number, by
// which a message is found again.
func (i Incident) Headline(text, mark func(string) string) string {
	return strings.Join([]string{mark(i.Label()), text(i.What), i.Number}, Sep)
}

// Span says since when it lasts, or from when to when it lasted, where when writes a time.
func (i Incident) Span(when func(time.Time) string) string {
	if i.Over {
		return when(i.Began) + " – " + when(i.Ended) + " (" + length(i.Ended.Sub(i.Began)) + ")"
	}
	return "since " + when(i.Began)
}
