package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Problem is a mistake in the file, or something in it that is probably not meant.
type Problem struct {
	File         string
	Line, Column int    // from 1; columns count characters
	Path         string // of the value, such as accounts[0].schedule; "" for the file as a whole
	Message      string // what is wrong, then what to write instead
	Excerpt      string // the line with a caret below, without secrets
}

// String is the problem on one line, without the excerpt.
func (p Problem) String() string {
	path := p.Path
	if path != "" {
		path += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s", p.File, p.Line, p.Column, path, p.Message)
}

// Problems are all the mistakes of a file, in the order of the file.
type Problems []Problem

// Error shows every problem with its line and a caret.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
		if p.Excerpt != "" {
			b.WriteString("\n" + p.Excerpt)
		}
	}
	return b.String()
}

// maxProblems bounds what is shown of a file that is something else altogether.
const maxProblems = 100

// report collects what is wrong and shows where.
type report struct {
	name     string
	lines    []string
	nodes    map[string]*yaml.Node // what stands at a path
	broken   map[string]bool       // paths that could not be decoded
	hidden   []*yaml.Node          // scalars that must not be shown
	mistakes Problems
	warnings Problems
}

// lineBreaks makes one of what the YAML library counts as the end of a line.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func newReport(name string, data []byte) *report {
	text := lineBreaks.Replace(string(data[:min(len(data), maxFile)]))
	return &report{name: name, lines: strings.Split(text, "\n"), nodes: map[string]*yaml.Node{}, broken: map[string]bool{}}
}

// misread notes that a node cannot be decoded. Nothing else is then said about
// its path and what would be below.
func (r *report) misread(n *yaml.Node, path, format string, args ...any) {
	r.broken[path] = true
	r.mistakes = append(r.mistakes, r.problem(n.Line, n.Column, path, fmt.Sprintf(format, args...)))
}

// mistake notes what is wrong with the value at a path, or, where the file has
// no such value, with the nearest section that should.
func (r *report) mistake(path, format string, args ...any) {
	for at := path; ; at = above(at) {
		if r.broken[at] {
			return
		}
		if at == "" {
			break
		}
	}
	n := r.nearest(path)
	r.mistakes = append(r.mistakes, r.problem(n.Line, n.Column, path, fmt.Sprintf(format, args...)))
}

func (r *report) warn(path, format string, args ...any) {
	n := r.nearest(path)
	r.warnings = append(r.warnings, r.problem(n.Line, n.Column, path, fmt.Sprintf(format, args...)))
}

func (r *report) problem(line, column int, path, message string) Problem {
	return Problem{File: r.name, Line: max(line, 1), Column: max(column, 1), Path: path, Message: message}
}

func (r *report) nearest(path string) *yaml.Node {
	for {
		if n := r.nodes[path]; n != nil || path == "" {
			return cmp.Or(n, &yaml.Node{Line: 1, Column: 1})
		}
		path = above(path)
	}
}

// above is the path of the list or section that holds a path.
func above(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

// shown sorts problems into the order of the file and adds the excerpts.
func (r *report) shown(ps Problems) Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	if more := len(ps) - maxProblems; more > 0 {
		last := ps[maxProblems]
		ps = append(ps[:maxProblems:maxProblems], r.problem(last.Line, last.Column, "", fmt.Sprintf("%d more are not shown", more)))
	}
	for i, p := range ps {
		ps[i].Excerpt = r.excerpt(p.Line, p.Column)
	}
	return ps
}

const (
	width   = 160     // how much of a line an excerpt shows, in characters
	maxLine = 8 << 10 // a longer line, in bytes, is not searched for secrets and so not shown
)

// excerpt shows a line with a caret below the column. Of a long line it shows
// what surrounds the column.
func (r *report) excerpt(line, column int) string {
	if line > len(r.lines) || len(r.lines[line-1]) > maxLine {
		return ""
	}
	shown := []rune(strings.ReplaceAll(r.masked(line), "\t", " "))
	caret := min(column-1, len(shown))
	if len(shown) > width {
		start := max(0, min(caret-width/2, len(shown)-width))
		shown, caret = shown[start:start+width], caret-start
	}
	return "    " + strings.TrimRight(string(shown), " ") + "\n    " + strings.Repeat(" ", caret) + "^"
}

// Secrets are also looked for by their looks, since a file that does not parse
// has no values to know them by: the value of a key with the name of a secret,
// and whatever follows the host in an address.
var (
	secretValue = regexp.MustCompile(`(?i)(?:token|password|secret|key)["']?\s*:\s*("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,}]+)`)
	addressTail = regexp.MustCompile(`\w+://(?:[^\s/"'@]*@)?[^\s/?#"']*([/?#][^\s"']*)`)
	addressUser = regexp.MustCompile(`\w+://([^\s/"']*)@`)
	serverUser  = regexp.MustCompile(`postgres(?:ql)?://([^\s"']*)@`) // its password may hold any sign, also where it must not
	serverWords = regexp.MustCompile(`(?i)password\s*=\s*('[^']*'?|[^\s"']+)`)
	variable    = regexp.MustCompile(`\$\$|\$\{[A-Za-z_][A-Za-z0-9_]*(?::-|\})`)
)

// masked returns a line with a star for each character of a secret. Names of
// variables stay: they are no secrets and often the mistake.
func (r *report) masked(line int) string {
	text := r.lines[line-1]
	stars := make([]bool, len(text))
	hide := func(from, to int) {
		for i := from; i < to; i++ {
			stars[i] = true
		}
	}
	for _, pattern := range []*regexp.Regexp{secretValue, addressTail, addressUser, serverUser, serverWords} {
		for _, m := range pattern.FindAllStringSubmatchIndex(text, -1) {
			hide(m[2], m[3])
		}
	}
	for _, n := range r.hidden {
		if n.Line != line {
			continue
		}
		from := offset(text, n.Column)
		if at := strings.Index(text[from:], n.Value); at >= 0 {
			hide(from+at, from+at+len(n.Value))
		} else { // written with escapes or over several lines
			hide(from, len(text))
		}
	}
	for _, m := range variable.FindAllStringIndex(text, -1) {
		if text[m[0]:m[1]] != "$$" {
			clear(stars[m[0]:m[1]])
		}
	}
	var b strings.Builder
	for i, c := range text {
		if stars[i] && !strings.ContainsRune(`"'`, c) {
			c = '*'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// offset turns a column into a byte offset.
func offset(line string, column int) int {
	at := 0
	for range column - 1 {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return at
}
