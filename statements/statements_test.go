package statements_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements"
	"onrecord/statements/summary"
)

var (
	northwind = onrecord.Case{
		ID: "northwind-v-harbor", Title: "Northwind Data v. Harbor Labs",
		Parties:  []onrecord.Person{{Name: "Northwind Data", Role: "plaintiff", Aliases: []string{"Northwind"}}, {Name: "Harbor Labs", Role: "defendant"}, {Name: "Ivo Lind", Role: "defendant"}},
		People:   []onrecord.Person{{Name: "Dana Reyes", Role: "chief executive of Harbor Labs"}},
		Keywords: []string{"pricing model", "personal drive"},
	}
	harbor  = onrecord.Account{ID: "x:harborlabs", Source: "x", Handle: "harborlabs", Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
	blog    = onrecord.Account{ID: "feed:harborlabs", Source: "feed", Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
	courier = onrecord.Account{ID: "feed:courier", Source: "feed", Handle: "courier", Kind: onrecord.Press, Cases: []string{northwind.ID}}
	noon    = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	reader  = statements.NewReader([]onrecord.Case{northwind})
)

const (
	denial = "We deny in court that the pricing model of Northwind Data was on a personal drive of ours."
	filed  = "Northwind Data sued Harbor Labs and Ivo Lind in court on Monday over its pricing model.\n\n"
	reyes  = "“We never opened the personal drive that Northwind complains about in court,” Dana Reyes, chief executive of Harbor Labs, told The Courier.\n\n"
	lind   = "Ivo Lind wrote on X: “I asked Northwind whether I could delete the pricing model, and nobody answered me.”"
)

func post(id, text string) onrecord.Post {
	return onrecord.Post{Account: harbor.ID, ID: id, Kind: onrecord.Original, Text: text, URL: "https://x.example/" + id, Created: noon, Dated: true}
}

func part(id, text string) onrecord.Post {
	p := post(id, text)
	p.Thread = "t"
	return p
}

// known is a record with these statements, a moment after noon.
func known(earlier ...onrecord.Statement) statements.Known {
	return statements.Known{Now: noon.Add(time.Second), Seen: noon, Earlier: map[string][]onrecord.Statement{northwind.ID: earlier}}
}

func read(t *testing.T, p onrecord.Post, a onrecord.Account, k statements.Known) statements.Reading {
	t.Helper()
	before := fmt.Sprintf("%+v", k)
	r, err := reader.Read(t.Context(), p, a, k, statements.Offline{})
	if err != nil || r.Fault != nil {
		t.Fatal(err, r.Fault)
	}
	if after := fmt.Sprintf("%+v", k); after != before {
		t.Errorf("reading changed what was known:\n%s\nto\n%s", before, after)
	}
	return r
}

// one is the only finding, with an effect of the kind asked for.
func one[E statements.Effect](t *testing.T, r statements.Reading) (statements.Finding, E) {
	t.Helper()
	if len(r.Findings) != 1 {
		t.Fatalf("%d findings: %+v", len(r.Findings), r.Findings)
	}
	e, ok := r.Findings[0].Effect.(E)
	if !ok {
		t.Fatalf("the effect is %T: %+v", r.Findings[0].Effect, r.Findings[0])
	}
	return r.Findings[0], e
}

// onRecord is what a post opened, as it stands on the record under an id.
func onRecord(t *testing.T, id int64, p onrecord.Post, a onrecord.Account, k statements.Known) onrecord.Statement {
	t.Helper()
	_, opens := one[statements.Opens](t, read(t, p, a, k))
	opens.Statement.ID, opens.Statement.No = id, id
	return opens.Statement
}

func TestOwnPosts(t *testing.T) {
	r := read(t, post("1", denial), harbor, known())
	f, opens := one[statements.Opens](t, r)
	s := opens.Statement
	if f.Label != onrecord.Accept || s.Lane != onrecord.Record || s.Speaker != "Harbor Labs" || s.Quoted(s.Summary.Quotes[0]) != denial || !opens.Hold.Parts.IsZero() {
		t.Errorf("a denial is %+v", f)
	}
	if r.Learned == nil || r.Learned.Posts != 1 || r.ProfileKey != "Harbor Labs" {
		t.Errorf("learned of %q: %+v", r.ProfileKey, r.Learned)
	}
	f, _ = one[statements.Nothing](t, read(t, post("2", "Our booth is number 12. Stop by for coffee."), harbor, known()))
	if f.Label != onrecord.Reject || len(f.Reasons) == 0 {
		t.Errorf("an invitation is %+v", f)
	}
	release := post("3", "“Harbor Labs was sued by Northwind Data, and we deny that our pricing model was on a personal drive,” Ivo Lind said in court.")
	release.Account, release.Kind = blog.ID, onrecord.Article
	f, opens = one[statements.Opens](t, read(t, release, blog, known()))
	if s := opens.Statement; len(s.Summary.Quotes) != 0 || f.Label != onrecord.Review || s.Lane != onrecord.ForReview {
		t.Errorf("an article that holds nothing but another's words is %+v", f)
	}
}

// Some sites publish a headline and fill in the text, as another item or the same.
func TestATextAddsToItsHeadline(t *testing.T) {
	headline := onrecord.Post{Account: blog.ID, ID: "1", Kind: onrecord.Article, Title: "Harbor Labs denies the pricing model claims of Northwind Data in court", Created: noon, Dated: true, Cut: true}
	headline.Text = headline.Title
	text := headline
	text.ID, text.Text, text.Cut = "2", denial, false
	f, opens := one[statements.Opens](t, read(t, text, blog, known(onRecord(t, 7, headline, blog, known()))))
	if f.Novelty != onrecord.Expands || opens.Statement.Prior != 7 {
		t.Errorf("the text of a headline: %s %s", f.Novelty, f.Why)
	}
	f, repeats := one[statements.Repeats](t, read(t, headline, blog, known(onRecord(t, 7, text, blog, known()))))
	if f.Novelty != onrecord.Mirror || repeats.Statement.ID != 7 {
		t.Errorf("the headline of a text: %+v", f)
	}
	other := text
	other.ID, other.Title = "3", "A day at our office"
	if f, _ := one[statements.Opens](t, read(t, other, blog, known(onRecord(t, 7, headline, blog, known())))); f.Novelty == onrecord.Expands {
		t.Errorf("a text under another headline: %s %s", f.Novelty, f.Why)
	}
}

func TestRepeatedWords(t *testing.T) {
	first := onRecord(t, 7, post("1", denial), harbor, known())
	again := post("9", denial)
	again.Account = blog.ID
	f, repeats := one[statements.Repeats](t, read(t, again, blog, known(first)))
	if f.Novelty != onrecord.Mirror || !repeats.Mentioned || repeats.Statement.ID != 7 || len(repeats.Statement.Mirrors) != 1 || repeats.Statement.Mirrors[0].Account != blog.ID {
		t.Errorf("the same words in another place: %+v", f)
	}
	_, repeats = one[statements.Repeats](t, read(t, again, blog, known(repeats.Statement)))
	if repeats.Mentioned || len(repeats.Statement.Mirrors) != 1 {
		t.Errorf("a place that is named already: %+v", repeats)
	}
	// Another person who says the same is news.
	dana := onrecord.Account{ID: "x:dreyes", Source: "x", Handle: "dreyes", Speaker: "Dana Reyes", Cases: []string{northwind.ID}}
	f, opens := one[statements.Opens](t, read(t, again, dana, known(first)))
	if f.Novelty != onrecord.Restates || opens.Statement.Prior != 7 {
		t.Errorf("the same words of another person: %+v", f)
	}
	held := first
	held.No, held.Held = 0, true
	f, opens = one[statements.Opens](t, read(t, again, dana, known(held)))
	if f.Novelty != onrecord.New || opens.Statement.Prior != 0 {
		t.Errorf("the same words as a statement without a number: %+v", f)
	}
	// What is sure is no repetition of what only a reviewer has seen.
	doubted := first
	doubted.Lane = onrecord.ForReview
	if f, _ = one[statements.Opens](t, read(t, again, blog, known(doubted))); f.Novelty != onrecord.New {
		t.Errorf("the same words as a borderline statement: %+v", f)
	}
}

func TestThreads(t *testing.T) {
	f, opens := one[statements.Opens](t, read(t, part("1", denial+" 1/2"), harbor, known()))
	if want := noon.Add(90 * time.Second); !opens.Hold.Parts.Equal(want) {
		t.Errorf("the first of two parts is held until %s, want %s: %+v", opens.Hold.Parts, want, f)
	}
	held := opens.Statement
	held.ID, held.Held = 5, true
	k := known(held)
	k.Held, k.Siblings, k.Seen = []onrecord.Statement{held}, 1, noon.Add(time.Minute)
	second := part("2", "The court will see that Northwind Data is wrong on the pricing model. 2/2")
	second.Created = noon.Add(time.Minute)
	_, joins := one[statements.Joins](t, read(t, second, harbor, k))
	if s := joins.Statement; s.ID != 5 || len(s.Parts) != 2 || s.Parts[1].ID != "2" || !joins.Hold.Parts.Equal(noon.Add(150*time.Second)) {
		t.Errorf("the second part: %+v", joins)
	}
	// What repeats an earlier statement does not, once a part says something new.
	again := held
	again.Novelty, again.Prior, again.Rewords = onrecord.Restates, 2, &onrecord.Passage{Text: "We deny it."}
	k.Held = []onrecord.Statement{again}
	if _, joins = one[statements.Joins](t, read(t, second, harbor, k)); joins.Statement.Novelty != onrecord.New || joins.Statement.Prior != 0 || joins.Statement.Rewords != nil {
		t.Errorf("a thread with something new: %+v", joins.Statement)
	}
	k.Held = []onrecord.Statement{held}
	// However long it goes on, it is shown within five minutes.
	second.Created = noon.Add(299 * time.Second)
	if _, joins = one[statements.Joins](t, read(t, second, harbor, k)); !joins.Hold.Parts.Equal(noon.Add(300 * time.Second)) {
		t.Errorf("a late part holds it until %s", joins.Hold.Parts)
	}
	// A part on the record already is gone on with.
	shown := held
	shown.No, shown.Held = 5, false
	f, opens = one[statements.Opens](t, read(t, part("3", "Northwind Data knows that from the complaint. We repeat it in court."), harbor, known(shown)))
	if f.Novelty != onrecord.Expands || opens.Statement.Prior != 5 {
		t.Errorf("a part after the thread was shown: %+v", f)
	}
}

// An accepted part has the earlier ones read again that were not accepted.
func TestEarlierPartsAreReadAgain(t *testing.T) {
	id := func(id string) onrecord.PostID { return onrecord.PostID{Account: harbor.ID, ID: id} }
	k := known()
	k.Nearby = []statements.Nearby{
		{Post: id("rejected"), Seen: noon, Case: northwind.ID, Label: onrecord.Reject},
		{Post: id("doubted"), Seen: noon, Case: northwind.ID, Label: onrecord.Review},
		{Post: id("accepted"), Seen: noon, Case: northwind.ID, Label: onrecord.Accept},
		{Post: id("ruled"), Seen: noon, Case: northwind.ID, Label: onrecord.Review, Moderated: true},
		{Post: id("again"), Seen: noon, Case: northwind.ID, Label: onrecord.Reject, Again: true},
		{Post: id("old"), Seen: noon.Add(-statements.RecordWindow), Case: northwind.ID, Label: onrecord.Reject},
		{Post: id("elsewhere"), Seen: noon, Case: "another", Label: onrecord.Reject},
	}
	f, opens := one[statements.Opens](t, read(t, post("9", denial), harbor, k))
	if want := []onrecord.PostID{id("rejected"), id("doubted")}; !slices.Equal(f.Reread, want) {
		t.Errorf("to be read again: %v, want %v", f.Reread, want)
	}
	if !opens.Hold.Parts.Equal(k.Now.Add(time.Second)) {
		t.Errorf("it is held until %s: they may belong to it", opens.Hold.Parts)
	}
	k.Nearby = k.Nearby[2:]
	if f, opens = one[statements.Opens](t, read(t, post("9", denial), harbor, k)); len(f.Reread) != 0 || !opens.Hold.Parts.IsZero() {
		t.Errorf("with nothing to read again: %v, held until %s", f.Reread, opens.Hold.Parts)
	}
	if f, _ := one[statements.Nothing](t, read(t, post("9", "Stop by for coffee."), harbor, k)); len(f.Reread) != 0 {
		t.Errorf("a rejected post has %v read again", f.Reread)
	}
}

func TestReadingAgain(t *testing.T) {
	p := part("1", "We have read all of it. None of it is true.")
	doubted := onrecord.Statement{ID: 3, Case: northwind.ID, Speaker: "Harbor Labs", Account: harbor.ID, Lane: onrecord.ForReview, Parts: []onrecord.Post{p, part("0", "Today.")}}
	k := known(doubted)
	k.Thread = []string{northwind.ID}
	k.Before = []statements.Before{{Case: northwind.ID, Label: onrecord.Review, Statement: &doubted}}
	r := read(t, p, harbor, k)
	f, moves := one[statements.Moves](t, r)
	if !r.Again || r.Learned != nil || f.Label != onrecord.Accept || moves.From.ID != 3 || len(moves.From.Parts) != 1 || moves.From.Parts[0].ID != "0" {
		t.Errorf("a doubted part of a thread on the record: %+v", r)
	}
	if _, ok := moves.To.(statements.Opens); !ok {
		t.Errorf("it went to %T", moves.To)
	}
	for name, before := range map[string]statements.Before{
		"nothing falls":          {Case: northwind.ID, Label: onrecord.Accept},
		"a person decided":       {Case: northwind.ID, Label: onrecord.Review, Moderated: true},
		"another case was asked": {Case: "another", Label: onrecord.Reject},
	} {
		k.Before = []statements.Before{before}
		if r := read(t, p, harbor, k); len(r.Findings) != 0 || !r.Again {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

func article(revision, text string) onrecord.Post {
	return onrecord.Post{Account: courier.ID, ID: "a1", Revision: revision, Kind: onrecord.Article, Text: text, URL: "https://www.courier.example/a1", Created: noon, Dated: true}
}

func TestArticles(t *testing.T) {
	r := read(t, article("1", filed+reyes+lind), courier, known())
	var spoke []string
	var record []onrecord.Statement
	for _, f := range r.Findings {
		opens, ok := f.Effect.(statements.Opens)
		if !ok {
			t.Fatalf("%s: %T %+v", f.Speaker, f.Effect, f)
		}
		s := opens.Statement
		s.ID = int64(len(record) + 1)
		record = append(record, s)
		spoke = append(spoke, s.Speaker+" via "+s.Via+": "+s.Quoted(s.Summary.Quotes[0]))
	}
	want := []string{
		"Dana Reyes via courier.example: We never opened the personal drive that Northwind complains about in court",
		"Ivo Lind via courier.example: I asked Northwind whether I could delete the pricing model, and nobody answered me.",
	}
	if !slices.Equal(spoke, want) || r.ProfileKey != courier.ID {
		t.Errorf("%q spoke, want %q", spoke, want)
	}
	// It changes elsewhere: nothing is repeated.
	for _, f := range read(t, article("2", filed+"A hearing is set for May.\n\n"+reyes+lind), courier, known(record...)).Findings {
		if repeats, ok := f.Effect.(statements.Repeats); !ok || repeats.Mentioned {
			t.Errorf("%s in the changed article: %+v", f.Speaker, f)
		}
	}
	// What stood in it before the account was watched is nobody's news.
	k := known()
	k.Baseline = filed + reyes
	for _, f := range read(t, article("2", filed+reyes+lind), courier, k).Findings {
		_, opens := f.Effect.(statements.Opens)
		if opens != (f.Speaker == "Ivo Lind") {
			t.Errorf("%s after the watch began: %+v", f.Speaker, f)
		}
	}
	f, opens := one[statements.Opens](t, read(t, article("1", filed+"“We never opened the personal drive that Northwind complains about in court,” somebody close to the company told The Courier."), courier, known()))
	if s := opens.Statement; f.Label != onrecord.Review || s.Lane != onrecord.ForReview || s.Speaker != "" {
		t.Errorf("a quotation nobody is named for: %+v", f)
	}
}

// A newspaper that corrects a quotation changes the statement it made before; words
// that only join it do not.
func TestCorrectedQuotations(t *testing.T) {
	const before = "“There was never any copying,” Ivo Lind said. “I asked Northwind whether I could delete the pricing model, and nobody answered me in court,” Lind added."
	first := onRecord(t, 7, article("1", filed+before), courier, known())
	for _, tc := range []struct {
		now  string
		want onrecord.Novelty
	}{
		{strings.Replace(before, "never any copying", "hardly any copying", 1), onrecord.Changed},
		{strings.Replace(before, "There was never any copying", "There was never much copying of it", 1), onrecord.Changed},
		{before + " “And the court will hear of the personal drive from us,” Lind added.", onrecord.New},
		{"Ivo Lind wrote on X: “And the court will hear of the personal drive from us.”", onrecord.New},
	} {
		f, opens := one[statements.Opens](t, read(t, article("2", filed+tc.now), courier, known(first)))
		if prior := opens.Statement.Prior; f.Novelty != tc.want || (prior == 7) != (tc.want == onrecord.Changed) {
			t.Errorf("%q: %s of S-%04d (%s)", tc.now, f.Novelty, prior, f.Why)
		}
	}
}

// An item of the speaker's feed that names the other side as its author is none of
// the speaker's words; one by somebody of the house is.
func TestItemsOfOthers(t *testing.T) {
	for author, own := range map[string]bool{"Northwind": false, "Northwind Data": false, "Ivo Lind": false, "Harbor Labs": true, "Dana Reyes": true, "admin": true} {
		p := post("1", denial)
		p.Account, p.Kind, p.Author.Name = blog.ID, onrecord.Article, author
		for _, f := range read(t, p, blog, known()).Findings {
			if (f.Label == onrecord.Accept) != own {
				t.Errorf("by %s it is %+v", author, f.Decision)
			}
		}
	}
}

func TestRulings(t *testing.T) {
	doubted := onRecord(t, 4, post("1", denial), harbor, known())
	doubted.Lane = onrecord.ForReview
	id := onrecord.PostID{Account: harbor.ID, ID: "0"}
	g := statements.Moderation{
		Statement: doubted, Label: onrecord.Accept, Profile: statements.Profile{Version: 6},
		Nearby: []statements.Nearby{{Post: id, Seen: noon, Case: northwind.ID, Label: onrecord.Reject}},
	}
	ruled := reader.Moderate(g)
	if s := ruled.Statement; s == nil || s.ID != 0 || s.Lane != onrecord.Record || !slices.Equal(ruled.Reread, []onrecord.PostID{id}) {
		t.Errorf("accepted: %+v", ruled)
	}
	if ruled.Learned.Version != 6 || len(ruled.Learned.Cases) != 1 {
		t.Errorf("it taught %+v", ruled.Learned)
	}
	g.Statement.Via = "courier.example"
	if ruled := reader.Moderate(g); ruled.Statement == nil || len(ruled.Reread) != 0 {
		t.Errorf("an accepted quotation: %+v", ruled)
	}
	g.Label = onrecord.Reject
	rejected := reader.Moderate(g)
	if rejected.Statement != nil || len(rejected.Reread) != 0 {
		t.Errorf("rejected: %+v", rejected)
	}
	for _, c := range rejected.Learned.Cases {
		if c.Statements != 0 || len(c.Words) != 0 {
			t.Errorf("a rejection taught what a statement is: %+v", c)
		}
	}
}

// outside is an [statements.Asker] that answers as a test wants.
type outside struct {
	statements.Offline
	words  map[string]statements.Words
	titles map[string]string
	err    error
	asked  []string
	broken bool
	said   onrecord.Answer
	again  *onrecord.Rewording
}

func (o *outside) Words(_ context.Context, ids []string) (map[string]statements.Words, error) {
	o.asked = append(o.asked, ids...)
	return o.words, o.err
}

func (o *outside) Titles(_ context.Context, addresses []string) (map[string]string, error) {
	o.asked = append(o.asked, addresses...)
	return o.titles, o.err
}

func (o *outside) Opinion(context.Context, func() summary.Draft, bool) (onrecord.Opinion, bool) {
	return onrecord.Opinion{OnCase: o.said, Confidence: onrecord.High, Rewords: o.again}, o.said != ""
}

func (o *outside) Summary(ctx context.Context, d summary.Draft) onrecord.Summary {
	if o.broken {
		panic("index out of range")
	}
	return o.Offline.Summary(ctx, d)
}

// What a post answers is asked for when it could matter, and only then.
func TestAsking(t *testing.T) {
	answer := post("2", "No. We never had that drive, and we will say so.")
	answer.Kind, answer.ReplyTo = onrecord.Reply, &onrecord.Ref{ID: "q"}
	k := known()
	k.Unasked = []string{"q"}
	o := &outside{words: map[string]statements.Words{"q": {Text: "Did Harbor Labs copy the pricing model onto a personal drive, as Northwind Data says in court?"}}}
	with, err := reader.Read(t.Context(), answer, harbor, k, o)
	if err != nil || len(o.asked) != 1 {
		t.Fatalf("asked for %v, %v", o.asked, err)
	}
	if without := read(t, answer, harbor, k); without.Findings[0].Score >= with.Findings[0].Score || answer.ReplyTo.Text != "" {
		t.Errorf("the words it answers count for nothing: %+v", with.Findings[0])
	}
	if sure := read(t, post("4", denial), harbor, k); sure.Findings[0].Label != onrecord.Accept {
		t.Fatalf("%+v", sure.Findings[0])
	}
	o.asked = nil
	sure := answer
	sure.ID, sure.Text = "4", denial
	if _, err := reader.Read(t.Context(), sure, harbor, k, o); err != nil || len(o.asked) != 1 {
		t.Errorf("what an accepted post answers was not asked for: %v, %v", o.asked, err)
	}
	o.asked = nil
	if _, err := reader.Read(t.Context(), post("3", "Stop by for coffee. Join us, sign up and subscribe."), harbor, k, o); err != nil || len(o.asked) != 0 {
		t.Errorf("asked for %v, %v", o.asked, err)
	}
	o.err = errors.New("it could not be kept")
	if _, err := reader.Read(t.Context(), answer, harbor, k, o); !errors.Is(err, o.err) {
		t.Errorf("the reading went on: %v", err)
	}
}

// What a model thinks is nothing is quiet, and nothing that somebody is told of is taken
// for a repetition of it; a person can still accept it.
func TestQuietRepeatsNothing(t *testing.T) {
	const doubtful = "Northwind is wrong about the contract, and they know it well."
	heard := func(k statements.Known, said onrecord.Answer) statements.Finding {
		r, err := reader.Read(t.Context(), post("2", doubtful), harbor, k, &outside{said: said})
		if err != nil {
			t.Fatal(err)
		}
		return r.Findings[0]
	}
	f := heard(known(), onrecord.No)
	quiet, ok := f.Effect.(statements.Opens)
	if !ok || !f.Quiet || !quiet.Statement.Quiet || quiet.Statement.Lane != onrecord.ForReview {
		t.Fatalf("not on the case, says a model: %+v", f)
	}
	before := quiet.Statement
	before.ID, before.No, before.Parts = 3, 3, []onrecord.Post{post("1", doubtful)}
	if f := heard(known(before), onrecord.Unsure); f.Quiet || f.Novelty == onrecord.Mirror {
		t.Errorf("it repeats what nobody was told of: %+v", f)
	}
	if f := heard(known(before), onrecord.No); f.Novelty != onrecord.Mirror {
		t.Errorf("it repeats nothing: %+v", f)
	}
	accepted := reader.Moderate(statements.Moderation{Statement: before, Label: onrecord.Accept})
	if s := accepted.Statement; s == nil || s.Quiet {
		t.Errorf("a person accepted it: %+v", s)
	}
}

// What a model takes for the same in other words is marked with those of the earlier
// statement, and told like all else. It is not believed without words from both sides, or
// against a denial, a number or a name on one side alone.
func TestInOtherWords(t *testing.T) {
	const fresh = "They complain to the court again, and we tell the judge: no disk of anybody here ever held Northwind's model for prices."
	first := onRecord(t, 7, post("1", denial), harbor, known())
	first.Parts[0].Revision = "r1"
	dana := onRecord(t, 8, post("2", denial), onrecord.Account{ID: "x:dreyes", Source: "x", Handle: "dreyes", Speaker: "Dana Reyes", Cases: []string{northwind.ID}}, known())
	span := func(text, words string) onrecord.Span {
		start := strings.Index(text, words)
		return onrecord.Span{Start: start, End: start + len(words)}
	}
	whole := onrecord.Rewording{Of: 7, Words: span(fresh, "no disk of anybody here ever held Northwind's model for prices"), Prior: span(denial, "was on a personal drive of ours")}
	hear := func(text string, again onrecord.Rewording, earlier ...onrecord.Statement) (statements.Finding, onrecord.Statement) {
		r, err := reader.Read(t.Context(), post("9", text), harbor, known(earlier...), &outside{said: onrecord.Yes, again: &again})
		if err != nil || r.Fault != nil {
			t.Fatal(err, r.Fault)
		}
		f, opens := one[statements.Opens](t, r)
		return f, opens.Statement
	}
	f, s := hear(fresh, whole, first, dana)
	if f.Novelty != onrecord.Restates || s.Prior != 7 || s.Lane != onrecord.Record || s.Quiet || s.Rewords == nil {
		t.Fatalf("in other words: %+v, %+v", f, s)
	}
	if p := s.Rewords; p.Text != denial || p.Post.ID != "1" || p.Revision != "r1" || !p.Said.Equal(noon) || first.Parts[0].Text[p.Start:p.End] != denial {
		t.Errorf("it rewords %+v", p)
	}
	shown := func(change func(*onrecord.Statement)) onrecord.Statement {
		s := first
		change(&s)
		return s
	}
	// What a person told apart weighs: words nearer to it are not marked, others are.
	apart := onRecord(t, 9, post("3", "For those who ask again and again: no disk of anybody here held any model for prices of Northwind."), harbor, known())
	apart.No, apart.Corrections = 9, []onrecord.Correction{{No: 1, Distinct: first.No, By: "dana"}}
	if f, s := hear(fresh, whole, first, apart); f.Novelty == onrecord.Restates && s.Prior == first.No {
		t.Errorf("marked in words like those a person told apart: %+v", f)
	}
	apart.Parts[0].Text = "The pricing model? Our lawyers were busy with the kitchen and its ovens that day."
	if f, s := hear(fresh, whole, first, apart); f.Novelty != onrecord.Restates || s.Prior != first.No {
		t.Errorf("not marked, though what a person told apart is in quite other words: %+v", f)
	}
	other := whole
	other.Of = 8
	const searched = "For the judge and all who ask, Northwind Data included: every floor was searched and nothing was on a personal drive of ours, says the chief of our archive."
	for name, tc := range map[string]struct {
		text    string
		again   onrecord.Rewording
		earlier onrecord.Statement
	}{
		"another's":        {fresh, other, dana},
		"one that is held": {fresh, whole, shown(func(s *onrecord.Statement) { s.Held, s.No = true, 0 })},
		"one for review":   {fresh, whole, shown(func(s *onrecord.Statement) { s.Lane = onrecord.ForReview })},
		"one that is gone": {fresh, onrecord.Rewording{Of: 70, Words: whole.Words, Prior: whole.Prior}, first},
		"words outside":    {fresh, onrecord.Rewording{Of: 7, Words: onrecord.Span{Start: 1, End: 9999}, Prior: whole.Prior}, first},
		"no words":         {fresh, onrecord.Rewording{Of: 7, Words: whole.Words}, first},
		"a post it lacks":  {fresh, onrecord.Rewording{Of: 7, Words: whole.Words, Prior: onrecord.Span{Part: 3, Start: 1, End: 2}}, first},
		"another number":   {strings.Replace(fresh, "disk of", "7 disks of", 1), whole, first},
		"another name":     {strings.Replace(fresh, "anybody here", "Ivo Lind's o", 1), whole, first},
		"denied in the same words": {
			searched,
			onrecord.Rewording{Of: 7, Words: span(searched, "nothing was on a personal drive of ours"), Prior: span(denial, "the pricing model of Northwind Data was on a personal drive of ours")},
			shown(func(s *onrecord.Statement) {
				s.Parts = []onrecord.Post{post("1", strings.Replace(denial, "We deny in court that", "", 1))}
			}),
		},
	} {
		if f, s := hear(tc.text, tc.again, tc.earlier); f.Novelty == onrecord.Restates || s.Rewords != nil || s.Prior != 0 {
			t.Errorf("%s: %s %s, rewords %+v", name, f.Novelty, f.Why, s.Rewords)
		}
	}
}

// Of an article the words quoted can be an earlier statement in others, and what the
// outlet says cannot.
func TestQuotedInOtherWords(t *testing.T) {
	const quoted = "No disk of anybody here ever held Northwind's model for prices"
	dana := onrecord.Account{ID: "x:dreyes", Source: "x", Handle: "dreyes", Speaker: "Dana Reyes", Cases: []string{northwind.ID}}
	first := onRecord(t, 7, post("1", denial), dana, known())
	text := filed + "“" + quoted + ", as the court will see,” Dana Reyes, chief executive of Harbor Labs, told The Courier.\n\n"
	for words, marked := range map[string]bool{quoted: true, "Northwind Data sued Harbor Labs": false, quoted + ", as the court will see,” Dana": false} {
		start := strings.Index(text, words)
		o := &outside{said: onrecord.Yes, again: &onrecord.Rewording{Of: 7, Words: onrecord.Span{Start: start, End: start + len(words)}, Prior: onrecord.Span{End: len(denial)}}}
		r, err := reader.Read(t.Context(), article("1", text), courier, known(first), o)
		if err != nil || r.Fault != nil {
			t.Fatal(err, r.Fault)
		}
		f, opens := one[statements.Opens](t, r)
		if s := opens.Statement; s.Speaker != "Dana Reyes" || (s.Rewords != nil) != marked || (f.Novelty == onrecord.Restates) != marked || marked && s.Prior != 7 {
			t.Errorf("%q: %s %s, %+v", words, f.Novelty, f.Why, s)
		}
	}
}

// The statements most like one are its speaker's, from before it, that its readers know.
func TestNeighbours(t *testing.T) {
	said := func(no int64, text string) onrecord.Statement {
		return onrecord.Statement{ID: no, No: no, Case: northwind.ID, Speaker: "Harbor Labs", Lane: onrecord.Record, Parts: []onrecord.Post{post(fmt.Sprint(no), text)}}
	}
	like := func(no int64, change func(*onrecord.Statement)) onrecord.Statement {
		s := said(no, denial)
		change(&s)
		return s
	}
	among := []onrecord.Statement{
		said(1, "We will see them in court on Monday."), said(2, "That drive was never ours."), said(3, "The drive, again: we deny in court that anything was on it."), said(4, "Lunch is served."),
		like(5, func(s *onrecord.Statement) { s.Speaker = "Ivo Lind" }), like(6, func(s *onrecord.Statement) { s.Case = "another" }),
		like(7, func(s *onrecord.Statement) { s.Lane = onrecord.ForReview }), said(8, "Our drive is a lorry."), said(20, denial), like(0, func(s *onrecord.Statement) { s.Held = true }), said(21, denial),
	}
	var got []int64
	for _, s := range statements.Neighbours(said(20, denial), among) {
		got = append(got, s.No)
	}
	if !slices.Equal(got, []int64{3, 2, 1}) {
		t.Errorf("the nearest are %v", got)
	}
}

// A rule that breaks on a post leaves it to a person.
func TestABrokenRule(t *testing.T) {
	r, err := reader.Read(t.Context(), post("1", denial), harbor, known(), &outside{broken: true})
	if err != nil || r.Fault == nil || !strings.Contains(r.Fault.Error(), "index out of range") {
		t.Fatalf("%v, fault %v", err, r.Fault)
	}
	if f, _ := one[statements.Nothing](t, r); f.Label != onrecord.Review {
		t.Errorf("it is %+v", f)
	}
}

// FuzzRead: whatever a post says, reading it ends, and every quotation is a span of
// its bytes.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{denial, filed + reyes + lind, "1/3 " + denial, "\xff\xfe“" + denial, "RT @x: " + denial} {
		f.Add(seed, seed, true)
		f.Add(seed, denial, false)
	}
	f.Fuzz(func(t *testing.T, text, earlier string, press bool) {
		p, a := post("2", text), harbor
		if press {
			p, a = article("1", text), courier
		}
		before := onrecord.Statement{ID: 1, Case: northwind.ID, Speaker: "Harbor Labs", Account: harbor.ID, Lane: onrecord.Record, Parts: []onrecord.Post{post("1", earlier)}}
		r := read(t, p, a, known(before))
		for _, found := range r.Findings {
			if opens, ok := found.Effect.(statements.Opens); ok {
				for _, q := range opens.Statement.Summary.Quotes {
					if q.Start < 0 || q.End > len(text) || q.Start >= q.End {
						t.Errorf("quotation %v of %d bytes", q, len(text))
					}
				}
			}
			if _, err := json.Marshal(found.Decision); err != nil {
				t.Error(err)
			}
		}
	})
}

// What was withdrawn is not repeated: who says it again is judged anew, and it is said.
// The post that led to it does not lead to it again.
func TestWhatWasWithdrawn(t *testing.T) {
	t.Parallel()
	first := read(t, post("1", denial), harbor, known())
	s := first.Findings[0].Effect.(statements.Opens).Statement
	s.ID, s.No = 1, 7
	gone := s.Amend([]onrecord.Correction{{No: 1, Withdrawn: true, Note: "a parody"}})

	later := post("2", denial)
	if e, ok := read(t, later, harbor, known(s)).Findings[0].Effect.(statements.Repeats); !ok {
		t.Fatalf("without a withdrawal it comes to %+v: the test proves nothing", e)
	}
	f := read(t, later, harbor, known(gone)).Findings[0]
	e, ok := f.Effect.(statements.Opens)
	if !ok || e.Statement.Novelty != onrecord.New || e.Statement.Prior != 7 || f.Why != "said before in S-0007, which was withdrawn" {
		t.Errorf("said again it comes to %+v, %q", f.Effect, f.Why)
	}
	other := read(t, post("3", "We will answer the complaint of Northwind Data about its pricing model on Friday."), harbor, known(gone)).Findings[0]
	if e, ok := other.Effect.(statements.Opens); !ok || e.Statement.Prior != 0 {
		t.Errorf("something else comes to %+v", other)
	}
	if f := read(t, post("1", denial), harbor, known(gone)).Findings[0]; f.Novelty != onrecord.Mirror {
		t.Errorf("the same post comes to %+v", f)
	}
}

// An article that changes is compared with what was read in it, whoever a person says
// that speaks.
func TestACorrectedSpeakerInAnArticle(t *testing.T) {
	t.Parallel()
	p := onrecord.Post{Account: courier.ID, ID: "1", Revision: "a", Kind: onrecord.Article, Text: filed + reyes, URL: "https://courier.example/1", Created: noon, Dated: true}
	s := read(t, p, courier, known()).Findings[0].Effect.(statements.Opens).Statement
	s.ID, s.No = 1, 7
	s = s.Amend([]onrecord.Correction{{No: 1, Speaker: "Ivo Lind", Was: "Dana Reyes"}})
	p.Revision, p.Text = "b", filed+reyes+"More follows.\n\n"
	for _, f := range read(t, p, courier, known(s)).Findings {
		if _, ok := f.Effect.(statements.Opens); ok {
			t.Errorf("the changed article comes to %+v", f)
		}
	}
}

// What somebody else of the case said on it before a post is evidence for the post; what
// they said after it, and what the speaker said, is none of that kind.
func TestOthersSpokeBefore(t *testing.T) {
	said := func(speaker string, at time.Duration) onrecord.Statement {
		p := post("1", denial)
		p.Account, p.Created = "x:other", noon.Add(at)
		return onrecord.Statement{ID: 1, No: 1, Case: northwind.ID, Speaker: speaker, Lane: onrecord.Record, Parts: []onrecord.Post{p}}
	}
	for _, c := range []struct {
		earlier onrecord.Statement
		want    bool
	}{
		{said("Northwind Data", -time.Hour), true}, {said("Northwind Data", time.Hour), false}, {said("Harbor Labs", -time.Hour), false},
	} {
		f := read(t, post("2", "Our booth is number 12. Stop by for coffee."), harbor, known(c.earlier)).Findings[0]
		if got := slices.ContainsFunc(f.Reasons, func(e onrecord.Reason) bool { return e.Code == "others_spoke" }); got != c.want {
			t.Errorf("%s at %s: %v", c.earlier.Speaker, c.earlier.First().Created, got)
		}
	}
}
