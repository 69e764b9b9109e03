package eval

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/statements/summary"
)

// What an answer says of earlier statements is read as bytes or as words, is written as it
// is read, and says nothing where it does not fit.
func TestRewordings(t *testing.T) {
	t.Parallel()
	post := func(id, text string) onrecord.Post { return onrecord.Post{ID: id, Text: text} }
	const earlier, said = "One more thing. We never had it.", "Nobody ever had that drive."
	want := &onrecord.Rewording{Of: 7, Words: onrecord.Span{End: 26}, Prior: onrecord.Span{Part: 1, Start: 16, End: 31}}
	d := summary.Draft{Parts: []onrecord.Post{post("9", said)}, Earlier: []onrecord.Statement{
		{ID: 6, Parts: []onrecord.Post{post("1", earlier)}}, {ID: 7, Parts: []onrecord.Post{post("2", "Listen."), post("3", earlier)}},
	}}
	for line, want := range map[string]*onrecord.Rewording{
		`"novelty":"restates","prior_id":"3","own_span":[0,26],"prior_span":[16,31]`:                                 want,
		`"novelty":"restates","prior_id":"3","own_span":"Nobody ever had that drive","prior_span":"We never had it"`: want,
		`"novelty":"adds","prior_id":"3","own_span":[0,26],"prior_span":[16,31]`:                                     nil,
		`"novelty":"restates","prior_id":"8","own_span":[0,26],"prior_span":[16,31]`:                                 nil,
		`"novelty":"restates","prior_id":"3","own_span":[0,27000],"prior_span":[16,31]`:                              nil,
		`"novelty":"restates","prior_id":"3","own_span":[-1,26],"prior_span":[16,31]`:                                nil,
		`"novelty":"restates","prior_id":"3","own_span":[0,26],"prior_span":"We had it"`:                             nil,
		`"novelty":"restates","prior_id":"3","own_span":{"start":0},"prior_span":[16,31]`:                            nil,
		`"novelty":"restates","prior_id":"3","own_span":[0,26]`:                                                      nil,
		`"novelty":"new"`:   nil,
		`"stance":"denies"`: nil,
	} {
		answers := read(t, `{"id":"9","on_case":"yes","confidence":"high",`+line+"}\n", d)
		o, err := answers.Classify(t.Context(), d)
		if diff := cmp.Diff(want, o.Rewords); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", line, err, diff)
		}
		r := Recorder{Classifier: answers}
		if _, err := r.Classify(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		var written bytes.Buffer
		if err := r.Write(&written); err != nil {
			t.Fatal(err)
		}
		again, err := read(t, written.String(), d).Classify(t.Context(), d)
		if diff := cmp.Diff(o, again); err != nil || diff != "" {
			t.Errorf("%s is written as %s: %v\n%s", line, &written, err, diff)
		}
	}
}

func read(t *testing.T, lines string, d summary.Draft) *Answers {
	t.Helper()
	file := filepath.Join(t.TempDir(), "answers.jsonl")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := ReadAnswers(file, []LabelledPost{{Post: d.Parts[0]}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestProposalLines: whose words an article quotes may stand beside an answer or alone, as
// bytes or as words, and is written as it is read.
func TestProposalLines(t *testing.T) {
	t.Parallel()
	const text = "The hall was silent. “We never had it.”"
	d := summary.Draft{Case: onrecord.Case{ID: "c"}, Parts: []onrecord.Post{{ID: "9", Text: text}}, Quotes: []onrecord.Span{}}
	want := []onrecord.Proposal{{Speaker: "Dana Reyes", Words: onrecord.Span{Start: 24, End: 40}}}
	for line, want := range map[string][]onrecord.Proposal{
		`{"id":"9","proposals":[{"speaker":"Dana Reyes","passage":[24,40]}]}`:                                     want,
		`{"id":"9","case":"c","proposals":[{"speaker":"Dana Reyes","passage":"We never had it."}]}`:               want,
		`{"id":"9","on_case":"yes","confidence":"high","proposals":[{"speaker":"Dana Reyes","passage":[24,40]}]}`: want,
		`{"id":"9","proposals":[{"speaker":"Dana Reyes","passage":"We had it."}]}`:                                nil,
		`{"id":"9","instructions_in_post":true,"proposals":[{"speaker":"Dana Reyes","passage":[24,40]}]}`:         nil,
		`{"id":"9","on_case":"yes","confidence":"high"}`:                                                          nil,
	} {
		answers := read(t, line+"\n", d)
		r := Recorder{Classifier: answers}
		got, _, err := r.Propose(t.Context(), d)
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%s: %v\n%s", line, err, diff)
		}
		var written bytes.Buffer
		if err := r.Write(&written); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			continue
		}
		again, _, err := read(t, written.String(), d).Propose(t.Context(), d)
		if diff := cmp.Diff(want, again); err != nil || diff != "" {
			t.Errorf("%s is written as %s: %v\n%s", line, &written, err, diff)
		}
		if _, err := read(t, `{"id":"9","proposals":[{"speaker":"Dana Reyes","passage":[24,40]}]}`+"\n", d).Classify(t.Context(), d); err == nil {
			t.Error("proposals alone are an answer to whether it is on the case")
		}
	}
}
