package model

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"onrecord"
	"onrecord/statements/summary"
)

// The APIs a question can be put in.
const (
	Anthropic = "anthropic"
	OpenAI    = "openai" // any endpoint that speaks chat completions
)

// Config says which model is asked, and how much it may cost.
type Config struct {
	API         string // Anthropic or OpenAI
	Model       string
	Key         string // empty for endpoints that want none
	BaseURL     string
	DailyBudget float64       // dollars per UTC day
	Timeout     time.Duration // how long a post waits for the model
	Translate   string        // the language to translate to; empty for none
}

// Env is what the program lends.
type Env struct {
	Client *http.Client
	Budget Budget
	Log    *slog.Logger // nil: silent
}

// Reader is a language model that reads statements. Its methods may be called
// from several goroutines.
type Reader struct {
	config  Config
	api     api
	client  *http.Client
	budget  *budget
	breaker breaker
	warm    atomic.Bool
	log     *slog.Logger

	mu     sync.Mutex
	known  map[[sha256.Size]byte]known
	order  [][sha256.Size]byte // of known, oldest first
	calls  map[string]int64
	ending string // how the last call ended, so that trouble is logged when it changes
}

// known is what became of a question. A failure is known for as long as the
// service would be left alone.
type known struct {
	answer any
	err    error
	until  time.Time // zero: for good
}

// mostKnown bounds what is remembered. It is for posts that are read again, and for
// repetitions; a restart asks again.
const mostKnown = 256

// Open makes a reader. It does no I/O.
func Open(c Config, e Env) (*Reader, error) {
	r := &Reader{
		config: c, budget: &budget{Budget: e.Budget, price: priceOf(c.Model, c.Key), limit: int64(c.DailyBudget * 1e6)},
		log: e.Log, known: map[[sha256.Size]byte]known{}, calls: map[string]int64{},
	}
	switch c.API {
	case Anthropic:
		r.api = anthropic{c}
	case OpenAI:
		r.api = openai{c}
	default:
		return nil, fmt.Errorf("open a model: there is no API %q", c.API)
	}
	// A redirect would take the key, which is in a header of its own, to
	// another host.
	client := *e.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r.client = &client
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	return r, nil
}

// Summarize returns the model's summary of a draft, or the offline one when
// there is none that can be believed. It never fails.
func (r *Reader) Summarize(ctx context.Context, d summary.Draft) (onrecord.Summary, error) {
	offline := summary.Extract(d)
	if len(offline.Quotes) == 0 { // nothing in it is the speaker's own words
		return offline, nil
	}
	q := ask(d, r.config.Translate)
	written, err := put(ctx, r, query[onrecord.Summary]{
		content: q, material: q.material, rules: q.system(), prompt: q.prompt, schema: q.schema(),
		believe: func(raw []byte, f fence) (onrecord.Summary, error) { return q.believe(d, raw, f, r.config.Model) },
	})
	if err == nil {
		return written, nil
	}
	return offline, nil
}

// Classify says whether a draft is on its case, or why nothing is said of it.
func (r *Reader) Classify(ctx context.Context, d summary.Draft) (onrecord.Opinion, error) {
	if len(summary.Own(d)) == 0 {
		return onrecord.Opinion{}, errNothing
	}
	q := judge(d)
	return put(ctx, r, query[onrecord.Opinion]{
		content: q, material: q.material, rules: q.system(), prompt: q.prompt, schema: q.schema(),
		believe: func(raw []byte, f fence) (onrecord.Opinion, error) { return q.believe(d, raw, f, r.config.Model) },
	})
}

// Screen says which of several drafts on one case could be on it.
func (r *Reader) Screen(ctx context.Context, drafts []summary.Draft) ([]bool, string, error) {
	s := screen(drafts)
	could, err := put(ctx, r, query[[]bool]{
		content: s, material: s.material, rules: s.system(), prompt: s.prompt, schema: s.schema(), believe: s.believe, spare: true,
	})
	return could, r.config.Model, err
}

// Propose says whose words the quotations of an article are, as far as it can be found
// in its text; name is the model's.
func (r *Reader) Propose(ctx context.Context, d summary.Draft) (proposals []onrecord.Proposal, name string, err error) {
	q := attribute(d)
	proposals, err = put(ctx, r, query[[]onrecord.Proposal]{
		content: q, material: q.material, rules: q.system(), prompt: q.prompt, schema: q.schema(),
		believe: func(raw []byte, f fence) ([]onrecord.Proposal, error) { return q.believe(d, raw, f) },
	})
	return proposals, r.config.Model, err
}

// Calls counts calls since the start by how they ended: "good" or the kind of
// failure.
func (r *Reader) Calls() map[string]int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.calls)
}

// Probe proves that the key is taken and the model is there. It costs nothing.
func (r *Reader) Probe(ctx context.Context) error {
	said, _, err := r.do(ctx, http.MethodGet, r.api.probe(), nil)
	if err != nil {
		return err
	}
	return r.api.lists(said)
}

// errNothing says that a draft holds no words of the speaker to ask about.
var errNothing = errors.New("nothing in it is the speaker's own words")

// query is something a model is asked, with what is believed of the answer.
type query[T any] struct {
	content  any // names it
	material material
	rules    string
	prompt   func(f fence, complaint string) string
	schema   object
	believe  func(raw []byte, f fence) (T, error)
	spare    bool // it leaves a part of the day's budget to others
}

// put asks once and, when the answer cannot be believed, once more with what was
// wrong.
func put[T any](ctx context.Context, r *Reader, q query[T]) (T, error) {
	key := keyOf(q.content)
	if k, ok := r.recall(key); ok {
		return k.answer.(T), k.err
	}
	within, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	a, err := attempt(within, r, q, "")
	if doubted := asFailure("", err); err != nil && (doubted.kind == unreadable || doubted.kind == unsupported) {
		a, err = attempt(within, r, q, doubted.Error())
	}
	if ctx.Err() != nil { // the program stops: nothing is known
		return a, err
	}
	k := known{answer: a, err: err}
	if kind := asFailure("", err).kind; err != nil && kind != unreadable && kind != unsupported && kind != refused {
		k.until = time.Now().Add(restTime)
	}
	r.remember(key, k)
	return a, err
}

// keyOf names a question by its content.
func keyOf(content any) [sha256.Size]byte {
	text, err := json.Marshal(content)
	if err != nil {
		panic(err) // unreachable: texts and flags only
	}
	return sha256.Sum256(fmt.Appendf(text, " %T", content))
}

// attempt puts a question once.
func attempt[T any](ctx context.Context, r *Reader, q query[T], complaint string) (a T, err error) {
	fence := newFence(q.material)
	raw, err := r.call(ctx, request{system: fence.system(q.rules), prompt: q.prompt(fence, complaint), schema: q.schema, spare: q.spare})
	if err == nil {
		a, err = q.believe(raw, fence)
	}
	r.count(err)
	return a, err
}

// believe reads an answer and checks it.
func (q question) believe(d summary.Draft, raw []byte, fence fence, name string) (onrecord.Summary, error) {
	a, err := q.decode(raw)
	if err != nil {
		return onrecord.Summary{}, &failure{kind: unreadable, err: err}
	}
	for _, text := range []*string{&a.Summary, &a.Translation} {
		*text = fence.lift(*text)
	}
	for i := range a.KeyQuotes {
		a.KeyQuotes[i].Text = fence.lift(a.KeyQuotes[i].Text)
	}
	if fence.touches(a.Summary) || fence.touches(a.Translation) {
		return onrecord.Summary{}, &failure{kind: unsupported, err: errors.New("it repeats the marks around the material")}
	}
	s, err := q.check(d, a, name)
	if err != nil {
		return onrecord.Summary{}, &failure{kind: unsupported, err: err}
	}
	return s, nil
}

// count counts how a call ended, and tells the operator when that changes.
// Answers that cannot be believed are ordinary.
func (r *Reader) count(err error) {
	ending := good
	if err != nil {
		ending = asFailure(broken, err).kind
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls[ending]++
	switch ending {
	case unreadable, unsupported, refused:
		r.log.Debug("the model's answer is not used; the speaker's words stand alone", "model", r.config.Model, "why", err)
		return
	case resting:
		return
	case r.ending:
		return
	case good:
		if r.ending != "" {
			r.log.Info("the model answers again", "model", r.config.Model)
		}
	default:
		r.log.Warn("the model cannot be asked; summaries are offline and nothing is lost", "model", r.config.Model, "trouble", ending, "error", err)
	}
	r.ending = ending
}

func (r *Reader) recall(key [sha256.Size]byte) (known, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.known[key]
	return k, ok && (k.until.IsZero() || time.Now().Before(k.until))
}

func (r *Reader) remember(key [sha256.Size]byte, k known) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.known[key]; !ok {
		r.order = append(r.order, key)
	}
	r.known[key] = k
	if len(r.order) > mostKnown {
		delete(r.known, r.order[0])
		r.order = r.order[1:]
	}
}
