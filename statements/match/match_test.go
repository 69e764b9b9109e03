package match

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
)

func evidenceOf(d onrecord.Decision, k kind) (onrecord.Reason, bool) {
	i := slices.IndexFunc(d.Reasons, func(e onrecord.Reason) bool { return e.Code == table[k].Code })
	if i < 0 {
		return onrecord.Reason{}, false
	}
	return d.Reasons[i], true
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	tests := []struct {
		name    string
		in      Input
		want    onrecord.Label
		because kind
	}{
		{"names the other side and the court", say("Harbor Labs", "Northwind sued us today. We will answer in court: we never had their source code.", 10*time.Hour), onrecord.Accept, caseKeyword},
		{"caption", say("Dana Reyes", "Reading Northwind v. Harbor Labs tonight.", 400*24*time.Hour), onrecord.Accept, identifier},
		{"docket", say("Dana Reyes", "The filing is public: 25-cv-07402.", 400*24*time.Hour), onrecord.Accept, identifier},
		{"judge and deposition", say("Ivo Lind", "My deposition before Judge Quist was moved to Monday.", 300*24*time.Hour), onrecord.Review, casePerson},
		{"the judge's name alone", say("Ivo Lind", "Jon Ek heard us out, and I am glad he did.", 10*time.Hour), onrecord.Review, casePerson},
		{"hashtag in one word", say("Ivo Lind", "They lost today. #tradesecrets #NorthwindData", 2*time.Hour), onrecord.Accept, caseKeyword},
		{"family of a keyword", say("Ivo Lind", "Nothing was exfiltrated from Northwind, and no court will find otherwise.", 10*time.Hour), onrecord.Accept, caseKeyword},
		{"product news", say("Harbor Labs", "Our new routing engine is out. Tell us what breaks.", 10*time.Hour), onrecord.Reject, prior},
		{"greeting", say("Harbor Labs", "Happy birthday to the best team in the world!", 10*time.Hour), onrecord.Reject, promotion},
		{"courts in general, long after", say("Harbor Labs", "Interesting ruling from Oslo, worth your time.", 300*24*time.Hour), onrecord.Reject, legalTalk},
		{"lawsuits that are not named, long after", say("Harbor Labs", "We strongly dispute the plaintiff's claims in these lawsuits, and we will tell the judge and the jury so.", 300*24*time.Hour), onrecord.Review, legalTalk},
		{"another matter", say("Harbor Labs", "Tidewater and we settled the licensing dispute in court.", 300*24*time.Hour), onrecord.Reject, otherMatter},
		{"emoji only", say("Harbor Labs", "🤣", 10*time.Hour), onrecord.Reject, tooShort},
		{"empty", say("Harbor Labs", "", 10*time.Hour), onrecord.Reject, prior},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ds, _ := m.Classify(tc.in, State{})
			if len(ds) != 1 || ds[0].Label != tc.want {
				t.Fatalf("got %+v, want %s", ds, tc.want)
			}
			if _, ok := evidenceOf(ds[0], tc.because); !ok {
				t.Errorf("no %q among %+v", table[tc.because].Name, ds[0].Reasons)
			}
		})
	}
}

// TestDecisionExplainsItself: the weights add up to the score, spans are the
// post's own bytes, names are those of the table.
func TestDecisionExplainsItself(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind(), tidewater()})
	in := say("Harbor Labs", "“Northwind’s” TRADE SECRETS claim — naïve, dépositions or not — is false. We will see them in court.", time.Hour)
	in.Post.Title = "Our answer to Northwind"
	in.Post.Links = []onrecord.Link{{URL: "https://harbor.example/a", Title: "Answer and trade secrets"}}
	in.Post.ReplyTo = &onrecord.Ref{Account: "someone", Text: "What about the Northwind lawsuit?"}
	in.Cases = []string{"northwind-v-harbor", "tidewater-v-harbor", "unknown"}
	ds, _ := m.Classify(in, State{})
	if len(ds) != 3 || ds[2].Label != onrecord.Reject || len(ds[2].Reasons) != 0 {
		t.Fatalf("a case that is not configured: %+v", ds)
	}
	known := map[onrecord.Reason]bool{} // without weight
	codes := map[onrecord.ReasonCode]bool{"": true}
	for _, k := range table {
		known[ReasonFor(k.Code)] = true
		if codes[k.Code] {
			t.Errorf("the code %q is empty or used twice", k.Code)
		}
		codes[k.Code] = true
	}
	spans := 0
	for _, d := range ds {
		sum := 0.0
		for _, e := range d.Reasons {
			sum += e.Weight
			if !known[onrecord.Reason{Code: e.Code, Name: e.Name}] {
				t.Errorf("%q (%q) is not in the table", e.Name, e.Code)
			}
			if e.Start != e.End {
				spans++
				if in.Post.Text[e.Start:e.End] != e.Text || e.Where != "" {
					t.Errorf("span %d-%d is %q, evidence says %q", e.Start, e.End, in.Post.Text[e.Start:e.End], e.Text)
				}
			}
		}
		if math.Abs(sum-d.Score) > 1e-9 {
			t.Errorf("evidence adds up to %v, score is %v", sum, d.Score)
		}
		if d.Ruleset != m.Ruleset() {
			t.Errorf("ruleset %q", d.Ruleset)
		}
	}
	if spans < 3 {
		t.Errorf("only %d spans", spans)
	}
}

func TestOthersWordsAreNeverAccepted(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	text := "Northwind sued us over trade secrets; see you in court, Northwind v. Harbor Labs, before Judge Quist."
	for name, change := range map[string]func(*onrecord.Post){
		"repost":            func(p *onrecord.Post) { p.Kind = onrecord.Repost },
		"old form of it":    func(p *onrecord.Post) { p.Text = "RT @northwind_data: " + p.Text },
		"without the space": func(p *onrecord.Post) { p.Text = "RT @northwind_data" + p.Text },
	} {
		in := say("Harbor Labs", text, time.Hour)
		in.Thread = in.Cases
		own, _ := m.Classify(in, State{})
		change(&in.Post)
		ds, s := m.Classify(in, State{})
		if own[0].Label != onrecord.Accept || ds[0].Label != onrecord.Review {
			t.Errorf("%s: own words %s, others' %s", name, own[0].Label, ds[0].Label)
		}
		if _, ok := evidenceOf(ds[0], notOwnWords); !ok {
			t.Errorf("%s: no reason given", name)
		}
		if len(s.Cases) != 0 {
			t.Errorf("%s: it taught the state something: %+v", name, s.Cases)
		}
	}
	in := say("Harbor Labs", "Look at this sunset", time.Hour)
	in.Post.Kind = onrecord.Repost
	if ds, _ := m.Classify(in, State{}); ds[0].Label != onrecord.Reject {
		t.Errorf("a repost on nothing: %s", ds[0].Label)
	}
}

// An author's repost of their own words is theirs, in every form of it.
func TestOwnWordsAgain(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	text := "Northwind sued us over trade secrets; see you in court, Northwind v. Harbor Labs, before Judge Quist."
	for name, change := range map[string]func(*onrecord.Post){
		"repost":   func(p *onrecord.Post) { p.Kind, p.Reposts = onrecord.Repost, &onrecord.Ref{Account: "HarborLabs"} },
		"old form": func(p *onrecord.Post) { p.Text = "RT @harborlabs: " + p.Text },
		"both": func(p *onrecord.Post) {
			p.Kind, p.Reposts, p.Text = onrecord.Repost, &onrecord.Ref{Account: "harborlabs"}, "RT @harborlabs: "+p.Text
		},
		"others' both": func(p *onrecord.Post) {
			p.Kind, p.Reposts, p.Text = onrecord.Repost, &onrecord.Ref{Account: "stranger"}, "RT @harborlabs: "+p.Text
		},
	} {
		in := say("Harbor Labs", text, time.Hour)
		in.Post.Author.Handle = "harborlabs"
		change(&in.Post)
		want := onrecord.Accept
		if strings.HasPrefix(name, "others'") {
			want = onrecord.Review
		}
		if ds, _ := m.Classify(in, State{}); ds[0].Label != want {
			t.Errorf("%s: %s with %+.2f: %+v", name, ds[0].Label, ds[0].Score, ds[0].Reasons)
		}
	}
}

// TestBareLinks: an address alone is the speaker's statement only on the
// speaker's own pages.
func TestBareLinks(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	for link, want := range map[string]onrecord.Label{
		"https://news.example/northwind-sues-rival-over-trade-secrets-in-federal-court":        onrecord.Review,
		"https://harborlabs.example/northwind-sues-us-over-trade-secrets-our-answer-to-court":  onrecord.Accept,
		"https://pages.example/@harborlabs/northwind-sues-us-over-trade-secrets-in-the-courts": onrecord.Accept,
		"https://news.example/2025/11/": onrecord.Reject,
	} {
		if ds, _ := m.Classify(say("Harbor Labs", link, 10*time.Hour), State{}); ds[0].Label != want {
			t.Errorf("%s: %s %v %+v", link, ds[0].Label, ds[0].Score, ds[0].Reasons)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	vague := "That is simply not what happened, and they know it."
	alone, _ := m.Classify(say("Ivo Lind", vague, time.Hour), State{})
	if alone[0].Label == onrecord.Accept {
		t.Fatalf("accepted without any context: %+v", alone[0])
	}
	on := []string{"northwind-v-harbor"}
	for k, set := range map[kind]func(*Input){
		sameThread:  func(in *Input) { in.Thread = on; in.ReplyTo, in.Quotes = on, on },
		repliesToIt: func(in *Input) { in.ReplyTo = on; in.Quotes = on },
		quotesIt:    func(in *Input) { in.Quotes = on },
	} {
		in := say("Ivo Lind", vague, time.Hour)
		set(&in)
		ds, _ := m.Classify(in, State{})
		if _, ok := evidenceOf(ds[0], k); !ok {
			t.Errorf("%q is not the one link that counts: %+v", table[k].Name, ds[0].Reasons)
		}
		if ds[0].Score < alone[0].Score+2 {
			t.Errorf("%q adds only %v", table[k].Name, ds[0].Score-alone[0].Score)
		}
	}
	linked := say("Ivo Lind", vague, time.Hour)
	linked.Thread = on
	ds, learned := m.Classify(linked, State{})
	if c := learned.learned("northwind-v-harbor"); ds[0].Label != onrecord.Accept || c.Statements != 0 || len(c.Words) != 0 {
		t.Errorf("accepted by its thread (%s), it taught %+v", ds[0].Label, c)
	}
	in := say("Ivo Lind", vague, time.Hour)
	in.Post.Kind = onrecord.Reply
	in.Post.ReplyTo = &onrecord.Ref{Account: "reporter", Text: "Did you take trade secrets from Northwind?"}
	ds, _ = m.Classify(in, State{})
	if e, ok := evidenceOf(ds[0], parentOnCase); !ok || e.Where != "parent" || e.Start != e.End {
		t.Errorf("the parent's words: %+v", ds[0].Reasons)
	}
	if ds[0].Label == onrecord.Reject {
		t.Errorf("an answer to a question on the case is dropped: %+v", ds[0])
	}
}

// TestRun: where the place has no thread ids, a post that shows that it goes on from
// a statement moments before is told or asked about; nearness in time alone is no thread. A
// pause, another account, or a place with ids ends it.
func TestRun(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	_, s := m.Classify(say("Ivo Lind", "Northwind sued me over trade secrets I never had. My answer to the court follows.", 10*time.Hour), State{})
	next := func(pause time.Duration, change func(*Input)) bool {
		in := say("Ivo Lind", "And I left my old team in June, and took nothing with me.", 10*time.Hour+pause)
		if change != nil {
			change(&in)
		}
		ds, _ := m.Classify(in, s)
		_, ok := evidenceOf(ds[0], sameRun)
		if ok && ds[0].Label == onrecord.Reject {
			t.Errorf("a part of the run is %s", ds[0].Label)
		}
		return ok
	}
	if !next(time.Minute, nil) {
		t.Error("a minute later it is not the same run")
	}
	if next(11*time.Minute, nil) {
		t.Error("eleven minutes later it is still the same run")
	}
	for text, want := range map[string]bool{
		"Happy tax day to everyone who filed in time.": false,
		"2/3 What I took with me was a mug.":           true,
		"…and a plant.":                                true,
		"but nobody has asked me yet.":                 true,
		"Besides, I do not even own a drive.":          true,
		"They sued, so let the court see it.":          true,
	} {
		if got := next(time.Minute, func(in *Input) { in.Post.Text = text }); got != want {
			t.Errorf("%q goes on: %v", text, got)
		}
	}
	if next(time.Minute, func(in *Input) { in.Post.Account = "bluesky:ivo.example" }) {
		t.Error("a run spans accounts")
	}
	if next(time.Minute, func(in *Input) { in.Post.Thread = "77" }) {
		t.Error("a run is assumed although the place has thread ids")
	}
	if next(time.Minute, func(in *Input) { in.Post.Kind = onrecord.Article }) {
		t.Error("an article goes on from another one")
	}
}

// TestRarity: a keyword that the speaker uses all the time stops counting.
func TestRarity(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	probe := say("Harbor Labs", "New source code release on Friday.", 200*24*time.Hour)
	fresh, s := m.Classify(probe, State{})
	for i := range 200 {
		text := "Weather is fine in the harbour today."
		if i%4 == 0 {
			text = "Our source code is open, send patches."
		}
		_, s = m.Classify(say("Harbor Labs", text, 201*24*time.Hour+time.Duration(i)*time.Hour), s)
	}
	probe.Post.Created = s.At.Add(time.Hour)
	worn, _ := m.Classify(probe, s)
	a, _ := evidenceOf(fresh[0], caseKeyword)
	b, _ := evidenceOf(worn[0], caseKeyword)
	if a.Weight < 1.5 || b.Weight > .5 {
		t.Errorf("weight %v at first, %v after 50 uses in 200 posts", a.Weight, b.Weight)
	}
}

// TestRivals: what speaks of courts in general belongs to the case that is
// named; where none is, neither is accepted on it.
func TestRivals(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind(), tidewater()})
	in := func(text string, s State) []onrecord.Decision {
		in := say("Harbor Labs", text, 10*time.Hour)
		in.Cases = []string{"northwind-v-harbor", "tidewater-v-harbor"}
		ds, _ := m.Classify(in, s)
		return ds
	}
	both := func(text string) []onrecord.Decision { return in(text, State{}) }
	ds := both("Tidewater dropped its lawsuit over the berth sensors. We thank the court.")
	if ds[0].Label != onrecord.Reject || ds[1].Label != onrecord.Accept {
		t.Errorf("a statement on the second case: %s, %s", ds[0].Label, ds[1].Label)
	}
	ds = both("The judge dismissed the lawsuit. We denied the plaintiff's allegations and our lawyers were right.")
	if ds[0].Label == onrecord.Accept || ds[1].Label == onrecord.Accept {
		t.Errorf("a statement on either: %s, %s", ds[0].Label, ds[1].Label)
	}
	spoke := say("", "", 9*time.Hour).Post.Created // on both cases, so that much less is enough for either
	ds = in("The judge dismissed the lawsuit. We denied the plaintiff's allegations and our lawyers were right.", State{At: spoke, Posts: 20, Cases: []CaseState{
		{ID: "northwind-v-harbor", Anchored: 8, Statements: 8, Last: spoke}, {ID: "tidewater-v-harbor", Anchored: 8, Statements: 8, Last: spoke},
	}})
	for _, d := range ds {
		if d.Label != onrecord.Review || !slices.ContainsFunc(d.Reasons, func(r onrecord.Reason) bool { return r.Code == "rival_case" }) {
			t.Errorf("a statement on either, while both are on the mind: %s is %s", d.Case, d.Label)
		}
	}
	ds = both("Two lawsuits, Northwind v. Harbor Labs and Tidewater v. Harbor Labs, one answer from us in court.")
	if ds[0].Label != onrecord.Accept || ds[1].Label != onrecord.Accept {
		t.Errorf("a statement on both: %s, %s", ds[0].Label, ds[1].Label)
	}
}

// TestState: it survives storage, stays small, is not shared, and a post that
// comes late does no harm.
func TestState(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	var live, stored State
	for i := range 800 {
		in := say("Harbor Labs", strings.Repeat(benchPosts[i%len(benchPosts)]+" ", 1+i%3)+word26(i), time.Duration(i)*7*time.Minute)
		if i%50 == 0 {
			in.Post.Created = in.Post.Created.Add(-48 * time.Hour)
		}
		before, _ := json.Marshal(live)
		d1, next := m.Classify(in, live)
		if after, _ := json.Marshal(live); string(after) != string(before) {
			t.Fatal("Judge changed the state it was given")
		}
		live = next
		d2, s := m.Classify(in, stored)
		blob, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(blob) > 16<<10 {
			t.Fatalf("the state has %d bytes", len(blob))
		}
		stored = State{}
		if err := json.Unmarshal(blob, &stored); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d1, d2); diff != "" {
			t.Fatalf("post %d is judged otherwise after storage: %s", i, diff)
		}
	}
}

// TestManyCasesWatched: what was learned of one case is not forgotten for others
// that nothing was said about.
func TestManyCasesWatched(t *testing.T) {
	t.Parallel()
	cases := []onrecord.Case{northwind()}
	for i := range 3 * caseLimit {
		plaintiff := fmt.Sprintf("Plaintiff%d Systems", i)
		cases = append(cases, onrecord.Case{ID: fmt.Sprint("case-", i), Title: plaintiff + " v. Harbor Labs", Parties: []onrecord.Person{{Name: plaintiff}, {Name: "Harbor Labs"}}})
	}
	m, s := Compile(cases), State{}
	in := say("Harbor Labs", benchPosts[0], time.Hour)
	in.Cases = nil
	for _, c := range cases {
		in.Cases = append(in.Cases, c.ID)
	}
	for i := range 20 {
		in.Post.Created = in.Post.Created.Add(time.Minute)
		if i > 0 {
			in.Post.Text = benchPosts[1]
		}
		_, s = m.Classify(in, s)
	}
	if len(s.Cases) != 1 || s.Cases[0].ID != cases[0].ID || s.Cases[0].Anchored == 0 {
		t.Errorf("learned of cases: %+v", s.Cases)
	}
}

// word26 invents words.
func word26(i int) string {
	return string([]byte{'a' + byte(i%26), 'a' + byte(i/26%26), 'o', 'n', 'd', 'a' + byte(i/7%26), 'e'})
}

func TestRuleset(t *testing.T) {
	t.Parallel()
	a, b := Compile([]onrecord.Case{northwind()}), Compile([]onrecord.Case{northwind()})
	other := northwind()
	other.Keywords = append(other.Keywords, "injunction")
	if a.Ruleset() == "" || a.Ruleset() != b.Ruleset() || a.Ruleset() == Compile([]onrecord.Case{other}).Ruleset() {
		t.Error("a ruleset is not the hash of what decides")
	}
}

// TestDilution: the same words say less in a long text.
func TestDilution(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	text := "The court heard us on the source code."
	short, _ := m.Classify(say("Harbor Labs", text, time.Hour), State{})
	long, _ := m.Classify(say("Harbor Labs", text+strings.Repeat(" Then the harbour master told another story about ropes, tides and lamps.", 30), time.Hour), State{})
	if long[0].Score > short[0].Score-1 {
		t.Errorf("%v in a short text, %v in a long one", short[0].Score, long[0].Score)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("Northwind sued us #NorthwindData https://harbor.example/a-b?c @northwind_data 5% 裁判所 \u200b", "RT @", int64(60))
	f.Add("\xff\xfe Нортвинд नॉर्थविंड نورثويند ﷺ", "é́́́", int64(-5))
	m := Compile([]onrecord.Case{northwind(), tidewater()})
	f.Fuzz(func(t *testing.T, text, parent string, minutes int64) {
		in := say("Harbor Labs", text, time.Duration(minutes%1e6)*time.Minute)
		in.Cases = []string{"northwind-v-harbor", "tidewater-v-harbor"}
		in.Post.Title = parent
		in.Post.Kind = onrecord.Reply
		in.Post.ReplyTo = &onrecord.Ref{Account: parent, Text: parent}
		ds, s := m.Classify(in, State{})
		again, _ := m.Classify(in, State{})
		if diff := cmp.Diff(ds, again); diff != "" {
			t.Fatal(diff)
		}
		for _, d := range ds {
			for _, e := range d.Reasons {
				if e.Start != e.End && text[e.Start:e.End] != e.Text {
					t.Fatalf("%q is not %q", text[e.Start:e.End], e.Text)
				}
			}
		}
		if _, err := json.Marshal(s); err != nil {
			t.Fatal(err)
		}
		m.Classify(in, s)
	})
}

// FuzzCompile: any configuration compiles, and its own words are found.
func FuzzCompile(f *testing.F) {
	f.Add("Northwind Data, Inc.", "trade secrets", "3:25-cv-07402-JD", "A v. B (x)")
	f.Add("@", "#", "12", "")
	f.Fuzz(func(t *testing.T, party, key, number, title string) {
		c := northwind()
		c.Parties[0].Name, c.Keywords, c.Docket, c.Title = party, []string{key}, []string{number}, title
		Compile([]onrecord.Case{c}).Classify(say("Ivo Lind", party+" "+key+" "+number+" "+title, 0), State{})
	})
}
