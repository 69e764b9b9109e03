package novelty

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/statements/statementstest"
)

// record is what was said so often: a sentence of its own each time, and one that is
// always the same.
func record(n, sentences int) (all []Earlier) {
	for i := range n {
		var b strings.Builder
		for j := range sentences {
			fmt.Fprintf(&b, "Harbor Labs answers claim number %d about archive %dx of Northwind Data in court. ", i*sentences+j, i*j)
		}
		b.WriteString("Harbor Labs makes tools for people who work in harbours, since 2011.")
		all = append(all, Earlier{ID: int64(i + 1), Posts: []string{fmt.Sprint(i)}, Text: b.String(), At: time.Unix(int64(i), 0), SameSide: i%3 > 0})
	}
	return all
}

// Remembering changes no answer.
func TestAMemoryChangesNoAnswer(t *testing.T) {
	t.Parallel()
	var m Memory
	all := append(record(40, 2), record(20, 5)...)
	for i, e := range all {
		for _, text := range []string{e.Text, strings.ReplaceAll(e.Text, "answers", "denies"), e.Text + " We will appeal.", "A word of our own."} {
			want := Compare(text, []string{"new"}, all[:i])
			if diff := cmp.Diff(want, m.Compare(text, []string{"new"}, all[:i])); diff != "" {
				t.Fatalf("%d, %q: %s", i, text, diff)
			}
		}
	}
}

// What is on the record is measured once, and the memory of it is bounded.
func TestAMemoryIsBounded(t *testing.T) {
	var m Memory
	all := record(10, 1)
	m.Compare("We deny it.", nil, all)
	before := m.texts[all[0].Text]
	m.Compare("We deny it in court.", nil, all)
	if before == nil || m.texts[all[0].Text] != before || len(m.texts) != len(all) {
		t.Errorf("%d texts are remembered, measured anew: %v", len(m.texts), m.texts[all[0].Text] != before)
	}
	fresh := all[0].Text + " And more."
	m.Compare(fresh, nil, all)
	if last := m.last[len(m.last)-1]; last.kept.text != fresh || m.measured(fresh) != last {
		t.Error("what was compared last is measured anew when it is on the record")
	}
	for i := range 2 * lastTexts {
		m.Compare(fmt.Sprintf("We deny claim number %d in court, as we did before, and always will.", i), nil, all)
	}
	if kept := m.texts[fresh]; len(m.last) != lastTexts || kept.kept != nil {
		t.Errorf("the words of %d texts are kept, of an old one: %v", len(m.last), kept.kept != nil)
	}
	for range 2 {
		long := record(100, 400)
		for i := range long {
			long[i].Text += fmt.Sprint(len(m.texts), i)
		}
		m.Compare("We deny it in court.", nil, long)
		size := 0
		for text, s := range m.texts {
			size += len(text) + s.size()
		}
		if size != m.size || size > memoryLimit {
			t.Fatalf("%d texts take %d bytes, counted as %d", len(m.texts), size, m.size)
		}
	}
}

// A long record costs a post little more than a short one.
func TestTheRecordCostsAPostLittle(t *testing.T) {
	const text, most = "Harbor Labs asks the court to dismiss what Northwind Data says about archive 7x.", 25
	cost := func(n int) time.Duration {
		var m Memory
		all := record(n, 2)
		m.Compare(text, nil, all)
		best := time.Hour
		for range 8 {
			best = min(best, statementstest.Took(func() { m.Compare(text, nil, all) }))
		}
		return best
	}
	few, many := cost(10), cost(500)
	t.Logf("%v with 10 statements, %v with 500", few, many)
	if many > most*few {
		t.Errorf("fifty times the record takes %d times as long", many/few)
	}
}

// A long text is laid beside the few earlier ones it shares most with, and not beside all that
// are nearly the same.
func TestNearlyTheSameManyTimes(t *testing.T) {
	t.Parallel()
	long := func(i int) string {
		var b strings.Builder
		fmt.Fprintf(&b, "Statement %d is about exhibit %d. ", i, 1000+37*i)
		for n := range 350 {
			fmt.Fprintf(&b, "We never opened the ledger of w%c%c%c. ", 'a'+n%26, 'a'+n/26%26, 'a'+n/676)
		}
		return b.String()
	}
	versions := func(n int) (list []Earlier) {
		for i := range n {
			list = append(list, Earlier{ID: int64(i + 1), Text: long(i), SameSide: true})
		}
		return list
	}
	took := func(n int) time.Duration {
		var m Memory
		earlier := versions(n)
		m.Compare("Something else.", nil, earlier) // all are measured
		best := time.Hour
		for range 3 {
			best = min(best, statementstest.Took(func() { m.Compare(long(99), nil, earlier) }))
		}
		return best
	}
	if few, many := took(4), took(24); many > 3*few {
		t.Errorf("beside 24 texts it takes %s, beside 4 %s", many, few)
	}
}
