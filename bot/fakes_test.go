package bot_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/internal/store"
	"onrecord/internal/store/pgtest"
	"onrecord/internal/store/storetest"
	"onrecord/notifiers"
	"onrecord/sources"
	"onrecord/statements"
	"onrecord/statements/summary"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Done()
	os.Exit(code)
}

// square is a place where parties speak. Its cursor is the number of posts read.
type square struct {
	mu     sync.Mutex
	posts  []onrecord.Post
	old    bool // what is read is an archive
	err    error
	broken bool              // the decoder panics
	hold   func(n int) error // takes its time over the nth pull, counted from 1, whatever its context says
	size   int               // posts on a page; 0: all
	pulls  []pull
	active map[string]int // pulls under way, by account
	most   int            // of one account at once

	now     map[string]sources.Look // of posts that are not as they were said
	lookErr error                   // why nobody can look
	looks   map[string][]time.Time  // at posts
}

// Recheck implements [sources.Rechecker].
func (s *square) Recheck(_ context.Context, _ onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.looks == nil {
		s.looks = map[string][]time.Time{}
	}
	if s.broken {
		panic("index out of range")
	}
	looks := map[string]sources.Look{}
	for _, p := range posts {
		s.looks[p.ID] = append(s.looks[p.ID], time.Now())
		l, changed := s.now[p.ID]
		if !changed {
			l = sources.Look{Sight: sources.Present, Post: &p}
		}
		looks[p.ID] = l
	}
	if s.lookErr != nil {
		return nil, s.lookErr
	}
	return looks, nil
}

// shows sets what becomes of a post. One without a sight is as it was said.
func (s *square) shows(id string, l sources.Look) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		s.now = map[string]sources.Look{}
	}
	if s.now[id] = l; l.Sight == "" {
		delete(s.now, id)
	}
}

// edits puts another text into the first post, as a look finds it.
func (s *square) edits(revision, text string) {
	const id = "1"
	s.mu.Lock()
	i := slices.IndexFunc(s.posts, func(p onrecord.Post) bool { return p.ID == id })
	p := s.posts[i]
	s.mu.Unlock()
	p.Revision, p.Text, p.Raw = revision, text, []byte("raw: "+text)
	s.shows(id, sources.Look{Sight: sources.Present, Post: &p})
}

// looked returns how often the first post was looked at.
func (s *square) looked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.looks["1"])
}

type pull struct {
	account string
	at      time.Time
}

func (s *square) say(p onrecord.Post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Account, p.Dated = cmp.Or(p.Account, account.ID), true
	if p.Created.IsZero() {
		p.Created = time.Now()
	}
	p.URL = "https://social.example/@harborlabs/" + p.ID
	if p.Kind == "" {
		p.Kind = onrecord.Original
	}
	s.posts = append(s.posts, p)
}

// pulledSince counts pulls after a time.
func (s *square) pulledSince(t time.Time) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.pulls {
		if p.at.After(t) {
			n++
		}
	}
	return n
}

// pulled lists when an account was pulled within the given hours from a time.
func (s *square) pulled(account string, from time.Time, hours int) (at []time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.pulls {
		if p.account == account && !p.at.Before(from) && p.at.Before(from.Add(time.Duration(hours)*time.Hour)) {
			at = append(at, p.at)
		}
	}
	return at
}

func (s *square) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *square) Pull(_ context.Context, a onrecord.Account, c sources.Cursor) (sources.Page, error) {
	held := s.enter(a.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active[a.ID]--
	if held != nil {
		return sources.Page{}, held
	}
	if s.err != nil {
		return sources.Page{}, s.err
	}
	if s.broken {
		panic("index out of range")
	}
	from := 0
	if c != "" {
		if _, err := fmt.Sscan(string(c), &from); err != nil {
			return sources.Page{}, err
		}
	}
	others := func(p onrecord.Post) bool { return p.Account != a.ID }
	to := len(s.posts)
	if s.size > 0 {
		to = min(to, from+s.size)
	}
	page := slices.DeleteFunc(slices.Clone(s.posts[from:to]), others)
	answer := sources.Page{Posts: page, Next: sources.Cursor(fmt.Sprint(to)), More: to < len(s.posts)}
	if s.old {
		answer.Posts, answer.Archive = nil, page
	}
	return answer, nil
}

// enter begins a pull and holds it for as long as the test wants.
func (s *square) enter(account string) error {
	s.mu.Lock()
	s.pulls = append(s.pulls, pull{account, time.Now()})
	if s.active == nil {
		s.active = map[string]int{}
	}
	s.active[account]++
	s.most = max(s.most, s.active[account])
	hold, n := s.hold, len(s.pulls)
	s.mu.Unlock()
	if hold == nil {
		return nil
	}
	return hold(n)
}

// wall is a place where people read. Like Discord it remembers keys for a
// while, and can be looked at.
type wall struct {
	mu     sync.Mutex
	shown  []note
	window time.Duration
	send   func(n int) error // called before the nth send counted from 1; an error refuses it
	lose   func(n int) bool  // the nth answer is lost after posting
	blind  bool              // Find cannot tell
	hang   bool              // Send never answers
	closed bool              // nothing can be posted below others
	sends  int
	finds  int
	probe  func(notifiers.Target) error // says why a channel cannot be used
	probes int
}

type note struct {
	id, key, text string
	at            time.Time
	also          string
	edits         int
}

func (w *wall) Render(notice onrecord.Notice) (notifiers.Message, error) {
	var s onrecord.Statement
	switch n := notice.(type) {
	case onrecord.GapNotice:
		g := n.Gap
		return bodyOf(map[string]string{"text": fmt.Sprintf("%s %q %.0f min %d posts", g.Number(), g.Place, g.Until.Sub(g.From).Minutes(), g.Posts)})
	case onrecord.StatementNotice:
		s = n.Statement
	case onrecord.WholeNotice:
		m, err := bodyOf(map[string]string{"text": fmt.Sprintf("%s, part %d", n.Statement.Number(), n.Part)})
		m.More = n.Part < 3
		return m, err
	case onrecord.PersonalNotice:
		s = n.Statement
	case onrecord.FateNotice:
		return bodyOf(map[string]string{"text": fmt.Sprintf("%s %s %q %q %s-%s", n.Statement.Number(), n.Fate.Kind, n.Fate.Was, n.Fate.Now, n.Fate.From.Format("15:04"), n.Fate.Until.Format("15:04"))})
	case onrecord.RevisedNotice:
		return bodyOf(map[string]string{"text": "changed", "also": "revised"})
	case onrecord.RedactedNotice:
		return bodyOf(map[string]string{"text": "changed", "also": fmt.Sprintf("taken out %q", n.Statement.Words())})
	case onrecord.AlsoSaidNotice:
		s = n.Statement
	case onrecord.DigestNotice:
		var said, changed, words []string
		for _, l := range n.Digest.Statements {
			words = append(words, l.Statement.Speaker+": "+l.Statement.Words())
			said = append(said, l.Statement.Number()+" at "+l.Link)
		}
		for _, l := range n.Digest.Changes {
			changed = append(changed, string(l.Kind)+" "+l.Statement.Number()+" at "+l.Link)
		}
		for _, e := range n.Digest.Events {
			changed = append(changed, "in the case: "+e.What)
		}
		return bodyOf(map[string]string{"text": fmt.Sprintf("%s: %s; %s; %d accounts", n.Digest.Number(), strings.Join(said, ", "), strings.Join(changed, ", "), n.Digest.Accounts), "also": strings.Join(words, "; ")})
	case onrecord.IncidentNotice:
		i := n.Incident
		return bodyOf(map[string]string{"text": fmt.Sprintf("%s %s %s", i.Number(), i.Kind, i.Subject), "also": map[bool]string{true: "over", false: i.Text}[!i.Ended.IsZero()]})
	case onrecord.CorrectedNotice:
		return bodyOf(map[string]string{"text": "changed", "also": "now " + n.Statement.Speaker})
	case onrecord.CorrectionNotice:
		return bodyOf(map[string]string{"text": fmt.Sprintf("%s, correction %d: %s", n.Statement.Number(), n.Correction.No, n.Correction.Note)})
	}
	if text := s.First().Text; strings.Contains(text, "unrenderable") {
		return notifiers.Message{}, errors.New("cannot be rendered")
	} else if strings.Contains(text, "breaks the renderer") {
		panic("slice bounds out of range")
	}
	var words []string
	for _, q := range s.Summary.Quotes {
		words = append(words, s.Quoted(q))
	}
	also := ""
	for _, m := range s.Mirrors {
		also += m.URL
	}
	m, err := bodyOf(map[string]string{"text": s.Number() + " " + strings.Join(words, " / "), "also": also})
	m.More = strings.Contains(s.First().Text, "has no room")
	return m, err
}

func bodyOf(fields map[string]string) (notifiers.Message, error) {
	body, err := json.Marshal(fields)
	return notifiers.Message{Body: body}, err
}

func (w *wall) Send(ctx context.Context, _ notifiers.Target, m notifiers.Message, key string) (notifiers.Receipt, error) {
	w.mu.Lock()
	hang := w.hang
	w.mu.Unlock()
	if hang {
		<-ctx.Done()
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Unknown, Err: ctx.Err()}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sends++
	if w.send != nil {
		if err := w.send(w.sends); err != nil {
			return notifiers.Receipt{}, err
		}
	}
	i := slices.IndexFunc(w.shown, func(n note) bool { return n.key == key && time.Since(n.at) < w.window })
	if i < 0 {
		var body struct{ Text string }
		if err := json.Unmarshal(m.Body, &body); err != nil {
			return notifiers.Receipt{}, err
		}
		w.shown = append(w.shown, note{id: fmt.Sprint(len(w.shown) + 1), key: key, text: body.Text, at: time.Now()})
		i = len(w.shown) - 1
	}
	if w.lose != nil && w.lose(w.sends) {
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Unknown, Err: errors.New("answer lost")}
	}
	return notifiers.Receipt{ID: w.shown[i].id}, nil
}

// Below posts a note below another, which must be there.
func (w *wall) Below(ctx context.Context, to notifiers.Target, r notifiers.Receipt, m notifiers.Message, key string) (notifiers.Receipt, error) {
	w.mu.Lock()
	closed, there := w.closed, slices.ContainsFunc(w.shown, func(n note) bool { return n.id == r.ID })
	w.mu.Unlock()
	switch {
	case closed:
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Permanent, Scope: notifiers.WholeChannel, Err: errors.New("no threads here")}
	case !there || to.Lane != onrecord.Unabridged:
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Permanent, Err: fmt.Errorf("below %q in the lane %q", r.ID, to.Lane)}
	}
	return w.Send(ctx, to, m, key)
}

func (w *wall) Edit(_ context.Context, _ notifiers.Target, r notifiers.Receipt, m notifiers.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var body struct{ Also string }
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return err
	}
	for i := range w.shown {
		if w.shown[i].id == r.ID {
			w.shown[i].also = body.Also
			w.shown[i].edits++
		}
	}
	return nil
}

func (w *wall) Link(_ context.Context, _ notifiers.Target, r notifiers.Receipt) string {
	return "note " + r.ID
}

func (w *wall) Window() time.Duration { return w.window }

func (w *wall) Find(_ context.Context, _ notifiers.Target, q notifiers.Query) (notifiers.Receipt, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.finds++
	if w.blind {
		return notifiers.Receipt{}, false, &notifiers.Error{Outcome: notifiers.Unknown, Err: errors.New("history may not be read")}
	}
	for _, n := range w.shown {
		if n.key == q.Key {
			return notifiers.Receipt{ID: n.id}, true, nil
		}
	}
	return notifiers.Receipt{}, false, nil
}

func (w *wall) Probe(_ context.Context, to notifiers.Target) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.probes++
	if w.probe == nil {
		return nil
	}
	return w.probe(to)
}

func (w *wall) set(f func(*wall)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
}

// looks returns how often the wall was written to and looked at.
func (w *wall) looks() (sends, finds int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sends, w.finds
}

func (w *wall) texts() (ts []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.shown {
		ts = append(ts, n.text)
	}
	return ts
}

// ofStatements leaves out the lines that mark gaps.
func ofStatements(texts []string) []string {
	return slices.DeleteFunc(texts, func(t string) bool { return strings.HasPrefix(t, "G-") })
}

var (
	northwind = onrecord.Case{
		ID: "northwind-v-harbor", Title: "Northwind Data v. Harbor Labs",
		Parties:  []onrecord.Person{{Name: "Northwind Data", Role: "plaintiff", Aliases: []string{"Northwind"}}, {Name: "Harbor Labs", Role: "defendant"}, {Name: "Ivo Lind", Role: "defendant"}},
		People:   []onrecord.Person{{Name: "Dana Reyes", Role: "chief executive of Harbor Labs"}},
		Keywords: []string{"pricing model", "personal drive"},
	}
	reyes   = onrecord.Account{ID: "square:dreyes", Source: "square", Handle: "dreyes", Speaker: "Dana Reyes", Cases: []string{northwind.ID}}
	account = onrecord.Account{ID: "square:harborlabs", Source: "square", Handle: "harborlabs", Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
)

// said is a text that any reader of the case would call a statement on it.
func said(i int) string {
	return fmt.Sprintf("On count %d of Northwind Data's complaint against Harbor Labs and Ivo Lind: we deny in court that the pricing model was on a personal drive numbered %d.", i, i*7919)
}

// world is a bot over a real database, with both edges faked.
type world struct {
	busy       func(bool) // nil: nobody is told
	t          *testing.T
	path       string
	square     *square
	wall       *wall
	notifier   notifiers.Notifier // nil: the wall
	ledge      *wall              // of the operator's channels
	acc        onrecord.Account
	second     onrecord.Account                                 // another one, when it has an id
	place      func(sources.SpendLog) sources.Source            // of the second account; nil: the square
	others     []onrecord.Account                               // more of them, and …
	places     map[string]func(sources.SpendLog) sources.Source // … their places
	pages      *http.Client                                     // reads the pages that posts link to
	database   *store.Store
	bot        *bot.Bot
	channels   []bot.Channel // that it tells at first
	every      time.Duration
	spec       string       // of the schedule, in place of every
	rooms      []string     // channels
	claims     func()       // called after deliveries were claimed
	unwritable func() error // why they cannot be
	lost       func() bool  // what came of a post is
	log        lines
	model      bot.Summarizer // nil: offline
	candidates bool           // it is asked about candidates alone
	reviews    bool           // the channels also show what is for review
	digest     string         // when the channels get one; "": never
	pings      []bot.Ping     // the roles that channels call
	ops        []string       // channels where the operator is told what is wrong
	reader     bot.PostReader // nil: believer
	deletion   map[string]sources.Deletion
	stop       func()
}

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// count counts the lines that hold all the words.
func (l *lines) count(words ...string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
			n++
		}
	}
	return n
}

// sleeper is a database after whose claims the process can be suspended.
type sleeper struct {
	*store.Store
	claimed func()
	refuse  func() error // nil: it can claim
	lost    func() bool  // nil: no claim is
}

func (s sleeper) Record(ctx context.Context, r statements.Reading, to bot.Audience) ([]int64, error) {
	if s.lost != nil && s.lost() {
		return nil, bot.ErrLost
	}
	return s.Store.Record(ctx, r, to)
}

func (s sleeper) ClaimDeliveries(ctx context.Context, lease time.Duration, heads []int64, rendered []bot.Rendered) ([]bot.Delivery, error) {
	if s.refuse != nil {
		if err := s.refuse(); err != nil {
			return nil, err
		}
	}
	list, err := s.Store.ClaimDeliveries(ctx, lease, heads, rendered)
	if len(list) > 0 && s.claimed != nil {
		s.claimed()
	}
	return list, err
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, every: 10 * time.Second, path: storetest.SQLite(t), square: &square{}, wall: &wall{window: time.Minute}, ledge: &wall{window: time.Minute}, acc: account, rooms: []string{"readers"}}
	t.Cleanup(w.halt)
	return w
}

// newJudgingWorld is a world whose posts are read as in production.
func newJudgingWorld(t *testing.T) *world {
	w := newWorld(t)
	w.reader = statements.NewReader([]onrecord.Case{northwind})
	return w
}

// start opens the database and runs the bot until halt.
func (w *world) start() {
	w.open()
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() { w.bot.Run(ctx); close(done) }()
	w.stop = func() {
		cancel()
		<-done
		w.database.Close()
		w.stop = nil
	}
}

func (w *world) halt() {
	if w.stop != nil {
		w.stop()
	}
}

func (w *world) open() {
	w.t.Helper()
	var err error
	if w.database, err = store.Open(w.t.Context(), w.path); err != nil {
		w.t.Fatal(err)
	}
	sched, err := schedule.Parse(cmp.Or(w.spec, "@every "+w.every.String()))
	if err != nil {
		w.t.Fatal(err)
	}
	kinds := map[string]string{}
	var channels []bot.Channel
	var on notifiers.Notifier = w.wall
	if w.notifier != nil {
		on = w.notifier
	}
	for _, id := range w.rooms {
		kinds[id] = "wall"
		channels = append(channels, bot.Channel{Target: notifiers.Target{ID: id, Lane: onrecord.Record}, Place: "wall", Notifier: on, Cases: []string{northwind.ID}, Pings: w.pings})
		if w.digest != "" {
			if channels[len(channels)-1].Digest, err = schedule.Parse(w.digest); err != nil {
				w.t.Fatal(err)
			}
		}
		if w.reviews {
			kinds[id+"/review"] = "wall"
			channels = append(channels, bot.Channel{Target: notifiers.Target{ID: id + "/review", Lane: onrecord.ForReview}, Place: "wall", Notifier: on, Cases: []string{northwind.ID}})
		}
	}
	for _, id := range w.ops {
		kinds[id] = "ledge"
		channels = append(channels, bot.Channel{Target: notifiers.Target{ID: id, Lane: onrecord.Ops}, Place: "ledge", Notifier: w.ledge})
	}
	every := func(string) time.Duration { return sched.Longest() }
	watched := append([]onrecord.Account{w.acc, reyes}, w.others...)
	if w.second.ID != "" {
		watched = append(watched, w.second)
	}
	var accounts []bot.Account
	for _, a := range watched {
		accounts = append(accounts, bot.Account{Account: a, Schedule: sched})
	}
	if err := w.database.Sync(w.t.Context(), watched, every, kinds); err != nil {
		w.t.Fatal(err)
	}
	var summarizer bot.Summarizer = extract{}
	if w.model != nil {
		summarizer = w.model
	}
	places := map[string]sources.Source{"square": w.square}
	for name, open := range w.places {
		places[name] = open(w.database.SpendLog())
	}
	if w.place != nil {
		places[w.second.Source] = w.place(w.database.SpendLog())
	}
	w.channels = channels
	db := sleeper{w.database, w.claims, w.unwritable, w.lost}
	if w.reader == nil {
		w.reader = believer{}
	}
	w.bot = bot.New(bot.Setup{
		Database: db, Inbox: db, Reviews: db, Outbox: db, Digests: db, Filings: db, Incidents: db, Rechecks: db, Reader: w.reader, Cases: []onrecord.Case{northwind}, Accounts: accounts,
		Sources: places, Deletion: w.deletion, Pages: w.pages, Summarizer: summarizer, CandidatesOnly: w.candidates,
		Channels: channels, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		Redact: func(text string) string { return strings.ReplaceAll(text, "hush-hush", "[secret]") }, Busy: w.busy,
	})
}

// believer takes every post for a statement that is complete, but for those that
// say themselves that they are none: the loops do not depend on what makes one.
type believer struct{}

const noStatement = "no statement: "

func (believer) Read(_ context.Context, p onrecord.Post, a onrecord.Account, k statements.Known, _ statements.Asker) (statements.Reading, error) {
	f := statements.Finding{Decision: onrecord.Decision{Case: northwind.ID, Label: onrecord.Reject}, Effect: statements.Nothing{}}
	if !strings.HasPrefix(p.Text, noStatement) {
		f.Label, f.Novelty = onrecord.Accept, onrecord.New
		f.Effect = statements.Opens{Statement: onrecord.Statement{
			Case: northwind.ID, Speaker: a.Speaker, Account: a.ID, Lane: onrecord.Record, Parts: []onrecord.Post{p}, Seen: k.Seen,
			Summary: onrecord.Summary{Quotes: []onrecord.Span{{End: len(p.Text)}}, Origin: "extract"},
		}}
	}
	return statements.Reading{Post: p, ProfileKey: a.ProfileKey(), Findings: []statements.Finding{f}}, nil
}

func (believer) Moderate(statements.Moderation) statements.Moderated { return statements.Moderated{} }

type extract struct{}

func (extract) Summarize(_ context.Context, d summary.Draft) (onrecord.Summary, error) {
	return summary.Extract(d), nil
}

func (w *world) status() bot.Status {
	w.t.Helper()
	s, err := w.database.Status(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// sleep lets the fake clock run; everything due meanwhile happens.
func (w *world) sleep(d time.Duration) { time.Sleep(d) }
