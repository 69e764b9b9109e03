package match

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord"
)

//go:embed testdata/languages.txt
var languagesSuite string

// sentence is a line of testdata/languages.txt.
type sentence struct {
	lang, speaker, text string
	after               time.Duration
	on                  bool
}

func suite(t testing.TB) (list []sentence) {
	t.Helper()
	for line := range strings.Lines(languagesSuite) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		lang, rest, _ := strings.Cut(line, " ")
		days, rest, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(days)
		speaker, text, on := strings.Cut(rest, " + ")
		if !on {
			speaker, text, _ = strings.Cut(rest, " - ")
		}
		if err != nil || text == "" {
			t.Fatalf("not a line of the suite: %q", line)
		}
		list = append(list, sentence{lang, speaker, text, time.Duration(n) * 24 * time.Hour, on})
	}
	return list
}

// TestSuite: statements in fifteen languages, with names in the scripts of
// their readers, are accepted or shown to a person; other posts of the same
// speakers in the same weeks are not accepted. Neither the speakers' past nor
// the language is known.
func TestSuite(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	var on, reached, accepted, off, wrong, shown int
	langs := map[string]bool{}
	for _, s := range suite(t) {
		langs[s.lang] = true
		ds, _ := m.Classify(say(s.speaker, s.text, s.after), State{})
		v := ds[0].Label
		switch {
		case s.on:
			on++
			if v != onrecord.Reject {
				reached++
			} else {
				t.Logf("missed: %s %.2f %s %+v", s.lang, ds[0].Score, s.text, ds[0].Reasons)
			}
			if v == onrecord.Accept {
				accepted++
			}
		default:
			off++
			if v == onrecord.Accept {
				wrong++
				t.Logf("accepted: %s %.2f %s %+v", s.lang, ds[0].Score, s.text, ds[0].Reasons)
			}
			if v == onrecord.Review {
				shown++
			}
		}
	}
	t.Logf("%d statements: %d accepted, %d accepted or shown; %d others: %d accepted, %d shown", on, accepted, reached, off, wrong, shown)
	if len(langs) < len(theLexicon().tags) || on < 60 || off < 60 {
		t.Errorf("a thin suite: %d languages, %d statements, %d others", len(langs), on, off)
	}
	if share(reached, on) < .95 || share(wrong, off) > .05 {
		t.Errorf("reached %d of %d, accepted %d of %d others", reached, on, wrong, off)
	}
}
