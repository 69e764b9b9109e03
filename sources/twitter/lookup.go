package twitter

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/dghubble/go-twitter/twitter"

	"onrecord"
)

// codeNotYours is how Twitter refuses a protected post.
const codeNotYours = 179

// Posts looks posts up by their ids, which is free of charge. Each is a request
// of its own: of Twitter's methods Friendica and GNU social have the one for one
// post, statuses/show, and not the one for many.
func (s *source) Posts(ctx context.Context, ids []string) (map[string]onrecord.Post, []string, error) {
	found, gone := map[string]onrecord.Post{}, []string(nil)
	for _, id := range ids {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || n <= 0 || strconv.FormatInt(n, 10) != id || found[id].ID != "" || slices.Contains(gone, id) {
			continue
		}
		st, none, err := s.show(ctx, n)
		switch {
		case none, err == nil && (st.private() || st.withheld()):
			gone = append(gone, id)
		case err != nil:
			return found, gone, err
		default:
			found[id] = st.post(onrecord.Account{}, s.base)
		}
	}
	return found, gone, nil
}

// show asks for one post. none: the server says that there is no such post for us.
func (s *source) show(ctx context.Context, id int64) (st status, none bool, err error) {
	c := &call{ctx: ctx, source: s, opens: "{"}
	tweet, _, err := c.library().Statuses.Show(id, &twitter.StatusShowParams{TweetMode: "extended"})
	switch {
	case err != nil:
		return status{}, c.absent(), failed(err)
	case tweet.ID != 0 && tweet.ID != id:
		return status{}, false, failed(fmt.Errorf("it answers with the post %d, which nobody asked for", tweet.ID))
	}
	st, err = readStatus(*tweet, c.body)
	return st, false, err
}

// absent reports whether a refusal says that asking for the post again would be in
// vain. Friendica answers 400 where it has no post of a number, which is all that is
// asked with (its src/Module/Api/Twitter/Statuses/Show.php, 2026). A server that says
// nothing may only lack the method.
func (c *call) absent() bool {
	switch c.refused {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusGone:
		return c.problem.said() != ""
	}
	return c.problem.has(codeNotYours) || c.problem.has(codeSuspended)
}
