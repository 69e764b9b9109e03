package bot

import (
	"fmt"
	"runtime/debug"

	"onrecord"
)

// rendered is a notice in the form of a channel's place, or why it has none. A
// notice holds text from outside: one that breaks the notifier costs its own
// deliveries and stops nothing else.
func (b *Bot) rendered(ch Channel, n onrecord.Notice) (due Due) {
	due.Channel = ch.ID
	number, log := n.Statement.Number(), b.log.With("statement", n.Statement.Number(), "channel", ch.ID)
	defer func() {
		if broken := recover(); broken != nil {
			due.Message, due.Error = nil, fmt.Sprintf("render %s for %s: it broke the notifier, please report it: %v", number, ch.ID, broken)
			log.Error("notice could not be rendered", "panic", broken, "stack", string(debug.Stack()))
		}
	}()
	m, err := ch.Notifier.Render(n)
	if err != nil {
		due.Error = fmt.Sprintf("render %s for %s: %v", number, ch.ID, err)
		log.Error("notice could not be rendered", "error", err)
		return due
	}
	due.Message = m
	return due
}
