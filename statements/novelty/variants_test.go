package novelty

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"

	"onrecord"
)

// invented makes statements of a few sentences. Facts differ from one to the
// next as they do in real streams.
func invented(r *rand.Rand, n int) []string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var out []string
	for i := range n {
		var b strings.Builder
		for s := range 1 + r.IntN(4) {
			if s > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%s %s %s the %s %s in %s, and %s %s %d %s%s",
				pick("Northwind", "Harbor Labs", "Our team", "Dana Reyes", "The board", "Their counsel"),
				pick("never", "openly", "repeatedly", "quietly", "at last", "only"),
				pick("described", "returned", "withheld", "published", "examined", "deleted", "rewrote"),
				pick("routing", "billing", "training", "archived", "customer", "sensor"),
				pick("records", "documents", "models", "ledgers", "messages", "drawings"),
				pick("Oslo", "Tromsø", "Bergen", "Turku", "Malmö", "Riga"),
				pick("we", "they", "both sides", "the engineers", "nobody"),
				pick("asked for", "received", "signed", "counted", "disputed"),
				2+(i*7+s*13+r.IntN(900)), pick("pages", "files", "letters", "invoices", "copies"), pick(".", ".", "!", "?"))
		}
		out = append(out, b.String())
	}
	return out
}

// version is a text as it is met again.
type version struct{ kind, text string }

var (
	mention = regexp.MustCompile(`(\s)@([\p{L}\p{N}_]+)`)
	escape  = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;")
	curly   = strings.NewReplacer("'", "’", `"`, "”", " - ", " — ", "...", "…")
	wide    = strings.NewReplacer(". ", ".\n\n", ", ", ",\u00a0 ")
)

// versions are a text as other places carry it, cut or in parts.
func versions(text string) []version {
	list := []version{
		{"link", text + " https://short.example/a1B2"},
		{"link", "https://short.example/a1B2 " + text},
		{"handle", "@reader " + text},
		{"handle", mention.ReplaceAllString(text, "$1@$2.social.example")},
		{"handle", mention.ReplaceAllString(text, "$1@$2@social.example")},
		{"signs", curly.Replace(text)},
		{"signs", wide.Replace(text) + "\n"},
		{"signs", strings.ToUpper(text[:1]) + text[1:]},
		{"emoji", strings.Replace(text, ". ", ". ✅ ", 1) + " 🎉👩🏽‍⚖️"},
		{"entity", escape.Replace(text)},
		{"hashtag", text + " #statement #ledgers"},
		{"announced", "ICYMI: " + text},
	}
	for _, letters := range []int{160, 280, 300} {
		if runes := []rune(text); len(runes) > letters {
			list = append(list, version{"cut", string(runes[:letters-1]) + "…"},
				version{"cut", string(runes[:letters-30]) + "… https://short.example/more"})
		}
	}
	if a, b := parts(text); b != "" {
		list = append(list, version{"part", "1/2 " + a}, version{"part", b + " 2/2"}, version{"part", a + " (1/2)"}, version{"part", "2/ " + b})
	}
	return list
}

// parts splits a text between two sentences, or else words, as a thread does.
func parts(text string) (string, string) {
	at := -1
	for i, r := range text {
		if i > len(text)/3 && unicode.IsSpace(r) && (at < 0 || strings.ContainsRune(".!?", rune(text[i-1]))) {
			at = i
			if strings.ContainsRune(".!?", rune(text[i-1])) {
				break
			}
		}
	}
	if at < 0 {
		return text, ""
	}
	return text[:at], strings.TrimSpace(text[at:])
}

// withOtherFact are a text with one fact changed: a negation, a number, a date or a
// name. Each word that can be changed is, one at a time.
func withOtherFact(text string) (list []version) {
	words := strings.Fields(text)
	with := func(kind string, i int, w string) {
		changed := slices.Clone(words)
		changed[i] = w
		list = append(list, version{kind, strings.Join(strings.Fields(strings.Join(changed, " ")), " ")})
	}
	bare := func(w string) string { return lang.Fold(strings.Trim(w, `.,;:!?"“”'()#`)) }
	for i, w := range words {
		if strings.ContainsAny(w, "/@#") || strings.Contains(w, "www.") {
			continue
		}
		switch word := bare(w); {
		case strings.ContainsAny(w, "0123456789"):
			with("number", i, strings.Map(func(c rune) rune {
				if '0' <= c && c <= '9' {
					return '0' + (c-'0'+1)%10
				}
				return c
			}, w))
		case lang.Negative(word):
			with("negation", i, "")
		case dates[word] && word != "march" && word != "may":
			with("date", i, "November")
			if word == "november" {
				list = list[:len(list)-1]
			}
		case numerals[word]:
			with("number", i, "eleven")
		case i > 0 && unicode.IsUpper(firstRune(w)) && !strings.ContainsAny(words[i-1], ".!?:/\"“"):
			with("name", i, "Vantaa")
		}
	}
	for k, i := range []int{len(words) / 3, len(words) / 2} {
		if i > 0 && !strings.ContainsAny(words[i]+words[i-1], "/@#") {
			with("negation", i, []string{"not", "nunca"}[k]+" "+words[i])
		}
	}
	return list
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// TestVariants: versions of a text are folded, changed facts never.
func TestVariants(t *testing.T) {
	t.Parallel()
	var tally variants
	tally.judge(t, invented(rand.New(rand.NewPCG(1, 2)), 150))
	tally.check(t)
}

// variants counts what becomes of generated versions.
type variants struct {
	all, folded, marked map[string]int // versions by kind: seen, mirrored, shown as a repetition
	facts, hid, taken   map[string]int // changed facts by kind: seen, mirrored, shown as a repetition
}

// judge asks for each text, on a record that ends with it, what its versions are.
func (v *variants) judge(t *testing.T, texts []string) {
	t.Helper()
	if v.all == nil {
		*v = variants{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
	}
	var record []known
	for i, text := range texts {
		record = append(record, know(Earlier{ID: int64(i + 1), Text: text, At: day.Add(time.Duration(i) * time.Minute), SameSide: true}))
		for _, w := range versions(text) {
			if len(measure(read(w.text)).shape.words) < 6 {
				continue // too short to be recognised by its words
			}
			v.all[w.kind]++
			switch got, _ := compare(read(w.text), []string{"p"}, record[max(0, i-40):]); got.Novelty {
			case onrecord.Mirror:
				v.folded[w.kind]++
			case onrecord.Restates:
				v.marked[w.kind]++
				t.Logf("%s: marked (%s): %q as %q", w.kind, got.Why, text, w.text)
			default:
				t.Logf("%s: %s of %d: %q as %q %q", w.kind, got.Novelty, got.Of, text, w.text, show(w.text, got.Added))
			}
		}
		for _, w := range withOtherFact(text) {
			v.facts[w.kind]++
			switch got, _ := compare(read(w.text), []string{"p"}, record[i:]); got.Novelty {
			case onrecord.Mirror:
				v.hid[w.kind]++
				t.Logf("a changed %s is folded (%s): %q as %q", w.kind, got.Why, text, w.text)
			case onrecord.Restates:
				v.taken[w.kind]++
				t.Logf("a changed %s is a repetition (%s): %q as %q", w.kind, got.Why, text, w.text)
			}
		}
	}
}

func (v *variants) check(t *testing.T) {
	t.Helper()
	for _, kind := range slices.Sorted(maps.Keys(v.all)) {
		n, folded := v.all[kind], v.folded[kind]
		t.Logf("%s: %d of %d folded = %.4f, %d more marked as repetitions", kind, folded, n, float64(folded)/float64(n), v.marked[kind])
		if float64(folded) < .99*float64(n) {
			t.Errorf("%s: only %d of %d are folded", kind, folded, n)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(v.facts)) {
		n, hid, taken := v.facts[kind], v.hid[kind], v.taken[kind]
		t.Logf("changed %s: %d of %d folded, %d marked as repetitions", kind, hid, n, taken)
		if hid > 0 || float64(taken) > .01*float64(n) {
			t.Errorf("%d of %d changed facts (%s) are folded, %d marked as repetitions", hid, n, kind, taken)
		}
	}
}
