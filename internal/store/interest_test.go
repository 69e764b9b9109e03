package store_test

import (
	"slices"
	"strings"
	"testing"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
)

// Who asked for a statement is owed it in a lane of their own, once. One who cannot be told
// any more is switched off with the reason, and nobody else suffers.
func TestReadersAreOwedWhatTheyAskedFor(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		keep := func(channel, reader, words string) {
			must(t, s.KeepInterest(t.Context(), bot.Interest{Channel: channel, Reader: notifiers.Reader{ID: reader, Name: "Ann"}, Words: words}))
		}
		arrive(t, s, post("1"), post("2"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		word, _, _ := strings.Cut(u.Post.Text, " ")
		keep("a", "7", "+"+word)
		keep("a", "7", "+"+word+" +another")
		keep("a", "8", "+"+word)
		keep("a", "9", "-"+word+" +another")
		keep("elsewhere", "7", "+"+word)
		st := owe(t, s)
		must(t, s.Close()) // dies before anything is sent
		s = open(t, where)
		lanes := map[string]bot.Delivery{}
		for _, d := range renderedAll(t, s) {
			lanes[d.Channel] = d
		}
		if len(lanes) != 4 || lanes["a/@7"].Kind != onrecord.Personal || lanes["a/@8"].Subject != st.Number() || lanes["a/@7"].Key == lanes["a/@8"].Key {
			t.Fatalf("owed: %+v", lanes)
		}
		must(t, s.FinishAttempt(t.Context(), lanes["a/@7"], bot.AttemptResult{State: bot.Dead, Pause: notifiers.OneReader, Error: "left"}))
		must(t, s.FinishAttempt(t.Context(), lanes["a/@8"], bot.AttemptResult{State: bot.Sent}))
		gone, err := s.Interests(t.Context(), "a", "7")
		must(t, err)
		if len(gone) != 2 || gone[0].Off != "left" || gone[1].Off != "left" || gone[0].Reader.Name != "Ann" {
			t.Errorf("of who left: %+v", gone)
		}
		if other, err := s.Interests(t.Context(), "elsewhere", "7"); err != nil || len(other) != 1 || other[0].Off != "" {
			t.Errorf("elsewhere: %+v, %v", other, err)
		}
		owe(t, s)
		must(t, s.DropInterests(t.Context(), "a", "8"))
		for _, d := range renderedAll(t, s) {
			if strings.Contains(d.Channel, bot.ReaderLane) {
				t.Errorf("owed still: %+v", d)
			}
		}
		status, err := s.Status(t.Context())
		must(t, err)
		if slices.ContainsFunc(status.Channels, func(c bot.ChannelStatus) bool { return strings.Contains(c.ID, bot.ReaderLane) }) {
			t.Errorf("who reads is shown: %+v", status.Channels)
		}
	})
}

// renderedAll claims whatever is due.
func renderedAll(t *testing.T, s *store.Store) []bot.Delivery {
	t.Helper()
	heads, first, err := s.Due(t.Context(), 20)
	must(t, err)
	var rendered []bot.Rendered
	for _, u := range first {
		must(t, u.Err)
		rendered = append(rendered, bot.Rendered{Delivery: u.Delivery, Message: notifiers.Message{Body: []byte("x")}})
	}
	list, err := s.ClaimDeliveries(t.Context(), lease, heads, rendered)
	must(t, err)
	return list
}
