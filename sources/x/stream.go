package x

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// The streams of X, by their names in the configuration. The filtered stream is for plans
// without the other one; it says nothing of deletions.
const (
	noStream = "off"
	activity = "activity" // https://docs.x.com/x-api/activity/introduction
	filtered = "filtered" // https://docs.x.com/x-api/posts/filtered-stream/introduction
)

// The classes of what streams deliver. It is billed as if it were read, and counted as if
// X charged for it beside the timeline: its documents promise that it does not.
const (
	heardClass   = "stream"
	deletedClass = "stream of deletions"
	profileClass = "stream of profiles"
)

// The events that an account is subscribed to.
const (
	postCreate = "post.create"
	postDelete = "post.delete"
	renamed    = "profile.update.handle"
)

const (
	// firstSilence and silence bound how long a stream says nothing. X sends a sign of
	// life every 20 seconds, and the headers with the first.
	firstSilence, silence = 90 * time.Second, 45 * time.Second
	// maxLine bounds a message of a stream.
	maxLine = 1 << 20
	// unknown is how long it takes until the ids of accounts are looked for again, which
	// are learned by their first pulls.
	unknown = 5 * time.Second
	// steady is how long a stream must have run for the waits to begin anew.
	steady = time.Minute
	// ours begins the tags of what we subscribed to. Whatever else the developer app
	// has is left alone.
	ours = "onrecord:"
)

// Hear implements [sources.Streamer]. Posts that were published while the stream was away
// are not in it, so all accounts are pulled whenever it is opened.
func (s *source) Hear(ctx context.Context, accounts []onrecord.Account, news func(sources.News)) error {
	if s.endless == nil || s.stream == noStream {
		<-ctx.Done()
		return ctx.Err()
	}
	var back ladder
	for ctx.Err() == nil {
		wait, ids := unknown, s.users(accounts)
		if len(ids) > 0 {
			began := time.Now()
			err := s.hear(ctx, accounts, ids, news)
			end, dropped := errors.AsType[*dropped](err)
			if ctx.Err() == nil && !dropped {
				return err
			}
			if ctx.Err() == nil {
				wait = back.wait(end.status, time.Since(began))
				s.client.log.DebugContext(ctx, "the stream of x ended", "error", end.err, "again in", wait)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return ctx.Err()
}

// dropped is the end of a stream that is opened again.
type dropped struct {
	status int // that refused it; 0: the connection ended
	err    error
}

func (d *dropped) Error() string { return d.err.Error() }

// ladder is X's rule for coming back, which it enforces by refusing those who come sooner:
// https://docs.x.com/x-api/fundamentals/handling-disconnections
type ladder struct{ cut, failed, limited int }

func (l *ladder) wait(status int, ran time.Duration) time.Duration {
	if ran >= steady {
		*l = ladder{}
	}
	step := func(n *int) int { defer func() { *n++ }(); return min(*n, 64) }
	switch {
	case status == http.StatusTooManyRequests:
		return min(time.Minute<<min(step(&l.limited), 4), maxWait)
	case status >= 400:
		return min(5*time.Second<<min(step(&l.failed), 6), 320*time.Second)
	}
	return min(time.Duration(step(&l.cut))*250*time.Millisecond, 16*time.Second)
}

// users are the ids of accounts by those of X, as far as pulls have learned them.
func (s *source) users(accounts []onrecord.Account) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := map[string]string{}
	for _, a := range accounts {
		if user := s.known[a.ID]; user != "" {
			ids[user] = a.ID
		}
	}
	return ids
}

func (s *source) learn(account, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[account] = user
}

// calls notes what a stream calls a user.
func (s *source) calls(user, handle string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.called[user] = handle
}

// calledOtherwise reports whether a stream called a user something else than pulls know, and
// forgets it: what the user is called is then looked up.
func (s *source) calledOtherwise(m mark) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := s.called[m.User]
	delete(s.called, m.User)
	return name != "" && name != m.Handle
}

// hear hears one stream until it ends. A [*dropped] end is nothing but an end.
func (s *source) hear(ctx context.Context, accounts []onrecord.Account, ids map[string]string, news func(sources.News)) error {
	const what = "hearing of posts sooner"
	if err := s.budget.spare(ctx, what); err != nil {
		return err
	}
	path, subscribe := "/2/activity/stream", s.subscribe
	query := url.Values{}
	if s.stream == filtered {
		path, subscribe = "/2/tweets/search/stream", s.setRules
		query.Set("tweet.fields", "author_id,edit_history_tweet_ids")
	}
	if err := subscribe(ctx, ids); err != nil {
		return dropOf(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := time.AfterFunc(firstSilence, cancel)
	defer watch.Stop()
	body, err := s.open(ctx, path, query)
	if err != nil {
		return err
	}
	defer body.Close()
	for _, id := range ids {
		news(sources.News{Account: id})
	}
	lines := bufio.NewReaderSize(body, 64<<10)
	for {
		watch.Reset(silence)
		line, err := readLine(lines)
		if err != nil {
			return &dropped{0, fmt.Errorf("the stream ended: %w", err)}
		}
		if len(line) > 0 {
			if err := s.heard(ctx, line, ids, news); err != nil {
				return err
			}
			if err := s.budget.spare(ctx, what); err != nil {
				return err
			}
		}
		if now := s.users(accounts); len(now) > len(ids) {
			if err := subscribe(ctx, now); err != nil {
				return dropOf(err)
			}
			ids = now
		}
	}
}

// open opens the stream. Refused, it is an error of its kind; those that time mends are
// [*dropped].
func (s *source) open(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	req, err := sources.NewGet(ctx, s.client.base+path+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.client.token)
	resp, err := s.endless.Do(req)
	if err != nil {
		return nil, &dropped{0, fmt.Errorf("open the stream: %w", errors.Unwrap(err))}
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, maxProblem)) // what is missing of it was not said
	doc := sources.Document{Status: resp.StatusCode, Header: resp.Header, Body: said, URL: req.URL}
	return nil, dropOf(refusal(doc, fmt.Errorf("the stream answered HTTP %d", doc.Status), time.Now()))
}

// dropOf tells which refusals time mends.
func dropOf(err error) error {
	told, ok := errors.AsType[*sources.Error](err)
	switch {
	case !ok:
		return &dropped{http.StatusServiceUnavailable, err}
	case told.Trouble == sources.Limited:
		return &dropped{http.StatusTooManyRequests, err}
	case told.Trouble == sources.Unreached, told.Trouble == sources.Walled:
		return &dropped{http.StatusServiceUnavailable, err}
	}
	return err
}

// readLine reads a line of at most [maxLine]; an empty one is a sign of life.
func readLine(r *bufio.Reader) (line []byte, err error) {
	for {
		part, more, err := r.ReadLine()
		if err != nil {
			return nil, err
		}
		if line = append(line, part...); len(line) > maxLine {
			return nil, sources.ErrTooLarge
		}
		if !more {
			return bytes.TrimSpace(line), nil
		}
	}
}

// message is a line of either stream.
type message struct {
	Data struct {
		Type    string          `json:"event_type"`
		Payload json.RawMessage `json:"payload"`
		Filter  struct {
			User string `json:"user_id"`
		} `json:"filter"`
	} `json:"data"`
	Includes json.RawMessage `json:"includes"`
	Errors   []problem       `json:"errors"`
}

// handles are what users beside a post are called, by id. With a deletion, each is in an
// object of its own.
func (m message) handles() map[string]string {
	type named struct {
		ID       string `json:"id"`
		Username string `json:"username"`
	}
	var beside struct {
		Users []struct {
			named
			Data named `json:"data"`
		} `json:"users"`
	}
	_ = json.Unmarshal(m.Includes, &beside) // what cannot be read says nothing
	list := map[string]string{}
	for _, u := range beside.Users {
		if u := cmp.Or(u.named, u.Data); handle.MatchString(u.Username) {
			list[u.ID] = u.Username
		}
	}
	return list
}

// heard takes in a line. What cannot be read, or is of nobody we hear, says nothing: a
// stream is a hint, and lines repeat, arrive late and come in kinds yet to be invented.
func (s *source) heard(ctx context.Context, line []byte, ids map[string]string, news func(sources.News)) error {
	var m message
	if json.Unmarshal(line, &m) != nil {
		return nil //nolint:nilerr // it is no message
	}
	if len(m.Errors) > 0 {
		return &dropped{0, fmt.Errorf("X ends the stream, %s", m.Errors[0].said())}
	}
	payload, class := []byte(m.Data.Payload), heardClass
	if s.stream == filtered {
		var f struct {
			Data json.RawMessage `json:"data"`
		}
		_ = json.Unmarshal(line, &f) // it is JSON by now, and without data there is no post
		m.Data.Type, payload = postCreate, f.Data
	}
	if m.Data.Type == renamed {
		return s.heardOfName(ctx, m, ids, news)
	}
	w, err := readPost(payload)
	account := ids[w.AuthorID]
	if account == "" {
		account = ids[m.Data.Filter.User]
	}
	n := sources.News{Account: account}
	switch {
	case err != nil:
		return nil //nolint:nilerr // it is of no post
	case m.Data.Type == postDelete:
		class, n.Deleted = deletedClass, formatID(w.first())
	case m.Data.Type != postCreate:
		return nil
	}
	if err := s.budget.charge(context.WithoutCancel(ctx), class, account, postPrice, []string{w.ID}); err != nil {
		return err
	}
	for user, name := range m.handles() {
		if ids[user] != "" {
			s.calls(user, name)
		}
	}
	if account != "" {
		news(n)
	}
	return nil
}

// heardOfName takes in that a user bears another handle. What it is, is looked up.
func (s *source) heardOfName(ctx context.Context, m message, ids map[string]string, news func(sources.News)) error {
	user := m.Data.Filter.User
	var name struct {
		After string `json:"after"`
	}
	if json.Unmarshal(m.Data.Payload, &name) != nil || ids[user] == "" || !handle.MatchString(name.After) {
		return nil //nolint:nilerr // it is of no name
	}
	if err := s.budget.charge(context.WithoutCancel(ctx), profileClass, ids[user], namePrice, []string{user + " " + name.After}); err != nil {
		return err
	}
	s.calls(user, name.After)
	news(sources.News{Account: ids[user]})
	return nil
}

// subscription is what the app is told of by the Activity stream.
type subscription struct {
	ID     string `json:"subscription_id"`
	Type   string `json:"event_type"`
	Tag    string `json:"tag"`
	Filter struct {
		User string `json:"user_id"`
	} `json:"filter"`
}

// subscribe has the app told of what accounts post and delete and are called, and of
// nothing that was ours before.
func (s *source) subscribe(ctx context.Context, ids map[string]string) error {
	type want struct{ kind, user string }
	missing := map[want]bool{}
	for user := range ids {
		for _, kind := range []string{postCreate, postDelete, renamed} {
			missing[want{kind, user}] = true
		}
	}
	for token, pages := "", 0; pages < maxPages; pages++ {
		query := url.Values{"max_results": {"1000"}}
		if token != "" {
			query.Set("pagination_token", token)
		}
		var answer struct {
			Data []subscription `json:"data"`
			Meta struct {
				Next string `json:"next_token"`
			} `json:"meta"`
		}
		if err := s.client.get(ctx, "/2/activity/subscriptions", query, &answer); err != nil {
			return err
		}
		for _, sub := range answer.Data {
			w := want{sub.Type, sub.Filter.User}
			switch {
			case missing[w]:
				delete(missing, w)
			case strings.HasPrefix(sub.Tag, ours) && ids[sub.Filter.User] == "":
				if err := s.client.send(ctx, http.MethodDelete, "/2/activity/subscriptions/"+url.PathEscape(sub.ID), nil); err != nil {
					return err
				}
			}
		}
		if token = answer.Meta.Next; token == "" {
			break
		}
	}
	for w := range missing {
		err := s.client.send(ctx, http.MethodPost, "/2/activity/subscriptions", map[string]any{
			"event_type": w.kind, "filter": map[string]string{"user_id": w.user}, "tag": ours + w.kind,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// setRules has the filtered stream hold the posts of accounts, and nothing that was ours
// before.
func (s *source) setRules(ctx context.Context, ids map[string]string) error {
	var answer struct {
		Data []struct {
			ID    string `json:"id"`
			Value string `json:"value"`
			Tag   string `json:"tag"`
		} `json:"data"`
	}
	const path = "/2/tweets/search/stream/rules"
	if err := s.client.get(ctx, path, url.Values{}, &answer); err != nil {
		return err
	}
	var add []map[string]string
	for user := range ids {
		add = append(add, map[string]string{"value": "from:" + user, "tag": ours + user})
	}
	var drop []string
	for _, r := range answer.Data {
		if i := slices.IndexFunc(add, func(a map[string]string) bool { return a["value"] == r.Value }); i >= 0 {
			add = slices.Delete(add, i, i+1)
		} else if strings.HasPrefix(r.Tag, ours) {
			drop = append(drop, r.ID)
		}
	}
	if len(drop) > 0 {
		if err := s.client.send(ctx, http.MethodPost, path, map[string]any{"delete": map[string]any{"ids": drop}}); err != nil {
			return err
		}
	}
	if len(add) == 0 {
		return nil
	}
	return s.client.send(ctx, http.MethodPost, path, map[string]any{"add": add})
}
