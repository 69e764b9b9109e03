package card

import (
	"fmt"
	"strings"
	"time"

	"onrecord"
)

// Correction is what a person changed of a statement. Its texts are clean, and one line.
type Correction struct {
	No        int
	Withdrawn bool
	Speaker   string // whose it is from then on; "" as before
	Was       string // whose it was
	Distinct  string // number of the statement that it does not say again; "" nothing of the kind
	Note      string
	By        string
	At        time.Time
}

const (
	noteLength = 300 // what a person may write
	// MostCorrections is how many of them a card shows, the newest first.
	MostCorrections = 3
)

// CorrectionOf is what is said of a correction.
func CorrectionOf(c onrecord.Correction) Correction {
	return Correction{c.No, c.Withdrawn, Line(c.Speaker, nameLength), Line(c.Was, nameLength), c.DistinctFrom(), Line(c.Note, noteLength), Line(c.By, nameLength), c.At}
}

// corrections are those of a statement, the newest first.
func corrections(s onrecord.Statement) []Correction {
	list := make([]Correction, 0, len(s.Corrections))
	for i := range s.Corrections {
		list = append(list, CorrectionOf(s.Corrections[len(s.Corrections)-1-i]))
	}
	return list
}

// Label says what was done.
func (c Correction) Label() string {
	if c.Withdrawn {
		return Withdrawn
	}
	return Corrected
}

// Words say by whom, and what changed, where text makes a text harmless and mark sets
// off a name.
func (c Correction) Words(text, mark func(string) string) string {
	var words []string
	if c.Speaker != "" {
		words = append(words, "the speaker is "+mark(c.Speaker)+", not "+mark(c.Was))
	}
	if c.Distinct != "" {
		words = append(words, "it does not say again what "+c.Distinct+" says")
	}
	if c.Note != "" {
		words = append(words, text(c.Note))
	}
	return "by " + text(c.By) + ": " + strings.Join(words, "; ")
}

// Answer is the line in answer to the message of a statement that was corrected. It ends
// in what a message is found again by, which is not that of the statement.
func Answer(s onrecord.Statement, last onrecord.Correction, text, mark func(string) string) string {
	c := CorrectionOf(last)
	return mark(c.Label()) + " " + c.Words(text, mark) + Sep + fmt.Sprintf("%s, correction %d", s.Number(), c.No)
}
