package bluesky

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources"
)

// mostURIs is the most that getPosts takes at once.
const mostURIs = 25

// Posts looks posts up by their addresses, which is free of charge. A feed shows
// what a post answers, but not when the AppView could not find it at the time. A
// person's address may name the author by handle, which is asked for first.
func (s *source) Posts(ctx context.Context, ids []string) (map[string]onrecord.Post, []string, error) {
	found, gone := map[string]onrecord.Post{}, []string(nil)
	names := map[string]string{} // the ids by the addresses that the AppView takes
	for _, id := range ids {
		u, ok := parseURI(id)
		if !ok || u.collection != postType {
			continue
		}
		did, err := s.client.resolve(ctx, u.repo)
		if told, _ := errors.AsType[*sources.Error](err); told != nil && told.Trouble == sources.Gone {
			gone = append(gone, id)
			continue
		}
		if err != nil {
			return found, gone, err
		}
		names["at://"+did+"/"+u.collection+"/"+u.key] = id
	}
	for asked := range slices.Chunk(slices.Sorted(maps.Keys(names)), mostURIs) {
		views, err := s.client.posts(ctx, asked)
		if err != nil {
			return found, gone, err
		}
		for _, v := range views {
			if slices.Contains(asked, v.Post.URI) {
				found[names[v.Post.URI]] = v.post(onrecord.Account{}, time.Now())
			}
		}
		for _, uri := range asked {
			if id := names[uri]; found[id].ID == "" {
				gone = append(gone, id)
			}
		}
	}
	return found, gone, nil
}
