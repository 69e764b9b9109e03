package bot

import (
	"context"
	"errors"
	"time"

	"onrecord"
)

// MadeAccount is an account that people at a place had tracked, as a configuration would
// say it. It stands in none.
type MadeAccount struct {
	ID          string // of the account
	Source      string
	Handle, URL string
	Speaker     string   // a name of a case; "*": it quotes others
	Cases       []string // none: every one that names the speaker
	By          string   // who had it tracked
	Made        time.Time
}

// MostTracked bounds how many there are: each is read for as long as it is tracked.
const MostTracked = 200

// Errors of [Tracking].
var (
	ErrTracked   = errors.New("it is tracked already")
	ErrUntracked = errors.New("nobody at a place had it tracked")
	ErrTooMany   = errors.New("there are as many as there can be")
)

// Tracking are the accounts that people made.
type Tracking interface {
	// MadeAccounts returns them, in the order they were made.
	MadeAccounts(ctx context.Context) ([]MadeAccount, error)
	// Track stores one. The error may be [ErrTracked] or [ErrTooMany].
	Track(ctx context.Context, m MadeAccount, c MadeChange) error
	// Untrack ends it. What was read stays. The error may be [ErrUntracked].
	Untrack(ctx context.Context, id string, c MadeChange) error
}

// Prospect is an account before it is tracked: what it is, and what would become of it.
type Prospect struct {
	Account MadeAccount
	Newest  *onrecord.Post // nil: it shows none
	Looked  int            // posts that were looked at
	Posted  int            // of those: would have been posted
	Waiting int            // … would wait for a person
}
