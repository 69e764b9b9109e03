package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

const (
	// nonceWindow is how long Discord surely recognises a nonce. It promises
	// "the past few minutes" and names no figure. The configuration may lower it.
	nonceWindow = time.Minute
	// skew is how far our clock may be from Discord's.
	skew = 15 * time.Minute
	// maxPages bounds a look into the history: 5,000 messages.
	maxPages = 50
	epoch    = 1420070400000 // of Discord's ids, in milliseconds since 1970
)

// Window implements [notifiers.Finder].
func (n *notifier) Window() time.Duration { return n.window }

// Find implements [notifiers.Finder]. It reads the channel's history backwards
// until it meets a message that is older than the delivery: only then is
// absence proven. An empty answer is also what Discord gives to a bot that may
// not read the history.
func (n *notifier) Find(ctx context.Context, to notifiers.Target, q notifiers.Query) (notifiers.Receipt, bool, error) {
	r, found, err := n.findIn(ctx, to, q)
	if err != nil {
		return r, false, fmt.Errorf("look for an unclear message in Discord channel %s: %w", to.Address, err)
	}
	return r, found, nil
}

// findIn looks in the channel, or in the post of a topic where it is a forum.
func (n *notifier) findIn(ctx context.Context, to notifiers.Target, q notifiers.Query) (r notifiers.Receipt, found bool, err error) {
	channel := to.Address
	if q.Below.ID != "" {
		return n.findBelow(ctx, to, q)
	}
	if to.Reader != "" {
		room, err := n.readersThread(ctx, to, false)
		if err != nil || room == nil {
			return r, false, err
		}
		return n.find(ctx, to, room.ID, q)
	}
	f, err := n.asForum(ctx, channel, true)
	if err != nil {
		return r, false, err
	}
	if f != nil {
		post, err := n.postOf(ctx, f, to, false)
		if err != nil || post == nil { // there is no message where no post is
			return r, false, err
		}
		channel = post.ID
	}
	return n.find(ctx, to, channel, q)
}

func (n *notifier) find(ctx context.Context, to notifiers.Target, channel string, q notifiers.Query) (notifiers.Receipt, bool, error) {
	number, err := subjectOf(q.Key)
	if err != nil {
		return notifiers.Receipt{}, false, err
	}
	self, err := n.whoAmI(ctx, findPatience)
	if err != nil {
		return notifiers.Receipt{}, false, err
	}
	wanted, err := frozen(q.Message.Body)
	if err != nil {
		return notifiers.Receipt{}, false, err
	}
	anchor, mark := anchorOf(q), wanted.mark(number)
	before := ""
	for range maxPages {
		page, err := n.page(ctx, channel, before)
		if err != nil {
			return notifiers.Receipt{}, false, err
		}
		if len(page) == 0 {
			return notifiers.Receipt{}, false, n.readable(ctx, channel)
		}
		oldest := page[0].id()
		for _, m := range page {
			oldest = min(oldest, m.id())
			if m.id() > anchor && m.Author.ID == self && m.shows(mark, wanted) {
				r := receiptOf(to, channel, m.ID)
				others, err := ofAnother(ctx, q, r)
				if err != nil || !others {
					return r, err == nil, err
				}
			}
		}
		if oldest <= anchor {
			return notifiers.Receipt{}, false, nil
		}
		before = strconv.FormatUint(oldest, 10)
	}
	return notifiers.Receipt{}, false, fmt.Errorf("%d pages were not enough to get behind it; look for %s by hand", maxPages, number)
}

func ofAnother(ctx context.Context, q notifiers.Query, r notifiers.Receipt) (bool, error) {
	if q.Receipts == nil {
		return false, nil
	}
	return q.Receipts(ctx, r)
}

// subjectOf is the number of the statement, or of the gap, in a delivery's key.
func subjectOf(key string) (string, error) {
	k, err := onrecord.ParseDeliveryKey(key)
	return k.Subject, err
}

// anchorOf is an id that no message of the delivery can have: that of an older
// message, which is Discord's own and knows no skewed clock, or one made from
// the time.
func anchorOf(q notifiers.Query) uint64 {
	_, after := placeOf(notifiers.Target{}, q.After)
	if id, err := strconv.ParseUint(after, 10, 64); err == nil {
		return id
	}
	if q.Since.After(time.Now()) {
		return 0 // our clock was set back: the time says nothing
	}
	ms := q.Since.Add(-skew).UnixMilli() - epoch
	return uint64(max(ms, 0)) << 22
}

// entry is what is read of one in the history. Of its words only the first
// line is ever compared with what was sent: Discord may strip characters.
type entry struct {
	ID     string `json:"id"`
	Author struct {
		ID string `json:"id"`
	} `json:"author"`
	Content string `json:"content"`
	Embeds  []struct {
		URL    string `json:"url"`
		Footer struct {
			Text string `json:"text"`
		} `json:"footer"`
		Fields []struct {
			Value string `json:"value"`
		} `json:"fields"`
	} `json:"embeds"`
	Components []shown `json:"components"`
}

// shown is what is read of a component, and of what it holds.
type shown struct {
	Content    string  `json:"content"`
	URL        string  `json:"url"`
	Components []shown `json:"components"`
}

// all are the texts and the addresses of components.
func all(list []shown) (texts, links []string) {
	for _, c := range list {
		inner, further := all(c.Components)
		texts, links = append(append(texts, c.Content), inner...), append(append(links, c.URL), further...)
	}
	empty := func(s string) bool { return s == "" }
	return slices.DeleteFunc(texts, empty), slices.DeleteFunc(links, empty)
}

// lines are those of its texts.
func (m entry) lines() (lines []string) {
	texts, _ := all(m.Components)
	for _, text := range append([]string{m.Content}, texts...) {
		lines = append(lines, strings.Split(text, "\n")...)
	}
	return lines
}

// headline is its first line, but for whom it calls.
func (m entry) headline() string {
	for _, l := range m.lines() {
		if l = message.Uncalled(l + " "); strings.TrimSpace(l) != "" {
			return strings.TrimSpace(l)
		}
	}
	return ""
}

// frozen reads the stored body of the delivery; without any, only the number is known.
func frozen(stored []byte) (m entry, err error) {
	if len(stored) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(stored, &m); err != nil {
		return m, fmt.Errorf("the stored message is unreadable: %w", err)
	}
	return m, nil
}

// mark is what a message is found again by: the fact of its content that begins with the
// number. An answer has one of its own, and is not taken for what it answers.
func (m entry) mark(number string) string {
	for line := range strings.Lines(m.Content) {
		for fact := range strings.SplitSeq(message.Unescape(line), card.Sep) {
			if fact = strings.TrimSpace(fact); strings.HasPrefix(fact, number+",") {
				return fact
			}
		}
	}
	return number
}

// shows reports whether a message is the wanted one. After a restore numbers may
// be given anew: the same number can be about another post, and the same post can
// have another number. The post decides where both name it.
func (m entry) shows(mark string, wanted entry) bool {
	same, known := m.sameSource(wanted)
	if m.about(mark) {
		return same || !known
	}
	return same && m.headline() != "" && unnumbered(m.headline()) == unnumbered(wanted.headline())
}

// sameSource compares the posts two messages are about: by the hashes of their texts,
// or else, since a moderator can remove those, by the links to them. The items of a
// feed may share one link.
func (m entry) sameSource(o entry) (same, known bool) {
	for _, facts := range []func(entry) []string{entry.hashes, entry.links} {
		a, b := facts(m), facts(o)
		if len(a) > 0 && len(b) > 0 {
			return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) }), true
		}
	}
	return false, false
}

// links are the card's own links to its source.
func (m entry) links() (list []string) {
	for _, e := range m.Embeds {
		list = append(list, e.URL)
	}
	_, buttons := all(m.Components)
	list = append(list, buttons...)
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// hashes are of the text of the source.
func (m entry) hashes() (list []string) {
	for _, e := range m.Embeds {
		for _, f := range e.Fields {
			list = append(list, textHash.FindAllString(f.Value, -1)...)
		}
	}
	texts, _ := all(m.Components)
	return append(list, textHash.FindAllString(strings.Join(texts, "\n"), -1)...)
}

var textHash = regexp.MustCompile(`sha256 [0-9a-f]+(?:…[0-9a-f]+)?`)

// unnumbered is a first line without its number.
func unnumbered(content string) string {
	var facts []string
	for fact := range strings.SplitSeq(message.Unescape(message.Uncalled(content)), card.Sep) {
		if fact = strings.Join(strings.Fields(fact), " "); !statementNumber.MatchString(fact) {
			facts = append(facts, fact)
		}
	}
	return strings.Join(facts, card.Sep)
}

var statementNumber = regexp.MustCompile(`^S-[0-9]+$`)

func (m entry) id() uint64 {
	id, _ := strconv.ParseUint(m.ID, 10, 64) // page has checked it
	return id
}

// about reports whether a message has a mark. It is
// a fact of its own in the content and in the footer; a moderator can remove
// the latter with the embed.
func (m entry) about(mark string) bool {
	if slices.ContainsFunc(m.lines(), func(l string) bool { return marked(l, mark) }) {
		return true
	}
	for _, e := range m.Embeds {
		if marked(e.Footer.Text, mark) {
			return true
		}
	}
	return false
}

func marked(text, number string) bool {
	for fact := range strings.SplitSeq(message.Unescape(text), card.Sep) {
		if strings.TrimSpace(fact) == number {
			return true
		}
	}
	return false
}

// page returns up to 100 messages of the history.
func (n *notifier) page(ctx context.Context, channel, before string) ([]entry, error) {
	var page []entry
	if err := n.get(ctx, history(channel, before), &page, findPatience); err != nil {
		return nil, err
	}
	for _, m := range page {
		if !snowflake.MatchString(m.ID) {
			return nil, errors.New("the history holds a message without an id")
		}
	}
	return page, nil
}

// get reads an object of Discord's.
func (n *notifier) get(ctx context.Context, r route, into any, patience time.Duration) error {
	x, err := n.do(ctx, r, message.Payload{}, patience)
	if err != nil {
		return err
	}
	if !x.ok() || x.bodyErr != nil {
		return refused(r, x)
	}
	if err := json.Unmarshal(x.body, into); err != nil {
		return refused(r, x)
	}
	return nil
}

// readable proves that the history could be read: that it begins where the
// answers ended.
func (n *notifier) readable(ctx context.Context, channel string) error {
	_, have, err := n.permissions(ctx, channel, findPatience)
	if err != nil {
		return err
	}
	if have&readHistory == 0 {
		return errors.New("nobody can tell whether it is there: grant the bot Read Message History")
	}
	return nil
}

// whoAmI returns the bot's user id, asked once.
func (n *notifier) whoAmI(ctx context.Context, patience time.Duration) (string, error) {
	n.mu.Lock()
	self := n.self
	n.mu.Unlock()
	if self != "" {
		return self, nil
	}
	var user struct {
		ID string `json:"id"`
	}
	if err := n.get(ctx, whoAmI(), &user, patience); err != nil {
		return "", err
	}
	if !snowflake.MatchString(user.ID) {
		return "", errors.New("Discord does not say who the bot is")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.self = user.ID
	return n.self, nil
}
