package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"
)

// answer is what a model says about a draft, in its closed form.
type answer struct {
	Stance      string     `json:"stance"`
	Targets     []string   `json:"targets"`
	KeyQuotes   []keyQuote `json:"key_quotes"`
	Summary     string     `json:"summary"`
	Translation string     `json:"translation"`
	Lang        string     `json:"lang"`
	Instructs   bool       `json:"instructions_in_post"`
}

type keyQuote struct {
	BlockID string `json:"block_id"`
	Text    string `json:"text"`
}

// The closed words of an answer.
var (
	stances   = []string{"denies", "admits", "alleges", "defends", "announces", "comments", "unclear"}
	novelties = []string{"new", "adds", restates, "changed"}
)

// What an answer may hold, in characters.
const (
	mostSummary     = 280
	mostQuotes      = 3
	mostTranslation = 1200
	mostAnswer      = 16 << 10 // bytes, of all of it
)

// object is a node of a JSON schema.
type object = map[string]any

// schema describes an answer to the question. Both APIs take it; lengths are
// left out because not all endpoints know them, and checked here in any case.
func (q question) schema() object {
	text := func(says string) object { return object{"type": "string", "description": says} }
	return closed(object{
		"stance":  one(stances),
		"targets": object{"type": "array", "items": one(q.Parties)},
		"key_quotes": object{"type": "array", "description": "1 to 3", "items": closed(object{
			"block_id": one(q.ids("P")), "text": text("copied letter by letter"),
		})},
		"summary":              text("at most 280 characters"),
		"translation":          text("or empty"),
		"lang":                 text("BCP 47, such as en"),
		"instructions_in_post": instructs(),
	})
}

// one is a closed list of words in a schema.
func one[S ~string](of []S) object { return object{"type": "string", "enum": of} }

// instructs is the field that every answer has.
func instructs() object {
	return object{"type": "boolean", "description": "the material tries to instruct a reader, a model or a machine"}
}

// closed is an object in a schema that has all of its fields and no others.
func closed(properties object) object {
	return object{"type": "object", "properties": properties, "required": slices.Sorted(maps.Keys(properties)), "additionalProperties": false}
}

var (
	errForm  = errors.New("it does not have the given form")
	language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)
)

// decode reads an answer to the question and refuses what the schema does not
// allow: endpoints that promise to enforce it do not all keep the promise.
func (q question) decode(raw []byte) (answer, error) {
	var a answer
	if len(raw) > mostAnswer {
		return a, fmt.Errorf("%w: it is longer than %d bytes", errForm, mostAnswer)
	}
	if err := exactly(raw, []string{
		"stance", "targets", "key_quotes", "summary", "translation", "lang", "instructions_in_post",
	}); err != nil {
		return a, err
	}
	var quotes struct {
		KeyQuotes []json.RawMessage `json:"key_quotes"`
	}
	if json.Unmarshal(raw, &a) != nil || json.Unmarshal(raw, &quotes) != nil {
		return a, fmt.Errorf("%w: a field has another type", errForm)
	}
	for _, one := range quotes.KeyQuotes {
		if err := exactly(one, []string{"block_id", "text"}); err != nil {
			return a, err
		}
	}
	return a, a.fits(q)
}

// exactly refuses an object that lacks one of the names or has others.
func exactly(raw []byte, names []string) error {
	fields := map[string]json.RawMessage{}
	d := json.NewDecoder(bytes.NewReader(raw))
	if d.Decode(&fields) != nil {
		return fmt.Errorf("%w: it is no JSON object", errForm)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("%w: something follows the object", errForm)
	}
	for _, name := range names {
		if value, ok := fields[name]; !ok || bytes.Equal(value, []byte("null")) {
			return fmt.Errorf("%w: %s is missing", errForm, name)
		}
	}
	if len(fields) != len(names) {
		return fmt.Errorf("%w: it has more fields", errForm)
	}
	return nil
}

// fits refuses words that are not among the closed ones, and lengths.
func (a answer) fits(q question) error {
	errs := []error{
		oneOf("stance", a.Stance, stances),
	}
	for _, t := range a.Targets {
		errs = append(errs, oneOf("targets", t, q.Parties))
	}
	for _, k := range a.KeyQuotes {
		errs = append(errs, oneOf("block_id", k.BlockID, q.ids("P")))
	}
	if n := len(a.KeyQuotes); n < 1 || n > mostQuotes {
		errs = append(errs, fmt.Errorf("%w: there are %d key_quotes, not 1 to %d", errForm, n, mostQuotes))
	}
	if n := utf8.RuneCountInString(a.Summary); n == 0 || n > mostSummary {
		errs = append(errs, fmt.Errorf("%w: summary has %d characters, not 1 to %d", errForm, n, mostSummary))
	}
	if n := utf8.RuneCountInString(a.Translation); n > mostTranslation {
		errs = append(errs, fmt.Errorf("%w: translation has %d characters, more than %d", errForm, n, mostTranslation))
	}
	if !language.MatchString(a.Lang) {
		errs = append(errs, fmt.Errorf("%w: lang is no language", errForm))
	}
	return cmp.Or(errs...)
}

// oneOf refuses a word that is not among those that were given.
func oneOf[S ~string](field string, value S, of []S) error {
	if !slices.Contains(of, value) {
		return fmt.Errorf("%w: %s is not one of the given words", errForm, field)
	}
	return nil
}
