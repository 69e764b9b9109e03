package lang

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite what the golden files expect")

// TestLacking: which languages lack which class of words. A new gap is seen
// here, and so is a class that the program asks for and no language has.
func TestLacking(t *testing.T) {
	t.Parallel()
	const golden = "testdata/lacking.txt"
	var got strings.Builder
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		var without []string
		for _, tag := range Languages() {
			if len(Of(tag)[class]) == 0 {
				without = append(without, tag)
			}
		}
		if len(without) == len(Languages()) {
			t.Errorf("no language has words of the class %s", class)
		}
		fmt.Fprintf(&got, "%s: %s\n", class, strings.Join(without, " "))
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("languages have gained or lost words; if that is meant, run with -update (-want +got):\n%s", diff)
	}
}

// TestReadClasses: a file says what is wrong with it, and lines of one class add
// up.
func TestReadClasses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"nonsense: x", "legal: ,", "legal: court,", "legal:", "no colon"} {
		if err := readClasses(bad, map[string][]string{}); err == nil {
			t.Errorf("%q is read without complaint", bad)
		}
	}
	got := map[string][]string{}
	if err := readClasses("# Nynorsk\n\nfirst: eg, vi\nfirst: oss\nversus: mot\n", got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string][]string{"first": {"eg", "vi", "oss"}, "versus": {"mot"}}, got); diff != "" {
		t.Error(diff)
	}
}

// TestTheDocumentedLanguage: what docs/adding-a-language.md shows is read as words
// of a language.
func TestTheDocumentedLanguage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/adding-a-language.md")
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	for _, m := range regexp.MustCompile("(?s)`statements/lang/(data/[a-z]+/[a-z]+\\.txt)`:\n\n```text\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		folder[m[1]] = &fstest.MapFile{Data: []byte(m[2])}
	}
	if len(folder) < 2 {
		t.Fatalf("the page shows %d files", len(folder))
	}
	swedish := load(folder)["sv"]
	if !slices.Contains(swedish["says"], "skrev") || !slices.Contains(swedish["negation"], "aldrig") {
		t.Errorf("it is read as %v", swedish)
	}
}

// TestNumerals: the digits of a numeral are digits, and only numerals and months have any.
func TestNumerals(t *testing.T) {
	t.Parallel()
	for word, digits := range Numerals() {
		if word == "" || strings.Trim(digits, "0123456789") != "" {
			t.Errorf("%q is %q", word, digits)
		}
	}
	if n := Numerals("en"); n["seven"] != "7" || n["sieben"] != "" {
		t.Errorf("%v", n)
	}
	for _, tag := range Languages() {
		seen := map[int]bool{}
		for word, n := range Months(tag) {
			if seen[n] = true; word == "" || n < 1 || n > 12 {
				t.Errorf("%s: the month %q is %d", tag, word, n)
			}
		}
		if len(seen) != 0 && len(seen) != 12 {
			t.Errorf("%s has %d months", tag, len(seen))
		}
	}
	for class := range classes {
		for _, entry := range Entries(class) {
			if class != "numeral" && class != "month" && class != "subject" && strings.Contains(entry, "=") {
				t.Errorf("%s: %q", class, entry)
			}
		}
	}
}

// TestSubjects: every language that has words of courts, and any other with subjects,
// says each subject, and says none in words of another.
func TestSubjects(t *testing.T) {
	t.Parallel()
	all := Subjects()
	for _, tag := range Languages() {
		for name, ways := range all {
			if len(ways[tag]) == 0 && (len(Of(tag)["subject"]) > 0 || len(Of(tag)["legal"]) > 0) {
				t.Errorf("%s does not say %q", tag, name)
			}
		}
	}
	if len(all) < 50 || all[""] != nil {
		t.Errorf("%d subjects", len(all))
	}
}

// TestNegates: every language that can say no is heard saying it.
func TestNegates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"We never took it.":     true,
		"We didn’t take it.":    true,
		"We took it.":           false,
		"a notable knot":        false,
		"Nous n’avons rien":     true,
		"Wij hebben het niet.":  true,
		"לא לקחנו":              true,
		"我们没有拿":                 true,
		"当社は開いていません":            true,
		"เราไม่ได้เอา":          true,
		"우리는 가져가지 않았다":          true,
		"우리는 가져갔다":              false,
		"Nunca abrimos":         true,
		"Ми нічого не брали":    true,
		"हमने कुछ नहीं लिया":    true,
		"Harbor Labs answered.": false,
	} {
		if Negates(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	for w, want := range map[string]bool{"不": true, "ぬ": false, "never": true, "isn't": true, "n'avons": true, "not": true, "knot": false} {
		if Negative(w) != want {
			t.Errorf("%q: %v", w, !want)
		}
	}
}
