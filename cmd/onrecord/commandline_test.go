package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

// Whoever mistypes is told what is wrong and what would be right.
func TestMistypedCommandLines(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"latst":                                 `unexpected argument latst; did you mean "latest"?`,
		"help latst":                            `unexpected argument latst; did you mean "latest"?`,
		"latest S-0042":                         "unexpected argument S-0042",
		"latest --lmit 4":                       `unknown option --lmit; did you mean "--limit"?`,
		"version -n":                            "unknown option -n; there are: --help, --json",
		"latest --limit":                        "--limit=N needs a value. How many.",
		"latest --limit many":                   `--limit=N must be a whole number, not "many"`,
		"latest --all=maybe":                    `--all must be true or false, not "maybe"`,
		"latest --kind newest":                  `--kind=KIND must be one of new,adds,changed,repeats,edited,deleted,gone, not "newest"`,
		"latest --since soon":                   "--since=PERIOD must be a duration such as",
		"latest --since -3d":                    "--since=PERIOD says how far back; write 3d",
		"completion tcsh":                       `<shell> must be one of bash,zsh,fish, not "tcsh"`,
		"explain":                               "<what> is missing. A text, the address of a post, or a statement's number.",
		"outbox resned S-0042":                  `unexpected argument resned; did you mean "resend"?`,
		"outbox resend S-0042":                  "--channel=ID is missing. The channel's id.",
		"eval --posts a --answers b --record c": "--answers and --record exclude each other",
		"eval --posts a --feedback --record c":  "leave out --record and --decisions",
		"latest --limit -3 --config missing":    "there is no configuration missing",
	} {
		var out, errout bytes.Buffer
		code := execute(&terminal{ctx: t.Context(), out: &out, errout: &errout}, strings.Fields(typed))
		if code != wrong || !strings.Contains(errout.String(), want) || out.Len() > 0 {
			t.Errorf("onrecord %s: code %d, %q, %q; want %d and %q", typed, code, errout.String(), out.String(), wrong, want)
		}
	}
}

// Options and arguments stand in any order, and what is not typed is as the environment
// or the default says.
func TestTypedCommandLines(t *testing.T) {
	parsed := func(typed string) any {
		t.Helper()
		c, rest := chosen(strings.Fields(typed))
		if help, err := c.parse(rest); help || err != nil {
			t.Fatalf("%s: %t, %v", typed, help, err)
		}
		return c.does
	}
	if got := *parsed("outbox resend --channel=a S-0042 -cother.yaml").(*outboxResend); got.Channel != "a" || got.Statement != "S-0042" || got.Config != "other.yaml" {
		t.Errorf("outbox resend is %+v", got)
	}
	if got := *parsed("outbox --json").(*outboxList); !got.JSON || got.Config != defaultConfig {
		t.Errorf("outbox is %+v", got)
	}
	if got := *parsed("latest -n 3 --since 7d --all=false").(*latestCommand); got.Limit != 3 || got.Since != period(7*24*time.Hour) || got.All {
		t.Errorf("latest is %+v", got)
	}
	if got := *parsed("explain -- --json").(*explainCommand); got.What != "--json" || got.JSON {
		t.Errorf("explain is %+v", got)
	}
	if got := *parsed("eval --posts a,b --posts c").(*evalCommand); !slices.Equal(got.Posts, []string{"a,b", "c"}) || !slices.Equal(got.Config, []string{defaultConfig}) {
		t.Errorf("eval is %+v", got)
	}
	t.Setenv("ONRECORD_CONFIG", "elsewhere.yaml")
	if got := parsed("init").(*initCommand).Path; got != defaultConfig {
		t.Errorf("init writes %s", got)
	}
	if got := parsed("run").(*runCommand).Config; got != "elsewhere.yaml" {
		t.Errorf("run reads %s", got)
	}
	if got := parsed("run --config here.yaml").(*runCommand).Config; got != "here.yaml" {
		t.Errorf("run reads %s", got)
	}
}

// Every command says what it, its arguments and its options are for, within the width of the terminal.
func TestEveryCommandIsDescribed(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		var said bytes.Buffer
		if code := execute(&terminal{ctx: t.Context(), out: &said, errout: &said}, append(strings.Fields(c.name), "--help")); code != good {
			t.Errorf("%s --help: %d, %s", c.name, code, said.String())
		}
		for _, v := range c.values() {
			if v.tag.Get("help") == "" || !strings.Contains(said.String(), v.listed()+"   ") {
				t.Errorf("%s does not say what %s is for:\n%s", c.name, v.shown(), said.String())
			}
			if text := v.tag.Get("default"); text != "" && v.Set(text) != nil {
				t.Errorf("%s: %s cannot be %s", c.name, v.shown(), text)
			}
		}
		for line := range strings.Lines(said.String()) {
			if len(line) > 81 && !strings.Contains(line, "Usage") {
				t.Errorf("%s --help is wider than a terminal: %s", c.name, line)
			}
		}
	}
}
