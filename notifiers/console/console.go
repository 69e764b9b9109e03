// Package console delivers to the terminal. Its channels need no address and
// cannot fail but by the terminal itself.
//
// A message is the finished card: its width and its colours are those of the
// terminal that the notifier was opened with, so one that is shown after a
// restart in another terminal keeps the old ones.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/statements/card"
)

// Kind describes the terminal.
func Kind() notifiers.Kind {
	return notifiers.Kind{
		Name:   "console",
		Config: func() notifiers.Config { return &config{} },
		Channel: func(to notifiers.Target) error {
			if to.Lane == onrecord.Published {
				return errors.New("a terminal publishes nothing: only an announcement channel of Discord's does")
			}
			if to.Address != "" {
				return errors.New("a console channel has no address: there is one terminal")
			}
			return nil
		},
	}
}

type config struct{}

// Validate implements [notifiers.Config].
func (*config) Validate() error { return nil }

// Open implements [notifiers.Config].
func (*config) Open(env notifiers.Env) (notifiers.Notifier, error) {
	n := &notifier{to: env.Terminal, paper: paper{color: env.Color, width: min(max(env.Width, minWidth), maxWidth)}}
	if env.Width == 0 {
		n.paper.width = usualWidth
	}
	if n.to == nil {
		n.to = os.Stdout
	}
	return n, nil
}

// Widths in columns: lines longer than about 90 are hard to read.
const (
	usualWidth = 80
	minWidth   = 40
	maxWidth   = 90
)

type notifier struct {
	paper paper
	mu    sync.Mutex // cards of several channels do not mix
	to    io.Writer
}

// Render implements [notifiers.Notifier].
func (n *notifier) Render(notice onrecord.Notice) (notifiers.Message, error) {
	p := n.paper
	switch of := notice.(type) {
	case onrecord.RedactedNotice: // a terminal changes nothing, and the fate was told
		return notifiers.Message{Body: []byte(p.takenOut(of.Statement))}, nil
	case onrecord.FateNotice:
		f, err := card.FateOf(of)
		if err != nil {
			return notifiers.Message{}, err
		}
		return notifiers.Message{Body: []byte(p.fate(f, of.Fate))}, nil
	case onrecord.GapNotice:
		return notifiers.Message{Body: []byte(p.gap(of.Gap))}, nil
	case onrecord.DigestNotice:
		return notifiers.Message{Body: []byte(p.digest(card.DigestOf(of.Digest)))}, nil
	case onrecord.FilingsNotice:
		return notifiers.Message{Body: []byte(p.digest(card.FilingsOf(of)))}, nil
	case onrecord.IncidentNotice:
		return notifiers.Message{Body: []byte(p.incident(card.IncidentOf(of.Incident)))}, nil
	case onrecord.CorrectionNotice:
		return notifiers.Message{Body: []byte(p.answer(of))}, nil
	case onrecord.CorrectedNotice:
		c, err := card.Of(of.Statement, of.Case)
		if err != nil {
			return notifiers.Message{}, err
		}
		return notifiers.Message{Body: []byte(p.card(c))}, nil
	case onrecord.AlsoSaidNotice:
		c, err := card.Of(of.Statement, of.Case)
		if err != nil {
			return notifiers.Message{}, err
		}
		return notifiers.Message{Body: []byte(p.alsoSaid(c))}, nil
	case onrecord.StatementNotice:
		c, err := card.Of(of.Statement, of.Case)
		if err != nil {
			return notifiers.Message{}, err
		}
		return notifiers.Message{Body: []byte(p.card(c))}, nil
	}
	return notifiers.Message{}, fmt.Errorf("the terminal has no form for %T", notice)
}

// Send implements [notifiers.Notifier]. Of files it shows the names and the
// descriptions. The receipt is empty: a terminal gives none.
func (n *notifier) Send(_ context.Context, to notifiers.Target, m notifiers.Message, _ string) (notifiers.Receipt, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := n.paper
	written, err := n.to.Write(append(slices.Clip(m.Body), p.files(m.Files)...))
	switch {
	case err == nil:
		return notifiers.Receipt{}, nil
	case written == 0:
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Retry, Err: fmt.Errorf("write to the terminal for channel %s: %w", to.ID, err)}
	default:
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Unknown, Err: fmt.Errorf("write to the terminal for channel %s: stopped after %d bytes: %w", to.ID, written, err)}
	}
}
