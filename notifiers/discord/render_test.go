package discord_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"onrecord"
	"onrecord/internal/beside"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

var update = flag.Bool("update", false, "rewrite the golden bodies")

func TestBodies(t *testing.T) {
	t.Parallel()
	w := world(t)
	for name, n := range notices() {
		t.Run(name, func(t *testing.T) {
			m, kept := render(t, w, n), strings.ReplaceAll(name, " ", "_")
			for _, f := range m.Files {
				golden(t, filepath.Join("testdata", kept+filepath.Ext(f.Name)), f.Data)
				golden(t, filepath.Join("testdata", kept+".txt"), []byte(f.Alt+"\n"))
			}
			goldenBody(t, kept, m.Body)
		})
	}
}

// goldenBody compares a body to what is kept of it, and shows the difference.
func goldenBody(t *testing.T, name string, body []byte) {
	t.Helper()
	file, got := filepath.Join("testdata", name+".json"), indented(t, body)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the body changed; if that is meant, run with -update (-want +got):\n%s", diff)
	}
}

// golden compares what goes with a body to what is kept of it.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || !bytes.Equal(want, got) {
		t.Errorf("%s is not what is sent; if that is meant, run with -update, and look at it (%v)", file, err)
	}
}

func render(t testing.TB, w bench, n onrecord.Notice) notifiers.Message {
	t.Helper()
	m, err := w.notifier.Render(n)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func indented(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

func TestBodiesKeepLimits(t *testing.T) {
	t.Parallel()
	w := world(t)
	for name, n := range notices() {
		checkBody(t, name, n, render(t, w, n).Body)
	}
}

// checkBody holds for every body, whatever it shows.
func checkBody(t *testing.T, name string, n onrecord.Notice, raw []byte) {
	t.Helper()
	p, err := message.PayloadOf(notifiers.Message{Body: raw}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	b, found := discordtest.Check(p.Bytes)
	for _, v := range found {
		t.Errorf("%s: Discord would refuse the body: %v", name, v)
	}
	if b.AllowedMentions == nil || len(b.AllowedMentions.Parse)+len(b.AllowedMentions.Roles)+len(b.AllowedMentions.Users) > 0 {
		t.Errorf("%s: the message may notify somebody: %s", name, raw)
	}
	if edit := n.Kind() == onrecord.AlsoSaid; edit != (b.Content == "") {
		t.Errorf("%s: content %q: an edit leaves it alone and a message never does", name, b.Content)
	}
	if g, ok := n.(onrecord.GapNotice); ok && !strings.HasSuffix(b.Content, card.Sep+g.Gap.Number()) {
		t.Errorf("%s: Find could not tell the line from others: %q", name, b.Content)
	}
	s, _ := n.(onrecord.StatementNotice)
	c, answers := n.(onrecord.CorrectionNotice)
	if answers && !strings.HasSuffix(b.Content, card.Sep+fmt.Sprintf("%s, correction %d", c.Statement.Number(), c.Correction.No)) {
		t.Errorf("%s: Find could not tell the line from others: %q", name, b.Content)
	}
	if silent, want := b.Flags&message.SuppressNotifications != 0, n.Kind() == onrecord.Whole || n.Kind() == onrecord.DigestDue || s.Gap != nil || answers && c.Correction.Speaker == "" && !c.Correction.Withdrawn; silent != want {
		t.Errorf("%s: silent %v, want %v: only a backlog is, a note, and what stands below another", name, silent, want)
	}
	if strings.Contains(b.Content, "@everyone") || strings.Contains(b.Content, "<@") {
		t.Errorf("%s: the content mentions somebody: %q", name, b.Content)
	}
	for _, e := range b.Embeds {
		texts := []string{e.Title, e.Description}
		for _, f := range e.Fields {
			texts = append(texts, f.Value)
		}
		for _, text := range texts {
			if m := foreign(text); m != "" {
				t.Errorf("%s: %q has a meaning that is not ours in\n%s", name, m, text)
			}
		}
	}
}

// ours is the Markdown that cards use. What is left after it may only be text.
var ours = []*regexp.Regexp{
	regexp.MustCompile(`\[(post|source|docket|S-[0-9]+|[a-z0-9.-]+)\]\(https?://[^\s()<>\[\]]+\)`),
	regexp.MustCompile(`<t:-?\d+:[fRT]>`),
	regexp.MustCompile("`sha256 [0-9a-f]{4}…[0-9a-f]{4}`"),
	regexp.MustCompile(`\*\*[^*\\]+\*\*( —|\n|$| )`),
	regexp.MustCompile(`(?m)^> `),
	regexp.MustCompile(`(?m)^-# .*$`),
	regexp.MustCompile(`~~(?:[^~\\\n]|\\.)+~~`), // of what an author changed
	regexp.MustCompile(`\*\*(?:[^*\\\n]|\\.)+\*\*(?:[ .,]|\n|$)`),
}

var (
	escapes    = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]`)
	emphasis   = regexp.MustCompile(`\*[^*\n]+\*`)
	meaningful = regexp.MustCompile("[*_~`|<\\[\\]]|(?m)^ *(#|-|\\+|>|\\d+\\.)|https?:|@everyone|@here")
)

// foreign returns what Discord would take for more than text and is not ours.
func foreign(markdown string) string {
	for _, re := range ours {
		markdown = re.ReplaceAllString(markdown, "")
	}
	markdown = escapes.ReplaceAllString(markdown, "x")
	return meaningful.FindString(emphasis.ReplaceAllString(markdown, ""))
}

func TestForeignSees(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"**bold**x", "a https://evil.example", "# x", "<@1>", "[a](b)", "||x||", "12. x", "- x", "`x`", "@everyone"} {
		if foreign(text) == "" {
			t.Errorf("%q passes: the tests that use this prove nothing", text)
		}
	}
	if m := foreign(`> \# x\n\*\*a\*\* 1\. https\://x`); m != "" {
		t.Errorf("escaped text is taken for %q", m)
	}
}

// What a reader sees of a quotation is what was said.
func TestQuotationIsVerbatim(t *testing.T) {
	t.Parallel()
	w := world(t)
	for _, text := range []string{
		"Today we filed suit.", attack, long, "1. One\n2. Two\n\n3) Three", `C:\temp\_x_ ¯\_(ツ)_/¯`, "a <b> & c @everyone #1", "👩‍👩‍👧‍👦 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f é e\u0301",
	} {
		b, found := discordtest.Check(render(t, w, suit(func(s *onrecord.Statement) { s.Parts[0].Text = text })).Body)
		if len(found) > 0 {
			t.Fatal(found)
		}
		if got, want := quoted(b.Embeds[0].Description), card.Clean(text); got != want {
			t.Errorf("a reader sees\n%q\nof what was said:\n%q", got, want)
		}
	}
}

// quoted is the first quotation of a description as a reader sees it.
func quoted(description string) string {
	var lines []string
	for line := range strings.Lines(description) {
		text, ok := strings.CutPrefix(line, "> ")
		switch {
		case !ok && lines == nil: // why a long one is here
			continue
		case !ok:
			return discordtest.Unescape(strings.Join(lines, "\n"))
		}
		lines = append(lines, strings.TrimSuffix(text, "\n"))
	}
	return discordtest.Unescape(strings.Join(lines, "\n"))
}

func TestUnquotable(t *testing.T) {
	t.Parallel()
	w := world(t)
	for name, change := range map[string]func(*onrecord.Statement){
		"no post":              func(s *onrecord.Statement) { s.Parts = nil },
		"span of no post":      func(s *onrecord.Statement) { s.Summary.Quotes = []onrecord.Span{{Part: 3, End: 1}} },
		"span beyond the text": func(s *onrecord.Statement) { s.Summary.Quotes = []onrecord.Span{{End: 1 << 20}} },
		"span backwards":       func(s *onrecord.Statement) { s.Summary.Quotes = []onrecord.Span{{Start: 5, End: 2}} },
		"span inside a letter": func(s *onrecord.Statement) {
			s.Parts[0].Text = "é"
			s.Summary.Quotes = []onrecord.Span{{Start: 1, End: 2}}
		},
		"added beyond the text": func(s *onrecord.Statement) { s.Added = []onrecord.Span{{Start: -1, End: 2}} },
	} {
		if m, err := w.notifier.Render(suit(change)); err == nil {
			t.Errorf("%s: rendered as %s", name, m.Body)
		}
	}
}

// TestBodiesFollowDiscord checks every body against Discord's own description
// of its API, with objects closed to catch misspelt keys.
func TestBodiesFollowDiscord(t *testing.T) {
	t.Parallel()
	create, edit := schemas(t, beside.Specification(t, "discord-openapi.json"))
	w := world(t)
	for name, n := range notices() {
		schema, nonce := create, "or1-284fb7c1145f00d6-n"
		if n.Kind() == onrecord.AlsoSaid {
			schema, nonce = edit, ""
		}
		for _, m := range []notifiers.Message{render(t, w, n), withFiles(t, w, n)} {
			p, err := message.PayloadOf(m, nonce, "")
			if err != nil {
				t.Fatal(err)
			}
			r, _ := discordtest.CheckRequest(p.Type, p.Bytes)
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.JSON))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil || len(r.Files) != len(m.Files) {
				t.Errorf("%s with %d files: %v", name, len(r.Files), err)
			}
		}
	}
	for _, wrong := range []string{`{"contents":"x"}`, `{"embeds":[{"foo":1}]}`, `{"nonce":"12345678901234567890123456"}`, `{"attachments":[{"id":"0","name":"x"}]}`} {
		value, _ := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
		if create.Validate(value) == nil {
			t.Errorf("%s passes: the schema is not closed", wrong)
		}
	}
}

func schemas(t *testing.T, data []byte) (create, edit *jsonschema.Schema) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	closeObjects(doc)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	compile := func(name string) *jsonschema.Schema {
		s, err := c.Compile("discord.json#/components/schemas/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return compile("MessageCreateRequest"), compile("MessageEditRequestPartial")
}

func closeObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"].(map[string]any); ok && v["type"] == "object" && v["additionalProperties"] == nil {
			v["additionalProperties"] = false
		}
		for _, child := range v {
			closeObjects(child)
		}
	case []any:
		for _, child := range v {
			closeObjects(child)
		}
	}
}

func FuzzRender(f *testing.F) {
	w := world(f)
	f.Add(attack, true)
	f.Add(long, false)
	f.Add("", false)
	f.Add("\n \n\n1\n.", true)
	f.Add(strings.Repeat("*", 9000), true)
	f.Add(strings.Repeat("a\n", 5000), false)
	f.Fuzz(func(t *testing.T, text string, everywhere bool) {
		change := func(s *onrecord.Statement) { s.Parts[0].Text = text }
		if everywhere {
			change = hostile(text)
		}
		said := suit(change)
		for _, n := range []onrecord.Notice{said, onrecord.AlsoSaidNotice{Statement: said.Statement, Case: said.Case}} {
			raw := render(t, w, n).Body
			checkBody(t, "fuzzed", n, raw)
			b, _ := discordtest.Check(raw)
			want := card.Clean(text)
			if everywhere || card.Units(message.Markdown(want)) > 2000 || !card.Visible(want) {
				continue
			}
			if got := quoted(b.Embeds[0].Description); got != want {
				t.Errorf("a reader sees %q of %q", got, want)
			}
		}
	})
}
