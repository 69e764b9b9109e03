// Package outline reads what a news story, a press release or the caption of a
// complaint says of a case, and drafts a configuration from it. Everything in a
// draft is a guess and carries the words it was read from; what the text does not
// say is left to the operator. It decides about no post.
//
//	name.go    who is named, and in which spellings
//	side.go    who sues whom, and what the others are
//	court.go   court, judge, numbers; event.go: dates
//	term.go    words that could mean this case
//	place.go   where the story says that these people speak
//	write.go   the configuration
package outline

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"onrecord"
	"onrecord/statements/lang"
)

// Story is a text about a case.
type Story struct {
	Title string // headline; may be empty
	Text  string
	URL   string // "" for a file
	Links []onrecord.Link
}

// Guess is something read from a story, with the words it was read from.
type Guess struct{ Value, From string }

// Figure is a party or a person.
type Figure struct {
	Name    string
	Role    string
	Aliases []string
	From    string
}

// Event is a day on which something happened.
type Event struct {
	Date string // such as 2026-09-03
	What string
	From string
}

// Keyword is a word or phrase that could mean this case.
type Keyword struct {
	Term   string
	Common string // why it may be in posts about anything; "": it is rare
	Times  int    // that the story has it
}

// Place is where somebody speaks.
type Place struct {
	Source, Handle, URL string
	Speaker             string // "": the story does not say
	From                string
}

// Outline is what a story says of a case.
type Outline struct {
	Story    Story
	Language string // tag; "": unknown
	Title    Guess
	Court    Guess
	Judge    Guess
	Docket   []Guess
	Filed    Event
	Parties  []Figure
	People   []Figure
	Keywords []Keyword
	Events   []Event
	Places   []Place
	Hints    []string // where somebody is said to speak without an address
}

// maxText bounds what is read of a story: an article is shorter, and the head of a
// complaint says who sues whom.
const maxText = 60_000

// Read reads a story.
func Read(s Story) Outline {
	s.Text = strings.TrimSpace(s.Text)
	if len(s.Text) > maxText {
		s.Text = strings.ToValidUTF8(s.Text[:maxText], "")
	}
	r := newReader(s.Text)
	o := Outline{Story: s, Language: r.tag}
	o.Court, o.Judge, o.Docket = r.court(), r.judge(), r.docket()
	o.Parties = r.parties()
	o.People = r.people(o.Parties, o.Judge.Value)
	o.Title = r.title(s.Title, o.Parties)
	o.Events = r.events()
	for _, e := range o.Events {
		if e.What == filed {
			o.Filed = e
			break
		}
	}
	o.Places, o.Hints = r.places(s, slices.Concat(o.Parties, o.People))
	for _, p := range o.Places {
		o.addHandle(p)
	}
	o.Keywords = r.keywords(o)
	return o
}

// addHandle makes a handle an alias of who bears it.
func (o *Outline) addHandle(p Place) {
	for _, list := range [][]Figure{o.Parties, o.People} {
		for i := range list {
			if list[i].Name == p.Speaker && p.Handle != "" {
				list[i].Aliases = append(list[i].Aliases, "@"+p.Handle)
			}
		}
	}
}

// reader is a story cut into words, with the words of its language by class.
type reader struct {
	text      string
	tag       string
	words     []lang.Word
	sentences []lang.Range
	class     map[string]map[string]bool
	stars     map[string][]string // of entries that are beginnings of words
	phrases   map[string][][]string
	headings  []lang.Range
	datelines []lang.Range
	mentions  []mention // in order of the text
	names     []*name
}

// classes are those a story is read by. Verbs of saying and forms of companies are
// the same whatever the language: stories quote in several.
var classes = strings.Fields(`
	function opener lead pronoun barrier before title honorific marker of date adverb auxiliary article legal outcome weak spokes
	suing suer within plaintiff defendant court judge office joins versus being role
`)

var says, companies, institutions = setOf("says"), setOf("company"), setOf("institution")

// setOf makes a set of words when it is first asked for: most runs of the program read no story.
func setOf(class string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool { return lang.Set(class) })
}

func newReader(text string) *reader {
	r := &reader{text: text, tag: languageOf(text), words: lang.Words(text), class: map[string]map[string]bool{}, stars: map[string][]string{}, phrases: map[string][][]string{}}
	own := lang.Of(r.tag)
	for _, c := range classes {
		r.class[c] = map[string]bool{}
		for _, w := range own[c] {
			r.class[c][lang.Fold(w)] = true
			if start, ok := strings.CutSuffix(lang.Fold(w), "*"); ok {
				r.stars[c] = append(r.stars[c], start)
			}
		}
	}
	for _, c := range []string{"against", "number"} {
		for _, p := range own[c] {
			r.phrases[c] = append(r.phrases[c], lang.FoldedWords(p))
		}
	}
	for month := range lang.Months(r.tag) {
		r.class["date"][month] = true
	}
	r.sentences = r.dated(lang.Sentences(text))
	r.readNames()
	return r
}

var dayAtEnd = lazily(`\b\d{1,2}\.\s*$`)

// dated joins what is cut behind the dot of a day: "am 3. März".
func (r *reader) dated(cut []lang.Range) (all []lang.Range) {
	for _, s := range cut {
		last := len(all) - 1
		if ws := lang.Words(r.text[s.Start:s.End]); last >= 0 && len(ws) > 0 && r.class["date"][ws[0].Text] && dayAtEnd().MatchString(r.text[all[last].Start:all[last].End]) {
			all[last].End = s.End
			continue
		}
		all = append(all, s)
	}
	return all
}

// languageOf is the language whose function words a text has most of.
func languageOf(text string) string {
	count := map[string]int{}
	for _, w := range lang.Words(text) {
		count[w.Text]++
	}
	best, most := "", 0
	for _, tag := range lang.Languages() {
		n := 0
		for _, w := range lang.Of(tag)["function"] {
			n += count[lang.Fold(w)]
		}
		if n > most {
			best, most = tag, n
		}
	}
	return best
}

func (r *reader) is(i int, classes ...string) bool {
	return i >= 0 && i < len(r.words) && slices.ContainsFunc(classes, func(c string) bool {
		return r.class[c][r.words[i].Text] || c == "office" && r.compound(c, r.words[i].Text)
	})
}

// compound reports a word that ends in one of a class, where a language writes them
// together: Vertriebsleiter, Landgericht.
func (r *reader) compound(class, word string) bool {
	if !r.capitalNouns() {
		return false
	}
	for c := range r.class[class] {
		if len(c) > 3 && strings.HasSuffix(word, c) {
			return true
		}
	}
	return false
}

// starred reports a word of a class whose entries may be beginnings of words.
func (r *reader) starred(word string, classes ...string) bool {
	return slices.ContainsFunc(classes, func(c string) bool {
		if r.class[c][word] {
			return true
		}
		return slices.ContainsFunc(r.stars[c], func(start string) bool { return strings.HasPrefix(word, start) })
	})
}

// gap is what stands between two words.
func (r *reader) gap(i, j int) string { return r.text[r.words[i].End:r.words[j].Start] }

// sentenceOf is the sentence that a place in the text belongs to.
func (r *reader) sentenceOf(at int) lang.Range {
	if i := sort.Search(len(r.sentences), func(i int) bool { return at < r.sentences[i].End }); i < len(r.sentences) {
		return r.sentences[i]
	}
	return lang.Range{Start: 0, End: len(r.text)}
}

// wordsIn are the numbers of the words of a part of the text: from the first to before
// the second.
func (r *reader) wordsIn(s lang.Range) (first, end int) {
	first = sort.Search(len(r.words), func(i int) bool { return r.words[i].Start >= s.Start })
	end = sort.Search(len(r.words), func(i int) bool { return r.words[i].End > s.End })
	return first, max(first, end)
}

// mentionsIn are the numbers of the mentions of a part of the text.
func (r *reader) mentionsIn(s lang.Range) (first, end int) {
	first = sort.Search(len(r.mentions), func(i int) bool { return r.mentions[i].Start >= s.Start })
	end = sort.Search(len(r.mentions), func(i int) bool { return r.mentions[i].Start >= s.End })
	return first, end
}

// around are the words a guess was read from: the sentence of a place, or as much
// of it as a line takes.
func (r *reader) around(at int) string {
	const width = 60
	s := r.sentenceOf(at)
	left, right := r.text[s.Start:at], r.text[at:s.End]
	if n := utf8.RuneCountInString(left); n > width {
		left = "…" + string([]rune(left)[n-width:])
	}
	if utf8.RuneCountInString(right) > 2*width {
		right = string([]rune(right)[:2*width]) + "…"
	}
	return strings.Join(strings.Fields(left+right), " ")
}

// lazily compiles an expression when it is first needed: a command that reads no story does not wait for it.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
