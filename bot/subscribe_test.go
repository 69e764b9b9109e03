package bot_test

import (
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
)

// A statement goes to those who want it: of the case, by the speaker, of the kind.
func TestAudienceOfASelection(t *testing.T) {
	t.Parallel()
	to := bot.Audience{
		{Channel: "all", Lane: onrecord.Record, Cases: []string{"nh"}},
		{Channel: "wall/1", Lane: onrecord.Record, Cases: []string{"nh"}, Only: bot.Selection{Speakers: []string{"Harbor Labs"}}},
		{Channel: "wall/2", Lane: onrecord.Record, Cases: []string{"nh"}, Only: bot.Selection{Novelties: bot.SelectKinds([]string{"repeats"})}},
		{Channel: "wall/2/publish", Lane: onrecord.Published, Cases: []string{"nh"}, Only: bot.Selection{Speakers: []string{"Ivo Lind"}}},
	}
	for _, c := range []struct {
		s         onrecord.Statement
		told      int
		published int
	}{
		{onrecord.Statement{Case: "nh", Lane: onrecord.Record, Speaker: "Harbor Labs", Novelty: onrecord.New}, 2, 0},
		{onrecord.Statement{Case: "nh", Lane: onrecord.Record, Speaker: "Ivo Lind", Novelty: onrecord.New}, 1, 1},
		{onrecord.Statement{Case: "nh", Lane: onrecord.Record, Speaker: "Ivo Lind", Novelty: onrecord.Restates}, 2, 0},
		{onrecord.Statement{Case: "other", Lane: onrecord.Record, Speaker: "Harbor Labs", Novelty: onrecord.New}, 0, 0},
	} {
		if told, published := to.Of(c.s), to.Publishing(c.s); len(told) != c.told || len(published) != c.published {
			t.Errorf("%+v is told to %v and published from %v", c.s, told, published)
		}
	}
}

// A channel that people subscribed and then lost is theirs to mend; one of the operator's,
// and one that people hold back, or that waits for room to publish, is told as it is.
func TestReasonsLeaveSubscriptionsOut(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 5, 14, 15, 0, 0, time.UTC)
	long := now.Add(-time.Hour)
	for _, c := range []struct {
		channel bot.ChannelStatus
		reasons int
	}{
		{bot.ChannelStatus{ID: "readers", Paused: "gone"}, 1},
		{bot.ChannelStatus{ID: "readers", Owed: 1, Oldest: long}, 1},
		{bot.ChannelStatus{ID: "readers", Owed: 1, Oldest: long, Held: now.Add(time.Hour)}, 0},
		{bot.ChannelStatus{ID: "readers", Owed: 1, Oldest: long, Held: now.Add(-time.Minute)}, 0},
		{bot.ChannelStatus{ID: "readers", Owed: 1, Oldest: long, Held: now.Add(-20 * time.Minute)}, 1},
		{bot.ChannelStatus{ID: "readers/publish", Paused: "gone"}, 1},
		{bot.ChannelStatus{ID: "readers/publish", Owed: 1, Oldest: now.Add(-50 * time.Minute)}, 0}, // it may have no room for an hour
		{bot.ChannelStatus{ID: "readers/publish", Owed: 1, Oldest: now.Add(-80 * time.Minute)}, 1},
		{bot.ChannelStatus{ID: "discord/7", Paused: "gone"}, 0},
		{bot.ChannelStatus{ID: "discord/7/publish", Paused: "gone"}, 0},
	} {
		if r := (bot.Status{Now: now, Channels: []bot.ChannelStatus{c.channel}}).Reasons(now); len(r) != c.reasons {
			t.Errorf("%+v: %q", c.channel, r)
		}
	}
}
