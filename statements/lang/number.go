package lang

import (
	"regexp"
	"strconv"
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

// Months are the months of a language, folded, by their names.
func Months(tag string) map[string]int {
	m := map[string]int{}
	for _, entry := range Of(tag)["month"] {
		word, number, _ := strings.Cut(entry, "=")
		m[Fold(word)], _ = strconv.Atoi(number) // a test reads them all
	}
	return m
}

// Numerals are the numbers in words, folded, of the named languages or of all,
// with the digits that say the same; "" where none do.
func Numerals(tags ...string) map[string]string {
	if len(tags) == 0 {
		tags = Languages()
	}
	m := map[string]string{}
	for _, tag := range tags {
		for _, entry := range Of(tag)["numeral"] {
			word, digits, _ := strings.Cut(entry, "=")
			m[Fold(word)] = digits
		}
	}
	return m
}
