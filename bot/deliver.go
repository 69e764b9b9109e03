package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"onrecord"
	"onrecord/notifiers"
)

// Outbox is where the deliver loop takes owed deliveries from.
type Outbox interface {
	// Due returns the oldest owed delivery of each open channel, where it is due,
	// and the notices that still need a message: theirs, and some whose turn comes after them.
	Due(ctx context.Context, limit int) (heads []int64, first []Unrendered, err error)
	// ClaimDeliveries marks those of the heads that are still due as sending,
	// durably, before anything is sent. The same transaction stores what
	// was rendered: a message is final from then on, and what has none for an error
	// is dead. An unrendered delivery is taken only if it is among those.
	ClaimDeliveries(ctx context.Context, lease time.Duration, heads []int64, rendered []Rendered) ([]Delivery, error)
	// Notice returns what a delivery tells, without its case.
	Notice(ctx context.Context, d Delivery) (onrecord.Notice, error)
	// Pinged returns when each role was called last about a case in the channel of a
	// delivery, by others.
	Pinged(ctx context.Context, but Delivery, caseID string) (map[string]time.Time, error)
	// Interests returns what a reader of a channel asked for.
	Interests(ctx context.Context, channel, reader string) ([]Interest, error)
	// KeepPing notes, durably, which roles a delivery is about to call, or ErrLost.
	KeepPing(ctx context.Context, d Delivery, caseID string, roles []string) error
	// FinishAttempt stores what became of a claimed delivery, or ErrLost.
	FinishAttempt(ctx context.Context, d Delivery, s AttemptResult) error
	// FiledSince returns posts of accounts that were first seen in a time, oldest first, but for
	// what was there before they were watched.
	FiledSince(ctx context.Context, accounts []string, from, until time.Time) ([]onrecord.Post, error)
	// Publishing says how far publishing is, from the channel of a claimed publication.
	Publishing(ctx context.Context, d Delivery) (Publishing, error)
	// Gather settles a claimed publication, and all that wait with it, by a digest that
	// tells of them and is published, in one transaction.
	Gather(ctx context.Context, d Delivery) error
	// IsReceipt reports whether a message is that of another delivery to the channel.
	IsReceipt(ctx context.Context, but Delivery, r notifiers.Receipt) (bool, error)
	// NextDelivery says when the next delivery or probe of a paused channel is due; zero: none.
	NextDelivery(ctx context.Context) (time.Time, error)
	// DueProbes returns paused channels whose probe is due and puts the next
	// probe off by the given time.
	DueProbes(ctx context.Context, again time.Duration) ([]string, error)
	// OpenChannel lets a paused channel send again.
	OpenChannel(ctx context.Context, id string) error
	// Owed counts the deliveries that are not settled.
	Owed(ctx context.Context) (int, error)
}

// DeliveryState is where a delivery stands. Pending and sending deliveries are owed.
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "pending"
	Sending   DeliveryState = "sending"
	Sent      DeliveryState = "sent"
	Dead      DeliveryState = "dead"      // surely not delivered; a person must help
	Uncertain DeliveryState = "uncertain" // may be visible; nobody can prove it
)

// Delivery is a notice owed to a channel, claimed for one attempt.
type Delivery struct {
	ID        int64
	Channel   string
	Turn      Turn   // of a publication
	Subject   string // what it is about, as people read it: S-0042
	Statement int64  // 0: it is not about a statement
	Case      string // of the statement
	Speaker   string // of the statement
	Kind      onrecord.NoticeKind
	Seq       int    // counts the notices of its kind about the subject
	Key       string // the same for every attempt; see notifiers.Notifier
	Message   notifiers.Message
	Err       error     // the message cannot be read
	Attempt   int       // this one, counted from 1
	Strikes   int       // earlier attempts that count towards the cap
	Maybe     bool      // an earlier attempt may have delivered it
	FirstAt   time.Time // no message of this delivery is older
	ClaimedAt time.Time
	Asked     time.Time         // when the claim was asked for, by this process's wall clock
	After     notifiers.Receipt // the channel's newest message known to be older than FirstAt
	Posted    notifiers.Receipt // of the message that the notice changes, answers or publishes
	Awaited   bool              // that message is still owed
	Unshown   bool              // that message was surely never delivered
	Epoch     int64
}

// AttemptResult is what an attempt came to.
type AttemptResult struct {
	State   DeliveryState
	NextAt  time.Time // for Pending
	Receipt notifiers.Receipt
	Maybe   bool
	FirstAt time.Time // new lower bound after absence was proven; zero: unchanged
	Strike  bool
	Error   string
	Pause   notifiers.Scope // WholeChannel or WholePlace: send nothing more there for now
}

const (
	sendTimeout  = 10 * time.Second
	findTimeout  = 20 * time.Second
	deliverLease = findTimeout + sendTimeout + 15*time.Second
	senders      = 16
	// strikeCap is how many attempts that count are made before a delivery is
	// given up, so that the head of a channel cannot block it for ever.
	strikeCap  = 12
	probeAgain = 15 * time.Minute
)

// LongestWait bounds every due time of the review and the deliver loop, whatever
// a place asks for. A row that is due later was written by a clock that ran
// ahead, and is due now.
const LongestWait = 30 * time.Minute

// Waits after attempts that surely failed, and after those nobody can be sure of.
var (
	retryBackoff   = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}
	unknownBackoff = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
)

// deliverer sends what is owed.
type deliverer struct {
	loop
	outbox   Outbox
	cases    map[string]onrecord.Case
	dockets  map[string][]string // by case: its accounts that are dockets
	channels *roster

	mu     sync.Mutex
	logged map[pause]bool // pauses that were logged
}

func newDeliverer(s Setup, l loop) *deliverer {
	d := &deliverer{loop: l, outbox: s.Outbox, cases: map[string]onrecord.Case{}, dockets: s.dockets(), channels: s.roster, logged: map[pause]bool{}}
	for _, c := range s.Cases {
		d.cases[c.ID] = c
	}
	return d
}

// run sends owed deliveries until the context ends. What is being sent then may
// go on until hurry ends.
func (d *deliverer) run(ctx, hurry context.Context) { d.work(hurry).run(ctx, d.loop) }

// work goes on with what is being sent until hurry ends.
func (d *deliverer) work(hurry context.Context) work[Delivery] {
	var probed time.Time // zero when nothing was due then
	return work[Delivery]{
		name: "claim deliveries", slots: senders, next: d.outbox.NextDelivery,
		claim: func(ctx context.Context, free int) ([]Delivery, error) {
			if now := d.clock.Now(); now.Sub(probed).Abs() > time.Second { // often enough while there is much to deliver
				d.probe(ctx, hurry)
				probed = now
			}
			due, err := d.claim(ctx, free)
			if len(due) == 0 {
				probed = time.Time{}
			}
			return due, err
		},
		do: func(one Delivery) { d.attempt(hurry, one) },
	}
}

// once delivers for as long as a delivery is due within the next seconds: a
// channel's own pace is waited for, an outage is not.
func (d *deliverer) once(ctx context.Context) (owed int, err error) {
	d.probe(ctx, ctx)
	d.running.Wait()
	for ctx.Err() == nil {
		due, err := d.claim(ctx, senders)
		if err != nil {
			return 0, err
		}
		d.work(ctx).all(due, d.loop)
		if len(due) > 0 {
			continue
		}
		next, err := d.outbox.NextDelivery(ctx)
		wait := next.Sub(d.clock.Now())
		if err != nil || next.IsZero() || wait > patience {
			break
		}
		d.wake.wait(ctx, wait)
	}
	return d.outbox.Owed(ctx)
}

// patience is the longest wait of once for a single delivery.
const patience = 10 * time.Second

// claim takes due deliveries. What is told for the first time is rendered before.
func (d *deliverer) claim(ctx context.Context, limit int) ([]Delivery, error) {
	heads, first, err := d.outbox.Due(ctx, limit)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	rendered := make([]Rendered, len(first))
	for i, u := range first {
		if u.Notice, err = d.docketed(ctx, u.Notice); err != nil {
			return nil, err
		}
		rendered[i] = d.render(ctx, u)
	}
	asked := time.Now().Round(0) // the wall clock: the other one stands still while the machine is suspended
	claimed, err := d.outbox.ClaimDeliveries(ctx, deliverLease, heads, rendered)
	if err != nil {
		return nil, err
	}
	for i, r := range rendered {
		d.reportRendering(first[i], r)
	}
	for i := range claimed {
		claimed[i].Asked = asked
	}
	return claimed, nil
}

// attempt sends one delivery and stores the outcome.
func (d *deliverer) attempt(ctx context.Context, owed Delivery) {
	s := d.send(ctx, owed)
	s.Error = d.redact(s.Error)
	d.reportDelivery(owed, s)
	ctx = context.WithoutCancel(ctx)
	// The outcome of a message that is out there must not be lost to a passing
	// fault of the disk. When it is after all, the row stays in sending, and the
	// next claim settles it as a send nobody can be sure of.
	for try := range 20 {
		err := d.outbox.FinishAttempt(ctx, owed, s)
		if err == nil || errors.Is(err, ErrLost) {
			return
		}
		if try == 0 {
			d.log.Error("outcome of a delivery not stored yet", "delivery", owed.ID, "channel", owed.Channel, "error", err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// send makes one attempt: look first when an earlier one may have arrived and
// the place no longer recognises its key, then send the frozen bytes. A notifier
// that breaks, on an answer from outside, may have delivered.
func (d *deliverer) send(ctx context.Context, owed Delivery) (s AttemptResult) {
	defer func() {
		if broken := recover(); broken != nil {
			d.log.Error("a notifier broke; please report it", "channel", owed.Channel, "panic", broken, "stack", string(debug.Stack()))
			s = d.failed(owed, fmt.Errorf("the notifier broke, please report it: %v", broken), AttemptResult{Maybe: owed.Maybe})
		}
	}()
	if owed.Err != nil {
		return AttemptResult{State: givenUp(owed.Maybe), Error: owed.Err.Error()}
	}
	ch, ok := d.channels.find(owed.Channel)
	if !ok || ch.Notifier == nil {
		again := probeAgain
		if isSubscription(owed.Channel) { // made at another replica a moment ago
			again = maxSleep
		}
		return AttemptResult{State: Pending, Maybe: owed.Maybe, NextAt: d.clock.Now().Add(again), Error: "the channel is not in the configuration, or its notifier has no credentials"}
	}
	if k, known := d.cases[owed.Case]; known && ch.Reader == "" {
		ch.Topic = &notifiers.Topic{Case: k, Speaker: owed.Speaker, Kind: owed.Kind}
	}
	switch {
	case owed.Kind.Publishes() != "":
		return d.publish(ctx, ch, owed)
	case owed.Unshown:
		return AttemptResult{State: Dead, Error: "the message that it changes or answers was never delivered"}
	case owed.Kind.Changes() != "":
		return d.edit(ctx, ch, owed)
	case owed.Kind.Below() != "" && owed.Posted.ID == "":
		return AttemptResult{State: Dead, Error: "nobody knows the message that it belongs below"}
	}
	s.Maybe = owed.Maybe
	finder, can := ch.Notifier.(notifiers.Finder)
	if age := d.clock.Now().Sub(owed.FirstAt); owed.Maybe && can && (age < 0 || age > finder.Window()) {
		find, cancel := context.WithTimeout(ctx, findTimeout)
		r, found, err := finder.Find(find, ch.Target, notifiers.Query{
			Message: owed.Message, Key: owed.Key, Since: owed.FirstAt, After: owed.After, Below: below(owed),
			Receipts: func(ctx context.Context, r notifiers.Receipt) (bool, error) { return d.outbox.IsReceipt(ctx, owed, r) },
		})
		cancel()
		switch {
		case err != nil:
			return d.failed(owed, err, s)
		case found:
			return AttemptResult{State: Sent, Receipt: r}
		}
		s.Maybe, s.FirstAt = false, owed.ClaimedAt // proven absent: only this attempt can create it now
	}
	if time.Now().Round(0).After(owed.Asked.Add(deliverLease - sendTimeout)) {
		s.State, s.NextAt, s.Error = Pending, d.clock.Now(), "the program slept before it could send; by now somebody else may be sending"
		return s
	}
	ping, err := d.ping(ctx, ch, owed)
	if err != nil {
		s.State, s.NextAt, s.Error = Pending, d.clock.Now().Add(time.Minute), fmt.Sprintf("find out whom it calls: %v", err)
		return s
	}
	owed.Message.Ping = ping
	post, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	r, err := create(post, ch, owed)
	if err != nil {
		return d.failed(owed, err, s)
	}
	return AttemptResult{State: Sent, Receipt: r}
}

// below is the message below which that of a delivery stands; none where it stands by itself.
func below(owed Delivery) (posted notifiers.Receipt) {
	if owed.Kind.Below() != "" {
		posted = owed.Posted
	}
	return posted
}

// create posts a message: as an answer, where it is one and the place has answers.
func create(ctx context.Context, ch Channel, owed Delivery) (notifiers.Receipt, error) {
	if threader, ok := ch.Notifier.(notifiers.Threader); ok && owed.Kind.Below() != "" {
		return threader.Below(ctx, ch.Target, owed.Posted, owed.Message, owed.Key)
	}
	if answerer, ok := ch.Notifier.(notifiers.Answerer); ok && owed.Posted.ID != "" {
		return answerer.Answer(ctx, ch.Target, owed.Posted, owed.Message, owed.Key)
	}
	return ch.Notifier.Send(ctx, ch.Target, owed.Message, owed.Key)
}

// edit changes the message of an earlier delivery. Editing twice is the same as
// once, so nothing has to be looked up.
func (d *deliverer) edit(ctx context.Context, ch Channel, owed Delivery) AttemptResult {
	editor, ok := ch.Notifier.(notifiers.Editor)
	if ok && owed.Posted.ID == "" {
		return AttemptResult{State: Dead, Error: "the message it changes was never delivered"}
	}
	post, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	var err error
	r := owed.Posted
	switch {
	case ok:
		err = editor.Edit(post, ch.Target, owed.Posted, owed.Message)
	case owed.Kind.Apart():
		r, err = ch.Notifier.Send(post, ch.Target, owed.Message, owed.Key)
	}
	if err != nil {
		return d.failed(owed, err, AttemptResult{Maybe: owed.Maybe})
	}
	return AttemptResult{State: Sent, Receipt: r}
}

// failed turns an error into what happens next; s carries what is known about
// earlier attempts. The rules are those of docs/architecture.md, "Outcomes".
func (d *deliverer) failed(owed Delivery, err error, s AttemptResult) AttemptResult {
	sendErr := &notifiers.Error{Outcome: notifiers.Unknown, Err: err}
	errors.As(err, &sendErr)
	now := d.clock.Now()
	s.State, s.Error, s.Strike = Pending, err.Error(), !sendErr.Free
	switch further := sendErr.Scope == notifiers.WholeChannel || sendErr.Scope == notifiers.WholePlace; {
	case sendErr.Outcome == notifiers.Settled && owed.Maybe:
		return AttemptResult{State: Sent, Error: "delivered earlier and removed since"}
	case sendErr.Outcome == notifiers.Settled: // its key was used by a database we do not have
		return AttemptResult{State: Uncertain, Error: fmt.Sprintf("%v; a message with this key existed before", err)}
	case sendErr.Scope == notifiers.OneReader:
		s.Pause, s.State = notifiers.OneReader, givenUp(s.Maybe)
		return s
	case sendErr.Outcome == notifiers.Permanent && further:
		s.Pause, s.Strike, s.NextAt = sendErr.Scope, false, now
		return s
	case sendErr.Outcome == notifiers.Permanent:
		s.State = givenUp(s.Maybe)
		return s
	case sendErr.Outcome == notifiers.Retry && sendErr.At.IsZero():
		s.NextAt = earliest(now.Add(backoff(owed.Attempt-1, retryBackoff)), now.Add(LongestWait))
	case sendErr.Outcome == notifiers.Retry: // by our clock
		s.NextAt = earliest(now.Add(time.Until(sendErr.At)), now.Add(LongestWait))
	default:
		s.Maybe = true
		s.NextAt = now.Add(backoff(owed.Strikes, unknownBackoff))
	}
	if s.Strike && owed.Strikes+1 >= strikeCap {
		s.State = givenUp(s.Maybe)
	}
	return s
}

// givenUp is the end of a delivery that is attempted no more.
func givenUp(maybe bool) DeliveryState {
	if maybe {
		return Uncertain
	}
	return Dead
}

func (d *deliverer) reportDelivery(owed Delivery, s AttemptResult) {
	log := d.log.With("subject", owed.Subject, "channel", owed.Channel, "kind", owed.Kind)
	ch, _ := d.channels.find(owed.Channel)
	if s.State != Pending && d.pauseOver(ch) {
		d.log.Info("channel open again", "channel", owed.Channel)
	}
	switch {
	case s.State == Sent && s.Error == "":
		log.Info("delivered", "message", s.Receipt.ID, "attempt", owed.Attempt)
	case s.Pause == notifiers.OneReader:
		log.Warn("a reader cannot be told any more", "error", s.Error)
	case s.Pause != "":
		d.reportPause(ch, s.Pause, s.Error)
	case s.State == Dead, s.State == Uncertain:
		log.Error("delivery needs a person", "state", s.State, "error", s.Error)
	default:
		log.Warn("delivery will be repeated", "error", s.Error, "next", s.NextAt.UTC())
	}
}
