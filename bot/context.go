package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/statements/match"
)

const (
	// contextTimeout bounds how long a post waits for what it answers or quotes.
	contextTimeout = 5 * time.Second
	// contextPause is how long a source that failed is not asked again, unless it
	// says itself when to.
	contextPause = time.Minute
)

// askFor fills in what an unread post answers or quotes, when nobody has told and
// it could put the post on the record; it reports whether anything is known now.
// It is context and no more: who said it is not the speaker. Whatever keeps the
// source from answering, the post is judged without.
func (b *Bot) askFor(ctx context.Context, account Account, u *Unread, decisions []onrecord.Decision) (bool, error) {
	source, ok := b.sources[account.Source].(sources.Lookup)
	if !ok || len(u.Unasked) == 0 || !slices.ContainsFunc(decisions, match.WantsContext) || b.isSilent(account.Source) {
		return false, nil
	}
	found, gone, err := lookUp(ctx, source, u.Unasked)
	if err := ctx.Err(); err != nil {
		return false, err
	}
	b.countContext(len(found), len(gone), len(u.Unasked))
	if err != nil {
		b.silence(account.Source, err)
	}
	if len(found)+len(gone) == 0 {
		return false, nil
	}
	texts := map[string]string{}
	for id, p := range found {
		texts[id] = p.Text
	}
	if err := b.desk.KeepReferred(ctx, account.Source, texts, gone); err != nil {
		return false, fmt.Errorf("keep what %s refers to: %w", u.Post.Key(), err)
	}
	for _, ref := range []*onrecord.Ref{u.Post.ReplyTo, u.Post.Quotes} {
		if ref != nil && ref.Text == "" {
			ref.Text = texts[ref.ID]
		}
	}
	return len(found) > 0, nil
}

// lookUp asks a source for posts; an answer that breaks its decoder is a failure
// like any other.
func lookUp(ctx context.Context, source sources.Lookup, ids []string) (found map[string]onrecord.Post, gone []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, contextTimeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			found, gone, err = nil, nil, fmt.Errorf("the answer broke its decoder: %v; please report it", r)
		}
	}()
	return source.Posts(ctx, ids)
}

// silence leaves a source that failed alone for a while: a backlog must not wait
// for it with every post.
func (b *Bot) silence(source string, why error) {
	until := b.book.Now().Add(contextPause)
	if told, ok := errors.AsType[*sources.Error](why); ok && told.Retry.After(until) {
		until = told.Retry
	}
	b.mu.Lock()
	b.silent[source] = until
	b.mu.Unlock()
	b.log.Warn("what posts answer and quote cannot be asked for; they are judged without", "source", source, "error", why, "until", until.UTC())
}

func (b *Bot) isSilent(source string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.book.Now().Before(b.silent[source])
}

func (b *Bot) countContext(found, gone, asked int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked["found"] += int64(found)
	b.asked["gone"] += int64(gone)
	b.asked["failed"] += int64(asked - found - gone)
}

// Context counts the posts that sources were asked for because others refer to
// them, by how it ended, since the program's start.
func (b *Bot) Context() map[string]int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.asked)
}
