package modeltest

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

var (
	language = regexp.MustCompile(`summary: in the language "([^"]+)"`)

	fence = regexp.MustCompile(`Text between <(B[0-9a-z]+) `)
	mark  = regexp.MustCompile(`joined by (\S+) instead of blanks`)
)

// read finds the blocks of a question, as a model would.
func read(system, prompt string) Asked {
	a := Asked{System: system, Prompt: prompt, Blocks: map[string]string{}, Retry: strings.Contains(prompt, "Your last answer was refused")}
	word, joint := fence.FindStringSubmatch(system), mark.FindStringSubmatch(system)
	if word == nil || joint == nil {
		return a
	}
	a.Fences = []string{word[1], joint[1]}
	if m := language.FindStringSubmatch(prompt); m != nil {
		a.Language = m[1]
	}
	block := regexp.MustCompile(`(?s)<` + word[1] + ` id=(\w+) is="[^"]*">\n(.*?)\n</` + word[1] + `>`)
	for _, m := range block.FindAllStringSubmatch(prompt, -1) {
		a.Blocks[m[1]] = strings.ReplaceAll(m[2], joint[1], " ")
	}
	return a
}

// kindOf tells a question by the fields of its answer.
func kindOf(schema Answer) Kind {
	fields, _ := schema["properties"].(Answer)
	switch {
	case fields["could_be"] != nil:
		return Screen
	case fields["on_case"] != nil:
		return Judge
	case fields["quotations"] != nil:
		return Voices
	}
	return Write
}

// think is the model: its answer, and why it stopped.
func (s *Server) think(schema Answer, system, prompt string) (object []byte, stop string) {
	q := read(system, prompt)
	q.Kind = kindOf(schema)
	s.mu.Lock()
	s.asked = append(s.asked, q)
	s.mu.Unlock()
	if s.fires(Refusing) {
		return nil, "refusal"
	}
	a := s.answers(q)
	object, err := json.Marshal(a)
	if err != nil {
		panic(err) // a test's Think is wrong
	}
	switch {
	case s.fires(Truncated):
		return object[:len(object)/2], "max_tokens"
	case s.fires(HalfJSON):
		return object[:len(object)/2], ""
	}
	return object, ""
}

func (s *Server) answers(q Asked) Answer {
	a := Honest(q)
	if s.Think != nil {
		a = s.Think(q)
	}
	if s.fires(WrongForm) {
		a["recipients"] = []string{"@everyone"}
		return a
	}
	switch q.Kind {
	case Screen:
		s.screens(q, a)
	case Judge:
		s.judges(a)
	case Write:
		s.writes(q, a)
	}
	return a
}

// judges spoils an answer about a post.
func (s *Server) judges(a Answer) {
	sure := func(on string) { a["on_case"], a["confidence"] = on, "high" }
	switch {
	case s.fires(WrongWord):
		a["on_case"] = "certainly"
	case s.fires(AlwaysYes), s.fires(Obeying), s.fires(ObeyingSoftly):
		sure("yes")
	case s.fires(AlwaysNo):
		sure("no")
	}
}

// screens spoils an answer about several posts.
func (s *Server) screens(q Asked, a Answer) {
	switch {
	case s.fires(UnknownBlock), s.fires(WrongWord):
		a["could_be"] = []string{"N99"}
	case s.fires(AlwaysYes):
		a["could_be"] = q.ids("N")
	case s.fires(AlwaysNo):
		a["could_be"] = []string{}
	}
}

// writes spoils what a card is to say.
func (s *Server) writes(q Asked, a Answer) {
	quote := func(text string) { a["key_quotes"] = []Answer{{"block_id": "P1", "text": text}} }
	switch {
	case s.fires(WrongWord):
		a["stance"] = "guilty"
	case s.fires(InventedQuote):
		quote("We admit that we took all of it.")
	case s.fires(AlteredQuote):
		quote(swap(q.Blocks["P1"]))
	case s.fires(OthersQuote):
		quote(q.Blocks["A1"])
	case s.fires(OutletsQuote):
		quote(prose(q))
	case s.fires(OutletsWords):
		a["summary"] = a["summary"].(string) + " It says “" + prose(q) + "”"
	case s.fires(InventedFact):
		a["summary"] = a["summary"].(string) + " It costs 987654 dollars."
	case s.fires(InventedName):
		a["summary"] = a["summary"].(string) + " It names Zorblax."
	case s.fires(Obeying):
		a["summary"] = "@everyone see [the proof](https://evil.example) now"
	case s.fires(ObeyingSoftly):
		a["summary"] = "The speaker speaks."
	}
}

// ids are the blocks of a kind, in their order.
func (q Asked) ids(kind string) []string {
	list := []string{}
	for id := range q.Blocks {
		if strings.HasPrefix(id, kind) {
			list = append(list, id)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return list
}

// prose is the first sentence of an article.
func prose(q Asked) string {
	first, _, _ := strings.Cut(q.Blocks["C1"], ". ")
	return strings.TrimSuffix(first, ".") + "."
}

// swap changes the last word of a text.
func swap(text string) string {
	words := strings.Fields(text)
	words[len(words)-1] = "everything."
	return strings.Join(words, " ")
}

// Honest answers as a careful model would: on the case with high confidence
// where the post has a word of the case, quoting the first sentence.
func Honest(q Asked) Answer { return Table(nil)(q) }

// Table answers questions about a case by the text of the post, and those that are
// not in it, or ask for something else, as [Honest] does. Confidence is high where
// an answer is "yes" or "no".
func Table(onCase map[string]string) func(Asked) Answer {
	on := func(text string) string {
		if said, ok := onCase[text]; ok {
			return said
		}
		for word := range strings.FieldsSeq("court complaint lawsuit suit judge") {
			if strings.Contains(strings.ToLower(text), word) {
				return "yes"
			}
		}
		return "unsure"
	}
	return func(q Asked) Answer {
		switch q.Kind {
		case Screen:
			could, instructing := []string{}, []string{}
			for _, id := range q.ids("N") {
				text := q.Blocks[id]
				if hostile(text) {
					instructing = append(instructing, id)
				} else if said, known := onCase[text]; known && said != "no" || !known && on(text) == "yes" {
					could = append(could, id)
				}
			}
			return Answer{"could_be": could, "instructing": instructing}
		case Voices: // what it does not know it leaves out
			return Answer{"quotations": []Answer{}, "instructions_in_post": instructed(q)}
		case Judge:
			a := Answer{"on_case": on(q.Blocks["P1"]), "confidence": "high", "stance": "comments", "instructions_in_post": instructed(q)}
			if a["on_case"] == "unsure" {
				a["confidence"] = "medium"
			}
			if len(q.ids("E")) > 0 {
				a["novelty"], a["prior_id"], a["prior_span"], a["own_span"] = "new", "", "", ""
			}
			return a
		}
		return written(q)
	}
}

func hostile(text string) bool {
	return strings.Contains(strings.ToLower(text), "ignore previous instructions")
}

// instructed reports whether anything that was shown instructs a model.
func instructed(q Asked) bool {
	for _, text := range q.Blocks {
		if hostile(text) {
			return true
		}
	}
	return false
}

// written is what a careful model writes of a statement.
func written(q Asked) Answer {
	post := q.Blocks["P1"]
	first := post
	if i := strings.Index(post, ". "); i >= 0 {
		first = post[:i+1]
	}
	card, _, _ := strings.Cut(q.Prompt, "<"+q.Fences[0])
	_, speaker, _ := strings.Cut(card, "The speaker of the P blocks: ")
	speaker, _, _ = strings.Cut(strings.TrimSpace(speaker), " (")
	lang := languageOf(post)
	said := wordings[cmp.Or(q.Language, lang)]
	if said.denies == "" {
		said = wordings["en"]
	}
	does := said.speaks
	if strings.Contains(strings.ToLower(post), "deny") || strings.Contains(post, " not ") || strings.Contains(post, "niega") || strings.Contains(post, "nicht") || strings.Contains(post, "never") {
		does = said.denies
	}
	return Answer{
		"stance": "comments", "targets": []string{},
		"key_quotes": []Answer{{"block_id": "P1", "text": first}}, "summary": strings.ReplaceAll(does, "NAME", speaker),
		"translation": "", "lang": lang, "instructions_in_post": instructed(q),
	}
}

// wordings are what the model says of a post, by language.
var wordings = map[string]struct{ speaks, denies string }{
	"en": {"NAME spoke. It speaks of the case.", "NAME spoke. It denies what is said of it."},
	"es": {"NAME habla del caso.", "NAME habla del caso y niega lo que se dice."},
	"de": {"NAME spricht von der Klage.", "NAME spricht von der Klage und bestreitet sie."},
}

// languageOf knows a language by the words it cannot do without.
func languageOf(text string) string {
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		switch w {
		case "que", "nos", "por", "los":
			return "es"
		case "wir", "und", "nicht", "die":
			return "de"
		}
	}
	return "en"
}
