package model

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"onrecord"
	"onrecord/statements/lang"
	"onrecord/statements/quote"
	"onrecord/statements/summary"
)

// errUnsupported says that an answer states what it was not shown.
var errUnsupported = errors.New("it states what is not in the material")

// check believes of an answer what can be proven with what the model was shown.
// An error is for the model to do better: of what it wrote it repeats at most a word.
func (q question) check(d summary.Draft, a answer, name string) (onrecord.Summary, error) {
	s := summary.Extract(d)
	var spans []onrecord.Span
	var quoted []string
	for _, k := range a.KeyQuotes {
		from := slices.IndexFunc(q.Blocks, func(b block) bool { return b.ID == k.BlockID }) // one of ours
		span, ok := summary.Chosen(d, q.Blocks[from].Part, k.Text)
		if !ok {
			return onrecord.Summary{}, fmt.Errorf("%w: a key_quote does not stand in its block letter by letter as the speaker's own words, or its sentence is too long", errUnsupported)
		}
		spans, quoted = append(spans, span), append(quoted, d.Parts[span.Part].Text[span.Start:span.End])
	}
	if a.Instructs { // what a text tells a model to say is not what we ask it for
		s.Instructs = true
		return s, nil
	}
	if err := plain(a.Summary); err != nil {
		return onrecord.Summary{}, fmt.Errorf("summary: %w", err)
	}
	translation, err := q.translation(a, quoted)
	if err != nil {
		return onrecord.Summary{}, fmt.Errorf("translation: %w", err)
	}
	// Words of the summary's language, such as German nouns, may stand in the
	// translation alone, which is shown beside it.
	if missing := summary.Unsupported(a.Summary, append(q.sources(), translation)...); len(missing) > 0 {
		return onrecord.Summary{}, fmt.Errorf("%w: summary: %s", errUnsupported, word(missing[0]))
	}
	if missing := quote.Misquoted(a.Summary, q.quotable()...); len(missing) > 0 {
		return onrecord.Summary{}, fmt.Errorf("%w: summary quotes %s", errUnsupported, word(missing[0]))
	}
	if !q.Whole {
		s.Quotes = inOrder(spans)
	}
	s.InShort, s.Stance, s.Origin = a.Summary, a.Stance, name
	s.Turned = summary.Turned(a.Summary, strings.Join(quoted, "\n"))
	if translation != "" {
		s.Translation, s.Lang = translation, a.Lang
	}
	return s, nil
}

// translation is checked for what survives translation: numbers, and whether
// something is denied. Its names are written as its language writes them.
func (q question) translation(a answer, quoted []string) (string, error) {
	if q.Translate == "" || a.Translation == "" || sameLanguage(a.Lang, q.Translate) {
		return "", nil
	}
	if q.All {
		quoted = q.own()
	}
	source := strings.Join(quoted, "\n")
	if err := plain(a.Translation); err != nil {
		return "", err
	}
	known := lang.Numbers(source)
	for _, n := range lang.Numbers(a.Translation) {
		if !slices.Contains(known, n) {
			return "", fmt.Errorf("%w: the number %s", errUnsupported, word(n))
		}
	}
	if lang.Negates(a.Translation) != lang.Negates(source) && summary.Turned(a.Translation, source) {
		return "", fmt.Errorf("%w: it denies where the text does not, or the other way round", errUnsupported)
	}
	return a.Translation, nil
}

func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a == b
}

// markup is what could lead somewhere, mention somebody or look like more than
// text: addresses, @, and what Markdown and HTML are made of. A word with a dot
// inside is an address to many readers.
var markup = regexp.MustCompile("(?i)[@#<>\\[\\]{}*_`|~\\\\]|://|www\\.|\\p{L}[\\p{L}\\p{Nd}-]*\\.\\p{L}{2,}")

func plain(text string) error {
	if markup.MatchString(text) {
		return errors.New("it holds an address, a mention or markup")
	}
	for _, r := range text {
		if r != ' ' && !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.Sc, unicode.Sm) {
			return errors.New("it holds other characters than letters, numbers and punctuation on one line")
		}
	}
	return nil
}

// word is a word of an answer that may be told back to the model.
func word(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	return strconv.QuoteToGraphic(head(s, 40))
}

// inOrder sorts spans as they are read and drops what another holds.
func inOrder(spans []onrecord.Span) []onrecord.Span {
	slices.SortStableFunc(spans, func(a, b onrecord.Span) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var list []onrecord.Span
	for _, s := range spans {
		if last := len(list) - 1; last >= 0 && list[last].Part == s.Part && s.Start < list[last].End {
			list[last].End = max(list[last].End, s.End)
			continue
		}
		list = append(list, s)
	}
	return list
}
