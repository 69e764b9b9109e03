package sources

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// Private feeds are addressed by what nobody can guess, in the query or in the
// path. Nobody says which part that is, so it is known by its looks.
var (
	secretName = regexp.MustCompile(`(?i)token|key|auth|secret|sig|pass|pwd|code|hash|private|access|session`)
	secretUUID = regexp.MustCompile(`(?i)^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$`)
	secretWord = regexp.MustCompile(`(?i)s[e3]cr[e3]t|t[o0]k[e3]n|passw`)
	secretHome = regexp.MustCompile(`(?i)^(private|token|key|auth|secret)$`)
	consonants = regexp.MustCompile(`(?i)[bcdfghjklmnpqrstvwxz]{5}`)
)

const shortestSecret = 6 // of a named one; a shorter one would blot out ordinary words

// Secrets returns the parts of an address that may be a secret: of its user, its
// path and its query. What is kept or shown must not hold them.
func Secrets(u *url.URL) (parts []string) {
	if password, _ := u.User.Password(); password != "" {
		parts = append(parts, password)
	}
	before := ""
	for segment := range strings.SplitSeq(u.EscapedPath(), "/") {
		plain, err := url.PathUnescape(segment)
		if n := len(stem(plain)); err == nil && (looksSecret(plain) || n >= 8 && secretWord.MatchString(plain) || n >= shortestSecret && secretHome.MatchString(before)) {
			parts = append(parts, stem(segment))
		}
		before = plain
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil && (looksSecret(plain) || secretName.MatchString(name) && len(plain) >= shortestSecret) {
			parts = append(parts, value)
		}
	}
	return parts
}

// stem is a name without the end that says what kind of file it is.
func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// looksSecret reports whether a name was made by a machine for nobody to guess:
// letters and digits take turns, or large and small letters, or no word of any
// language has its letters.
func looksSecret(name string) bool {
	if secretUUID.MatchString(stem(name)) {
		return true
	}
	for _, part := range strings.FieldsFunc(stem(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		turns, digits, last := 0, 0, 0
		for i, r := range part {
			kind := 1
			switch {
			case unicode.IsDigit(r):
				kind = 2
			case unicode.IsUpper(r):
				kind = 3
			}
			if i > 0 && kind != last {
				turns++
				if kind == 2 || last == 2 {
					digits++
				}
			}
			last = kind
		}
		n := len(part)
		if n >= 8 && digits >= 3 || n >= 10 && digits >= 2 || n >= 12 && 2*turns > n || n >= 16 && consonants.MatchString(part) {
			return true
		}
	}
	return false
}

// Redact returns an address without what may be a secret, for logs and errors:
// without user, query and fragment, and with a sign for parts of its path.
func Redact(u *url.URL) string {
	plain := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	shown := plain.String()
	for _, part := range Secrets(&url.URL{Path: u.Path, RawPath: u.RawPath}) {
		shown = strings.ReplaceAll(shown, part, "…")
	}
	return shown
}
