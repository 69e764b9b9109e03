package config

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"onrecord/internal/schedule"
)

// Addition is an account to be written into a file.
type Addition struct {
	Source, Handle, URL string
	Speaker             string
	Schedule            string // "": what suits the place
	Cases               []string
	Backfill            time.Duration
}

// Line is the entry of accounts, without its dash.
func (a Addition) Line() string {
	parts := []string{"source: " + value(a.Source)}
	for _, p := range [][2]string{{"handle", a.Handle}, {"url", a.URL}, {"speaker", a.Speaker}, {"schedule", a.Schedule}} {
		if p[1] != "" {
			parts = append(parts, p[0]+": "+value(p[1]))
		}
	}
	if len(a.Cases) > 0 {
		ids := make([]string, len(a.Cases))
		for i, id := range a.Cases {
			ids[i] = value(id)
		}
		parts = append(parts, "cases: ["+strings.Join(ids, ", ")+"]")
	}
	if a.Backfill > 0 {
		parts = append(parts, "backfill: "+schedule.Short(a.Backfill))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// simple is what stands in a flow without quotes and cannot be taken for anything else.
var simple = regexp.MustCompile(`^[\p{L}][\p{L}\p{M}\p{N} .'’_-]*$`)

// value is a text as YAML: plain where that is plain, or else as JSON writes it, with
// the sign of a variable doubled.
func value(s string) string {
	if simple.MatchString(s) && s == strings.TrimSpace(s) && !slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, strings.ToLower(s)) {
		return s
	}
	text, _ := json.Marshal(strings.ReplaceAll(s, "$", "$$")) // a string has a form
	return string(text)
}

// ErrOneLine says that a list stands in a form into which nothing is put by itself.
var ErrOneLine = errors.New("accounts is written as a list in brackets: put the entry there yourself")

// Add returns a file with one more account, and every other byte as it was. The file is
// one that [Parse] accepts.
func Add(data []byte, a Addition) ([]byte, error) {
	root, err := document(data)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(data), "\n")
	if n := len(lines) - 1; lines[n] == "" {
		lines = lines[:n]
	} else {
		lines[n] += "\n"
	}
	key, list := child(root, "accounts")
	entry := a.Line() + "\n"
	switch {
	case key == nil:
		lines = append(lines, "\naccounts:\n", "  - "+entry)
	case list.Kind == yaml.SequenceNode && len(list.Content) > 0 && list.Style&yaml.FlowStyle != 0:
		return nil, ErrOneLine
	case list.Kind == yaml.SequenceNode && len(list.Content) > 0:
		at, indent := blockEnd(lines, list.Content[len(list.Content)-1])
		lines = slices.Insert(lines, at, indent+"- "+entry)
	default: // nothing, or []
		i := key.Line - 1
		before, after, _ := strings.Cut(lines[i], ":")
		after = strings.TrimPrefix(strings.TrimLeft(after, " "), "[]")
		lines[i] = strings.TrimRight(before+":"+space(after), " \n") + "\n"
		lines = slices.Insert(lines, i+1, "  - "+entry)
	}
	return []byte(strings.Join(lines, "")), nil
}

// space sets what follows a colon apart from it.
func space(rest string) string {
	if strings.TrimSpace(rest) == "" {
		return rest
	}
	return "  " + strings.TrimLeft(rest, " ")
}

func document(data []byte) (*yaml.Node, error) {
	var d yaml.Node
	if err := yaml.Load(data, &d); err != nil {
		return nil, err
	}
	if len(d.Content) == 0 || d.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("it is no configuration")
	}
	return d.Content[0], nil
}

// child returns a key of a section and its value.
func child(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// blockEnd is behind which line the last entry of a list ends, and how its dash is
// indented. Remarks behind it belong to whatever follows.
func blockEnd(lines []string, last *yaml.Node) (at int, indent string) {
	i := last.Line - 1
	dash := strings.IndexByte(lines[i], '-')
	for dash < 0 && i > 0 { // the entry begins in the line behind its dash
		i--
		dash = strings.IndexByte(lines[i], '-')
	}
	indent, at = lines[i][:dash], i+1
	for j := i + 1; j < len(lines); j++ {
		text := strings.TrimLeft(lines[j], " ")
		if text == "\n" || strings.HasPrefix(text, "#") {
			continue
		}
		if len(lines[j])-len(text) <= dash {
			break
		}
		at = j + 1
	}
	return at, indent
}

// AddAlias returns a file in which a party or person has one more alias, wherever a case
// names them. Where the list is written in a form into which nothing is put by itself,
// the file is as it was.
func AddAlias(data []byte, name, alias string) []byte {
	root, err := document(data)
	if err != nil {
		return data
	}
	text := string(data)
	var people []*yaml.Node
	_, cases := child(root, "cases")
	if cases == nil {
		return data
	}
	for _, c := range cases.Content {
		for _, section := range []string{"parties", "people"} {
			if _, list := child(c, section); list != nil {
				people = append(people, list.Content...)
			}
		}
	}
	for _, p := range slices.Backward(people) { // what comes later does not move what came before
		if _, is := child(p, "name"); is == nil || !strings.EqualFold(is.Value, name) {
			continue
		}
		_, aliases := child(p, "aliases")
		switch {
		case aliases == nil && p.Style&yaml.FlowStyle != 0:
			if end := closing(text, position(text, p)); end > 0 {
				text = strings.TrimRight(text[:end], " ") + ", aliases: [" + value(alias) + "]" + text[end:]
			}
		case aliases != nil && aliases.Kind == yaml.SequenceNode && aliases.Style&yaml.FlowStyle != 0:
			if slices.ContainsFunc(aliases.Content, func(a *yaml.Node) bool { return strings.EqualFold(a.Value, alias) }) {
				continue
			}
			if end := closing(text, position(text, aliases)); end > 0 {
				comma := ", "
				if len(aliases.Content) == 0 {
					comma = ""
				}
				text = text[:end] + comma + value(alias) + text[end:]
			}
		}
	}
	return []byte(text)
}

// position is where a node begins in a text.
func position(text string, n *yaml.Node) int {
	at := 0
	for range n.Line - 1 {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	line, _, _ := strings.Cut(text[at:], "\n")
	return at + offset(line, n.Column)
}

// closing is where the bracket or brace that opens at a place is closed; -1: nowhere.
func closing(text string, open int) int {
	depth, quote := 0, byte(0)
	for i := open; i < len(text); i++ {
		switch c := text[i]; {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' && i > 0 && strings.IndexByte(" [{,:", text[i-1]) >= 0:
			quote = c
		case c == '#' && text[i-1] == ' ':
			i += max(strings.IndexByte(text[i:], '\n'), 0)
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
