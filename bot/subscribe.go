package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"onrecord"
)

// Selection says which statements on a case somebody wants to be told of. What is empty
// does not matter.
type Selection struct {
	Speakers  []string           `json:"speakers,omitempty"`
	Novelties []onrecord.Novelty `json:"novelties,omitempty"`
}

// Has reports whether a statement is wanted.
func (s Selection) Has(st onrecord.Statement) bool {
	return (len(s.Speakers) == 0 || slices.Contains(s.Speakers, st.Speaker)) && (len(s.Novelties) == 0 || slices.Contains(s.Novelties, st.Novelty))
}

// Subscription is a channel that people at a place have told of a case. The operator's
// own channels stand in the configuration and are none.
type Subscription struct {
	ID      int64
	Place   string // where it was made: the name of a notifier kind
	Address string // of the channel there
	Case    string
	Selection
	Publish bool   // what it is told is published to those who follow the channel from elsewhere
	Ping    string // the role that it calls; "": none
	Digest  string // when it gets a digest at first, as a schedule; "": never. What is wanted since is a [DigestPlan]
	By      string // who made it
	Made    time.Time
	Ends    time.Time // when it is over for good, when it was taken back; zero: it stands
}

// Channel is the id under which its deliveries are owed. No channel of a configuration can
// have it.
func (s Subscription) Channel() string { return fmt.Sprintf("%s/%d", s.Place, s.ID) }

// subscriptionOf is the form of the ids of subscriptions, of what is published of them and
// of what goes on below their messages.
var subscriptionOf = regexp.MustCompile(`^[^/]+/[0-9]+(` + PublishLane + `|` + ThreadLane + `)?$`)

// isSubscription reports whether a channel is one that people subscribed. What becomes of
// it is theirs to mend, and no trouble of the operator's.
func isSubscription(channel string) bool { return subscriptionOf.MatchString(channel) }

// Pings are the roles that it calls.
func (s Subscription) Pings() []Ping {
	if s.Ping == "" {
		return nil
	}
	return []Ping{{Role: s.Ping, Cooldown: subscribedCooldown}}
}

// subscribedCooldown is how long after a call the role of a subscription is not called again.
const subscribedCooldown = 30 * time.Minute

// UndoFor is how long a subscription that was taken back can be had again, with what was
// owed to it meanwhile.
const UndoFor = 15 * time.Minute

// MostSubscriptions bounds how many cases one channel is told of: every one is a queue, and
// anybody can bring a bot into a server.
const MostSubscriptions = 25

// Errors of [Subscriptions].
var (
	ErrSubscribed   = errors.New("the channel is subscribed to the case already")
	ErrFull         = fmt.Errorf("the channel has %d subscriptions, which is as many as it can", MostSubscriptions)
	ErrUnsubscribed = errors.New("there is no such subscription any more")
)

// Subscriptions are those that people made, and what was changed of them. Every change is
// kept with who made it.
type Subscriptions interface {
	Clock
	// Subscriptions returns those that are not over for good, in the order they were made.
	Subscriptions(ctx context.Context) ([]Subscription, error)
	// Subscribe stores one and returns it with its number. The error may be [ErrSubscribed]
	// or [ErrFull].
	Subscribe(ctx context.Context, s Subscription, c MadeChange) (Subscription, error)
	// Unsubscribe takes one back: from now on nothing is sent, and after [UndoFor] what was
	// owed is forgotten. The error may be [ErrUnsubscribed].
	Unsubscribe(ctx context.Context, id int64, c MadeChange) error
	// Resubscribe makes good that one was taken back. The error may be [ErrUnsubscribed]:
	// it was too long ago; or [ErrSubscribed]: there is another meanwhile.
	Resubscribe(ctx context.Context, id int64, c MadeChange) error
	// Hold keeps what is owed to a channel, of whoever it is, from being sent until a
	// time; zero: no longer. It returns how much is owed. The error may be
	// [ErrUnsubscribed]: there is no such channel.
	Hold(ctx context.Context, channel string, until time.Time, c MadeChange) (owed int, err error)
	// Changes returns what was changed of a channel at a place, newest first.
	Changes(ctx context.Context, place, address string, limit int) ([]MadeChange, error)
}

// Manager is who may manage a channel of a place, and says what it is told.
type Manager struct {
	Subscriptions Subscriptions
	Visitor       Visitor
	Name          string // kept with what is changed
}

// Outlook is what a subscription would have brought.
type Outlook struct {
	Latest   []onrecord.StatementNotice // newest first; at most [LatestShown]
	Messages int                        // in the days of [OutlookDays]
	More     bool                       // there were more than were counted
}

// How far an outlook looks back, and what it shows.
const (
	OutlookDays = 30
	LatestShown = 3
)

// Outlook returns what a subscription would have brought until now.
func (m Manager) Outlook(ctx context.Context, s Subscription) (o Outlook, err error) {
	since := m.Subscriptions.Now().AddDate(0, 0, -OutlookDays)
	stretch := Stretch{Case: s.Case, Limit: searchBatch}
	for looked := 0; ; {
		batch, err := m.Visitor.Record.Stretch(ctx, stretch)
		if err != nil || len(batch) == 0 {
			return o, err
		}
		for _, st := range batch {
			stretch.Below = st.No
			if st.Quiet || !s.Has(st) {
				continue
			}
			if len(o.Latest) < LatestShown {
				o.Latest = append(o.Latest, m.Visitor.Notices([]onrecord.Statement{st})...)
			}
			if st.Seen.After(since) {
				o.Messages++
			}
		}
		if looked += len(batch); looked >= searchReach {
			o.More = batch[len(batch)-1].Seen.After(since)
			return o, nil
		}
		if len(o.Latest) == LatestShown && batch[len(batch)-1].Seen.Before(since) {
			return o, nil
		}
	}
}

// Subscribe has a channel told of a case. The error may be [ErrSubscribed] or [ErrFull].
func (m Manager) Subscribe(ctx context.Context, s Subscription) (Subscription, error) {
	s.By = m.Name
	return m.Subscriptions.Subscribe(ctx, s, m.changed(s, "subscribed the channel to "+m.Of(s)))
}

// Unsubscribe takes a subscription back. The error may be [ErrUnsubscribed].
func (m Manager) Unsubscribe(ctx context.Context, s Subscription) error {
	return m.Subscriptions.Unsubscribe(ctx, s.ID, m.changed(s, "unsubscribed the channel from "+m.Of(s)))
}

// Resubscribe undoes that. The error may be [ErrUnsubscribed] or [ErrSubscribed].
func (m Manager) Resubscribe(ctx context.Context, s Subscription) error {
	return m.Subscriptions.Resubscribe(ctx, s.ID, m.changed(s, "took back that the channel was unsubscribed from "+m.Of(s)))
}

func (m Manager) changed(s Subscription, what string) MadeChange {
	return MadeChange{Place: s.Place, Address: s.Address, By: m.Name, What: what}
}

// Of says in words what a subscription is to.
func (m Manager) Of(s Subscription) string {
	words := caseOf(m.Visitor.Cases, s.Case).Title
	if len(s.Speakers) > 0 {
		words += ", what " + strings.Join(s.Speakers, " and ") + " says"
	}
	if kinds := s.Kinds(); len(kinds) > 0 {
		words += ", only " + strings.Join(kinds, " and ")
	}
	if s.Publish {
		words += ", published"
	}
	if s.Ping != "" {
		words += ", calling a role"
	}
	if s.Digest != "" {
		words += ", with a digest " + s.Digest[1:]
	}
	return words
}

// MadeChange is what somebody at a place changed.
type MadeChange struct {
	At      time.Time
	Place   string
	Address string // of the channel it is about; "": of none
	By      string
	What    string // in words
}

// SelectedKinds are what people can choose to be told of, as they call it.
func SelectedKinds() []string { return []string{"new", "adds", "changed", "repeats"} }

// SelectKinds chooses by what people call it; what they do not is left out.
func SelectKinds(kinds []string) (list []onrecord.Novelty) {
	for _, k := range kinds {
		list = append(list, noveltiesOf[k]...)
	}
	return list
}

// Kinds is what was chosen, as people call it.
func (s Selection) Kinds() (kinds []string) {
	for _, k := range SelectedKinds() {
		if slices.Contains(s.Novelties, noveltiesOf[k][0]) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}
