package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	// KeepContext stores what posts say that others answer, quote or go on from, by
	// id, and which of them cannot be read, so that nobody is asked for them again. Of
	// the source "" ids are addresses of pages, and what they say is their titles.
	KeepContext(ctx context.Context, source string, found map[string]statements.Words, gone []string) error
	// Around returns the account's other posts around one, oldest first: of its
	// thread, and those it published before it since a time. Both are bounded.
	Around(ctx context.Context, p onrecord.Post, since time.Time) (thread, before []onrecord.Post, err error)
	// Filed returns what accounts published from a time to another, oldest first.
	Filed(ctx context.Context, accounts []string, from, until time.Time) ([]onrecord.Post, error)
	// NextInLine returns the next unread posts, so many at most; they stay unread.
	NextInLine(ctx context.Context, limit int) ([]onrecord.Post, error)
	// Record stores in one transaction that a post was read, the findings and their
	// effects, and what the released statements owe. ErrLost: the post is to be
	// read anew, since more is known by now.
	// It returns the id of the statement that each
	// finding led to; 0: none.
	Record(ctx context.Context, r statements.Reading, to Audience) ([]int64, error)
	// Release stores in one transaction that held statements are complete, and
	// what they owe: those that are due, or all of them.
	Release(ctx context.Context, all bool, to Audience) error
	// NextModeration returns a person's decision that nothing has followed from yet,
	// the oldest first, or nil.
	NextModeration(ctx context.Context) (*statements.Moderation, error)
	// FollowModeration stores in one transaction what follows from a ruling, and what
	// that owes. ErrLost: it was followed already, or more is known of the speaker by now.
	FollowModeration(ctx context.Context, r statements.Moderation, follows statements.Moderated, to Audience) error
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
	Only    Selection // of the statements on them
}

func (f Follower) wants(s onrecord.Statement) bool {
	return slices.Contains(f.Cases, s.Case) && f.Only.Has(s)
}

// Has reports whether a channel can be told.
func (a Audience) Has(channel string) bool {
	return slices.ContainsFunc(a, func(f Follower) bool { return f.Channel == channel })
}

// Of returns the channels that are told of a statement.
func (a Audience) Of(s onrecord.Statement) (channels []string) {
	for _, f := range a {
		if f.Lane == s.Lane && !s.Quiet && f.wants(s) {
			channels = append(channels, f.Channel)
		}
	}
	return channels
}

// Publishing returns the channels from which the message of a statement is published.
// Who only says again what was said is not news elsewhere.
func (a Audience) Publishing(s onrecord.Statement) (channels []string) {
	for _, f := range a {
		if f.Lane == onrecord.Published && s.Lane == onrecord.Record && s.Novelty != onrecord.Restates && f.wants(s) {
			channels = append(channels, f.Channel)
		}
	}
	return channels
}

// PublishLane ends the id under which what is published from a channel waits: apart from
// its messages, which never wait for that.
const PublishLane = "/publish"

// ThreadLane ends the id under which what statements say in full waits, below the messages
// of a channel, which never wait for that.
const ThreadLane = "/thread"

// ShownIn is the channel whose messages are published, or gone on with below, under an id.
func ShownIn(lane string) string {
	return strings.TrimSuffix(strings.TrimSuffix(lane, PublishLane), ThreadLane)
}

// tries is how often in a row a post, or a person's verdict, may come to nothing
// before it is left for a while: others cannot be quicker for ever.
const tries = 5

// reviewer reads unread posts and puts what they come to on the record.
type reviewer struct {
	loop
	reviews  Reviews
	reader   PostReader
	outside  *outside
	accounts map[string]Account
	dockets  map[string][]string // by case: its accounts that are dockets
	channels *roster
	deletion map[string]sources.Deletion
	owed     bell // rung when there is something to deliver
	again    bell // rung when a post on the record is to be looked at again
	busy     func(bool)
}

func newReviewer(s Setup, l loop, owed, again bell) *reviewer {
	r := &reviewer{loop: l, reviews: s.Reviews, reader: s.Reader, outside: newOutside(s), accounts: s.accounts(), dockets: s.dockets(), channels: s.roster, deletion: s.Deletion, owed: owed, again: again, busy: s.Busy}
	return r
}

// run reads unread posts, oldest first, and releases held statements, until the
// context ends.
func (r *reviewer) run(ctx context.Context) {
	failed, row := 0, 0
	for ctx.Err() == nil {
		more, err := r.next(ctx)
		if row++; row == longRow {
			r.busy(true)
		}
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
		if row >= longRow {
			r.busy(false)
		}
		row = 0
		r.sleepUntil(ctx, r.reviews.NextRelease)
	}
}

// longRow is from how many posts on, one after the other, reviewing is busy.
const longRow = 8

// once reviews every unread post and releases every held statement.
func (r *reviewer) once(ctx context.Context) error {
	for lost := 0; ; {
		more, err := r.next(ctx)
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
	err := r.followModerations(ctx)
	for {
		released := r.reviews.Release(ctx, all, r.channels.audience())
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

// next reviews one post and reports whether there was one. ErrLost: it is to be
// reviewed anew.
func (r *reviewer) next(ctx context.Context) (more bool, err error) {
	u, err := r.load(ctx)
	if err == nil && u != nil {
		err = r.review(ctx, *u)
	}
	if r.wasSetAside(err) {
		return true, nil
	}
	return err == nil && u != nil, err
}

// load takes the next unread post with all that is known around it.
func (r *reviewer) load(ctx context.Context) (*Unread, error) {
	u, err := r.reviews.NextUnread(ctx)
	if err != nil || u == nil {
		return nil, err
	}
	u.Known.Now = r.clock.Now()
	cases := r.accounts[u.Post.Account].Cases
	if u.Known.Earlier, err = r.reviews.Earlier(ctx, cases, u.Known.Seen.Add(-statements.RecordWindow)); err != nil {
		return nil, err
	}
	u.Known.Events, err = r.events(ctx, u.Post, cases)
	return u, err
}

// events are what the dockets of cases say happened around when a post was published.
func (r *reviewer) events(ctx context.Context, p onrecord.Post, cases []string) (map[string][]onrecord.Event, error) {
	events := map[string][]onrecord.Event{}
	for _, id := range cases {
		if len(r.dockets[id]) == 0 || r.accounts[p.Account].Kind == onrecord.Docket {
			continue
		}
		filed, err := r.reviews.Filed(ctx, r.dockets[id], p.Created.Add(-statements.EventWindow), p.Created.Add(statements.EventWindow))
		if err != nil {
			return nil, err
		}
		events[id] = statements.Events(filed)
	}
	return events, nil
}

// review reads a post and records what follows. One whose account is no longer
// configured is read on no case.
func (r *reviewer) review(ctx context.Context, u Unread) (err error) {
	reading := statements.Reading{Post: u.Post}
	if account, ok := r.accounts[u.Post.Account]; ok {
		if reading, err = r.read(ctx, u, account); err != nil {
			return err
		}
	}
	if _, err := r.reviews.Record(ctx, reading, r.channels.audience()); err != nil {
		return fmt.Errorf("record what came of %s: %w", u.Post.Key(), err)
	}
	r.report(reading)
	r.owed.ring()
	if slices.ContainsFunc(reading.Findings, func(f statements.Finding) bool { return len(f.Recheck) > 0 }) {
		r.again.ring()
	}
	return nil
}

// read reads a post for as long as one may hold up the others: then, or when the
// program stops, it is left to itself, since nobody can end a rule from outside.
func (r *reviewer) read(ctx context.Context, u Unread, account Account) (statements.Reading, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		statements.Reading
		err error
	}
	read, watch := make(chan answer, 1), stopwatch{time.NewTimer(readTime)}
	defer watch.Stop()
	go func() {
		reading, err := r.reader.Read(ctx, u.Post, account.Account, u.Known, asker{r.outside, account, watch, time.Now()})
		read <- answer{reading, err}
	}()
	select {
	case a := <-read:
		return a.Reading, a.err
	case <-ctx.Done():
		return statements.Reading{}, ctx.Err()
	case <-watch.C:
		return statements.Unreadable(u.Post, account.Account, u.Known, fmt.Errorf("it was not read within %s", readTime)), nil
	}
}

const (
	// readTime is how long rules may take over one post. The longest takes a tenth.
	readTime = 10 * time.Second
	// askTime is how long somebody outside may take, who has a shorter time of their own.
	askTime = 5 * time.Minute
)

// stopwatch ends when rules, or somebody they ask, take too long.
type stopwatch struct{ *time.Timer }

// asks gives somebody outside time to answer. Then the time of the rules begins anew.
func (w stopwatch) asks() (answered func()) {
	w.Reset(askTime)
	return func() { w.Reset(readTime) }
}

// followModerations does what follows from persons' decisions.
func (r *reviewer) followModerations(ctx context.Context) error {
	lost := 0
	for ctx.Err() == nil {
		ruling, err := r.reviews.NextModeration(ctx)
		if r.wasSetAside(err) {
			continue
		}
		if err != nil || ruling == nil {
			return err
		}
		err = r.reviews.FollowModeration(ctx, *ruling, r.reader.Moderate(*ruling), r.channels.audience())
		if errors.Is(err, ErrLost) { // another replica was first, or a post was judged meanwhile
			if lost++; lost < tries {
				continue
			}
		}
		if err != nil {
			return fmt.Errorf("follow a person's decision on %s: %w", ruling.Statement.Number(), err)
		}
		lost = 0
		r.log.Info("a person decided", "statement", ruling.Statement.Number(), "verdict", ruling.Label)
		r.owed.ring()
	}
	return ctx.Err()
}

func (r *reviewer) report(reading statements.Reading) {
	if reading.Fault != nil {
		r.log.Error("a post could not be judged; please report it", "post", reading.Post.Key(), "fault", reading.Fault)
	}
	for _, f := range reading.Findings {
		log := r.log.With("post", reading.Post.Key(), "case", f.Case, "score", f.Score, "speaker", cmp.Or(f.Speaker, r.accounts[reading.Post.Account].Speaker), "words", r.firstWords(reading.Post), "url", reading.Post.URL)
		switch e := f.Effect.(type) {
		case statements.Repeats:
			log.Info("said before", "statement", e.Statement.Number())
		case statements.Nothing:
			if f.Label == onrecord.Review {
				log.Warn("left for a person")
			} else {
				log.Debug("not a statement")
			}
		default:
			log.Info("statement recorded", "novelty", f.Novelty, "verdict", f.Label)
		}
	}
}

// firstWords are the beginning of a text on one line, for a log: of a place whose words
// may have to be taken out again there are none, since nobody could take them out of it.
func (r *reviewer) firstWords(p onrecord.Post) string {
	text := p.Text
	if r.deletion[r.accounts[p.Account].Source] == sources.RedactDeleted {
		return ""
	}
	const most = 60
	line := []rune(strings.Join(strings.Fields(text[:min(len(text), 8*most)]), " "))
	if len(line) > most {
		return string(line[:most]) + "…"
	}
	return strings.ToValidUTF8(string(line), "")
}
