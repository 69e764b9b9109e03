package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

// Notice is what programs other than Discord are sent. Fields that say nothing
// are left out.
type Notice struct {
	Kind      string `json:"kind"`      // "new"; "also" when the same was said in another place; "correction" when a person changed it; see [Gap] for "gap"
	Statement string `json:"statement"` // S-0042
	Headline  string `json:"headline"`  // one line for people
	Case      Case   `json:"case"`
	Speaker   string `json:"speaker"`
	Role      string `json:"role,omitempty"`
	Via       string `json:"via,omitempty"`     // the outlet that quotes the speaker
	Lane      string `json:"lane"`              // "record", or "review" when nobody is sure
	Novelty   string `json:"novelty"`           // new, expands, changed, restates, mirror
	Prior     string `json:"prior,omitempty"`   // the number of the statement it relates to
	Rewords   string `json:"rewords,omitempty"` // the words of that one which it says in others, as a language model reads it
	URL       string `json:"url"`               // of the first post
	Title     string `json:"title,omitempty"`
	// Text is what was said, byte for byte; several posts are separated by an
	// empty line. Nothing in it is escaped but what JSON escapes.
	Text    string `json:"text"`
	Posts   []Post `json:"posts"`
	InShort string `json:"in_short,omitempty"`    // not the speaker's words
	Written string `json:"in_short_by,omitempty"` // who wrote it and the translation: the name of a language model
	// Unsure says that InShort negates where what is quoted does not, or the
	// other way round.
	Unsure      bool              `json:"in_short_unsure,omitempty"`
	Translation string            `json:"translation,omitempty"`
	Lang        string            `json:"translated_from,omitempty"`
	Stance      string            `json:"stance,omitempty"`             // as a model labels it: denies, admits, alleges, defends, announces, comments, unclear
	Instructs   bool              `json:"instructs_machines,omitempty"` // the posts try to instruct a model, which was not listened to
	Reasons     []onrecord.Reason `json:"reasons"`
	Seen        time.Time         `json:"seen"`   // when the first post was stored
	SHA256      string            `json:"sha256"` // of the first post's text
	AlsoSaid    []Place           `json:"also_said,omitempty"`
	Gap         string            `json:"gap,omitempty"` // the number of the gap it was recovered from: it is late
	Withdrawn   bool              `json:"withdrawn,omitempty"`
	Corrections []Correction      `json:"corrections,omitempty"` // by persons, the oldest first
}

// Correction is what a person changed of a statement that was shown.
type Correction struct {
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
	Speaker   string    `json:"speaker,omitempty"`       // whose it is from then on
	Was       string    `json:"was,omitempty"`           // whose it was
	Distinct  string    `json:"distinct_from,omitempty"` // the statement that it does not say again
	Note      string    `json:"note,omitempty"`
}

// Gap is what programs other than Discord are sent once before the first
// statement recovered from a gap.
type Gap struct {
	Kind     string    `json:"kind"`             // "gap"
	Gap      string    `json:"gap"`              // G-0001
	Headline string    `json:"headline"`         // one line for people
	Source   string    `json:"source,omitempty"` // that could not be read; left out when onrecord itself was away
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Posts    int       `json:"posts"` // recovered, on a case or not
}

// Fate is what programs other than Discord are sent of what became of a statement.
type Fate struct {
	Kind      string    `json:"kind"`      // "edited", "deleted" where the place says so, "gone", "unreadable", "returned"
	Statement string    `json:"statement"` // S-0042
	Change    int       `json:"change"`    // which of what became of the statement it is, from 1
	Headline  string    `json:"headline"`  // one line for people
	Proof     string    `json:"proof"`     // the sentence that says what is proven, for people
	Case      Case      `json:"case"`
	Speaker   string    `json:"speaker"`
	Posts     []string  `json:"posts"` // ids of those that it became of
	From      time.Time `json:"from"`  // when they were last seen as they were
	Until     time.Time `json:"until"` // when they were first seen as they are
	Was       string    `json:"was,omitempty"`
	Now       string    `json:"now,omitempty"`
	Diff      []Piece   `json:"diff,omitempty"`
	URL       string    `json:"url,omitempty"`
}

// Piece is a part of an edited text.
type Piece struct {
	Change string `json:"change"` // "kept", "took out", "put in"
	Text   string `json:"text"`
}

func fateOf(n onrecord.FateNotice) ([]byte, error) {
	f, err := card.FateOf(n)
	if err != nil {
		return nil, err
	}
	on := n.Case
	out := Fate{
		Kind: string(n.Kind()), Statement: f.Number, Change: n.Fate.No, Headline: f.Headline(card.Plain),
		Proof: f.Sentence(n.Fate, card.Stamp), Case: Case{on.ID, on.Title, on.Docket, on.URL},
		Speaker: n.Statement.Speaker, From: n.Fate.From.UTC(), Until: n.Fate.Until.UTC(), Was: n.Fate.Was, Now: n.Fate.Now, URL: f.URL,
	}
	for _, i := range n.Fate.Parts {
		if i >= 0 && i < len(n.Statement.Parts) {
			out.Posts = append(out.Posts, n.Statement.Parts[i].ID)
		}
	}
	for _, p := range f.Diff {
		out.Diff = append(out.Diff, Piece{string(p.Change), p.Text})
	}
	return encode(out)
}

func gapOf(n onrecord.GapNotice) ([]byte, error) {
	g := n.Gap
	line := card.Gap(g, card.Plain, card.Stamp)
	return encode(Gap{string(n.Kind()), g.Number(), line, g.Place, g.From.UTC(), g.Until.UTC(), g.Posts})
}

// Incident is what other programs are sent of an incident when it began, and each time
// it is another, the last time when it is over.
type Incident struct {
	Kind     string     `json:"kind"`     // "incident", then "incident_change"
	Incident string     `json:"incident"` // I-0001
	Headline string     `json:"headline"` // one line for people
	What     string     `json:"what"`     // account, renamed, place, budget, channel, queue, undelivered
	Subject  string     `json:"subject"`  // id of the account or the channel, or name of the place
	Text     string     `json:"text"`
	Began    time.Time  `json:"began"`
	Ended    *time.Time `json:"ended,omitempty"` // left out while it lasts
}

func incidentOf(n onrecord.IncidentNotice) ([]byte, error) {
	i := n.Incident
	out := Incident{string(n.Kind()), i.Number(), card.IncidentOf(i).Headline(card.Plain, card.Plain), string(i.Kind), i.Subject, i.Text, i.Began.UTC(), nil}
	if ended := i.Ended.UTC(); !i.Ended.IsZero() {
		out.Ended = &ended
	}
	return encode(out)
}

// Digest is what other programs are sent of what a channel was told in a time.
type Digest struct {
	Kind       string       `json:"kind"`   // "digest"
	Digest     string       `json:"digest"` // D-0001
	Headline   string       `json:"headline"`
	From       time.Time    `json:"from"`
	Until      time.Time    `json:"until"`
	Statements []DigestLine `json:"statements"`
	Changes    []DigestLine `json:"changes,omitempty"`
	Coverage   []string     `json:"coverage"` // what it covers, in words
}

// DigestLine is a statement, or what became of one.
type DigestLine struct {
	Statement string `json:"statement"`
	Speaker   string `json:"speaker"`
	What      string `json:"what"` // the kind of notice that told it
	Link      string `json:"link,omitempty"`
}

func digestOf(n onrecord.DigestNotice) ([]byte, error) {
	d, c := n.Digest, card.DigestOf(n.Digest)
	lines := func(list []onrecord.DigestLine) (out []DigestLine) {
		for _, l := range list {
			out = append(out, DigestLine{l.Statement.Number(), l.Statement.Speaker, string(l.Kind), l.Link})
		}
		return out
	}
	headline := c.Headline(card.Plain, card.Stamp)
	return encode(Digest{string(n.Kind()), d.Number(), headline, d.From.UTC(), d.Until.UTC(), lines(d.Statements), lines(d.Changes), c.Coverage})
}

// Filings is what other programs are sent of what was filed in a case.
type Filings struct {
	Kind     string                `json:"kind"`   // "filings"
	Digest   string                `json:"digest"` // D-0001
	Headline string                `json:"headline"`
	Case     Case                  `json:"case"`
	Entries  []onrecord.FiledEntry `json:"entries,omitempty"` // none of its words are anybody's
	Folded   []onrecord.Folded     `json:"folded,omitempty"`
}

func filingsOf(n onrecord.FilingsNotice) ([]byte, error) {
	headline := card.FilingsOf(n).Headline(card.Plain, card.Stamp)
	return encode(Filings{string(n.Kind()), n.Digest.Number(), headline, Case{n.Case.ID, n.Case.Title, n.Case.Docket, n.Case.URL}, n.Filings.Entries, n.Filings.Folded})
}

// Case names a case.
type Case struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Docket []string `json:"docket,omitempty"`
	URL    string   `json:"url,omitempty"`
}

// Post is one post of the statement.
type Post struct {
	ID     string     `json:"id"`
	URL    string     `json:"url"`
	Handle string     `json:"handle,omitempty"`
	Text   string     `json:"text"`             // byte for byte
	Posted *time.Time `json:"posted,omitempty"` // left out when the place gives no date
}

// Place is another place where the same was said.
type Place struct {
	URL string    `json:"url"`
	At  time.Time `json:"at"`
}

func plainOf(notice onrecord.Notice) ([]byte, error) {
	switch n := notice.(type) {
	case onrecord.StatementNotice:
		return statementOf(n.Kind(), n.Statement, n.Case, n.Gap)
	case onrecord.AlsoSaidNotice:
		return statementOf(n.Kind(), n.Statement, n.Case, nil)
	case onrecord.CorrectedNotice:
		return statementOf(n.Kind(), n.Statement, n.Case, nil)
	case onrecord.CorrectionNotice:
		return statementOf(n.Kind(), n.Statement, n.Case, nil)
	case onrecord.RedactedNotice:
		return statementOf(n.Kind(), n.Statement, n.Case, nil)
	case onrecord.FateNotice:
		return fateOf(n)
	case onrecord.GapNotice:
		return gapOf(n)
	case onrecord.DigestNotice:
		return digestOf(n)
	case onrecord.FilingsNotice:
		return filingsOf(n)
	case onrecord.IncidentNotice:
		return incidentOf(n)
	}
	return nil, fmt.Errorf("there is no form for %T", notice)
}

func statementOf(kind onrecord.NoticeKind, s onrecord.Statement, on onrecord.Case, gap *onrecord.Gap) ([]byte, error) {
	c, err := card.Of(s, on)
	if err != nil {
		return nil, err
	}
	out := Notice{
		Kind: string(kind), Statement: s.Number(), Headline: c.Headline(card.Plain, card.Plain), Case: Case{on.ID, on.Title, on.Docket, on.URL},
		Speaker: s.Speaker, Role: s.Role, Via: s.Via, Lane: string(s.Lane), Novelty: string(s.Novelty), URL: s.First().URL, Title: s.First().Title,
		InShort: s.Summary.InShort, Unsure: s.Summary.Turned, Translation: s.Summary.Translation, Lang: s.Summary.Lang,
		Stance: s.Summary.Stance, Instructs: s.Summary.Instructs, Reasons: s.Reasons, Seen: s.Seen.UTC(), SHA256: c.SHA256,
	}
	if s.Prior != 0 {
		out.Prior = onrecord.StatementNumber(s.Prior)
		if s.Rewords != nil {
			out.Rewords = s.Rewords.Text
		}
	}
	if out.InShort != "" || out.Translation != "" {
		out.Written = s.Summary.Origin
	}
	if gap != nil {
		out.Gap = gap.Number()
	}
	out.Withdrawn = s.Withdrawn()
	for _, c := range s.Corrections {
		out.Corrections = append(out.Corrections, Correction{c.At.UTC(), c.By, c.Withdrawn, c.Speaker, c.Was, c.DistinctFrom(), c.Note})
	}
	if !s.Attributed() {
		out.InShort, out.Unsure = "", false
	}
	var texts []string
	for _, p := range s.Parts {
		post := Post{ID: p.ID, URL: p.URL, Handle: p.Author.Handle, Text: p.Text}
		if p.Dated {
			at := p.Created.UTC()
			post.Posted = &at
		}
		out.Posts, texts = append(out.Posts, post), append(texts, p.Text)
	}
	if s.Via != "" { // of an article only the words quoted are passed on
		texts = nil
		for _, q := range s.Summary.Quotes {
			texts = append(texts, s.Quoted(q))
		}
		out.Posts[0].Text = strings.Join(texts, "\n\n")
	}
	out.Text = strings.Join(texts, "\n\n")
	for _, m := range s.Mirrors {
		out.AlsoSaid = append(out.AlsoSaid, Place{m.URL, m.At.UTC()})
	}
	return encode(out)
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// discordOf is the message of a bot under our name. A webhook cannot be relied
// on to change a message, so another place is told in a line of its own,
// silently and without a preview.
func discordOf(notice onrecord.Notice) ([]byte, []notifiers.File, error) {
	b, err := message.Of(notice)
	if n, also := notice.(onrecord.AlsoSaidNotice); also {
		b, err = alsoSaid(n.Statement), nil
	}
	if err != nil {
		return nil, nil, err
	}
	b.Username = "onrecord"
	body, err := b.Bytes()
	return body, b.Files, err
}

func alsoSaid(s onrecord.Statement) message.Body {
	place := "in another place"
	if n := len(s.Mirrors); n > 0 {
		if u := card.Link(s.Mirrors[n-1].URL, maxPlace); u != "" {
			place = "at [" + card.Host(u) + "](<" + u + ">)"
		}
	}
	return message.Body{
		Username: "onrecord", Content: "-# ↪ " + s.Number() + ", now also " + place,
		Flags: message.SuppressEmbeds | message.SuppressNotifications, AllowedMentions: message.Nobody(),
	}
}

const maxPlace = 1500 // characters of an address, so that the line keeps Discord's limit
