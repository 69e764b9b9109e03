package bot

import (
	"errors"
	"time"

	"onrecord"
)

// StoredDecision is a decision on a post as the record holds it, with what a
// person said of it.
type StoredDecision struct {
	Post      onrecord.Post
	Speaker   string // who is quoted, for press accounts; "" for all others
	Decision  onrecord.Decision
	Novelty   onrecord.Novelty
	Why       string // of the novelty
	Statement int64  // 0: none
	Made      time.Time
	Ruling    onrecord.Verdict // of a person; "": none
	RuledBy   string
	Ruled     time.Time
}

// UnsettledDelivery is a delivery that was not delivered, as far as anybody knows.
type UnsettledDelivery struct {
	Subject   string // what it is about, as people read it: S-0042
	Statement int64  // 0: it is not about a statement
	Channel   string
	Kind      onrecord.NoticeKind
	State     State
	Attempts  int
	Owed      time.Time
	Next      time.Time // for pending ones
	Error     string
}

// DamagedRow is a stored post or statement that cannot be read and was set aside.
type DamagedRow struct {
	Statement int64  // 0: it is a post
	Post      string // key of the post, or of a post that led to the statement; "" when none is known
	Held      bool   // a statement that was not delivered
	Baseline  bool   // what the post said when its account began to be watched
}

// ErrNotWaiting says that nobody has to decide about a statement.
var ErrNotWaiting = errors.New("it waits for nobody: it is no borderline statement, or it is decided")

// ErrNobodyNamed says that an article quotes somebody without a name. A
// statement is a speaker's, and nobody can tell whose it would be.
var ErrNobodyNamed = errors.New("the article names nobody of the case as the speaker, and words without a speaker are not put on the record")

// ErrSettled says that there is no dead or uncertain delivery to decide about.
var ErrSettled = errors.New("nothing of it is dead or uncertain")
