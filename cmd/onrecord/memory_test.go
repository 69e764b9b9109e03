package main

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/statements"
)

// memory is a record in a few slices. Whatever is read with it is read without a
// database, a source or a clock.
type memory struct {
	now        time.Time
	reader     *statements.Reader
	ask        statements.Asker
	accounts   map[string]onrecord.Account
	profiles   map[string]statements.Profile
	posts      []*pastPost
	statements []onrecord.Statement // by id, from 1
	gone       map[int64]bool       // statements that stand under another id, or lost all their posts
	holds      map[int64]statements.Hold
}

// pastPost is a post with the decisions on it.
type pastPost struct {
	onrecord.Post
	decisions []bot.StoredDecision
	unread    bool
	again     map[string]bool // cases it is to be read again on (true), or was (false)
}

func newMemory(cfg *config.Config) *memory {
	m := &memory{
		now: time.Now(), reader: statements.NewReader(cfg.Cases, cfg.Accounts...), ask: statements.Offline{}, accounts: map[string]onrecord.Account{}, profiles: map[string]statements.Profile{},
		gone: map[int64]bool{}, holds: map[int64]statements.Hold{},
	}
	for _, a := range cfg.Accounts {
		m.accounts[a.ID] = a
	}
	return m
}

// read reads posts that arrived together, and those that it has to read again for
// them. Each was seen when it was published.
func (m *memory) read(t *testing.T, posts []onrecord.Post) {
	t.Helper()
	for _, p := range posts {
		m.posts = append(m.posts, &pastPost{Post: p, unread: true, again: map[string]bool{}})
	}
	for {
		i := slices.IndexFunc(m.posts, func(p *pastPost) bool { return p.unread })
		if i < 0 {
			break
		}
		p := m.posts[i]
		post, known := m.around(p)
		reading, err := m.reader.Read(t.Context(), post, m.accounts[p.Account], known, m.ask)
		if err != nil || reading.Fault != nil {
			t.Fatalf("read %s: %v, %v", p.Key(), err, reading.Fault)
		}
		m.keep(p, reading)
	}
	clear(m.holds)
}

// around is a post and what is known around it.
func (m *memory) around(p *pastPost) (onrecord.Post, statements.Known) {
	post, account := p.Post, m.accounts[p.Account]
	k := statements.Known{Now: m.now, Seen: p.Created, Profile: m.profiles[account.ProfileKey()], Earlier: map[string][]onrecord.Statement{}}
	for _, id := range account.Cases {
		for _, s := range m.statements {
			if s.Case == id && !m.gone[s.ID] {
				s.Held = m.heldUntil(s.ID).After(m.now)
				k.Earlier[id] = append(k.Earlier[id], s)
			}
		}
	}
	for _, s := range m.statements {
		if p.Thread == "" || s.Account != p.Account || s.First().Thread != p.Thread || m.gone[s.ID] {
			continue
		}
		if s.Lane == onrecord.Record && !slices.Contains(k.Thread, s.Case) {
			k.Thread = append(k.Thread, s.Case)
		}
		if until := m.heldUntil(s.ID); until.After(m.now) && until.After(p.Created) {
			s.Held = true
			k.Held = append(k.Held, s)
		}
	}
	post.ReplyTo, k.ReplyTo = m.referred(p.ReplyTo)
	post.Quotes, k.Quotes = m.referred(p.Quotes)
	for _, o := range m.posts {
		inThread := p.Thread != "" && o.Account == p.Account && o.Thread == p.Thread
		if o == p || !inThread && (p.ReplyTo == nil || o.ID != p.ReplyTo.ID) {
			continue
		}
		if inThread {
			k.Siblings++
			if o.unread && (k.Next.IsZero() || o.Created.Before(k.Next)) {
				k.Next = o.Created
			}
		}
		for _, d := range o.decisions {
			_, again := o.again[d.Decision.Case]
			k.Nearby = append(k.Nearby, statements.Nearby{
				Post: onrecord.PostID{Account: o.Account, ID: o.ID}, Seen: o.Created, Case: d.Decision.Case, Label: d.Decision.Label, Moderated: d.Moderation != "", Again: again,
			})
		}
	}
	for _, d := range p.decisions {
		if !p.again[d.Decision.Case] {
			continue
		}
		b := statements.Before{Case: d.Decision.Case, Label: d.Decision.Label, Moderated: d.Moderation != ""}
		if s := d.Statement; s != 0 && m.statements[s-1].Lane == onrecord.ForReview && !m.gone[s] {
			b.Statement = &m.statements[s-1]
		}
		k.Before = append(k.Before, b)
	}
	return post, k
}

// referred is a reference with its words, and the cases on which it is a statement.
func (m *memory) referred(ref *onrecord.Ref) (*onrecord.Ref, []string) {
	if ref == nil {
		return nil, nil
	}
	filled, cases := *ref, []string(nil)
	for _, o := range m.posts {
		if o.ID != ref.ID {
			continue
		}
		if filled.Text == "" {
			filled.Text = o.Text
		}
		for _, d := range o.decisions {
			if d.Decision.Label == onrecord.Accept || d.Moderation == onrecord.Accept {
				cases = append(cases, d.Decision.Case)
			}
		}
	}
	return &filled, cases
}

// keep does to the record what a reading says.
func (m *memory) keep(p *pastPost, r statements.Reading) {
	p.unread = false
	for id := range p.again {
		p.again[id] = false
	}
	if r.Learned != nil {
		m.profiles[r.ProfileKey] = *r.Learned
	}
	for _, f := range r.Findings {
		d := bot.StoredDecision{Post: p.Post, Speaker: f.Speaker, Decision: f.Decision, Novelty: f.Novelty, Why: f.Why, Statement: m.follow(f.Effect)}
		if i := slices.IndexFunc(p.decisions, func(o bot.StoredDecision) bool { return o.Decision.Case == f.Case && o.Speaker == f.Speaker }); i >= 0 {
			p.decisions[i] = d
		} else {
			p.decisions = append(p.decisions, d)
		}
		m.mark(f.Case, f.Reread)
	}
}

// mark makes posts unread that are to be read again.
func (m *memory) mark(caseID string, posts []onrecord.PostID) {
	for _, p := range m.posts {
		if slices.Contains(posts, onrecord.PostID{Account: p.Account, ID: p.ID}) {
			p.unread, p.again[caseID] = true, true
		}
	}
}

// follow does what an effect says and returns the statement it led to; 0: none.
func (m *memory) follow(e statements.Effect) int64 {
	switch e := e.(type) {
	case statements.Opens:
		e.Statement.ID = int64(len(m.statements) + 1)
		m.statements = append(m.statements, e.Statement)
		m.hold(e.Statement.ID, e.Hold)
		return e.Statement.ID
	case statements.Joins:
		m.statements[e.Statement.ID-1] = e.Statement
		m.hold(e.Statement.ID, e.Hold)
		return e.Statement.ID
	case statements.Repeats:
		m.statements[e.Statement.ID-1] = e.Statement
		return e.Statement.ID
	case statements.Moves:
		m.statements[e.From.ID-1] = e.From
		m.gone[e.From.ID] = len(e.From.Parts) == 0
		return m.follow(e.To)
	}
	return 0
}

func (m *memory) hold(statement int64, h statements.Hold) {
	if was := m.holds[statement].Look; was.After(h.Look) {
		h.Look = was
	}
	m.holds[statement] = h
}

// heldUntil is when a statement is held no longer.
func (m *memory) heldUntil(statement int64) time.Time {
	h := m.holds[statement]
	if h.Look.After(h.Parts) {
		return h.Look
	}
	return h.Parts
}

// rule does what follows from a person's decision about a borderline statement,
// which is that of its first post.
func (m *memory) rule(post string, v onrecord.Label) {
	i := slices.IndexFunc(m.statements, func(s onrecord.Statement) bool { return s.First().Key() == post && s.Lane == onrecord.ForReview })
	s := m.statements[i]
	stream := s.ProfileKey()
	_, known := m.around(m.posts[slices.IndexFunc(m.posts, func(p *pastPost) bool { return p.Key() == post })])
	ruled := m.reader.Moderate(statements.Moderation{Statement: s, Label: v, Profile: m.profiles[stream], Nearby: known.Nearby})
	m.profiles[stream] = ruled.Learned
	leads := s.ID
	if ruled.Statement != nil {
		m.gone[s.ID] = true
		leads = m.follow(statements.Opens{Statement: *ruled.Statement})
	}
	for _, p := range m.posts {
		for i := range p.decisions {
			if d := &p.decisions[i]; d.Statement == s.ID {
				d.Moderation, d.Statement = v, leads
			}
		}
	}
	m.mark(s.Case, ruled.Reread)
}

// answers are the decisions, one a line: on which post, what and why, and the
// first post of the statement it led to.
func (m *memory) answers() []string {
	var list []bot.StoredDecision
	for _, p := range m.posts {
		list = append(list, p.decisions...)
	}
	return answers(list, m.statements)
}

func answers(list []bot.StoredDecision, record []onrecord.Statement) (lines []string) {
	for _, d := range list {
		led := "nothing"
		for _, s := range record {
			if cmp.Or(s.No, s.ID) == d.Statement { // the record in memory has no numbers
				led = fmt.Sprintf("%s of %d parts by %s from %s, quoting %d", s.Lane, len(s.Parts), s.Speaker, s.First().Key(), len(s.Summary.Quotes))
			}
		}
		lines = append(lines, fmt.Sprintf("%s, %s %q: %s (%s without a model, quiet: %t) %.2f %+v by rules %s, %s %s, to %s", d.Post.Key(), d.Decision.Case, d.Speaker, d.Decision.Label, d.Decision.Without, d.Decision.Quiet, d.Decision.Score, d.Decision.Reasons, d.Decision.Ruleset, d.Novelty, d.Why, led))
	}
	return lines
}
