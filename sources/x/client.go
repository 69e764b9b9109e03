package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onrecord/sources"
)

// maxAnswer bounds an answer. Real pages are below a megabyte; 100 posts of
// 25,000 characters in four bytes each, told twice, would be 20 MB.
const maxAnswer = 24 << 20

// client speaks to the X API. Nothing it asks for changes what others see: repeating a
// request is safe, and only money is at stake.
type client struct {
	http  *http.Client
	base  string // without a slash at the end
	token string
	log   *slog.Logger
}

// get decodes the answer to path?query into answer. Every error it returns for
// an answer of X is a [*sources.Error].
func (c *client) get(ctx context.Context, path string, query url.Values, answer any) error {
	req, err := sources.NewGet(ctx, c.base+path+"?"+query.Encode())
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	doc, err := sources.Read(c.http, req, maxAnswer)
	if err != nil {
		if doc.Status < 400 {
			return err
		}
		c.log.DebugContext(ctx, "x refused a request", "path", path, "status", doc.Status, "transaction", doc.Header.Get("x-transaction-id"))
		return refusal(doc, err, time.Now())
	}
	if err := doc.Decode(answer); err != nil {
		return unreadable(doc, path, err)
	}
	return nil
}

// send has X change what this app is told of. That something is there already is no error.
func (c *client) send(ctx context.Context, method, path string, body any) error {
	said, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(said))
	if err != nil {
		return sources.NonsenseError("the configured address is not a URL")
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	doc, err := sources.Read(c.http, req, maxAnswer)
	switch {
	case err == nil, doc.Status == http.StatusConflict, strings.Contains(strings.ToLower(readProblem(doc.Body).said()), "duplicate"):
		return nil
	case doc.Status < 400:
		return err
	}
	return refusal(doc, err, time.Now())
}

// unreadable says that a good status came with something else than JSON.
func unreadable(doc sources.Document, path string, err error) error {
	if doc.HTML() {
		return &sources.Error{Trouble: sources.Walled, Err: fmt.Errorf("GET %s: a page for people came back instead of data; if it stays so, check base_url", path)}
	}
	if len(doc.Body) == 0 {
		err = errors.New("the answer is empty")
	}
	return &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("GET %s: X answered what its API does not promise: %w", path, err)}
}

// user is an account as X knows it.
type user struct {
	ID        string `json:"id"`
	Username  string `json:"username"`
	Name      string `json:"name"`
	Protected bool   `json:"protected"`
}

// userByHandle asks who bears a handle now.
func (s *source) userByHandle(ctx context.Context, account, handle string) (user, error) {
	u, err := s.user(ctx, account, "/2/users/by", "usernames", handle, handleClass)
	if err == nil && !strings.EqualFold(u.Username, handle) {
		err = &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("asked X for @%s and was told of @%.40s", handle, u.Username)}
	}
	return u, err
}

// userByID asks what an account calls itself now.
func (s *source) userByID(ctx context.Context, account, id string) (user, error) {
	u, err := s.user(ctx, account, "/2/users", "ids", id, userClass)
	if err == nil && u.ID != id {
		err = &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("asked X for the account %s and was told of %.40s", id, u.ID)}
	}
	return u, err
}

func (s *source) user(ctx context.Context, account, path, parameter, value, class string) (user, error) {
	if err := s.budget.allow(ctx); err != nil {
		return user{}, err
	}
	var answer struct {
		Data   []user    `json:"data"`
		Errors []problem `json:"errors"`
	}
	if err := s.client.get(ctx, path, url.Values{parameter: {value}, "user.fields": {userFields}}, &answer); err != nil {
		return user{}, err
	}
	var ids []string
	for _, u := range answer.Data {
		ids = append(ids, u.ID)
	}
	if err := s.budget.charge(ctx, class, account, userPrice, ids); err != nil {
		return user{}, err
	}
	switch {
	case len(answer.Data) == 1 && numeric(answer.Data[0].ID) && handle.MatchString(answer.Data[0].Username):
		return answer.Data[0], nil
	case len(answer.Data) == 0 && len(answer.Errors) > 0:
		return user{}, answer.Errors[0].health(time.Now())
	}
	return user{}, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("GET %s: X answered neither a user nor a reason", path)}
}

// userFields and postFields are names of the tweet vocabulary. X serves a
// second one, which calls some of them differently; the spelling of the request
// selects the spelling of the answer, and a name of the other vocabulary is
// billed and answered without the data.
const (
	userFields = "protected"
	postFields = "author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets," +
		"edit_history_tweet_ids,edit_controls,note_tweet,article,entities,attachments," +
		"lang,possibly_sensitive,display_text_range,withheld"
)

// pageSize is the most X gives; it bills by returned post, so asking for more
// costs nothing.
const pageSize = "100"

// page is one answer of a timeline.
type page struct {
	posts []wire
	next  string // token of the following page; "" at the end
}

// timelinePage asks for one page of a user's posts, newest first, which are read for an account.
func (s *source) timelinePage(ctx context.Context, account, user string, w window, token string) (page, error) {
	query := url.Values{"max_results": {pageSize}, "since_id": {formatID(w.Since)}, "tweet.fields": {postFields}}
	if w.Until != 0 {
		query.Set("until_id", formatID(w.Until))
	}
	if token != "" {
		query.Set("pagination_token", token)
	}
	if !s.reposts {
		query.Set("exclude", "retweets")
	}
	var answer answer
	path := "/2/users/" + user + "/tweets"
	if err := s.client.get(ctx, path, query, &answer); err != nil {
		return page{}, err
	}
	// What X returned it bills, whatever becomes of it below.
	if err := s.budget.charge(ctx, timelineClass, account, postPrice, billed(answer.Data)); err != nil {
		return page{}, err
	}
	return answer.page(time.Now())
}
