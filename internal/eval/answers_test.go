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
