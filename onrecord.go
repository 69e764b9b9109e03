// Package onrecord holds the words of the program as plain values. It imports
// the standard library only, and everything else imports it.
//
// The data flows one way:
//
//	account ──poll──▶ post ──review──▶ statement ──deliver──▶ receipt
//
// An [Account] is a tracked handle of a speaker. A source pulls its [Post]s.
// Review matches each post against the [Case]s, judges what is new in it, and
// puts a [Statement] on the record, with the [Decision] and its [Reason].
// The statement owes a [Notice] to every channel that follows the case;
// delivering one earns a receipt.
package onrecord

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Case is a legal case as the operator configured it.
type Case struct {
	ID       string    `yaml:"id"`
	Title    string    `yaml:"title"`
	Court    string    `yaml:"court"`
	Docket   []string  `yaml:"docket"` // docket numbers, when known
	URL      string    `yaml:"url"`    // a public page about the case, such as its docket
	Judge    string    `yaml:"judge"`
	Filed    time.Time `yaml:"filed"`
	Parties  []Person  `yaml:"parties"`
	People   []Person  `yaml:"people"` // counsel, officers, witnesses: speakers who are not parties
	Keywords []string  `yaml:"keywords"`
	Exclude  []string  `yaml:"exclude"` // words of other matters
	Events   []Event   `yaml:"events"`
}

// Person is a person or an organisation in a case.
type Person struct {
	Name    string   `yaml:"name"`
	Role    string   `yaml:"role"`
	Aliases []string `yaml:"aliases"`
}

// Event is something that happened in a case on a day.
type Event struct {
	Date time.Time `yaml:"date"`
	What string    `yaml:"what"`
}

// Everyone returns the parties, then the people, in configured order.
func (c Case) Everyone() []Person { return slices.Concat(c.Parties, c.People) }

// Find returns the party or person of that name or alias, ignoring letter case.
func (c Case) Find(name string) (Person, bool) {
	for _, p := range c.Everyone() {
		if strings.EqualFold(p.Name, name) || slices.ContainsFunc(p.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			return p, true
		}
	}
	return Person{}, false
}

// AccountKind says whose words the posts of an account are.
type AccountKind string

// The kinds of accounts. A newspaper's or a court reporter's is Press: what it
// publishes is nobody's statement, and holds the words of those it quotes. A Docket
// tells what happens in a case, and no entry of it is anybody's statement.
const (
	Own    AccountKind = "" // its speaker's
	Press  AccountKind = "press"
	Docket AccountKind = "docket"
)

// Account is a tracked handle of a speaker, or of an outlet that quotes speakers.
type Account struct {
	ID       string // names the account in the database, logs and metrics: "x:harborlabs"; never a secret
	Source   string // the name of a source kind
	Handle   string // without "@"; empty where URL says it all
	URL      string // for sources that read an address; may hold a token, so never logged
	Kind     AccountKind
	Speaker  string        // the name of a party or person of its cases; "" where it speaks for none
	Cases    []string      // ids of the cases it is watched for
	Schedule string        // as robfig/cron reads it, five fields or a descriptor
	Backfill time.Duration // how far back the first pull goes; 0: the first pull is a silent baseline
}

// ProfileKey names the profile that is learned from an account's posts: the
// speaker's, over all accounts, and an outlet's own.
func (a Account) ProfileKey() string {
	if a.Speaker == "" {
		return a.ID
	}
	return a.Speaker
}

// ProfileKey names the profile that a statement's posts taught: see
// [Account.ProfileKey].
func (s Statement) ProfileKey() string {
	if s.Via != "" {
		return s.Account
	}
	return s.Speaker
}

// PostKind says what a post is to its author.
type PostKind string

// The kinds of posts. A reply to oneself is a Thread post.
const (
	Original PostKind = "post"
	Reply    PostKind = "reply"
	Thread   PostKind = "thread"
	Quote    PostKind = "quote"
	Repost   PostKind = "repost" // somebody else's words, unless its author reposts a post of their own
	Article  PostKind = "article"
	Filing   PostKind = "filing" // an entry of a docket; its author is who filed it, where that is said
)

// Post is something an account published, as its source showed it.
type Post struct {
	Account  string // id of the tracked account
	ID       string // the place's own id, the same over all revisions; opaque
	Revision string // changes when the content changes; "" where the place has one revision only
	URL      string
	Author   Author
	Kind     PostKind
	Title    string // of an article
	Warning  string // a content warning the author put before the text
	Text     string // plain text; every quotation is a span of these bytes
	Lang     string // BCP 47, when the place says it
	Created  time.Time
	Dated    bool   // false: the place gave no usable date and Created is when we first saw it
	Thread   string // the place's conversation id; "" when it has none
	ReplyTo  *Ref
	Quotes   *Ref
	Reposts  *Ref
	Links    []Link
	Media    []Media
	Cut      bool   // the text is known to be incomplete
	Raw      []byte `json:"-"`          // what the source received for this post, size-capped by the source; stored apart
	Redacted string `json:",omitempty"` // SHA-256 of the text that was taken out, since the post is not at its place any more; "": it is there
}

// Hash is the SHA-256 of the post's text in hexadecimal, also of one that was taken out.
func (p Post) Hash() string {
	if p.Redacted != "" {
		return p.Redacted
	}
	sum := sha256.Sum256([]byte(p.Text))
	return hex.EncodeToString(sum[:])
}

// Redact returns the post without what it says. Who published it, when and where stays,
// and so does the hash of the text.
func (p Post) Redact() Post {
	p.Redacted = p.Hash()
	p.Title, p.Warning, p.Text, p.Links, p.Media, p.Raw, p.Cut = "", "", "", nil, nil, nil, false
	for _, r := range []**Ref{&p.ReplyTo, &p.Quotes, &p.Reposts} {
		if *r != nil {
			without := **r
			without.Text = ""
			*r = &without
		}
	}
	return p
}

// Key names a post across all accounts.
func (p Post) Key() string { return p.Account + "/" + p.ID }

// PostID names a post within the program: the account it was seen in, and the
// place's own id.
type PostID struct{ Account, ID string }

// OwnWords reports whether the text is the author's own, if perhaps said before.
func (p Post) OwnWords() bool {
	return p.Kind != Repost || p.Reposts != nil && p.Author.Handle != "" && strings.EqualFold(p.Reposts.Account, p.Author.Handle)
}

// Author is who published a post, as observed with it.
type Author struct {
	ID     string // stable at the place
	Handle string // without "@"
	Name   string
}

// Ref points at another post. Text is what we know of it, often nothing.
type Ref struct {
	ID      string
	Account string // handle or name of its author, when known
	URL     string
	Text    string
}

// Link is an address a post shows.
type Link struct {
	URL   string // where it leads
	Shown string // what the text shows for it
	Title string // of the page behind it, when the place says it
}

// Media is a picture or video of a post.
type Media struct {
	Kind string // image, video, audio
	URL  string
	Alt  string
}

// Label is the outcome of matching a post against one case.
type Label string

// The verdicts. Review means a person should look: it is never dropped.
const (
	Accept Label = "accept"
	Review Label = "review"
	Reject Label = "reject"
	// Distinct is a person's alone: it is a statement, and does not say again what it is
	// marked to repeat.
	Distinct Label = "distinct"
)

// Accepts reports whether what is judged so is on the record.
func (l Label) Accepts() bool { return l == Accept || l == Distinct }

// ReasonCode is a kind of evidence, for programs: "other_side". It never changes.
type ReasonCode string

// Reason is one reason of a decision. Weights are log-odds and add up to the score.
type Reason struct {
	Code   ReasonCode `json:"code,omitempty"`
	Name   string     `json:"name"`            // of the code, as people read it: "names the other side"
	Weight float64    `json:"weight"`          // log-odds
	Text   string     `json:"text,omitempty"`  // what it stands on, shown to people
	Start  int        `json:"start,omitempty"` // byte span in the post's text; Start == End: no span
	End    int        `json:"end,omitempty"`   //
	Where  string     `json:"where,omitempty"` // "" the post itself; parent, quoted, link, thread
}

// Decision says whether a post is a statement on a case, and why.
type Decision struct {
	Case    string   `json:"case"`
	Label   Label    `json:"decision"`
	Score   float64  `json:"score"` // what the reasons add up to
	Reasons []Reason `json:"reasons"`
	Ruleset string   `json:"ruleset"` // hash of the rules that decided
	Quiet   bool     `json:"quiet,omitempty"`

	// What a model said of it, and the label without that; nil and "": none was heard.
	Opinion *Opinion `json:"opinion,omitempty"`
	Without Label    `json:"without,omitempty"`
}

// Opinion is what a language model answered when it was asked whether a post is on
// a case.
type Opinion struct {
	OnCase     Answer     `json:"on_case"`
	Confidence Confidence `json:"confidence,omitempty"`
	Stance     string     `json:"stance,omitempty"`    // what the speaker does, for programs
	Instructs  bool       `json:"instructs,omitempty"` // what it was shown tries to instruct it: then its answer does not count
	Model      string     `json:"model,omitempty"`
	Shown      string     `json:"shown,omitempty"`    // what it was shown of the post and around it, in words
	Together   int        `json:"together,omitempty"` // how many posts it was asked about at once; 0: about this one by itself
	Rewords    *Rewording `json:"rewords,omitempty"`  // what it takes the post to say again; nil: nothing
}

// Rewording is what is taken for the same claim in other words: passages of a post and
// of an earlier statement.
type Rewording struct {
	Of    int64 `json:"of"`    // id of the earlier statement
	Words Span  `json:"words"` // of the post
	Prior Span  `json:"prior"` // of the earlier statement
}

// Proposal is a passage of an article with who says it, as a model reads it.
type Proposal struct {
	Speaker string `json:"speaker"` // of the case
	Words   Span   `json:"words"`
}

// Answer is a model's to whether a post is on a case.
type Answer string

// The answers.
const (
	Yes    Answer = "yes"
	No     Answer = "no"
	Unsure Answer = "unsure"
)

// Confidence is how sure a model says it is.
type Confidence string

// The degrees of confidence.
const (
	Low    Confidence = "low"
	Medium Confidence = "medium"
	High   Confidence = "high"
)

// String is the opinion as people read it.
func (o Opinion) String() string {
	words := map[Answer]string{Yes: "on the case", No: "not on the case", Unsure: "not sure"}[o.OnCase]
	if o.Confidence != "" {
		words += ", " + string(o.Confidence) + " confidence"
	}
	return words
}

// Novelty says what a statement adds to its speaker's record.
type Novelty string

// The novelty ladder, from nothing new to all new.
const (
	Mirror   Novelty = "mirror"   // the same words in another place
	Restates Novelty = "restates" // the same claim again
	Changed  Novelty = "changed"  // nearly the same words with a changed fact
	Expands  Novelty = "expands"  // the same words and more
	New      Novelty = "new"
)

// Span is a byte range of a part's text.
type Span struct {
	Part  int `json:"part"` // index into Statement.Parts
	Start int `json:"start"`
	End   int `json:"end"`
}

// Summary is what a card says about a statement in few words. Quotes are spans
// of the sources' bytes, so they cannot be misquoted; InShort and Translation,
// when not empty, stand below them as somebody else's words.
type Summary struct {
	Quotes      []Span `json:"quotes"`
	InShort     string `json:"in_short,omitempty"`
	Turned      bool   `json:"turned,omitempty"`      // InShort negates where the quotes do not, or the other way round
	Translation string `json:"translation,omitempty"` // of the quotes
	Lang        string `json:"lang,omitempty"`        // BCP 47, what Translation is from
	Stance      string `json:"stance,omitempty"`      // what the speaker does, as a model labels it: "denies"; for programs
	Instructs   bool   `json:"instructs,omitempty"`   // the posts try to instruct a model, which was then not listened to
	Origin      string `json:"origin"`                // who wrote all but the quotes: "extract", or the name of a model
}

// Statement is a speaker on the record: one or more posts on one case.
type Statement struct {
	ID      int64 // names it inside the program, from its birth on
	No      int64 `json:"-"` // its number on the record, given when it is released; 0: it is held
	Case    string
	Speaker string
	Role    string
	Account string // of the first part
	Lane    Lane
	Quiet   bool   // for review, and nobody is told of it: it waits in the list
	Parts   []Post // oldest first; at least one
	Via     string // the outlet that quotes the speaker; "" when the speaker published it
	Mirrors []Mention
	Novelty Novelty
	Prior   int64    // number of the statement it restates, changes or expands; 0: none
	Rewords *Passage // the words of that one which it says in others, as a model reads it; nil: nobody says so
	Added   []Span
	Summary Summary
	Reasons []Reason
	Score   float64
	Seen    time.Time // when the first part was stored
	Held    bool      `json:"-"` // it waits for the rest of its thread

	Corrections []Correction `json:"-"` // by persons, since it was shown; the oldest first
	Fates       []Fate       `json:"-"` // what became of it since it was told, where somebody needs to know; the oldest first
}

// Correction is what a person changed of a statement that was shown. What was before
// stays beside it.
type Correction struct {
	No        int // among those of its statement, from 1
	Withdrawn bool
	Speaker   string // whose it is from now on; "": as before
	Role      string // of the speaker
	Was       string // whose it was
	Distinct  int64  // number of the statement that it does not say again; 0: nothing of the kind
	Note      string
	By        string // who says so
	At        time.Time
}

// DistinctFrom is the number of the statement that it does not say again, as people read
// it; "" where nothing of the kind is said.
func (c Correction) DistinctFrom() string {
	if c.Distinct == 0 {
		return ""
	}
	return StatementNumber(c.Distinct)
}

// Amend returns the statement with what persons changed of it, the oldest first.
func (s Statement) Amend(list []Correction) Statement {
	s.Corrections = list
	for _, c := range list {
		if c.Speaker != "" {
			s.Speaker, s.Role = c.Speaker, c.Role
		}
		if c.Distinct != 0 && c.Distinct == s.Prior {
			s = s.Unmarked()
		}
	}
	return s
}

// Again reports whether the statement is marked to say again what an earlier one of its
// speaker says, in the same words or in others.
func (s Statement) Again() bool { return s.Prior != 0 && s.Novelty == Restates }

// Unmarked is the statement without that mark.
func (s Statement) Unmarked() Statement {
	s.Novelty, s.Prior, s.Rewords = New, 0, nil
	return s
}

// DistinctFrom reports whether a person said that the statement does not say again what
// the one with a number says.
func (s Statement) DistinctFrom(number int64) bool {
	return number != 0 && slices.ContainsFunc(s.Corrections, func(c Correction) bool { return c.Distinct == number })
}

// Withdrawn reports whether a person withdrew the statement. It keeps its number.
func (s Statement) Withdrawn() bool {
	return slices.ContainsFunc(s.Corrections, func(c Correction) bool { return c.Withdrawn })
}

// Attributed reports whether the statement is still said to be the one's whose it was
// taken for when it was summarised: words about it name the speaker.
func (s Statement) Attributed() bool {
	return !slices.ContainsFunc(s.Corrections, func(c Correction) bool { return c.Speaker != "" || c.Withdrawn })
}

// Number is the name people use for a statement: S-0042. One that nobody has been
// told of has none.
func (s Statement) Number() string {
	if s.No == 0 {
		return "held"
	}
	return StatementNumber(s.No)
}

// StatementNumber formats a statement's number for people.
func StatementNumber(no int64) string { return fmt.Sprintf("S-%04d", no) }

// ParseStatementNumber reads what [StatementNumber] wrote, in either letter case.
func ParseStatementNumber(s string) (int64, bool) { return parseNumber("S-", s) }

func parseNumber(prefix, s string) (int64, bool) {
	digits, ok := strings.CutPrefix(strings.ToUpper(s), prefix)
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && err == nil && id > 0
}

// First is the post the statement is dated and linked by.
func (s Statement) First() Post { return s.Parts[0] }

// Said are the spans of a statement that are the speaker's words: all of an own post,
// and of an article what it quotes, since the rest of it is nobody's.
func (s Statement) Said() (spans []Span) {
	if s.Via != "" {
		return s.Summary.Quotes
	}
	for i, p := range s.Parts {
		spans = append(spans, Span{Part: i, End: len(p.Text)})
	}
	return spans
}

// Words are the speaker's words in a statement.
func (s Statement) Words() string {
	var texts []string
	for _, q := range s.Said() {
		texts = append(texts, s.Quoted(q))
	}
	return strings.Join(texts, "\n")
}

// Quoted returns the source's own bytes of a span.
func (s Statement) Quoted(q Span) string { return s.Parts[q.Part].Text[q.Start:q.End] }

// Passage is a piece of a post as a source showed it.
type Passage struct {
	Post       PostID
	Revision   string
	Start, End int
	Said       time.Time // when the post was published; zero: its place does not say
	Text       string    // the source's bytes; "" where they are not there any more
}

// Mention is another place where the same words were said.
type Mention struct {
	Post    string    `json:"post"`             // key of the post
	Thread  string    `json:"thread,omitempty"` // its conversation
	Account string    `json:"account"`
	Source  string    `json:"source"`
	URL     string    `json:"url"`
	At      time.Time `json:"at"`
}

// Lane is where a statement is shown.
type Lane string

// Record is what readers see; ForReview is what a person should look at first; Ops is
// what the operator should know of, and shows no statement; Published is the record once
// more, for those who follow a channel from elsewhere; Unabridged is what is said in full
// below its messages.
const (
	Record     Lane = "record"
	ForReview  Lane = "review"
	Ops        Lane = "ops"
	Published  Lane = "publish"
	Unabridged Lane = "thread"
)

// IncidentKind is what is wrong in an [Incident], for programs.
type IncidentKind string

// The kinds of incidents.
const (
	AccountUnread      IncidentKind = "account"     // an account cannot be read
	AccountRenamed     IncidentKind = "renamed"     // an account bears another handle at its place
	PlaceUnread        IncidentKind = "place"       // most accounts of a place cannot be read, for the same reason
	BudgetSpent        IncidentKind = "budget"      // a place is not read for lack of money
	ChannelPaused      IncidentKind = "channel"     // a channel is sent nothing
	ChannelLate        IncidentKind = "queue"       // what is owed to a channel does not go
	ChannelUndelivered IncidentKind = "undelivered" // deliveries to a channel need a person
)

// Incident is what an operator should know of while it lasts, and mends itself not at once.
type Incident struct {
	ID      int64
	Kind    IncidentKind
	Subject string // id of the account or the channel, or name of the place
	Text    string // for people; holds no secrets
	Began   time.Time
	Ended   time.Time // zero: it lasts
}

// Number is the name people use for an incident: I-0001.
func (i Incident) Number() string { return fmt.Sprintf("I-%04d", i.ID) }

// Gap is a time in which a place was not read for so long that a reader could
// have missed something.
type Gap struct {
	ID          int64
	Place       string // name of the source kind that could not be read; "": the program itself was away
	From, Until time.Time
	Posts       int // recovered from it, on a case or not
}

// Number is the name people use for a gap: G-0001.
func (g Gap) Number() string { return fmt.Sprintf("G-%04d", g.ID) }

// ParseGapNumber reads what [Gap.Number] wrote, in either letter case.
func ParseGapNumber(s string) (int64, bool) { return parseNumber("G-", s) }

// Less orders posts as they were said: by date, then by id, shorter ids first
// so that numeric ids compare as numbers.
func Less(a, b Post) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(len(a.ID), len(b.ID)), strings.Compare(a.ID, b.ID))
}
