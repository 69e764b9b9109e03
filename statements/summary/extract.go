package summary

import (
	"strings"
	"unicode/utf8"

	"onrecord/statements/lang"
	"onrecord/statements/press"

	"onrecord"
)

// Draft is a statement before it has a summary.
type Draft struct {
	Case    onrecord.Case
	Speaker onrecord.Person
	Parts   []onrecord.Post
	Earlier []onrecord.Statement // of the speaker, oldest first

	// The speaker's posts around an only part: of its thread, and of the hours before
	// it. They are context, and nothing of them is quoted.
	Thread, Before []onrecord.Post

	// Quotes are the speaker's words in an article of somebody else, and all that
	// is the speaker's in it; nil: the parts are the speaker's own.
	Quotes []onrecord.Span
}

// What a card shows, in runes. A reader takes in a short post at once, and a
// thread is one thought in several posts; only what is longer is shortened.
const (
	wholePost   = 350
	wholeThread = 3000
	enough      = 450 // no further sentence is added from here on
	atMost      = 600
)

// Extract chooses the words that stand for a statement: all of it when it is
// short, else its best sentences in reading order. Spans lie on sentence
// borders, or on grapheme borders where one sentence is too long. It writes
// nothing of its own: InShort is empty. Quotes are empty only when nothing in
// the parts is the speaker's own text. What somebody else quotes is kept whole:
// it has been chosen before.
func Extract(d Draft) onrecord.Summary {
	var own []passage
	for i, p := range d.Parts {
		own = append(own, passages(d, i, p)...)
	}
	size, limit := 0, wholePost
	for _, p := range own {
		size += utf8.RuneCountInString(p.text())
	}
	if len(d.Parts) > 1 {
		limit = wholeThread
	}
	s := onrecord.Summary{Origin: "extract"}
	if size > limit && d.Quotes == nil {
		s.Quotes = best(d, own)
		return s
	}
	for _, p := range own {
		s.Quotes = append(s.Quotes, p.span())
	}
	return s
}

// passage is a run of the speaker's own words in one part.
type passage struct {
	part   int
	source string
	lang.Range
}

func (p passage) text() string        { return p.source[p.Start:p.End] }
func (p passage) span() onrecord.Span { return onrecord.Span{Part: p.part, Start: p.Start, End: p.End} }

// Own are the spans of a draft that are the speaker's words.
func Own(d Draft) (own []onrecord.Span) {
	for part, p := range d.Parts {
		for _, w := range passages(d, part, p) {
			own = append(own, w.span())
		}
	}
	return own
}

// passages are the speaker's own words in a part: all of a post, nothing of a
// repost, and in an article what is not somebody else's.
func passages(d Draft, part int, p onrecord.Post) []passage {
	var words []lang.Range
	switch {
	case d.Quotes != nil:
		for _, q := range d.Quotes {
			if q.Part == part {
				words = append(words, lang.Range{Start: q.Start, End: q.End})
			}
		}
	case !p.OwnWords():
	case p.Kind == onrecord.Article:
		words = press.Own(d.Case, d.Speaker, p.Text)
	default:
		words = []lang.Range{{Start: repostMark(p), End: len(p.Text)}}
	}
	var own []passage
	for _, r := range words {
		if q := trimmed(part, p.Text, r); lang.Visible(q.text()) {
			own = append(own, q)
		}
	}
	return own
}

// repostMark is how many bytes of an author's repost of their own words say that it is one.
func repostMark(p onrecord.Post) int {
	mark := "RT @" + p.Author.Handle + ":"
	if p.Kind == onrecord.Repost && len(p.Text) >= len(mark) && strings.EqualFold(p.Text[:len(mark)], mark) {
		return len(mark)
	}
	return 0
}

// trimmed is a passage without the white space around it.
func trimmed(part int, source string, r lang.Range) passage {
	return passage{part, source, r.Trimmed(source)}
}
