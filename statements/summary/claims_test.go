package summary

import (
	"strings"
	"testing"

	"onrecord/statements/quote"
	"onrecord/statements/statementstest"

	"github.com/google/go-cmp/cmp"

	"onrecord"
)

// TestUnsupported: what a text says beyond its sources.
func TestUnsupported(t *testing.T) {
	t.Parallel()
	post := "We asked Northwind for 4,200 files and $3.5 million on Oct. 14, 2025, at 9:30. Nobody answered. Ivo Lind has “nothing to hide”."
	for _, tc := range []struct{ name, text, want string }{
		{"all there", "Harbor Labs asked Northwind for 4,200 files and $3.5 million.", ""},
		{"other grouping", "Harbor Labs asked for 4.200 files.", ""},
		{"quotation", "Lind has “nothing to hide,” Harbor Labs says.", ""},
		{"number", "Harbor Labs asked for 4,300 files.", "4300"},
		{"part of a number", "Harbor Labs asked for 5 million.", "5"},
		{"time", "The hearing is at 9:45.", "45"},
		{"year", "Harbor Labs asked in 2024.", "2024"},
		{"amount in words", "Harbor Labs asked for two dozen files and 3.5 billion.", "two dozen billion"},
		{"name", "Harbor Labs asked Microsoft.", "Microsoft"},
		{"name that begins", "Microsoft was asked. The files are gone.", "Microsoft"},
		{"month", "Harbor Labs asked in October.", "October"},
		{"altered quotation", "Lind has “something to hide”.", "something to hide"},
		{"half a quotation", "Lind has “nothing to", "nothing to"},
		{"possessive", "Northwind’s files were asked for.", ""},
		{"joined", "Harbor-Northwind talks failed.", ""},
		{"opener", "It asked. They waited.", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			sources := []string{post, "Northwind Data v. Harbor Labs"}
			got := strings.Join(append(Unsupported(tc.text, sources...), quote.Misquoted(tc.text, sources...)...), " ")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := Unsupported("Harbor Labs never took it.", "Harbor Labs took it."); len(got) != 1 {
		t.Errorf("an invented negation: %q", got)
	}
	if got := Unsupported("Harbor Labs never took it.", "The claim is false, says Harbor Labs."); len(got) != 0 {
		t.Errorf("a negation in other words: %q", got)
	}
}

func TestTurned(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text, quote string
		want        bool
	}{
		{"Harbor Labs denies it took the model.", "We did not take the model.", false},
		{"Harbor Labs took the model.", "We did not take the model.", true},
		{"Harbor Labs did not sue.", "We sued today.", true},
		{"Harbor Labs sued.", "We sued today.", false},
		{"Harbor Labs denies it.", "No tomamos nada.", false},
	} {
		if got := Turned(tc.text, tc.quote); got != tc.want {
			t.Errorf("Turned(%q, %q) = %v", tc.text, tc.quote, got)
		}
	}
}

// TestChosen: what somebody else wants to quote is widened to its sentences and
// must be the speaker's own.
func TestChosen(t *testing.T) {
	t.Parallel()
	own := "Northwind says that we took the model. We did not take anything from them. The hearing before Mara Quist is in May this year."
	long := strings.Repeat("we said it before, and we say it again, ", 40)
	for _, tc := range []struct {
		name, text, quote, want string
		kind                    onrecord.PostKind
	}{
		{"sentence", own, "The hearing before Mara Quist is in May this year.", "The hearing before Mara Quist is in May this year.", onrecord.Original},
		{"turned by its border", own, "we took the model", "Northwind says that we took the model.", onrecord.Original},
		{"end of a negated sentence", own, "take anything from them", "We did not take anything from them.", onrecord.Original},
		{"typography", "It’s  done.", "It's done.", "It’s  done.", onrecord.Original},
		{"not there", own, "We took everything", "", onrecord.Original},
		{"not of the speaker", "“They copied it line by line,” Ivo Lind said. Dana Reyes said: “We took nothing from them.”", "They copied it line by line", "", onrecord.Article},
		{"the speaker's in an article", "“They copied it line by line,” Ivo Lind said. Dana Reyes said: “We took nothing from them.”", "took nothing", "We took nothing from them.", onrecord.Article},
		{"repost", own, "The hearing before Mara Quist is in May this year.", "", onrecord.Repost},
		{"too long", long, "we said it before", "", onrecord.Original},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := Draft{Case: statementstest.Northwind(), Speaker: statementstest.Person("Dana Reyes"), Parts: []onrecord.Post{{Kind: tc.kind, Text: tc.text}}}
			got := ""
			if s, ok := Chosen(d, 0, tc.quote); ok {
				got = tc.text[s.Start:s.End]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	if !Whole(thread("A short post.")) || Whole(thread(strings.Repeat("The weather was fine. ", 40))) {
		t.Error("whole is what is not shortened")
	}
}

func FuzzClaims(f *testing.F) {
	for i, p := range statementstest.Prose {
		f.Add(p, statementstest.Prose[(i+1)%len(statementstest.Prose)])
	}
	f.Fuzz(func(t *testing.T, text, source string) {
		Unsupported(text, source)
		Turned(text, source)
		if s, ok := Chosen(thread(source), 0, text); ok {
			if _, _, there := quote.Verify(text, source[s.Start:s.End]); !there {
				t.Errorf("%q does not stand in %q", text, source[s.Start:s.End])
			}
		}
	})
}
