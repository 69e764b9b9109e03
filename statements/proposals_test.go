package statements_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onrecord"
	"onrecord/statements"
	"onrecord/statements/summary"
)

// proposing is a model that says whose words an article quotes, and of everything that
// it is on its case.
type proposing struct {
	statements.Offline
	said  map[string]string // speakers by passage
	asked int
}

func (p *proposing) Opinion(context.Context, func() summary.Draft, bool) (onrecord.Opinion, bool) {
	return onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High, Model: "m"}, true
}

func (p *proposing) Proposals(_ context.Context, d summary.Draft) (list []onrecord.Proposal, model string) {
	p.asked++
	for words, speaker := range p.said {
		if start := strings.Index(d.Parts[0].Text, words); start >= 0 {
			list = append(list, onrecord.Proposal{Speaker: speaker, Words: onrecord.Span{Start: start, End: start + len(words)}})
		}
	}
	return list, "m"
}

// TestOnlyAModel: what only a model reads as a speaker's words waits for a person, beside
// what our own reading has, of which nothing is lost, and says so.
func TestOnlyAModel(t *testing.T) {
	t.Parallel()
	const unnamed = "“The pricing model of Northwind was never on that drive.”\n\nThe hall was silent, and the judge looked up.\n\n"
	const more = "The pricing model of Northwind was never on that drive."
	article := func(text string) onrecord.Post {
		p := post("a", text)
		p.Account, p.Kind = courier.ID, onrecord.Article
		return p
	}
	told := func(r statements.Reading) (list []string) {
		for _, f := range r.Findings {
			line := fmt.Sprint(f.Label, " ", f.Speaker, f.Proposed)
			for _, reason := range f.Reasons {
				if strings.HasPrefix(string(reason.Code), "model_hears") || strings.HasPrefix(string(reason.Code), "model_quotes") {
					line += fmt.Sprint(" ", reason.Code, " ", reason.Text)
				}
			}
			if e, ok := f.Effect.(statements.Opens); ok {
				line += " " + string(e.Statement.Lane)
				for _, q := range e.Statement.Summary.Quotes {
					line += "|" + e.Statement.Quoted(q)
				}
			}
			list = append(list, line)
		}
		return list
	}
	const never = "We never opened the personal drive that Northwind complains about in court"
	for name, tc := range map[string]struct {
		text string
		said map[string]string
		want []string
	}{
		"more of the same speaker": {filed + reyes + unnamed, map[string]string{more: "Dana Reyes"}, []string{
			"accept Dana Reyesfalse record|" + never, "review Dana Reyestrue model_quotes m review|" + more,
		}},
		"confirmed": {filed + reyes + unnamed, map[string]string{"We never opened": "Dana Reyes"}, []string{
			"accept Dana Reyesfalse model_hears m record|" + never,
		}},
		"of another speaker": {filed + reyes + unnamed, map[string]string{more: "Ivo Lind"}, []string{
			"accept Dana Reyesfalse record|" + never, "review Ivo Lindtrue model_quotes m review|" + more,
		}},
		"nobody else is quoted": {filed + "Dana Reyes was there.\n\n" + unnamed, map[string]string{more: "Dana Reyes"}, []string{
			"review Dana Reyestrue model_quotes m review|" + more,
		}},
		"ours of another": {filed + reyes + unnamed, map[string]string{"We never opened": "Ivo Lind"}, []string{
			"accept Dana Reyesfalse record|" + never,
		}},
		"nothing":         {filed + reyes + unnamed, nil, []string{"accept Dana Reyesfalse record|" + never}},
		"a whole article": {filed + reyes + unnamed, map[string]string{filed + reyes + unnamed: "Dana Reyes"}, []string{"accept Dana Reyesfalse record|" + never}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := reader.Read(t.Context(), article(tc.text), courier, known(), &proposing{said: tc.said})
			if err != nil || r.Fault != nil {
				t.Fatal(err, r.Fault)
			}
			if got := told(r); !slices.Equal(got, tc.want) {
				t.Errorf("read as\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
	// A model is asked where there is a quotation that we give to nobody, and the case is near.
	for text, want := range map[string]int{filed + reyes: 0, "Sailing lessons begin at noon, and " + unnamed[3:]: 0, filed + unnamed: 1} {
		m := &proposing{}
		if _, err := reader.Read(t.Context(), article(text), courier, known(), m); err != nil || m.asked != want {
			t.Errorf("%q is asked about %d times, %v", text, m.asked, err)
		}
	}
}
