// Package notifiers is the contract between the program and the places where
// people read. One folder below it is one place; the package all lists them.
//
// A notice is rendered once, before its first attempt; the message is stored and
// every attempt sends the same one. What a failed attempt means is told by
// [Error]: an outcome nobody can be sure of is Unknown and is settled (by the
// key, or by looking: [Finder]) before anything is repeated.
package notifiers

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"onrecord"
)

// Kind describes a place.
type Kind struct {
	Name    string             // the word in the configuration, such as "discord"
	Config  func() Config      // a new configuration holding the defaults
	Channel func(Target) error // says what is wrong with a channel's fields; no I/O
	Role    func(string) error // says what is wrong with the id of a role; nil: the place has none
}

// Config is the operator's settings for a place, decoded from the section
// notifiers.<name> of the configuration by its yaml tags.
type Config interface {
	// Validate says what is wrong without any I/O.
	Validate() error
	// Open returns the notifier. An error that is [ErrNoCredentials] means the
	// place's channels are reported, their deliveries wait, and the rest runs.
	Open(Env) (Notifier, error)
}

// Env is what the program lends a notifier.
type Env struct {
	// Client returns an HTTP client that refuses private addresses unless told
	// otherwise; see the Env of package sources.
	Client   func(private bool) *http.Client
	Terminal io.Writer // for notices that go to the terminal
	Color    bool      // the terminal shows colour
	Width    int       // of the terminal, in columns
	Version  string
	Contact  string // mailto: or https: address of the operator; may be empty
	Log      *slog.Logger
}

// Target is a channel of the operator. It comes from the configuration at
// every start and is never stored, since an address can be a secret.
type Target struct {
	ID      string        // names the channel in the database, logs and metrics
	Address string        // a channel id or a URL, as the place understands it
	Lane    onrecord.Lane // what the channel shows
	Reader  string        // the place's id of whom alone it is for; "": everybody there
	Topic   *Topic        // what a message is on, for a place that shows each case apart; nil: no case
	Files   bool          // files go with messages there, of which a [Prober] is asked
}

// Topic is what a message is on.
type Topic struct {
	Case    onrecord.Case
	Speaker string
	Kind    onrecord.NoticeKind
}

// Message is a rendered notice: what is to be sent, in the place's own form.
type Message struct {
	Body  []byte // never empty
	Files []File // go with the body, in this order; a place that takes none leaves them out
	More  bool   // it had no room for all: what a statement says in full goes on below it; see [Threader]
	Ping  Ping   // is decided for each attempt, and no part of what is stored
}

// Ping says whom a message calls by name.
type Ping struct {
	Roles  []string // the place's ids of them
	Reader string   // the place's id of one; "": none
	Silent bool     // it makes no sound, whatever else
}

// File is a file that goes with a message.
type File struct {
	Name string // with the ending readers expect, such as "letter.png", and without a folder
	Type string // the MIME type
	Alt  string // what it shows, for who cannot see it; may be empty
	Data []byte
}

// Receipt is the place's proof of a delivery.
type Receipt struct {
	ID string // the place's id of the message; "" where it gives none
}

// Notifier delivers messages.
type Notifier interface {
	// Render is pure: the same notice gives the same message.
	Render(onrecord.Notice) (Message, error)
	// Send posts the message once, without retries of its own. key is the same
	// for every attempt of one delivery and different for all others. An error is an [*Error]; any
	// other error counts as Unknown.
	Send(ctx context.Context, to Target, m Message, key string) (Receipt, error)
}

// Editor is a notifier that can change a message it posted. Editing is
// idempotent: an Unknown outcome is simply repeated.
type Editor interface {
	Edit(ctx context.Context, to Target, posted Receipt, m Message) error
}

// Answerer is a notifier that can show a message as an answer to one that it posted.
// It is posted all the same where that one is gone.
type Answerer interface {
	Answer(ctx context.Context, to Target, posted Receipt, m Message, key string) (Receipt, error)
}

// Threader is a notifier that can show a message below one that it posted, apart from the
// other messages of the channel. A receipt without an id says that it is not to be shown any
// more: the one above it was taken away, or its thread was.
type Threader interface {
	Below(ctx context.Context, to Target, posted Receipt, m Message, key string) (Receipt, error)
}

// Publisher is a notifier that can publish a message it posted, to those who follow the
// channel from elsewhere. Publishing is idempotent: an Unknown outcome is simply repeated.
type Publisher interface {
	Publish(ctx context.Context, to Target, posted Receipt) error
}

// Linker is a notifier that knows the address of a message it posted; "" when it cannot tell.
type Linker interface {
	Link(ctx context.Context, to Target, posted Receipt) string
}

// Finder is a notifier that can tell whether an unclear Send arrived.
type Finder interface {
	// Window is how long after the first attempt repeating Send with the same
	// key is safe by itself, because the place recognises the key.
	Window() time.Duration
	// Find looks for the message. found is true with its receipt. An error
	// means that nobody can tell: absence is never concluded from an answer
	// that a missing permission would give as well.
	Find(ctx context.Context, to Target, q Query) (r Receipt, found bool, err error)
}

// Query describes a message that may have arrived.
type Query struct {
	Message Message
	Key     string
	Since   time.Time // no attempt was made before this
	After   Receipt   // the newest message of the channel known to be older; may be empty
	Below   Receipt   // the message that it stands below; empty: it stands by itself

	// Receipts reports whether a message is known as that of another delivery; nil:
	// nobody knows. One message never stands for two.
	Receipts func(ctx context.Context, r Receipt) (bool, error)
}

// Prober is a notifier that can prove credentials, channels and permissions
// without posting. `onrecord check --live` asks it, and a paused channel
// resumes by itself once it passes.
type Prober interface {
	Probe(ctx context.Context, to Target) error
}

// Describer is a notifier that says in words what is special about a channel; "": nothing.
type Describer interface {
	Describe(ctx context.Context, to Target) string
}

// RoleGiver is a notifier at whose place readers have roles, which channels can call.
type RoleGiver interface {
	// ProbeRole says what keeps a role from being called in a channel, or from being given.
	ProbeRole(ctx context.Context, to Target, role string) error
	// ProbeGiver says what keeps somebody who has some roles from letting a role be given to
	// whoever asks: it stands above theirs, or lets its members do what not everybody may. nil: the highest there is.
	ProbeGiver(ctx context.Context, to Target, role string, has []string) error
	// GiveRole gives a role to a reader of a channel, or takes it away. A [RefusedError] says
	// what stands against it.
	GiveRole(ctx context.Context, to Target, role string, reader Reader, given bool) error
}

// RefusedError is what is not done for who asked, in words for them: why, and what to do.
type RefusedError struct{ Why string }

// Error implements error.
func (e RefusedError) Error() string { return e.Why }

// Rehearser is a notifier that can try a channel out: besides what [Prober] proves, a
// message is posted and taken back. Readers may see it for a moment.
type Rehearser interface {
	Rehearse(ctx context.Context, to Target) error
}

// ErrNoCredentials says that a place needs a key the configuration does not have.
var ErrNoCredentials = errors.New("no credentials")
