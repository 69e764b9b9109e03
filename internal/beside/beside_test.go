package beside_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onrecord/internal/beside"
)

// ended is how a test ends that asks for something.
type ended struct {
	testing.TB
	how string
}

func (e *ended) Name() string          { return "TestSomething" }
func (e *ended) Skip(...any)           { e.end("skipped") }
func (e *ended) Fatalf(string, ...any) { e.end("failed") }
func (e *ended) Fatal(...any)          { e.end("failed") }
func (e *ended) end(how string)        { e.how = how; panic(e) }
func (e *ended) ask(f func(testing.TB)) {
	defer func() { _ = recover() }() // how it ended is noted
	e.how = "goes on"
	f(e)
}

// What is named has to be there; what is not is left out, and that is told.
func TestWhatIsNamedIsRequired(t *testing.T) {
	told := filepath.Join(t.TempDir(), "left-out")
	t.Setenv("ONRECORD_LEFT_OUT", told)
	here := t.TempDir()
	for _, c := range []struct{ folder, want string }{{"", "skipped"}, {here, "goes on"}, {filepath.Join(here, "nothing"), "failed"}} {
		t.Setenv("ONRECORD_CORPUS", c.folder)
		e := &ended{TB: t}
		e.ask(func(t testing.TB) { beside.Corpus(t) })
		if e.how != c.want {
			t.Errorf("with the folder %q a test %s, want %s", c.folder, e.how, c.want)
		}
	}
	t.Setenv("ONRECORD_SPECS", here)
	e := &ended{TB: t}
	if e.ask(func(t testing.TB) { beside.Specification(t, "discord-openapi.json") }); e.how != "failed" {
		t.Errorf("without the file a test %s", e.how)
	}
	lines, err := os.ReadFile(told)
	if err != nil || strings.Count(string(lines), "\n") != 1 || !strings.HasPrefix(string(lines), "beside, TestSomething: ") {
		t.Errorf("told %q, %v", lines, err)
	}
}
