package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"onrecord"
	"onrecord/sources"
)

// Schema returns the JSON schema of a configuration file with these kinds, for
// editors to complete and check from. It is a little stricter than [Parse]:
// texts that look like numbers want quotes.
func Schema(k Kinds) ([]byte, error) {
	f, err := newFile(k)
	if err != nil {
		return nil, err
	}
	root := describe(&f)
	root.Version, root.Title = jsonschema.Version, "onrecord configuration"

	sources, notifiers := property(root, "sources"), property(root, "notifiers")
	sources.Properties, sources.AdditionalProperties = jsonschema.NewProperties(), jsonschema.FalseSchema
	notifiers.Properties, notifiers.AdditionalProperties = jsonschema.NewProperties(), jsonschema.FalseSchema
	for _, kind := range k.Sources {
		section := describe(f.Sources[kind.Name])
		section.Description = kind.Title
		sources.Properties.Set(kind.Name, section)
		source := property(root, "accounts", "source")
		source.Enum = append(source.Enum, kind.Name)
	}
	excuseDockets(property(root, "accounts").Items, k.Sources)
	for _, kind := range k.Notifiers {
		notifiers.Properties.Set(kind.Name, describe(f.Notifiers[kind.Name]))
		notifier := property(root, "channels", "notifier")
		notifier.Enum = append(notifier.Enum, kind.Name)
	}
	root.Properties.Set("summary", describe(&f.Summary))
	// The words of a case live with the domain, which knows nothing of schemas.
	property(root, "cases").Items.Required = []string{"id", "title", "parties"}
	property(root, "cases", "parties").Items.Required = []string{"name"}
	property(root, "cases", "people").Items.Required = []string{"name"}
	property(root, "cases", "events").Items.Required = []string{"date", "what"}

	admitVariables(root)
	root.Properties.Set("web", &jsonschema.Schema{AnyOf: []*jsonschema.Schema{property(root, "web"), {Enum: []any{"off", false}}}})
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(text, '\n'), nil
}

// excuseDockets asks for a speaker of all accounts but dockets, which have none.
func excuseDockets(account *jsonschema.Schema, kinds []sources.Kind) {
	var dockets []any
	for _, kind := range kinds {
		if kind.Docket {
			dockets = append(dockets, kind.Name)
		}
	}
	if dockets == nil {
		return
	}
	const speaker = "speaker"
	account.Required = slices.DeleteFunc(account.Required, func(key string) bool { return key == speaker })
	docket := jsonschema.NewProperties()
	docket.Set("source", &jsonschema.Schema{Enum: dockets})
	account.If, account.Else = &jsonschema.Schema{Properties: docket}, &jsonschema.Schema{Required: []string{speaker}}
}

// property walks down the keys of sections and of the items of lists.
func property(s *jsonschema.Schema, keys ...string) *jsonschema.Schema {
	for _, key := range keys {
		if s.Items != nil {
			s = s.Items
		}
		s = s.Properties.Value(key)
	}
	return s
}

// describe reflects a struct behind a pointer. What the struct holds are the defaults.
func describe(pointer any) *jsonschema.Schema {
	r := jsonschema.Reflector{
		Anonymous: true, DoNotReference: true, RequiredFromJSONSchemaTags: true,
		FieldNameTag: "yaml", KeyNamer: strings.ToLower, Mapper: written, LookupComment: comment,
	}
	s := r.Reflect(pointer)
	s.Version = ""
	v := reflect.Indirect(reflect.ValueOf(pointer))
	addDefaults(s, v)
	names, values := members(v)
	for i, name := range names {
		if isSecret(name, values[i]) {
			s.Properties.Set(name+"_file", &jsonschema.Schema{Type: "string", Description: "A file to read " + name + " from, relative to the configuration"})
		}
	}
	return s
}

func addDefaults(s *jsonschema.Schema, v reflect.Value) {
	names, values := members(v)
	for i, name := range names {
		p := s.Properties.Value(name)
		switch held := values[i]; {
		case p == nil: // a kind keeps the setting out of its schema
		case held.Kind() == reflect.Struct && held.Type() != dateType:
			addDefaults(p, held)
		case held.Type() == durationType:
			p.Default = held.Interface().(time.Duration).String()
		case held.Kind() == reflect.Bool, !held.IsZero() && held.Comparable():
			p.Default = held.Interface()
		}
	}
}

// written describes types that are not written as Go marshals them.
func written(t reflect.Type) *jsonschema.Schema {
	switch t {
	case durationType:
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Type: "string", Pattern: `^(0|([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h|d|w))+)$`},
			{Const: 0},
		}}
	case deletionType:
		return &jsonschema.Schema{Type: "string", Enum: []any{sources.TellDeleted, sources.RedactDeleted, sources.KeepDeleted}}
	case dateType:
		return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$`}
	}
	return nil
}

var comments = map[reflect.Type]map[string]string{
	reflect.TypeFor[onrecord.Case](): {
		"ID":       "Names the case in the database and in other sections",
		"Title":    "The case's name, as in A v. B",
		"Docket":   "Docket numbers, when known",
		"URL":      "A public page about the case, such as its docket",
		"Filed":    "The day it was filed",
		"Parties":  "The parties, with the names people use for them",
		"People":   "Counsel, officers, witnesses: speakers who are not parties",
		"Keywords": "Words of this case",
		"Exclude":  "Words of other matters",
		"Events":   "What happened in the case, and when",
	},
	reflect.TypeFor[onrecord.Person](): {
		"Role":    "Such as plaintiff, defendant, counsel of A",
		"Aliases": "Other names and handles",
	},
}

func comment(t reflect.Type, field string) string {
	if t.Kind() == reflect.Struct {
		if f, ok := t.FieldByName(field); ok && f.Type == deletionType {
			return "What becomes of the words of a post on the record that is gone or cannot be read any more: notice tells readers, redact also takes the words out, keep does neither"
		}
	}
	return comments[t][field]
}

// admitVariables lets ${NAME} stand where a text is not free.
func admitVariables(s *jsonschema.Schema) {
	if s.Items != nil {
		admitVariables(s.Items)
	}
	if s.Properties == nil {
		return
	}
	for p := range s.Properties.ValuesFromOldest() {
		admitVariables(p)
		switch {
		case p.AnyOf != nil:
			p.AnyOf = append(p.AnyOf, variableSchema)
		case p.Type == "boolean" || p.Type == "integer" || p.Type == "number" || p.Pattern != "" || p.Enum != nil:
			plain := *p
			plain.Description, plain.Default = "", nil
			*p = jsonschema.Schema{Description: p.Description, Default: p.Default, AnyOf: []*jsonschema.Schema{&plain, variableSchema}}
		}
	}
}

var variableSchema = &jsonschema.Schema{Type: "string", Pattern: `\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}`}
