package onrecord

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// NoticeKind names a kind of notice in the database, in logs and in metrics.
type NoticeKind string

// The notices. AlsoSaid changes the message of the first one; CaughtUp comes once
// before the first statement recovered from a gap.
const (
	NewStatement NoticeKind = "new"
	AlsoSaid     NoticeKind = "also"
	CaughtUp     NoticeKind = "gap"
)

// notices is what tells the kinds apart, but for how each place shows them. A new
// one is a line here.
var notices = map[NoticeKind]definition{
	NewStatement: {letter: "n", subject: statementName},
	AlsoSaid:     {letter: "a", counted: true, changes: NewStatement, subject: statementName},
	CaughtUp:     {letter: "g", subject: gapName},
}

type definition struct {
	letter  string                                    // in the key of a delivery
	counted bool                                      // there can be several about one subject
	changes NoticeKind                                // the notice about the same subject whose message it changes; "": it is a message of its own
	subject func(typed string) (name string, ok bool) // reads the name of what it can be about
}

func statementName(typed string) (string, bool) {
	id, ok := ParseStatementNumber(typed)
	return StatementNumber(id), ok
}

func gapName(typed string) (string, bool) {
	id, ok := ParseGapNumber(typed)
	return Gap{ID: id}.Number(), ok
}

// Known reports whether there is such a kind.
func (k NoticeKind) Known() bool { return notices[k].letter != "" }

// Changes returns the kind of notice, about the same subject, whose message a
// notice of this kind changes; "" when it is a message of its own.
func (k NoticeKind) Changes() NoticeKind { return notices[k].changes }

// Short is the form that a notice's kind and its count have in a [DeliveryKey].
func (k NoticeKind) Short(seq int) string {
	if d := notices[k]; d.counted {
		return d.letter + strconv.Itoa(seq)
	}
	return notices[k].letter
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
