package notifiers

import (
	"context"
	"time"

	"onrecord"
)

// Commander is a notifier where people can also ask and decide. Deliveries do not
// depend on it: it may be unreachable for as long as it likes.
type Commander interface {
	// Serve answers commands until the context ends. What goes wrong on the way is
	// logged and tried again.
	Serve(ctx context.Context, d Desk)
}

// Desk is what a [Commander] serves, and what it may keep.
type Desk struct {
	Commands []Command
	// Recall and Remember keep a few words for a place over restarts.
	Recall   func(ctx context.Context, key string) (string, error)
	Remember func(ctx context.Context, key, value string) error
}

// Trigger is how a command is called.
type Trigger string

// The triggers.
const (
	Typed   Trigger = ""        // by its name, with options
	OnText  Trigger = "text"    // on a message that somebody wrote
	Pressed Trigger = "pressed" // by a button alone
)

// Command is something that people can ask or decide.
type Command struct {
	Name    string // names it in buttons, and what is typed: letters and hyphens; never changes
	Trigger Trigger
	Labels  map[string]Label // by BCP 47 tag, in its longest form known to all places; "en" is always there
	Options []Option
	// Below is the command that it is typed below: "notify-role" as "role" of "notify"; nil: none.
	Below *Group
	// Manages: only those who may manage the channel or its server see it at first. Run
	// decides by itself: whoever manages a server can show it to others.
	Manages bool
	// Run does it. Its error is logged; who asked is told that it did not work.
	Run func(ctx context.Context, r Request) (Answer, error)
}

// Group is a word that several commands begin with.
type Group struct {
	Name   string
	Labels map[string]Label
}

// Label is what a command, an option or a choice is called, and what it is for.
type Label struct{ Name, Description string }

// Option is a value that can be given with a command.
type Option struct {
	Name     string
	Labels   map[string]Label
	Required bool
	Channel  bool     // the value is the address of a channel of the place, chosen from a list
	Role     bool     // the value is the place's id of a role, chosen from a list
	Max      int      // characters
	Choices  []Choice // all there are; nil: any text
	// Suggest returns what somebody who began to type may mean, nearest first. It answers
	// at once, from memory; nil: nothing is suggested.
	Suggest func(typed string) []Choice
	// SuggestIn is the same for what depends on the channel that the command is called in.
	SuggestIn func(channel, typed string) []Choice
}

// Choice is a value that an option can have.
type Choice struct {
	Value  string
	Labels map[string]Label // "en" is always there
}

// Request is a command as somebody called it. All of it comes from outside.
type Request struct {
	By      Reader
	Channel string // address of the channel it was called in
	Parent  string // address of the channel that this one is a thread of; "": of none
	Manages bool   // who called it may manage the channel or its server there
	// ManagesServer: who called it may manage the whole server, which is more.
	ManagesServer bool
	// GivesRoles: who called it may give others the roles below their own, which are Roles;
	// nil: any.
	GivesRoles bool
	Roles      []string
	Managed    []string // addresses of other channels, given with it, that who called it may manage as well
	Values     map[string]string
	Press      string // what the button that was pressed holds; "": no button was
	Text       string // of the message it was called on
}

// Reader is somebody at a place.
type Reader struct{ ID, Name string }

// Answer is what who asked is told; nobody else sees it. All texts are plain: it is
// the place that makes them harmless.
type Answer struct {
	Head    string
	Entries []Entry
	Foot    string
	Notice  onrecord.Notice // is shown as it would be posted; nil: none
	Buttons []Button
	// Settled stands from now on in place of the buttons of the message that was
	// clicked, for everybody; "": they stay.
	Settled string
}

// Entry is one thing that an answer names.
type Entry struct {
	Title string
	At    time.Time // shown behind the title; zero: none
	URL   string    // of the source
	Quote string    // in somebody's own words
	Code  string    // to be copied as it stands
	Facts []string
}

// Button calls a command when it is pressed.
type Button struct {
	Text    string
	Command string
	Press   string // ASCII, at most [MaxPress] long
	Off     bool   // it is shown and cannot be pressed
	URL     string // where it leads; it calls nothing then
}

// MaxPress bounds what a button can hold.
const MaxPress = 64

// Commands by which a person decides about a borderline statement. A place that shows
// one may offer them as buttons, which hold its number.
const (
	AcceptCommand = "accept"
	RejectCommand = "reject"
	// DistinctCommand accepts one that is marked to repeat an earlier one, and does not.
	DistinctCommand = "distinct"
)
