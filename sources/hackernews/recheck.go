package hackernews

import (
	"context"
	"strconv"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Recheck asks for items again. Hacker News says of an item that it was deleted, which
// authors do, or that it is dead: taken off by readers, moderators or software.
func (s *source) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	looks := map[string]sources.Look{}
	for _, p := range posts {
		id, err := strconv.ParseInt(p.ID, 10, 64)
		if err != nil {
			continue
		}
		it, err := s.item(ctx, id)
		if err != nil {
			return looks, err
		}
		switch {
		case it.Deleted:
			looks[p.ID] = sources.Look{Sight: sources.Deleted}
		case it.Dead:
			looks[p.ID] = sources.Look{Sight: sources.Unreadable, Why: "Hacker News shows it as dead: it was taken off by readers, moderators or software, and may come back"}
		case it.shown():
			now := it.post(account, time.Now())
			now.Kind, now.Thread, now.ReplyTo = p.Kind, p.Thread, p.ReplyTo // what it answers does not change
			now.Created, now.Dated = p.Created, p.Dated
			looks[p.ID] = sources.Look{Sight: sources.Present, Post: &now}
		default:
			if looks[p.ID], err = s.absent(ctx, account); err != nil {
				delete(looks, p.ID)
				return looks, err
			}
		}
	}
	return looks, nil
}

// absent is the look of an item that the place does not know.
func (s *source) absent(ctx context.Context, account onrecord.Account) (sources.Look, error) {
	_, ok, err := s.user(ctx, account.Handle)
	if !ok {
		return sources.Look{Sight: sources.Unreadable, Why: "nobody is called " + account.Handle + " any more"}, err
	}
	return sources.Look{Sight: sources.Absent}, err
}
