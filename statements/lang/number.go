package lang

import (
	"regexp"
	"strings"
)

var number = regexp.MustCompile(`\p{Nd}+(?:[.,]\p{Nd}+)*`)

var grouped = regexp.MustCompile(`^\d{1,3}(?:[.,]\d{3})+$`)

// Numbers returns the numbers of a text in one form: thousands are not set
// apart, and a comma is a point.
func Numbers(text string) []string {
	all := number.FindAllString(text, -1)
	for i, n := range all {
		if grouped.MatchString(n) {
			all[i] = strings.NewReplacer(".", "", ",", "").Replace(n)
		} else {
			all[i] = strings.ReplaceAll(n, ",", ".")
		}
	}
	return all
}
