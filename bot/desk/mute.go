package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/statements/card"
)

// muteFor is for how long what a channel is told can be held back.
var muteFor = []string{"1h", "8h", "morning", "off"}

// morningHour is when "until the morning" ends, in UTC.
const morningHour = 8

// until is when a mute that begins now is over; zero: it is over now.
func until(spec string, now time.Time) time.Time {
	switch spec {
	case "1h":
		return now.Add(time.Hour)
	case "8h":
		return now.Add(8 * time.Hour)
	case "morning":
		y, m, day := now.UTC().Date()
		if at := time.Date(y, m, day, morningHour, 0, 0, 0, time.UTC); at.After(now) {
			return at
		}
		return time.Date(y, m, day+1, morningHour, 0, 0, 0, time.UTC)
	}
	return time.Time{}
}

// toldHere are the queues of a channel, in words: what is subscribed, and what the
// configuration has.
func (d desk) toldHere(all []bot.Subscription, channel string) (words, ids []string) {
	words, ids = d.inWords(d.here(all, channel))
	for _, c := range d.Channels() {
		if c.Made == 0 && c.Address == channel && c.Lane == onrecord.Record {
			words, ids = append(words, "Everything that "+c.ID+" is told"), append(ids, c.ID)
		}
	}
	return words, ids
}

func (d desk) suggestTold(channel, typed string) []notifiers.Choice {
	words, ids := d.toldHere(d.Following.Subscribed(), channel)
	return named(typed, words, ids)
}

// mute holds back what this channel is told, in two steps. Nothing of it is lost.
func (d desk) mute(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	if !r.Manages {
		return refusal(onlyManagers, "hold back what it is told")
	}
	w := wish{Do: "mute", For: r.Values["for"]}
	if r.Press != "" {
		var refused string
		var err error
		if w, refused, err = d.wished(ctx, r, w.Do); err != nil || refused != "" {
			return notifiers.Answer{Head: refused}, err
		}
	}
	if !slices.Contains(muteFor, w.For) {
		return refusal("“%s” is no time to mute for. There are %s.", w.For, or(muteFor))
	}
	all, err := d.Following.Subscriptions(ctx)
	if err != nil {
		return notifiers.Answer{}, err
	}
	words, ids := d.toldHere(all, r.Channel)
	if len(words) == 0 {
		return refusal("This channel is told of nothing. /subscribe has it told of a case.")
	}
	if r.Press == "" {
		var refused string
		if w.Channel, refused = pick(r.Values["what"], named(r.Values["what"], words, ids)); refused != "" {
			return notifiers.Answer{Head: refused}, nil
		}
	}
	i := slices.Index(ids, w.Channel)
	if i < 0 {
		return refusal("This channel is not told of that any more.")
	}
	end := until(w.For, d.Now())
	if r.Press == "" && w.For != "off" {
		confirm, err := d.asks(ctx, r, w, "Mute")
		return notifiers.Answer{
			Head:    fmt.Sprintf("Until %s nothing would be posted here of: %s. What comes meanwhile is held, and posted then in its order. Nothing is changed yet.", moment(end), words[i]),
			Buttons: []notifiers.Button{confirm},
		}, err
	}
	return d.muted(ctx, r, w, end, words[i])
}

func (d desk) muted(ctx context.Context, r notifiers.Request, w wish, end time.Time, what string) (notifiers.Answer, error) {
	done := "unmuted: "
	if !end.IsZero() {
		done = fmt.Sprintf("muted until %s: ", moment(end))
	}
	m := d.manager(r)
	held, err := m.Subscriptions.Hold(ctx, w.Channel, end, bot.MadeChange{Place: d.Place, Address: r.Channel, By: m.Name, What: done + what})
	if errors.Is(err, bot.ErrUnsubscribed) {
		return refusal("This channel is not told of that any more.")
	}
	if err != nil {
		return notifiers.Answer{}, err
	}
	if end.IsZero() {
		return notifiers.Answer{Head: fmt.Sprintf("Not muted any more: %s. Posted now, in its order: %s.", what, card.Plural(held, "message"))}, d.Following.Follow(ctx)
	}
	undo, err := d.asks(ctx, r, wish{Do: "mute", Channel: w.Channel, For: "off"}, "Undo")
	return notifiers.Answer{
		Head:    fmt.Sprintf("Muted until %s: %s. Held back so far: %s.", moment(end), what, card.Plural(held, "message")),
		Foot:    "/mute for: off ends it earlier, whoever asks for it.",
		Buttons: []notifiers.Button{undo},
	}, err
}
