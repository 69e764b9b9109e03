// Package all lists the places the program can deliver to. A new notifier is
// one folder and one line here.
package all

import (
	"onrecord/notifiers"
	"onrecord/notifiers/console"
	"onrecord/notifiers/discord"
	"onrecord/notifiers/webhook"
)

// Kinds returns every notifier kind, in the order help and documentation show them.
func Kinds() []notifiers.Kind {
	return []notifiers.Kind{discord.Kind(), console.Kind(), webhook.Kind()}
}
