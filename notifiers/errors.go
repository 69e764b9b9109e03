package notifiers

import (
	"fmt"
	"time"
)

// Outcome says what a failed attempt means for the delivery.
type Outcome string

// The outcomes of a failed attempt.
const (
	Retry     Outcome = "retry"     // certainly not delivered: send again at Error.At
	Unknown   Outcome = "unknown"   // may have been delivered
	Permanent Outcome = "permanent" // will not get better by repeating
	Settled   Outcome = "settled"   // delivered earlier and removed since: never repeat
)

// Scope says how far a failure reaches.
type Scope string

// The scopes. Beyond one delivery the deliveries stay owed and wait for the operator.
const (
	OneDelivery  Scope = "delivery"
	OneReader    Scope = "reader" // who cannot be told any more: nothing waits for them
	WholeChannel Scope = "channel"
	WholePlace   Scope = "notifier"
)

// Error is a failed attempt. Text says what to do where a person can help.
type Error struct {
	Outcome Outcome
	Scope   Scope     // how far the failure, or the wait, reaches; "" is OneDelivery
	At      time.Time // for Retry: when; zero: the caller's back-off
	Free    bool      // does not count as an attempt: a rate limit, or nothing was sent
	Code    string    // the place's own code, for the log
	Cure    string    // an address where a person mends it by a click; ""
	Err     error
}

func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("%s: %v", e.Outcome, e.Err)
	}
	return fmt.Sprintf("%s (%s): %v", e.Outcome, e.Code, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }
