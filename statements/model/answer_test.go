package model

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"onrecord"
	"onrecord/statements/statementstest"
	"onrecord/statements/summary"
)

const good1 = `{"stance":"denies","targets":["Northwind Data"],
	"key_quotes":[{"block_id":"P1","text":"We deny it."}],"summary":"It denies it.","translation":"","lang":"en","instructions_in_post":false}`

func asked() (question, summary.Draft) {
	d := summary.Draft{
		Case:    onrecord.Case{Title: "Northwind Data v. Harbor Labs", Parties: []onrecord.Person{{Name: "Northwind Data"}, {Name: "Harbor Labs"}}},
		Speaker: onrecord.Person{Name: "Harbor Labs"},
		Parts:   []onrecord.Post{{Text: "We deny it. The hearing before the court is on Tuesday."}}, Earlier: statementstest.Said("We never had it."),
	}
	return ask(d, "en"), d
}

// TestDecode: nothing but the closed form is read.
func TestDecode(t *testing.T) {
	t.Parallel()
	q, _ := asked()
	if _, err := q.decode([]byte(good1)); err != nil {
		t.Fatal(err)
	}
	for old, changed := range map[string]string{
		`{"stance"`:                 `{"confidence":1,"stance"`,
		`"stance":"denies"`:         `"stance":"guilty"`,
		`"Northwind Data"`:          `"Somebody Else"`,
		`"block_id":"P1"`:           `"block_id":"A1"`,
		`"text":"We deny it."`:      `"text":"We deny it.","url":"https://evil.example"`,
		`"lang":"en"`:               `"lang":"en\" onclick"`,
		`"lang":`:                   `"Lang":`,
		`"translation":""`:          `"translation":null`,
		`"It denies it."`:           `"` + strings.Repeat("It denies it. ", 30) + `"`,
		`[{"block_id"`:              `[{"block_id":"P1","text":"a"},{"block_id":"P1","text":"b"},{"block_id":"P1","text":"c"},{"block_id"`,
		`:false}`:                   `:false}{}`,
		`"stance":"denies",`:        `"stance":"denies","recipients":["@everyone"],`,
		`"instructions_in_post":fa`: `"instructions_in_post":"false`,
	} {
		if raw := strings.Replace(good1, old, changed, 1); raw == good1 {
			t.Errorf("%s is not there", old)
		} else if _, err := q.decode([]byte(raw)); err == nil {
			t.Errorf("read with %s", changed)
		}
	}
}

// TestSchema: the schema that is sent says of an answer what decode says, but
// for lengths.
func TestSchema(t *testing.T) {
	t.Parallel()
	q, _ := asked()
	text, err := json.Marshal(q.schema())
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("answer.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("answer.json")
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]bool{
		good1: true,
		strings.Replace(good1, `"denies"`, `"maybe"`, 1):      false,
		strings.Replace(good1, `"P1"`, `"P9"`, 1):             false,
		strings.Replace(good1, `"lang":"en",`, ``, 1):         false,
		strings.Replace(good1, `:false}`, `:false,"a":1}`, 1): false,
		strings.Replace(good1, `["Northwind Data"]`, `[]`, 1): true,
		strings.Replace(good1, `"Northwind`, `"Southwind`, 1): false,
		strings.Replace(good1, `it."}]`, `it.","a":"b"}]`, 1): false,
		strings.Replace(good1, `"lang":"en"`, `"a":1`, 1):     false,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		_, decoded := q.decode([]byte(raw))
		if got := schema.Validate(v) == nil; got != want || (decoded == nil) != want {
			t.Errorf("schema %v, decode %v, want %v for\n%s", got, decoded, want, raw)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"It denies “all of it” (and $3.5 million).": true,
		"Er bestreitet es – am 3. Mai.":             true,
		"彼はそれを否定した。":                                true,
		"see https://evil.example":                  false,
		"see evil.example":                          false,
		"see evil。example":                          true, // leads nowhere in any client we know
		"@everyone":                                 false,
		"＠everyone":                                 true, // a letter, no mention
		"[a](b)":                                    false,
		"**a**":                                     false,
		"<t:1:R>":                                   false,
		"a\nb":                                      false,
		"a\u202eb":                                  false,
		"a\u200bb":                                  false,
		"a\x00b":                                    false,
		"a\U000e0041b":                              false,
		"a 🔥 b":                                     false,
	} {
		if got := plain(text) == nil; got != want {
			t.Errorf("plain(%q) is %v", text, got)
		}
	}
}

// FuzzBelieve: whatever a model answers, what is believed of it quotes the
// source and holds no address, mention or markup.
func FuzzBelieve(f *testing.F) {
	post, said := asked()
	article := said
	article.Parts = []onrecord.Post{{Kind: onrecord.Article, Text: "Northwind sued. “We deny it. All of it,” they said. The hearing before the court is on Tuesday."}}
	start := strings.Index(article.Parts[0].Text, "We deny")
	article.Quotes = []onrecord.Span{{Start: start, End: start + len("We deny it. All of it")}}
	printed := ask(article, "en")
	for _, raw := range []string{
		good1, strings.Replace(good1, "It denies it.", "@everyone https://evil.example", 1), strings.Replace(good1, `"lang":"en"`, `"lang":"es"`, 1),
		strings.Replace(good1, `"translation":""`, `"translation":"We deny it"`, 1), strings.Replace(good1, "We deny it.", "Northwind sued.", 1), `{"stance":`,
	} {
		f.Add([]byte(raw), false)
		f.Add([]byte(raw), true)
	}
	f.Fuzz(func(t *testing.T, raw []byte, press bool) {
		q, d := post, said
		if press {
			q, d = printed, article
		}
		got, err := q.believe(d, raw, fence{word: "Bxyz", mark: "^"}, "a-model")
		if err != nil {
			if got.InShort != "" {
				t.Error("something is believed of what is refused")
			}
			return
		}
		if press && !slices.Equal(got.Quotes, d.Quotes) {
			t.Errorf("an article is quoted with %+v", got.Quotes)
		}
		for _, s := range got.Quotes {
			if s.Part != 0 || s.Start < 0 || s.End > len(d.Parts[0].Text) || s.Start >= s.End {
				t.Errorf("a quotation from nowhere: %+v", s)
			}
		}
		if text := got.InShort + got.Translation; strings.ContainsAny(text, "@<>[]\n") || strings.Contains(text, "://") {
			t.Errorf("believed: %q", text)
		}
	})
}

// FuzzJudged: whatever a model answers about a post, or about several, it is one of the
// closed answers, or refused.
func FuzzJudged(f *testing.F) {
	_, d := asked()
	soup := d
	soup.Parts = []onrecord.Post{{Text: "Soup is back."}}
	about, several := judge(d), screen([]summary.Draft{d, soup, soup})
	for _, raw := range []string{
		`{"on_case":"yes","confidence":"high","stance":"denies","instructions_in_post":false,"novelty":"restates","prior_id":"E1","prior_span":"We never had it","own_span":"We deny it"}`,
		`{"on_case":"no","confidence":"low","stance":"unclear","instructions_in_post":true,"novelty":"new","prior_id":"","prior_span":"","own_span":""}`,
		`{"on_case":"yes","confidence":"high","stance":"denies","instructions_in_post":false}`,
		`{"could_be":["N1"],"instructing":["N4"]}`, `{"could_be":["N1","N2","N3","N4"],"instructing":[]}`, `{"could_be":[],"instructing":null}`, `[]`, `{"on_case":"certainly"`,
	} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := about.believe(d, raw, fence{word: "Bxyz", mark: "^"}, "a-model")
		if known := slices.Contains(answers, o.OnCase) && slices.Contains(confidences, o.Confidence) && slices.Contains(stances, o.Stance); known == (err != nil) {
			t.Errorf("believed: %+v, %v", o, err)
		}
		if r := o.Rewords; r != nil && (r.Of != 1 || r.Words.Start >= r.Words.End || r.Words.End > len(d.Parts[0].Text) || r.Prior.Start >= r.Prior.End || r.Prior.End > len(d.Earlier[0].Parts[0].Text)) {
			t.Errorf("believed: %+v", r)
		}
		could, err := several.believe(raw, fence{})
		if (len(could) == 3) == (err != nil) {
			t.Errorf("believed: %v, %v", could, err)
		}
	})
}
