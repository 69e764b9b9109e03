package quote_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"onrecord/internal/beside"
	"onrecord/statements/lang"
	"onrecord/statements/press"
	"onrecord/statements/quote"
	"onrecord/statements/statementstest"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	const source = "We “will” appeal — and we can't lose… It isn't over.\n\nWe did not copy anything. We paid $3.5 million " +
		"for non-infringing code, or −5% of ½ a budget; 👍🏽 it is “ours” ❤️ 👩🏽‍💻. Ｗｅ\u00a0said so in 2021–2025 and we said so again… and again to the ﬁrst court: 当社は認めない。我们不同意这个要求。"
	for _, tc := range []struct{ name, quoted, want string }{
		{"exact", "We did not copy anything.", "We did not copy anything."},
		{"around white space", "\n We did not copy anything. ", "We did not copy anything."},
		{"straight marks and hyphen", `We "will" appeal - and we can’t`, "We “will” appeal — and we can't"},
		{"double hyphen", `"will" appeal -- and`, "“will” appeal — and"},
		{"lines", "It isn’t over. We did not", "It isn't over.\n\nWe did not"},
		{"three dots", "we can't lose...", "we can't lose…"},
		{"width and no-break space", "We said so in 2021-2025", "Ｗｅ\u00a0said so in 2021–2025"},
		{"invisible characters", "copy\u200b any\u00adthing", "copy anything"},
		{"variation selector", "“ours” ❤", "“ours” ❤️"},
		{"whole emoji", "it is \"ours\" ❤️ 👩🏽‍💻", "it is “ours” ❤️ 👩🏽‍💻"},
		{"ligature", "the first court", "the ﬁrst court"},
		{"Chinese", "我们不同意这个要求", "我们不同意这个要求"},
		{"Japanese", "当社は認めない", "当社は認めない"},
		{"ellipsis", "infringing code, or … it is “ours”", ""},
		{"ellipsis", "non-infringing code … it is “ours”", "non-infringing code, or −5% of ½ a budget; 👍🏽 it is “ours”"},
		{"ellipsis in brackets", "non-infringing code [...] it is “ours”", "non-infringing code, or −5% of ½ a budget; 👍🏽 it is “ours”"},
		{"ellipsis beside another mark", "non-infringing code, (…) it is “ours”", "non-infringing code, or −5% of ½ a budget; 👍🏽 it is “ours”"},
		{"bracketed ellipsis at an end", "[…] did not copy anything […]", "did not copy anything"},
		{"ellipsis at an end", "We did not copy anything ...", ""}, // there is one of the speaker's behind it
		{"ellipsis over the speaker's own", "Ｗｅ said so […] and again to", "Ｗｅ\u00a0said so in 2021–2025 and we said so again… and again to"},

		{"empty", "", ""},
		{"space", " \u200b ", ""},
		{"not in it", "We copied everything.", ""},
		{"letter case", "we did not copy anything", ""},
		{"inside a word", "id not copy any", ""},
		{"before an apostrophe", "and we can", ""},
		{"after a hyphen", "infringing code", ""},
		{"inside a number", "5 million", ""},
		{"without its sign", "5% of", ""},
		{"inside a fraction", "2 a budget", ""},
		{"inside an emoji", "👍", ""},
		{"part of an emoji", "❤️ 👩", ""},
		{"inside a ligature", "irst court", ""},
		{"Chinese negation", "同意这个要求", ""},
		{"Japanese negation", "当社は認め", ""},
		{"negation left out", "It isn't over … copy anything.", ""},
		{"negative prefix left out", "We paid $3.5 million … infringing code", ""},
		{"negation left out, contracted", "and we … lose and more", ""},
		{"short piece", "We paid … million for", ""},
		{"wrong order", "copy anything … and we can't lose", ""},
		{"a word of the speaker's ellipsis", "said so again … the ﬁrst court", ""},
		{"only an ellipsis", "…", ""},
		{"with a dot more", "We did not copy.", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			start, end, ok := quote.Verify(tc.quoted, source)
			if ok != (tc.want != "") || source[start:end] != tc.want {
				t.Errorf("quote.Verify(%q) = %q, %v; want %q", tc.quoted, source[start:end], ok, tc.want)
			}
		})
	}
}

// TestVerifyLaterOccurrence: a place inside a word does not hide a later one.
func TestVerifyLaterOccurrence(t *testing.T) {
	t.Parallel()
	const source = "The counterclaim came first. The claim came later."
	if start, _, ok := quote.Verify("claim came later", "counterclaim came laterally; "+source); !ok || start < 60 {
		t.Errorf("found at %d, %v", start, ok)
	}
	// Of two places the one is taken whose elision holds no negation.
	const twice = "Harbor Labs did not take files. Harbor Labs keeps records of all files."
	start, end, ok := quote.Verify("Harbor Labs […] of all files", twice)
	if !ok || twice[start:end] != "Harbor Labs keeps records of all files" {
		t.Errorf("%q, %v", twice[start:end], ok)
	}
}

// plain is another, simpler way to say whether two texts have the same words.
// An ellipsis set twice leaves out no more than one.
func plain(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(plainMarks.Replace(s)), " "), "... ...", "...")
}

var plainMarks = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'", "—", "-", "–", "-", "…", "...")

// mutations change what a quotation says. Each gets the words of a true one.
var mutations = []struct {
	name   string
	change func(ws []string, i int, r *rand.Rand) []string
}{
	{"not inserted", func(ws []string, i int, _ *rand.Rand) []string { return splice(ws, i, i, "not") }},
	{"never inserted", func(ws []string, i int, _ *rand.Rand) []string { return splice(ws, i, i, "never") }},
	{"word dropped", func(ws []string, i int, _ *rand.Rand) []string { return splice(ws, i, i+1) }},
	{"word substituted", func(ws []string, i int, r *rand.Rand) []string {
		return splice(ws, i, i+1, []string{"Northwind", "guilty", "2019", "we", "प्रमाण", "суд", "法院"}[r.IntN(7)])
	}},
	{"words swapped", func(ws []string, i int, _ *rand.Rand) []string { return splice(ws, i-1, i+1, ws[i], ws[i-1]) }},
	{"letter case", func(ws []string, i int, _ *rand.Rand) []string {
		upper := strings.ToUpper(ws[i])
		if upper == ws[i] {
			upper = strings.ToLower(ws[i])
		}
		return splice(ws, i, i+1, upper)
	}},
	{"word doubled", func(ws []string, i int, _ *rand.Rand) []string { return splice(ws, i, i, ws[i]) }},
	{"letter dropped", func(ws []string, i int, _ *rand.Rand) []string {
		_, n := utf8.DecodeRuneInString(ws[i])
		return splice(ws, i, i+1, ws[i][n:]+"x")
	}},
}

func splice(ws []string, from, to int, in ...string) []string {
	out := append([]string{}, ws[:from]...)
	return append(append(out, in...), ws[to:]...)
}

// trueQuote is a run of words as the source has them. Its words are those
// between white space, so it is a quotation whatever a word is in its script.
func trueQuote(text string, r *rand.Rand) (string, []string) {
	ws := strings.Fields(text)
	const least = 4
	if len(ws) < least {
		return "", nil
	}
	n := least + r.IntN(min(len(ws)-least+1, 24))
	from := r.IntN(len(ws) - n + 1)
	start := wordStart(text, from)
	end := wordStart(text, from+n-1) + len(ws[from+n-1])
	return text[start:end], ws[from : from+n]
}

func wordStart(text string, n int) int {
	at := 0
	for i, w := range strings.Fields(text) {
		at += strings.Index(text[at:], w)
		if i == n {
			return at
		}
		at += len(w)
	}
	return at
}

func sources(t testing.TB) []string {
	return slices.Concat(beside.Texts(t), statementstest.Prose, pressQuotes(t))
}

// pressQuotes are what the invented articles give to somebody.
func pressQuotes(t testing.TB) (texts []string) {
	paths, err := filepath.Glob("../press/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(archive.Files[0].Data)
		voices, _ := press.Voices(statementstest.Latin(), text, time.Time{})
		for _, v := range voices {
			for _, q := range v.Quotes {
				texts = append(texts, text[q.Start:q.End])
			}
		}
	}
	if len(texts) < 20 {
		t.Fatalf("only %d quotes of the press", len(texts))
	}
	return texts
}

// TestVerifyRefusesMutations: of quotations with one word changed none passes,
// but for those that the source happens to hold as well.
func TestVerifyRefusesMutations(t *testing.T) {
	t.Parallel()
	texts := sources(t)
	r := rand.New(rand.NewPCG(7, 11))
	tried, said := map[string]int{}, 0
	for rounds := range 40_000 {
		text := texts[r.IntN(len(texts))]
		quoted, ws := trueQuote(text, r)
		if len(ws) == 0 {
			continue
		}
		m := mutations[rounds%len(mutations)]
		changed := strings.Join(m.change(ws, 1+r.IntN(len(ws)-2), r), " ")
		if strings.Contains(plain(text), plain(changed)) || plain(quoted) == plain(changed) {
			said++
			continue
		}
		tried[m.name]++
		if start, end, ok := quote.Verify(changed, text); ok {
			t.Errorf("%s: %q passes as %q", m.name, changed, text[start:end])
		}
	}
	total := 0
	for _, n := range tried {
		total += n
	}
	t.Logf("%d mutations refused %v, %d not counted: the source holds them", total, tried, said)
	if total < 20_000 || len(tried) != len(mutations) {
		t.Errorf("only %d mutations were tried: %v", total, tried)
	}
}

// typography retypes a quotation as editors and phones do.
var typography = []*strings.Replacer{
	strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`, "„", `"`, "’", "'", "‘", "'"),
	strings.NewReplacer("'", "’", "-", "–", "—", "--"),
	strings.NewReplacer(" ", "\u00a0", "...", "…"),
	strings.NewReplacer(" ", "\n", "…", "..."),
	strings.NewReplacer("a", "a\u200b", "o", "\u2060o", "—", "–"),
}

// leastFragment is the shortest piece between ellipses, in runes.
const leastFragment = 8

// TestVerifyFindsTrueQuotes: what was said passes however it is typed, and
// with words left out.
func TestVerifyFindsTrueQuotes(t *testing.T) {
	t.Parallel()
	texts := sources(t)
	r := rand.New(rand.NewPCG(3, 5))
	missed, tried := map[string]int{}, map[string]int{}
	check := func(name, quoted, text, want string) {
		tried[name]++
		start, end, ok := quote.Verify(quoted, text)
		if !ok {
			missed[name]++
			t.Logf("%s: %q missed", name, quoted)
			return
		}
		if got := text[start:end]; plain(got) != plain(want) {
			t.Errorf("%s: %q gives %q, want %q", name, quoted, got, want)
		}
	}
	for range 8_000 {
		text := texts[r.IntN(len(texts))]
		quoted, ws := trueQuote(text, r)
		if len(ws) == 0 {
			continue
		}
		check("true", quoted, text, quoted)
		check("typography", typography[r.IntN(len(typography))].Replace(quoted), text, quoted)
		if len(ws) < 7 {
			continue
		}
		from := 2 + r.IntN(len(ws)-5)
		to := from + 1 + r.IntN(len(ws)-from-2)
		head, left, tail := strings.Join(ws[:from], " "), strings.Join(ws[from:to], " "), strings.Join(ws[to:], " ")
		if lang.Negates(plain(left)) || min(utf8.RuneCountInString(plain(head)), utf8.RuneCountInString(plain(tail))) < leastFragment {
			continue
		}
		if strings.Contains(plain(quoted), "...") {
			continue // which ellipsis is whose is tested elsewhere
		}
		start, end, ok := quote.Verify(head+[]string{" … ", " ... ", " […] ", "… "}[r.IntN(4)]+tail, text)
		tried["ellipsis"]++
		if got := plain(text[start:end]); !ok {
			missed["ellipsis"]++
			t.Logf("ellipsis: %q + %q missed", head, tail)
		} else if !strings.HasPrefix(got, plain(head)) || !strings.HasSuffix(got, plain(tail)) {
			t.Errorf("ellipsis: %q", got)
		}
	}
	t.Logf("tried %v, missed %v", tried, missed)
	for _, kind := range []string{"true", "typography", "ellipsis"} {
		if tried[kind] < 1000 || missed[kind]*1000 > tried[kind] {
			t.Errorf("%s: %d of %d missed", kind, missed[kind], tried[kind])
		}
	}
}

func FuzzVerify(f *testing.F) {
	for _, p := range statementstest.Prose {
		f.Add(p[:len(p)/3], p)
		f.Add("… "+p[len(p)/2:], p)
	}
	f.Add("ﬁ", "ﬁﬁ")
	f.Add("\xff... aaaaaaaaaa", "\xff aaaaaaaaaa")
	f.Add("[...](...)", "...")
	f.Fuzz(func(t *testing.T, quoted, source string) {
		start, end, ok := quote.Verify(quoted, source)
		if !ok {
			if start != 0 || end != 0 {
				t.Errorf("refused, yet %d:%d", start, end)
			}
			return
		}
		if start < 0 || start >= end || end > len(source) {
			t.Fatalf("%d:%d of %d bytes", start, end, len(source))
		}
		if utf8.ValidString(source) && !utf8.ValidString(source[start:end]) {
			t.Errorf("%q is cut inside a character", source[start:end])
		}
		if _, _, again := quote.Verify(source[start:end], source); !again {
			t.Errorf("the source's own %q is refused", source[start:end])
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	source := statementstest.Prose[1]
	quoted := "We said so in March, in May and again in July... and they sued anyway."
	for b.Loop() {
		if _, _, ok := quote.Verify(quoted, source); !ok {
			b.Fatal("missed")
		}
	}
}

func BenchmarkVerifyArticle(b *testing.B) {
	source := strings.Repeat(statementstest.Prose[0]+"\n\n", 20) + statementstest.Prose[4]
	quoted := "Nous répondrons devant la juge"
	for b.Loop() {
		if _, _, ok := quote.Verify(quoted, source); !ok {
			b.Fatal("missed")
		}
	}
}
