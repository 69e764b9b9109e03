package match

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
)

// Names are not stemmed: a first name is not the surname that begins like it. The
// German genitive is the name still.
func TestNamesAreNotStemmed(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{{ID: "c", Title: "A dispute", Parties: []onrecord.Person{
		{Name: "Harbor Labs", Role: "defendant"}, {Name: "Mara Roberts", Role: "plaintiff"}, {Name: "Ivo Brandt", Role: "plaintiff"},
	}}})
	for text, want := range map[string]bool{
		"We answered Roberts in court.":                             true,
		"We answered Robert in court.":                              false,
		"Wir haben die Klage von Brandt und der Frau":               true,
		"Brandts Klage ist nicht die Klage, die wir erwartet haben": true,
		"The brandts of this world and their court":                 false,
	} {
		ds, _ := m.Classify(Input{Post: onrecord.Post{Text: text, Created: time.Now()}, Speaker: "Harbor Labs", Cases: []string{"c"}}, State{})
		if _, ok := evidenceOf(ds[0], otherSide); ok != want {
			t.Errorf("%q names the other side: %v %+v", text, ok, ds[0].Reasons)
		}
	}
}

// The caption in short is the caption: one word of its own for each side.
func TestCaptionInShort(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	for text, want := range map[string]bool{
		"Northwind v. Harbor is on for Monday.": true,
		"Northwind v Lind, day two.":            true,
		"Northwind v. Northwind Data":           false,
		"Labs v. Data":                          false,
		"Tidewater v. Harbor":                   false,
	} {
		ds, _ := m.Classify(say("Dana Reyes", text, 300*24*time.Hour), State{})
		if _, ok := evidenceOf(ds[0], identifier); ok != want {
			t.Errorf("%q is the caption: %v", text, ok)
		}
	}
}

// What everybody says is no keyword from the first day, and a channel whose keywords
// are all such words is quiet.
func TestCommonness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ more, less string }{
		{"the", "market"}, {"market", "Berlin"}, {"people", "Maria"}, {"São Paulo", "Larkspur"}, {"Gesellschaft", "Larkspurgesellschaft"}, {"trade", "trade secrets"}, {"大阪", "春菊天"},
	} {
		if a, b := Commonness(c.more), Commonness(c.less); a < b || a == b && c.more != "Gesellschaft" {
			t.Errorf("%q %.4f, %q %.4f", c.more, a, c.less, b)
		}
	}
	quiet := northwind()
	quiet.Keywords = []string{"the", "court", "lawsuit", "market", "London", "Maria"}
	m, s, accepted := Compile([]onrecord.Case{quiet}), State{}, 0
	for i := range 200 {
		var ds []onrecord.Decision
		text := []string{"The market in London is open.", "Maria met the team at the harbour.", "What a day for the market!", "The lawsuit over the bridge went to court in London."}[i%4]
		ds, s = m.Classify(say("Harbor Labs", text, 300*24*time.Hour+time.Duration(i)*time.Hour), s)
		if ds[0].Label == onrecord.Accept {
			accepted++
		}
	}
	if accepted > 2 { // until the stream has shown how common they are
		t.Errorf("%d of 200 posts are on the record", accepted)
	}
}

// Names beside language of courts that are none of the case speak of another matter;
// where everything has a capital, a capital is no name.
func TestStrangers(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	for text, want := range map[string]bool{
		"A judge heard Quillon and his lawyers today.":                    true,
		"A judge heard us and our lawyers today.":                         false,
		"A judge heard Ivo Lind and his lawyers today.":                   false,
		"A Judge Heard Us And Our Lawyers In The Big Old Courtroom Today": false,
	} {
		ds, _ := m.Classify(say("Harbor Labs", text, 10*time.Hour), State{})
		if _, ok := evidenceOf(ds[0], strangers); ok != want {
			t.Errorf("%q speaks of strangers: %v", text, ok)
		}
	}
}

// A judge who is none of the case's sits in another court, where the case's is known and
// written in the same script.
func TestOtherJudge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Tomorrow Judge Wexford hears our lawyers.":     true,
		"Mañana nos escucha la jueza Wexford.":          true,
		"Tomorrow Judge Quist hears our lawyers.":       false,
		"Tomorrow Judge Jon Ek hears our lawyers.":      false,
		"A judge of Wexford county likes our harbour.":  false,
		"THE JUDGE WEXFORD AND COUNTY WAITED FOR HEARS": false,
	} {
		in := say("Harbor Labs", text, 300*24*time.Hour)
		ds, _ := Compile([]onrecord.Case{northwind()}).Classify(in, State{})
		if _, ok := evidenceOf(ds[0], otherJudge); ok != want {
			t.Errorf("%q names another judge: %v %+v", text, ok, ds[0].Reasons)
		}
		for _, judge := range []string{"", "the court sitting en banc (7-4)", "Мара Квист"} {
			c := northwind()
			c.Judge = judge
			ds, _ = Compile([]onrecord.Case{c}).Classify(in, State{})
			if _, ok := evidenceOf(ds[0], otherJudge); ok {
				t.Errorf("%q names another judge than %q", text, judge)
			}
		}
	}
}

// A keyword that is said every day names no case, and is more than recency alone.
func TestCommonKeywords(t *testing.T) {
	t.Parallel()
	c := northwind()
	c.Keywords = append(c.Keywords, "Norway")
	ds, _ := Compile([]onrecord.Case{c}).Classify(say("Harbor Labs", "Everybody should move out of Norway.", 10*time.Hour), State{})
	if _, ok := evidenceOf(ds[0], onlyRecent); ok || ds[0].Label != onrecord.Review {
		t.Errorf("%s %+v", ds[0].Label, ds[0].Reasons)
	}
}

// Weights are written as they are read.
func TestWeightsSurvive(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := learned.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := ReadWeights(&b)
	if err != nil || fmt.Sprint(again) != fmt.Sprint(learned) {
		t.Fatalf("%v: %v, want %v", err, again, learned)
	}
	for i, p := range Places() {
		if x := learned.Values()[i]; x*float64(p.Sign) < 0 {
			t.Errorf("%s %d weighs %v", p.Code, p.N, x)
		}
	}
	for _, bad := range []string{"prior 1", "case_title x", "no_such_kind 1"} {
		if _, err := ReadWeights(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// A link or a hashtag of its own counts against a post, unless it speaks of law; a hashtag
// of the case, and the link of an article, do not.
func TestAnnouncing(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	linked := func(text string, kind onrecord.PostKind) Input {
		in := say("Harbor Labs", text, time.Hour)
		in.Post.Kind, in.Post.Links = kind, []onrecord.Link{{URL: "https://harbor.example/engine"}}
		return in
	}
	for _, c := range []struct {
		in   Input
		want bool
	}{
		{linked("Our new engine is out, all of it is written up here.", onrecord.Original), true},
		{linked("We appeal the ruling of the court, all of it is here.", onrecord.Original), false},
		{linked("Our new engine is out, all of it is written up here.", onrecord.Article), false},
		{say("Harbor Labs", "Our new engine is out. #EngineDay", time.Hour), true},
		{say("Harbor Labs", "Not ours, never was. #tradesecrets #EngineDay", time.Hour), false},
		{say("Harbor Labs", "Our new engine is out.", time.Hour), false},
	} {
		ds, _ := m.Classify(c.in, State{})
		if _, ok := evidenceOf(ds[0], announcing); ok != c.want {
			t.Errorf("%q, %s: announces %v", c.in.Post.Text, c.in.Post.Kind, ok)
		}
	}
}

// Moments after what is likely on the case the same account's next post is likelier to be,
// and so is one soon after somebody else of the case spoke. Neither is by an hour later, or
// of another account's post.
func TestWhatIsLikelyBeside(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	_, s := m.Classify(say("Ivo Lind", "Northwind will lose this in court.", 30*time.Hour), State{})
	after := func(pause time.Duration, account string) bool {
		in := say("Ivo Lind", "Nobody over there reads before they talk.", 30*time.Hour+pause)
		in.Post.Account = account
		ds, _ := m.Classify(in, s)
		_, ok := evidenceOf(ds[0], besideLikely)
		return ok
	}
	if !after(2*time.Minute, "x:Ivo Lind") || after(time.Hour, "x:Ivo Lind") || after(2*time.Minute, "bluesky:lind") {
		t.Error("moments after what is likely: not so, or an hour later, or of another account")
	}
	in := say("Ivo Lind", "Nobody over there reads before they talk.", 30*time.Hour)
	for ago, want := range map[time.Duration]bool{time.Hour: true, 24 * time.Hour: false} {
		in.Others = map[string]time.Time{"northwind-v-harbor": in.Post.Created.Add(-ago)}
		ds, _ := m.Classify(in, State{})
		if _, ok := evidenceOf(ds[0], othersSpoke); ok != want {
			t.Errorf("%s after another speaker: %v", ago, ok)
		}
	}
}

// What names one thing of the case beside law is on the record soon after something happened
// in it, and for a person to look at long after. What names more is on the record whenever it
// is said.
func TestLongAfter(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	for text, long := range map[string]onrecord.Label{
		"The court will hear what Northwind has done.":                onrecord.Review,
		"The court will hear that Northwind's trade secrets are none": onrecord.Accept,
		"Northwind v. Harbor is what we answer for in court.":         onrecord.Accept,
	} {
		for after, want := range map[time.Duration]onrecord.Label{10 * time.Hour: onrecord.Accept, 300 * 24 * time.Hour: long} {
			if ds, _ := m.Classify(say("Ivo Lind", text, after), State{}); ds[0].Label != want {
				t.Errorf("%q after %s: %s, want %s: %+v", text, after, ds[0].Label, want, ds[0].Reasons)
			}
		}
	}
}

// What goes on before another judge is on no record of this case, unless something is named
// that is its own.
func TestBeforeAnotherJudge(t *testing.T) {
	t.Parallel()
	c := northwind()
	c.Keywords = append(c.Keywords, "lawsuit", "ruling")
	m := Compile([]onrecord.Case{c})
	for text, want := range map[string]onrecord.Label{
		"Judge Wexford's ruling in the lawsuit against us is wrong, and we will appeal it in court.":                    onrecord.Review,
		"Judge Wexford's ruling in the lawsuit of Northwind on trade secrets is wrong, and we will appeal it in court.": onrecord.Accept,
		"Judge Quist's ruling in the lawsuit against us is wrong, and we will appeal it in court.":                      onrecord.Accept,
	} {
		if ds, _ := m.Classify(say("Harbor Labs", text, 10*time.Hour), State{}); ds[0].Label != want {
			t.Errorf("%q: %s %.2f, want %s: %+v", text, ds[0].Label, ds[0].Score, want, ds[0].Reasons)
		}
	}
}
