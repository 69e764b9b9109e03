package match

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord"
)

//go:embed testdata/kinds.txt
var kindsSuite string

// kindOfSentence is a part of testdata/kinds.txt: one sentence by language.
type kindOfSentence struct {
	name, speaker string
	days          time.Duration // after the complaint
	in            map[string]string
}

func kindsOfSentences(t *testing.T) (list []kindOfSentence) {
	t.Helper()
	for line := range strings.Lines(kindsSuite) {
		line = strings.TrimSpace(line)
		switch first, rest, _ := strings.Cut(line, " "); first {
		case "", "#":
		case "=":
			name, who, _ := strings.Cut(rest, "; ")
			at := strings.LastIndex(who, " ")
			days, err := strconv.Atoi(who[at+1:])
			if err != nil {
				t.Fatalf("not a header: %q", line)
			}
			list = append(list, kindOfSentence{name, who[:at], time.Duration(days), map[string]string{}})
		default:
			list[len(list)-1].in[first] = rest
		}
	}
	return list
}

// TestLanguagesAreEqual: what comes of a sentence is the same in every language there
// are words of courts for, soon after the complaint and long after it, whether or not
// the place names the language. The case is configured in English alone.
func TestLanguagesAreEqual(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	for _, k := range kindsOfSentences(t) {
		for _, days := range []time.Duration{k.days, 300} {
			judge := func(tag, text string) onrecord.Decision {
				in := say(k.speaker, text, days*24*time.Hour)
				in.Post.Lang = tag
				ds, _ := m.Classify(in, State{})
				return ds[0]
			}
			want := judge("en", k.in["en"])
			for _, tag := range theLexicon().tags {
				if k.in[tag] == "" {
					t.Errorf("%s: no sentence in %s", k.name, tag)
				}
				for _, said := range []string{tag, ""} {
					if got := judge(said, k.in[tag]); got.Label != want.Label {
						t.Errorf("%s, %s as %q after %d days: %s %.2f, in English %s %.2f: %+v", k.name, tag, said, days, got.Label, got.Score, want.Label, want.Score, got.Reasons)
					}
				}
			}
		}
	}
}
