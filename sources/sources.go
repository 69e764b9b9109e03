// Package sources is the contract between the program and the places where
// parties speak. One folder below it is one place; the package all lists them.
//
// A source keeps no state. What it must remember between pulls (where it got
// to, the numeric id behind a handle, HTTP validators) it puts in the [Cursor],
// which is stored in the same transaction as the posts of the page.
package sources

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"onrecord"
)

// Kind describes a place: what the operator may configure and how often it is
// decent to ask.
type Kind struct {
	Name    string                       // the word in the configuration, such as "x"
	Title   string                       // the place's name for people, such as "X"
	Config  func() Config                // a new configuration holding the defaults
	Account func(onrecord.Account) error // says what is wrong with an account's fields; no I/O
	Every   time.Duration                // recommended time between pulls; faster draws a warning

	// Docket says that the place's accounts are dockets: they tell what happens in a
	// case, and nobody speaks there.
	Docket bool

	// Profile returns the account whose page for people an address is; false: it is
	// none of this place. nil: the place has no such pages.
	Profile func(page *url.URL) (onrecord.Account, bool)
	// Post returns the id, as [Lookup] takes it, of the post whose page for people an
	// address is; false: it is of none. nil: a post's id does not follow from its address.
	Post func(page *url.URL) (id string, ok bool)
}

// Config is the operator's settings for a place, decoded from the section
// sources.<name> of the configuration by its yaml tags.
type Config interface {
	// Validate says what is wrong without any I/O.
	Validate() error
	// Open returns the source. An error that is [ErrNoCredentials] means the
	// place's accounts are reported and skipped, and the rest runs.
	Open(Env) (Source, error)
}

// Env is what the program lends a source.
type Env struct {
	// Client returns an HTTP client that refuses private addresses unless
	// told otherwise, bounds every answer, honours Retry-After per host and
	// names the program. private is for addresses the operator wrote in the
	// configuration file, never for addresses that came from outside.
	Client func(private bool) *http.Client
	// Stream opens a connection on which a place sends messages as they come, by the
	// same rules; nil: there are none.
	Stream func(ctx context.Context, address string, private bool) (Stream, error)
	// Endless returns an HTTP client for answers that go on for as long as both sides are
	// there, by the same rules but for how long and how large they may be; nil: there is none.
	Endless func(private bool) *http.Client
	Log     *slog.Logger
	Spend   SpendLog
}

// Stream is a connection on which a place sends messages.
type Stream interface {
	// Next waits for the next message. An error ends the stream, and so does its silence:
	// a place that does not even answer to being asked whether it is there is gone.
	Next() ([]byte, error)
	Close() error
}

// Planner is a source that costs money and can say how much, without spending any.
// `onrecord check --live` asks it.
type Planner interface {
	// Plan says in a line what reading so many accounts will about cost.
	Plan(ctx context.Context, accounts int) (line string, err error)
}

// Source pulls what an account published.
type Source interface {
	// Pull returns the posts after the cursor, oldest first. An empty cursor is
	// the first pull: the page then holds at least what is needed to tell later
	// posts from earlier ones, and posts not older than account.Backfill where
	// the place can say so. While Page.More is true, Pull is called again at once
	// with Page.Next. An error leaves the cursor where it was; an [*Error]
	// says what the operator sees and when to ask again.
	Pull(ctx context.Context, account onrecord.Account, cursor Cursor) (Page, error)
}

// Prober is a source that can prove its credentials without spending money.
// `onrecord check --live` asks it.
type Prober interface {
	Probe(ctx context.Context) error
}

// Lookup is a source that knows posts by their ids, whoever published them.
// Review asks it for what a post answers or quotes, where those words could
// decide about the post and nothing else says them.
type Lookup interface {
	// Posts returns the posts found and the ids of those that cannot be read,
	// since they are deleted, hidden or withheld. An id that is in neither was not
	// answered. It is asked in the middle of other work: the context ends soon, and
	// a place that costs money keeps what its budget has left for pulls.
	Posts(ctx context.Context, ids []string) (found map[string]onrecord.Post, gone []string, err error)
}

// Streamer is a source that hears of news sooner than it asks.
type Streamer interface {
	// Hear tells of accounts that something new is to be pulled of, until the context or
	// the stream ends; it never returns nil. What it hears is a hint: all posts come by
	// pulls, and pulls go on as they were; that a post was deleted is told when a look at it
	// agrees. So a stream that breaks, repeats, leaves out or lies loses nothing and changes
	// nothing.
	Hear(ctx context.Context, accounts []onrecord.Account, news func(News)) error
}

// News is what a stream tells: that an account has something new, or, where Deleted is the
// id of a post, that its author deleted that one.
type News struct{ Account, Deleted string }

// Rechecker is a source that can tell what became of posts it showed.
type Rechecker interface {
	// Recheck looks at posts of an account again, which are as they were seen last. It
	// answers by id; a post in no answer was not looked at, and is asked about again. A
	// place that refuses, limits or fails is an error and says nothing of any post. A
	// place that costs money keeps what its budget has left for pulls.
	Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]Look, error)
}

// Look is what a place shows of a post that is looked at again.
type Look struct {
	Sight Sight
	Post  *onrecord.Post // as it is shown now; nil: the place shows it, and does not tell whether it says the same
	Why   string         // what the place says to it, for people; "": nothing
}

// Sight is how far a post can be seen at its place.
type Sight string

// The sights. They are kept apart for good: that a post is not there is no proof of
// who removed it, and that it cannot be read is no proof that it is not there.
const (
	Present    Sight = "present"
	Deleted    Sight = "deleted"    // the place itself says that its author deleted it
	Absent     Sight = "absent"     // the place has no such post, and shows the account
	Unreadable Sight = "unreadable" // the account is protected, suspended or gone, or the post is withheld
)

// Cursor is a resume mark that only its source can read. It never holds a secret.
type Cursor string

// Page is the answer to one pull.
type Page struct {
	Posts    []onrecord.Post // oldest first
	Next     Cursor          // stored with the posts; never past a post that is not in a page
	More     bool            // there is another page now
	Archive  []onrecord.Post // appeared now and from long before: kept as what was there at first, never reviewed
	Warnings []string        // what the operator should know although the pull succeeded
	Handle   string          // what the account is called there now; "": the place does not say, or it can be called nothing else
}

// SpendLog keeps what reading a place costs, over restarts.
type SpendLog interface {
	// Record notes billed resources. A resource already noted for the same
	// place, class and UTC day costs nothing more.
	Record(ctx context.Context, place, class string, charges []Charge) error
	// Spent returns what the place has cost in the UTC day of at, in millionths of a dollar.
	Spent(ctx context.Context, place string, at time.Time) (int64, error)
	// Reads returns how many resources of these classes were noted in the UTC day of at,
	// each once however many classes it is in.
	Reads(ctx context.Context, place string, at time.Time, classes ...string) (int64, error)
}

// Charge is one billed resource.
type Charge struct {
	ID      string
	Account string // id of the tracked account that it was read for; "": of none
	Price   int64  // millionths of a dollar
}
