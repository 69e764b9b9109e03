package message

import (
	"fmt"
	"strings"

	"onrecord"
	"onrecord/statements/card"
)

// What a statement says in full goes into a thread below its message where that has no room
// for it: in parts, each a message of its own.

const (
	// mostParts is how many there are at most; the rest is at the source.
	mostParts = 50
	// maxWhole is more than any post has.
	maxWhole = 1 << 20
	// mostRunes surely have room in a message, however they are escaped.
	mostRunes = 400
)

// WholeName is the name of the thread. It names no speaker, whom a person may correct.
func WholeName(subject string) string { return subject + card.Sep + "in full" }

// leavesOut reports whether what a message shows lacks what its speaker said: some of a thread,
// or of a post that is too long for a card. For a shorter one sentences were chosen to stand,
// and what somebody else published is not the speaker's to be shown.
func leavesOut(s onrecord.Statement, shown string) bool {
	short := len(s.Parts) == 1 && len(s.First().Text) < maxQuotes/3 // however it is escaped
	if short || s.Lane != onrecord.Record || s.Via != "" || s.First().Kind == onrecord.Article {
		return false
	}
	units, all := 0, true
	for _, p := range wholePassages(s) {
		q := quotation(p.Text, 0, maxWhole)
		units += card.Units(q)
		var there bool
		_, shown, there = strings.Cut(shown, q)
		all = all && there
	}
	return !all && (len(s.Parts) > 1 || units > maxQuotes)
}

// cardText are the words of the card of components, as the embed has them.
func (b Body) cardText() string {
	var all []string
	for _, c := range b.card {
		for _, inner := range c.(piece).Components {
			if p, ok := inner.(piece); ok {
				all = append(all, p.Content)
			}
		}
	}
	return strings.ReplaceAll(strings.Join(all, "\n"), "@\u200b", "@")
}

// wholePassages is all that the posts of a statement say.
func wholePassages(s onrecord.Statement) []card.Passage {
	s.Summary, s.Added = onrecord.Summary{}, nil
	c, _ := card.Of(s, onrecord.Case{}) // fails on no post, and on spans
	return c.Passages
}

// inFull is one part of what a statement says. Whoever heard the message above it needs no
// more sound.
func inFull(n onrecord.WholeNotice) Body {
	b := Body{AllowedMentions: Nobody()}
	if !n.Changed {
		b.Flags = SuppressEmbeds | SuppressNotifications
	}
	parts := divided(n.Statement)
	said := card.TakenOut // it was longer before that
	if n.Part <= len(parts) {
		said = parts[n.Part-1]
	}
	b.Content = wholeHead(n.Statement, n.Part) + "\n" + said
	b.More = !n.Changed && n.Part < len(parts)
	return b
}

// wholeHead is what a part is found again by.
func wholeHead(s onrecord.Statement, part int) string {
	return small(fmt.Sprintf("In full%s%s, part %d", card.Sep, s.Number(), part))
}

// divided is what a statement says, in parts that are no longer than a message. Posts stand
// together where there is room; one that is longer than a message is cut between words.
func divided(s onrecord.Statement) []string {
	said := map[int]string{}
	for _, p := range wholePassages(s) {
		said[p.Post] = p.Text
	}
	w := newParts(maxContent - card.Units(wholeHead(s, mostParts)) - 1)
	for i, post := range s.Parts {
		head := ""
		if len(s.Parts) > 1 {
			head = heading(card.Card{Posts: len(s.Parts)}, card.Passage{Post: i + 1, URL: post.URL})
		}
		text := said[i+1]
		if text == "" {
			w.put(head + lacking(post))
			continue
		}
		for {
			whole := head + listed(text)
			if card.Units(whole) <= w.room {
				w.put(whole)
				break
			}
			if w.left < w.room/4 {
				w.turn()
			}
			e := newEscaper(quoteMark)
			e.calls = true
			end := fits(e, text, w.left-card.Units(head))
			if end == 0 { // a character that takes more than a message
				w.turn()
				end = len(string([]rune(text)[:mostRunes]))
			}
			w.put(head + listed(strings.TrimRight(text[:end], " \n")))
			w.turn()
			text, head = strings.TrimLeft(text[end:], " \n"), ""
		}
	}
	w.turn()
	if len(w.done) > mostParts {
		w.done = append(w.done[:mostParts-1:mostParts-1], "The rest is at the source.")
	}
	return w.done
}

// lacking stands for a post of which nothing is shown.
func lacking(p onrecord.Post) string {
	if p.Redacted != "" {
		return card.TakenOut
	}
	return card.Unquoted
}

// listed is a quotation that stands in the words of a message, and calls nobody.
func listed(text string) string { return pinged(quotation(text, 0, maxWhole)) }

// parts fills messages line by line.
type parts struct {
	room, left int
	now, done  []string
}

func newParts(room int) *parts { return &parts{room: room, left: room} }

// put adds what stands together, where there is room or else in the next.
func (w *parts) put(text string) {
	if card.Units(text) > w.left {
		w.turn()
	}
	w.now, w.left = append(w.now, text), w.left-card.Units(text)-1
}

func (w *parts) turn() {
	if len(w.now) > 0 {
		w.done = append(w.done, strings.Join(w.now, "\n"))
	}
	w.now, w.left = nil, w.room
}
