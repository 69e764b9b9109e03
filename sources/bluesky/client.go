package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"onrecord/sources"
)

// maxAnswer bounds an answer: a hundred posts with all they quote are about a
// megabyte.
const maxAnswer = 8 << 20

// client asks an AppView. It has no session and sends no credentials.
type client struct {
	http  *http.Client
	hosts []string // the second one is asked when the first shows a page for people
}

// refusal is an answer in the protocol's own form for errors.
type refusal struct {
	Name    string `json:"error"`
	Message string `json:"message"`
}

func (r *refusal) Error() string { return fmt.Sprintf("%.80s: %.200s", r.Name, r.Message) }

// get asks for a method and decodes the answer into v. The error is a
// [sources.Error] that holds a [refusal] when the server gave one.
func (c *client) get(ctx context.Context, method string, query url.Values, v any) error {
	var err error
	for _, host := range c.hosts {
		err = c.ask(ctx, host+"/xrpc/"+method+"?"+query.Encode(), v)
		var told *sources.Error
		if err == nil || !errors.As(err, &told) || told.Trouble != sources.Walled {
			return err
		}
	}
	return err
}

func (c *client) ask(ctx context.Context, address string, v any) error {
	req, err := sources.NewGet(ctx, address)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	d, err := sources.Read(c.http, req, maxAnswer)
	if err != nil {
		return explain(d, err)
	}
	return d.JSON(req, v)
}

// explain adds what Bluesky says itself. Its limits count for the address we
// ask from.
func explain(d sources.Document, err error) error {
	var told *sources.Error
	if !errors.As(err, &told) {
		return err
	}
	r := new(refusal)
	if json.Unmarshal(d.Body, r) == nil && r.Name != "" {
		told.Err = fmt.Errorf("%w: %w", told.Err, r)
	}
	told.Place = told.Place || told.Trouble == sources.Limited
	return told
}

// resolve asks which account has a handle.
func (c *client) resolve(ctx context.Context, handle string) (did string, err error) {
	if didPattern.MatchString(handle) {
		return handle, nil
	}
	var answer struct {
		DID string `json:"did"`
	}
	err = c.get(ctx, "com.atproto.identity.resolveHandle", url.Values{"handle": {handle}}, &answer)
	if refused(err) != nil {
		return "", &sources.Error{Trouble: sources.Gone, Err: fmt.Errorf("nobody has the handle %s: %w; check it, the account may have a new one", handle, err)}
	}
	if err == nil && !didPattern.MatchString(answer.DID) {
		err = sources.NonsenseError("the handle %s leads to %.80q, which is no DID", handle, answer.DID)
	}
	return answer.DID, err
}

// page asks for one page of an author feed.
func (c *client) page(ctx context.Context, did, cursor string, size int) (page, error) {
	// Without replies, the second post of a thread would be missing as well.
	query := url.Values{"actor": {did}, "filter": {"posts_with_replies"}, "limit": {fmt.Sprint(size)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var p page
	err := c.get(ctx, "app.bsky.feed.getAuthorFeed", query, &p)
	switch {
	case refused(err) != nil:
		return page{}, c.missing(ctx, did, err)
	case err == nil && p.Feed == nil:
		return page{}, sources.NonsenseError("the author feed of %s has no posts and does not say so", did)
	}
	return p, err
}

// posts asks for posts by their addresses. Those that are deleted, or whose
// author or the AppView hides them, are left out of the answer without a word.
func (c *client) posts(ctx context.Context, uris []string) (views []view, err error) {
	var answer struct {
		Posts []json.RawMessage `json:"posts"`
	}
	if err := c.get(ctx, "app.bsky.feed.getPosts", url.Values{"uris": uris}, &answer); err != nil {
		return nil, err
	}
	if answer.Posts == nil {
		return nil, sources.NonsenseError("asked for %d posts, and the answer does not speak of any", len(uris))
	}
	for _, raw := range answer.Posts {
		v := view{raw: bytes.Clone(raw[:min(len(raw), maxRaw)])}
		if err := json.Unmarshal(raw, &v.Post); err != nil {
			return nil, sources.NonsenseError("read a post that was asked for: %w", err)
		}
		views = append(views, v)
	}
	return views, nil
}

// missing tells why an account cannot be read. The feed says the same of one
// that was deleted, one that rests and one that was taken down.
func (c *client) missing(ctx context.Context, did string, why error) error {
	var status struct {
		Active bool   `json:"active"`
		Status string `json:"status"`
	}
	err := c.get(ctx, "com.atproto.sync.getRepoStatus", url.Values{"did": {did}}, &status)
	switch r := refused(err); {
	case r != nil && r.Name == "RepoNotFound", err == nil && status.Status == "deleted":
		return &sources.Error{Trouble: sources.Gone, Err: fmt.Errorf("the account %s is deleted: %w", did, why)}
	case err == nil && !status.Active:
		return &sources.Error{Trouble: sources.Hidden, Err: fmt.Errorf("the account %s is %.40q; it may come back: %w", did, status.Status, why)}
	case err == nil:
		return &sources.Error{Trouble: sources.Hidden, Err: fmt.Errorf("the account %s exists but its feed is not shown: %w", did, why)}
	}
	return &sources.Error{Trouble: sources.Gone, Err: fmt.Errorf("the account %s is deactivated or deleted: %w", did, why)}
}

// refused returns what the server said about a request it understood and
// refused with HTTP 400; nil for all other errors.
func refused(err error) *refusal {
	var told *sources.Error
	var r *refusal
	if errors.As(err, &told) && told.Trouble == sources.Nonsense && errors.As(err, &r) {
		return r
	}
	return nil
}
