package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"onrecord/internal/config"
)

func schema(t *testing.T) *jsonschema.Schema { return compiled(t, kinds()) }

func compiled(t *testing.T, k config.Kinds) *jsonschema.Schema {
	t.Helper()
	text, err := config.Schema(k)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as an editor does: dates stay text.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var document yaml.Node
	if err := yaml.Load([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	return plain(t, document.Content[0])
}

func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch {
	case n.Kind == yaml.AliasNode:
		return plain(t, n.Alias)
	case n.Kind == yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(t, n.Content[i+1])
		}
		return m
	case n.Kind == yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, plain(t, c))
		}
		return list
	case n.Tag == "!!int" || n.Tag == "!!float":
		return json.Number(n.Value)
	case n.Tag == "!!bool":
		b, err := strconv.ParseBool(n.Value)
		if err != nil {
			t.Fatal(err)
		}
		return b
	case n.Tag == "!!null":
		return nil
	}
	return n.Value
}

func TestSchemaAccepts(t *testing.T) {
	t.Parallel()
	s := schema(t)
	// An editor wants quotes where a text looks like a number.
	quoted := strings.NewReplacer("25-2, 77", `25-2, "77"`, "yes, 1.5", `"yes", "1.5"`, "channel: 1200000000000000000", `channel: "1200000000000000000"`)
	for _, text := range []string{least, quoted.Replace(whole), least + "web: {}\nsources: {x: {wait: 0}}\n"} {
		if err := s.Validate(asJSON(t, text)); err != nil {
			t.Errorf("%v\nfor\n%s", err, text)
		}
	}
}

// What the schema refuses in an editor, Parse refuses too, at the same place.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for added, at := range map[string]string{
		"databse: x":    "",
		"database: [x]": "/database",
		"channels: [{id: a, notifier: console, colour: 1}]": "/channels/0",
		"channels: [{id: a, notifier: pigeon}]":             "/channels/0/notifier",
		"channels: [{notifier: console}]":                   "/channels/0",
		"sources: {y: {}}":                                  "/sources",
		"sources: {x: {pages: many}}":                       "/sources/x/pages",
		"sources: {x: {daily_budget_usd: 0}}":               "/sources/x/daily_budget_usd",
		"sources: {x: {reposts: maybe}}":                    "/sources/x/reposts",
		"sources: {x: {wait: 5}}":                           "/sources/x/wait",
		"sources: {x: {base_url_file: a}}":                  "/sources/x",
		"sources: {x: {limits: {post: 1}}}":                 "/sources/x/limits",
		"sources: {x: {since: today}}":                      "/sources/x/since",
		"notifiers: {discord: {token: [a]}}":                "/notifiers/discord/token",
		"summary: {provider: clippy}":                       "/summary/provider",
		"summary: {base_url_file: a}":                       "/summary",
		"summary: {daily_budget_usd: 0}":                    "/summary/daily_budget_usd",
		"summary: {timeout: 8}":                             "/summary/timeout",
		"web: on":                                           "/web",
	} {
		err := s.Validate(asJSON(t, least+added+"\n"))
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			t.Errorf("%q is accepted", added)
			continue
		}
		if got := deepest(invalid); got != at {
			t.Errorf("%q is refused at %q, want %q: %v", added, got, at, err)
		}
		if _, err := parse(least+added+"\n", nil, nil); err == nil {
			t.Errorf("Parse accepts %q", added)
		}
	}
}

// deepest is where the most particular of the causes lies.
func deepest(e *jsonschema.ValidationError) string {
	at := ""
	for _, part := range e.InstanceLocation {
		at += "/" + part
	}
	for _, cause := range e.Causes {
		if d := deepest(cause); len(d) > len(at) {
			at = d
		}
	}
	return at
}

func TestSchemaHelpsEditors(t *testing.T) {
	t.Parallel()
	text, err := config.Schema(kinds())
	if err != nil {
		t.Fatal(err)
	}
	again, err := config.Schema(kinds())
	if err != nil || !bytes.Equal(text, again) {
		t.Error("the schema is not the same twice")
	}
	var s struct {
		Properties struct {
			Database struct{ Default, Description string }
			Accounts struct {
				Items struct {
					Required   []string
					Properties struct {
						Source struct{ AnyOf []struct{ Enum []string } }
					}
				}
			}
			Sources struct {
				Properties struct {
					X struct {
						Description string
						Properties  map[string]struct {
							Default     any
							Description string
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	p := s.Properties
	x := p.Sources.Properties.X
	got := []any{
		p.Database.Default, p.Accounts.Items.Required, p.Accounts.Items.Properties.Source.AnyOf[0].Enum, x.Description,
		x.Properties["wait"].Default, x.Properties["pages"].Default, x.Properties["reposts"].Default, x.Properties["bearer_token"].Description, x.Properties["bearer_token_file"].Description != "",
	}
	want := []any{"onrecord.db", []string{"source", "speaker"}, []string{"x", "feed"}, "X", "3s", 5.0, false, "Token of the X app", true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, ok := x.Properties["base_url_file"]; ok {
		t.Error("a setting that is no secret can be read from a file")
	}
}
