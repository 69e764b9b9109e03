package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/statements/card"
)

// Following is what a desk needs for people to follow a case where they are.
type Following interface {
	bot.Subscriptions
	bot.Digests
	// Now subscribed, as this process knows it: what is suggested takes no database.
	Subscribed() []bot.Subscription
	// Rehearse tries out whether a subscription can be delivered, as [notifiers.Rehearser]
	// does, and whether the role that it calls can be called, and given by somebody who has
	// some roles: see [notifiers.RoleGiver]. It returns what is special about the channel, in
	// words; "" for one in which a message was posted and taken back. The error may be a
	// [notifiers.RefusedError].
	Rehearse(ctx context.Context, s bot.Subscription, has []string) (special string, err error)
	// Follow makes good at once what was changed.
	Follow(ctx context.Context) error
}

// confirmFor is how long a button that saves something may be pressed.
const confirmFor = 15 * time.Minute

// wish is what somebody wants to be changed. The button that confirms it holds its name.
type wish struct {
	Do      string    `json:"do"` // the command
	By      string    `json:"by"` // who may confirm it
	In      string    `json:"in"` // the channel it was asked in
	At      time.Time `json:"at"`
	Address string    `json:"address,omitempty"` // of the channel it is about
	Case    string    `json:"case,omitempty"`
	bot.Selection
	Publish bool      `json:"publish,omitempty"`
	Ping    string    `json:"ping,omitempty"`
	Digest  string    `json:"digest,omitempty"`
	Channel string    `json:"channel,omitempty"` // its id
	For     string    `json:"for,omitempty"`
	Account string    `json:"account,omitempty"` // its address, as it was typed, or its id
	From    time.Time `json:"from,omitzero"`     // where a digest begins
}

func (w wish) subscription(place string) bot.Subscription {
	return bot.Subscription{Place: place, Address: w.Address, Case: w.Case, Selection: w.Selection, Publish: w.Publish, Ping: w.Ping, Digest: w.Digest}
}

// asks keeps a wish and returns the button that confirms it.
func (d desk) asks(ctx context.Context, r notifiers.Request, w wish, text string) (notifiers.Button, error) {
	w.By, w.In, w.At = r.By.ID, r.Channel, d.Now().Truncate(time.Second)
	press, err := d.keep(ctx, w)
	return notifiers.Button{Text: text, Command: w.Do, Press: press}, err
}

// wished is what a button confirms, if who pressed it may: the one who asked, where it was
// asked, soon enough.
func (d desk) wished(ctx context.Context, r notifiers.Request, command string) (w wish, refused string, err error) {
	known, err := d.kept(ctx, r.Press, &w)
	if err != nil {
		return w, "", err
	}
	if !known || w.Do != command || w.By != r.By.ID || w.In != r.Channel || d.Now().Sub(w.At).Abs() > confirmFor {
		return w, fmt.Sprintf("That is too old to be confirmed. Call /%s again.", command), nil
	}
	return w, "", nil
}

func (d desk) manager(r notifiers.Request) bot.Manager {
	return bot.Manager{Subscriptions: d.Following, Visitor: d.Visitor, Name: d.moderator(r).Name}
}

// subscribe has a channel told of a case: what would come of it is shown first, and saved
// when that is confirmed.
func (d desk) subscribe(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	w := wish{Do: "subscribe", Address: r.Channel}
	refused, err := "", error(nil)
	if r.Press != "" {
		w, refused, err = d.wished(ctx, r, w.Do)
	} else {
		refused = d.wishes(r, &w)
	}
	if !r.Manages && w.Address == r.Channel {
		return refusal(onlyManagers, "have it told of a case")
	}
	if err != nil || refused != "" {
		return notifiers.Answer{Head: refused}, err
	}
	s, m := w.subscription(d.Place), d.manager(r)
	if why, err := d.told(ctx, s); err != nil || why != "" {
		return notifiers.Answer{Head: why}, err
	}
	if s.Ping != "" && !r.GivesRoles {
		return refusal("Only those with Manage Roles here can have a role called: /notify role gives it to whoever asks. Leave ping out, or ask one of them.")
	}
	special, err := d.Following.Rehearse(ctx, s, r.Roles)
	if err != nil {
		return unusable(err)
	}
	where := "this channel"
	if s.Address != r.Channel {
		where = "the channel you named"
	}
	if r.Press != "" {
		return d.subscribed(ctx, m, s, where)
	}
	o, err := m.Outlook(ctx, s)
	if err != nil {
		return notifiers.Answer{}, err
	}
	save, err := d.asks(ctx, r, w, "Save")
	if err != nil {
		return notifiers.Answer{}, err
	}
	a := notifiers.Answer{
		Head:    fmt.Sprintf("%s can be told of %s. %s Over the last %d days this would have brought %s. Nothing is saved yet.", strings.ToUpper(where[:1])+where[1:], m.Of(s), rehearsed(special), bot.OutlookDays, messages(o)),
		Buttons: []notifiers.Button{save},
		Foot:    "These would have been the last ones. Older statements are not posted again; /statements shows them.",
	}
	if len(o.Latest) == 0 {
		a.Foot = "There would have been none until now."
	}
	a.Entries, err = d.list(ctx, o.Latest)
	return a, err
}

func rehearsed(special string) string {
	if special != "" {
		return "It is " + special + "."
	}
	return "A trial message was posted there and taken back."
}

func messages(o bot.Outlook) string {
	text := card.Plural(o.Messages, "message")
	if o.More {
		return "more than " + text
	}
	return text
}

// wishes reads what somebody typed, or says what is wrong with it.
func (d desk) wishes(r notifiers.Request, w *wish) (refused string) {
	if to := r.Values["channel"]; to != "" {
		w.Address = to
	}
	if w.Address != r.Channel && !slices.Contains(r.Managed, w.Address) {
		return "You may not manage that channel. Ask somebody there with Manage Channels or Manage Server."
	}
	name := r.Values["case"]
	if name == "" && len(d.Visitor.Cases) == 1 {
		name = d.Visitor.Cases[0].ID
	}
	c, err := d.Visitor.Case(name)
	if err != nil {
		return unknownCase(err)
	}
	w.Case = c.ID
	for _, name := range parts(r.Values["speakers"]) {
		who, known := c.Find(name)
		if !known {
			return unknownPerson(name, c)
		}
		if !slices.Contains(w.Speakers, who.Name) {
			w.Speakers = append(w.Speakers, who.Name)
		}
	}
	kinds := parts(r.Values["kinds"])
	for _, kind := range kinds {
		if !slices.Contains(bot.SelectedKinds(), kind) {
			return fmt.Sprintf("“%s” is no kind of statement. There are %s.", kind, or(bot.SelectedKinds()))
		}
	}
	w.Novelties = bot.SelectKinds(kinds)
	w.Publish, w.Ping = r.Values["publish"] == "yes", r.Values["ping"]
	if every := r.Values["digest"]; every != "" {
		w.Digest = "@" + every
	}
	return ""
}

// parts are what stands between commas.
func parts(typed string) (list []string) {
	for one := range strings.SplitSeq(typed, ",") {
		if one = strings.TrimSpace(one); one != "" {
			list = append(list, one)
		}
	}
	return list
}

// listed suggests what the last of several that stand between commas may be.
func listed(of func() []string) func(string) []notifiers.Choice {
	return func(typed string) (list []notifiers.Choice) {
		before, last := "", typed
		if i := strings.LastIndexByte(typed, ','); i >= 0 {
			before, last = strings.Join(parts(typed[:i]), ", ")+", ", strings.TrimSpace(typed[i+1:])
		}
		for _, name := range bot.Nearest(last, of()) {
			if !slices.Contains(parts(before), name) {
				list = append(list, plainly([]string{before + name})...)
			}
		}
		return list
	}
}

// told says why a channel needs no subscription: it is told already.
func (d desk) told(ctx context.Context, s bot.Subscription) (refused string, err error) {
	for _, c := range d.Channels() {
		if c.Made == 0 && c.Lane == onrecord.Record && c.Address == s.Address && slices.Contains(c.Cases, s.Case) {
			return fmt.Sprintf("It is told of %s already: whoever runs onrecord has it in the configuration, and only they can change that. /mute holds back what it is told.", d.title(s.Case)), nil
		}
	}
	all, err := d.Following.Subscriptions(ctx)
	if err != nil {
		return "", err
	}
	for _, other := range all {
		if other.Place == s.Place && other.Address == s.Address && other.Case == s.Case && other.Ends.IsZero() {
			return fmt.Sprintf("It is subscribed to %s already, by %s since %s. To change what it is told, /unsubscribe there first.", d.title(s.Case), plainName(other.By), day(other.Made)), nil
		}
	}
	return "", nil
}

// plainName is the name alone of who did something at a place.
func plainName(by string) string {
	name, _, _ := strings.Cut(by, " (")
	return name
}

// unusable says why nothing can be posted in a channel, and offers what mends it.
func unusable(err error) (notifiers.Answer, error) {
	if why, ok := errors.AsType[notifiers.RefusedError](err); ok {
		return refusal("Nothing was saved. %s", why.Why)
	}
	failed, ok := errors.AsType[*notifiers.Error](err)
	if !ok {
		return notifiers.Answer{}, err
	}
	if failed.Outcome != notifiers.Permanent {
		return refusal("It could not be found out just now whether messages can be posted there. Nothing was saved; try again in a minute.")
	}
	text, _, _ := strings.Cut(failed.Err.Error(), ": https://")
	if _, why, ok := strings.Cut(text, ": "); ok { // what was being done is of no use to them
		text = why
	}
	a := notifiers.Answer{Head: "Nothing was saved: " + strings.TrimSuffix(text, ".") + "."}
	if failed.Cure != "" {
		a.Buttons = []notifiers.Button{{Text: "Invite it again", URL: failed.Cure}}
		a.Foot = "Inviting it takes Manage Server. Then try again."
	}
	return a, nil
}

// subscribed saves a subscription.
func (d desk) subscribed(ctx context.Context, m bot.Manager, s bot.Subscription, where string) (notifiers.Answer, error) {
	if !slices.ContainsFunc(d.Visitor.Cases, func(c onrecord.Case) bool { return c.ID == s.Case }) {
		return refusal("That case is not followed any more. Nothing was saved.")
	}
	s, err := m.Subscribe(ctx, s)
	switch {
	case errors.Is(err, bot.ErrSubscribed), errors.Is(err, bot.ErrFull):
		return refusal("Nothing was saved: %v.", err)
	case err != nil:
		return notifiers.Answer{}, err
	}
	return notifiers.Answer{Head: fmt.Sprintf("Saved. From now on %s is told of %s. /mute holds it back for a while, /unsubscribe ends it.", where, m.Of(s))}, d.Following.Follow(ctx)
}

// here are the subscriptions of a channel.
func (d desk) here(all []bot.Subscription, address string) (list []bot.Subscription) {
	for _, s := range all {
		if s.Place == d.Place && s.Address == address && s.Ends.IsZero() {
			list = append(list, s)
		}
	}
	return list
}

func (d desk) suggestSubscriptions(channel, typed string) []notifiers.Choice {
	words, ids := d.inWords(d.here(d.Following.Subscribed(), channel))
	return named(typed, words, ids)
}

// inWords are subscriptions as people read them, and their ids.
func (d desk) inWords(list []bot.Subscription) (words, ids []string) {
	for _, s := range list {
		words, ids = append(words, bot.Manager{Visitor: d.Visitor}.Of(s)), append(ids, s.Channel())
	}
	return words, ids
}

// named are choices by their words, nearest first, that stand for something else.
func named(typed string, words, values []string) (list []notifiers.Choice) {
	for _, c := range plainly(bot.Nearest(typed, words)) {
		c.Value = values[slices.Index(words, c.Value)]
		list = append(list, c)
	}
	return list
}

// pick finds what somebody named of what there is: by its id, by its words, or because
// there is no other.
func pick(typed string, choices []notifiers.Choice) (id, refused string) {
	if typed == "" && len(choices) == 1 {
		return choices[0].Value, ""
	}
	var words []string
	for _, c := range choices {
		label := c.Labels["en"].Name
		if c.Value == typed || strings.EqualFold(label, typed) {
			return c.Value, ""
		}
		words = append(words, "“"+label+"”")
	}
	words = words[:min(len(words), 3)]
	if typed == "" {
		return "", fmt.Sprintf("Say which: %s.", or(words))
	}
	return "", fmt.Sprintf("There is no “%s” here. Did you mean %s?", typed, or(words))
}

// unsubscribe takes a subscription of this channel back, in two steps, and undoes that for
// a while.
func (d desk) unsubscribe(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	if !r.Manages {
		return refusal(onlyManagers, "end what it is told")
	}
	all, err := d.Following.Subscriptions(ctx)
	if err != nil {
		return notifiers.Answer{}, err
	}
	m := d.manager(r)
	if r.Press != "" {
		return d.unsubscribed(ctx, m, r, all)
	}
	here := d.here(all, r.Channel)
	words, ids := d.inWords(here)
	if len(here) == 0 {
		if slices.ContainsFunc(d.Channels(), func(c bot.Channel) bool { return c.Made == 0 && c.Address == r.Channel && c.Lane == onrecord.Record }) {
			return refusal("What this channel is told stands in the configuration of whoever runs onrecord, and only they can end it. /mute holds it back for a while.")
		}
		return refusal("This channel is subscribed to nothing. /subscribe has it told of a case.")
	}
	id, refused := pick(r.Values["what"], named(r.Values["what"], words, ids))
	if refused != "" {
		return notifiers.Answer{Head: refused}, nil
	}
	s := here[slices.Index(ids, id)]
	o, err := m.Outlook(ctx, s)
	if err != nil {
		return notifiers.Answer{}, err
	}
	return notifiers.Answer{
		Head:    fmt.Sprintf("This channel would no longer be told of %s, which brought %s over the last %d days. Nothing is changed yet.", m.Of(s), messages(o), bot.OutlookDays),
		Foot:    "What was posted stays. It can be undone for a quarter of an hour, and nothing of that time is lost then.",
		Buttons: []notifiers.Button{{Text: "Unsubscribe", Command: "unsubscribe", Press: "c" + strconv.FormatInt(s.ID, 10)}},
	}, nil
}

// unsubscribed does what a button says: "c7" ends the subscription, "u7" undoes that.
func (d desk) unsubscribed(ctx context.Context, m bot.Manager, r notifiers.Request, all []bot.Subscription) (notifiers.Answer, error) {
	number, err := strconv.ParseInt(r.Press[1:], 10, 64)
	i := slices.IndexFunc(all, func(s bot.Subscription) bool {
		return err == nil && s.ID == number && s.Place == d.Place && s.Address == r.Channel
	})
	if i < 0 {
		return refusal("That subscription is over. /subscribe makes a new one.")
	}
	s := all[i]
	if r.Press[0] == 'u' {
		err = m.Resubscribe(ctx, s)
	} else {
		err = m.Unsubscribe(ctx, s)
	}
	switch {
	case errors.Is(err, bot.ErrUnsubscribed), errors.Is(err, bot.ErrSubscribed):
		return refusal("Nothing was changed: %v.", err)
	case err != nil:
		return notifiers.Answer{}, err
	case r.Press[0] == 'u':
		return notifiers.Answer{Head: fmt.Sprintf("Undone: this channel is told of %s, and of what came meanwhile.", m.Of(s))}, d.Following.Follow(ctx)
	}
	return notifiers.Answer{
		Head:    fmt.Sprintf("This channel is no longer told of %s.", m.Of(s)),
		Buttons: []notifiers.Button{{Text: "Undo", Command: "unsubscribe", Press: "u" + strconv.FormatInt(s.ID, 10)}},
	}, d.Following.Follow(ctx)
}

// toldOf is what a channel is told: its subscriptions, with who made them, and what else
// people decided about what it is told.
func (d desk) toldOf(ctx context.Context, v bot.Overview, channel string) (list []notifiers.Entry, err error) {
	if d.Following == nil {
		return nil, nil
	}
	facts := func(id string) (facts []string) {
		if i := slices.IndexFunc(v.Channels, func(c bot.TrackedChannel) bool { return c.ID == id && !c.Held.IsZero() }); i >= 0 {
			facts = append(facts, "muted until "+moment(v.Channels[i].Held))
		}
		if c, told := d.channel(id); told && c.Digest.String() != "" {
			facts = append(facts, "its digest comes "+inWords(c.Digest.String()))
		}
		return facts
	}
	all, err := d.Following.Subscriptions(ctx)
	for _, s := range d.here(all, channel) {
		made := "since " + day(s.Made) + ", by " + plainName(s.By)
		list = append(list, notifiers.Entry{Title: "This channel is told of " + bot.Manager{Visitor: d.Visitor}.Of(s), Facts: append([]string{made}, facts(s.Channel())...)})
	}
	words, ids := d.toldHere(nil, channel)
	for i, id := range ids {
		if more := facts(id); len(more) > 0 {
			list = append(list, notifiers.Entry{Title: words[i], Facts: more})
		}
	}
	return list, err
}

// channel finds one that is told now.
func (d desk) channel(id string) (c bot.Channel, told bool) {
	list := d.Channels()
	if i := slices.IndexFunc(list, func(c bot.Channel) bool { return c.ID == id }); i >= 0 {
		return list[i], true
	}
	return c, false
}

// loggedLately is how many changes the log shows.
const loggedLately = 15

// log tells who changed what of this channel, and of the record, newest first.
func (d desk) log(ctx context.Context, v bot.Overview, channel string) (notifiers.Answer, error) {
	type line struct {
		at time.Time
		notifiers.Entry
	}
	var lines []line
	for _, c := range v.Corrections {
		title, text, _ := strings.Cut(c.String(), "; ")
		lines = append(lines, line{c.At, notifiers.Entry{Title: c.Statement + " " + plainName(title), Facts: []string{text}}})
	}
	if d.Following != nil {
		list, err := d.Following.Changes(ctx, d.Place, channel, loggedLately)
		if err != nil {
			return notifiers.Answer{}, err
		}
		for _, c := range list {
			lines = append(lines, line{c.At, notifiers.Entry{Title: plainName(c.By), Facts: []string{c.What}}})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return b.at.Compare(a.at) })
	a := notifiers.Answer{Head: "What people changed of this channel, and of the record, newest first", Foot: "Who accepted or rejected a statement stands in /why."}
	if len(lines) == 0 {
		a.Head = "Nobody has changed anything of this channel, or of the record"
	}
	for _, l := range lines[:min(len(lines), loggedLately)] {
		l.At = l.at
		a.Entries = append(a.Entries, l.Entry)
	}
	return a, nil
}
