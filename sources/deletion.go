package sources

import "fmt"

// Deletion is what becomes of the words of a post on the record that is not there any
// more, or cannot be read any more: the operator's choice, within the rules of the place.
type Deletion string

// The choices.
const (
	TellDeleted   Deletion = "notice" // readers are told, and the words stay: the default where a place has no rule
	RedactDeleted Deletion = "redact" // readers are told, and the words are taken out of the record, the outbox and the channels
	KeepDeleted   Deletion = "keep"   // the words stay, and nobody is told
)

// Deleting is a configuration that says what becomes of such words; without it they stay
// and readers are told.
type Deleting interface {
	Deletion() Deletion
}

// Validate says what is wrong with a choice. None is the default.
func (d Deletion) Validate() error {
	switch d {
	case "", TellDeleted, RedactDeleted, KeepDeleted:
		return nil
	}
	return fmt.Errorf("on_delete: %q is none of notice, redact and keep", string(d))
}
