package onrecord_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
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
	{"github.com/spf13/pflag", "cmd/onrecord", "the command line is one package"},
	{"code.dny.dev/ssrf", "internal/fetch", "every request to the outside passes one guard"},
	{"onrecord/internal/eval", "cmd", "nothing that runs depends on how it is measured"},
}

// mayImport lists what a package may import of this module, besides its own
// folder; "/..." stands for a folder and all in it. The rule of the innermost
// folder decides. A package under none is free: only those of cmd are meant to be.
var mayImport = []struct {
	place   string
	allowed []string
	why     string
}{
	{".", nil, "the words of the program stand on the standard library alone"},
	{"sources", []string{".", "sources", "sources/markup", "sources/article"}, "an adapter knows its contract and the domain; adapters do not know each other"},
	{"sources/bluesky/blueskytest", []string{"sources", "sources/sourcetest/faults"}, "what stands in for a place shares its switches with the others, and decodes by itself"},
	{"sources/courtlistener/courtlistenertest", []string{"sources/sourcetest/faults"}, "what stands in for a place shares its switches with the others, and decodes by itself"},
	{"sources/hackernews/hackernewstest", []string{"sources/sourcetest/faults"}, "what stands in for a place shares its switches with the others, and decodes by itself"},
	{"sources/mastodon/mastodontest", []string{"sources/sourcetest/faults"}, "what stands in for a place shares its switches with the others, and decodes by itself"},
	{"notifiers", []string{".", "notifiers", "statements/card"}, "an adapter knows its contract, the domain and what a card says; adapters do not know each other"},
	{"notifiers/discord", []string{".", "notifiers", "notifiers/discord/message", "statements/card"}, "the bot sends messages of one form"},
	{"notifiers/discord/discordtest", nil, "what stands in for Discord reads messages by Discord's documents, not with our own eyes"},
	{"notifiers/discord/message", []string{".", "notifiers", "statements/card", "statements/card/timeline"}, "the form of a message knows neither who sends it nor how"},
	{"notifiers/webhook", []string{".", "notifiers", "notifiers/discord/message", "statements/card"}, "a webhook of Discord's takes the messages that a bot sends"},
	{"statements", []string{".", "statements/..."}, "what counts as a statement depends on the domain alone"},
	{"statements/lang", nil, "languages depend on nothing else"},
	{"statements/match", []string{".", "statements/lang"}, "a post is on a case or not, whatever is made of it later"},
	{"statements/novelty", []string{".", "statements/lang"}, "words are new or not, whoever chose them"},
	{"statements/quote", []string{".", "statements/lang"}, "a quotation stands in its source or not, whoever said it"},
	{"statements/press", []string{".", "statements/lang", "statements/quote"}, "whose words are in an article does not depend on what is made of them"},
	{"statements/summary", []string{".", "statements/lang", "statements/quote", "statements/press"}, "a summary is made of the sources' words alone"},
	{"statements/model", []string{".", "statements/lang", "statements/quote", "statements/press", "statements/summary", "statements/model"}, "a model is lent a client and a budget by those who know more"},
	{"statements/outline", []string{".", "statements/lang", "statements/match"}, "a draft is read from a story alone"},
	{"statements/card", []string{"."}, "what a card says is the same wherever it is shown"},
	{"statements/card/timeline", []string{".", "statements/card", "statements/lang"}, "a picture is of what a card says, in letters there are"},
	{"internal/schedule", nil, "when something is due depends on nothing else"},
	{"internal/loopback", nil, "a transport knows no domain"},
	{"internal/fetch", []string{"sources"}, "its errors are those of the contract"},
	{"bot", []string{".", "sources", "sources/markup", "notifiers", "statements/...", "internal/schedule"}, "the loops know contracts, pure packages and how a page is called, never an adapter, the store or the configuration"},
	{"bot/desk", []string{".", "bot", "notifiers", "statements/card", "internal/schedule"}, "what people ask is values of the bot's, given words"},
	{"internal/beside", nil, "what tests find beside the repository, they find without its help"},
	{"internal/store/pgtest", []string{"internal/beside"}, "a server knows no tables"},
	{"internal/store/storetest", []string{"internal/store", "internal/store/pgtest"}, "tests are handed databases that the store itself made"},
	{"internal/store", []string{".", "bot", "sources", "notifiers", "statements/..."}, "the store implements what the loops ask for"},
	{"internal/config", []string{".", "sources", "notifiers", "internal/schedule"}, "the configuration describes, it does not open anything"},
	{"internal/eval", []string{".", "bot", "internal/store", "statements/summary"}, "a replay is the bot's review on a database of its own, and what it is measured by is no part of it"},
	{"internal/web", []string{"bot", "statements/..."}, "a page shows what the bot reports and what a card says"},
}

// impure is what no package under statements may see, but for the language
// model and what tests share: the network, the disk, chance.
var impure = []string{"net", "net/http", "os", "database/sql", "math/rand", "math/rand/v2"}

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
	if slices.Contains(impure, imported) && under(dir, "statements") && !under(dir, "statements/model") {
		t.Errorf("%s imports %s: what counts as a statement is pure; only statements/model reaches the network", path, imported)
	}
	if imported != "onrecord" && !strings.HasPrefix(imported, "onrecord/") {
		return
	}
	target := strings.TrimPrefix(strings.TrimPrefix(imported, "onrecord"), "/")
	if target == "" {
		target = "."
	}
	// The lists of all adapters know them by design.
	if strings.HasSuffix(dir, "/all") || under(target, dir) {
		return
	}
	place, allowed, why := "", []string(nil), ""
	for _, rule := range mayImport {
		if governs(rule.place, dir) && len(rule.place) > len(place) {
			place, allowed, why = rule.place, rule.allowed, rule.why
		}
	}
	if place != "" && !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, target) }) {
		t.Errorf("%s imports %s: %s", path, imported, why)
	}
}

// governs reports whether a rule speaks about a folder.
func governs(place, dir string) bool {
	if place == "." {
		return dir == "."
	}
	return under(dir, place)
}

func covers(allowed, target string) bool {
	folder, all := strings.CutSuffix(allowed, "/...")
	return target == folder || all && under(target, folder)
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

// TestWhatIsAloneStartsNothing: the packages whose own tests run without the race detector, the Makefile's ALONE, start no goroutine.
func TestWhatIsAloneStartsNothing(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(makefile), "\nALONE := $(addprefix onrecord/,")
	list, _, found := strings.Cut(list, ")\n")
	if !found {
		t.Fatal("the Makefile says in no line ALONE which packages these are")
	}
	for folder := range strings.FieldsSeq(list) {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no package: %v", folder, err)
		}
		for _, path := range files {
			positions := token.NewFileSet()
			file, err := parser.ParseFile(positions, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				called, method := n.(*ast.SelectorExpr)
				if _, starts := n.(*ast.GoStmt); starts || method && called.Sel.Name == "Go" {
					t.Errorf("%s: starts a goroutine: take %s out of the Makefile's ALONE", positions.Position(n.Pos()), folder)
				}
				return true
			})
		}
	}
}
