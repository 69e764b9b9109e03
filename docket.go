package onrecord

import (
	"regexp"
	"strings"
)

// Courts write one docket number in many ways: with and without the office, the
// leading zeros, the judges' initials, the year in four digits, and the kind of case
// before, between or behind.
var (
	numberAround = regexp.MustCompile(`(?i)^(?:(\d{1,2}):)?(\d{4}|\d{2})[ -]*([a-z]{2,4})\b?\.?[ -]*0*(\d{1,7})(?:$|[^\da-z])`)
	numberBehind = regexp.MustCompile(`(?i)^(?:(\d{1,2}):)?([a-z]{1,4})\.?[ -]*(\d{4}|\d{2})-0*(\d{1,7})(?:$|[^\da-z])`)
	numberAlone  = regexp.MustCompile(`^(?:(\d{1,2}):)?(\d{4}|\d{2})-0*(\d{1,7})(?:$|[^\da-z-])`)
	announced    = regexp.MustCompile(`(?i)^\s*(?:civil |criminal |case |docket |action )*(?:nos?\.?|number|#)?[ :]*`)
)

// sorts are other words for the kinds of cases.
var sorts = map[string]string{"c": "cv", "civ": "cv", "civil": "cv", "crim": "cr", "misc": "mc"}

// docketNumber is a docket number without what courts write in different ways.
type docketNumber struct{ office, year, sort, number string }

func parseDocket(text string) (docketNumber, bool) {
	text = strings.TrimSpace(announced.ReplaceAllString(strings.NewReplacer("–", "-", "‑", "-", "\u00a0", " ").Replace(text), ""))
	var d docketNumber
	if m := numberAround.FindStringSubmatch(text); m != nil {
		d = docketNumber{m[1], m[2], strings.ToLower(m[3]), m[4]}
	} else if m := numberBehind.FindStringSubmatch(text); m != nil {
		d = docketNumber{m[1], m[3], strings.ToLower(m[2]), m[4]}
	} else if m := numberAlone.FindStringSubmatch(text); m != nil {
		d = docketNumber{m[1], m[2], "", m[3]}
	} else {
		return d, false
	}
	d.year = d.year[len(d.year)-2:]
	if other, ok := sorts[d.sort]; ok {
		d.sort = other
	}
	return d, true
}

// SameDocket reports whether two texts are one docket number, as
// N.D. Cal. 3:25-cv-01234-ABC, 25-cv-1234 and 25 Civ. 1234 (AB) are. What is of no
// form that is known is the same when it is written alike. The office counts where
// both name one.
func SameDocket(a, b string) bool {
	x, known := parseDocket(a)
	y, alike := parseDocket(b)
	if !known || !alike {
		return known == alike && strings.Join(strings.Fields(a), " ") != "" && strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
	}
	if x.office == "" || y.office == "" {
		x.office, y.office = "", ""
	}
	return x == y
}
