package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Rechecks is where the recheck loop takes posts on the record from that are to be
// looked at again, and stores what became of them.
type Rechecks interface {
	// ClaimRechecks takes at most limit due posts for the length of the lease, by account.
	ClaimRechecks(ctx context.Context, lease time.Duration, limit int) ([]Recheck, error)
	// StoreLooks stores in one transaction what was found, what became of statements by
	// it, and that the channels are owed it which were told of them. ErrLost: a post is
	// somebody else's by now, and nothing was stored.
	StoreLooks(ctx context.Context, found []Weighed, to Audience) error
	// NoteDeleted stores that a place says of a post that its author deleted it, as what a
	// look met, and that it is looked at again after a while. It changes nothing of a post
	// that is not watched, or that a look missed already.
	NoteDeleted(ctx context.Context, account, post string, again time.Duration) error
	// PutOff ends claims without a look. place: no post of the source is looked at before.
	PutOff(ctx context.Context, posts []Watched, until time.Time, place bool) error
	// NextRecheck says when the next post is due; zero: none is.
	NextRecheck(ctx context.Context) (time.Time, error)
}

// Recheck is the right to look at posts of one account again until the lease ends.
type Recheck struct {
	Account string
	Posts   []Watched
}

const (
	// recheckTimeout bounds the looks at one account's posts; recheckLease must outlast it.
	recheckTimeout = 90 * time.Second
	recheckLease   = 2 * time.Minute
	recheckBatch   = 100 // posts at once, which is what one request can ask for at most
	recheckers     = 4
)

// recheckBackoff is for places that fail and name no time. Nothing is lost by waiting.
const recheckBackoff = 15 * time.Minute

// rechecker asks again about posts on the record.
type rechecker struct {
	loop
	rechecks Rechecks
	accounts map[string]Account
	sources  map[string]sources.Source
	deletion map[string]sources.Deletion
	channels *roster
	owed     bell // rung when there is something to deliver
	unread   bell // rung when there is something to review
}

func newRechecker(s Setup, l loop, unread, owed bell) *rechecker {
	return &rechecker{loop: l, rechecks: s.Rechecks, accounts: s.accounts(), sources: s.Sources, deletion: s.Deletion, channels: s.roster, owed: owed, unread: unread}
}

// run looks at what is due until the context ends.
func (r *rechecker) run(ctx context.Context) { r.work(ctx).run(ctx, r.loop) }

func (r *rechecker) work(ctx context.Context) work[Recheck] {
	return work[Recheck]{
		name: "claim posts to look at again", slots: recheckers, next: r.rechecks.NextRecheck,
		claim: func(ctx context.Context, _ int) ([]Recheck, error) {
			return r.rechecks.ClaimRechecks(ctx, recheckLease, recheckBatch)
		},
		do: func(c Recheck) { r.recheck(ctx, c) },
	}
}

// once looks at everything that is due, once.
func (r *rechecker) once(ctx context.Context) error {
	claims, err := r.rechecks.ClaimRechecks(ctx, recheckLease, recheckBatch)
	if err == nil {
		r.work(ctx).all(claims, r.loop)
	}
	return err
}

// recheck looks at posts of one account and stores what that means. Those that the
// place did not answer for are put off.
func (r *rechecker) recheck(ctx context.Context, c Recheck) {
	for i := range c.Posts {
		if r.deletion[r.accounts[c.Account].Source] == sources.KeepDeleted { // then nobody is told that it went away
			c.Posts[i].Later = nil
		}
		c.Posts[i].Quoted = r.accounts[c.Account].Kind == onrecord.Press
	}
	answers, lookErr := r.look(ctx, c)
	if ctx.Err() != nil { // the lease, or the next start, makes them due again
		return
	}
	now := r.clock.Now()
	together(c.Posts, answers, now)
	var found []Weighed
	var left []Watched
	for _, w := range c.Posts {
		if l := answers[w.Post.ID]; l.Sight != "" || lookErr == nil {
			found = append(found, weigh(w, l, now).follow(r.deletion[r.accounts[c.Account].Source]))
		} else {
			left = append(left, w)
		}
	}
	if len(found) > 0 {
		if err := r.rechecks.StoreLooks(ctx, found, r.channels.audience()); err != nil {
			r.failed(c, "store what looks came to", err)
			return
		}
		r.report(c, found)
	}
	if len(left) > 0 {
		until, place := putOff(lookErr, now)
		r.log.Warn("posts on the record could not be looked at again", "account", c.Account, "posts", len(left), "error", r.redact(lookErr.Error()), "next", until.UTC())
		if err := r.rechecks.PutOff(ctx, left, until, place); err != nil {
			r.failed(c, "put looks off", err)
		}
	}
}

// look asks the account's source, if it can tell. Whatever an answer from outside does to
// a decoder, it says nothing of a post.
func (r *rechecker) look(ctx context.Context, c Recheck) (answers map[string]sources.Look, err error) {
	account, ok := r.accounts[c.Account]
	source, can := r.sources[account.Source].(sources.Rechecker)
	if !ok || !can {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, recheckTimeout)
	defer cancel()
	defer func() {
		if broken := recover(); broken != nil {
			answers, err = nil, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("the answer broke its decoder: %v; please report it\n%s", broken, debug.Stack())}
		}
	}()
	asked := make([]onrecord.Post, len(c.Posts))
	for i, w := range c.Posts {
		asked[i] = w.Post
	}
	answers, err = source.Recheck(ctx, account.Account, asked)
	for id, l := range answers {
		if l.Post != nil {
			now := bounded(*l.Post)
			l.Post = &now
			answers[id] = l
		}
	}
	return answers, err
}

// putOff says when a place that did not answer is asked again.
func putOff(err error, now time.Time) (until time.Time, place bool) {
	until = now.Add(backoff(0, []time.Duration{recheckBackoff}))
	if told, ok := errors.AsType[*sources.Error](err); ok {
		if place = told.Place; told.Retry.After(until) {
			until = told.Retry
		}
	}
	return until, place
}

func (r *rechecker) failed(c Recheck, doing string, err error) {
	if !errors.Is(err, ErrLost) {
		r.log.Error("a look is not stored; the posts are due again when its lease ends", "doing", doing, "account", c.Account, "error", err)
	}
}

// report logs what became of posts, and wakes who goes on with it.
func (r *rechecker) report(c Recheck, found []Weighed) {
	for _, f := range found {
		if f.Fate != nil {
			r.log.Info("what became of a post on the record", "account", c.Account, "post", f.Post.ID, "fate", f.Fate.Kind, "from", f.Fate.From.UTC(), "until", f.Fate.Until.UTC())
			r.owed.ring()
		}
		if f.Keeps != nil || len(f.Holds) > 0 {
			r.unread.ring()
		}
	}
}
