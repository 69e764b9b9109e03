package bot

import (
	"context"
	"errors"

	"onrecord/notifiers"
)

// pause names what is paused: a channel, or with "" for the channel a whole place.
type pause struct{ place, channel string }

// probe asks whether paused channels can be used again. The next probe is
// stored before this one is made, so a slow answer holds up nothing.
func (b *Bot) probe(ctx, hurry context.Context) {
	due, err := b.outbox.DueProbes(ctx, probeAgain)
	if err != nil {
		b.storeTrouble(ctx, "find paused channels", err)
		return
	}
	places := map[string][]Channel{}
	for _, id := range due {
		if ch, ok := b.channels[id]; ok && ch.Notifier != nil {
			places[ch.Place] = append(places[ch.Place], ch)
		}
	}
	for _, paused := range places {
		b.running.Go(func() { b.reopen(hurry, paused) })
	}
}

// reopen asks about the paused channels of a place, one after the other. When
// the place as a whole refuses, it is not asked about the others.
func (b *Bot) reopen(ctx context.Context, paused []Channel) {
	told := map[string]bool{} // as it was before the first of them delivers
	for _, ch := range paused {
		told[ch.ID] = b.pauseTold(ch)
	}
	for _, ch := range paused {
		err := usable(ctx, ch)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			b.open(ctx, ch, told[ch.ID])
			continue
		}
		scope := notifiers.WholeChannel
		if told, ok := errors.AsType[*notifiers.Error](err); ok && told.Scope == notifiers.WholePlace {
			scope = told.Scope
		}
		b.reportPause(ch, scope, err.Error())
		if scope == notifiers.WholePlace {
			return
		}
	}
}

// usable finds out whether a channel can be used. A place that cannot be asked is
// tried with what is owed.
func usable(ctx context.Context, ch Channel) error {
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
func (b *Bot) open(ctx context.Context, ch Channel, told bool) {
	if err := b.outbox.OpenChannel(ctx, ch.ID); err != nil {
		b.log.Error("channel could not be opened again; it is asked again later", "channel", ch.ID, "error", err)
		return
	}
	b.deliverWake.ring()
	if !told { // the process that told of it has ended since
		b.log.Info("channel open again", "channel", ch.ID)
	}
}

// reportPause tells of a pause once, however many deliveries meet it and
// however often a probe finds it unchanged.
func (b *Bot) reportPause(ch Channel, scope notifiers.Scope, why string) {
	whole, one := pause{ch.Place, ""}, pause{ch.Place, ch.ID}
	b.mu.Lock()
	if scope == notifiers.WholePlace {
		one = whole
	} else {
		delete(b.told, whole) // the place answers for this channel alone
	}
	told := b.told[one]
	b.told[one] = true
	b.mu.Unlock()
	switch {
	case told:
		b.log.Debug("still paused", "place", one.place, "channel", ch.ID, "error", why)
	case scope == notifiers.WholePlace:
		b.log.Error("place paused; the deliveries of all its channels wait and it is asked again every 15 minutes", "place", ch.Place, "error", why)
	default:
		b.log.Error("channel paused; its deliveries wait and it is asked again every 15 minutes", "channel", ch.ID, "error", why)
	}
}

// pauseTold reports whether the operator was told that nothing reaches the channel.
func (b *Bot) pauseTold(ch Channel) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.told[pause{ch.Place, ""}] || b.told[pause{ch.Place, ch.ID}]
}

// pauseOver forgets a pause, since the place settled a delivery: that a probe
// passed proves less. It reports whether the operator was told of one.
func (b *Bot) pauseOver(ch Channel) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	whole, one := pause{ch.Place, ""}, pause{ch.Place, ch.ID}
	told := b.told[whole] || b.told[one]
	delete(b.told, whole)
	delete(b.told, one)
	return told
}
