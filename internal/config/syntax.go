package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// syntax says where a file stops being YAML, and the way out of what is most
// often the reason.
func (d *decoder) syntax(err error) (line, column int, message string) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return 1, 1, "is not YAML: " + err.Error()
	}
	switch e.Message {
	case "yaml: no documents in stream":
		return 1, 1, emptyFile
	case "yaml: expected single document, found multiple":
		return 1, 1, "holds several documents; remove the lines of three dashes"
	}
	line, column = max(e.Mark.Line, 1), max(e.Mark.Column, 1)
	begun := e.ContextMark.Line
	if begun > 0 && begun <= len(d.lines) {
		if at := glued.FindStringIndex(d.lines[begun-1]); at != nil && e.Message == "could not find expected ':'" {
			return begun, utf8.RuneCountInString(d.lines[begun-1][:at[1]]), `has a colon without a blank behind it; write "title: text" and not "title:text"`
		}
	}
	if line <= len(d.lines) {
		if hint := d.hint(e.Message, line, column); hint != "" {
			return line, column, hint
		}
	}
	message = "is not YAML from here on: " + e.Message
	switch {
	case strings.HasPrefix(e.Message, "did not find expected ','"):
		message = "is not YAML from here on: between braces or brackets a comma stands between two values, and what opens is closed"
	case e.Message == "found unexpected end of stream":
		message = "is not YAML: a quotation mark that opens is never closed"
	}
	if begun > 0 && begun < line {
		message += fmt.Sprintf(" (%s that begins in line %d)", e.ContextMsg, begun)
	}
	return line, column, message
}

// glued is a key without a blank behind its colon.
var glued = regexp.MustCompile(`^[ -]*[a-z_]+:(\S)`)

// hint is what most often is the reason where the library stops at a sign of a line.
func (d *decoder) hint(said string, line, column int) string {
	whole := d.lines[line-1]
	before, rest := whole[:offset(whole, column)], whole[offset(whole, column):]
	switch {
	case strings.HasPrefix(rest, "\t"):
		return "has a tab here; YAML is indented with blanks"
	case said == "mapping values are not allowed in this context" && strings.Contains(before, ": "):
		return `is not YAML from here on: a text that holds a colon stands in quotes, as in title: "Northwind: the case"`
	case said == "mapping values are not allowed in this context", said == "did not find expected key", said == "did not find expected '-' indicator":
		return d.misplaced(line)
	case said == "block sequence entries are not allowed in this context":
		return `is not YAML from here on: a text that begins with a dash stands in quotes; the entries of a list stand in lines of their own, or in brackets: [one, two]`
	case strings.HasPrefix(rest, "@"), strings.HasPrefix(rest, "%"), strings.HasPrefix(rest, "`"), strings.Contains(whole, " */"), said == "did not find expected alphabetic or numeric character":
		return `is not YAML from here on: a value that begins with @, %, *, & or a backquote stands in quotes, as in "@every 2m" or "*/10 * * * *"`
	case strings.Contains(whole, "${"):
		return `is not YAML from here on: between braces or brackets a variable stands in quotes, as in "${NAME}"`
	}
	return ""
}

// misplaced tells of a line that begins where nothing is open that it could belong to.
func (d *decoder) misplaced(line int) string {
	at, least := indented(d.lines[line-1]), len(d.lines[line-1])+1
	var open []string
	for n := line - 2; n >= 0 && least > 0; n-- {
		text := strings.TrimSpace(d.lines[n])
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		columns := []int{indented(d.lines[n])}
		if inner := strings.TrimLeft(strings.TrimPrefix(text, "-"), " "); strings.HasPrefix(text, "- ") {
			columns = []int{columns[0] + len(text) - len(inner), columns[0]}
		}
		for _, c := range columns {
			if c < least {
				least, open = c, append(open, fmt.Sprint(c+1))
			}
		}
	}
	slices.Reverse(open)
	return fmt.Sprintf("begins in column %d; the sections and lists that are open above begin in column %s. Lines of one section, and dashes of one list, begin in one column", at+1, strings.Join(open, ", "))
}

func indented(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
