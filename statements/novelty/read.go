package novelty

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// word is one word of a text, or one letter of a script written without spaces.
type word struct {
	text       string // folded: letter case, accents and width are gone
	start, end int    // bytes in the original
	tag        bool   // a handle or a hashtag
	handle     bool   // a handle, which differs from place to place
	fact       bool   // a number, a date, a name or a negation: never folded away
	name       bool   // may be a name
	content    bool   // may carry meaning at all
}

// doc is a text as words. What belongs to the place and not to the statement is
// left out: addresses, the handles in front of a reply, the count of a thread.
type doc struct {
	text  string
	words []word
	part  bool // counts itself as a part of a thread
}

// cutAfter reports an ellipsis after a word: the text is known to be cut there.
func (d doc) cutAfter(i int) bool {
	end := len(d.text)
	if i+1 < len(d.words) {
		end = d.words[i+1].start
	}
	between := d.text[d.words[i].end:end]
	return strings.Contains(between, "…") || strings.Contains(between, "...")
}

var (
	address = regexp.MustCompile(`(?i)\bhttps?://\S+|\bwww\.\S+|\bpic\.twitter\.com/\S+`)
	entity  = regexp.MustCompile(`&(?:amp|quot|lt|gt|nbsp);`)
	leading = regexp.MustCompile(`^\s*(?:RT\s+)?(?:@[\p{L}\p{N}_.@-]+:?\s+)+`)
)

// blank replaces matches with spaces, so that offsets stay. Most texts hold
// none of the signs without which there is no match.
func blank(re *regexp.Regexp, text string, signs ...string) string {
	if !slices.ContainsFunc(signs, func(s string) bool { return strings.Contains(text, s) }) {
		return text
	}
	return re.ReplaceAllStringFunc(text, func(m string) string { return strings.Repeat(" ", len(m)) })
}

func read(text string) doc {
	bare := blank(address, text, "://", "www.", "WWW.", "pic.")
	bare = blank(entity, bare, "&")
	whole := lang.WithoutCount(bare)
	d := doc{text: text, part: whole != bare}
	bare = blank(leading, whole, "@")
	tokens := lang.Tokens(bare)
	d.words = make([]word, 0, len(tokens))
	end := 0 // of the last word
	for len(tokens) > 0 {
		w, n := wordOf(bare, tokens)
		tokens = tokens[n:]
		opens := end == 0 || strings.ContainsAny(bare[end:w.start], ".!?…:\n\"“«‘(。！？")
		if w.judge(bare[w.start:w.end], opens); w.text != "" {
			d.words, end = append(d.words, w), w.end
		}
	}
	return d
}

// wordOf joins the first tokens to what stays one thing when texts are laid side
// by side: contractions, numbers with their signs, Korean words, hashtags,
// handles. It returns how many tokens they are.
func wordOf(text string, tokens []lang.Token) (w word, n int) {
	t := tokens[0]
	r := t.Range
	if t.Hashtag {
		r.Start-- // the sign
	}
	for n = 1; n < len(tokens) && (tokens[n].Whole || joined(text, t, r, tokens[n])); n++ {
		r.End = tokens[n].End
	}
	w = word{text: t.Text, start: r.Start, end: r.End, tag: t.Handle || t.Hashtag, handle: t.Handle}
	if n > 1 {
		w.text = lang.Fold(strings.TrimLeft(r.In(text), "@#"))
	}
	return w, n
}

// joined reports whether a token goes on with a word that began with another.
func joined(text string, first lang.Token, word lang.Range, next lang.Token) bool {
	between := text[word.End:next.Start]
	before, _ := utf8.DecodeLastRuneInString(text[:word.End])
	switch between {
	case "":
		return !next.Script.Unspaced() && !lang.ScriptOf(before).Unspaced() || first.Hashtag
	case "_":
		return true
	case "'", "’":
		after, _ := utf8.DecodeRuneInString(text[next.Start:])
		return unicode.IsLetter(before) && unicode.IsLetter(after)
	case ".", ",", ":":
		after, _ := utf8.DecodeRuneInString(text[next.Start:])
		return unicode.IsDigit(before) && unicode.IsDigit(after) || first.Handle && between == "."
	case "-", "@": // of an account elsewhere: @dana@social.example
		return first.Handle
	}
	return false
}

// judge says what a word may carry, as it is written; opens: it begins a sentence.
func (w *word) judge(raw string, opens bool) {
	first, _ := utf8.DecodeRuneInString(raw)
	letters := utf8.RuneCountInString(w.text)
	number := strings.ContainsFunc(w.text, unicode.IsNumber) || numerals[w.text]
	capital := unicode.IsUpper(first) && (!opens || letters > 1 && raw == strings.ToUpper(raw))
	w.fact = !w.tag && !announcing[w.text] && (number || negates(w.text) || capital || dates[w.text])
	w.name = w.fact && capital && !number && !negates(w.text) && !dates[w.text]
	w.content = !announcing[w.text] && (w.fact || letters >= 4 || lang.ScriptOf(first).Unspaced() || !latinLike(first))
}

func latinLike(r rune) bool { return r < 0x0530 }

var (
	announcing = lang.Set("announcing")
	denials    = lang.Set("denial")
	dates      = lang.Set("date") // facts without a digit or a capital, as are
	numerals   = func() map[string]bool {
		m := lang.Set("multiple")
		for w := range lang.Numerals() {
			m[w] = true
		}
		return m
	}()
)

// negates reports words that turn a sentence round: a negation, or a letter that
// is one in a script without spaces.
func negates(w string) bool { return lang.Negative(w) || denials[w] }
