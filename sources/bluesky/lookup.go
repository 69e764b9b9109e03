package bluesky

import (
	"context"
	"slices"
	"time"

	"onrecord"
)

// mostURIs is the most that getPosts takes at once.
const mostURIs = 25

// Posts looks posts up by their addresses, which is free of charge. A feed shows
// what a post answers, but not when the AppView could not find it at the time.
func (s *source) Posts(ctx context.Context, ids []string) (map[string]onrecord.Post, []string, error) {
	found, gone := map[string]onrecord.Post{}, []string(nil)
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { u, ok := parseURI(id); return !ok || u.collection != postType })
	for asked := range slices.Chunk(ids, mostURIs) {
		views, err := s.client.posts(ctx, asked)
		if err != nil {
			return found, gone, err
		}
		for _, p := range views {
			if slices.Contains(asked, p.URI) {
				found[p.URI] = view{Post: p}.post(onrecord.Account{}, time.Now())
			}
		}
		for _, id := range asked {
			if found[id].ID == "" {
				gone = append(gone, id)
			}
		}
	}
	return found, gone, nil
}
