package onrecord

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Notice is what is owed to a channel. There is a type for each kind, or for kinds
// that are shown alike, and no others than those listed here: whoever shows notices
// knows them all.
type Notice interface {
	Kind() NoticeKind
	// In returns the notice with the case it is on, which the record knows by its id alone.
	In(cases map[string]Case) Notice
	closed()
}

// NoticeKind names a kind of notice in the database, in logs and in metrics.
type NoticeKind string

// notices lists the kinds. A new one is a line here, and a file with its type and
// its definition.
var notices = []definition{newStatement, alsoSaid, caughtUp, corrected, correction, incidentBegan, incidentChanged, edited, replaced, deleted, gone, unreadable, returned, revised, redacted, redactedEdit, redactedReplacement, publication, personal, digestPublication, digest, digestChanged, filed, whole, wholeChanged}

// definition is what tells a kind from the others, but for how each place shows it.
type definition struct {
	kind      NoticeKind
	letter    string                                    // in the key of a delivery
	counted   bool                                      // there can be several about one subject
	changes   NoticeKind                                // the notice about the same subject whose message it changes; "": it is a message of its own
	same      bool                                      // it changes the one with the same count; otherwise there is one
	apart     bool                                      // a place that changes no message is told it in one of its own
	answers   NoticeKind                                // the notice about the same subject whose message it answers; "": it answers none
	beside    NoticeKind                                // the notice about the same subject that it tells single readers of; "": it is for all
	below     NoticeKind                                // the notice about the same subject that it goes on with, below its message; "": it stands by itself
	revises   bool                                      // the statement says something else by then
	publishes NoticeKind                                // the notice about the same subject whose message it publishes, having none itself; "": it has one
	subject   func(typed string) (name string, ok bool) // reads the name of what it can be about
	of        func(Facts) Notice                        // nil when the facts are of something else
}

// Facts are what the record knows of what a notice is about.
type Facts struct {
	Statement *Statement
	Gap       *Gap // that the notice is about, or that the statement was recovered from
	Incident  *Incident
	Digest    *Digest
	Seq       int // which of the notices of its kind about the subject it is, where they are counted
}

func (k NoticeKind) definition() definition {
	for _, d := range notices {
		if d.kind == k {
			return d
		}
	}
	return definition{}
}

// Known reports whether there is such a kind.
func (k NoticeKind) Known() bool { return k.definition().kind != "" }

// Of makes a notice of the kind.
func (k NoticeKind) Of(f Facts) (Notice, error) {
	if d := k.definition(); d.of != nil {
		if n := d.of(f); n != nil {
			return n, nil
		}
	}
	return nil, fmt.Errorf("the record does not hold what a notice of the kind %q is about", string(k))
}

// Changes returns the kind of notice, about the same subject, whose message a
// notice of this kind changes; "" when it is a message of its own.
func (k NoticeKind) Changes() NoticeKind { return k.definition().changes }

// ChangesCount returns the count of the notice whose message a notice with a count
// changes or answers.
func (k NoticeKind) ChangesCount(seq int) int {
	if k.definition().same {
		return seq
	}
	return 0
}

// Apart reports whether a place that changes no message is told a change in a
// message of its own; where it is not, another notice tells it.
func (k NoticeKind) Apart() bool { return k.definition().apart }

// Answers returns the kind of notice, about the same subject, whose message a
// notice of this kind answers; "" when it answers none.
func (k NoticeKind) Answers() NoticeKind { return k.definition().answers }

// Publishes returns the kind of notice, about the same subject, whose message a notice
// of this kind publishes; "" when it has a message itself.
func (k NoticeKind) Publishes() NoticeKind { return k.definition().publishes }

// Beside returns the kind of notice, about the same subject, beside which a notice of this
// kind tells single readers; "" when it is for all.
func (k NoticeKind) Beside() NoticeKind { return k.definition().beside }

// Below returns the kind of notice, about the same subject, below whose message a notice of
// this kind stands; "" when it stands by itself.
func (k NoticeKind) Below() NoticeKind { return k.definition().below }

// Rest returns the notice about the same subject that goes on where the message of one had
// no room for all; "" when none does.
func (k NoticeKind) Rest(seq int) (kind NoticeKind, next int) {
	for _, d := range notices {
		if d.below != "" && (d.below == k || d.kind == k) {
			return d.kind, seq + 1
		}
	}
	return "", 0
}

// Needs returns the kind of notice, about the same subject, whose message a notice
// of this kind changes, answers or publishes, or stands below; "" when it needs no other.
func (k NoticeKind) Needs() NoticeKind {
	return cmp.Or(k.Changes(), k.Answers(), k.Publishes(), k.Below())
}

// Short is the form that a notice's kind and its count have in a [DeliveryKey].
func (k NoticeKind) Short(seq int) string {
	d := k.definition()
	if d.counted {
		return d.letter + strconv.Itoa(seq)
	}
	return d.letter
}

// ParseSubject reads the name of something that notices are about, in either
// letter case, and returns it as the program writes it.
func ParseSubject(typed string) (name string, ok bool) {
	for _, d := range notices {
		if name, ok = d.subject(typed); ok {
			return name, true
		}
	}
	return "", false
}

// DeliveryKey names a delivery for good. Its text is the same for every attempt,
// and places recognise a repetition by what they derive from it: it must never be
// written in another way.
type DeliveryKey struct {
	Instance   string // the installation
	Channel    string
	Subject    string
	Notice     string // see [NoticeKind.Short]
	Generation int    // how often a person ordered it anew
}

func (k DeliveryKey) String() string {
	return strings.Join([]string{k.Instance, k.Channel, k.Subject, k.Notice, strconv.Itoa(k.Generation)}, "\n")
}

// ParseDeliveryKey reads what [DeliveryKey.String] wrote.
func ParseDeliveryKey(text string) (DeliveryKey, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || !shortNotice.MatchString(lines[3]) {
		return DeliveryKey{}, fmt.Errorf("the delivery's key %q is not instance, channel, subject, notice and generation on a line each", text)
	}
	generation, err := strconv.Atoi(lines[4])
	if err != nil {
		return DeliveryKey{}, fmt.Errorf("the generation in the delivery's key %q is no number", text)
	}
	return DeliveryKey{lines[0], lines[1], lines[2], lines[3], generation}, nil
}

// shortNotice is bounded by what a Discord nonce has room for.
var shortNotice = regexp.MustCompile(`^[a-z][0-9]{0,3}$`)
