package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/statements/match"
	"onrecord/statements/novelty"
	"onrecord/statements/summary"
)

// Desk is where the review loop takes unread posts from and puts decisions on
// the record.
type Desk interface {
	// NextUnread returns the oldest unread post with what is known around it,
	// or nil.
	NextUnread(ctx context.Context) (*Unread, error)
	// Earlier returns the newest statements on a case since a time, oldest first.
	Earlier(ctx context.Context, caseID string, since time.Time) ([]onrecord.Statement, error)
	// KeepReferred stores what posts say that others answer or quote, by id, and
	// which of them cannot be read, so that nobody is asked for them again.
	KeepReferred(ctx context.Context, source string, found map[string]string, gone []string) error
	// Record stores in one transaction that a post was read, why it was judged
	// as it was, the statements that changed, and what the released ones owe.
	// ErrLost: the post is to be judged anew, since more is known by now.
	// owed is pure and may be called again when the transaction is repeated.
	Record(ctx context.Context, r Reading, owed Owing) error
	// Release stores in one transaction that held statements are complete, and
	// what they owe: those that are due, or all of them.
	Release(ctx context.Context, all bool, owed Owing) error
	// NextRuling returns a person's verdict that nothing has followed from yet,
	// the oldest first, or nil.
	NextRuling(ctx context.Context) (*Ruling, error)
	// FollowRuling stores in one transaction what the verdict taught and, when it
	// accepts, the statement on the record with what it owes. ErrLost: it was
	// followed already, or more is known of the speaker by now.
	FollowRuling(ctx context.Context, r Ruling, taught json.RawMessage, owed Owing) error
	// NextRelease says when the next held statement, or post that waits for the
	// rest of a gap, is due; zero: none.
	NextRelease(ctx context.Context) (time.Time, error)
}

// Unread is a post that waits for review.
type Unread struct {
	Post     onrecord.Post // parent's and quoted post's text filled in where we have them
	Seen     time.Time
	Siblings int                  // other posts of the account in the same thread
	Next     time.Time            // when the next unread one of them was published; zero: none
	Thread   []string             // cases on which the thread has an accepted statement
	ReplyTo  []string             // likewise for the post it replies to
	Quotes   []string             // and the post it quotes
	Unasked  []string             // ids of the two where their words are not known and were never asked for
	Open     []onrecord.Statement // statements of the thread that are still held
	State    json.RawMessage      // what the matcher knows of the speaker; nil: nothing yet
	Again    []Standing           // when it was judged before: the cases on which it is judged once more
	Baseline string               // what it said when its account began to be watched; "" when it is new or unchanged since
}

// Reading is the result of reviewing one post.
type Reading struct {
	Post      onrecord.Post
	Speaker   string          // whose the state is: see [onrecord.Account.Stream]
	Known     json.RawMessage // before the post
	State     json.RawMessage // after it
	Decisions []Judged
	Again     bool // it was read before: decisions replace earlier ones, unless a person decided meanwhile
}

// Judged is a decision with what follows from it.
type Judged struct {
	onrecord.Decision
	Speaker   string              // whom a press account quotes; "" for all others
	Novelty   onrecord.Novelty    // "" when the post is not a statement
	Why       string              // of the novelty
	Statement *onrecord.Statement // to be stored: ID 0 is a new one
	Left      *onrecord.Statement // the borderline statement whose part the post was, without it; nil: none
	Notice    onrecord.NoticeKind // what the statement owes once it is released; "": nothing
	Release   time.Time           // hold it until then; not after now: release at once
}

// Owing renders a notice for each channel that follows its statement.
type Owing func(onrecord.Notice) []Due

// Due is a message owed to a channel.
type Due struct {
	Channel string
	Message notifiers.Message
	Error   string // the notice could not be rendered: the delivery is born dead
}

const (
	// A thread is held until its last part is this old, so that it is one message …
	threadPause = 90 * time.Second
	// … but never longer than this after its first part was seen.
	threadLimit = 5 * time.Minute
	// recordWindow is how far back a statement is compared with earlier ones.
	recordWindow = 30 * 24 * time.Hour
	// Soon is how long a statement is held for parts that are unread already:
	// unread posts are read before anything is released.
	Soon = time.Second
)

// tries is how often in a row a post, or a person's verdict, may come to nothing
// before it is left for a while: others cannot be quicker for ever.
const tries = 5

// review reads unread posts, oldest first, and releases held statements.
func (b *Bot) review(ctx context.Context) {
	failed := 0
	for ctx.Err() == nil {
		more, err := b.reviewNext(ctx)
		if err != nil {
			failed++
		} else {
			failed = 0
		}
		switch {
		case err == nil && more, errors.Is(err, ErrLost) && failed < tries:
			continue
		case err == nil || failed >= tries: // what else is due does not wait for a post that cannot be reviewed
			err = errors.Join(err, b.settleReview(ctx, false))
		}
		if err != nil {
			b.storeTrouble(ctx, "review", err)
			continue
		}
		b.deliverWake.ring()
		b.sleepUntil(ctx, b.reviewWake, b.desk.NextRelease)
	}
}

// settleReview follows what persons decided and releases what is complete.
// Neither waits for the other.
func (b *Bot) settleReview(ctx context.Context, all bool) error {
	err := b.followRulings(ctx)
	for {
		released := b.desk.Release(ctx, all, b.owed)
		if !b.wasSetAside(released) {
			return errors.Join(err, released)
		}
	}
}

// wasSetAside reports, and logs, that a damaged row is out of the way now.
func (b *Bot) wasSetAside(err error) bool {
	if !errors.Is(err, ErrSetAside) {
		return false
	}
	b.log.Error("everything but a damaged row goes on", "error", err)
	return true
}

// reviewNext reviews one post and reports whether there was one. ErrLost: it is
// to be reviewed anew.
func (b *Bot) reviewNext(ctx context.Context) (bool, error) {
	more, err := b.reviewOldest(ctx)
	if b.wasSetAside(err) {
		return true, nil
	}
	return more, err
}

func (b *Bot) reviewOldest(ctx context.Context) (bool, error) {
	u, err := b.desk.NextUnread(ctx)
	if err != nil || u == nil {
		return false, err
	}
	r, err := b.readSafely(ctx, *u)
	if err != nil {
		return false, err
	}
	if err := b.desk.Record(ctx, r, b.owed); err != nil {
		return false, fmt.Errorf("record what came of %s: %w", u.Post.Key(), err)
	}
	b.reportReading(r)
	b.deliverWake.ring()
	return true, nil
}

// readSafely keeps a post that breaks a rule from stopping all others: it is read,
// and a person is asked to look at it.
func (b *Bot) readSafely(ctx context.Context, u Unread) (r Reading, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			b.log.Error("a post could not be judged; please report it", "post", u.Post.Key(), "panic", broken, "stack", string(debug.Stack()))
			r, err = Reading{Post: u.Post, Again: u.Again != nil}, nil
			if r.Again { // the earlier decision stands
				return
			}
			for _, id := range b.accounts[u.Post.Account].Cases {
				r.Decisions = append(r.Decisions, Judged{Decision: onrecord.Decision{
					Case: id, Verdict: onrecord.Review, Evidence: []onrecord.Evidence{{Name: "could not be judged"}},
				}})
			}
		}
	}()
	return b.read(ctx, u)
}

// read judges one post against the cases of its account.
func (b *Bot) read(ctx context.Context, u Unread) (Reading, error) {
	account, ok := b.accounts[u.Post.Account]
	if !ok { // no longer configured: read, on no case
		return Reading{Post: u.Post}, nil
	}
	var state match.State
	if u.State != nil {
		if err := json.Unmarshal(u.State, &state); err != nil {
			b.log.Warn("what was known of a speaker is unreadable; starting anew", "speaker", account.Speaker, "error", err)
			state = match.State{}
		}
	}
	if u.Again != nil {
		return b.readAgain(ctx, account, u, state)
	}
	if account.Press() {
		return b.readPress(ctx, account, u, state)
	}
	decisions, next := b.matcher.Judge(around(u, account.Speaker, account.Cases), state)
	if asked, err := b.askFor(ctx, account, &u, decisions); err != nil {
		return Reading{}, err
	} else if asked {
		decisions, next = b.matcher.Judge(around(u, account.Speaker, account.Cases), state)
	}
	blob, err := json.Marshal(next)
	if err != nil {
		return Reading{}, fmt.Errorf("keep what is known of %s: %w", account.Speaker, err)
	}
	r := Reading{Post: u.Post, Speaker: account.Speaker, Known: u.State, State: blob}
	for _, d := range decisions {
		j, err := b.judge(ctx, account, u, d)
		if err != nil {
			return Reading{}, err
		}
		r.Decisions = append(r.Decisions, j)
	}
	return r, nil
}

// judge decides what an accepted or borderline post does to the record.
func (b *Bot) judge(ctx context.Context, account Account, u Unread, d onrecord.Decision) (Judged, error) {
	j := Judged{Decision: d}
	if d.Verdict == onrecord.Reject {
		return j, nil
	}
	earlier, err := b.desk.Earlier(ctx, d.Case, u.Seen.Add(-recordWindow))
	if err != nil {
		return j, err
	}
	if from := u.partOf(d.Case); from != nil { // it repeats nothing by being in doubt
		earlier = slices.DeleteFunc(earlier, func(s onrecord.Statement) bool { return s.ID == from.ID })
	}
	d = b.adjudicate(ctx, account, u, d, earlier)
	j.Decision = d
	lane := laneOf(d.Verdict)
	open := slices.IndexFunc(u.Open, func(s onrecord.Statement) bool { return s.Case == d.Case && s.Lane == lane })
	c := b.cases[d.Case]
	v := novelty.Judge(u.Post.Text, []string{u.Post.Key()}, record(c, account.Speaker, lane, earlier, u.Open))
	if v.Novelty == onrecord.New && open < 0 {
		if told := continues(earlier, u.Post); told != 0 {
			v.Novelty, v.Of, v.Why = onrecord.Expands, told, "goes on in the same thread"
		}
	}
	v, of := asShown(v, account.Speaker, earlier)
	j.Novelty, j.Why = v.Novelty, v.Why
	switch {
	case v.Novelty == onrecord.Mirror:
		j.fold(earlier[of], mention(u.Post, account))
		return j, nil
	case open >= 0:
		s := u.Open[open]
		first := s.First().Key()
		s.Parts = append(slices.Clip(s.Parts), u.Post)
		slices.SortStableFunc(s.Parts, onrecord.Less)
		if s.First().Key() != first {
			s.Added = nil // they were spans of what was the first part
		}
		j.Statement = &s
	default:
		j.Statement = b.statement(c, account, u, d, v, lane)
	}
	s := j.Statement
	j.Notice = onrecord.NewStatement
	j.Release = releaseAt(*s, u, b.book.Now())
	s.Summary = b.summarize(ctx, c, *s, earlier)
	if s.Lane == onrecord.Record && wordless(*s) {
		none := onrecord.Evidence{Name: "has no words of the speaker"}
		j.Verdict, j.Evidence = onrecord.Review, append(slices.Clip(j.Evidence), none)
		s.Lane, s.Reasons = onrecord.ForReview, j.Evidence
	}
	return j, nil
}

// laneOf is where the statement of a post goes that is not rejected.
func laneOf(v onrecord.Verdict) onrecord.Lane {
	if v == onrecord.Review {
		return onrecord.ForReview
	}
	return onrecord.Record
}

// asShown is a verdict on a speaker's words as readers can be told it, and which
// of the earlier statements it is about; -1: none.
func asShown(v novelty.Verdict, speaker string, earlier []onrecord.Statement) (novelty.Verdict, int) {
	of := slices.IndexFunc(earlier, func(s onrecord.Statement) bool { return s.ID == v.Of })
	if of < 0 {
		return v, of
	}
	if v.Novelty == onrecord.Mirror && earlier[of].Speaker != speaker {
		v.Novelty = onrecord.Restates // another person saying the same is news
	}
	if v.Novelty != onrecord.Mirror && earlier[of].Held {
		v.Novelty, v.Of, v.Added = onrecord.New, 0, nil // it has no number yet that a card could name
	}
	return v, of
}

// fold adds a place to the statement that was repeated there.
func (j *Judged) fold(s onrecord.Statement, m onrecord.Mention) {
	if !mentioned(s, m) {
		s.Mirrors = append(slices.Clip(s.Mirrors), m)
		j.Notice = onrecord.AlsoSaid
	}
	j.Statement = &s
}

// summarize writes what a card says, whatever the summarizer does.
func (b *Bot) summarize(ctx context.Context, c onrecord.Case, s onrecord.Statement, earlier []onrecord.Statement) onrecord.Summary {
	d := draft(c, s, earlier)
	written, err := b.summarizer.Summarize(ctx, d)
	if err != nil {
		b.log.Warn("summary failed; the card shows the words alone", "post", s.First().Key(), "error", err)
		return summary.Extract(d)
	}
	return written
}

// wordless is an article in which nobody is sure that the speaker speaks, or a
// repost: its words are not put on the record as the speaker's, and a person looks.
func wordless(s onrecord.Statement) bool {
	p := s.First()
	return len(s.Summary.Quotes) == 0 && (p.Kind == onrecord.Article || !p.OwnWords())
}

// continues finds the statement that told the thread the post goes on with.
func continues(earlier []onrecord.Statement, p onrecord.Post) int64 {
	for _, s := range slices.Backward(earlier) {
		if p.Thread != "" && !s.Held && s.Account == p.Account && s.First().Thread == p.Thread && s.Lane == onrecord.Record {
			return s.ID
		}
	}
	return 0
}

// mentioned reports whether the card already names the place: the statement was
// made there, or the parts of a cross-posted thread are one mention.
func mentioned(s onrecord.Statement, m onrecord.Mention) bool {
	return slices.ContainsFunc(s.Parts, func(p onrecord.Post) bool { return p.Key() == m.Post }) || slices.ContainsFunc(s.Mirrors, func(o onrecord.Mention) bool {
		return o.Post == m.Post || o.Account == m.Account && o.Thread == m.Thread && m.Thread != ""
	})
}

// statement opens a statement with the post as its first part.
func (b *Bot) statement(c onrecord.Case, account Account, u Unread, d onrecord.Decision, v novelty.Verdict, lane onrecord.Lane) *onrecord.Statement {
	who, _ := c.Find(account.Speaker)
	s := &onrecord.Statement{
		Case: d.Case, Speaker: account.Speaker, Role: who.Role, Account: account.ID, Lane: lane,
		Parts: []onrecord.Post{u.Post}, Novelty: v.Novelty, Prior: v.Of,
		Reasons: d.Evidence, Score: d.Score, Seen: u.Seen,
	}
	for _, a := range v.Added {
		s.Added = append(s.Added, onrecord.Span{Start: a.Start, End: a.End})
	}
	return s
}

// record is what a post is compared with. Statements that are still held belong
// to the same thread and repeat nothing. What is sure is never folded into what
// only a reviewer has seen.
func record(c onrecord.Case, speaker string, lane onrecord.Lane, earlier, open []onrecord.Statement) []novelty.Earlier {
	var es []novelty.Earlier
	for _, s := range earlier {
		if lane == onrecord.Record && s.Lane != lane {
			continue
		}
		if slices.ContainsFunc(open, func(o onrecord.Statement) bool { return o.ID == s.ID }) {
			continue
		}
		e := novelty.Earlier{ID: s.ID, Text: texts(s), At: s.Seen, SameSide: side(c, s.Speaker) == side(c, speaker)}
		for _, p := range s.Parts {
			e.Posts = append(e.Posts, p.Key())
		}
		es = append(es, e)
	}
	return es
}

// side is the party a speaker speaks for: itself, or the party its role names.
func side(c onrecord.Case, speaker string) string {
	who, _ := c.Find(speaker)
	for _, p := range c.Parties {
		if p.Name == who.Name {
			return p.Name
		}
	}
	for _, p := range c.Parties {
		for _, name := range append([]string{p.Name}, p.Aliases...) {
			if strings.Contains(strings.ToLower(who.Role), strings.ToLower(name)) {
				return p.Name
			}
		}
	}
	return speaker
}

func texts(s onrecord.Statement) string {
	var ts []string
	if s.Via != "" { // the rest of an article is nobody's
		for _, q := range s.Summary.Quotes {
			ts = append(ts, s.Quoted(q))
		}
		return strings.Join(ts, "\n")
	}
	for _, p := range s.Parts {
		ts = append(ts, p.Text)
	}
	return strings.Join(ts, "\n")
}

func draft(c onrecord.Case, s onrecord.Statement, earlier []onrecord.Statement) summary.Draft {
	who, ok := c.Find(s.Speaker)
	if !ok {
		who = onrecord.Person{Name: s.Speaker}
	}
	d := summary.Draft{Case: c, Speaker: who, Parts: s.Parts}
	if s.Via != "" { // nothing else in the article is the speaker's
		d.Quotes = s.Summary.Quotes
	}
	for _, e := range earlier {
		if e.Speaker == s.Speaker && e.ID != s.ID {
			d.Earlier = append(d.Earlier, texts(e))
		}
	}
	return d
}

func mention(p onrecord.Post, a Account) onrecord.Mention {
	return onrecord.Mention{Post: p.Key(), Thread: p.Thread, Account: a.ID, Source: a.Source, URL: p.URL, At: p.Created}
}

// numbered recognises a part that announces more: "1/", "1/4", a thread sign.
var numbered = regexp.MustCompile(`(^|[\s(\[])\d{1,2}/(\d{1,2})?([\s)\].:]|$)|🧵`)

// releaseAt says until when a statement waits for the rest of its thread. A post
// that shows no sign of a thread waits for nothing; one whose next part is
// already here waits for it, however long ago both were said.
func releaseAt(s onrecord.Statement, u Unread, now time.Time) time.Time {
	if u.Post.Kind != onrecord.Thread && u.Siblings == 0 && len(s.Parts) == 1 && !numbered.MatchString(u.Post.Text) {
		return time.Time{}
	}
	last := s.Parts[len(s.Parts)-1]
	said := last.Created
	if !last.Dated {
		said = u.Seen
	}
	at := earliest(said.Add(threadPause), s.Seen.Add(threadLimit))
	if soon := now.Add(Soon); !u.Next.IsZero() && u.Next.Sub(said) <= threadPause && at.Before(soon) {
		return soon
	}
	return at
}

// owed renders a notice for every channel that follows the statement.
func (b *Bot) owed(n onrecord.Notice) (dues []Due) {
	s := n.Statement
	n.Case = b.cases[s.Case]
	for _, id := range b.order {
		ch := b.channels[id]
		if ch.Notifier == nil || !ch.follows(s) {
			continue
		}
		dues = append(dues, b.rendered(ch, n))
	}
	return dues
}

func (b *Bot) reportReading(r Reading) {
	for _, j := range r.Decisions {
		log := b.log.With("post", r.Post.Key(), "case", j.Case, "score", j.Score)
		switch {
		case j.Verdict == onrecord.Reject:
			log.Debug("not a statement")
		case j.Statement == nil:
			log.Warn("left for a person")
		case j.Novelty == onrecord.Mirror:
			log.Info("said before", "statement", onrecord.StatementNumber(j.Statement.ID))
		default:
			log.Info("statement recorded", "lane", j.Statement.Lane, "novelty", j.Novelty)
		}
	}
}
