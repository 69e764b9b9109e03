package store

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/statements/match"
)

// The forms in which posts, statements and messages are stored. What a query asks for, and
// what names a row, is in its columns; the rest is its body. A body says its
// version first, and one of every version that ever landed is in testdata/rows:
// databases hold them all, and each must be readable for good. The names in the
// tags are those of the files; nothing else depends on them.
//
// Version 0 says no version. It was encoded from the program's own structs, so it
// has their names, and holds what is now in columns and in rows of other tables.
// The decoder ignores letter case, which makes most names of version 0 and 1 one.

const bodyVersion = 1

// versionOf reads the version of a body.
func versionOf(body []byte) (v int, err error) {
	rest, ok := bytes.CutPrefix(body, []byte(`{"v":`))
	if !ok {
		return 0, nil
	}
	for len(rest) > 0 && '0' <= rest[0] && rest[0] <= '9' && v < 1000 {
		v, rest = 10*v+int(rest[0]-'0'), rest[1:]
	}
	if v == 0 || v > bodyVersion {
		return v, fmt.Errorf("its stored form has version %d; this program knows those up to %d", v, bodyVersion)
	}
	return v, nil
}

// postRow is a post as posts and revisions hold it.
type postRow struct {
	account, id, revision, thread, url string
	body                               []byte
}

type postBody struct {
	V       int         `json:"v"`
	Author  authorBody  `json:"author"`
	Kind    string      `json:"kind,omitempty"`
	Title   string      `json:"title,omitempty"`
	Warning string      `json:"warning,omitempty"`
	Text    string      `json:"text"`
	Lang    string      `json:"lang,omitempty"`
	Created time.Time   `json:"created"` // the column has milliseconds, and no zone
	Dated   bool        `json:"dated,omitempty"`
	ReplyTo *refBody    `json:"reply_to,omitempty"`
	Quotes  *refBody    `json:"quotes,omitempty"`
	Reposts *refBody    `json:"reposts,omitempty"`
	Links   []linkBody  `json:"links,omitempty"`
	Media   []mediaBody `json:"media,omitempty"`
	Cut     bool        `json:"cut,omitempty"`

	Redacted string `json:"redacted,omitempty"`
}

type authorBody struct {
	ID     string `json:"id,omitempty"`
	Handle string `json:"handle,omitempty"`
	Name   string `json:"name,omitempty"`
}

type refBody struct {
	ID      string `json:"id,omitempty"`
	Account string `json:"account,omitempty"`
	URL     string `json:"url,omitempty"`
	Text    string `json:"text,omitempty"`
}

type linkBody struct {
	URL   string `json:"url,omitempty"`
	Shown string `json:"shown,omitempty"`
	Title string `json:"title,omitempty"`
}

type mediaBody struct {
	Kind string `json:"kind,omitempty"`
	URL  string `json:"url,omitempty"`
	Alt  string `json:"alt,omitempty"`
}

// postBody0 is version 0.
type postBody0 struct {
	postBody
	Account  string
	ID       string
	Revision string
	URL      string
	Thread   string
	ReplyTo  *refBody // since version 1: reply_to
}

// bodyOf is the body of a post.
func bodyOf(p onrecord.Post) ([]byte, error) {
	return json.Marshal(postBody{
		V: bodyVersion, Author: authorBody(p.Author), Kind: string(p.Kind), Title: p.Title, Warning: p.Warning, Text: p.Text, Lang: p.Lang,
		Created: p.Created, Dated: p.Dated, ReplyTo: (*refBody)(p.ReplyTo), Quotes: (*refBody)(p.Quotes), Reposts: (*refBody)(p.Reposts),
		Links: convert(p.Links, func(l onrecord.Link) linkBody { return linkBody(l) }),
		Media: convert(p.Media, func(m onrecord.Media) mediaBody { return mediaBody(m) }), Cut: p.Cut, Redacted: p.Redacted,
	})
}

// post reads the row.
func (r postRow) post() (p onrecord.Post, err error) {
	v, err := versionOf(r.body)
	if err != nil {
		return p, err
	}
	if v == 0 {
		var b postBody0
		if err := json.Unmarshal(r.body, &b); err != nil {
			return p, fmt.Errorf("its stored form is unreadable: %w", err)
		}
		if b.Account != r.account || sanitize(b.ID) != r.id || sanitize(b.Revision) != r.revision {
			return p, fmt.Errorf("its stored form is that of post %q, revision %q, of account %q", b.ID, b.Revision, b.Account)
		}
		return b.post(), nil
	}
	var b postBody
	if err := json.Unmarshal(r.body, &b); err != nil {
		return p, fmt.Errorf("its stored form is unreadable: %w", err)
	}
	p = b.post()
	p.Account, p.ID, p.Revision, p.Thread, p.URL = r.account, r.id, r.revision, r.thread, r.url
	return p, nil
}

func (b postBody) post() onrecord.Post {
	return onrecord.Post{
		Author: onrecord.Author(b.Author), Kind: onrecord.PostKind(b.Kind), Title: b.Title, Warning: b.Warning, Text: b.Text, Lang: b.Lang,
		Created: b.Created, Dated: b.Dated, ReplyTo: (*onrecord.Ref)(b.ReplyTo), Quotes: (*onrecord.Ref)(b.Quotes), Reposts: (*onrecord.Ref)(b.Reposts),
		Links: convert(b.Links, func(l linkBody) onrecord.Link { return onrecord.Link(l) }),
		Media: convert(b.Media, func(m mediaBody) onrecord.Media { return onrecord.Media(m) }), Cut: b.Cut, Redacted: b.Redacted,
	}
}

func (b postBody0) post() onrecord.Post {
	p := b.postBody.post()
	p.Account, p.ID, p.Revision, p.Thread, p.URL, p.ReplyTo = b.Account, b.ID, b.Revision, b.Thread, b.URL, (*onrecord.Ref)(b.ReplyTo)
	return p
}

// statementRow is a statement as its row, and those of its parts, hold it.
type statementRow struct {
	id       int64
	number   sql.NullInt64
	released bool
	caseID   string
	speaker  string
	lane     string
	account  string
	seen     int64
	body     []byte
	parts    []postRow // in version 0 they are in the body

	corrected bool // by a person: rows of their own say how
}

type statementBody struct {
	V       int           `json:"v"`
	Role    string        `json:"role,omitempty"`
	Via     string        `json:"via,omitempty"`
	Mirrors []mentionBody `json:"mirrors,omitempty"`
	Novelty string        `json:"novelty,omitempty"`
	Prior   int64         `json:"prior,omitempty"` // a number, not an id
	Added   []spanBody    `json:"added,omitempty"`
	Summary summaryBody   `json:"summary"`
	Reasons []reasonBody  `json:"reasons"`
	Score   float64       `json:"score"`
	Quiet   bool          `json:"quiet,omitempty"`
	Rewords *passageBody  `json:"rewords,omitempty"`
}

// passageBody is a piece of a post. Its text is the post's.
type passageBody struct {
	Account  string    `json:"account"`
	ID       string    `json:"id"`
	Revision string    `json:"revision,omitempty"`
	Start    int       `json:"start"`
	End      int       `json:"end"`
	Said     time.Time `json:"said,omitzero"`
}

type mentionBody struct {
	Post    string    `json:"post"`
	Thread  string    `json:"thread,omitempty"`
	Account string    `json:"account"`
	Source  string    `json:"source"`
	URL     string    `json:"url"`
	At      time.Time `json:"at"`
}

type spanBody struct {
	Part  int `json:"part"`
	Start int `json:"start"`
	End   int `json:"end"`
}

type summaryBody struct {
	Quotes      []spanBody `json:"quotes"`
	InShort     string     `json:"in_short,omitempty"`
	Turned      bool       `json:"turned,omitempty"`
	Translation string     `json:"translation,omitempty"`
	Lang        string     `json:"lang,omitempty"`
	Stance      string     `json:"stance,omitempty"`
	Instructs   bool       `json:"instructs,omitempty"`
	Origin      string     `json:"origin"`
}

type reasonBody struct {
	Code   onrecord.ReasonCode `json:"code,omitempty"`
	Name   string              `json:"name"`
	Weight float64             `json:"weight"`
	Text   string              `json:"text,omitempty"`
	Start  int                 `json:"start,omitempty"`
	End    int                 `json:"end,omitempty"`
	Where  string              `json:"where,omitempty"`
}

// statementBody0 is version 0.
type statementBody0 struct {
	statementBody
	ID      int64
	Case    string
	Speaker string
	Account string
	Lane    string
	Parts   []postBody0
	Seen    time.Time
}

// bodyOfStatement is the body of a statement. Its texts are its posts'.
func bodyOfStatement(s onrecord.Statement) ([]byte, error) {
	q := s.Summary
	return json.Marshal(statementBody{
		V: bodyVersion, Role: s.Role, Via: s.Via, Mirrors: convert(s.Mirrors, func(m onrecord.Mention) mentionBody { return mentionBody(m) }),
		Novelty: string(s.Novelty), Prior: s.Prior, Added: convert(s.Added, spanOf), Summary: summaryBody{
			convert(q.Quotes, spanOf), q.InShort, q.Turned, q.Translation, q.Lang, q.Stance, q.Instructs, q.Origin,
		},
		Reasons: convert(s.Reasons, reasonOf), Score: s.Score, Quiet: s.Quiet, Rewords: passageOf(s.Rewords),
	})
}

func passageOf(p *onrecord.Passage) *passageBody {
	if p == nil {
		return nil
	}
	return &passageBody{p.Post.Account, p.Post.ID, p.Revision, p.Start, p.End, p.Said}
}

func (b *passageBody) passage() *onrecord.Passage {
	if b == nil {
		return nil
	}
	return &onrecord.Passage{Post: onrecord.PostID{Account: b.Account, ID: b.ID}, Revision: b.Revision, Start: b.Start, End: b.End, Said: b.Said}
}

func spanOf(s onrecord.Span) spanBody        { return spanBody(s) }
func (b spanBody) span() onrecord.Span       { return onrecord.Span(b) }
func reasonOf(e onrecord.Reason) reasonBody  { return reasonBody(e) }
func (b reasonBody) reason() onrecord.Reason { return onrecord.Reason(b) }

// statement reads the rows.
func (r statementRow) statement() (s onrecord.Statement, err error) {
	v, err := versionOf(r.body)
	if err != nil {
		return s, err
	}
	if v == 0 {
		var b statementBody0
		if err := json.Unmarshal(r.body, &b); err != nil {
			return s, fmt.Errorf("its stored form is unreadable: %w", err)
		}
		if b.ID != r.id || b.Case != r.caseID || b.Speaker != r.speaker || b.Account != r.account {
			return s, fmt.Errorf("its stored form is that of statement %d of %q on case %q, account %q", b.ID, b.Speaker, b.Case, b.Account)
		}
		s = b.statement()
		s.Lane, s.Seen, s.Parts = onrecord.Lane(b.Lane), b.Seen, convert(b.Parts, postBody0.post)
	} else {
		var b statementBody
		if err := json.Unmarshal(r.body, &b); err != nil {
			return s, fmt.Errorf("its stored form is unreadable: %w", err)
		}
		s = b.statement()
		s.Lane, s.Seen = onrecord.Lane(r.lane), at(r.seen)
		for _, row := range r.parts {
			p, err := row.post()
			if err != nil {
				return s, fmt.Errorf("its post %s/%s: %w", row.account, row.id, err)
			}
			s.Parts = append(s.Parts, p)
		}
	}
	s.ID, s.No, s.Held, s.Case, s.Speaker, s.Account = r.id, r.number.Int64, !r.released, r.caseID, r.speaker, r.account
	return s, sound(s)
}

func (b statementBody) statement() onrecord.Statement {
	q := b.Summary
	return onrecord.Statement{
		Role: b.Role, Via: b.Via, Mirrors: convert(b.Mirrors, func(m mentionBody) onrecord.Mention { return onrecord.Mention(m) }),
		Novelty: onrecord.Novelty(b.Novelty), Prior: b.Prior, Added: convert(b.Added, spanBody.span), Summary: onrecord.Summary{
			Quotes: convert(q.Quotes, spanBody.span), InShort: q.InShort, Turned: q.Turned, Translation: q.Translation, Lang: q.Lang,
			Stance: q.Stance, Instructs: q.Instructs, Origin: q.Origin,
		},
		Reasons: convert(b.Reasons, reasonBody.reason), Score: b.Score, Quiet: b.Quiet, Rewords: b.Rewords.passage(),
	}
}

// sound says what of a statement cannot be: what walks it further on relies on
// its form.
func sound(s onrecord.Statement) error {
	if len(s.Parts) == 0 {
		return errors.New("it has no posts")
	}
	if s.Lane != onrecord.Record && s.Lane != onrecord.ForReview {
		return fmt.Errorf("its lane is %q", s.Lane)
	}
	for _, spans := range [][]onrecord.Span{s.Summary.Quotes, s.Added} {
		for _, q := range spans {
			if q.Part < 0 || q.Part >= len(s.Parts) || !within(q, s.Parts[q.Part].Text) {
				return fmt.Errorf("bytes %d to %d of its post %d are no part of the text", q.Start, q.End, q.Part+1)
			}
		}
	}
	return nil
}

// within reports whether a span lies in a text and cuts no letter.
func within(q onrecord.Span, text string) bool {
	border := func(i int) bool { return i == len(text) || utf8.RuneStart(text[i]) }
	return 0 <= q.Start && q.Start <= q.End && q.End <= len(text) && border(q.Start) && border(q.End)
}

// decisionBody is the body of a decision. Version 0 is the list of its reasons.
type decisionBody struct {
	V       int            `json:"v"`
	Reasons []reasonBody   `json:"reasons"`
	Quiet   bool           `json:"quiet,omitempty"`
	Opinion *opinionBody   `json:"opinion,omitempty"`
	Without onrecord.Label `json:"without,omitempty"`
}

type opinionBody struct {
	OnCase     onrecord.Answer     `json:"on_case"`
	Confidence onrecord.Confidence `json:"confidence,omitempty"`
	Stance     string              `json:"stance,omitempty"`
	Instructs  bool                `json:"instructs,omitempty"`
	Model      string              `json:"model,omitempty"`
	Shown      string              `json:"shown,omitempty"`
	Together   int                 `json:"together,omitempty"`
	Rewords    *rewordingBody      `json:"rewords,omitempty"`
}

// rewordingBody is what a model takes for the same claim as an earlier statement's.
type rewordingBody struct {
	Of    int64    `json:"of"`
	Words spanBody `json:"words"`
	Prior spanBody `json:"prior"`
}

func opinionOf(o *onrecord.Opinion) *opinionBody {
	if o == nil {
		return nil
	}
	b := &opinionBody{o.OnCase, o.Confidence, o.Stance, o.Instructs, o.Model, o.Shown, o.Together, nil}
	if r := o.Rewords; r != nil {
		b.Rewords = &rewordingBody{r.Of, spanOf(r.Words), spanOf(r.Prior)}
	}
	return b
}

func (b *opinionBody) opinion() *onrecord.Opinion {
	if b == nil {
		return nil
	}
	o := &onrecord.Opinion{OnCase: b.OnCase, Confidence: b.Confidence, Stance: b.Stance, Instructs: b.Instructs, Model: b.Model, Shown: b.Shown, Together: b.Together}
	if r := b.Rewords; r != nil {
		o.Rewords = &onrecord.Rewording{Of: r.Of, Words: r.Words.span(), Prior: r.Prior.span()}
	}
	return o
}

func bodyOfDecision(d onrecord.Decision) ([]byte, error) {
	return json.Marshal(decisionBody{bodyVersion, convert(d.Reasons, reasonOf), d.Quiet, opinionOf(d.Opinion), d.Without})
}

// readDecision reads into a decision what its columns do not hold.
func readDecision(body []byte, d *onrecord.Decision) error {
	var b decisionBody
	v, err := versionOf(body)
	if err != nil {
		return err
	}
	if v == 0 {
		err = json.Unmarshal(body, &b.Reasons)
	} else {
		err = json.Unmarshal(body, &b)
	}
	d.Reasons, d.Quiet, d.Opinion, d.Without = convert(b.Reasons, reasonBody.reason), b.Quiet, b.Opinion.opinion(), b.Without
	return err
}

// profileBody is what was learned of a stream. Version 0 has the same names.
type profileBody struct {
	V      int         `json:"v"`
	At     time.Time   `json:"at"`
	Posts  float64     `json:"posts"`
	Others float64     `json:"others"`
	Terms  []tallyBody `json:"terms,omitempty"`
	Cases  []caseBody  `json:"cases,omitempty"`
	Recent []saidBody  `json:"recent,omitempty"`
}

type tallyBody struct {
	Term string  `json:"t"`
	N    float64 `json:"n"`
}

type caseBody struct {
	ID         string       `json:"id"`
	Anchored   float64      `json:"anchored"`
	Last       time.Time    `json:"last"`
	Statements float64      `json:"statements"`
	Words      []wordBody   `json:"words,omitempty"`
	Taught     []taughtBody `json:"taught,omitempty"`
}

type taughtBody struct {
	Code     onrecord.ReasonCode `json:"c"`
	Verdicts float64             `json:"n"`
	Yes      float64             `json:"y"`
	Expected float64             `json:"e"`
}

type wordBody struct {
	Word  string  `json:"w"`
	Yes   float64 `json:"y"`
	No    float64 `json:"n"`
	Since float64 `json:"s"`
}

type saidBody struct {
	Account string             `json:"account"`
	At      time.Time          `json:"at"`
	To      string             `json:"to,omitempty"`
	Cases   []string           `json:"cases,omitempty"`
	Words   []string           `json:"words,omitempty"`
	Likely  map[string]float64 `json:"likely,omitempty"`
}

func bodyOfProfile(s match.State) ([]byte, error) {
	return json.Marshal(profileBody{
		bodyVersion, s.At, s.Posts, s.Others, convert(s.Terms, func(t match.Tally) tallyBody { return tallyBody(t) }),
		convert(s.Cases, func(c match.CaseState) caseBody {
			return caseBody{c.ID, c.Anchored, c.Last, c.Statements, convert(c.Words, func(w match.Learned) wordBody { return wordBody(w) }), convert(c.Taught, func(t match.Taught) taughtBody { return taughtBody(t) })}
		}), convert(s.Recent, func(r match.RecentPost) saidBody { return saidBody(r) }),
	})
}

func readProfile(body []byte) (s match.State, err error) {
	if _, err := versionOf(body); err != nil {
		return s, err
	}
	var b profileBody
	if err := json.Unmarshal(body, &b); err != nil {
		return s, err
	}
	return match.State{
		At: b.At, Posts: b.Posts, Others: b.Others, Terms: convert(b.Terms, func(t tallyBody) match.Tally { return match.Tally(t) }),
		Cases: convert(b.Cases, func(c caseBody) match.CaseState {
			return match.CaseState{
				ID: c.ID, Anchored: c.Anchored, Last: c.Last, Statements: c.Statements,
				Words:  convert(c.Words, func(w wordBody) match.Learned { return match.Learned(w) }),
				Taught: convert(c.Taught, func(t taughtBody) match.Taught { return match.Taught(t) }),
			}
		}), Recent: convert(b.Recent, func(r saidBody) match.RecentPost { return match.RecentPost(r) }),
	}, nil
}

// messageBody is the message of a delivery, behind messageMark. Version 0 is the
// notifier's bytes alone, which is still how a message is written that has no more to it.
type messageBody struct {
	V     int        `json:"v"`
	Body  []byte     `json:"body"`
	Files []fileBody `json:"files,omitempty"`
	More  bool       `json:"more,omitempty"`
}

type fileBody struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Alt  string `json:"alt,omitempty"`
	Data []byte `json:"data"`
}

// messageMark is a byte that no text has in UTF-8, and so no body of version 0:
// they are JSON or a card for the terminal. One that would begin with it is
// written as version 1.
const messageMark = 0xff

func bodyOfMessage(m notifiers.Message) []byte {
	if len(m.Files) == 0 && !m.More && (len(m.Body) == 0 || m.Body[0] != messageMark) {
		return append([]byte{}, m.Body...)
	}
	body, _ := json.Marshal(messageBody{bodyVersion, m.Body, convert(m.Files, func(f notifiers.File) fileBody { return fileBody(f) }), m.More}) // bytes and strings: cannot fail
	return append([]byte{messageMark}, body...)
}

func readMessage(body []byte) (m notifiers.Message, err error) {
	rest, marked := bytes.CutPrefix(body, []byte{messageMark})
	if !marked {
		return notifiers.Message{Body: body}, nil
	}
	v, err := versionOf(rest)
	var b messageBody
	if err == nil {
		err = json.Unmarshal(rest, &b)
	}
	if err == nil && (v == 0 || len(b.Body) == 0) {
		err = errors.New("it has no version or no body")
	}
	if err != nil {
		return m, fmt.Errorf("the stored message is unreadable: %w", err)
	}
	return notifiers.Message{Body: b.Body, Files: convert(b.Files, func(f fileBody) notifiers.File { return notifiers.File(f) }), More: b.More}, nil
}

// convert makes a list of another type. No list stays none.
func convert[A, B any](list []A, one func(A) B) []B {
	if list == nil {
		return nil
	}
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = one(a)
	}
	return out
}

// subscriptionBody is what a subscription is told.
type subscriptionBody struct {
	V         int                `json:"v"`
	Speakers  []string           `json:"speakers,omitempty"`
	Novelties []onrecord.Novelty `json:"novelties,omitempty"`
	Publish   bool               `json:"publish,omitempty"`
	Ping      string             `json:"ping,omitempty"`
}

func bodyOfSubscription(s bot.Subscription) ([]byte, error) {
	return json.Marshal(subscriptionBody{bodyVersion, s.Speakers, s.Novelties, s.Publish, s.Ping})
}

// readSubscription reads into a subscription what its columns do not hold.
func readSubscription(body []byte, s *bot.Subscription) error {
	var b subscriptionBody
	if _, err := versionOf(body); err != nil {
		return err
	}
	err := json.Unmarshal(body, &b)
	s.Speakers, s.Novelties, s.Publish, s.Ping = b.Speakers, b.Novelties, b.Publish, b.Ping
	return err
}

// trackedBody is what a configuration would say of a tracked account.
type trackedBody struct {
	V       int      `json:"v"`
	Source  string   `json:"source"`
	Handle  string   `json:"handle,omitempty"`
	URL     string   `json:"url,omitempty"`
	Speaker string   `json:"speaker,omitempty"`
	Cases   []string `json:"cases,omitempty"`
}

func bodyOfTracked(m bot.MadeAccount) ([]byte, error) {
	return json.Marshal(trackedBody{bodyVersion, m.Source, m.Handle, m.URL, m.Speaker, m.Cases})
}

func readTracked(body []byte, m *bot.MadeAccount) error {
	var b trackedBody
	if _, err := versionOf(body); err != nil {
		return err
	}
	err := json.Unmarshal(body, &b)
	m.Source, m.Handle, m.URL, m.Speaker, m.Cases = b.Source, b.Handle, b.URL, b.Speaker, b.Cases
	return err
}
