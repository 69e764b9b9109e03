package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/markup"
	"onrecord/statements"
	"onrecord/statements/summary"
)

const (
	// contextTimeout bounds how long a post waits for all that stands around it.
	contextTimeout = 5 * time.Second
	// mostPage is how much of a page is read for its title, which stands near the top.
	mostPage = 512 << 10
	// contextPause is how long a source that failed is not asked again, unless it
	// says itself when to.
	contextPause = time.Minute
)

// Summarizer writes what a card says. It may call a model; it is never called
// inside a transaction.
type Summarizer interface {
	Summarize(ctx context.Context, d summary.Draft) (onrecord.Summary, error)
}

// Classifier is a [Summarizer] that also says whether posts are on a case. It is
// never asked inside a transaction. An error is no answer: the decision stays what
// our own evidence made it.
type Classifier interface {
	// Classify answers for one draft.
	Classify(ctx context.Context, d summary.Draft) (onrecord.Opinion, error)
	// Screen says which of several drafts on one case could be on it, and who says so.
	Screen(ctx context.Context, drafts []summary.Draft) (could []bool, model string, err error)
}

// Proposer is a [Classifier] that also says whose words the quotations of an article are.
type Proposer interface {
	Propose(ctx context.Context, d summary.Draft) (proposals []onrecord.Proposal, model string, err error)
}

// outside is what reading a post may ask: the sources, for what it answers or
// quotes, the pages it links to, and a model.
type outside struct {
	reviews    Reviews
	clock      Clock
	sources    map[string]sources.Source
	pages      *http.Client
	accounts   map[string]Account
	summarizer Summarizer
	candidates bool // the model is asked about candidates alone
	log        *slog.Logger

	mu       sync.Mutex
	asked    map[string]int64        // what became of questions for referred posts
	silent   map[string]time.Time    // until when a source, or the host of a page, is not asked
	screened map[string]screenedCase // by case: the last posts that were asked about together
}

func newOutside(s Setup) *outside {
	return &outside{
		reviews: s.Reviews, clock: s.Database, sources: s.Sources, pages: s.Pages, accounts: s.accounts(), summarizer: s.Summarizer, candidates: s.CandidatesOnly, log: s.Log,
		asked: map[string]int64{}, silent: map[string]time.Time{}, screened: map[string]screenedCase{},
	}
}

// asker implements [statements.Asker] for posts of an account.
type asker struct {
	*outside
	account Account
	watch   stopwatch
	began   time.Time // when the reading did
}

// until is when the post is judged with what is known of its context by then.
func (a asker) until() time.Time { return a.began.Add(contextTimeout) }

// Words implements [statements.Asker]. Whatever keeps the source from answering,
// the post is read without.
func (a asker) Words(ctx context.Context, ids []string) (map[string]statements.Words, error) {
	source, ok := a.sources[a.account.Source].(sources.Lookup)
	if !ok || a.isSilent(a.account.Source) || !time.Now().Before(a.until()) {
		return nil, nil
	}
	defer a.watch.asks()()
	found, gone, err := lookUp(ctx, source, ids, a.until())
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a.countContext(len(found), len(gone), len(ids))
	if err != nil {
		a.silence(a.account.Source, err)
	}
	words := map[string]statements.Words{}
	for id, p := range found {
		p = bounded(p)
		p.Text = upTo(mostContext, p.Text)
		words[id] = statements.WordsOf(p)
	}
	return a.kept(ctx, a.account.Source, words, gone)
}

// Titles implements [statements.Asker]. A page that does not answer in time may be asked
// again with the next post; one that has no title for us never is.
func (a asker) Titles(ctx context.Context, addresses []string) (map[string]string, error) {
	if a.pages == nil {
		return nil, nil
	}
	defer a.watch.asks()()
	words, none := map[string]statements.Words{}, []string(nil)
	for _, address := range addresses {
		host := hostOf(address)
		if a.isSilent(host) || !time.Now().Before(a.until()) {
			continue
		}
		title, err := a.title(ctx, address)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch told, _ := errors.AsType[*sources.Error](err); {
		case err == nil && title != "":
			words[address] = statements.Words{Text: upTo(mostLine, title)}
		case err != nil && (told == nil || told.Trouble == sources.Unreached || told.Trouble == sources.Limited):
			a.silence(host, err)
		default:
			none = append(none, address)
		}
	}
	a.countContext(len(words), len(none), len(addresses))
	kept, err := a.kept(ctx, "", words, none)
	titles := map[string]string{}
	for address, w := range kept {
		titles[address] = w.Text
	}
	return titles, err
}

// title reads what a page is called. The address came from outside.
func (a asker) title(ctx context.Context, address string) (string, error) {
	ctx, cancel := context.WithDeadline(ctx, a.until())
	defer cancel()
	req, err := sources.NewGet(ctx, address)
	if err != nil {
		return "", err
	}
	page, err := sources.Read(a.pages, req, mostPage)
	if errors.Is(err, sources.ErrTooLarge) && page.Status == http.StatusOK {
		err = nil
	}
	if err != nil || !page.HTML() {
		return "", err
	}
	return markup.Title(page.Body, page.Header.Get("Content-Type")), nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// kept are words after they were stored, so that the next post has them, too.
func (a asker) kept(ctx context.Context, source string, words map[string]statements.Words, gone []string) (map[string]statements.Words, error) {
	if len(words)+len(gone) == 0 {
		return nil, nil
	}
	if err := a.reviews.KeepContext(ctx, source, words, gone); err != nil {
		a.log.Error("what stands around a post could not be kept; it is judged without", "account", a.account.ID, "error", err)
		return nil, ctx.Err()
	}
	return words, nil
}

// Summary implements [statements.Asker].
func (a asker) Summary(ctx context.Context, d summary.Draft) onrecord.Summary {
	if a.summarizer == nil || a.late(summariesTime) {
		return statements.Offline{}.Summary(ctx, d)
	}
	defer a.watch.asks()()
	written, err := a.summarizer.Summarize(ctx, d)
	if err != nil {
		a.log.Warn("summary failed; the card shows the words alone", "post", d.Parts[0].Key(), "error", err)
		return statements.Offline{}.Summary(ctx, d)
	}
	return written
}

// lookUp asks a source for posts; an answer that breaks its decoder is a failure
// like any other.
func lookUp(ctx context.Context, source sources.Lookup, ids []string, until time.Time) (found map[string]onrecord.Post, gone []string, err error) {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	defer func() {
		if broken := recover(); broken != nil {
			found, gone, err = nil, nil, fmt.Errorf("the answer broke its decoder: %v; please report it", broken)
		}
	}()
	return source.Posts(ctx, ids)
}

// silence leaves a source, or a host of pages, that failed alone for a while: a backlog must not wait
// for it with every post.
func (o *outside) silence(source string, why error) {
	until := o.clock.Now().Add(contextPause)
	if srcErr, ok := errors.AsType[*sources.Error](why); ok && srcErr.Retry.After(until) {
		until = srcErr.Retry
	}
	o.mu.Lock()
	o.silent[source] = until
	o.mu.Unlock()
	o.log.Warn("what stands around posts cannot be asked for; they are judged without", "source", source, "error", why, "until", until.UTC())
}

func (o *outside) isSilent(source string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock.Now().Before(o.silent[source])
}

func (o *outside) countContext(found, gone, asked int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked["found"] += int64(found)
	o.asked["gone"] += int64(gone)
	o.asked["failed"] += int64(asked - found - gone)
}

// context counts the posts that were asked for, by how it ended.
func (o *outside) context() map[string]int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.asked)
}
