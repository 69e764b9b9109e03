package x

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"onrecord/sources"
)

const (
	// maxProblem bounds how much of a refusal is looked at.
	maxProblem = 64 << 10
	// maxSaid bounds what is shown of X's own words: it echoes parameters.
	maxSaid = 500

	// X's windows are a quarter of an hour; a reset further away than that and
	// its slack is not believed.
	minWait     = 5 * time.Second
	maxWait     = 16 * time.Minute
	defaultWait = time.Minute

	// slow is for troubles that a person must end.
	slow = time.Hour
)

// problem is what X says went wrong. It comes as a problem object of RFC 7807,
// as {"errors":[{"code","message"}]} or as {"code","message"}; account numbers
// and codes in it come as bare numbers or strings, so they are not decoded.
type problem struct {
	Type         string    `json:"type"`
	Title        string    `json:"title"`
	Detail       string    `json:"detail"`
	Message      string    `json:"message"`
	Reason       string    `json:"reason"`
	ResetDate    string    `json:"reset_date"`
	ResourceType string    `json:"resource_type"`
	Parameter    string    `json:"parameter"`
	Errors       []problem `json:"errors"`
}

// readProblem decodes what it can; a page for people or nothing at all is the
// empty problem.
func readProblem(body []byte) problem {
	var p problem
	body = body[:min(len(body), maxProblem)]
	var mistyped *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &p); err != nil && !errors.As(err, &mistyped) {
		return problem{}
	}
	return p
}

// kind is the last segment of the type: X serves the same problems under two
// addresses.
func (p problem) kind() string {
	if p.Type == "" {
		return ""
	}
	return path.Base(p.Type)
}

// said is X's own words, the most telling first.
func (p problem) said() string {
	var words []string
	for _, e := range p.Errors {
		words = append(words, e.Message, e.Detail)
	}
	words = append(words, p.Detail, p.Message, p.Title, p.Reason)
	words = compact(words)
	if len(words) == 0 {
		return "without a reason"
	}
	return fmt.Sprintf("%q", shorten(strings.Join(words, "; "), maxSaid))
}

// compact drops empty and repeated words.
func compact(words []string) []string {
	var kept []string
	seen := map[string]bool{"": true}
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			kept = append(kept, w)
		}
	}
	return kept
}

func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// refusal says what a status of 400 and above means. X has three ways to be
// out of money, and all three may come with headers that claim requests are
// left: the type in the body decides, then the status, then the headers.
func refusal(doc sources.Document, plain error, now time.Time) error {
	p := readProblem(doc.Body)
	fail := func(t sources.Trouble, wait time.Duration, wholePlace bool, advice string) error {
		return &sources.Error{Trouble: t, Retry: now.Add(wait), Place: wholePlace, Err: fmt.Errorf("X answered HTTP %d, %s; %s", doc.Status, p.said(), advice)}
	}
	switch kind := p.kind(); {
	case kind == "credits", kind == "credits-depleted", kind == "usage-capped", doc.Status == http.StatusPaymentRequired:
		advice := "look at credits and spending limit in X's developer console; asked again every hour"
		if p.ResetDate != "" {
			advice = fmt.Sprintf("the limit resets on %.40q; ", p.ResetDate) + advice
		}
		return fail(sources.NoMoney, slow, true, advice)
	case doc.Status == http.StatusTooManyRequests:
		return fail(sources.Limited, waitFor(doc.Header, now), true, "the limit is the developer app's, so all x accounts wait")
	case doc.Status == http.StatusUnauthorized:
		return fail(sources.Denied, slow, true, "the Bearer token is dead or mistyped: renew sources.x.bearer_token; asked again every hour")
	case kind == "not-authorized-for-resource":
		return p.health(now)
	case doc.Status == http.StatusForbidden && !doc.HTML():
		return fail(sources.Denied, slow, true, "the developer app lacks access: check its project and plan in X's developer console")
	case doc.Status == http.StatusNotFound:
		return fail(sources.Gone, slow, false, "check the handle, then base_url")
	case doc.Status < 500 && doc.Status != http.StatusForbidden:
		return fail(sources.Nonsense, slow, false, "X does not understand the request; look for a newer onrecord")
	}
	return plain // a failing server or its wall: only time helps
}

// waitFor reads when a rate limit ends. A 401 and some 429 come without the
// header; absent is not zero.
func waitFor(h http.Header, now time.Time) time.Duration {
	reset, err := strconv.ParseInt(h.Get("x-rate-limit-reset"), 10, 64)
	if err != nil || reset < epoch/1000 { // before the first id of X: no point in time
		return defaultWait
	}
	return min(max(time.Unix(reset, 0).Sub(now), minWait), maxWait)
}

// health says what an error about the account itself, which comes with HTTP
// 200, means. One such answer is never taken for a deletion.
func (p problem) health(now time.Time) error {
	e := &sources.Error{Trouble: sources.Nonsense, Retry: now.Add(slow), Err: fmt.Errorf("X answers %s", p.said())}
	suspended := p.Title == "Forbidden" || strings.Contains(strings.ToLower(p.Detail), "suspended")
	switch p.kind() {
	case "not-authorized-for-resource":
		e.Trouble, e.Err = sources.Hidden, fmt.Errorf("X does not show the account's posts, %s; it is probably protected", p.said())
	case "resource-not-found":
		e.Trouble, e.Err = sources.Gone, fmt.Errorf("X knows no such account, %s; check the handle", p.said())
		if suspended {
			e.Trouble, e.Err = sources.Hidden, fmt.Errorf("X has suspended the account, %s", p.said())
		}
	}
	return e
}

// ofAccount reports whether an error beside data is about the account asked
// for, not about one of its posts.
func (p problem) ofAccount() bool {
	return p.ResourceType == "user" && (p.Parameter == "id" || p.Parameter == "ids" || p.Parameter == "usernames")
}
