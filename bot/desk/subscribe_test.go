package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/bot/desk"
	"onrecord/notifiers"
)

// followed keeps subscriptions in memory.
type followed struct {
	desk.Following
	list    []bot.Subscription
	refused error // by the place
}

func (f *followed) Subscriptions(context.Context) ([]bot.Subscription, error) { return f.list, nil }
func (f *followed) Subscribed() []bot.Subscription                            { return f.list }
func (f *followed) Rehearse(context.Context, bot.Subscription, []string) (string, error) {
	return "", f.refused
}
func (f *followed) Follow(context.Context) error { return nil }
func (f *followed) Now() time.Time               { return now }
func (f *followed) Subscribe(_ context.Context, s bot.Subscription, _ bot.MadeChange) (bot.Subscription, error) {
	s.ID = int64(len(f.list) + 1)
	f.list = append(f.list, s)
	return s, nil
}

// asked keeps questions in memory.
type asked map[string]string

func (a asked) Ask(_ context.Context, question string) (string, error) {
	name := fmt.Sprint(len(a))
	a[name] = question
	return name, nil
}
func (a asked) Asked(_ context.Context, name string) (string, error) { return a[name], nil }

// A channel is subscribed by who may manage it, when they confirm in time what they asked there, and when it can be posted in at that moment, too.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	const here, there = "10", "11"
	bo, cy := notifiers.Reader{ID: "1", Name: "Bo"}, notifiers.Reader{ID: "2", Name: "Cy"}
	in := func(channel string, by notifiers.Reader, manages bool, elsewhere ...string) notifiers.Request {
		return notifiers.Request{Channel: channel, By: by, Manages: manages, Managed: elsewhere, Values: map[string]string{}}
	}
	to := func(r notifiers.Request, channel string) notifiers.Request { r.Values["channel"] = channel; return r }
	broken := &notifiers.Error{Outcome: notifiers.Permanent, Err: errors.New("the bot lacks Embed Links")}
	said := record{statement: onrecord.Statement{No: 1, Case: "nh", Speaker: "Harbor Labs", Lane: onrecord.Record, Seen: now, Parts: []onrecord.Post{{Text: "We never opened the drive."}}}}
	for name, c := range map[string]struct {
		ask, press notifiers.Request // without a channel: the answer has no button
		later      time.Duration
		told       []bot.Subscription
		refused    [2]error
		want       string
	}{
		"by who may":                           {ask: in(here, bo, true), press: in(here, bo, true), want: "Saved."},
		"by who may not":                       {ask: in(here, bo, false), want: "Only those with Manage Server"},
		"by who may not any more":              {ask: in(here, bo, true), press: in(here, bo, false), want: "Only those with Manage Server"},
		"another channel":                      {ask: to(in(here, bo, true, there), there), press: in(here, bo, true), want: "Saved."},
		"another channel, managed by others":   {ask: to(in(here, bo, true), there), want: "You may not manage that channel"},
		"another channel beside one of theirs": {ask: to(in(here, bo, true, "12"), there), want: "You may not manage that channel"},
		"confirmed by another":                 {ask: in(here, bo, true), press: in(here, cy, true), want: "too old to be confirmed"},
		"confirmed elsewhere":                  {ask: in(here, bo, true), press: in(there, bo, true), want: "too old to be confirmed"},
		"confirmed in time":                    {ask: in(here, bo, true), press: in(here, bo, true), later: 15 * time.Minute, want: "Saved."},
		"confirmed too late":                   {ask: in(here, bo, true), press: in(here, bo, true), later: 16 * time.Minute, want: "too old to be confirmed"},
		"nothing can be posted":                {ask: in(here, bo, true), refused: [2]error{broken}, want: "Nothing was saved: the bot lacks Embed Links."},
		"nothing can be posted any more":       {ask: in(here, bo, true), press: in(here, bo, true), refused: [2]error{nil, broken}, want: "Nothing was saved: the bot lacks Embed Links."},
		"nobody can tell":                      {ask: in(here, bo, true), refused: [2]error{&notifiers.Error{Outcome: notifiers.Unknown, Err: errors.New("down")}}, want: "could not be found out just now"},
		"subscribed already":                   {ask: in(here, bo, true), told: []bot.Subscription{{Place: "wall", Address: here, Case: "nh", By: "Cy (wall 2)"}}, want: "subscribed to Northwind Data v. Harbor Labs already, by Cy"},
		"somebody's, taken back":               {ask: in(here, bo, true), press: in(here, bo, true), told: []bot.Subscription{{Place: "wall", Address: here, Case: "nh", Ends: now}}, want: "Saved."},
		"the operator's":                       {ask: in("20", bo, true), want: "has it in the configuration"},
	} {
		clock, f := now, &followed{list: slices.Clone(c.told), refused: c.refused[0]}
		newsroom := bot.Channel{Target: notifiers.Target{ID: "newsroom", Address: "20", Lane: onrecord.Record}, Cases: []string{"nh"}}
		commands := desk.Commands(desk.Setup{
			Visitor: bot.Visitor{Record: said, Cases: []onrecord.Case{nh}}, Channels: func() []bot.Channel { return []bot.Channel{newsroom} },
			Questions: asked{}, Following: f, Place: "wall", Now: func() time.Time { return clock },
		})
		i := slices.IndexFunc(commands, func(c notifiers.Command) bool { return c.Name == "subscribe" })
		a, err := commands[i].Run(t.Context(), c.ask)
		if err == nil && len(a.Buttons) > 0 && a.Buttons[0].Press != "" {
			if len(f.list) != len(c.told) {
				t.Errorf("%s: it is saved before it is confirmed", name)
			}
			clock, f.refused, c.press.Press = clock.Add(c.later), c.refused[1], a.Buttons[0].Press
			a, err = commands[i].Run(t.Context(), c.press)
		} else if c.press.Channel != "" {
			t.Errorf("%s: nothing can be confirmed: %q", name, a.Head)
		}
		made := len(f.list) - len(c.told)
		if err != nil || !strings.Contains(a.Head, c.want) || (made == 1) != (c.want == "Saved.") || made > 1 {
			t.Errorf("%s: %d are saved, and the answer is %q, %v; want %q", name, made, a.Head, err, c.want)
		}
		if made == 1 && f.list[len(c.told)].Address != map[bool]string{true: there, false: here}[c.ask.Values["channel"] != ""] {
			t.Errorf("%s: subscribed is %+v", name, f.list)
		}
	}
}
