package config_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"onrecord"
	"onrecord/internal/config"
	"onrecord/notifiers"
	"onrecord/sources"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// parse reads a configuration with variables and secret files from maps.
func parse(text string, env, files map[string]string) (*config.Config, error) {
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	read := func(path string) ([]byte, error) {
		content, ok := files[path]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(content), nil
	}
	return config.Parse("config.yaml", []byte(text), kinds(), lookup, read)
}

// TestGolden shows what an operator sees: the mistakes, or the warnings.
func TestGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			env, files := map[string]string{}, map[string]string{}
			var text, want string
			for _, f := range archive.Files {
				switch f.Name {
				case "config.yaml":
					text = string(f.Data)
				case "want":
					want = string(f.Data)
				case "env":
					for line := range strings.Lines(string(f.Data)) {
						name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
						env[name] = value
					}
				default:
					files[f.Name] = string(f.Data)
				}
			}
			got := "no mistakes\n"
			cfg, err := parse(text, env, files)
			switch {
			case err != nil:
				got = err.Error() + "\n"
			case len(cfg.Warnings) > 0:
				got += "but: " + cfg.Warnings.Error() + "\n"
			}
			if *update {
				for i := range archive.Files {
					if archive.Files[i].Name == "want" {
						archive.Files[i].Data = []byte(got)
					}
				}
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("run with -update if this is meant:\n%s", diff)
			}
		})
	}
}

func TestTenMistakes(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/ten.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, err = parse(string(archive.Files[0].Data), nil, nil)
	var problems config.Problems
	if !errors.As(err, &problems) || len(problems) != 10 {
		t.Fatalf("%d problems, want 10:\n%v", len(problems), err)
	}
}

// least is the smallest configuration.
const least = `cases: [{id: nh, title: Northwind Data v. Harbor Labs, parties: [{name: Harbor Labs, aliases: [Harbor]}]}]
accounts: [{source: x, handle: harborlabs, speaker: harbor}]
`

func TestPings(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/ping.txtar")
	if err != nil {
		t.Fatal(err)
	}
	good, _, _ := strings.Cut(string(archive.Files[0].Data), "  - id: bad")
	cfg, err := parse(good, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	list := cfg.Channels[0].Pings
	if len(list) != 2 || list[0].Cooldown != time.Hour || list[0].Quiet.String() != "22:00-07:00 Europe/Berlin" || list[1].Speaker != "Harbor Labs" || list[1].Cooldown != 30*time.Minute {
		t.Errorf("read as %+v", list)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	cfg, err := parse(least, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Config{
		Path: "config.yaml", Database: "onrecord.db",
		Cases:     []onrecord.Case{{ID: "nh", Title: "Northwind Data v. Harbor Labs", Parties: []onrecord.Person{{Name: "Harbor Labs", Aliases: []string{"Harbor"}}}}},
		Accounts:  []onrecord.Account{{ID: "x:harborlabs", Source: "x", Handle: "harborlabs", Speaker: "Harbor Labs", Cases: []string{"nh"}, Schedule: "@every 2m"}},
		Schedules: cfg.Schedules,
		Sources: map[string]sources.Config{
			"x":    &xConfig{BaseURL: "https://api.x.example", DailyBudgetUSD: 2, Pages: 5, Wait: 3 * time.Second},
			"feed": &feedConfig{},
		},
		Notifiers: map[string]notifiers.Config{"discord": &discordConfig{APIURL: "https://discord.example/api"}, "console": &consoleConfig{}, "webhook": &hookConfig{}},
		Summary:   config.Summary{Provider: "extract", DailyBudgetUSD: 1, Timeout: 8 * time.Second, Read: config.All},
		Web:       config.Web{Listen: "127.0.0.1:8080"},
	}
	if diff := cmp.Diff(want, cfg, cmpopts.IgnoreUnexported(config.Config{}), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Schedules" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	if got := cfg.Schedules["x:harborlabs"].Every(); got != 2*time.Minute || len(cfg.Schedules) != 1 {
		t.Errorf("schedules: %v, want x:harborlabs every 2m", cfg.Schedules)
	}
}

const whole = `# every field
database: data/record.db
contact: desk@newsroom.example
cases:
  - id: northwind-v-harbor
    title: Northwind Data v. Harbor Labs
    court: Superior Court
    docket: ["1:25-cv-1", 25-2, 77]
    url: https://court.example/77
    judge: Hon. A. Example
    filed: 2025-09-03
    parties:
      - &northwind {name: Northwind Data, role: plaintiff, aliases: [Northwind, "@northwinddata"]}
      - {name: Harbor Labs, role: defendant, aliases: [Harbor]}
    people: [{name: Dana Reyes, role: counsel}]
    keywords: &words [trade secrets, yes, 1.5]
    exclude: [harbor cruise]
    events:
      - {date: 2025-09-03T10:00:00Z, what: complaint filed}
  - id: other
    title: Another
    parties: [*northwind]
    keywords: *words
accounts:
  - {source: x, handle: "@HarborLabs", speaker: HARBOR, schedule: "@every 5m", backfill: 24h}
  - source: feed
    url: https://Northwind.example/news/feed.xml?token=t0psecret
    speaker: "@northwinddata"
    schedule: "CRON_TZ=Europe/Berlin */15 9-17 * * *"
    cases: [other]
  - {source: feed, url: "https://northwind.example/", speaker: Northwind Data}
channels:
  - {id: newsroom, notifier: discord, channel: 1200000000000000000, cases: [northwind-v-harbor], review: "1200000000000000001"}
  - {id: hook, notifier: webhook, url: "https://hooks.example/T0/B0/c0ffee"}
  - {id: terminal, notifier: console, review: on}
sources:
  x:
    bearer_token: ${X_TOKEN}
    base_url: "https://${X_HOST:-api.x.example}/v$$2"
    daily_budget_usd: "${BUDGET}"
    reposts: true
    pages: ${PAGES:-7}
    wait: 1m30s
    hosts: [a.example, "${X_HOST:-b.example}"]
    since: 2025-01-02
    limits: {posts: 12}
  feed:
    allow_private: ${PRIVATE}
notifiers:
  discord: {token_file: secrets/discord, api_url: "${NOT_SET:-}"}
  webhook: {signing_secret: hush-hush}
summary: {provider: openai, model: small, api_key_file: secrets/model, base_url: "http://localhost:11434/v1", daily_budget_usd: 0.5, timeout: 20s, read: likely, translate_to: en}
web: {listen: off}
`

func TestEveryField(t *testing.T) {
	t.Parallel()
	env := map[string]string{"X_TOKEN": "AAAA: {b}", "BUDGET": "1.5", "PRIVATE": "TRUE"}
	cfg, err := parse(whole, env, map[string]string{"secrets/discord": "d1sc0rd\r\n", "secrets/model": "m0del-key\n"})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2025, 9, 3, 0, 0, 0, 0, time.UTC)
	northwind := onrecord.Person{Name: "Northwind Data", Role: "plaintiff", Aliases: []string{"Northwind", "@northwinddata"}}
	words := []string{"trade secrets", "yes", "1.5"}
	want := &config.Config{
		Path: "config.yaml", Database: "data/record.db", Contact: "mailto:desk@newsroom.example",
		Cases: []onrecord.Case{
			{
				ID: "northwind-v-harbor", Title: "Northwind Data v. Harbor Labs", Court: "Superior Court", Docket: []string{"1:25-cv-1", "25-2", "77"},
				URL: "https://court.example/77", Judge: "Hon. A. Example", Filed: day,
				Parties:  []onrecord.Person{northwind, {Name: "Harbor Labs", Role: "defendant", Aliases: []string{"Harbor"}}},
				People:   []onrecord.Person{{Name: "Dana Reyes", Role: "counsel"}},
				Keywords: words, Exclude: []string{"harbor cruise"}, Events: []onrecord.Event{{Date: day.Add(10 * time.Hour), What: "complaint filed"}},
			},
			{ID: "other", Title: "Another", Parties: []onrecord.Person{northwind}, Keywords: words},
		},
		Accounts: []onrecord.Account{
			{ID: "x:harborlabs", Source: "x", Handle: "HarborLabs", Speaker: "Harbor Labs", Cases: []string{"northwind-v-harbor"}, Schedule: "@every 5m", Backfill: 24 * time.Hour},
			{
				ID: "feed:northwind.example/news/feed.xml#60459781", Source: "feed", URL: "https://Northwind.example/news/feed.xml?token=t0psecret", Speaker: "Northwind Data",
				Cases: []string{"other"}, Schedule: "CRON_TZ=Europe/Berlin */15 9-17 * * *",
			},
			{ID: "feed:northwind.example", Source: "feed", URL: "https://northwind.example/", Speaker: "Northwind Data", Cases: []string{"northwind-v-harbor", "other"}, Schedule: "@every 10m"},
		},
		Schedules: cfg.Schedules,
		Channels: []config.Channel{
			{ID: "newsroom", Notifier: "discord", Address: "1200000000000000000", Review: "1200000000000000001", Cases: []string{"northwind-v-harbor"}},
			{ID: "hook", Notifier: "webhook", Address: "https://hooks.example/T0/B0/c0ffee", Cases: []string{"northwind-v-harbor", "other"}},
			{ID: "terminal", Notifier: "console", Review: "on", Cases: []string{"northwind-v-harbor", "other"}},
		},
		Sources: map[string]sources.Config{
			"x": &xConfig{
				BearerToken: "AAAA: {b}", BaseURL: "https://api.x.example/v$2", DailyBudgetUSD: 1.5, Reposts: true, Pages: 7, Wait: 90 * time.Second,
				Hosts: []string{"a.example", "b.example"}, Since: time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC), Limits: struct {
					Posts int `yaml:"posts"`
				}{12},
			},
			"feed": &feedConfig{AllowPrivate: true},
		},
		Notifiers: map[string]notifiers.Config{
			"discord": &discordConfig{Token: "d1sc0rd", APIURL: "https://discord.example/api"}, "console": &consoleConfig{}, "webhook": &hookConfig{SigningSecret: "hush-hush"},
		},
		Summary: config.Summary{
			Provider: "openai", Model: "small", APIKey: "m0del-key", BaseURL: "http://localhost:11434/v1", DailyBudgetUSD: .5, Timeout: 20 * time.Second, Read: "likely", TranslateTo: "en",
		},
		Secrets: []string{"AAAA: {b}", "d1sc0rd", "hush-hush", "m0del-key", "t0psecret", "token=t0psecret", "https://hooks.example/T0/B0/c0ffee", "/T0/B0/c0ffee"},
	}
	if diff := cmp.Diff(want, cfg, cmpopts.IgnoreUnexported(config.Config{}), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Schedules" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	for _, a := range cfg.Accounts {
		if got := cfg.Schedules[a.ID].String(); got != a.Schedule {
			t.Errorf("schedule of %s is %q, want %q", a.ID, got, a.Schedule)
		}
	}
}

// TestModelAddress: a provider's own address is the default, and only what is
// somebody else's does without a key.
func TestModelAddress(t *testing.T) {
	t.Parallel()
	for summary, want := range map[string]string{
		"{provider: anthropic, model: m, api_key: k}":                       "anthropic https://api.anthropic.com",
		"{provider: openai, model: m, api_key: k}":                          "openai https://api.openai.com/v1",
		"{provider: openai, model: m, base_url: http://localhost:11434/v1}": "openai http://localhost:11434/v1",
		"{provider: openai, model: m}":                                      "extract https://api.openai.com/v1",
		"{provider: anthropic, model: m, base_url: http://localhost:8000}":  "extract http://localhost:8000",
	} {
		cfg, err := parse(least+"summary: "+summary+"\n", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Summary.Provider + " " + cfg.Summary.BaseURL; got != want {
			t.Errorf("%s: %s, want %s", summary, got, want)
		}
		if told := strings.Contains(cfg.Warnings.Error(), "needs api_key"); told != strings.HasPrefix(want, "extract") {
			t.Errorf("%s: warnings %v", summary, cfg.Warnings)
		}
	}
}

func TestOddBytes(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"byte order mark":   "\ufeff" + least,
		"Windows":           strings.ReplaceAll(least, "\n", "\r\n"),
		"document start":    "---\n" + least,
		"no last line end":  strings.TrimSpace(least),
		"comments at start": "# a\n\n" + least,
	} {
		if _, err := parse(text, nil, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is not YAML has one mistake, placed where the file breaks off.
func TestNotYAML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "1:1: is empty; `onrecord init`"},
		{"comments alone", "# nothing\n", "1:1: is empty"},
		{"null", "---\n", "1:1: is empty"},
		{"a list", "- a\n", "1:1: must be a section"},
		{"a word", "cases\n", "1:1: must be a section"},
		{"two documents", least + "---\n" + least, "1:1: holds several documents"},
		{"tab", "cases:\n\t- id: nh\n", "2:1: has a tab here"},
		{"UTF-16", "\xff\xfec\x00a\x00", "1:1: is no readable text"},
		{"Latin-1", "database: d\xe9p\xf4t.db\n", "1:12: is no readable text"},
		{"control character", "cases: []\ndatabase: a\x00b\n", "2:12: is no readable text"},
		{"unquoted descriptor", "schedule: @every 2m\n", `1:11: is not YAML from here on: a value that begins with @`},
		{"unquoted cron", "a: 1\nschedule: */5 * * * *\n", `stands in quotes, as in "@every 2m" or "*/10 * * * *"`},
		{"unquoted variable", "x: {bearer_token: ${X}}\n", `1:20: is not YAML from here on: between braces or brackets a variable stands in quotes`},
		{"unquoted star", "accounts:\n  - {source: feed, speaker: *}\n", `2:30: is not YAML from here on: a value that begins with @, %, *`},
		{"colon in a text", "cases:\n  - title: Northwind: the case\n", "2:21: is not YAML from here on: a text that holds a colon stands in quotes"},
		{"no blank behind a colon", "cases:\n  - id: nh\n    title:Northwind\n", "3:11: has a colon without a blank behind it"},
		{"indented too far", "cases:\n  - id: nh\n     title: x\n", "begins in column 6; the sections and lists that are open above begin in column 1, 3, 5."},
		{"indented too little", "cases:\n  - id: nh\n    title: x\n   court: y\n", "4:4: begins in column 4; the sections and lists that are open above begin in column 1, 3, 5."},
		{"dashes in two columns", "cases:\n- id: nh\n  - id: b\n", "3:3: begins in column 3; "},
		{"a dash as a text", "cases:\n  - title: - x\n", "2:12: is not YAML from here on: a text that begins with a dash stands in quotes"},
		{"no comma", "cases:\n  - {id: nh title: b}\n", "a comma stands between two values"},
		{"open quotation", "cases:\n  - title: \"abc\n", "a quotation mark that opens is never closed"},
		{"spaces of a web page", "cases:\n\u00a0\u00a0- id: nh\n", "2:1: has a space here that is none to YAML"},
		{"open list", "a: [1,\n\nb: 2\n", "begins in line 1"},
		{"unknown alias", "cases: *all\n", "unknown anchor"},
		{"too large", "# " + strings.Repeat("x", 1<<20) + "\n", "1:1: is larger than 1024 KiB"},
		{"deep", "a: " + strings.Repeat("[", 20000), "max depth"},
	} {
		_, err := parse(c.text, nil, nil)
		var problems config.Problems
		if !errors.As(err, &problems) || len(problems) != 1 || !strings.Contains(problems[0].String(), c.want) {
			t.Errorf("%s: %.300v\nwant one mistake with %q", c.name, err, c.want)
		}
	}
}

// Quotation marks of a word processor are a part of the value to YAML, and blamed for themselves.
func TestCurlyQuotationMarks(t *testing.T) {
	t.Parallel()
	_, err := parse(strings.Replace(least, "title: ", "title: “", 1)+"\n", nil, nil)
	if err != nil {
		t.Errorf("one mark: %v", err) // who writes a title with one, means it
	}
	_, err = parse(least+"contact: “mailto:desk@newsroom.example”\n", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "contact: stands in curly quotation marks") {
		t.Errorf("%v", err)
	}
	_, err = parse(least+"contact: \"“mailto:desk@newsroom.example”\"\n", nil, nil)
	if err == nil || strings.Contains(err.Error(), "curly") {
		t.Errorf("within straight ones: %v", err)
	}
}

// A contact is an address that somebody can write to.
func TestContact(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"desk@newsroom.example": "mailto:desk@newsroom.example", "mailto:desk@newsroom.example": "mailto:desk@newsroom.example",
		"https://newsroom.example/about": "https://newsroom.example/about",
		"newsroom":                       "", "https://": "", "https://me:hunter2@newsroom.example": "", "mailto:": "", "tel:5550100": "", "https://newsroom.example/(a)": "",
	} {
		c, err := parse(least+fmt.Sprintf("contact: %q\n", given), nil, nil)
		if want == "" && (err == nil || !strings.Contains(err.Error(), "contact: must be ")) || want != "" && (err != nil || c.Contact != want) {
			t.Errorf("%q is read as %+v, %v", given, c, err)
		}
	}
}

// Aliases let a small file stand for a huge one; the walk ends anyway.
func TestAliasBomb(t *testing.T) {
	t.Parallel()
	words := "&words [" + strings.TrimSuffix(strings.Repeat("w,", 2000), ",") + "]"
	people := "&people [" + strings.Repeat("{name: Harbor, aliases: "+words+"},", 1) + strings.Repeat("{name: a, aliases: *words},", 500) + "]"
	text := "cases:\n" + "- {id: a, title: A, parties: " + people + "}\n" + strings.Repeat("- {id: b, title: B, parties: *people}\n", 5000)
	_, err := parse(text, nil, nil)
	var problems config.Problems
	if !errors.As(err, &problems) || !strings.Contains(problems.Error(), "aliases (*name) included, the file holds more than 100000 values") {
		t.Fatalf("the bomb is not seen: %.300v", err)
	}
	if _, err := parse("cases: &a [*a]\n", nil, nil); err == nil {
		t.Error("a list that holds itself is accepted")
	}
}

func TestManyMistakesAreCut(t *testing.T) {
	t.Parallel()
	_, err := parse(least+strings.Repeat("junk: 1\n", 500), nil, nil)
	var problems config.Problems
	if !errors.As(err, &problems) || len(problems) != 101 || !strings.Contains(problems[100].Message, "400 more are not shown") {
		t.Errorf("%d problems, the last %v", len(problems), problems[len(problems)-1])
	}
}

// Whatever is wrong around a secret, the secret is not shown.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`sources: {x: {bearer_token: "%s", base_ur: nothing}}`,
		`sources: {x: {bearer_tokne: "%s"}}`,
		`sources: {x: {bearer_token: %s, reposts: maybe}}`,
		`sources: {x: {bearer_token: [%s]}}`,
		"sources:\n  x:\n    bearer_token: \"ab\\\"%s\" # twice\n    bearer_token: '%[1]s'",
		`notifiers: {webhook: {signing_secret: "%s" "`,
		`accounts: [{source: fed, url: "https://harbor.example/f.xml?key=%s", speaker: Harbor}]`,
		`accounts: [{source: feed, url: "https://me:%s@harbor.example/f.xml", speker: Harbor}]`,
		`accounts: [{source: feed, url: "https://harbor.example:port/%s", speaker: Harbor}]`,
		`channels: [{id: hook, notifer: webhook, url: "https://hooks.example/%s"}]`,
		`channels: [{id: a b, notifier: webhook, review: "https://hooks.example/%s"}]`,
		`sources: {x: {bearer_token: "${X:-%s}", base_ur: nothing}}`,
		`sources: {x: {bearer_token: "$${%s"}, y: 1}`,
		`web: {password: {a: [%s]}}`,
	} {
		const secret = "Wh1sper0x7f"
		_, err := parse(fmt.Sprintf(text, secret)+"\n", nil, nil)
		if err == nil {
			t.Errorf("no mistake in %s", text)
			continue
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the secret is shown for %s:\n%v", text, err)
		}
	}
}

func TestExcerptOfALongLine(t *testing.T) {
	t.Parallel()
	_, err := parse("database: "+strings.Repeat("x", 10)+"\nweb: {listen: \"127.0.0.1:8080\", "+strings.Repeat(" ", 300)+"lisen: é}\n"+least, nil, nil)
	var problems config.Problems
	if !errors.As(err, &problems) || len(problems) != 1 {
		t.Fatal(err)
	}
	lines := strings.Split(problems[0].Excerpt, "\n")
	if len(lines) != 2 || len(lines[0]) > 170 || strings.Index(lines[0], "lisen") != strings.Index(lines[1], "^") {
		t.Errorf("excerpt:\n%s", problems[0].Excerpt)
	}
}

func TestSecretFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", "AAAA\n")
	write("empty", "\n")
	write("large", strings.Repeat("x", 1<<17))
	load := func(section string) (*config.Config, error) {
		write("config.yaml", least+"sources: {x: {"+section+"}}\n")
		return config.Load(filepath.Join(dir, "config.yaml"), kinds())
	}
	for _, path := range []string{"token", filepath.Join(dir, "token")} {
		cfg, err := load("bearer_token_file: " + path)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Sources["x"].(*xConfig).BearerToken; got != "AAAA" {
			t.Errorf("token from %s is %q", path, got)
		}
	}
	for section, want := range map[string]string{
		"bearer_token_file: missing":                    "sources.x.bearer_token_file: cannot be read: open " + filepath.Join(dir, "missing"),
		"bearer_token_file: empty":                      "which is empty",
		"bearer_token_file: large":                      "too large to hold a secret",
		"bearer_token_file: [a]":                        "must be a single value",
		"bearer_token: A, bearer_token_file: token":     "keep either bearer_token or bearer_token_file",
		"bearer_token_file: token, bearer_token: A":     "keep either bearer_token or bearer_token_file",
		"base_url_file: token":                          "sources.x.base_url_file: is not known here",
		"bearer_token_file: \"${CONFIG_TEST_NOT_SET}\"": "CONFIG_TEST_NOT_SET, which is not set",
	} {
		if _, err := load(section); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %q", section, err, want)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := config.Load(filepath.Join(dir, "none.yaml"), kinds()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
	path := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(path, []byte("# "+strings.Repeat("x", 2<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	var problems config.Problems
	if _, err := config.Load(path, kinds()); !errors.As(err, &problems) || problems[0].File != path {
		t.Errorf("a large file gives %.200v", err)
	}
}

func TestKindsWithOneName(t *testing.T) {
	t.Parallel()
	twice := kinds()
	twice.Sources = append(twice.Sources, twice.Sources[0])
	_, err := config.Parse("config.yaml", []byte(least), twice, os.LookupEnv, os.ReadFile)
	if err == nil || !strings.Contains(err.Error(), `two source kinds are named "x"`) {
		t.Errorf("got %v", err)
	}
	twice = kinds()
	twice.Notifiers = append(twice.Notifiers, twice.Notifiers[0])
	if _, err = config.Schema(twice); err == nil || !strings.Contains(err.Error(), `two notifier kinds are named "discord"`) {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(least)
	f.Add(whole)
	f.Add("cases: &a [*a]\naccounts: *a\n")
	f.Add("a: ${X}\n<<: {b: c}\n? [x]\n: y\n")
	f.Add("sources: {x: {bearer_token: '${', pages: 1e9, wait: -1s, since: 2025-13-01, hosts: [~, '']}}\nnotifiers: null\n")
	f.Add("\ufeffcases:\r\n- id: \"\\0\"\r\n  parties: [{name: Ä, aliases: [ä, \"\"]}]\r\n")
	if archive, err := txtar.ParseFile("testdata/ten.txtar"); err == nil {
		f.Add(string(archive.Files[0].Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := parse(text, map[string]string{"X": "${X}", "Y": "\n"}, map[string]string{"token": "t"})
		if err == nil {
			for _, a := range cfg.Accounts {
				if a.ID == "" || a.Speaker == "" || len(a.Cases) == 0 || cfg.Schedules[a.ID].Every() < time.Second {
					t.Fatalf("accepted an account that cannot run: %+v", a)
				}
			}
			for _, c := range cfg.Channels {
				if c.ID == "" || len(c.Cases) == 0 {
					t.Fatalf("accepted a channel that shows nothing: %+v", c)
				}
			}
			return
		}
		var problems config.Problems
		if !errors.As(err, &problems) || len(problems) == 0 || len(problems) > 101 {
			t.Fatalf("%d problems: %v", len(problems), err)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Message == "" || strings.Contains(p.Message, "no way to read") {
				t.Fatalf("a problem that helps nobody: %+v", p)
			}
		}
	})
}

// The password in a database's address is a secret like any other.
func TestPostgresAddress(t *testing.T) {
	t.Parallel()
	const rest = "\ncases: [{id: nh, title: Northwind v. Harbor, parties: [{name: Harbor Labs}]}]\n"
	env := map[string]string{"URL": "postgres://bot:hunter2@db.example/record?password=hunter3"}
	cfg, err := parse(`database: "${URL}"`+rest, env, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(cfg.Secrets, "hunter2") || !slices.Contains(cfg.Secrets, "hunter3") {
		t.Errorf("secrets %q lack the password", cfg.Secrets)
	}
	for _, address := range []string{"postgres://bot:hunter2@db.example", "postgres://bot:%zz@db.example/record", "redis://db.example/1", ":memory:", "file:record.db?mode=memory"} {
		_, err := parse(fmt.Sprintf("database: %q", address)+rest, nil, nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
