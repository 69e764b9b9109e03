package x

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"onrecord"
	"onrecord/sources"
)

// mostIDs is the most that one request may ask for.
const mostIDs = 100

// Posts looks posts up by their ids. Each that X returns is charged, also one
// that was read in a timeline today; one that is deleted or protected is free.
func (s *source) Posts(ctx context.Context, ids []string) (map[string]onrecord.Post, []string, error) {
	found, gone := map[string]onrecord.Post{}, []string(nil)
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !numeric(id) })
	for asked := range slices.Chunk(ids, mostIDs) {
		if err := s.budget.spare(ctx, "what posts answer and quote"); err != nil {
			return found, gone, err
		}
		var answer struct {
			Data   []json.RawMessage `json:"data"`
			Errors []absent          `json:"errors"`
		}
		if err := s.client.get(ctx, "/2/tweets", url.Values{"ids": {strings.Join(asked, ",")}, "tweet.fields": {postFields}}, &answer); err != nil {
			return found, gone, err
		}
		posts, err := readPosts(answer.Data)
		// What X returned it bills, whether or not there is time left for it.
		if charged := s.budget.charge(context.WithoutCancel(ctx), lookupClass, "", postPrice, billed(answer.Data)); charged != nil {
			return found, gone, charged
		}
		if err != nil {
			return found, gone, err
		}
		for _, w := range posts {
			if !slices.Contains(asked, w.ID) {
				return found, gone, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("X answered with the post %s, which nobody asked for", w.ID)}
			}
			if w.Withheld != nil { // not to be shown in some countries, so not to be used
				gone = append(gone, w.ID)
				continue
			}
			found[w.ID] = w.post("", onrecord.Author{ID: w.AuthorID})
		}
		for _, a := range answer.Errors {
			if id := a.id(); a.final() && found[id].ID == "" && slices.Contains(asked, id) && !slices.Contains(gone, id) {
				gone = append(gone, id)
			}
		}
	}
	return found, gone, nil
}

// absent is what X says of a post that it does not return.
type absent struct {
	problem
	ResourceID json.RawMessage `json:"resource_id"` // a string, or a number
	Value      json.RawMessage `json:"value"`
}

func (a absent) id() string {
	for _, raw := range []json.RawMessage{a.ResourceID, a.Value} {
		if id := strings.Trim(string(raw), `"`); numeric(id) {
			return id
		}
	}
	return ""
}

// final reports whether asking again would be in vain: the post is deleted, or
// shown to its author's followers alone.
func (a absent) final() bool {
	return a.kind() == "resource-not-found" || a.kind() == "not-authorized-for-resource"
}
