package discord_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
)

// A message has an address once its server is known, which is asked for once.
func TestLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		posted, err := w.send(t, suit(nil))
		if err != nil {
			t.Fatal(err)
		}
		linker := w.notifier.(notifiers.Linker)
		w.Break(discordtest.Rule{Fault: discordtest.ServerError, Method: http.MethodGet, Route: "/channels/{c}", Nth: 1})
		if got := linker.Link(t.Context(), target, posted); got != "" {
			t.Errorf("without an answer: %q", got)
		}
		for range 3 {
			if got, want := linker.Link(t.Context(), target, posted), "https://discord.com/channels/"+discordtest.GuildID+"/"+room+"/"+posted.ID; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		if n := w.Requests(http.MethodGet, "/channels/{c}"); n != 2 {
			t.Errorf("asked %d times", n)
		}
		if got := linker.Link(t.Context(), target, notifiers.Receipt{}); got != "" {
			t.Errorf("no message is at %q", got)
		}
	})
}
