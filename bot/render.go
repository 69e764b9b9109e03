package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"onrecord"
	"onrecord/notifiers"
)

// Unrendered is a delivery that was not attempted yet, with what its channel is
// to be told.
type Unrendered struct {
	Delivery int64
	Subject  string
	Channel  string
	Notice   onrecord.Notice // without its case
	Err      error           // what it is about cannot be read
}

// Rendered is what came of an unrendered delivery.
type Rendered struct {
	Delivery int64
	Message  notifiers.Message // none yet where the channel has no notifier
	Err      error             // why there will be none
	stack    []byte            // where the notifier broke
}

// render gives a notice the form of its channel's place. It holds text from
// outside: one that breaks the notifier must cost its own delivery alone.
func (d *deliverer) render(ctx context.Context, u Unrendered) (r Rendered) {
	r.Delivery = u.Delivery
	defer func() {
		if broken := recover(); broken != nil {
			r.Err, r.stack = fmt.Errorf("it broke the notifier, please report it: %v", broken), debug.Stack()
		}
		if r.Err != nil {
			r.Message, r.Err = notifiers.Message{}, fmt.Errorf("render %s for %s: %w", u.Subject, u.Channel, r.Err)
		}
	}()
	ch, _ := d.channels.find(u.Channel)
	if u.Err != nil || ch.Notifier == nil {
		r.Err = u.Err
		return r
	}
	if u.Notice.Kind().Publishes() != "" {
		r.Message.Body = []byte{'-'} // nothing of it is shown
		return r
	}
	if r.Message, r.Err = ch.Notifier.Render(Linked(ctx, ch, u.Notice.In(d.cases))); len(r.Message.Body) == 0 {
		r.Err = cmp.Or(r.Err, errors.New("the notifier made an empty message of it"))
	}
	return r
}

// reportRendering tells of what will not be delivered.
func (d *deliverer) reportRendering(u Unrendered, r Rendered) {
	if r.Err == nil {
		return
	}
	log := d.log.With("subject", u.Subject, "channel", u.Channel, "error", r.Err)
	if r.stack != nil {
		log = log.With("stack", string(r.stack))
	}
	log.Error("notice could not be rendered; `onrecord outbox` lists it")
}
