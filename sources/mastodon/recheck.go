package mastodon

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Recheck asks for statuses again. That one is not there says something only where it
// was published: another server may have lost what it was sent. Nor does a server say
// who removed it.
func (s *source) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	looks := map[string]sources.Look{}
	for _, p := range posts {
		host, id, ok := strings.Cut(p.ID, "/")
		if !ok || !hostPattern.MatchString(host) {
			continue
		}
		at := s.at(host)
		st, err := at.status(ctx, id)
		told, _ := errorOf(err)
		switch {
		case told != nil && told.Trouble == sources.Gone:
			look, err := at.absent(ctx, account)
			if err != nil {
				return looks, err
			}
			looks[p.ID] = look
		case err != nil:
			return looks, err
		case !st.everybodys():
			looks[p.ID] = sources.Look{Sight: sources.Unreadable, Why: "it is not for everybody any more"}
		default:
			now := st.post(at, account, time.Now())
			now.Kind, now.Thread, now.ReplyTo = p.Kind, p.Thread, p.ReplyTo // what it answers does not change
			now.Created, now.Dated = p.Created, p.Dated
			if isDigest(p.Revision) { // it was read from a feed, where no edits are marked
				now.Revision = digest(now.Warning + "\n" + now.Text)
			}
			looks[p.ID] = sources.Look{Sight: sources.Present, Post: &now}
		}
	}
	return looks, nil
}

// absent is the look of a status that the server does not have.
func (s server) absent(ctx context.Context, account onrecord.Account) (sources.Look, error) {
	name, home, _ := strings.Cut(account.Handle, "@")
	if !strings.EqualFold(home, s.host()) {
		return sources.Look{Sight: sources.Unreadable, Why: fmt.Sprintf("%s does not have it any more, which says nothing of %s, where it was published", s.host(), home)}, nil
	}
	a, err := s.lookup(ctx, name)
	switch told, _ := errorOf(err); {
	case told != nil && told.Trouble == sources.Gone:
		return sources.Look{Sight: sources.Unreadable, Why: fmt.Sprintf("%s does not have the account any more", home)}, nil
	case err == nil && a.Suspended:
		return sources.Look{Sight: sources.Unreadable, Why: fmt.Sprintf("%s has suspended the account", home)}, nil
	}
	return sources.Look{Sight: sources.Absent}, err
}
