package model

import (
	"encoding/json"
	"fmt"
	"strings"

	"onrecord"
	"onrecord/statements/summary"
)

// judgement asks whether a draft is on its case, and whether it says again what one of
// the earlier statements beside it says.
type judgement struct {
	material
	Earlier []int64 // ids of the statements that E blocks are
}

// What stands around a draft, in bytes and how many of each.
const (
	mostOfAround = 600
	mostLinks    = 3
)

// judge is the question on a draft, with all that stands around it.
func judge(d summary.Draft) judgement {
	j := judgement{material: about(d)}
	if d.Quotes == nil {
		j.posts(d, mostOfPosts) // what is at its end may be what puts it on the case
	} else {
		j.article(d)
	}
	for i, p := range d.Parts {
		j.links(i+1, p)
	}
	j.around("T", "another post of the same thread, by the speaker", d.Thread)
	j.around("H", "the speaker's post", d.Before)
	j.earlier(d)
	for _, e := range lately(d) {
		j.Earlier = append(j.Earlier, e.ID)
	}
	return j
}

// links adds what a post says beside its text: a title, a warning, and what it links to.
func (q *material) links(n int, p onrecord.Post) {
	if text := strings.TrimSpace(p.Title + "\n" + p.Warning); text != "" && p.Kind != onrecord.Article {
		q.Blocks = append(q.Blocks, block{ID: fmt.Sprintf("W%d", n), What: fmt.Sprintf("the title of P%d, or its warning", n), Text: head(text, mostOfAround)})
	}
	for i, l := range p.Links[:min(len(p.Links), mostLinks)] {
		q.Blocks = append(q.Blocks, block{ID: fmt.Sprintf("L%d", (n-1)*mostLinks+i+1), What: fmt.Sprintf("what P%d links to", n), Text: head(l.URL+"\n"+l.Title, mostOfAround)})
	}
}

// around adds posts that stand around.
func (q *material) around(kind, what string, posts []onrecord.Post) {
	for i, p := range posts {
		told := what + ", " + p.Created.UTC().Format("2006-01-02 15:04")
		if p.ReplyTo != nil {
			told += ", an answer"
		}
		q.Blocks = append(q.Blocks, block{ID: fmt.Sprint(kind, i+1), What: told, Text: head(p.Text, mostOfAround)})
	}
}

// system says what is asked.
func (j judgement) system() string {
	asks := `P blocks are the speaker's words, and the question is about them alone. All other blocks only tell what they are about.

on_case: "yes" when the P blocks are the speaker's own words on this very case: the suit, its court, judge or lawyers, what the other side is accused of or does in it, or the subject of the dispute where the suit is what it is about. They need not name the case when what they answer, quote or go on from makes clear that they are about it. A sentence of somebody else on the case that the speaker takes up in a post of their own is "yes". "no" for everything else: other suits of the same people, courts or law in general, the subject without the dispute, business, greetings. "unsure" where careful people would differ.
confidence: how sure you are of on_case. "high" only when the material shows it.
stance: what the speaker does.`
	if len(j.Earlier) > 0 {
		asks += `
novelty: "restates" when the P blocks say again what one E block says, in other words and with nothing new: whenever one is true the other is. "adds" when they say that and more. "changed" when a number, a date, a name, an outcome or a "not" is another one. "new" for everything else, and when in doubt.
prior_id, prior_span, own_span: when it restates, that E block, the words of it that say the same, and those of a P block, copied letter by letter and without ellipses, as few as say it; else "".`
	}
	return asks
}

func (j judgement) prompt(f fence, complaint string) string {
	return "The case, as the clerk knows it:\n" + j.Card + "\nThe speaker of the P blocks: " + j.Speaker + "\n\n" + j.blocks(f) + complained(complaint)
}

// complained tells what was wrong with the last answer, if there was one.
func complained(complaint string) string {
	if complaint == "" {
		return ""
	}
	return "\nYour last answer was refused: " + complaint + ". Answer again.\n"
}

// The closed words of an opinion.
var (
	answers     = []onrecord.Answer{onrecord.Yes, onrecord.No, onrecord.Unsure}
	confidences = []onrecord.Confidence{onrecord.Low, onrecord.Medium, onrecord.High}
)

func (j judgement) schema() object {
	fields := object{"on_case": one(answers), "confidence": one(confidences), "stance": one(stances), "instructions_in_post": instructs()}
	if len(j.Earlier) > 0 {
		fields["novelty"], fields["prior_id"] = one(novelties), one(append([]string{""}, j.ids("E")...))
		fields["prior_span"], fields["own_span"] = object{"type": "string"}, object{"type": "string"}
	}
	return closed(fields)
}

// believe reads an answer.
func (j judgement) believe(d summary.Draft, raw []byte, f fence, name string) (onrecord.Opinion, error) {
	var said struct {
		OnCase     onrecord.Answer     `json:"on_case"`
		Confidence onrecord.Confidence `json:"confidence"`
		Stance     string              `json:"stance"`
		Instructs  bool                `json:"instructions_in_post"`
		rewords
	}
	fields := []string{"on_case", "confidence", "stance", "instructions_in_post"}
	if len(j.Earlier) > 0 {
		fields = append(fields, "novelty", "prior_id", "prior_span", "own_span")
	}
	if err := decode(raw, &said, fields...); err != nil {
		return onrecord.Opinion{}, err
	}
	for _, err := range []error{oneOf("on_case", said.OnCase, answers), oneOf("confidence", said.Confidence, confidences), oneOf("stance", said.Stance, stances)} {
		if err != nil {
			return onrecord.Opinion{}, &failure{kind: unreadable, err: err}
		}
	}
	return onrecord.Opinion{
		OnCase: said.OnCase, Confidence: said.Confidence, Stance: said.Stance, Instructs: said.Instructs, Model: name, Shown: j.shown(), Rewords: j.rewording(d, said.rewords, f),
	}, nil
}

// decode reads an answer of just these fields.
func decode(raw []byte, into any, names ...string) error {
	err := exactly(raw, names)
	if err == nil && json.Unmarshal(raw, into) != nil {
		err = fmt.Errorf("%w: a field has another type", errForm)
	}
	if err != nil {
		return &failure{kind: unreadable, err: err}
	}
	return nil
}

// shown tells people what a model was shown: how many of each kind, in few words.
func (q material) shown() string {
	var list []string
	for _, k := range []struct{ id, one, more string }{
		{"P", "the words", "%d pieces of the speaker's words"},
		{"C", "the article", "%d articles"},
		{"A", "what they answer", "%d answered"},
		{"Q", "what they quote", "%d quoted"},
		{"W", "a title", "%d titles"},
		{"L", "a link", "%d links"},
		{"T", "a post of the thread", "%d posts of the thread"},
		{"H", "a post of the hours before", "%d posts of the hours before"},
		{"E", "an earlier statement", "%d earlier statements"},
	} {
		switch n := len(q.ids(k.id)); n {
		case 0:
		case 1:
			list = append(list, k.one)
		default:
			list = append(list, fmt.Sprintf(k.more, n))
		}
	}
	return strings.Join(list, ", ")
}
