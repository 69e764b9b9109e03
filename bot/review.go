package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/statements"
)

// Reviews is where the review loop takes unread posts from and puts findings on
// the record.
type Reviews interface {
	// NextUnread returns the oldest unread post with what is known around it,
	// or nil.
	NextUnread(ctx context.Context) (*Unread, error)
	// Earlier returns the newest statements on cases since a time, by case, oldest
	// first. They may be shared: whoever gets them changes none.
	Earlier(ctx context.Context, cases []string, since time.Time) (map[string][]onrecord.Statement, error)
	// KeepReferred stores what posts say that others answer or quote, by id, and
	// which of them cannot be read, so that nobody is asked for them again.
	KeepReferred(ctx context.Context, source string, found map[string]string, gone []string) error
	// Record stores in one transaction that a post was read, the findings and their
	// effects, and what the released statements owe. ErrLost: the post is to be
	// read anew, since more is known by now.
	// It returns the id of the statement that each
	// finding led to; 0: none.
	Record(ctx context.Context, r statements.Reading, to Audience) ([]int64, error)
	// Release stores in one transaction that held statements are complete, and
	// what they owe: those that are due, or all of them.
	Release(ctx context.Context, all bool, to Audience) error
	// NextRuling returns a person's decision that nothing has followed from yet,
	// the oldest first, or nil.
	NextRuling(ctx context.Context) (*statements.Ruling, error)
	// FollowRuling stores in one transaction what follows from a ruling, and what
	// that owes. ErrLost: it was followed already, or more is known of the speaker by now.
	FollowRuling(ctx context.Context, r statements.Ruling, follows statements.Ruled, to Audience) error
	// NextRelease says when the next held statement, or post that waits for the
	// rest of a gap, is due; zero: none.
	NextRelease(ctx context.Context) (time.Time, error)
}

// Unread is a post that waits for review.
type Unread struct {
	Post  onrecord.Post // parent's and quoted post's text filled in where we have them
	Known statements.Known
}

// Audience are the channels that can be told of a statement, in configured order.
type Audience []Follower

// Follower is a channel with the lane and the cases it shows.
type Follower struct {
	Channel string
	Lane    onrecord.Lane
	Cases   []string
}

// Of returns the channels in which a statement is shown.
func (a Audience) Of(s onrecord.Statement) (channels []string) {
	for _, f := range a {
		if f.Lane == s.Lane && slices.Contains(f.Cases, s.Case) {
			channels = append(channels, f.Channel)
		}
	}
	return channels
}

// tries is how often in a row a post, or a person's verdict, may come to nothing
// before it is left for a while: others cannot be quicker for ever.
const tries = 5

// reviewer reads unread posts and puts what they come to on the record.
type reviewer struct {
	loop
	reviews    Reviews
	reader     PostReader
	accounts   map[string]Account
	audience   Audience
	sources    map[string]sources.Source
	summarizer Summarizer
	owed       bell // rung when there is something to deliver

	mu     sync.Mutex
	asked  map[string]int64     // what became of questions for referred posts
	silent map[string]time.Time // until when a source is not asked for them
}

func newReviewer(s Setup, l loop, owed bell) *reviewer {
	r := &reviewer{
		loop: l, reviews: s.Reviews, reader: s.Reader, accounts: s.accounts(), sources: s.Sources, summarizer: s.Summarizer, owed: owed,
		asked: map[string]int64{}, silent: map[string]time.Time{},
	}
	for _, c := range s.Channels {
		if c.Notifier != nil {
			r.audience = append(r.audience, Follower{c.ID, c.Lane, c.Cases})
		}
	}
	return r
}

// run reads unread posts, oldest first, and releases held statements, until the
// context ends.
func (r *reviewer) run(ctx context.Context) {
	failed := 0
	for ctx.Err() == nil {
		more, err := r.reviewNext(ctx)
		if err != nil {
			failed++
		} else {
			failed = 0
		}
		switch {
		case err == nil && more, errors.Is(err, ErrLost) && failed < tries:
			continue
		case err == nil || failed >= tries: // what else is due does not wait for a post that cannot be reviewed
			err = errors.Join(err, r.settle(ctx, false))
		}
		if err != nil {
			r.storeTrouble(ctx, "review", err)
			continue
		}
		r.owed.ring()
		r.sleepUntil(ctx, r.reviews.NextRelease)
	}
}

// once reviews every unread post and releases every held statement.
func (r *reviewer) once(ctx context.Context) error {
	for lost := 0; ; {
		more, err := r.reviewNext(ctx)
		switch {
		case errors.Is(err, ErrLost) && lost < tries:
			lost++
		case err != nil:
			return err
		case !more:
			return r.settle(ctx, true)
		default:
			lost = 0
		}
	}
}

// settle follows what persons decided and releases what is complete.
// Neither waits for the other.
func (r *reviewer) settle(ctx context.Context, all bool) error {
	err := r.followRulings(ctx)
	for {
		released := r.reviews.Release(ctx, all, r.audience)
		if !r.wasSetAside(released) {
			return errors.Join(err, released)
		}
	}
}

// wasSetAside reports, and logs, that a damaged row is out of the way now.
func (r *reviewer) wasSetAside(err error) bool {
	if !errors.Is(err, ErrSetAside) {
		return false
	}
	r.log.Error("everything but a damaged row goes on", "error", err)
	return true
}

// reviewNext reviews one post and reports whether there was one. ErrLost: it is
// to be reviewed anew.
func (r *reviewer) reviewNext(ctx context.Context) (bool, error) {
	more, err := r.reviewOldest(ctx)
	if r.wasSetAside(err) {
		return true, nil
	}
	return more, err
}

// reviewOldest takes the oldest unread post: load, read, record.
func (r *reviewer) reviewOldest(ctx context.Context) (bool, error) {
	u, err := r.load(ctx)
	if err != nil || u == nil {
		return false, err
	}
	reading, err := r.read(ctx, *u)
	if err != nil {
		return false, err
	}
	if _, err := r.reviews.Record(ctx, reading, r.audience); err != nil {
		return false, fmt.Errorf("record what came of %s: %w", u.Post.Key(), err)
	}
	r.report(reading)
	r.owed.ring()
	return true, nil
}

// load takes the next unread post with all that is known around it.
func (r *reviewer) load(ctx context.Context) (*Unread, error) {
	u, err := r.reviews.NextUnread(ctx)
	if err != nil || u == nil {
		return nil, err
	}
	u.Known.Now = r.clock.Now()
	u.Known.Earlier, err = r.reviews.Earlier(ctx, r.accounts[u.Post.Account].Cases, u.Known.Seen.Add(-statements.RecordWindow))
	return u, err
}

// read reads a post as its account's. One whose account is no longer configured is
// read on no case.
func (r *reviewer) read(ctx context.Context, u Unread) (statements.Reading, error) {
	account, ok := r.accounts[u.Post.Account]
	if !ok {
		return statements.Reading{Post: u.Post}, nil
	}
	return r.reader.Read(ctx, u.Post, account.Account, u.Known, asker{r, account})
}

// followRulings does what follows from persons' decisions.
func (r *reviewer) followRulings(ctx context.Context) error {
	lost := 0
	for ctx.Err() == nil {
		ruling, err := r.reviews.NextRuling(ctx)
		if r.wasSetAside(err) {
			continue
		}
		if err != nil || ruling == nil {
			return err
		}
		err = r.reviews.FollowRuling(ctx, *ruling, r.reader.Rule(*ruling), r.audience)
		if errors.Is(err, ErrLost) { // another replica was first, or a post was judged meanwhile
			if lost++; lost < tries {
				continue
			}
		}
		if err != nil {
			return fmt.Errorf("follow a person's verdict on %s: %w", ruling.Statement.Number(), err)
		}
		lost = 0
		r.log.Info("a person decided", "statement", ruling.Statement.Number(), "verdict", ruling.Verdict)
		r.owed.ring()
	}
	return ctx.Err()
}

func (r *reviewer) report(reading statements.Reading) {
	if reading.Fault != nil {
		r.log.Error("a post could not be judged; please report it", "post", reading.Post.Key(), "fault", reading.Fault)
	}
	for _, f := range reading.Findings {
		log := r.log.With("post", reading.Post.Key(), "case", f.Case, "score", f.Score)
		switch e := f.Effect.(type) {
		case statements.Repeats:
			log.Info("said before", "statement", e.Statement.Number())
		case statements.Nothing:
			if f.Verdict == onrecord.Review {
				log.Warn("left for a person")
			} else {
				log.Debug("not a statement")
			}
		default:
			log.Info("statement recorded", "novelty", f.Novelty, "verdict", f.Verdict)
		}
	}
}
