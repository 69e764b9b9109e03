package novelty

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"onrecord"
	"onrecord/internal/beside"
)

// TestDiffers: what a model takes for the same in other words is not, where a denial, a
// number, a date or a name stands on one side alone.
func TestDiffers(t *testing.T) {
	t.Parallel()
	const said = "We wrote the pricing model ourselves in Bergen. Nobody at Harbor Labs opened the drive of Ivo Lind before March. A third thing."
	for _, tc := range []struct {
		name, fresh, own, prior string
		differs                 bool
	}{
		{"in other words", "Listen: that pricing model is our own work.", "that pricing model is our own work", "We wrote the pricing model ourselves in Bergen", false},
		{"denied on both sides", "We did not look into Ivo Lind's drive until March.", "We did not look into Ivo Lind's drive until March", "Nobody at Harbor Labs opened the drive of Ivo Lind before March", false},
		{"with a first name", "As if anybody here had not left the drive alone, says Dana. Ivo’s drive was never read.", "Ivo’s drive was never read", "Nobody at Harbor Labs opened the drive of Ivo Lind", false},
		{"denied now", "That pricing model is not our own work.", "That pricing model is not our own work", "We wrote the pricing model ourselves", true},
		{"denied then", "We opened the drive of Ivo Lind.", "We opened the drive of Ivo Lind", "Nobody at Harbor Labs opened the drive of Ivo Lind", true},
		{"cut out of a denial", "We opened the drive of Ivo Lind.", "We opened the drive of Ivo Lind", "opened the drive of Ivo Lind", true},
		{"another number", "The pricing model is our own, in 7 versions.", "The pricing model is our own, in 7 versions", "We wrote the pricing model ourselves", true},
		{"a number in words", "The pricing model is our own, in seven versions.", "our own, in seven versions", "We wrote the pricing model ourselves", true},
		{"a date", "On Tuesday the pricing model was our own.", "On Tuesday the pricing model was our own", "We wrote the pricing model ourselves", true},
		{"another name", "The pricing model is by Dana Reyes.", "The pricing model is by Dana Reyes", "We wrote the pricing model ourselves", true},
		{"another name behind a known one", "We left alone the drive of Ivo Lind, Dana Reyes.", "We never read the drive of Ivo Lind, Dana Reyes", "Nobody at Harbor Labs opened the drive of Ivo Lind", true},
		{"a name like a known one", "Nobody read the drive of Martin Linde.", "Nobody read the drive of Martin Linde", "Nobody at Harbor Labs opened the drive of Ivo Lind", true},
		{"in capitals", "ANOTHER PRICING MODEL OF DANA REYES AND HARBOR LABS.", "ANOTHER PRICING MODEL OF DANA REYES AND HARBOR LABS", "We wrote the pricing model ourselves", true},
		{"the opposite in other words, with a piece of the sentence left out", "They never asked, but we opened the drive of Ivo Lind.", "we opened the drive of Ivo Lind", "Nobody at Harbor Labs opened the drive of Ivo Lind", true},
		{"a denial elsewhere in the sentence", "That pricing model is our own work, which nobody doubts.", "That pricing model is our own work", "We wrote the pricing model ourselves", false},
		{"a denial in quite other words", "What they tell the press is a fabrication from end to end.", "What they tell the press is a fabrication from end to end", "Nobody at Harbor Labs opened the drive of Ivo Lind before March", false},
		{"emphasis", "That Pricing model is our own Work.", "That Pricing model is our own Work", "We wrote the pricing model ourselves", false},
		{"a name in the place of another", "Nobody at Northwind opened the drive of Ivo Lind.", "Nobody at Northwind opened the drive of Ivo Lind", "Nobody at Harbor Labs opened the drive of Ivo Lind", true},
		{"a number outside of the words", "That pricing model is our own work. The hearing is on May 7.", "That pricing model is our own work", "We wrote the pricing model ourselves", false},
		{"spanish, denied now", "El modelo nunca fue nuestro.", "El modelo nunca fue nuestro", "We wrote the pricing model ourselves", true},
	} {
		fresh := tc.fresh
		if !strings.Contains(fresh, tc.own) {
			fresh = tc.own
		}
		if got := Differs(passage(fresh, tc.own), passage(said, tc.prior)); got != tc.differs {
			t.Errorf("%s: %t", tc.name, got)
		}
	}
}

func passage(text, words string) Passage {
	start := strings.Index(text, words)
	return Passage{text, Range{start, start + len(words)}}
}

// repeated is a repetition as a reader of the labelled posts found it: which statements
// before it say the same.
type repeated struct {
	Case, ID string
	Prior    []string
}

// restating is what somebody who knows meanings answered when shown a statement with the
// five nearest before it: which of them it says again in other words, and where. Every
// other statement was answered to be new.
type restating struct {
	Case, ID string
	Prior    string `json:"prior_id"`
	Own      Range  `json:"own_span"`
	Of       Range  `json:"prior_span"`
}

// UnmarshalJSON reads a range as a pair.
func (r *Range) UnmarshalJSON(raw []byte) error {
	var pair [2]int
	err := json.Unmarshal(raw, &pair)
	r.Start, r.End = pair[0], pair[1]
	return err
}

// TestSaidAgain: among the five nearest earlier statements is the one that is repeated,
// and what is believed of the answers are repetitions.
func TestSaidAgain(t *testing.T) {
	t.Parallel()
	priors := map[string][]string{}
	for r := range lines[repeated](t, "testdata/repeats.jsonl") {
		priors[r.Case+"/"+r.ID] = r.Prior
	}
	answers := map[string]restating{}
	for a := range lines[restating](t, "testdata/restated.jsonl") {
		answers[a.Case+"/"+a.ID] = a
	}
	var all, near, reworded, nearReworded, answered, answeredRight, marked, right, lexical, lexicalRight int
	for _, name := range cases(t) {
		speakers := speakersOf(t, name)
		record := map[string][]Earlier{}
		for p := range lines[labelled](t, filepath.Join(name, "posts.jsonl")) {
			if p.Label != 1 {
				continue
			}
			key := filepath.Base(name) + "/" + p.ID
			prior, repeats := priors[key]
			if repeats != (p.Novelty == "dup") {
				t.Errorf("%s: labelled %s", key, p.Novelty)
			}
			earlier := record[speakers[p.Account]]
			shown := map[string]Earlier{}
			var texts []string
			for _, e := range earlier {
				texts = append(texts, e.Text)
			}
			for _, i := range Nearest(p.Text, texts, 5) {
				shown[earlier[i].Posts[0]] = earlier[i]
			}
			found := slices.ContainsFunc(prior, func(id string) bool { return shown[id].Text != "" })
			v := Compare(p.Text, []string{p.ID}, earlier)
			if len(prior) > 0 {
				all, near = all+1, near+one(found)
				if v.Novelty != onrecord.Mirror {
					reworded, nearReworded = reworded+1, nearReworded+one(found)
				}
			}
			a := answers[key]
			switch of := shown[a.Prior]; {
			case v.Novelty == onrecord.Restates:
				lexical, lexicalRight = lexical+1, lexicalRight+one(slices.Contains(prior, earlier[v.Of-1].Posts[0]))
			case v.Novelty == onrecord.New && of.Text != "":
				said := slices.Contains(prior, a.Prior)
				answered, answeredRight = answered+1, answeredRight+one(said)
				if !Differs(Passage{p.Text, a.Own}, Passage{of.Text, a.Of}) {
					marked, right = marked+1, right+one(said)
				}
			}
			record[speakers[p.Account]] = append(earlier, Earlier{ID: int64(len(earlier) + 1), Posts: []string{p.ID}, Text: p.Text, At: p.Created, SameSide: true})
		}
	}
	t.Logf("%d repetitions, %d with other words; among the five nearest: %.3f, with other words %.3f", all, reworded, ratio(near, all), ratio(nearReworded, reworded))
	t.Logf("repeats: %d, right %d; in other words: %d, right %d, which is a precision of %.3f; together they find %.3f of those with other words",
		lexical, lexicalRight, marked, right, ratio(right, marked), ratio(right+lexicalRight, reworded))
	t.Logf("without the veto: %d, right %d, a precision of %.3f, finding %.3f", answered, answeredRight, ratio(answeredRight, answered), ratio(answeredRight+lexicalRight, reworded))
	if ratio(nearReworded, reworded) < .85 || ratio(near, all) < .85 {
		t.Error("what is repeated is not among the five nearest often enough")
	}
	if ratio(right+lexicalRight, reworded) < .5 {
		t.Error("too little is marked")
	}
	if ratio(right, marked) < .8 || lexicalRight < lexical {
		t.Error("too many marks are wrong")
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// cases are the folders of all labelled cases.
func cases(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(beside.Corpus(t), "*", "posts.jsonl"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no labelled posts: %v", err)
	}
	for i := range found {
		found[i] = filepath.Dir(found[i])
	}
	return found
}

// speakersOf tells whose an account is, by its handle or address.
func speakersOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	var file struct {
		Accounts []struct {
			Handle  string `yaml:"handle"`
			URL     string `yaml:"url"`
			Speaker string `yaml:"speaker"`
		} `yaml:"accounts"`
	}
	data, err := os.ReadFile(filepath.Join(dir, "case.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	speakers := map[string]string{}
	for _, a := range file.Accounts {
		speakers[a.Handle+a.URL] = a.Speaker
	}
	return speakers
}

// lines reads a file of one JSON object a line.
func lines[T any](t *testing.T, path string) func(yield func(T) bool) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	decoder := json.NewDecoder(bufio.NewReader(f))
	return func(yield func(T) bool) {
		for {
			var line T
			switch err := decoder.Decode(&line); {
			case err == io.EOF:
				return
			case err != nil:
				t.Fatalf("%s: %v", path, err)
			case !yield(line):
				return
			}
		}
	}
}
