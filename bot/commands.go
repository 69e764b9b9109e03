package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/statements"
)

// What people can ask and decide is values without any form: the command line
// prints them, and whatever else shows them can do so in its own way. Who asks
// comes in three: a [Visitor] asks about the record, a [Moderator] decides about
// borderline statements, an [Operator] looks after accounts and deliveries.

// Record is what has been decided and said.
type Record interface {
	// Statement returns the statement with a number and the decisions that led to
	// it, or to where its posts stand on the record since. Of a damaged statement
	// there are the decisions alone.
	Statement(ctx context.Context, number int64) (onrecord.Statement, []StoredDecision, error)
	// ByURL returns the decisions on the post at an address, or with the name that logs and exports give it.
	ByURL(ctx context.Context, url string) ([]StoredDecision, error)
	// Decisions returns all decisions in the order they were made.
	Decisions(ctx context.Context) ([]StoredDecision, error)
	// Latest returns the newest statements, oldest first: so many, or all when the
	// limit is negative. An empty case means every case.
	Latest(ctx context.Context, caseID string, limit int) ([]onrecord.Statement, error)
	// OnRecord is Latest without what is held, or for review.
	OnRecord(ctx context.Context, caseID string, limit int) ([]onrecord.Statement, error)
	// Stretch returns a piece of what OnRecord does, in the order it is asked for.
	Stretch(ctx context.Context, what Stretch) ([]onrecord.Statement, error)
	// Fates returns what became of a statement since it was told, the oldest first.
	Fates(ctx context.Context, s onrecord.Statement) ([]onrecord.Fate, error)
	// Tally counts the statements on the record of a case by speaker.
	Tally(ctx context.Context, caseID string) (map[string]int, error)
}

// StoredDecision is a decision on a post as the record holds it, with what a
// person said of it.
type StoredDecision struct {
	Post        onrecord.Post
	Speaker     string // who is quoted, for press accounts; "" for all others
	Decision    onrecord.Decision
	Novelty     onrecord.Novelty
	Why         string // of the novelty
	Statement   int64  // number of the statement it led to; 0: none, or it is held
	Held        bool   // the statement waits for the rest of its thread
	Made        time.Time
	Moderation  onrecord.Label // of a person; "": none
	ModeratedBy string
	ModeratedAt time.Time
	Corrections []onrecord.Correction // of the statement, by persons, the oldest first
	Damaged     string                // why its post or its reasons cannot be read; ""
}

// Visitor is who asks about the record.
type Visitor struct {
	Record   Record
	Accounts []onrecord.Account
	Cases    []onrecord.Case
}

// Explanation is a decision with what is to be known besides to understand it.
type Explanation struct {
	StoredDecision
	Via  string        // the outlet, when its account speaks for nobody
	Lane onrecord.Lane // where its statement is, or will be; "": there is none
}

// Reference names what has been decided on: a statement by its number, or a post
// by its address, or as logs and exports name it.
type Reference struct {
	Statement int64
	URL       string
}

// ParseReference reads what a person typed. Anything but a number or an address
// names nothing: it is words.
func ParseReference(typed string) (Reference, bool) {
	if id, ok := onrecord.ParseStatementNumber(typed); ok {
		return Reference{Statement: id}, true
	}
	return Reference{URL: typed}, strings.HasPrefix(typed, "https://") || strings.HasPrefix(typed, "http://") || postName.MatchString(typed)
}

// postName is a post's id that is an address (at://…), or its key (x:harborlabs/19): nobody says such a thing in one word.
var postName = regexp.MustCompile(`^[a-z]+:\S+/\S+$`)

// ParseStatement reads a statement's number as a person typed it.
func ParseStatement(typed string) (int64, error) {
	id, ok := onrecord.ParseStatementNumber(typed)
	if !ok {
		return 0, NumberError(typed)
	}
	return id, nil
}

// ParseSubject reads what deliveries are about: the number of a statement, or of
// a gap, whose line is a delivery like any other.
func ParseSubject(typed string) (string, error) {
	if name, ok := onrecord.ParseSubject(typed); ok {
		return name, nil
	}
	return "", NumberError(typed)
}

// NumberError is what a person typed where a number belongs.
type NumberError string

func (e NumberError) Error() string {
	return fmt.Sprintf("%q is no statement's number; they look like S-0042", string(e))
}

// ErrNoStatement says that there is no statement of a number.
var ErrNoStatement = errors.New("there is no statement")

// ErrUnjudged says that the record holds no decision on a post.
var ErrUnjudged = errors.New("has been judged; posts from before an account was watched never are")

// Explain returns the decisions behind a reference. The error may be [ErrUnjudged].
func (v Visitor) Explain(ctx context.Context, what Reference) ([]Explanation, error) {
	if what.Statement != 0 {
		_, list, err := v.Record.Statement(ctx, what.Statement)
		return v.explained(list), err
	}
	list, err := v.Record.ByURL(ctx, what.URL)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("no post at %s %w", what.URL, ErrUnjudged)
	}
	return v.explained(list), err
}

// Neighbours returns the statements before the one with a number that are most like it,
// the nearest first.
func (v Visitor) Neighbours(ctx context.Context, number int64) ([]onrecord.Statement, error) {
	s, _, err := v.Record.Statement(ctx, number)
	if err != nil || s.ID == 0 { // a damaged one is like none
		return nil, err
	}
	all, err := v.Record.Latest(ctx, s.Case, -1)
	return statements.Neighbours(s, all), err
}

// ExplainText returns the decisions on words that nobody has published, as if an
// account had, with nothing known of its speaker yet: at least one. It needs no [Record].
func (v Visitor) ExplainText(ctx context.Context, a onrecord.Account, text string) ([]Explanation, error) {
	now := time.Now()
	post := onrecord.Post{Account: a.ID, ID: "text", Kind: onrecord.Original, Text: text, Author: onrecord.Author{Handle: a.Handle}, Created: now, Dated: true}
	if a.Kind == onrecord.Press {
		post.Kind = onrecord.Article
	}
	return v.judged(ctx, a, post, statements.Known{Now: now, Seen: now}, statements.Offline{})
}

// ExplainPost returns the decisions on a post of an account that is on no record, with
// nothing known of its speaker yet. What stands around it is asked for as in review, and
// kept nowhere. It needs no [Record].
func (v Visitor) ExplainPost(ctx context.Context, a onrecord.Account, post onrecord.Post, places map[string]sources.Source, pages *http.Client) ([]Explanation, error) {
	post = bounded(post)
	post.Account = a.ID
	now := time.Now()
	k := statements.Known{Now: now, Seen: now, Untitled: statements.LinkedPages(post), Missing: statements.WordsOf(post).After}
	for _, ref := range []*onrecord.Ref{post.ReplyTo, post.Quotes} {
		if ref != nil && ref.ID != "" && ref.Text == "" {
			k.Unasked = append(k.Unasked, ref.ID)
		}
	}
	beside := newOutside(Setup{Reviews: forgetful{}, Database: forgetful{}, Sources: places, Pages: pages, Log: slog.New(slog.DiscardHandler)})
	watch := stopwatch{time.NewTimer(askTime)}
	defer watch.Stop()
	return v.judged(ctx, a, post, k, asker{beside, Account{Account: a}, watch, now.Add(contextTimeout)})
}

// forgetful keeps nothing of what is asked.
type forgetful struct {
	Reviews
	Database
}

// KeepContext implements [Reviews].
func (forgetful) KeepContext(context.Context, string, map[string]statements.Words, []string) error {
	return nil
}

// Now implements [Clock].
func (forgetful) Now() time.Time { return time.Now() }

func (v Visitor) judged(ctx context.Context, a onrecord.Account, post onrecord.Post, k statements.Known, ask statements.Asker) ([]Explanation, error) {
	reading, err := statements.NewReader(v.Cases, v.Accounts...).Read(ctx, post, a, k, ask)
	if err != nil {
		return nil, err
	}
	list := make([]StoredDecision, len(reading.Findings))
	for i, f := range reading.Findings {
		list[i] = StoredDecision{Post: reading.Post, Speaker: f.Speaker, Decision: f.Decision, Novelty: f.Novelty, Why: f.Why, Made: k.Now}
	}
	return v.explained(list), nil
}

// Decisions returns every decision, in the order they were made.
func (v Visitor) Decisions(ctx context.Context) ([]Explanation, error) {
	list, err := v.Record.Decisions(ctx)
	return v.explained(list), err
}

func (v Visitor) explained(list []StoredDecision) []Explanation {
	explained := make([]Explanation, len(list))
	for i, d := range list {
		e := Explanation{StoredDecision: d}
		for _, a := range v.Accounts {
			if a.ID == d.Post.Account && a.Kind == onrecord.Press {
				e.Via = statements.Outlet(a, d.Post)
			}
		}
		switch {
		case d.Statement == 0 && !d.Held:
		case d.Decision.Label == onrecord.Review && !d.Moderation.Accepts():
			e.Lane = onrecord.ForReview
		default:
			e.Lane = onrecord.Record
		}
		explained[i] = e
	}
	return explained
}

// Latest returns the newest statements as the notices that channels were given of
// them, oldest first: so many, or all when the limit is negative. An empty case
// means every case.
func (v Visitor) Latest(ctx context.Context, caseID string, limit int) ([]onrecord.StatementNotice, error) {
	return v.notices(ctx, v.Record.Latest, caseID, limit)
}

// OnRecord is [Visitor.Latest] without what is held, or for review: what readers saw.
func (v Visitor) OnRecord(ctx context.Context, caseID string, limit int) ([]onrecord.StatementNotice, error) {
	return v.notices(ctx, v.Record.OnRecord, caseID, limit)
}

func (v Visitor) notices(ctx context.Context, read func(context.Context, string, int) ([]onrecord.Statement, error), caseID string, limit int) ([]onrecord.StatementNotice, error) {
	list, err := read(ctx, caseID, limit)
	if err != nil {
		return nil, err
	}
	if caseID != "" && len(list) == 0 && !slices.ContainsFunc(v.Cases, func(c onrecord.Case) bool { return c.ID == caseID }) {
		return nil, UnknownCaseError{caseID, v.Cases}
	}
	return v.Notices(list), nil
}

// UnknownCaseError says that nothing is known of a case, and which there are.
type UnknownCaseError struct {
	ID    string
	Cases []onrecord.Case
}

func (e UnknownCaseError) Error() string {
	ids := make([]string, len(e.Cases))
	for i, c := range e.Cases {
		ids[i] = c.ID
	}
	return fmt.Sprintf("there is no case %q; there are: %s", e.ID, strings.Join(ids, ", "))
}

// ReviewQueue is what waits for a person.
type ReviewQueue interface {
	// Waiting returns the borderline statements nobody has decided about, oldest first.
	Waiting(ctx context.Context) ([]onrecord.Statement, error)
	// Moderate stores a person's verdict on the statement with a number, and whose it is. What follows from it is the
	// work of the review loop.
	Moderate(ctx context.Context, number int64, v onrecord.Label, by string) error
	// Statement returns the statement with a number, and the decisions that led to it.
	Statement(ctx context.Context, number int64) (onrecord.Statement, []StoredDecision, error)
	// Correct stores a correction of the statement with a number, and what that owes, in
	// one transaction. It returns the channels whose readers are told. The error may be
	// [ErrNotOnRecord], or ErrLost: it was corrected meanwhile.
	Correct(ctx context.Context, number int64, c onrecord.Correction) (channels []string, err error)
}

// Moderator is who decides about borderline statements, and corrects those on the record.
type Moderator struct {
	Queue ReviewQueue
	Name  string // shown with what was decided
	Cases []onrecord.Case
}

// ErrNotWaiting says that nobody has to decide about a statement.
var ErrNotWaiting = errors.New("nobody has to decide about it: it is no borderline statement, or somebody decided already; `onrecord review` lists those that wait")

// ErrNobodyNamed says that an article quotes somebody without a name. A
// statement is a speaker's, and nobody can tell whose it would be.
var ErrNobodyNamed = errors.New("the article names nobody of the case as the speaker, and words without a speaker are not put on the record")

// Pending returns the borderline statements nobody has decided about, oldest first.
func (m Moderator) Pending(ctx context.Context) ([]onrecord.Statement, error) {
	return m.Queue.Waiting(ctx)
}

// Moderate decides about a borderline statement. The error may be [ErrNotWaiting],
// [ErrNobodyNamed], or for [onrecord.Distinct] [ErrUnmarked].
func (m Moderator) Moderate(ctx context.Context, number int64, v onrecord.Label) error {
	if v == onrecord.Distinct {
		if s, _, err := m.Queue.Statement(ctx, number); err == nil && s.Lane != onrecord.Record && !s.Again() {
			return ErrUnmarked
		}
	}
	return m.Queue.Moderate(ctx, number, v, m.Name)
}

// Operations is how reading and delivering go.
type Operations interface {
	// Status reads how the program is doing.
	Status(ctx context.Context) (Status, error)
	// Activity reads what accounts and channels did last.
	Activity(ctx context.Context) (Activity, error)
	// Unsettled returns what is owed, dead or uncertain, oldest first in each channel.
	Unsettled(ctx context.Context) ([]UnsettledDelivery, error)
	// SetAside lists the damaged rows that were set aside.
	SetAside(ctx context.Context) ([]DamagedRow, error)
	// Resend makes the dead and uncertain deliveries about a subject in a channel
	// owed again.
	Resend(ctx context.Context, subject, channel string) error
	// Seen takes them for delivered.
	Seen(ctx context.Context, subject, channel string) error
}

// UnsettledDelivery is a delivery that was not delivered, as far as anybody knows.
type UnsettledDelivery struct {
	Subject   string // what it is about, as people read it: S-0042
	Statement int64  // 0: it is not about a statement
	Channel   string
	Kind      onrecord.NoticeKind
	State     DeliveryState
	Attempts  int
	Owed      time.Time
	Next      time.Time // for pending ones
	Error     string
}

// DamagedRow is a stored post or statement that cannot be read and was set aside.
type DamagedRow struct {
	Statement int64  // number of a statement; 0: it is a post, or held
	Post      string // key of the post, or of a post that led to the statement; "" when none is known
	Held      bool   // a statement that was not delivered
	Baseline  bool   // what the post said when its account began to be watched

	Unreadable bool // nothing is damaged: a rule broke on the post, or took too long
}

// Operator is who looks after the program.
type Operator struct {
	Operations Operations
	Configured []onrecord.Account
	Version    string
	Started    time.Time // of the running program; zero: it is asked about from outside

	Cases    []onrecord.Case
	Deletion map[string]sources.Deletion // by source: what becomes of the words of what is gone
	Ruleset  string                      // hash of the rules that decide
}

// TrackedAccount is an account of the configuration and how reading it goes. It
// leaves out the address, which can hold a token.
type TrackedAccount struct {
	ID         string    `json:"id"`
	Source     string    `json:"source"`
	Speaker    string    `json:"speaker,omitempty"` // "": it quotes others
	Watched    bool      `json:"watched"`           // false: its source lacks credentials, or nobody runs the configuration yet, and nothing below is known
	Stale      bool      `json:"stale"`
	LastOK     time.Time `json:"last_good_read,omitzero"`
	NextAt     time.Time `json:"next_read,omitzero"`
	Trouble    string    `json:"trouble,omitempty"`
	Error      string    `json:"error,omitempty"`
	Handle     string    `json:"handle,omitempty"` // what it is called at its place by now, where that is not what the configuration says
	Posts      int64     `json:"posts"`
	Newest     time.Time `json:"newest_post,omitzero"`
	Since      time.Time `json:"first_read,omitzero"`
	Statements int64     `json:"statements"` // on the record
	First      time.Time `json:"first_statement,omitzero"`
	Last       time.Time `json:"last_statement,omitzero"`
	Doubt      string    `json:"doubt,omitempty"` // why what is read may not be what it says, although reading goes well

	Spend []DaySpend `json:"spend,omitempty"` // the newest day first; a few
}

// TrackedChannel is a channel and how delivering to it goes.
type TrackedChannel struct {
	ID     string    `json:"id"`
	Owed   int64     `json:"owed"`
	Oldest time.Time `json:"oldest_owed,omitzero"`
	Paused string    `json:"paused,omitempty"` // why nothing is sent
	Sent   time.Time `json:"last_message,omitzero"`
	Held   time.Time `json:"muted_until,omitzero"` // people hold back what is owed
	Digest string    `json:"digest,omitempty"`     // when people want its digest: a schedule, or off; "": as the configuration has it

	Subscribed *TrackedSubscription `json:"subscription,omitempty"` // nil: the configuration has it
}

// TrackedSubscription is what people had a channel told of.
type TrackedSubscription struct {
	Case      string    `json:"case"`
	Speakers  []string  `json:"speakers,omitempty"` // none: all
	Kinds     []string  `json:"kinds,omitempty"`    // none: all
	Published bool      `json:"published,omitempty"`
	Ping      string    `json:"ping,omitempty"` // the role it calls
	Address   string    `json:"channel"`        // at its place
	By        string    `json:"by"`
	Made      time.Time `json:"at"`
}

// Overview is the state of everything, for people.
type Overview struct {
	Version  string             `json:"version"`
	Now      time.Time          `json:"now"`
	Reasons  []string           `json:"reasons"` // why a person should look; none: all is well
	Accounts []TrackedAccount   `json:"accounts"`
	Channels []TrackedChannel   `json:"channels"`
	Waiting  int64              `json:"review_waiting"` // borderline statements that nobody has decided about
	Unread   int64              `json:"posts_unread"`
	Spend    map[string]float64 `json:"spend_today_dollars"` // in this UTC day, by place
	Gaps     []OverviewGap      `json:"gaps"`                // newest first; a few

	Corrections []OverviewCorrection `json:"corrections"` // newest first; a few
	Coverage    Coverage             `json:"coverage"`
}

// OverviewCorrection is what a person changed of a statement on the record.
type OverviewCorrection struct {
	Statement string    `json:"statement"`
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
	Speaker   string    `json:"speaker,omitempty"`       // whose it is from then on; "": as before
	Was       string    `json:"was,omitempty"`           // whose it was
	Distinct  string    `json:"distinct_from,omitempty"` // the statement that it does not say again
	Note      string    `json:"note,omitempty"`
}

// String is the correction as people read it.
func (c OverviewCorrection) String() string {
	words := []string{"corrected"}
	if c.Withdrawn {
		words[0] = "withdrawn"
	}
	words[0] += " by " + c.By
	if c.Speaker != "" {
		words = append(words, "the speaker is "+c.Speaker+", not "+c.Was)
	}
	if c.Distinct != "" {
		words = append(words, "it does not say again what "+c.Distinct+" says")
	}
	if c.Note != "" {
		words = append(words, c.Note)
	}
	return strings.Join(words, "; ")
}

// OverviewGap is a time in which a place, or the program, was away.
type OverviewGap struct {
	Number string    `json:"number"`
	Place  string    `json:"place,omitempty"` // "": the program itself
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Posts  int       `json:"posts_recovered"`
}

// Overview returns the state of everything: accounts by id, channels by id.
func (o Operator) Overview(ctx context.Context) (Overview, error) {
	s, err := o.Operations.Status(ctx)
	if err != nil {
		return Overview{}, err
	}
	a, err := o.Operations.Activity(ctx)
	if err != nil {
		return Overview{}, err
	}
	v := Overview{
		Version: o.Version, Now: s.Now.UTC(), Reasons: s.Reasons(o.started(s)), Accounts: o.tracked(s, a), Channels: []TrackedChannel{},
		Waiting: s.Waiting, Unread: s.Unread, Spend: map[string]float64{}, Gaps: []OverviewGap{}, Corrections: []OverviewCorrection{},
	}
	for _, c := range s.Channels {
		t := TrackedChannel{ID: c.ID, Owed: c.Owed, Oldest: c.Oldest, Paused: c.Paused, Sent: a.Sent[c.ID], Digest: c.Digest}
		if c.Held.After(s.Now) {
			t.Held = c.Held
		}
		if i := slices.IndexFunc(a.Subscriptions, func(s Subscription) bool { return s.Channel() == c.ID }); i >= 0 {
			s := a.Subscriptions[i]
			t.Subscribed = &TrackedSubscription{s.Case, s.Speakers, s.Kinds(), s.Publish, s.Ping, s.Address, s.By, s.Made}
		}
		v.Channels = append(v.Channels, t)
	}
	for place, millionths := range s.Spend {
		v.Spend[place] = float64(millionths) / 1e6
	}
	for _, g := range a.Gaps {
		v.Gaps = append(v.Gaps, OverviewGap{g.Number(), g.Place, g.From, g.Until, g.Posts})
	}
	for _, c := range a.Corrections {
		v.Corrections = append(v.Corrections, OverviewCorrection{onrecord.StatementNumber(c.Statement), c.At, c.By, c.Withdrawn, c.Speaker, c.Was, c.DistinctFrom(), c.Note})
	}
	v.Coverage = o.CoverageIn(v, "")
	return v, nil
}

// Accounts returns what is tracked, by id.
func (o Operator) Accounts(ctx context.Context) ([]TrackedAccount, error) {
	v, err := o.Overview(ctx)
	return v.Accounts, err
}

// started is when the program began. Asked from outside, nobody knows: then nothing is
// late only because it was not read yet.
func (o Operator) started(s Status) time.Time { return cmp.Or(o.Started, s.Now) }

func (o Operator) tracked(s Status, a Activity) []TrackedAccount {
	list := make([]TrackedAccount, len(o.Configured))
	for i, c := range o.Configured {
		t := TrackedAccount{ID: c.ID, Source: c.Source, Speaker: c.Speaker, Posts: s.Posts[c.ID], Spend: s.Reads[c.ID], Newest: a.Newest[c.ID], Since: a.Since[c.ID], Statements: a.Statements[c.ID], First: a.First[c.ID], Last: a.Last[c.ID]}
		if n := slices.IndexFunc(s.Accounts, func(h AccountStatus) bool { return h.ID == c.ID }); n >= 0 {
			h := s.Accounts[n]
			t.Watched, t.Stale, t.LastOK, t.NextAt, t.Trouble, t.Error = true, h.Stale(s.Now, o.started(s)), h.LastOK, h.NextAt, h.Trouble, h.Error
			t.Handle = renamed(c, h)
		}
		t.Doubt = t.doubt(a.Oldest[c.ID], s.Now)
		list[i] = t
	}
	slices.SortStableFunc(list, func(a, b TrackedAccount) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// OutboxReport is what is not delivered, and what never can be.
type OutboxReport struct {
	Unsettled []UnsettledDelivery // oldest first in each channel
	Damaged   []DamagedRow
}

// Outbox returns what is owed, dead, uncertain or damaged.
func (o Operator) Outbox(ctx context.Context) (r OutboxReport, err error) {
	if r.Unsettled, err = o.Operations.Unsettled(ctx); err != nil {
		return r, err
	}
	r.Damaged, err = o.Operations.SetAside(ctx)
	return r, err
}

// ErrSettled says that there is no dead or uncertain delivery to decide about.
var ErrSettled = errors.New("none of its deliveries there is dead or uncertain; `onrecord outbox` lists those that are")

// Resend makes the dead and uncertain deliveries about a subject in a channel owed
// again: somebody looked, and they are not there. The error may be [ErrSettled].
func (o Operator) Resend(ctx context.Context, subject, channel string) error {
	return o.Operations.Resend(ctx, subject, channel)
}

// Settle takes them for delivered: somebody saw them, or wants them no more. The
// error may be [ErrSettled].
func (o Operator) Settle(ctx context.Context, subject, channel string) error {
	return o.Operations.Seen(ctx, subject, channel)
}
