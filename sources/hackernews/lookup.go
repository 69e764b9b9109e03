package hackernews

import (
	"context"
	"strconv"
	"time"

	"onrecord"
)

// Posts looks items up by their ids. What is deleted or dead is gone; what is null is
// not there, or not yet.
func (s *source) Posts(ctx context.Context, ids []string) (found map[string]onrecord.Post, gone []string, err error) {
	found = map[string]onrecord.Post{}
	for _, id := range ids {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || !idPattern.MatchString(id) {
			continue
		}
		it, err := s.item(ctx, n)
		switch {
		case err != nil:
			return found, gone, err
		case it.shown():
			found[id] = it.post(onrecord.Account{}, time.Now())
		case it.ID != 0:
			gone = append(gone, id)
		}
	}
	return found, gone, nil
}
