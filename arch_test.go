package onrecord_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// only lists what one place alone may import, and why.
var only = []struct{ module, place, why string }{
	{"github.com/bwmarrin/discordgo", "notifiers/discord", "the library's faults are fenced in one package"},
	{"github.com/dghubble/go-twitter", "sources/twitter", "a v1.1 client must not spread into the v2 source"},
	{"github.com/mmcdole/gofeed", "sources/feed", "it recurses on hostile documents; only the guard there makes it safe"},
	{"github.com/jackc/pgx", "internal/store", "one database, one place that knows SQL"},
	{"modernc.org/sqlite", "internal/store", "one database, one place that knows SQL"},
	{"database/sql", "internal/store", "one exported method is one transaction"},
	{"go.yaml.in/yaml", "internal/config", "one place knows how a mistake is shown"},
	{"github.com/invopop/jsonschema", "internal/config", "the schema describes the configuration"},
	{"github.com/robfig/cron", "internal/schedule", "its traps are refused in one place"},
	{"github.com/alecthomas/kong", "cmd/onrecord", "the command line is one package"},
	{"code.dny.dev/ssrf", "internal/fetch", "every request to the outside passes one guard"},
}

// mayImport lists what a package may import of this module, besides its own
// folder. A package not listed here is free: only cmd/onrecord is meant to be.
var mayImport = []struct {
	place   string
	allowed []string
	why     string
}{
	{".", nil, "the words of the program stand on the standard library alone"},
	{"sources", []string{"."}, "an adapter knows its contract and the domain; adapters do not know each other"},
	{"notifiers", []string{"."}, "an adapter knows its contract and the domain; adapters do not know each other"},
	{"internal/words", nil, "spellings of a name depend on nothing else; matching and attribution share them, as both are pure and neither may know the other"},
	{"internal/match", []string{".", "internal/words"}, "matching is pure"},
	{"internal/novelty", []string{"."}, "novelty is pure"},
	{"internal/summary", []string{".", "internal/words"}, "the offline summary is pure, and a model is lent a client and a purse by those who know more"},
	{"internal/schedule", nil, "when something is due depends on nothing else"},
	{"internal/loopback", nil, "a transport knows no domain"},
	{"internal/fetch", []string{"sources"}, "its errors are those of the contract"},
	{"bot", []string{".", "sources", "notifiers", "internal/match", "internal/novelty", "internal/summary", "internal/schedule"}, "the loops know contracts and pure packages, never an adapter, the store or the configuration"},
	{"internal/store", []string{".", "bot", "sources", "notifiers"}, "the store implements what the loops ask for"},
	{"internal/config", []string{".", "sources", "notifiers", "internal/schedule"}, "the configuration describes, it does not open anything"},
	{"internal/web", []string{"bot"}, "health is read from the bot's status"},
}

// pure lists packages that may not see the network, the disk or the clock.
var pure = map[string][]string{
	"internal/match":   {"net", "net/http", "os", "database/sql", "math/rand", "math/rand/v2"},
	"internal/novelty": {"net", "net/http", "os", "database/sql", "math/rand", "math/rand/v2"},
	"internal/words":   {"net", "net/http", "os", "database/sql", "math/rand", "math/rand/v2"},
	"internal/summary": {"net", "net/http", "os", "database/sql", "math/rand", "math/rand/v2"},
}

// within lists what only certain places inside a folder may import.
var within = []struct {
	folder, module string
	places         []string
	why            string
}{
	{"internal/summary", "net/http", []string{"internal/summary/model", "internal/summary/modeltest"}, "summaries are pure; only what asks a language model, and its stand-in, reach the network"},
}

func TestImports(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			seen++
			checkImport(t, path, filepath.ToSlash(filepath.Dir(path)), imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 50 {
		t.Fatalf("only %d imports were looked at: the walk is broken", seen)
	}
}

func checkImport(t *testing.T, path, dir, imported string) {
	for _, rule := range only {
		if under(imported, rule.module) && !under(dir, rule.place) {
			t.Errorf("%s imports %s, which only %s may: %s", path, imported, rule.place, rule.why)
		}
	}
	for _, rule := range within {
		if imported == rule.module && under(dir, rule.folder) && !slices.Contains(rule.places, dir) {
			t.Errorf("%s imports %s: %s", path, imported, rule.why)
		}
	}
	for _, forbidden := range pure[dir] {
		if imported == forbidden {
			t.Errorf("%s imports %s: the package is pure", path, imported)
		}
	}
	if imported != "onrecord" && !strings.HasPrefix(imported, "onrecord/") {
		return
	}
	target := strings.TrimPrefix(strings.TrimPrefix(imported, "onrecord"), "/")
	if target == "" {
		target = "."
	}
	for _, rule := range mayImport {
		if !governs(rule.place, dir) || under(target, dir) || allowed(target, rule.place, rule.allowed) {
			continue
		}
		t.Errorf("%s imports %s: %s", path, imported, rule.why)
	}
}

// governs reports whether a rule speaks about a folder. The lists of all
// adapters know them by design; fakes know what they stand in for.
func governs(place, dir string) bool {
	if place == "." {
		return dir == "."
	}
	return under(dir, place) && !strings.HasSuffix(dir, "/all")
}

// allowed: adapters may use what their contract's folder offers to all of them
// (markup, card), which is what holds no adapter.
func allowed(target, place string, list []string) bool {
	shared := map[string]bool{"sources": true, "sources/markup": true, "notifiers": true, "notifiers/card": true}
	if target == place || shared[target] && under(target, place) {
		return true
	}
	return slices.Contains(list, target)
}

// TestPackagesAreDocumented: every package says what it is and what it owns.
func TestPackagesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		documented[dir] = documented[dir] || len(strings.Fields(file.Doc.Text())) > 5
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

func under(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
