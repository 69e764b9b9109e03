package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"onrecord/sources"
)

// maxAnswer bounds an answer: forty long posts with all that they boost and quote
// are about a megabyte.
const maxAnswer = 8 << 20

// maxFeed bounds a feed, which shows twenty.
const maxFeed = 1 << 20

// server is asked for what it knows.
type server struct {
	base  string // such as https://social.example
	http  *http.Client
	token string // of this server; "" where there is none
}

// host names the server in ids.
func (s server) host() string {
	_, host, _ := strings.Cut(s.base, "://")
	return host
}

// get asks for a path and decodes the answer into v.
func (s server) get(ctx context.Context, path string, query url.Values, v any) error {
	_, err := s.answer(ctx, path, query, v)
	return err
}

// answer is get, with the header of the answer.
func (s server) answer(ctx context.Context, path string, query url.Values, v any) (http.Header, error) {
	d, err := s.read(ctx, path+"?"+query.Encode(), "application/json", maxAnswer)
	if err != nil {
		return nil, err
	}
	if err := d.Decode(v); err != nil {
		if d.HTML() {
			return nil, &sources.Error{Trouble: sources.Walled, Err: fmt.Errorf("read %s%s: a page for people came back instead of data; does the server speak Mastodon's API?", s.base, path)}
		}
		return nil, sources.NonsenseError("read %s%s: %w", s.base, path, err)
	}
	return d.Header, nil
}

func (s server) read(ctx context.Context, path, accept string, limit int64) (sources.Document, error) {
	req, err := sources.NewGet(ctx, s.base+path)
	if err != nil {
		return sources.Document{}, err
	}
	req.Header.Set("Accept", accept)
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	d, err := sources.Read(s.http, req, limit)
	return d, explain(d, err)
}

// explain adds what the server says itself.
func explain(d sources.Document, err error) error {
	var told *sources.Error
	var said struct {
		Error string `json:"error"`
	}
	if errors.As(err, &told) && json.Unmarshal(d.Body, &said) == nil && said.Error != "" {
		told.Err = fmt.Errorf("%w: %.200s", told.Err, said.Error)
	}
	return err
}

// lookup asks for the account of a name.
func (s server) lookup(ctx context.Context, name string) (a account, err error) {
	if err := s.get(ctx, "/api/v1/accounts/lookup", url.Values{"acct": {name}}, &a); err != nil {
		return account{}, err
	}
	if a.ID == "" || !strings.EqualFold(s.full(a.Acct), s.full(name)) {
		return account{}, sources.NonsenseError("%s was asked for %s and names %.80q", s.base, name, a.Acct)
	}
	return a, nil
}

// full is the name of an account with its server.
func (s server) full(acct string) string {
	if acct == "" || strings.Contains(acct, "@") {
		return acct
	}
	return acct + "@" + s.host()
}

// page is one of an account's statuses, the newest first, and the ids of its first and last.
// A server that fills a page before it takes out what this reader may not see (GoToSocial,
// internal/processing/account/statuses.go) can show none of it: then they are those of the
// pages beside it, by the header Link, so that nothing behind it is left out.
type page struct {
	statuses       []json.RawMessage
	newest, oldest string // "": there is nothing
}

// statuses asks for a page of an account's statuses.
func (s server) statuses(ctx context.Context, account string, query url.Values) (p page, err error) {
	query.Set("limit", fmt.Sprint(pageSize))
	header, err := s.answer(ctx, "/api/v1/accounts/"+url.PathEscape(account)+"/statuses", query, &p.statuses)
	if err == nil && p.statuses == nil {
		err = sources.NonsenseError("%s does not say whether the account has posts", s.base)
	}
	if p.newest, p.oldest = newestOf(p.statuses); p.newest == "" && err == nil {
		p.newest, p.oldest = beside(header)
	}
	return p, err
}

// link is one of a header Link, https://docs.joinmastodon.org/api/guidelines/#pagination
var link = regexp.MustCompile(`<([^>]*)>\s*;\s*rel="?(next|prev)"?`)

// beside are the ids between which the pages before and behind one lie.
func beside(header http.Header) (newest, oldest string) {
	for _, l := range link.FindAllStringSubmatch(strings.Join(header.Values("Link"), ","), 4) {
		address, err := url.Parse(l[1])
		if err != nil {
			continue
		}
		if l[2] == "prev" {
			newest = address.Query().Get("min_id")
		} else {
			oldest = address.Query().Get("max_id")
		}
	}
	return newest, oldest
}

// standing tells an account that has nothing to say from one that is not shown:
// of both a server lists no posts. moved is where it went, if it says so.
func (s server) standing(ctx context.Context, id string) (moved string, err error) {
	var a account
	if err := s.get(ctx, "/api/v1/accounts/"+url.PathEscape(id), nil, &a); err != nil {
		return "", err
	}
	switch {
	case a.Suspended:
		return "", &sources.Error{Trouble: sources.Hidden, Err: fmt.Errorf("%s has suspended the account %s", s.host(), a.Acct)}
	case a.Moved != nil:
		return s.full(a.Moved.Acct), nil
	}
	return "", nil
}

// wantsLogin reports an answer that somebody with an account would get another one to.
func wantsLogin(err error) bool {
	told, ok := errors.AsType[*sources.Error](err)
	return ok && told.Trouble == sources.Denied
}
