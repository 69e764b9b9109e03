package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"onrecord"
	"onrecord/statements/match"
)

// Ruling is a person's verdict on a borderline statement, which nothing has
// followed from yet.
type Ruling struct {
	Statement onrecord.Statement
	Verdict   onrecord.Verdict // Accept or Reject
	State     json.RawMessage  // what the matcher knows of the speaker; nil: nothing yet
}

// followRulings teaches the matcher what persons decided, and puts on the record
// what they accepted.
func (b *Bot) followRulings(ctx context.Context) error {
	lost := 0
	for ctx.Err() == nil {
		r, err := b.desk.NextRuling(ctx)
		if b.wasSetAside(err) {
			continue
		}
		if err != nil || r == nil {
			return err
		}
		taught, err := b.taught(*r)
		if err != nil {
			return err
		}
		err = b.desk.FollowRuling(ctx, *r, taught, b.owed)
		if errors.Is(err, ErrLost) { // another replica was first, or a post was judged meanwhile
			if lost++; lost < tries {
				continue
			}
		}
		if err != nil {
			return fmt.Errorf("follow a person's verdict on %s: %w", r.Statement.Number(), err)
		}
		lost = 0
		b.log.Info("a person decided", "statement", r.Statement.Number(), "verdict", r.Verdict)
		b.deliverWake.ring()
	}
	return ctx.Err()
}

// taught is what the matcher knows of the speaker after the verdict.
func (b *Bot) taught(r Ruling) (json.RawMessage, error) {
	var state match.State
	if r.State != nil {
		if err := json.Unmarshal(r.State, &state); err != nil {
			b.log.Warn("what was known of a speaker is unreadable; starting anew", "speaker", r.Statement.Speaker, "error", err)
			state = match.State{}
		}
	}
	for _, p := range r.Statement.Parts {
		state = b.matcher.Teach(p, r.Statement.Case, r.Verdict == onrecord.Accept, state)
	}
	blob, err := json.Marshal(state)
	if err != nil {
		return nil, fmt.Errorf("keep what is known of %s: %w", r.Statement.Speaker, err)
	}
	return blob, nil
}
