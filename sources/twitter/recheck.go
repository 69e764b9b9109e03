package twitter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"

	"onrecord"
	"onrecord/sources"
)

// Recheck asks for each post by its number. Version 1.1 knows no revisions: what a post
// says now is another revision when its text is another. A server says in one form that
// a post is not there and that it is not for us; the account's timeline tells whether
// the account is readable.
func (s *source) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	looks := map[string]sources.Look{}
	var missing []string
	for _, p := range posts {
		id, err := strconv.ParseInt(p.ID, 10, 64)
		if err != nil || id <= 0 {
			continue
		}
		st, none, err := s.show(ctx, id)
		switch {
		case none:
			missing = append(missing, p.ID)
		case err != nil:
			return looks, err
		case st.private() || st.withheld():
			looks[p.ID] = sources.Look{Sight: sources.Unreadable, Why: "the server shows it to some people alone"}
		default:
			now := st.post(account, s.base)
			if now.Revision = p.Revision; now.Text != p.Text {
				sum := sha256.Sum256([]byte(now.Text))
				now.Revision = hex.EncodeToString(sum[:8])
			}
			looks[p.ID] = sources.Look{Sight: sources.Present, Post: &now}
		}
	}
	if len(missing) == 0 {
		return looks, nil
	}
	look := sources.Look{Sight: sources.Absent}
	if _, err := s.timelinePage(ctx, account.Handle, 0, 0); err != nil {
		told, _ := errors.AsType[*sources.Error](err)
		if told == nil || told.Place || told.Trouble != sources.Gone && told.Trouble != sources.Hidden {
			return looks, err
		}
		look = sources.Look{Sight: sources.Unreadable, Why: told.Err.Error()}
	}
	for _, id := range missing {
		looks[id] = look
	}
	return looks, nil
}
