package mastodontest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/sources/sourcetest/faults"
)

// Fault is a way for a server to misbehave.
type Fault string

// The faults.
const (
	Page        Fault = "HTTP 200 with a page for people"
	Walled      Fault = "HTTP 403 with a page for people"
	RateLimited Fault = "HTTP 429 with X-RateLimit-Reset"
	ServerError Fault = "HTTP 503 with a page for people"
	CutBody     Fault = "the connection ends inside the answer"
	Garbage     Fault = "bytes that are no JSON"
	EmptyBody   Fault = "an empty answer"
	Null        Fault = "the answer null"

	LoginWanted Fault = "HTTP 401 without a token" // of the API, not of feeds
	NoFeed      Fault = "there is no feed"
	BadFeed     Fault = "the feed is a page for people"
	NoHistory   Fault = "the versions of a post are not shown"
	NoContext   Fault = "what stands before a post is not shown"
	NoMinID     Fault = "min_id is ignored"
	HiddenCount Fault = "a page is filled first, and what this reader may not see taken out of it then" // as GoToSocial does
	Unreadable  Fault = "the newest post has another shape"
	Foreign     Fault = "the newest post is by somebody else"
	OtherName   Fault = "another account is found"
)

// whole are the faults that spoil every answer, in the order they are tried.
var whole = []Fault{Page, Walled, RateLimited, ServerError, CutBody, Garbage, EmptyBody, Null}

// Reset is how long a rate limit lasts.
const Reset = 5 * time.Minute

const page = `<!DOCTYPE html><html><body>Please wait.</body></html>`

var ids = regexp.MustCompile(`/(?:[0-9]{5,}|[0-9A-Z]{26})(/|$)`)

// ServeHTTP serves the API and the feeds.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.Count(ids.ReplaceAllString(r.URL.Path, "/ID$1"))
	s.beside = ""
	status, contentType, body := s.call(r)
	if s.beside != "" {
		w.Header().Set("Link", s.beside)
	}
	fault := Fault("")
	for _, f := range whole {
		if s.Hit(f) {
			fault = f
			break
		}
	}
	s.mu.Unlock()
	if fault != "" {
		spoil(w, fault, body)
		return
	}
	faults.Send(w, status, contentType, body)
}

func (s *Server) call(r *http.Request) (status int, contentType string, body []byte) {
	const data = "application/json; charset=utf-8"
	if strings.HasPrefix(r.URL.Path, "/@") {
		return s.feed(r)
	}
	if r.UserAgent() == "" && s.Strict {
		return http.StatusTeapot, data, []byte(`{"error":"I'm a teapot: no user-agent sent with request"}`)
	}
	authorized := r.Header.Get("Authorization") == "Bearer "+Token
	if r.Header.Get("Authorization") != "" && !authorized {
		return http.StatusUnauthorized, data, []byte(`{"error":"The access token is invalid"}`)
	}
	if !authorized && (s.Strict || s.Hit(LoginWanted)) {
		return http.StatusUnauthorized, data, []byte(`{"error":"This API requires an authenticated user"}`)
	}
	code, v := s.api(strings.Split(strings.Trim(r.URL.Path, "/"), "/"), r.URL.Query(), authorized)
	if v == nil {
		return code, data, []byte(`{"error":"Record not found"}`)
	}
	b, _ := json.Marshal(v) // maps of strings, numbers and lists: cannot fail
	return code, data, b
}

func (s *Server) api(path []string, q url.Values, authorized bool) (int, any) {
	if len(path) < 4 || path[0] != "api" || path[1] != "v1" {
		return http.StatusNotFound, nil
	}
	switch {
	case path[2] == "accounts" && path[3] == "lookup":
		name := strings.TrimSuffix(q.Get("acct"), "@"+s.host)
		for _, a := range s.accounts {
			if strings.EqualFold(a.acct, name) && a.state != "deleted" {
				if s.Hit(OtherName) {
					a = &account{id: "1", acct: "somebody_else"}
				}
				return http.StatusOK, s.accountView(a)
			}
		}
	case path[2] == "accounts" && path[3] == "verify_credentials" && authorized:
		return http.StatusOK, s.accountView(&account{id: "1", acct: "reader"})
	case path[2] == "accounts":
		i := slices.IndexFunc(s.accounts, func(a *account) bool { return a.id == path[3] && a.state != "deleted" })
		switch {
		case i < 0:
		case len(path) == 4:
			return http.StatusOK, s.accountView(s.accounts[i])
		case path[4] == "statuses":
			return http.StatusOK, s.list(s.accounts[i], q, authorized)
		}
	case path[2] == "statuses":
		st := s.find(path[3])
		if st == nil || st.by.state != "" || !st.visible(authorized) {
			return http.StatusNotFound, nil
		}
		switch {
		case len(path) == 4:
			return http.StatusOK, s.view(st)
		case path[4] == "context" && !s.Hit(NoContext):
			return http.StatusOK, object{"ancestors": s.ancestors(st, authorized), "descendants": []any{}}
		case path[4] == "history" && !s.Hit(NoHistory):
			return http.StatusOK, s.history(st)
		}
	}
	return http.StatusNotFound, nil
}

func (st *status) visible(authorized bool) bool {
	return st.draft.Visibility != "private" && st.draft.Visibility != "direct" || authorized
}

// list is a page of an account's statuses. One that is suspended has none.
func (s *Server) list(a *account, q url.Values, authorized bool) []any {
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 {
		limit = 20
	}
	limit = min(limit, 40)
	hiddenCount := s.Hit(HiddenCount)
	var all []*status // oldest first
	for _, st := range s.statuses {
		if st.by == a && !st.deleted && (st.visible(authorized) || hiddenCount) && a.state == "" {
			all = append(all, st)
		}
	}
	after := func(id string) int {
		return len(slices.Collect(func(yield func(bool) bool) {
			for _, st := range all {
				if compare(st.id, id) <= 0 && !yield(true) {
					return
				}
			}
		}))
	}
	switch newest := all; {
	case q.Get("min_id") != "" && !s.Hit(NoMinID):
		all = newest[after(q.Get("min_id")):]
		all = all[:min(limit, len(all))]
	case q.Get("max_id") != "":
		all = slices.DeleteFunc(newest, func(st *status) bool { return compare(st.id, q.Get("max_id")) >= 0 })
		all = all[max(0, len(all)-limit):]
	default:
		if q.Get("since_id") != "" && !s.Strict {
			all = newest[after(q.Get("since_id")):]
		}
		all = all[max(0, len(all)-limit):]
	}
	if len(all) > 0 {
		at := fmt.Sprintf("<https://%s/api/v1/accounts/%s/statuses?limit=%d&", s.host, a.id, limit)
		s.beside = fmt.Sprintf(`%smax_id=%s>; rel="next", %smin_id=%s>; rel="prev"`, at, all[0].id, at, all[len(all)-1].id)
	}
	if hiddenCount {
		all = slices.DeleteFunc(slices.Clone(all), func(st *status) bool { return !st.visible(false) })
	}
	views := []any{}
	for i, st := range slices.Backward(all) {
		view := any(s.view(st))
		if i == len(all)-1 && s.Hit(Unreadable) {
			view = object{"id": st.id, "content": []int{1}}
		}
		if i == len(all)-1 && s.Hit(Foreign) {
			view.(object)["account"] = s.accountView(&account{id: "77", acct: "stranger"})
		}
		views = append(views, view)
	}
	return views
}

// feed is RSS as Mastodon writes it, or JSON Feed as GoToSocial does.
func (s *Server) feed(r *http.Request) (int, string, []byte) {
	gone := func() (int, string, []byte) { return http.StatusNotFound, "text/html", []byte(page) }
	if s.Strict && !strings.HasSuffix(r.URL.Path, "/feed.rss") { // the profile, in a form that it does not have
		return http.StatusNotAcceptable, "application/json", []byte(`{"error":"Not Acceptable: no format can be offered for requested Accept header(s) [application/rss+xml]"}`)
	}
	name, end, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/@"), map[bool]string{true: "/feed.rss", false: ".rss"}[s.Strict])
	i := slices.IndexFunc(s.accounts, func(a *account) bool { return a.acct == name && a.state == "" })
	if i < 0 || end != "" || !strings.HasSuffix(r.URL.Path, "rss") || s.Hit(NoFeed) {
		return gone()
	}
	if s.Hit(BadFeed) {
		return http.StatusOK, "text/html", []byte(page)
	}
	var shown []*status
	for _, st := range slices.Backward(s.statuses) {
		inside := st.draft.ReplyTo != "" && (s.find(st.draft.ReplyTo) == nil || s.find(st.draft.ReplyTo).by != st.by)
		if st.by == s.accounts[i] && !st.deleted && st.boosts == nil && !inside && (st.draft.Visibility == "public" || st.draft.Visibility == "unlisted") && len(shown) < 20 {
			shown = append(shown, st)
		}
	}
	if s.Strict {
		items := []object{}
		for _, st := range shown {
			items = append(items, object{"id": s.address(st), "url": s.address(st), "title": "a post", "content_html": s.content(st.shown().text), "date_published": st.created.UTC().Format(time.RFC3339)})
		}
		b, _ := json.Marshal(object{"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items})
		return http.StatusOK, "application/feed+json", b
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:webfeeds="http://webfeeds.org/rss/1.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>%s</title><link>https://%s/@%s</link>`, html.EscapeString(s.accounts[i].name), s.host, name)
	for _, st := range shown {
		v := st.shown()
		content := s.content(v.text)
		if v.warning != "" {
			content = "<p><strong>Content warning:</strong> " + html.EscapeString(v.warning) + "</p><hr />" + content
		}
		fmt.Fprintf(&b, `<item><guid isPermaLink="true">%[1]s</guid><link>%[1]s</link><pubDate>%[2]s</pubDate><description>%[3]s</description>`, s.address(st), st.created.UTC().Format(time.RFC1123Z), html.EscapeString(content))
		if st.draft.Image != "" {
			fmt.Fprintf(&b, `<media:content url="%s" type="image/png" fileSize="7" medium="image"><media:rating scheme="urn:simple">nonadult</media:rating><media:description type="plain">%s</media:description></media:content>`, html.EscapeString(st.draft.Image), html.EscapeString(st.draft.Alt))
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return http.StatusOK, "application/rss+xml; charset=utf-8", []byte(b.String())
}

func spoil(w http.ResponseWriter, f Fault, body []byte) {
	switch f {
	case Page:
		faults.Send(w, http.StatusOK, "text/html", []byte(page))
	case Walled:
		faults.Send(w, http.StatusForbidden, "text/html", []byte(page))
	case RateLimited:
		w.Header().Set("X-RateLimit-Limit", "300")
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", time.Now().Add(Reset).UTC().Format("2006-01-02T15:04:05.000000Z"))
		faults.Send(w, http.StatusTooManyRequests, "application/json", []byte(`{"error":"Too many requests"}`))
	case ServerError:
		faults.Send(w, http.StatusServiceUnavailable, "text/html", []byte(page))
	case CutBody:
		faults.Send(w, http.StatusOK, "application/json", body[:len(body)/2])
		if fl, ok := w.(http.Flusher); ok {
			fl.Flush()
		}
		panic(http.ErrAbortHandler)
	case Garbage:
		faults.Send(w, http.StatusOK, "application/json", []byte("\x00\x9f\x92 not JSON"))
	case Null:
		faults.Send(w, http.StatusOK, "application/json", []byte("null"))
	default:
		faults.Send(w, http.StatusOK, "application/json", nil)
	}
}
