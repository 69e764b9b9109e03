package statements_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"onrecord"
	"onrecord/statements"
)

// place answers for one post at a time, as a source does, and notes what it was asked.
type place struct {
	outside
	chain map[string]statements.Words
	fails string
}

func (p *place) Words(_ context.Context, ids []string) (map[string]statements.Words, error) {
	p.asked = append(p.asked, ids...)
	found := map[string]statements.Words{}
	for _, id := range ids {
		if w, ok := p.chain[id]; ok && id != p.fails {
			found[id] = w
		}
	}
	return found, nil
}

// goingOn is the last part of a thread whose earlier parts nobody has seen.
func goingOn() (onrecord.Post, statements.Known) {
	p := post("9", "And that is why we will see them there.")
	p.Kind, p.Thread, p.ReplyTo = onrecord.Thread, "1", &onrecord.Ref{ID: "3"}
	k := known()
	k.Unasked, k.Missing = []string{"3"}, "3"
	return p, k
}

// An author's own thread is whole before a part of it is judged.
func TestAThreadIsCompleted(t *testing.T) {
	chain := map[string]statements.Words{
		"3": {Text: "Nobody ever opened it.", After: "2"},
		"2": {Text: "The personal drive was handed back in March.", After: "1"},
		"1": {Text: "Northwind Data sued us over its pricing model. Here is what happened."},
	}
	p, k := goingOn()
	scored := func(o statements.Asker) onrecord.Decision {
		r, err := reader.Read(t.Context(), p, harbor, k, o)
		if err != nil {
			t.Fatal(err)
		}
		return r.Findings[0].Decision
	}
	alone := scored(statements.Offline{})
	o := &place{chain: chain}
	if whole := scored(o); whole.Score <= alone.Score || !slices.Equal(o.asked, []string{"3", "2", "1"}) {
		t.Errorf("asked for %q; the whole thread scores %v, its last part %v: %+v", o.asked, whole.Score, alone.Score, whole.Reasons)
	}
	o = &place{chain: chain, fails: "2"}
	if part := scored(o); part.Score != alone.Score || !slices.Equal(o.asked, []string{"3", "2"}) {
		t.Errorf("asked for %q; with the third part alone it scores %v", o.asked, part.Score)
	}
	k.Parts, k.Missing, k.Unasked = []statements.Words{chain["1"], chain["2"], chain["3"]}, "", nil
	o = &place{chain: chain}
	if stored := scored(o); stored.Score <= alone.Score || len(o.asked) != 0 {
		t.Errorf("asked for %q; known from the record the thread scores %v", o.asked, stored.Score)
	}
	if p.ReplyTo.Text != "" {
		t.Error("the post itself was changed")
	}
}

// A thread without a beginning costs no more than a long one.
func TestAThreadWithoutEnd(t *testing.T) {
	p, k := goingOn()
	o := &place{chain: map[string]statements.Words{}}
	for i := range 100 {
		o.chain[fmt.Sprint(3+i)] = statements.Words{Text: "More of it.", After: fmt.Sprint(4 + i)}
	}
	if _, err := reader.Read(t.Context(), p, harbor, k, o); err != nil || len(o.asked) != statements.LongestThread {
		t.Errorf("asked for %d parts, %v", len(o.asked), err)
	}
	o.asked, o.chain = nil, map[string]statements.Words{"3": {Text: "Round and round.", After: "3"}}
	if _, err := reader.Read(t.Context(), p, harbor, k, o); err != nil || len(o.asked) > statements.LongestThread {
		t.Errorf("in a circle asked for %d parts, %v", len(o.asked), err)
	}
}

// What a linked page is called is evidence, and is asked for where it could matter.
func TestTitles(t *testing.T) {
	const page, other = "https://northwind.example/answer", "https://cakes.example/blue"
	linking := post("2", "Our answer to the complaint is filed. Read it here.")
	linking.Links = []onrecord.Link{{URL: page, Shown: page}}
	k := known()
	k.Untitled = []string{page}
	o := &outside{titles: map[string]string{page: "Northwind Data v. Harbor Labs: answer to the complaint on the pricing model"}}
	with, err := reader.Read(t.Context(), linking, harbor, k, o)
	if err != nil || !slices.Equal(o.asked, []string{page}) {
		t.Fatalf("asked for %q, %v", o.asked, err)
	}
	said := slices.ContainsFunc(with.Findings[0].Reasons, func(r onrecord.Reason) bool { return r.Where == "link" })
	if without := read(t, linking, harbor, k); with.Findings[0].Label != onrecord.Accept || without.Findings[0].Label == onrecord.Accept || !said || linking.Links[0].Title != "" {
		t.Errorf("without the title %+v, with it %+v", without.Findings[0].Decision, with.Findings[0].Decision)
	}
	o.asked = nil
	linking.Text = "Happy birthday! Join us, sign up and subscribe."
	linking.Links, k.Untitled = []onrecord.Link{{URL: other, Shown: other}}, []string{other}
	if _, err := reader.Read(t.Context(), linking, harbor, k, o); err != nil || len(o.asked) != 0 {
		t.Errorf("asked for %q, %v", o.asked, err)
	}
}

func TestLinkedPages(t *testing.T) {
	p := post("1", "Read it.")
	for _, address := range []string{"https://x.example/1/photo", "mailto:press@harbor.example", "", "https://a.example/1", "https://a.example/1", "%", "https://b.example/", "https://c.example/", "https://d.example/"} {
		p.Links = append(p.Links, onrecord.Link{URL: address})
	}
	p.Links = append([]onrecord.Link{{URL: "https://titled.example/", Title: "Known"}}, p.Links...)
	if got := statements.LinkedPages(p); !slices.Equal(got, []string{"https://a.example/1", "https://b.example/", "https://c.example/"}) {
		t.Errorf("got %q", got)
	}
}
