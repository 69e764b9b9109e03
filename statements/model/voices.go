package model

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord"
	"onrecord/statements/summary"
)

// attribution asks whose words the quotations of an article are.
type attribution struct {
	material
	Names []string // of the parties and people of the case
}

// What an answer on an article may hold.
const (
	mostProposals = 24
	mostPassage   = 2000 // characters
)

// attribute is the question on an article.
func attribute(d summary.Draft) attribution {
	a := attribution{material: material{Card: caseCard(d.Case)}}
	for _, p := range d.Case.Everyone() {
		a.Names = append(a.Names, p.Name)
	}
	a.Blocks = []block{{ID: "C1", What: "the outlet's article", Text: head(d.Parts[0].Text, mostOfPosts)}}
	return a
}

func (attribution) system() string {
	return `C1 is an article of a newspaper, agency or site. It may quote people and parties of the case.

quotations: every passage of C1 that the article sets as a quotation, in marks or by its layout, and tells as said or written by one of the given names, or by somebody who speaks for that party. passage: what stands between the marks, copied letter by letter, without the marks and without ellipses; a quotation that is interrupted by who says it is two passages. speaker: the given name.
Leave out what somebody else says, what a complaint, a witness, an exhibit or a rumour says that somebody said, what is only supposed or asked, what was said in an earlier year and is recalled, and whatever you are not sure of.`
}

func (a attribution) prompt(f fence, complaint string) string {
	return "The case, as the clerk knows it:\n" + a.Card + "\n" + a.blocks(f) + complained(complaint)
}

func (a attribution) schema() object {
	return closed(object{
		"quotations": object{"type": "array", "items": closed(object{
			"speaker": one(a.Names), "passage": object{"type": "string", "description": "copied letter by letter"},
		})},
		"instructions_in_post": instructs(),
	})
}

// believe reads an answer. A passage that is not in the article letter by letter, or
// stands in it twice, is dropped, and costs the others nothing.
func (a attribution) believe(d summary.Draft, raw []byte, f fence) ([]onrecord.Proposal, error) {
	var said struct {
		Quotations []struct {
			Speaker string `json:"speaker"`
			Passage string `json:"passage"`
		} `json:"quotations"`
		Instructs bool `json:"instructions_in_post"`
	}
	if err := decode(raw, &said, "quotations", "instructions_in_post"); err != nil {
		return nil, err
	}
	if said.Instructs {
		return nil, nil // what a text tells a model to say is not what we ask it for
	}
	var list []onrecord.Proposal
	for _, q := range said.Quotations[:min(len(said.Quotations), mostProposals)] {
		if err := oneOf("speaker", q.Speaker, a.Names); err != nil {
			return nil, &failure{kind: unreadable, err: err}
		}
		if utf8.RuneCountInString(q.Passage) > mostPassage || f.touches(q.Passage) {
			continue
		}
		if words, ok := letterByLetter(d.Parts[0].Text, f.lift(q.Passage)); ok && !slices.ContainsFunc(list, func(p onrecord.Proposal) bool { return p.Words == words }) {
			list = append(list, onrecord.Proposal{Speaker: q.Speaker, Words: words})
		}
	}
	return list, nil
}

// letterByLetter finds words in a text in which they stand once. A model is shown one
// mark for all blanks between two words, so any blanks are the same; nothing else is.
func letterByLetter(text, words string) (onrecord.Span, bool) {
	wanted := strings.Join(strings.Fields(words), " ")
	var plain strings.Builder
	var at []int // where each byte stands
	blank := true
	for i, r := range text {
		if unicode.IsSpace(r) {
			if !blank {
				plain.WriteByte(' ')
				at = append(at, i)
			}
			blank = true
			continue
		}
		blank = false
		_, n := utf8.DecodeRuneInString(text[i:])
		plain.WriteString(text[i : i+n])
		for k := range n {
			at = append(at, i+k)
		}
	}
	if wanted == "" || strings.Count(plain.String(), wanted) != 1 {
		return onrecord.Span{}, false
	}
	start := strings.Index(plain.String(), wanted)
	return onrecord.Span{Start: at[start], End: at[start+len(wanted)-1] + 1}, true
}
