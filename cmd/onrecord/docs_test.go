package main

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onrecord/internal/config"
)

// documents are the texts whose examples must work.
func documents(t *testing.T) (paths []string) {
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 10 {
		t.Fatalf("only %d documents were found", len(paths))
	}
	return paths
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// TestDocumentedConfiguration: every piece of configuration in a document is
// right, alone or put into a case.
func TestDocumentedConfiguration(t *testing.T) {
	t.Parallel()
	set := func(name string) (string, bool) {
		if strings.HasSuffix(name, "TOKEN") {
			return "a.secret.token", true
		}
		return "https://hook.example/1234567890", true
	}
	secret := func(string) ([]byte, error) { return []byte("a-secret-from-a-file"), nil }
	blocks := 0
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
			piece := block[1]
			if strings.HasPrefix(piece, "#") {
				continue // a line for editors
			}
			blocks++
			if !strings.Contains(piece, "cases:\n") {
				piece = strings.Replace(fictional, "    keywords", "    people: [{name: Dana Reyes, role: chief executive of Harbor Labs}]\n    keywords", 1) + piece
			}
			if _, err := config.Parse(path, []byte(piece), kinds(), set, secret); err != nil {
				t.Errorf("%s: %v\n%s", path, err, piece)
			}
		}
	}
	if blocks < 8 {
		t.Errorf("only %d pieces of configuration were found", blocks)
	}
}

// TestDocumentedCommands: what the documents tell people to type is known to
// the program or to make.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	commands := []string{"run", "demo", "init", "add", "check", "preview", "status", "accounts", "coverage", "explain", "latest", "export", "outbox", "review", "accept", "reject", "correct", "retract", "distinct", "backup", "restore", "backfill", "eval", "schema", "health", "version", "completion", "man"}
	typed := regexp.MustCompile("(?m)(?:^    |`)(?:go run \\./cmd/)?(onrecord|make) ([a-z-]+)")
	found := 0
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range typed.FindAllStringSubmatch(string(text), -1) {
			found++
			if m[1] == "onrecord" && !slices.Contains(commands, m[2]) || m[1] == "make" && !strings.Contains(string(makefile), "\n"+m[2]+":") {
				t.Errorf("%s tells people to type %q", path, m[1]+" "+m[2])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d commands were found", found)
	}
}

// TestSamplesAreCompiled: the Go in a page on how to add something stands, byte for
// byte, in the test that the page names before it.
func TestSamplesAreCompiled(t *testing.T) {
	t.Parallel()
	sample := regexp.MustCompile("(?s)\\]\\(\\.\\./([a-z/_]+\\.go)\\)|```go\n(.*?)```")
	pages, err := filepath.Glob("../../docs/adding-*.md")
	if err != nil || len(pages) < 4 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	found := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		source := ""
		for _, m := range sample.FindAllStringSubmatch(string(text), -1) {
			if m[1] != "" {
				data, err := os.ReadFile(filepath.Join("../..", m[1]))
				if err != nil {
					t.Fatalf("%s: %v", page, err)
				}
				source = string(data)
				continue
			}
			found++
			if !strings.Contains(source, m[2]) {
				t.Errorf("%s shows what is not compiled:\n%s", page, m[2])
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d samples were found", found)
	}
}

// TestEveryKindIsDocumented: a place that can be configured is described.
func TestEveryKindIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	k := kinds()
	var names []string
	for _, kind := range k.Sources {
		names = append(names, kind.Name)
	}
	for _, kind := range k.Notifiers {
		names = append(names, kind.Name)
	}
	for _, name := range names {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/configuration.md does not describe %s", name)
		}
	}
}

// TestEveryKeyIsDocumented: a key that a table of places names is one, and every key of
// a place has its line.
func TestEveryKeyIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := config.Schema(kinds())
	if err != nil {
		t.Fatal(err)
	}
	type section struct{ Properties map[string]json.RawMessage }
	type places struct{ Properties map[string]section }
	var schema struct {
		Properties struct {
			Sources, Notifiers places
			Summary            section
		}
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	known := map[string]section{"summary": schema.Properties.Summary}
	for _, of := range []places{schema.Properties.Sources, schema.Properties.Notifiers} {
		maps.Copy(known, of.Properties)
	}
	documented := map[string][]string{}
	row, name, key := regexp.MustCompile(`(?m)^\|([^|]*)\|([^|]*)\|`), regexp.MustCompile("`([a-z]+)`"), regexp.MustCompile("`([a-z_]+)`")
	for title, rest := range map[string]string{"## Sources\n": "", "## Notifiers\n": "", "## Summaries\n": "summary"} {
		_, part, found := strings.Cut(string(page), title)
		if !found {
			t.Fatalf("docs/configuration.md has no %q", title)
		}
		part, _, _ = strings.Cut(part, "\n## ")
		place := rest
		for _, cells := range row.FindAllStringSubmatch(part, -1) {
			keys := cells[2]
			if rest != "" {
				keys = cells[1]
			} else if m := name.FindStringSubmatch(cells[1]); m != nil {
				place = m[1]
			}
			for _, m := range key.FindAllStringSubmatch(keys, -1) {
				documented[place] = append(documented[place], m[1])
				if _, ok := known[place].Properties[m[1]]; !ok {
					t.Errorf("docs/configuration.md has the key %s.%s, which there is not", place, m[1])
				}
			}
		}
	}
	for place, s := range known {
		for k := range s.Properties {
			if !slices.Contains(documented[place], k) && !strings.HasSuffix(k, "_file") {
				t.Errorf("docs/configuration.md does not have %s.%s", place, k)
			}
		}
	}
}

// TestInvariantsAreHeld: the tests that docs/invariants.md names exist.
func TestInvariantsAreHeld(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/invariants.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		tests.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`Test[A-Z]\w+`).FindAllString(string(page), -1)
	for _, name := range named {
		if !strings.Contains(tests.String(), "func "+name+"(") {
			t.Errorf("docs/invariants.md names %s, which does not exist", name)
		}
	}
	if len(named) < 5 {
		t.Errorf("only %d tests are named", len(named))
	}
}

// TestContainersAgree: the image, its health check and both compose files look for the
// configuration in one place, and the unit starts what the image does.
func TestContainersAgree(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	image := read("Dockerfile")
	found := regexp.MustCompile(`ENV ONRECORD_CONFIG=(\S+) PATH=/\n`).FindStringSubmatch(image)
	if found == nil || !strings.Contains(image, `CMD ["/onrecord", "health"]`) || !strings.Contains(image, `CMD ["run"]`) {
		t.Fatalf("the image says\n%s", image)
	}
	for _, name := range []string{"compose.yaml", "compose.scale.yaml"} {
		text := read(name)
		if !strings.Contains(text, "./config.yaml:"+found[1]+":ro\n") || strings.Contains(text, "--config") || !strings.Contains(text, "tmpfs: [/tmp]") {
			t.Errorf("%s does not keep the configuration at %s:\n%s", name, found[1], text)
		}
	}
	if unit := read("contrib/onrecord.service"); !strings.Contains(unit, "ExecStart=/usr/local/bin/onrecord run --config "+found[1]+"\n") || !strings.Contains(unit, "ExecReload=/bin/kill -HUP $MAINPID\n") {
		t.Errorf("the unit says\n%s", unit)
	}
}

// TestNotices: every module that the binary holds is named with its licence.
func TestNotices(t *testing.T) {
	t.Parallel()
	notices, err := os.ReadFile("../../THIRD_PARTY_NOTICES")
	if err != nil {
		t.Fatal(err)
	}
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", ".")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(modules) < 20 {
		t.Fatalf("only %d modules are listed", len(modules))
	}
	for _, m := range modules {
		if !strings.Contains(string(notices), "\n"+m+"\n") {
			t.Errorf("%s is not in THIRD_PARTY_NOTICES; run `make notices`", m)
		}
	}
}
