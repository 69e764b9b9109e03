package lang

import (
	"regexp"
	"strings"
)

// A part of a thread counts itself: "1/", "(2/4)", a thread sign.
const (
	count      = `\d{1,2}/(?:\d{1,2})?`
	threadSign = "🧵"
)

var (
	countAnywhere = regexp.MustCompile(`(?:^|[\s(\[])` + count + `(?:[\s)\].:]|$)|` + threadSign)
	countAtBorder = regexp.MustCompile(`(?m)^\s*[(\[]?\d{1,2}/(?:\d{1,2}\b)?[)\]]?[\s.:]|\s[(\[]?` + count + `[)\]]?\s*$|` + threadSign)
)

// Counted reports a text that may count itself as a part of a thread. A date, as
// in "on 9/11", is taken for a count, too: to wait for more in vain costs little.
func Counted(text string) bool { return mayCount(text) && countAnywhere.MatchString(text) }

// WithoutCount blanks the count of a part, so that offsets stay, where it stands
// at the beginning or the end of a line. Elsewhere it could be a date, which is
// a fact.
func WithoutCount(text string) string {
	if !mayCount(text) {
		return text
	}
	return countAtBorder.ReplaceAllStringFunc(text, func(m string) string { return strings.Repeat(" ", len(m)) })
}

// mayCount spares most texts the search.
func mayCount(text string) bool {
	return strings.Contains(text, "/") || strings.Contains(text, threadSign)
}
