package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"onrecord"
)

// longestNote bounds what a person says of a statement, in characters: it stands on the card.
const longestNote = 300

var (
	// ErrNotOnRecord says that there is nothing to correct.
	ErrNotOnRecord = errors.New("no statement of that number is on the record; one for review is settled by `onrecord accept` or `onrecord reject`")
	// ErrWithdrawn says that a statement is not changed any more.
	ErrWithdrawn = errors.New("it is withdrawn, and is not changed any more")
	// ErrNoReason says that a person gave no reason. Readers are told of every correction.
	ErrNoReason = errors.New("readers are told of it: say why in a note")
	// ErrUnmarked says that a statement is not marked to say again what another says.
	ErrUnmarked = errors.New("it is marked to repeat no other statement")
	// ErrSaidAlready says that nothing would change.
	ErrSaidAlready = errors.New("that stands there already")
)

// UnknownSpeakerError says that nobody of a case has a name, and who there is.
type UnknownSpeakerError struct {
	Name string
	Case onrecord.Case
}

func (e UnknownSpeakerError) Error() string {
	var names []string
	for _, p := range e.Case.Everyone() {
		names = append(names, p.Name)
	}
	return fmt.Sprintf("%q is no party or person of the case %q; there are: %s; add who speaks to the configuration, or withdraw the statement", e.Name, e.Case.Title, strings.Join(names, ", "))
}

// Correct says whose a statement on the record is, or notes what its readers must know
// of it; either may be empty. It returns the channels whose readers are told: the
// message of the statement is changed there, and answered.
func (m Moderator) Correct(ctx context.Context, number int64, speaker, note string) (channels []string, err error) {
	return m.correct(ctx, number, note, func(s onrecord.Statement, c *onrecord.Correction) error {
		if speaker == "" {
			if c.Note == "" {
				return ErrNoReason
			}
			return nil
		}
		on := caseOf(m.Cases, s.Case)
		who, ok := on.Find(speaker)
		if !ok {
			return UnknownSpeakerError{speaker, on}
		}
		if who.Name == s.Speaker {
			return fmt.Errorf("the speaker is %s: %w", who.Name, ErrSaidAlready)
		}
		c.Speaker, c.Role, c.Was = who.Name, who.Role, s.Speaker
		return nil
	})
}

// Distinguish takes from a statement the mark that it says again what an earlier one
// says, in the same words or in others. The note may be empty.
func (m Moderator) Distinguish(ctx context.Context, number int64, note string) (channels []string, err error) {
	return m.correct(ctx, number, note, func(s onrecord.Statement, c *onrecord.Correction) error {
		if !s.Again() {
			return ErrUnmarked
		}
		c.Distinct = s.Prior
		return nil
	})
}

// Retract withdraws a statement. It keeps its number, and what was shown stays beside
// the reason; where it was not shown yet, it never is.
func (m Moderator) Retract(ctx context.Context, number int64, note string) (channels []string, err error) {
	return m.correct(ctx, number, note, func(_ onrecord.Statement, c *onrecord.Correction) error {
		if c.Note == "" {
			return ErrNoReason
		}
		c.Withdrawn = true
		return nil
	})
}

// correct stores what a person changed of a statement as it stands.
func (m Moderator) correct(ctx context.Context, number int64, note string, change func(onrecord.Statement, *onrecord.Correction) error) ([]string, error) {
	note = strings.Join(strings.Fields(note), " ")
	if n := utf8.RuneCountInString(note); n > longestNote {
		return nil, fmt.Errorf("the note has %d characters; readers are shown %d", n, longestNote)
	}
	for range tries {
		s, _, err := m.Queue.Statement(ctx, number)
		if err != nil {
			return nil, err
		}
		c := onrecord.Correction{No: len(s.Corrections) + 1, Note: note, By: m.Name}
		switch {
		case s.Lane != onrecord.Record:
			return nil, ErrNotOnRecord
		case s.Withdrawn():
			return nil, ErrWithdrawn
		}
		if err := change(s, &c); err != nil {
			return nil, err
		}
		if n := len(s.Corrections); n > 0 && !c.Withdrawn && c.Speaker == "" && c.Distinct == 0 && s.Corrections[n-1].Note == note {
			return nil, fmt.Errorf("%q: %w", note, ErrSaidAlready)
		}
		channels, err := m.Queue.Correct(ctx, number, c)
		if !errors.Is(err, ErrLost) {
			return channels, err
		}
	}
	return nil, fmt.Errorf("others correct it at the same time: %w", ErrLost)
}
