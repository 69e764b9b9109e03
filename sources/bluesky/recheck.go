package bluesky

import (
	"context"
	"errors"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Recheck asks for posts by their addresses. The CID names what a post says, so an edit
// shows. The AppView leaves out, without a word, what is deleted, what it hides itself
// and what belongs to an account that rests; only the last of these can be told apart,
// by the author's feed. A repost is none of the posts it can be asked for.
func (s *source) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	looks := map[string]sources.Look{}
	posts = slices.DeleteFunc(slices.Clone(posts), func(p onrecord.Post) bool {
		u, ok := parseURI(p.ID)
		return !ok || u.collection != postType
	})
	shown := map[string]bool{} // accounts that the AppView shows
	for asked := range slices.Chunk(posts, mostURIs) {
		var uris []string
		for _, p := range asked {
			uris = append(uris, p.ID)
		}
		views, err := s.client.posts(ctx, uris)
		if err != nil {
			return looks, err
		}
		for _, v := range views {
			if i := slices.Index(uris, v.Post.URI); i >= 0 && v.Post.CID != "" {
				now := v.post(account, time.Now())
				now.Created, now.Dated = asked[i].Created, asked[i].Dated
				looks[now.ID] = sources.Look{Sight: sources.Present, Post: &now}
			}
		}
		for _, p := range asked {
			if looks[p.ID].Sight != "" {
				continue
			}
			author, _ := parseURI(p.ID)
			if !shown[author.repo] {
				_, err := s.client.page(ctx, author.repo, "", 1)
				told, _ := errors.AsType[*sources.Error](err)
				switch {
				case err == nil:
					shown[author.repo] = true
				case told != nil && (told.Trouble == sources.Gone || told.Trouble == sources.Hidden):
					looks[p.ID] = sources.Look{Sight: sources.Unreadable, Why: told.Err.Error()}
					continue
				default:
					return looks, err
				}
			}
			looks[p.ID] = sources.Look{Sight: sources.Absent}
		}
	}
	return looks, nil
}
