package card

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"onrecord"
)

// Sep stands between the facts of a line.
const Sep = " · "

// Labels of what is not the speaker's. No claim about guilt and no guess about
// motives stands on a card.
const (
	NotSure  = "Not sure"
	Doubt    = "it may not be about the case; a person should look"
	Nameless = "the article names nobody of the case as the speaker; a person should look"
	Unquoted = "Nothing is quoted: no words of the source are surely the speaker’s."
	InShort  = "In short"
	Machine  = "machine summary"
	InOther  = "In other words"
	Likened  = "machine comparison"
	Turned   = "it may turn the words around; trust the quotation"
	Meaning  = "Translation"
	Foreign  = "machine translation"
	Instruct = "To machines"
	Ignored  = "the text tries to instruct a language model, which was not listened to"
	Why      = "Why it’s here"
	Against  = "What speaks against it"
	Attached = "Attached"
	Warned   = "Content warning"
	CutShort = "The source shows only a part of this text."
	AlsoSaid = "Also said"
	Verbatim = "quoted verbatim"
	Quoted   = "as quoted by"
	TakenOut = "The words were taken out: the post is not at its place any more, or not shown there. Number, times and hash stay."
	Undated  = "the source gives no date"

	Corrected = "Corrected"
	Withdrawn = "Withdrawn"
)

func speaker(s onrecord.Statement) string { return cmp.Or(Line(s.Speaker, nameLength), "Somebody") }

// byline says who speaks, in which role, and where.
func byline(s onrecord.Statement) string {
	facts := []string{speaker(s)}
	if role := Line(s.Role, nameLength); role != "" {
		facts = append(facts, role)
	}
	if via := Line(s.Via, nameLength); via != "" {
		return strings.Join(append(facts, Quoted+" "+via), Sep)
	}
	handle, place := strings.TrimLeft(Line(s.First().Author.Handle, nameLength), "@"), Host(s.First().URL)
	switch {
	case handle != "" && place != "":
		facts = append(facts, "@"+handle+" on "+place)
	case handle != "":
		facts = append(facts, "@"+handle)
	case place != "":
		facts = append(facts, "on "+place)
	}
	return strings.Join(facts, Sep)
}

func verb(s onrecord.Statement) string {
	quoted, again := s.Via != "", s.Prior != 0 && s.Rewords == nil && (s.Novelty == onrecord.Restates || s.Novelty == onrecord.Mirror)
	switch {
	case s.Lane == onrecord.ForReview && quoted:
		return "may be quoted on"
	case s.Lane == onrecord.ForReview:
		return "may have spoken on"
	case again && quoted:
		return "is quoted again on"
	case again:
		return "spoke again on"
	case quoted:
		return "is quoted on"
	}
	return "spoke on"
}

// title is what an article is called. Where an outlet quotes the speaker, the
// headline is the outlet's and says so: it must not look like the speaker's words.
func title(s onrecord.Statement) string {
	called, via := s.First().Title, Line(s.Via, nameLength/2)
	if via != "" {
		via += ": "
	}
	if called = Line(called, titleLength-Units(via)); called == "" {
		return ""
	}
	return via + "“" + called + "”"
}

// unsure says why a person should look.
func unsure(s onrecord.Statement) string {
	switch {
	case s.Lane != onrecord.ForReview:
		return ""
	case s.Via != "" && s.Speaker == "":
		return Nameless
	}
	return Doubt
}

func relation(s onrecord.Statement) string {
	words := map[onrecord.Novelty]string{
		onrecord.Mirror:   "Same words as",
		onrecord.Restates: "Repeats",
		onrecord.Changed:  "Changes",
		onrecord.Expands:  "Adds to",
	}[s.Novelty]
	switch {
	case s.Novelty == onrecord.New && s.Prior != 0:
		return "Said before in " + onrecord.StatementNumber(s.Prior) + ", which was withdrawn"
	case words == "" || s.Prior == 0:
		return ""
	case s.Rewords != nil:
		return InOther + ": " + onrecord.StatementNumber(s.Prior) + day(s.Rewords.Said, s.First().Created) + " (" + Likened + ")"
	}
	return words + " " + onrecord.StatementNumber(s.Prior)
}

// day is when something was said, as who reads it at a time needs to be told.
func day(said, read time.Time) string {
	switch said, read = said.UTC(), read.UTC(); {
	case said.IsZero():
		return ""
	case said.Year() == read.Year():
		return ", " + said.Format("2 January")
	}
	return ", " + said.Format("2 January 2006")
}

// before is what an earlier statement said, where a model takes this one for the same.
func before(s onrecord.Statement) string {
	if s.Rewords == nil || s.Prior == 0 {
		return ""
	}
	return Clean(s.Rewords.Text)
}

// byMachine says that words in short are a machine's, and when to doubt them.
func byMachine(s onrecord.Summary) string {
	switch {
	case s.InShort == "" || s.Origin == "" || s.Origin == "extract":
		return ""
	case s.Turned:
		return Machine + "; " + Turned
	}
	return Machine
}

// language is how places and models name one; anything else is not repeated.
var language = regexp.MustCompile(`^[A-Za-z0-9-]{2,20}$`)

// translated says that a translation is a machine's, and from which language.
func translated(s onrecord.Summary) string {
	if !language.MatchString(s.Lang) {
		return Foreign
	}
	base, _, _ := strings.Cut(strings.ToLower(s.Lang), "-")
	return Foreign + " from " + cmp.Or(languageNames[base], s.Lang)
}

// languageNames are what readers call the languages that posts are mostly written in.
var languageNames = map[string]string{
	"ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
	"et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
	"ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
	"ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
	"vi": "Vietnamese", "zh": "Chinese",
}

func warns(s onrecord.Summary) string {
	if s.Instructs {
		return Ignored
	}
	return ""
}

// answers tells what a post replies to or quotes. A reply to oneself is part of
// a thread and needs no word.
func answers(p onrecord.Post) *Reference {
	how, ref := "In reply to", p.ReplyTo
	if ref == nil {
		how, ref = "Quoting", p.Quotes
	}
	if ref == nil || p.Kind == onrecord.Thread {
		return nil
	}
	r := Reference{How: how, Whom: Line(ref.Account, reasonLength), URL: ref.URL}
	if r.Whom == "" && Link(r.URL, MaxLink) == "" {
		return nil
	}
	return &r
}

// where words the place of evidence that is not in the post itself.
var where = map[string]string{
	"parent": "in what it answers",
	"quoted": "in what it quotes",
	"link":   "in what it links to",
	"thread": "earlier in the thread",
}

const (
	maxReasons = 3
	maxTexts   = 3 // a reason stands on
)

// decisive is more than any weight of evidence.
const decisive = 1000

// modelSays is what a model's answer, which has no weight, counts here: it comes first
// where it decided against our own evidence, and last beside evidence that says the same.
func modelSays(e onrecord.Reason, score float64) float64 {
	switch {
	case e.Code == "model_agrees" && score < 0:
		return decisive
	case e.Code == "model_agrees":
		return 1. / decisive
	case e.Code == "model_doubts", e.Code == "model_quotes":
		return -decisive
	}
	return 0
}

// reasons returns the strongest evidence on one side: sign 1 for, -1 against.
// Weights decide the order and are not shown: they mean nothing to readers.
func reasons(all []onrecord.Reason, sign float64) []Reason {
	score := 0.0
	for _, e := range all {
		score += e.Weight
	}
	type key struct{ name, where string }
	weight, texts := map[key]float64{}, map[key][]string{}
	for _, e := range all {
		w := cmp.Or(e.Weight, modelSays(e, score)) * sign
		if w <= 0 {
			continue
		}
		k := key{e.Name, e.Where}
		weight[k] += w
		if t := Line(e.Text, reasonLength); t != "" && !slices.Contains(texts[k], t) && len(texts[k]) < maxTexts {
			texts[k] = append(texts[k], t)
		}
	}
	keys := slices.SortedStableFunc(maps.Keys(weight), func(a, b key) int {
		return cmp.Or(cmp.Compare(weight[b], weight[a]), strings.Compare(a.name, b.name), strings.Compare(a.where, b.where))
	})
	var list []Reason
	for _, k := range keys[:min(len(keys), maxReasons)] {
		list = append(list, Reason{Name: Line(k.name, nameLength), Texts: texts[k], Where: where[k.where]})
	}
	return list
}

// Words puts a reason into words; mark sets off what it stands on.
func (r Reason) Words(mark func(string) string) string {
	var words strings.Builder
	words.WriteString(r.Name)
	for i, t := range r.Texts {
		words.WriteString(map[bool]string{true: ": ", false: ", "}[i == 0] + mark(t))
	}
	if r.Where != "" {
		words.WriteString(" (" + r.Where + ")")
	}
	return words.String()
}

// attached counts pictures and the like, and says what their author says is in them: a
// statement can be the picture of a letter.
func attached(parts []onrecord.Post) string {
	count := map[string]int{}
	var told []string
	for _, p := range parts {
		for _, m := range p.Media {
			kind := m.Kind
			if !slices.Contains([]string{"image", "video", "audio"}, kind) {
				kind = "attachment"
			}
			count[kind]++
			if alt := Line(m.Alt, altLength); alt != "" && len(told) < maxTexts {
				told = append(told, "“"+alt+"”")
			}
		}
	}
	var list []string
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		list = append(list, Plural(count[kind], kind))
	}
	if told == nil {
		return strings.Join(list, ", ")
	}
	return strings.Join(list, ", ") + ": " + strings.Join(told, ", ")
}

// Plain leaves a text as it is, for places without markup.
func Plain(s string) string { return s }

// Stamp is a time for places that write none themselves.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// Plural counts what a card counts.
func Plural(n int, what string) string {
	if n == 1 || what == "audio" {
		return fmt.Sprintf("%d %s", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Headline is the line a reader sees first, where mark sets off names. It ends
// in the statement's number, by which a message is found again.
func (c Card) Headline(bold, italic func(string) string) string {
	facts := []string{bold(c.Speaker) + " " + c.Verb + " " + italic(c.Case)}
	if c.Posts > 1 {
		facts = []string{bold(c.Speaker), fmt.Sprintf("thread of %d", c.Posts), italic(c.Case)}
	}
	if c.Review {
		facts = append([]string{bold(NotSure)}, append(facts, "for review")...)
	}
	if c.Withdrawn {
		facts = append([]string{bold(Withdrawn)}, facts...)
	}
	return strings.Join(append(facts, c.Number), Sep)
}

// Footing says what the card is: the program, the number, and what was done
// with the speaker's words.
func (c Card) Footing() string {
	facts := []string{"onrecord", c.Number}
	if c.Review {
		facts = append(facts, "for review")
	}
	switch {
	case c.Withdrawn:
		facts = append(facts, "withdrawn")
	case len(c.Corrections) > 0:
		facts = append(facts, "corrected")
	}
	if c.Revised {
		facts = append(facts, "revised, see reply")
	}
	switch {
	case len(c.Also) > 0:
		facts = append(facts, fmt.Sprintf("said in %s", Plural(len(c.Also)+1, "place")))
	case len(c.Passages) == 0:
		facts = append(facts, "nothing is quoted")
	case c.Posts > 1:
		facts = append(facts, fmt.Sprintf("%d posts, %s", c.Posts, Verbatim))
	default:
		facts = append(facts, Verbatim)
	}
	return strings.Join(facts, Sep)
}

// Lag says how long after the post we saw it: "40 s"; "" when nobody can tell.
func (c Card) Lag() string {
	d := c.Seen.Sub(c.Posted)
	switch {
	case !c.Dated || d < 0:
		return ""
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

// ShortHash is the hash with its middle left out.
func (c Card) ShortHash() string { return c.SHA256[:4] + "…" + c.SHA256[len(c.SHA256)-4:] }

// More ends a quotation that is not the whole text.
func More(n int) string {
	if n == 1 {
		return "… (1 more character)"
	}
	return fmt.Sprintf("… (%d more characters)", n)
}
