package quote

import "strings"

// Misquoted returns what a text sets in quotation marks and no source holds.
func Misquoted(text string, sources ...string) (missing []string) {
	for _, q := range Quotations(text) {
		if words := strings.TrimRight(text[q.Start:q.End], ",. "); q.Unclosed || !saidIn(words, sources) {
			missing = append(missing, words)
		}
	}
	return missing
}

func saidIn(words string, sources []string) bool {
	for _, s := range sources {
		if _, _, ok := Verify(words, s); ok {
			return true
		}
	}
	return false
}
