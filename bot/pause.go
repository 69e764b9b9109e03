package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"onrecord/notifiers"
)

// pause names what is paused: a channel, or with "" for the channel a whole place.
type pause struct{ place, channel string }

// probe asks whether paused channels can be used again. The next probe is
// stored before this one is made, so a slow answer holds up nothing.
func (d *deliverer) probe(ctx, hurry context.Context) {
	due, err := d.outbox.DueProbes(ctx, probeAgain)
	if err != nil {
		d.storeTrouble(ctx, "find paused channels", err)
		return
	}
	places := map[string][]Channel{}
	for _, id := range due {
		if ch, ok := d.channels.find(id); ok && ch.Notifier != nil {
			places[ch.Place] = append(places[ch.Place], ch)
		}
	}
	for _, paused := range places {
		d.running.Go(func() { d.reopen(hurry, paused) })
	}
}

// reopen asks about the paused channels of a place, one after the other. When
// the place as a whole refuses, it is not asked about the others.
func (d *deliverer) reopen(ctx context.Context, paused []Channel) {
	logged := map[string]bool{} // as it was before the first of them delivers
	for _, ch := range paused {
		logged[ch.ID] = d.pauseLogged(ch)
	}
	for _, ch := range paused {
		err := d.usable(ctx, ch)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			d.open(ctx, ch, logged[ch.ID])
			continue
		}
		scope := notifiers.WholeChannel
		if sendErr, ok := errors.AsType[*notifiers.Error](err); ok && sendErr.Scope == notifiers.WholePlace {
			scope = sendErr.Scope
		}
		d.reportPause(ch, scope, err.Error())
		if scope == notifiers.WholePlace {
			return
		}
	}
}

// usable finds out whether a channel can be used. A place that cannot be asked is
// tried with what is owed. A notifier that breaks, on an answer from outside, says
// nothing about its other channels.
func (d *deliverer) usable(ctx context.Context, ch Channel) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			d.log.Error("a notifier broke; please report it", "channel", ch.ID, "panic", broken, "stack", string(debug.Stack()))
			err = fmt.Errorf("the notifier broke, please report it: %v", broken)
		}
	}()
	prober, ok := ch.Notifier.(notifiers.Prober)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return prober.Probe(ctx, ch.Target)
}

// open lets a channel send again. The end of a pause that was told is told when
// something was delivered; of another one, this is all there will be.
func (d *deliverer) open(ctx context.Context, ch Channel, logged bool) {
	if err := d.outbox.OpenChannel(ctx, ch.ID); err != nil {
		d.log.Error("channel could not be opened again; it is asked again later", "channel", ch.ID, "error", err)
		return
	}
	d.wake.ring()
	if !logged { // the process that told of it has ended since
		d.log.Info("channel open again", "channel", ch.ID)
	}
}

// reportPause tells of a pause once, however many deliveries meet it and
// however often a probe finds it unchanged.
func (d *deliverer) reportPause(ch Channel, scope notifiers.Scope, why string) {
	whole, one := pause{ch.Place, ""}, pause{ch.Place, ch.ID}
	d.mu.Lock()
	if scope == notifiers.WholePlace {
		one = whole
	} else {
		delete(d.logged, whole) // the place answers for this channel alone
	}
	logged := d.logged[one]
	d.logged[one] = true
	d.mu.Unlock()
	switch {
	case logged:
		d.log.Debug("still paused", "place", one.place, "channel", ch.ID, "error", why)
	case scope == notifiers.WholePlace:
		d.log.Error("place paused; the deliveries of all its channels wait and it is asked again every 15 minutes", "place", ch.Place, "error", why)
	default:
		d.log.Error("channel paused; its deliveries wait and it is asked again every 15 minutes", "channel", ch.ID, "error", why)
	}
}

// pauseLogged reports whether the operator was told that nothing reaches the channel.
func (d *deliverer) pauseLogged(ch Channel) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.logged[pause{ch.Place, ""}] || d.logged[pause{ch.Place, ch.ID}]
}

// pauseOver forgets a pause, since the place settled a delivery: that a probe
// passed proves less. It reports whether the operator was told of one.
func (d *deliverer) pauseOver(ch Channel) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	whole, one := pause{ch.Place, ""}, pause{ch.Place, ch.ID}
	logged := d.logged[whole] || d.logged[one]
	delete(d.logged, whole)
	delete(d.logged, one)
	return logged
}
