package onrecord_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plain are words of Go and of everyday English that need no entry in the
// glossary.
var plain = strings.Fields(`
	cure days full has many server managed manager most novelties undo
	owe about already apart attributed awaited needs began begin change do doing forget seq step tell unshown
	above below entries head foot limit manages max near nearest newer off older reached recall remember required search serve suggest tally the upwards value description
	alone everyday is newest otherwise repeated told use was
	added after aliases all also alt around asked at author base before body by calls catchup caught changes client close color config configured contact count
	created credentials cut data date decode document edit end env err error every everyone facts fails find finish first follow for from get hash header html
	id in instructs json keep known lang large last latest learned less line link log longest made maybe media missing moved name named next nobody not now of ok on only
	oldest once one open operations parse parties people person prober put queue read record ref reference report resend result row run said same
	seen send set settle setup short shown since spent start state store string summarize summarizer terminal text title to too tracked translation type
	trim turned unasked unjudged unsettled untitled until unwrap up url validate version wait waiting wakes warning what where why width window without classify deliveries
`)

// TestNamesAreInTheGlossary: what the contracts export is said in the words of the
// glossary, or in plain ones. A new word is explained there before it is used.
func TestNamesAreInTheGlossary(t *testing.T) {
	known, used := glossary(t), map[string]bool{}
	for _, word := range plain {
		if known[word] {
			t.Errorf("%q is in the glossary: it need not be listed as a plain word", word)
		}
		used[word] = false
		known[word] = true
	}
	unknown := map[string][]string{}
	names := 0
	for _, dir := range []string{".", "bot", "sources", "statements", "notifiers"} {
		for _, name := range exported(t, dir) {
			names++
			for _, word := range words(name) {
				for _, end := range []string{"", "s", "d", "ed"} {
					used[strings.TrimSuffix(word, end)] = true
				}
				if len(word) > 1 && !slices.ContainsFunc([]string{"", "s", "d", "ed"}, func(end string) bool { return known[strings.TrimSuffix(word, end)] }) {
					unknown[word] = append(unknown[word], dir+"."+name)
				}
			}
		}
	}
	if names < 100 {
		t.Fatalf("only %d names were looked at: the walk is broken", names)
	}
	for word, is := range used {
		if !is {
			t.Errorf("nothing is called %q any more: it need not be listed as a plain word", word)
		}
	}
	for word, in := range unknown {
		t.Errorf("%q is not in docs/glossary.md: %s", word, strings.Join(in, ", "))
	}
}

// glossary returns the words that the glossary's first column explains.
func glossary(t *testing.T) map[string]bool {
	text, err := os.ReadFile("docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, word := range regexp.MustCompile(`[a-z]+`).FindAllString(strings.ToLower(cells[1]), -1) {
			known[word] = true
		}
	}
	return known
}

// exported returns the exported names of a package: types, functions, constants,
// variables, methods and fields.
func exported(t *testing.T, dir string) (names []string) {
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), dir+"/"+f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				names = append(names, n.Name.Name)
				return false
			case *ast.TypeSpec:
				names = append(names, n.Name.Name)
			case *ast.ValueSpec:
				for _, id := range n.Names {
					names = append(names, id.Name)
				}
			case *ast.Field:
				for _, id := range n.Names {
					names = append(names, id.Name)
				}
			}
			return true
		})
	}
	names = slices.DeleteFunc(names, func(n string) bool { return !ast.IsExported(n) })
	slices.Sort(names)
	return slices.Compact(names)
}

// words splits a name: ParseURL is parse and url.
func words(name string) (list []string) {
	for len(name) > 0 {
		n := 1
		for n < len(name) && (name[n] < 'A' || name[n] > 'Z') {
			n++
		}
		if n == 1 { // an abbreviation
			for n < len(name) && name[n] >= 'A' && name[n] <= 'Z' && (n+1 == len(name) || name[n+1] >= 'A' && name[n+1] <= 'Z') {
				n++
			}
		}
		list, name = append(list, strings.ToLower(name[:n])), name[n:]
	}
	return list
}
