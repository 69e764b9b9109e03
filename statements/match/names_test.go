package match

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
)

// TestEverydayNames: a name that is an everyday word counts only where it is
// written as a name, and is never enough alone.
func TestEverydayNames(t *testing.T) {
	t.Parallel()
	c := northwind()
	c.Parties[0].Aliases = append(c.Parties[0].Aliases, "Summit")
	m := Compile([]onrecord.Case{c})
	for text, want := range map[string]bool{
		"We heard about it from Summit this morning.":  true,
		"We heard about it from @Summit this morning.": true,
		"We walked to the summit this morning.":        false,
		"Summit weather is fine this morning.":         false,
		"A long walk. Summit at noon, lake at four.":   false,
		"WE WALKED TO THE SUMMIT THIS MORNING":         false,
	} {
		ds, _ := m.Classify(say("Harbor Labs", text, 2*time.Hour), State{})
		if _, ok := evidenceOf(ds[0], otherSide); ok != want {
			t.Errorf("%q: names the other side %v, want %v", text, ok, want)
		}
		if ds[0].Label == onrecord.Accept {
			t.Errorf("%q is accepted by the name alone", text)
		}
	}
	ds, _ := m.Classify(say("Harbor Labs", "The lawsuit from Summit is baseless, we will tell the judge.", 2*time.Hour), State{})
	if ds[0].Label != onrecord.Accept {
		t.Errorf("with the language of courts: %s %+v", ds[0].Label, ds[0].Reasons)
	}
}

// TestOwnPeople: who speaks for a company is named daily by it, its lawyer only
// where the case is spoken of.
func TestOwnPeople(t *testing.T) {
	t.Parallel()
	c := northwind()
	c.People = append(c.People, onrecord.Person{Name: "Ada Krog", Role: "counsel for Harbor Labs"})
	m := Compile([]onrecord.Case{c})
	for text, want := range map[string]kind{
		"Dana Reyes spoke at the harbour fair today.": coParty,
		"Ada Krog spoke at the harbour fair today.":   casePerson,
	} {
		ds, _ := m.Classify(say("Harbor Labs", text, 2*time.Hour), State{})
		if _, ok := evidenceOf(ds[0], want); !ok {
			t.Errorf("%q: no %q among %+v", text, table[want].Name, ds[0].Reasons)
		}
	}
}

// TestOwnName: whoever bears a name says it daily, and it is evidence of nothing.
func TestOwnName(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	for _, speaker := range []string{"Harbor Labs", "Ivo Lind", "Northwind Data, Inc."} {
		ds, _ := m.Classify(say(speaker, speaker+" is at the harbour fair today.", 2*time.Hour), State{})
		for _, e := range ds[0].Reasons {
			if strings.Contains(speaker, e.Text) && e.Text != "" {
				t.Errorf("%s: its own name counts: %+v", speaker, e)
			}
		}
	}
}

// TestExclude: a word of another matter drops what else a person would be asked
// about, less so beside the case's own terms, and not at all beside its docket.
func TestExclude(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	judge := func(text string) (onrecord.Decision, bool) {
		ds, _ := m.Classify(say("Harbor Labs", text, 2*time.Hour), State{})
		_, ok := evidenceOf(ds[0], otherMatter)
		return ds[0], ok
	}
	if d, _ := judge("The judge ruled for us. Our lawyers were right."); d.Label != onrecord.Review {
		t.Fatalf("without the word: %s", d.Label)
	}
	if d, ok := judge("The judge ruled for us against Tidewater. Our lawyers were right."); !ok || d.Label != onrecord.Reject {
		t.Errorf("with it: %s %+v", d.Label, d.Reasons)
	}
	if d, ok := judge("Like Tidewater before it, Northwind's claim of trade secrets will fail in court."); !ok || d.Label != onrecord.Accept {
		t.Errorf("beside the case: %s %+v", d.Label, d.Reasons)
	}
	if d, ok := judge("Unlike Tidewater, 25-cv-07402 goes on."); ok || d.Label != onrecord.Accept {
		t.Errorf("beside the docket: %s %+v", d.Label, d.Reasons)
	}
}

// TestReplay: with the state stored and read back between all posts of the
// suite, every decision and every state is the same to the last bit. What
// stands on words of the post shows them where they are.
func TestReplay(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind(), tidewater()})
	var live, stored State
	spans := 0
	for round := range 3 {
		for i, s := range suite(t) {
			in := say("Harbor Labs", s.text, time.Duration(round*1000+i)*17*time.Minute)
			in.Cases = []string{"northwind-v-harbor", "tidewater-v-harbor"}
			d1, next := m.Classify(in, live)
			d2, s2 := m.Classify(in, stored)
			live = next
			if diff := cmp.Diff(d1, d2); diff != "" {
				t.Fatalf("post %d is judged otherwise after storage: %s", i, diff)
			}
			a, _ := json.Marshal(next)
			b, _ := json.Marshal(s2)
			if string(a) != string(b) {
				t.Fatalf("post %d leaves another state after storage: %s", i, cmp.Diff(next, s2))
			}
			stored = State{}
			if err := json.Unmarshal(b, &stored); err != nil {
				t.Fatal(err)
			}
			for _, d := range d1 {
				for _, e := range d.Reasons {
					onWords := e.Text != "" && e.Code != table[profile].Code && e.Code != table[rivalCase].Code
					if onWords {
						spans++
					}
					if onWords && (e.Where != "" || e.Start >= e.End || e.Text != in.Post.Text[e.Start:e.End]) {
						t.Fatalf("%+v does not stand where it says in %q", e, in.Post.Text)
					}
				}
			}
		}
	}
	if spans < 300 {
		t.Errorf("only %d pieces of evidence stand on words", spans)
	}
}
