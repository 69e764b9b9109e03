package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements/summary"
)

// Answers are what a model said of posts on cases, as it was recorded. It is a model
// that says the same again.
type Answers struct {
	said map[answerKey]answerLine
}

// answerKey is what an answer is about. No case or speaker stands for all of them.
type answerKey struct{ id, caseID, speaker string }

// answerLine is an answer as files hold it; docs/configuration.md describes the form.
type answerLine struct {
	ID         string              `json:"id"`
	Case       string              `json:"case,omitempty"`
	Speaker    string              `json:"speaker,omitempty"` // whom a press account quotes
	OnCase     onrecord.Answer     `json:"on_case,omitempty"`
	Confidence onrecord.Confidence `json:"confidence,omitempty"`
	Stance     string              `json:"stance,omitempty"`
	Instructs  bool                `json:"instructions_in_post,omitempty"`
	Model      string              `json:"model,omitempty"`

	// Whose words the quotations of an article are. A line may hold nothing else.
	Proposals []proposalLine `json:"proposals,omitempty"`

	// What it says again: the first or another post of an earlier statement, and where.
	Novelty   string      `json:"novelty,omitempty"`
	PriorID   string      `json:"prior_id,omitempty"`
	OwnSpan   wordsOrSpan `json:"own_span,omitzero"`
	PriorSpan wordsOrSpan `json:"prior_span,omitzero"`
}

// proposalLine is a passage of an article with who says it.
type proposalLine struct {
	Speaker string      `json:"speaker"`
	Passage wordsOrSpan `json:"passage"`
}

// restates is the novelty of an answer of which the spans count.
const restates = "restates"

// wordsOrSpan are words of a post, as bytes of its text or letter by letter. A form that
// is neither says nothing.
type wordsOrSpan struct {
	words string
	span  [2]int
}

// UnmarshalJSON never fails.
func (w *wordsOrSpan) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &w.span) != nil {
		w.span = [2]int{}
		_ = json.Unmarshal(raw, &w.words)
	}
	return nil
}

// MarshalJSON writes a span.
func (w wordsOrSpan) MarshalJSON() ([]byte, error) { return json.Marshal(w.span) }

// in finds the words in a text.
func (w wordsOrSpan) in(text string) (start, end int, ok bool) {
	start, end = w.span[0], w.span[1]
	if w.words != "" {
		start = strings.Index(text, w.words)
		end = start + len(w.words)
	}
	return start, end, 0 <= start && start < end && end <= len(text)
}

// ReadAnswers reads a file of answers on posts, one JSON object a line. The error names
// every line that cannot be meant.
func ReadAnswers(path string, posts []LabelledPost) (*Answers, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	defer f.Close()
	ids := map[string]bool{}
	for _, p := range posts {
		ids[p.ID] = true
	}
	a := &Answers{said: map[answerKey]answerLine{}}
	at := map[answerKey]int{}
	var errs []error
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		wrong := func(what string, args ...any) {
			errs = append(errs, fmt.Errorf("%s:%d: %s", path, n, fmt.Sprintf(what, args...)))
		}
		var l answerLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			wrong("%v", err)
			continue
		}
		key := answerKey{l.ID, l.Case, l.Speaker}
		if !ids[l.ID] {
			wrong("there is no post %q among the posts", l.ID)
		}
		if first, twice := at[key]; twice {
			wrong("the answer on %q is in line %d already", l.ID, first)
		} else {
			at[key] = n
		}
		if a.said[key] = l; l.only() {
			continue
		}
		if !slices.Contains([]onrecord.Answer{onrecord.Yes, onrecord.No, onrecord.Unsure}, l.OnCase) {
			wrong("on_case is %q; it can be yes, no or unsure", l.OnCase)
		}
		if !slices.Contains([]onrecord.Confidence{onrecord.Low, onrecord.Medium, onrecord.High}, l.Confidence) {
			wrong("confidence is %q; it can be low, medium or high", l.Confidence)
		}
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", path, err))
	}
	return a, errors.Join(errs...)
}

// on is the answer on a draft.
func (a *Answers) on(d summary.Draft) (onrecord.Opinion, bool) {
	id := d.Parts[0].ID
	for _, key := range []answerKey{{id, d.Case.ID, d.Speaker.Name}, {id, d.Case.ID, ""}, {id, "", ""}} {
		if l, ok := a.said[key]; ok && !l.only() {
			return onrecord.Opinion{OnCase: l.OnCase, Confidence: l.Confidence, Stance: l.Stance, Instructs: l.Instructs, Model: l.Model, Rewords: l.rewords(d)}, true
		}
	}
	return onrecord.Opinion{}, false
}

// only reports a line that holds proposals and nothing else.
func (l answerLine) only() bool { return len(l.Proposals) > 0 && l.OnCase == "" }

// Propose implements [bot.Proposer].
func (a *Answers) Propose(_ context.Context, d summary.Draft) (list []onrecord.Proposal, model string, err error) {
	id := d.Parts[0].ID
	for _, key := range []answerKey{{id, d.Case.ID, ""}, {id, "", ""}} {
		l := a.said[key]
		for _, p := range l.Proposals {
			if start, end, ok := p.Passage.in(d.Parts[0].Text); ok && !l.Instructs {
				list = append(list, onrecord.Proposal{Speaker: p.Speaker, Words: onrecord.Span{Start: start, End: end}})
			}
		}
		if len(list) > 0 {
			return list, l.Model, nil
		}
	}
	return nil, "", errNoAnswer
}

// rewords is what the answer takes a draft to say again, of the earlier statements that
// are shown beside it.
func (l answerLine) rewords(d summary.Draft) *onrecord.Rewording {
	start, end, ok := l.OwnSpan.in(d.Parts[0].Text)
	if l.Novelty != restates || !ok {
		return nil
	}
	for _, e := range d.Earlier {
		for i, p := range e.Parts {
			if from, to, ok := l.PriorSpan.in(p.Text); p.ID == l.PriorID && ok {
				return &onrecord.Rewording{Of: e.ID, Words: onrecord.Span{Start: start, End: end}, Prior: onrecord.Span{Part: i, Start: from, End: to}}
			}
		}
	}
	return nil
}

var errNoAnswer = errors.New("there is no recorded answer")

// Classify implements [bot.Classifier].
func (a *Answers) Classify(_ context.Context, d summary.Draft) (onrecord.Opinion, error) {
	o, ok := a.on(d)
	if !ok {
		return o, errNoAnswer
	}
	return o, nil
}

// Screen implements [bot.Classifier]: what was not surely said to be on no case could be.
func (a *Answers) Screen(_ context.Context, drafts []summary.Draft) ([]bool, string, error) {
	could := make([]bool, len(drafts))
	for i, d := range drafts {
		o, ok := a.on(d)
		could[i] = !ok || o.OnCase != onrecord.No
	}
	return could, "", nil
}

// Recorder records what a model says.
type Recorder struct {
	bot.Classifier
	mu    sync.Mutex
	lines []answerLine
}

// Classify implements [bot.Classifier].
func (r *Recorder) Classify(ctx context.Context, d summary.Draft) (onrecord.Opinion, error) {
	o, err := r.Classifier.Classify(ctx, d)
	if err == nil {
		r.record(d, o)
	}
	return o, err
}

// Screen implements [bot.Classifier]. A post that is left out is on no case, as far as
// the model can tell from there.
func (r *Recorder) Screen(ctx context.Context, drafts []summary.Draft) ([]bool, string, error) {
	could, name, err := r.Classifier.Screen(ctx, drafts)
	for i := range could {
		if !could[i] {
			r.record(drafts[i], onrecord.Opinion{OnCase: onrecord.No, Confidence: onrecord.Low, Model: name})
		}
	}
	return could, name, err
}

// Propose implements [bot.Proposer].
func (r *Recorder) Propose(ctx context.Context, d summary.Draft) ([]onrecord.Proposal, string, error) {
	proposer, ok := r.Classifier.(bot.Proposer)
	if !ok {
		return nil, "", errNoAnswer
	}
	list, model, err := proposer.Propose(ctx, d)
	if err == nil && len(list) > 0 {
		l := answerLine{ID: d.Parts[0].ID, Case: d.Case.ID, Model: model}
		for _, p := range list {
			l.Proposals = append(l.Proposals, proposalLine{p.Speaker, wordsOrSpan{span: [2]int{p.Words.Start, p.Words.End}}})
		}
		r.keep(l)
	}
	return list, model, err
}

// record keeps the last answer on a draft.
func (r *Recorder) record(d summary.Draft, o onrecord.Opinion) {
	l := answerLine{ID: d.Parts[0].ID, Case: d.Case.ID, OnCase: o.OnCase, Confidence: o.Confidence, Stance: o.Stance, Instructs: o.Instructs, Model: o.Model}
	for _, e := range d.Earlier {
		if r := o.Rewords; r != nil && r.Of == e.ID {
			l.Novelty, l.PriorID = restates, e.Parts[r.Prior.Part].ID
			l.OwnSpan.span, l.PriorSpan.span = [2]int{r.Words.Start, r.Words.End}, [2]int{r.Prior.Start, r.Prior.End}
		}
	}
	if d.Quotes != nil {
		l.Speaker = d.Speaker.Name
	}
	r.keep(l)
}

func (r *Recorder) keep(l answerLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = slices.DeleteFunc(r.lines, func(o answerLine) bool { return o.ID == l.ID && o.Case == l.Case && o.Speaker == l.Speaker })
	r.lines = append(r.lines, l)
}

// Write writes what was recorded, in the form that [ReadAnswers] reads.
func (r *Recorder) Write(w io.Writer) error {
	lines := json.NewEncoder(w)
	for _, l := range r.lines {
		if err := lines.Encode(l); err != nil {
			return err
		}
	}
	return nil
}
