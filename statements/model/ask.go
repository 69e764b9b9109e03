package model

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// mostTokens bounds an answer. The longest honest one, with a translation, has
// about a thousand; models that think before they speak need some more.
const mostTokens = 2000

// mostBody bounds what is read of an HTTP answer.
const mostBody = 1 << 20

// request is a question ready to be sent.
type request struct {
	system, prompt string
	schema         object
	warm           bool // the model does not take a temperature
	spare          bool // it leaves a part of the day's budget to others
}

// reply is what came back: the object in the closed form, and the tokens.
type reply struct {
	object  []byte
	in, out int64
}

// api is a way to put a question.
type api interface {
	path() string
	sign(http.Header)
	body(request) object
	read(body []byte) (reply, error)
	probe() string           // the path that proves the credentials for nothing
	lists(body []byte) error // whether its answer allows the model
}

// The ways a call ends, as metrics name them.
const (
	good        = "good"
	timedOut    = "timeout"
	unreachable = "unreachable"
	denied      = "denied"     // 4xx: key, model or address are wrong
	limited     = "limited"    // 429
	broken      = "broken"     // 5xx, or no answer of this API
	refused     = "refused"    // the model does not want to
	unreadable  = "unreadable" // not in the closed form
	unsupported = "unsupported"
	overBudget  = "over budget"
	resting     = "resting" // the breaker is open: nothing was asked
	noBudget    = "no purse"
)

// failure is a call that did not give an answer.
type failure struct {
	kind  string
	after time.Duration // how long the service asks to be left alone
	err   error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

var (
	errRefused = errors.New("the model refused to answer")
	errCut     = fmt.Errorf("%w: it ended at its limit of %d tokens", errForm, mostTokens)
)

// call sends one request and returns the object that came back. What it cost is
// noted before the answer is looked at.
func (r *Reader) call(ctx context.Context, q request) ([]byte, error) {
	now := time.Now()
	if until, open := r.breaker.open(now); open {
		return nil, &failure{kind: resting, err: fmt.Errorf("it failed and is left alone until %s", until.UTC().Format(time.TimeOnly))}
	}
	q.warm = r.warm.Load()
	body, err := json.Marshal(r.api.body(q))
	if err != nil {
		return nil, fmt.Errorf("write the question: %w", err)
	}
	if err := r.budget.afford(ctx, len(body), q.spare, now); err != nil {
		return nil, asFailure(noBudget, err)
	}
	said, sent, err := r.do(ctx, http.MethodPost, r.api.path(), body)
	if omitTemperature(err) && !q.warm {
		r.warm.Store(true) // it is free, and the same question is put again without a temperature
		return r.call(ctx, q)
	}
	if err != nil {
		// An answer that was lost may have been billed: it counts at its most.
		if f := asFailure(broken, err); sent && (f.kind == timedOut || f.kind == unreachable) {
			err = errors.Join(err, r.budget.spend(ctx, r.budget.price.most(len(body)), now))
		}
		if ctx.Err() == nil || errors.Is(ctx.Err(), context.DeadlineExceeded) { // a stop is nobody's failure
			r.breaker.failed(now, asFailure(broken, err).after)
		}
		return nil, err
	}
	answered, err := r.api.read(said)
	if noted := r.budget.spend(ctx, r.budget.price.cost(answered.in, answered.out), now); noted != nil {
		return nil, asFailure(noBudget, noted)
	}
	switch {
	case errors.Is(err, errRefused):
		err = asFailure(refused, err)
	case errors.Is(err, errForm):
		err = asFailure(unreadable, err)
	case err != nil:
		r.breaker.failed(now, 0)
		return nil, asFailure(broken, err)
	}
	r.breaker.worked()
	return answered.object, err
}

func asFailure(kind string, err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	return &failure{kind: kind, err: err}
}

// do sends an HTTP request and returns the body of a good answer. sent reports
// whether anything left the machine.
func (r *Reader) do(ctx context.Context, method, path string, body []byte) (said []byte, sent bool, err error) {
	var wrote atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), method, strings.TrimSuffix(r.config.BaseURL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, false, &failure{kind: denied, err: errors.New("summary.base_url is no address")}
	}
	req.Header.Set("Content-Type", "application/json")
	r.api.sign(req.Header)
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, wrote.Load(), lost(ctx, req.URL.Host, err)
	}
	defer resp.Body.Close()
	said, err = io.ReadAll(io.LimitReader(resp.Body, mostBody))
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, true, status(resp, said)
	case err != nil:
		return nil, true, lost(ctx, req.URL.Host, err)
	}
	return said, true, nil
}

// lost words an answer that did not come. The address is told by its host
// alone: the rest can hold a secret.
func lost(ctx context.Context, host string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &failure{kind: timedOut, err: fmt.Errorf("%s did not answer within summary.timeout", host)}
	}
	var wrapped interface{ Unwrap() error }
	if errors.As(err, &wrapped) && wrapped.Unwrap() != nil { // a *url.Error shows the address
		err = wrapped.Unwrap()
	}
	return &failure{kind: unreachable, err: fmt.Errorf("%s cannot be reached: %w", host, err)}
}

// errWarm is a model that takes no temperature, as some do not any more.
var errWarm = errors.New("it takes no temperature")

func omitTemperature(err error) bool { return errors.Is(err, errWarm) }

// machineWord is how both APIs name an error. Their sentences are not shown:
// they can repeat the key.
var machineWord = regexp.MustCompile(`^[a-z_]{1,40}$`)

// status words an answer that is none.
func status(resp *http.Response, body []byte) error {
	var said struct {
		Error struct {
			Type    string `json:"type"`
			Param   string `json:"param"`
			Message string `json:"message"`
		} `json:"error"`
	}
	what := "HTTP " + strconv.Itoa(resp.StatusCode)
	if json.Unmarshal(body, &said) == nil && machineWord.MatchString(said.Error.Type) {
		what += " " + said.Error.Type
	}
	f := &failure{kind: denied, after: retryAfter(resp.Header)}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests:
		f.kind = limited
		f.err = fmt.Errorf("%s: it is asked too often, or its own limit of spending is reached", what)
	case code >= http.StatusInternalServerError:
		f.kind = broken
		f.err = fmt.Errorf("%s: the service fails", what)
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		f.err = fmt.Errorf("%s: the key is refused; look at summary.api_key", what)
	case code == http.StatusNotFound:
		f.err = fmt.Errorf("%s: there is no such model or address; look at summary.model and summary.base_url", what)
	case code == http.StatusBadRequest && (said.Error.Param == "temperature" || strings.Contains(said.Error.Message, "temperature")):
		f.err = fmt.Errorf("%s: %w", what, errWarm)
	default:
		f.err = fmt.Errorf("%s: the request is refused; does the model take a JSON schema? look at summary.model and summary.base_url", what)
	}
	return f
}

// retryAfter reads the seconds of a Retry-After; 0 when there are none. Both
// APIs give seconds.
func retryAfter(h http.Header) time.Duration {
	n, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || n < 0 || n > 24*60*60 {
		return 0
	}
	return time.Duration(n) * time.Second
}
