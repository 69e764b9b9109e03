package eval

import (
	"context"
	"sync"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements/summary"
)

// Model is whom a replay asks, and notes about which posts. Nil is nobody.
type Model struct {
	bot.Classifier
	CandidatesOnly bool // see [bot.Setup]

	mu    sync.Mutex
	asked map[askedAbout]bool
}

type askedAbout struct{ caseID, post string }

func (m *Model) note(drafts ...summary.Draft) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.asked == nil {
		m.asked = map[askedAbout]bool{}
	}
	for _, d := range drafts {
		m.asked[askedAbout{d.Case.ID, d.Parts[0].Key()}] = true
	}
}

// wasAsked reports whether the model was shown a post for a case, alone or with others.
func (m *Model) wasAsked(caseID string, p onrecord.Post) bool {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked[askedAbout{caseID, p.Key()}]
}

// Summarize implements [bot.Summarizer]. What a card says is not measured.
func (*Model) Summarize(_ context.Context, d summary.Draft) (onrecord.Summary, error) {
	return summary.Extract(d), nil
}

// Classify implements [bot.Classifier].
func (m *Model) Classify(ctx context.Context, d summary.Draft) (onrecord.Opinion, error) {
	m.note(d)
	return m.Classifier.Classify(ctx, d)
}

// Propose implements [bot.Proposer].
func (m *Model) Propose(ctx context.Context, d summary.Draft) ([]onrecord.Proposal, string, error) {
	proposer, ok := m.Classifier.(bot.Proposer)
	if !ok {
		return nil, "", errNoAnswer
	}
	m.note(d)
	return proposer.Propose(ctx, d)
}

// Screen implements [bot.Classifier].
func (m *Model) Screen(ctx context.Context, drafts []summary.Draft) ([]bool, string, error) {
	m.note(drafts...)
	return m.Classifier.Screen(ctx, drafts)
}
