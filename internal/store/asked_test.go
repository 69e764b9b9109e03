package store_test

import "testing"

// A question and what a place keeps outlive the program.
func TestQuestionsAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		name, err := s.Ask(t.Context(), `{"by":"Harbor Labs\u0000"}`+"\x00")
		must(t, err)
		again, err := s.Ask(t.Context(), `{"by":"Harbor Labs\u0000"}`+"\x00")
		must(t, err)
		if again != name || len(name) > 20 {
			t.Errorf("the same question is called %q and %q", name, again)
		}
		must(t, s.Remember(t.Context(), "somewhere/commands", "one"))
		must(t, s.Remember(t.Context(), "somewhere/commands", "two"))
		must(t, s.Close())
		s = open(t, where)
		if q, err := s.Asked(t.Context(), name); err != nil || q != `{"by":"Harbor Labs\u0000"}`+"\uFFFD" {
			t.Errorf("asked %q, %v", q, err)
		}
		if q, err := s.Asked(t.Context(), "nothing"); err != nil || q != "" {
			t.Errorf("asked %q, %v", q, err)
		}
		if v, err := s.Recall(t.Context(), "somewhere/commands"); err != nil || v != "two" {
			t.Errorf("kept %q, %v", v, err)
		}
		if v, err := s.Recall(t.Context(), "instance"); err != nil || v != "" {
			t.Errorf("a place reads %q of the program's own, %v", v, err)
		}
	})
}
