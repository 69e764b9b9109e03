package summary

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"onrecord/internal/beside"
	"onrecord/statements/lang"
	"onrecord/statements/statementstest"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/google/go-cmp/cmp"

	"onrecord"
)

// thread is a draft of posts by Harbor Labs.
func thread(texts ...string) Draft {
	d := Draft{Case: statementstest.Northwind(), Speaker: statementstest.Person("Harbor Labs")}
	for _, text := range texts {
		d.Parts = append(d.Parts, onrecord.Post{Kind: onrecord.Original, Text: text})
	}
	return d
}

func quoted(d Draft) []string {
	var qs []string
	for _, q := range Extract(d).Quotes {
		qs = append(qs, d.Parts[q.Part].Text[q.Start:q.End])
	}
	return qs
}

func article(speaker, text string) Draft {
	return Draft{Case: statementstest.Northwind(), Speaker: statementstest.Person(speaker), Parts: []onrecord.Post{{Kind: onrecord.Article, Text: text}}}
}

// check holds what every summary promises about its spans.
func check(t testing.TB, d Draft) onrecord.Summary {
	t.Helper()
	s := Extract(d)
	if s.InShort != "" || s.Origin != "extract" {
		t.Errorf("words of our own: %+v", s)
	}
	last := onrecord.Span{Part: -1}
	for _, q := range s.Quotes {
		if q.Part < 0 || q.Part >= len(d.Parts) {
			t.Fatalf("%+v is of no part", q)
		}
		text := d.Parts[q.Part].Text
		if q.Start < 0 || q.Start >= q.End || q.End > len(text) {
			t.Fatalf("%+v is outside of its %d bytes, or empty", q, len(text))
		}
		if q.Part < last.Part || q.Part == last.Part && q.Start < last.End {
			t.Errorf("%+v comes after %+v", q, last)
		}
		last = q
		quote := text[q.Start:q.End]
		if strings.TrimSpace(quote) != quote {
			t.Errorf("white space around %q", quote)
		}
		if !d.Parts[q.Part].OwnWords() {
			t.Errorf("somebody else's words: %q", quote)
		}
		if utf8.ValidString(text) && !broken.MatchString(text) && (!border(text, q.Start) || !border(text, q.End)) {
			t.Errorf("%q is cut inside a character", quote)
		}
	}
	return s
}

// broken is text where an accent has no letter to stand on, so that white space
// or a quotation mark becomes part of a character.
var broken = regexp.MustCompile(`[^\p{L}\p{N}\p{M}\p{S}][\p{M}\x{200d}\x{1f3fb}-\x{1f3ff}]`)

func border(text string, i int) bool {
	at := 0
	for it := graphemes.FromString(text); at < i && it.Next(); {
		at = it.End()
	}
	return at == i
}

func runesOf(d Draft, s onrecord.Summary) (n int) {
	for _, q := range s.Quotes {
		n += utf8.RuneCountInString(d.Parts[q.Part].Text[q.Start:q.End])
	}
	return n
}

func TestShortIsWhole(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		draft Draft
		want  []onrecord.Span
	}{
		"a post":           {thread("  We answered today.\n"), []onrecord.Span{{Start: 2, End: 20}}},
		"350 letters":      {thread(strings.Repeat("é", 350)), []onrecord.Span{{End: 700}}},
		"a thread":         {thread("One.", "", "Three."), []onrecord.Span{{Part: 0, End: 4}, {Part: 2, End: 6}}},
		"a thread of 3000": {thread(strings.Repeat("a ", 500)+"b", strings.Repeat("c", 1999)), []onrecord.Span{{End: 1001}, {Part: 1, End: 1999}}},
		"media only":       {thread(""), nil},
		"invisible":        {thread(" \u200b\n"), nil},
		"no parts":         {thread(), nil},
		"an address":       {thread("https://harborlabs.example/answer"), []onrecord.Span{{End: 33}}},
		"an article":       {article("Harbor Labs", "Harbor Labs answered today. It called the suit “baseless”."), []onrecord.Span{{End: 62}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, check(t, tc.draft).Quotes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRepostsAreNotQuoted(t *testing.T) {
	t.Parallel()
	d := thread("We answered today.", strings.Repeat("They copied our source code. ", 200))
	d.Parts[1].Kind = onrecord.Repost
	if diff := cmp.Diff([]onrecord.Span{{End: 18}}, check(t, d).Quotes); diff != "" {
		t.Error(diff)
	}
}

// An author's own words are quoted from a repost of them, without the place's mark.
func TestOwnWordsAreQuotedAgain(t *testing.T) {
	t.Parallel()
	d := thread("RT @HarborLabs: We answered today.")
	d.Parts[0].Kind, d.Parts[0].Author.Handle, d.Parts[0].Reposts = onrecord.Repost, "harborlabs", &onrecord.Ref{Account: "harborlabs"}
	s := check(t, d)
	if len(s.Quotes) != 1 || d.Parts[0].Text[s.Quotes[0].Start:s.Quotes[0].End] != "We answered today." {
		t.Errorf("quoted: %+v", s.Quotes)
	}
}

// TestEndlessSentence: a text without a border is clipped, at a clause or a
// word when there is one, and never inside a character.
func TestEndlessSentence(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, ends string }{
		"clauses": {strings.Repeat("we said it before, and we say it again, ", 40), "again,"},
		"words":   {strings.Repeat("northwind ", 200), "northwind"},
		"letters": {strings.Repeat("ha", 2000), "hahaha"},
		"emoji":   {strings.Repeat("👩🏽‍💻", 400), "👩🏽‍💻"},
		"Chinese": {strings.Repeat("我们将逐条回应", 200), ""},
		"accents": {"x" + strings.Repeat("\u0301", 5000) + " and more", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := thread(tc.text)
			s := Extract(d)
			if name != "accents" { // one character of 5000 runes must be cut somewhere
				s = check(t, d)
			}
			if n := runesOf(d, s); len(s.Quotes) != 1 || n < 250 || n > atMost {
				t.Fatalf("%d quotes of %d runes", len(s.Quotes), n)
			}
			if got := d.Parts[0].Text[:s.Quotes[0].End]; !strings.HasSuffix(got, tc.ends) {
				t.Errorf("ends in %q", got[len(got)-20:])
			}
		})
	}
}

// TestLongIsShortened: what is quoted of a long text is a few whole sentences,
// more about the case than the rest, and not what was said before.
func TestLongIsShortened(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("The weather in the harbour was fine this week. Our canteen has a new menu with soup. ", 12)
	const (
		key   = "Northwind has no evidence that our source code holds its trade secrets."
		other = "Ivo Lind answered every question about Customer Seven in his deposition."
	)
	d := thread(filler + key + " " + filler + other + " " + filler)
	got := strings.Join(quoted(d), "\n")
	if !strings.Contains(got, key) || !strings.Contains(got, other) {
		t.Errorf("not the case: %q", got)
	}
	s := check(t, d)
	if n := runesOf(d, s); n < enough || n > atMost {
		t.Errorf("%d runes", n)
	}
	d.Earlier = statementstest.Said("As we said: "+key, other)
	d.Parts[0].Text += "Mara Quist hears both sides on Tuesday."
	if got := strings.Join(quoted(d), "\n"); !strings.Contains(got, "Mara Quist hears") || strings.Contains(got, key) && strings.Contains(got, other) {
		t.Errorf("said before: %q", got)
	}
	if !slices.Equal(Extract(d).Quotes, Extract(d).Quotes) {
		t.Error("two summaries of one draft differ")
	}
}

// TestFewWordsStayWithTheirSentence: an answer is not left out behind what it
// answers.
func TestFewWordsStayWithTheirSentence(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat(" The weather in the harbour was fine this week, and our canteen has a new menu with soup.", 12)
	for _, claim := range []string{
		"Northwind says that Ivo Lind took the source code of Customer Seven in June. He did not.",
		"Northwind sagt, dass Ivo Lind den source code von Customer Seven mitgenommen hat. Das stimmt nicht.",
		"Northwind声称Ivo Lind拿走了source code和trade secrets。这不是事实。",
		"A false claim. Northwind says that Ivo Lind took the source code of Customer Seven in June.",
	} {
		if got := strings.Join(quoted(thread(filler+"\n"+claim+filler)), "\n"); !strings.Contains(got, claim) {
			t.Errorf("%q is not whole in %q", claim, got)
		}
	}
}

// TestSpans: whatever the parts are, the spans are what they promise to be.
func TestSpans(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	glue := []string{" ", "\n\n", "", "… ", " “", "” ", " «", "», said Dana Reyes. ", "\u200d", "\r\n", "\t", " 👩🏽‍💻 ", ". "}
	kinds := []onrecord.PostKind{onrecord.Original, onrecord.Thread, onrecord.Quote, onrecord.Article, onrecord.Article, onrecord.Repost}
	texts := slices.Concat(beside.Texts(t), statementstest.Prose)
	var whole, shortened, articles int
	for range 4_000 {
		d := Draft{Case: statementstest.Northwind(), Speaker: statementstest.Northwind().Everyone()[r.IntN(5)]}
		size, own := 0, false
		for range 1 + r.IntN(4) {
			p := onrecord.Post{Kind: kinds[r.IntN(len(kinds))]}
			for range r.IntN(8) {
				some := [][]string{texts, statementstest.Prose}[r.IntN(2)]
				text := some[r.IntN(len(some))]
				from := r.IntN(len(text) + 1)
				p.Text += strings.ToValidUTF8(text[from:from+r.IntN(len(text)-from+1)], "") + glue[r.IntN(len(glue))]
			}
			d.Parts = append(d.Parts, p)
			own = own || p.Kind != onrecord.Article && p.OwnWords() && lang.Visible(p.Text)
			size += utf8.RuneCountInString(p.Text)
		}
		for range r.IntN(3) {
			d.Earlier = append(d.Earlier, statementstest.Said(texts[r.IntN(len(texts))])...)
		}
		s := check(t, d)
		if own && len(s.Quotes) == 0 {
			t.Errorf("nothing quoted of %+v", d.Parts)
		}
		n := runesOf(d, s)
		switch {
		case len(d.Parts) == 1 && size > wholePost:
			shortened++
			const between = 60 // white space between neighbours
			if n > atMost+between {
				t.Errorf("%d runes quoted", n)
			}
		case len(d.Parts) > 1 && size <= wholeThread:
			whole++
			for i, p := range d.Parts {
				if p.Kind == onrecord.Article || !p.OwnWords() || !lang.Visible(p.Text) {
					continue
				}
				start := strings.IndexFunc(p.Text, func(r rune) bool { return !unicode.IsSpace(r) })
				if !slices.Contains(s.Quotes, onrecord.Span{Part: i, Start: start, End: start + len(strings.TrimSpace(p.Text))}) {
					t.Errorf("part %d of a short thread is not whole", i)
				}
			}
		}
		if d.Parts[0].Kind == onrecord.Article {
			articles++
		}
	}
	if whole < 500 || shortened < 100 || articles < 300 {
		t.Errorf("only %d whole, %d shortened, %d articles", whole, shortened, articles)
	}
}

func FuzzExtract(f *testing.F) {
	for i, p := range statementstest.Prose {
		f.Add(p, statementstest.Prose[(i+1)%len(statementstest.Prose)], statementstest.Prose[(i+2)%len(statementstest.Prose)], i%2 == 0)
	}
	f.Add("“a\n\n“b” said Dana Reyes", "", "\xff\xfe. A", true)
	f.Add(strings.Repeat("\u0301", 700), "a\u0301", "", false)
	f.Fuzz(func(t *testing.T, one, two, earlier string, press bool) {
		d := thread(one, two)
		if two == "" {
			d.Parts = d.Parts[:1]
		}
		if press {
			d.Parts[0].Kind = onrecord.Article
		}
		d.Earlier = statementstest.Said(earlier)
		if strings.ContainsFunc(one+two, unicode.IsMark) {
			Extract(d) // a character may be longer than a card
			return
		}
		if s := check(t, d); !press && lang.Visible(one) && len(s.Quotes) == 0 {
			t.Error("nothing is quoted")
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	d := thread(strings.Join(statementstest.Prose[:7], "\n\n"))
	d.Earlier = statementstest.Said(statementstest.Prose...)
	for b.Loop() {
		Extract(d)
	}
}

func BenchmarkExtractLongest(b *testing.B) {
	d := thread(strings.Repeat(strings.Join(statementstest.Prose, "\n\n"), 40))
	for b.Loop() {
		Extract(d)
	}
}
