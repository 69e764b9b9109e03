package statements_test

import (
	"strings"
	"testing"

	"onrecord"
	"onrecord/statements"
)

const more = "Northwind Data knew of the personal drive since March, and told neither the court nor Ivo Lind a word of it."

// edited is a post as it says something else.
func edited(p onrecord.Post, text string) onrecord.Post {
	p.Revision, p.Text = "r2", text
	return p
}

// What an author changes in a post on the record is told as an edit. It makes no
// statement, and is no place where the same was said.
func TestAnEditOfAPostOnTheRecord(t *testing.T) {
	was := onRecord(t, 7, post("1", denial), harbor, known())
	for name, text := range map[string]string{
		"a word":      strings.Replace(denial, "drive of ours", "drive of a colleague", 1),
		"a denial":    strings.Replace(denial, "was on", "was never on", 1),
		"a comma":     denial + "!",
		"a part gone": "We deny in court that the pricing model of Northwind Data was on a personal drive.",
	} {
		f, repeats := one[statements.Repeats](t, read(t, edited(post("1", denial), text), harbor, known(was)))
		if repeats.Statement.ID != 7 || repeats.Mentioned || f.Novelty != onrecord.Mirror {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// What an author adds is a statement of its own, which quotes nothing that was there.
func TestWhatAnEditAdds(t *testing.T) {
	was := onRecord(t, 7, post("1", denial), harbor, known())
	f, opens := one[statements.Opens](t, read(t, edited(post("1", denial), denial+"\n\n"+more), harbor, known(was)))
	s := opens.Statement
	if f.Novelty != onrecord.Expands || s.Prior != 7 || len(s.Summary.Quotes) == 0 {
		t.Fatalf("an addition is %+v", f)
	}
	for _, q := range s.Summary.Quotes {
		if said := s.Quoted(q); !strings.Contains(more, said) {
			t.Errorf("it quotes %q, which is not new", said)
		}
	}
	if got := s.Quoted(s.Added[0]); !strings.Contains(more, strings.TrimSpace(got)) {
		t.Errorf("added is %q", got)
	}
}

// A post that nothing came of may become a statement.
func TestAnEditBringsAPostToTheCase(t *testing.T) {
	if _, opens := one[statements.Opens](t, read(t, edited(post("1", "Stop by for coffee."), denial), harbor, known())); opens.Statement.Prior != 0 {
		t.Errorf("it is %+v", opens.Statement)
	}
}

// What was there before the account was watched is nobody's news, however it is worded
// now; what is added to it is.
func TestAnEditOfWhatWasThereBefore(t *testing.T) {
	k := known()
	k.Baseline = denial
	f, _ := one[statements.Nothing](t, read(t, edited(post("1", denial), strings.Replace(denial, "drive of ours", "drive of a colleague", 1)), harbor, k))
	if f.Novelty != onrecord.Mirror || f.Label != onrecord.Accept {
		t.Errorf("an old post with another word is %+v", f)
	}
	_, opens := one[statements.Opens](t, read(t, edited(post("1", denial), denial+"\n\n"+more), harbor, k))
	if s := opens.Statement; !strings.Contains(more, s.Quoted(s.Summary.Quotes[0])) || s.Prior != 0 {
		t.Errorf("what was added is %+v", s)
	}
}

// A part of a thread that is edited while the thread is held is in it once.
func TestAnEditOfAHeldPart(t *testing.T) {
	held := onRecord(t, 7, part("1", denial), harbor, known())
	held.Held, held.No = true, 0
	k := known(held)
	k.Held = []onrecord.Statement{held}
	_, joins := one[statements.Joins](t, read(t, edited(part("1", denial), denial+" "+more), harbor, k))
	if parts := joins.Statement.Parts; len(parts) != 1 || parts[0].Revision != "r2" {
		t.Errorf("the thread is %+v", parts)
	}
}
