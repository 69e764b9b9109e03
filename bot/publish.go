package bot

import (
	"context"
	"time"

	"onrecord/notifiers"
)

// publishEvery is in what time nine messages are published from a channel at most. Discord
// takes ten, and a person may want to publish one.
const publishEvery = time.Hour

// publish publishes the message of an earlier delivery. Publishing twice is the same as
// once, and whatever comes of it, the message stays as it is.
func (d *deliverer) publish(ctx context.Context, ch Channel, owed Delivery) AttemptResult {
	now := d.clock.Now()
	publisher, ok := ch.Notifier.(notifiers.Publisher)
	switch {
	case !ok:
		return AttemptResult{State: Dead, Error: "the place publishes nothing"}
	case owed.Awaited:
		return AttemptResult{State: Pending, NextAt: now.Add(backoff(owed.Attempt-1, retryBackoff)), Error: "its message is still owed"}
	case owed.Posted.ID == "":
		return AttemptResult{State: Sent, Error: "there is no message to publish"}
	}
	ninth, err := d.outbox.Ninth(ctx, owed.Channel)
	if err != nil {
		return AttemptResult{State: Pending, NextAt: now.Add(time.Minute), Error: err.Error()}
	}
	if free := ninth.Add(publishEvery); !ninth.IsZero() && free.After(now) {
		return AttemptResult{State: Pending, NextAt: earliest(free, now.Add(LongestWait)), Error: "nine messages were published within the hour"}
	}
	post, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := publisher.Publish(post, ch.Target, owed.Posted); err != nil {
		return d.failed(owed, err, AttemptResult{Maybe: owed.Maybe})
	}
	return AttemptResult{State: Sent, Receipt: owed.Posted}
}
