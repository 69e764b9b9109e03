package lang

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is what texts are compared by: a word without the marks inside it, or a
// letter of a script whose words are not set apart by spaces. Its range is that
// of the original text.
type Token struct {
	Range
	Text    string // folded
	Stem    string // text without an ending of inflection
	Script  Script
	Capital bool // written with a capital first letter
	Handle  bool // @name
	Hashtag bool // #name, or a piece of it
	Whole   bool // a hashtag of several pieces, repeated in one piece
	Link    bool // of an address
	Site    bool // of its host or the first part of its path
}

// Tokens splits a text into folded words. Addresses give the words of their
// path, since publishers write headlines there; handles stay whole, hashtags
// are given in pieces (#HarborTrial) and, when there are several, whole too.
func Tokens(text string) []Token {
	few := 1 + len(text)/5
	t := tokenizer{text: text, tokens: make([]Token, 0, few), spans: make([][2]int, 0, few), folded: make([]byte, 0, len(text)+len(text)/8)}
	for t.pos < len(text) {
		t.next()
	}
	// One conversion for all words; their spans in the folded bytes were kept
	// in start and end until here.
	folded := string(t.folded)
	for i := range t.tokens {
		tok := &t.tokens[i]
		tok.Text = folded[t.spans[i][0]:t.spans[i][1]]
		tok.Stem = Stem(tok.Text, tok.Script)
	}
	return t.tokens
}

type tokenizer struct {
	text   string
	pos    int
	tokens []Token
	folded []byte
	spans  [][2]int // of each token in folded
}

func (t *tokenizer) next() {
	c := t.text[t.pos]
	switch {
	case (c == 'h' || c == 'H' || c == 'w' || c == 'W') && addressAt(t.text[t.pos:]) && !t.inWord():
		n := strings.IndexFunc(t.text[t.pos:], unicode.IsSpace)
		if n < 0 {
			n = len(t.text) - t.pos
		}
		t.address(t.pos + n)
	case (c == '@' || c == '#') && !t.inWord():
		t.tag(c)
	default:
		t.word()
	}
}

func (t *tokenizer) inWord() bool {
	r, _ := utf8.DecodeLastRuneInString(t.text[:t.pos])
	return t.pos > 0 && inToken(r)
}

func addressAt(s string) bool {
	return hasPrefixFold(s, "https://") || hasPrefixFold(s, "http://") || hasPrefixFold(s, "www.")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func inToken(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r)
}

// word reads one word, or skips one rune that is none.
func (t *tokenizer) word() {
	start := t.pos
	first, size := utf8.DecodeRuneInString(t.text[start:])
	if first < utf8.RuneSelf && !asciiWord[first] || first >= utf8.RuneSelf && (!inToken(first) || unicode.IsMark(first) || unicode.Is(unicode.Cf, first)) {
		t.pos += size
		return
	}
	from := len(t.folded)
	s := ScriptOf(first)
	if s.Glued() {
		t.folded = AppendFolded(t.folded, first)
		t.pos += size
		t.skipMarks()
	} else {
		for t.pos < len(t.text) {
			r, size := utf8.DecodeRuneInString(t.text[t.pos:])
			if s == Hebrew && geresh(t.text[t.pos:]) {
				t.pos += size
				continue
			}
			if r < utf8.RuneSelf && !asciiWord[r] || r >= utf8.RuneSelf && (!inToken(r) || ScriptOf(r).Glued()) {
				break
			}
			t.folded = AppendFolded(t.folded, r)
			t.pos += size
		}
	}
	if t.pos < len(t.text) && t.text[t.pos] == '%' && isDigit(t.text[t.pos-1]) { // 5% is not 5
		t.folded = append(t.folded, '%')
		t.pos++
	}
	if len(t.folded) > from {
		t.add(Token{Range: Range{start, t.pos}, Script: s, Capital: unicode.IsUpper(first)}, from)
	}
}

// geresh reports the mark within a Hebrew word that gives a letter a foreign
// sound.
func geresh(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[size:])
	return (r == '\'' || r == '’' || r == '׳') && ScriptOf(next) == Hebrew && unicode.IsLetter(next)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (t *tokenizer) skipMarks() {
	for t.pos < len(t.text) {
		r, size := utf8.DecodeRuneInString(t.text[t.pos:])
		if !unicode.IsMark(r) {
			return
		}
		t.folded = AppendFolded(t.folded, r)
		t.pos += size
	}
}

var asciiWord = func() (t [utf8.RuneSelf]bool) {
	for r := range rune(utf8.RuneSelf) {
		t[r] = unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return t
}()

func (t *tokenizer) add(tok Token, from int) {
	t.tokens = append(t.tokens, tok)
	t.spans = append(t.spans, [2]int{from, len(t.folded)})
}

// tag reads "@name" as one word and "#SeveralWords" as several.
func (t *tokenizer) tag(sign byte) {
	start := t.pos
	end := start + 1
	for end < len(t.text) {
		r, size := utf8.DecodeRuneInString(t.text[end:])
		if !inToken(r) && r != '_' {
			break
		}
		end += size
	}
	name := t.text[start+1 : end]
	if name == "" {
		t.pos++
		return
	}
	first, _ := utf8.DecodeRuneInString(name)
	if sign == '#' {
		before := len(t.tokens)
		t.pos = start + 1
		t.pieces(end)
		if len(t.tokens)-before < 2 {
			t.pos = end
			return
		}
	}
	from := len(t.folded)
	for _, r := range name {
		if r != '_' || sign == '@' {
			t.folded = AppendFolded(t.folded, r)
		}
	}
	t.add(Token{Range: Range{start, end}, Script: ScriptOf(first), Handle: sign == '@', Hashtag: sign == '#', Whole: sign == '#'}, from)
	t.pos = end
}

// pieces reads a hashtag's words, which begin at capitals, digits after
// letters, and underscores.
func (t *tokenizer) pieces(end int) {
	for t.pos < end {
		start, from := t.pos, len(t.folded)
		var first, prev rune
		for t.pos < end {
			r, size := utf8.DecodeRuneInString(t.text[t.pos:])
			border := unicode.IsUpper(r) && unicode.IsLower(prev) || unicode.IsDigit(r) != unicode.IsDigit(prev)
			if prev != 0 && (border || r == '_' || ScriptOf(r).Glued()) {
				break
			}
			t.pos += size
			if r == '_' {
				start = t.pos
				continue
			}
			if first == 0 {
				first = r
			}
			t.folded = AppendFolded(t.folded, r)
			prev = r
		}
		if len(t.folded) > from {
			t.add(Token{Range: Range{start, t.pos}, Script: ScriptOf(first), Capital: true, Hashtag: true}, from)
		}
	}
}

// siteWords is how many words of an address say whose pages it leads to:
// https, www, the host in two or three, and the account on a shared host.
const siteWords = 6

// address reads the words of a link's path. Short links, ids and file names
// give words too, which match nothing.
func (t *tokenizer) address(end int) {
	before := len(t.tokens)
	for t.pos < end && t.text[t.pos] != '?' {
		t.word()
	}
	for i := before; i < len(t.tokens); i++ {
		t.tokens[i].Link, t.tokens[i].Site = true, i < before+siteWords
	}
	t.pos = end
}

// Stem cuts the endings that the same name or noun takes in running text. It
// is applied to both sides of every comparison, so it need not be a real stem.
func Stem(word string, s Script) string {
	switch s {
	case Latin:
		n := len(word)
		if n >= 5 && word[n-1] == 's' && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us") && !strings.HasSuffix(word, "is") {
			return word[:n-1]
		}
	case Cyrillic:
		for _, ending := range cyrillicEndings {
			if cut, ok := strings.CutSuffix(word, ending); ok && len(cut) >= 8 { // four letters
				return cut
			}
		}
	case Arabic:
		for _, article := range arabicArticles {
			if cut, ok := strings.CutPrefix(word, article); ok && len(cut) >= 6 { // three letters
				return cut
			}
		}
	}
	return word
}

var cyrillicEndings, arabicArticles = longestFirst(Entries("ending")), longestFirst(Entries("proclitic"))

func longestFirst(words []string) []string {
	for i, w := range words {
		words[i] = Fold(w) // as the words are that they are cut from
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}
