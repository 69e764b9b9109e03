package onrecord

import (
	"fmt"
	"slices"
	"time"
)

// The kinds of a [DigestNotice].
const (
	DigestDue     NoticeKind = "digest"
	DigestChanged NoticeKind = "digest_change" // its message is changed
)

// Digest is what a channel was told in a time, and what it covers.
type Digest struct {
	ID          int64
	Gathered    bool // its statements were too many to be published one by one
	From, Until time.Time
	Statements  []DigestLine // in the order they were told
	Changes     []DigestLine // what became of statements since, whenever they were told
	Waiting     int          // borderline statements that nobody has decided about, on the channel's cases or not
	Accounts    int          // that are watched
	Unread      []string     // ids of those that cannot be read by now
	Gaps        []Gap        // that ended in that time
	Filings     *Filings     // it is one of what was filed in a case, and of nothing else
	Events      []Event      // of the cases that its statements are on, in that time
	Docketed    []Event      // what weighs of what their dockets got in that time; Events has it, too
}

// DigestLine is a statement, or what became of it, with the message that told it.
type DigestLine struct {
	Statement Statement
	Kind      NoticeKind
	At        time.Time // when it became owed
	Message   string    // the place's id of the message; "" where it gives none
	Link      string    // to that message, or else to the post
}

// Number is the name people use for a digest: D-0001.
func (d Digest) Number() string { return fmt.Sprintf("D-%04d", d.ID) }

// cases are those that its statements are on.
func (d Digest) cases() (ids []string) {
	for _, l := range slices.Concat(d.Statements, d.Changes) {
		if id := l.Statement.Case; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Eventful is a notice that tells what the dockets of cases got in a time.
type Eventful interface {
	Notice
	Asks() (cases []string, from, until time.Time)
	With(docketed []Event) Notice
}

// Asks implements [Eventful].
func (n DigestNotice) Asks() (cases []string, from, until time.Time) {
	if n.Digest.Gathered {
		return nil, n.Digest.From, n.Digest.Until
	}
	return n.Digest.cases(), n.Digest.From, n.Digest.Until
}

// With implements [Eventful].
func (n DigestNotice) With(docketed []Event) Notice {
	n.Digest.Docketed = docketed
	return n
}

// DigestNotice is the digest of a channel, or how it reads since words were taken out of
// what it tells of, or a person corrected that.
type DigestNotice struct {
	Digest  Digest
	Changed bool
}

var (
	digest        = definition{kind: DigestDue, letter: "s", subject: digestName, of: ofDigest(false)}
	digestChanged = definition{kind: DigestChanged, letter: "w", counted: true, changes: DigestDue, subject: digestName, of: ofDigest(true)}
)

func ofDigest(changed bool) func(Facts) Notice {
	return func(f Facts) Notice {
		if f.Digest == nil {
			return nil
		}
		return DigestNotice{*f.Digest, changed}
	}
}

func digestName(typed string) (string, bool) {
	id, ok := parseNumber("D-", typed)
	return Digest{ID: id}.Number(), ok
}

// Linked is a notice that leads to other messages of its channel.
type Linked interface {
	Notice
	// To returns the notice with the addresses of messages; "" where there is none.
	To(address func(message string) string) Notice
}

// To implements [Linked]. Where a message has no address, its post has.
func (n DigestNotice) To(address func(message string) string) Notice {
	link := func(list []DigestLine) []DigestLine {
		list = slices.Clone(list)
		for i, l := range list {
			if list[i].Link = l.Statement.First().URL; l.Message != "" {
				if a := address(l.Message); a != "" {
					list[i].Link = a
				}
			}
		}
		return list
	}
	n.Digest.Statements, n.Digest.Changes = link(n.Digest.Statements), link(n.Digest.Changes)
	return n
}

// Kind implements [Notice].
func (n DigestNotice) Kind() NoticeKind {
	if n.Changed {
		return DigestChanged
	}
	return DigestDue
}

// In implements [Notice]. A digest is of all cases of its channel; it learns what happened
// in those that were spoken of.
func (n DigestNotice) In(cases map[string]Case) Notice {
	n.Digest.Events = slices.Clone(n.Digest.Docketed)
	for _, id := range n.Digest.cases() {
		for _, e := range cases[id].Events {
			if !e.Date.Before(n.Digest.From) && e.Date.Before(n.Digest.Until) {
				n.Digest.Events = append(n.Digest.Events, e)
			}
		}
	}
	slices.SortStableFunc(n.Digest.Events, func(a, b Event) int { return a.Date.Compare(b.Date) })
	return n
}

func (DigestNotice) closed() {}
