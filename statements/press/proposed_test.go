package press_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements/press"
	"onrecord/statements/statementstest"
)

// TestProposed: what somebody else takes for a person's words is weighed beside our own
// reading, which stands wherever it gives them to anybody.
func TestProposed(t *testing.T) {
	t.Parallel()
	const (
		ours    = "“We did nothing wrong,” Ivo Lind said."
		open    = "The room went quiet when Dana Reyes took the microphone from a man in the first row.\n\n“We never opened that drive.”\n\nSomebody clapped."
		alleged = "According to the complaint, an email read: “Delete all of it tonight.”"
		past    = "Back in 2019, in the words of a colleague, it was “nothing but a small idea”."
	)
	text := strings.Join([]string{"Northwind Data sued Harbor Labs.", ours, open, alleged, past}, "\n\n")
	for name, tc := range map[string]struct {
		speaker, words string
		confirmed      bool
		more           string
	}{
		"ours":                   {"Ivo Lind", "We did nothing wrong", true, ""},
		"a part of ours":         {"Ivo Lind", "nothing wrong", true, ""},
		"ours, of another":       {"Dana Reyes", "We did nothing wrong", false, ""},
		"nobody's":               {"Dana Reyes", "We never opened that drive", false, "We never opened that drive."},
		"a part of nobody's":     {"Dana Reyes", "opened that drive", false, "We never opened that drive."},
		"who is not named":       {"Mara Quist", "We never opened that drive", false, ""},
		"who is not of the case": {"Tom Hale", "We never opened that drive", false, ""},
		"alleged":                {"Dana Reyes", "Delete all of it tonight", false, ""},
		"of an earlier year":     {"Dana Reyes", "nothing but a small idea", false, ""},
		"no quotation":           {"Dana Reyes", "The room went quiet when Dana Reyes took the microphone", false, ""},
		"across marks":           {"Dana Reyes", "first row.\n\n“We never opened that drive", false, ""},
		"the whole article":      {"Dana Reyes", text, false, ""},
	} {
		start := strings.Index(text, tc.words)
		confirmed, more := press.Proposed(statementstest.Latin(), text, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), []onrecord.Proposal{
			{Speaker: tc.speaker, Words: onrecord.Span{Start: start, End: start + len(tc.words)}},
			{Speaker: tc.speaker, Words: onrecord.Span{Start: start, End: start + len(tc.words)}},
		})
		var got []string
		for _, v := range more {
			for _, q := range v.Quotes {
				got = append(got, v.Speaker.Name+": "+text[q.Start:q.End])
			}
		}
		var want []string
		if tc.more != "" {
			want = []string{tc.speaker + ": " + tc.more}
		}
		if confirmed[tc.speaker] != tc.confirmed || !slices.Equal(got, want) {
			t.Errorf("%s: confirmed %v, more %q", name, confirmed, got)
		}
	}
}
