package sources

import (
	"errors"
	"fmt"
	"time"
)

// ErrNoCredentials says that a place needs a key the configuration does not have.
var ErrNoCredentials = errors.New("no credentials")

// Trouble says in one word why a pull failed; the operator sees it as the
// account's health.
type Trouble string

// The troubles, from the account's own to the network's.
const (
	Gone      Trouble = "gone"        // the account does not exist (any more) at the place
	Hidden    Trouble = "hidden"      // protected, suspended or withheld
	Denied    Trouble = "denied"      // our credentials are refused or lack access
	NoMoney   Trouble = "no money"    // credits, spend cap or our own daily budget
	Limited   Trouble = "limited"     // told to ask again later
	Walled    Trouble = "walled"      // a page for people came instead of data
	Nonsense  Trouble = "nonsense"    // the answer is not what the place's protocol promises
	Unreached Trouble = "unreachable" // network, time-out or the server's own failure
)

// Error is a failed pull. Text reads: what went wrong, then what to do.
type Error struct {
	Trouble Trouble
	Retry   time.Time // when asking again makes sense; zero: the caller's back-off
	Place   bool      // the whole place is affected, not just the account
	Err     error
}

func (e *Error) Error() string {
	if e.Retry.IsZero() {
		return fmt.Sprintf("%s: %v", e.Trouble, e.Err)
	}
	return fmt.Sprintf("%s until %s: %v", e.Trouble, e.Retry.UTC().Format("2006-01-02 15:04:05Z"), e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// NonsenseError is the error for an answer, or a cursor, that makes no sense.
func NonsenseError(format string, args ...any) error {
	return &Error{Trouble: Nonsense, Err: fmt.Errorf(format, args...)}
}
