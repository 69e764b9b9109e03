package novelty

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"onrecord"
)

var day = time.Date(2025, 9, 3, 12, 0, 0, 0, time.UTC)

const statement = "Northwind sued us on September 3. We never accessed the old documents in Ivo's drive, and we told Northwind so six days before the complaint was filed."

func earlier(text string) []Earlier {
	return []Earlier{
		{ID: 1, Posts: []string{"x:harborlabs/1"}, Text: "A new office in Bergen opens its doors to everybody next week.", At: day.Add(-time.Hour), SameSide: true},
		{ID: 2, Posts: []string{"x:harborlabs/2"}, Text: text, At: day, SameSide: true},
	}
}

func TestLadder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, earlier, text string
		posts               []string
		want                onrecord.Novelty
		added               string
	}{
		{"other place", statement, strings.ReplaceAll(statement, "'", "’") + " https://harbor.example/1", nil, onrecord.Mirror, ""},
		{"handle for name", statement, strings.Replace(statement, "told Northwind", "told @northwind_data", 1), nil, onrecord.Mirror, ""},
		{"truncated", statement, statement[:100] + "… https://harbor.example/1", nil, onrecord.Mirror, ""},
		{"part of a thread", statement, "1/2 Northwind sued us on September 3.", nil, onrecord.Restates, ""},
		{"typo mended", statement, strings.Replace(statement, "accessed", "acessed", 1), nil, onrecord.Mirror, ""},
		{"a word in front", statement, "ICYMI: " + strings.ToLower(statement), nil, onrecord.Mirror, ""},
		{"negation dropped", statement, strings.Replace(statement, "never ", "", 1), nil, onrecord.Changed, ""},
		{"negation added", statement, strings.Replace(statement, "we told", "we have not told", 1), nil, onrecord.Changed, "have not"},
		{"number changed", statement, strings.Replace(statement, "six days", "two days", 1), nil, onrecord.Changed, "two"},
		{"date changed", statement, strings.Replace(statement, "September 3", "September 8", 1), nil, onrecord.Changed, "8"},
		{"name changed", statement, strings.Replace(statement, "Ivo's", "Dana's", 1), nil, onrecord.Changed, "Dana's"},
		{"party swapped", "We hear that Northwind copied the ledgers of Harbor Labs in Bergen last autumn.", "We hear that Harbor Labs copied the ledgers of Northwind in Bergen last autumn.", nil, onrecord.Changed, ""},
		{"verb changed", statement, strings.Replace(statement, "accessed", "deleted", 1), nil, onrecord.Changed, "deleted"},
		{"cut out of a denial", "It is not true that our engineers copied the routing ledgers of Northwind last autumn in Bergen.", "our engineers copied the routing ledgers of Northwind last autumn in Bergen.", nil, onrecord.Changed, ""},
		{"more sentences", statement, statement + " Today the judge denied the motion for an injunction, and the hearing on discovery moves to Monday.", nil, onrecord.Expands, "Today the judge denied the motion for an injunction, and the hearing on discovery moves to Monday."},
		{"short but a fact", statement, statement + " All 12.", nil, onrecord.Expands, "All 12."},
		{"other words", statement, "Six days before its complaint we told Northwind that nobody here accessed the documents in that old drive.", nil, onrecord.Restates, ""},
		{"something else", statement, "The new harbour crane was delivered this morning, and the crew has begun to paint it green.", nil, onrecord.New, ""},
		{"same few words", "Exactly right.", "Exactly right!", nil, onrecord.Restates, ""},
		{"no words", statement, "🤣", nil, onrecord.New, ""},
		{"same post", statement, statement, []string{"x:harborlabs/2"}, onrecord.Mirror, ""},
		{"same post edited", statement, strings.Replace(statement, "six", "two", 1), []string{"x:harborlabs/2"}, onrecord.Changed, "two"},
		{"not spaced", "当社は営業秘密を一切利用していません。法廷で説明します。", "当社は営業秘密を一切利用していません。法廷で説明します。 https://harbor.example/1", nil, onrecord.Mirror, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			posts := tc.posts
			if posts == nil {
				posts = []string{"bluesky:harborlabs/9"}
			}
			v := Compare(tc.text, posts, earlier(tc.earlier))
			if v.Novelty != tc.want {
				t.Fatalf("%s: %+v, want %s", tc.name, v, tc.want)
			}
			if (v.Of == 2) != (tc.want != onrecord.New) {
				t.Errorf("compared with %d", v.Of)
			}
			if tc.added != "" && (len(v.Added) != 1 || tc.text[v.Added[0].Start:v.Added[0].End] != tc.added) {
				t.Errorf("added %v", show(tc.text, v.Added))
			}
		})
	}
}

func show(text string, rs []Range) (out []string) {
	for _, r := range rs {
		out = append(out, text[r.Start:r.End])
	}
	return out
}

// TestRulings: that a court decided is news, whatever was said of the case before, in
// words that are nearly the same.
func TestRulings(t *testing.T) {
	t.Parallel()
	for _, tc := range [][2]string{
		{"Northwind Data's claims were heard by the court today; the judge asked about our motion.", "The judge dismissed Northwind Data's claim about our model in court today."},
		{"The judge heard Northwind's claims about our pricing model in court today.", "In court today, Northwind's claims about our pricing model were dismissed by the judge."},
		{"Today the court denied the motion of Northwind to seal the exhibits of the engineers.", "Northwind's motion to seal the exhibits of the engineers: the court granted the motion today."},
		{"The court adjourned the trial about our pricing model and the engineers of Northwind today.", "The trial about our pricing model and the engineers of Northwind: the court settled it today."},
		{"El juez escuchó hoy en el tribunal las alegaciones de Northwind sobre nuestro modelo.", "Hoy las alegaciones de Northwind sobre nuestro modelo fueron desestimadas en el tribunal por el juez."},
		{"Das Gericht hat heute die Klage von Northwind wegen unseres Modells verhandelt.", "Die Klage von Northwind wegen unseres Modells hat das Gericht heute abgewiesen."},
		{"裁判所は本日、価格モデルに関するノースウィンドの請求を審理しました。", "価格モデルに関するノースウィンドの請求を、裁判所は本日棄却しました。"},
	} {
		for _, way := range [][2]string{tc, {tc[1], tc[0]}} {
			if v := Compare(way[1], []string{"p"}, earlier(way[0])); v.Novelty == onrecord.Restates || v.Novelty == onrecord.Mirror {
				t.Errorf("%q after %q is %s: %s", way[1], way[0], v.Novelty, v.Why)
			}
		}
	}
}

// TestOtherSide: what another side said is never folded into its statement.
func TestOtherSide(t *testing.T) {
	t.Parallel()
	record := earlier(statement)
	record[1].SameSide = false
	if v := Compare(statement, []string{"p"}, record); v.Novelty != onrecord.Restates || v.Of != 2 {
		t.Errorf("the same words from another side: %+v", v)
	}
	if v := Compare(strings.Replace(statement, "never ", "", 1), []string{"p"}, record); v.Novelty != onrecord.New {
		t.Errorf("the opposite from another side: %+v", v)
	}
	if v := Compare("Northwind sued us, they say. Read our complaint before you believe a word of it.", []string{"p"}, record); v.Novelty != onrecord.New {
		t.Errorf("own words on the same: %+v", v)
	}
}

// TestFormula: a slogan at the end of every post makes no two of them alike.
func TestFormula(t *testing.T) {
	t.Parallel()
	slogan := " Thank you for reading, and remember that Harbor Labs builds honest tools for busy ports everywhere."
	var record []Earlier
	for i, text := range []string{"Boats came in early today.", "Crane seven works again.", "Winter hours begin on Sunday.", "Ropes are on sale."} {
		record = append(record, Earlier{ID: int64(i + 1), Text: text + slogan, At: day.Add(time.Duration(i) * time.Hour), SameSide: true})
	}
	v := Compare("The judge heard both sides on the ledgers this morning."+slogan, []string{"p"}, record)
	if v.Novelty != onrecord.New {
		t.Errorf("its slogan makes it a version of another: %+v", v)
	}
}

// TestDistinct: statements that differ are not folded.
func TestDistinct(t *testing.T) {
	t.Parallel()
	texts := invented(rand.New(rand.NewPCG(3, 4)), 600)
	var record []known
	mirrored := 0
	for i, text := range texts {
		if v, _ := compare(read(text), []string{"p"}, record[max(0, i-60):]); v.Novelty == onrecord.Mirror {
			mirrored++
			t.Logf("%q is folded into %q", text, texts[v.Of-1])
		}
		record = append(record, know(Earlier{ID: int64(i + 1), Text: text, At: day.Add(time.Duration(i) * time.Minute), SameSide: true}))
	}
	if mirrored > 1 {
		t.Errorf("%d of %d distinct statements are folded", mirrored, len(texts))
	}
}

func FuzzJudge(f *testing.F) {
	f.Add(statement, "ICYMI: "+statement+" 2/2", true)
	f.Add("当社は…", "@a @b 1/ \xff", false)
	f.Add("we told @dana.social.example &amp; @ivo@social.example, &quot;never&quot;", "1/2 @dana @ivo: we told", true)
	f.Fuzz(func(t *testing.T, text, before string, same bool) {
		record := []Earlier{{ID: 7, Posts: []string{"a"}, Text: before, At: day, SameSide: same}}
		v := Compare(text, []string{"b"}, record)
		whole := utf8.ValidString(text) // stray bytes, which no stored post has, have no borders
		for _, r := range v.Added {
			if r.Start < 0 || r.Start >= r.End || r.End > len(text) || whole && !utf8.RuneStart(text[r.Start]) || whole && r.End < len(text) && !utf8.RuneStart(text[r.End]) {
				t.Fatalf("range %v of %d bytes", r, len(text))
			}
		}
		if v.Novelty == onrecord.Mirror && !same {
			t.Fatal("another side's words are mirrored")
		}
		again := Compare(before, []string{"b"}, record)
		if known := again.Novelty == onrecord.Mirror || again.Novelty == onrecord.Restates; same && !known && len(read(before).words) > 0 {
			t.Fatalf("the same text is %s", again.Novelty)
		}
		if w := Compare(text, []string{"b"}, record); w.Novelty != v.Novelty || w.Of != v.Of {
			t.Fatal("not the same verdict twice")
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	var record []Earlier
	for i, text := range invented(rand.New(rand.NewPCG(7, 8)), 500) {
		record = append(record, Earlier{ID: int64(i + 1), Text: text, At: day, SameSide: true})
	}
	for b.Loop() {
		Compare(statement, []string{"p"}, record)
	}
}

func know(e Earlier) known { return known{e, new(Memory).measured(e.Text)} }
