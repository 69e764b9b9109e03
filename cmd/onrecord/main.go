// Command onrecord watches the public accounts of the people and organisations
// in a legal case, recognises each new statement on the case, and delivers a
// quote-first summary to the channels that follow it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // schedules name zones, and a container may have none

	"github.com/lmittmann/tint"
	"golang.org/x/term"

	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/schedule"
)

// version is set by the release build; a build from source says so.
var version = "dev"

// Exit codes.
const (
	good   = 0
	failed = 1
	wrong  = 2 // usage or configuration
)

const introduction = "onrecord watches the public accounts of the people and organisations in a legal case and posts each new statement on it to Discord: the words first, once, in order, with the reason why.\n\nNew here? Try `onrecord demo`. Then `onrecord init --from STORY`, `onrecord add URL` for each account, `onrecord check --live`, `onrecord preview`, `onrecord run`."

// commands are what a user can type, in the order of the help.
func commands() []commandLine {
	return []commandLine{
		{"", introduction, &introductionCommand{}},
		{"run", "Watch the accounts and deliver statements, until stopped.", &runCommand{}},
		{"demo", "Show the whole path of a post on an invented case: no keys, no network, ends by itself.", &demoCommand{}},
		{"init", "Write a commented config.yaml to start from, or with --from one that is drafted from a news story or a complaint.", &initCommand{}},
		{"add", "Find what can be read at an address, show what would become of its posts, and write the account into the configuration.", &addCommand{}},
		{"check", "Report every mistake in the configuration; with --live, try credentials, channels, permissions and every account, too.", &checkCommand{}},
		{"preview", "Show what the last two weeks would have brought: posted, waiting for a person, rejected, and the noise of each keyword. Stores and posts nothing.", &previewCommand{}},
		{"explain", "Say why a text, the post at a URL, or a statement such as S-0042 was judged as it was.", &explainCommand{}},
		{"status", "Show accounts, channels, what waits for a person and what was missed; the same stands at / of the running program.", &statusCommand{}},
		{"accounts", "Show the tracked accounts: last good read, newest post, trouble, statements.", &accountsCommand{}},
		{"coverage", "Show what a list or a count of statements covers: accounts, since when, gaps, what waits, what is left out.", &coverageCommand{}},
		{"latest", "Show the newest statements on the record.", &latestCommand{}},
		{"export", "Write the record as JSON lines.", &exportCommand{}},
		{"outbox", "Show what is not delivered, and decide about what needs a person.", &outboxList{}},
		{"outbox list", "Show what is owed, dead or uncertain.", &outboxList{}},
		{"outbox resend", "Deliver a dead or uncertain statement again: you looked, and it is not there.", &outboxResend{}},
		{"outbox settle", "Take a dead or uncertain statement for delivered: you saw it there, or want it no more.", &outboxSettle{}},
		{"backup", "Copy the database into a file, while the program runs.", &backupCommand{}},
		{"restore", "Replace the database by a backup, while the program is stopped; nothing delivered since is repeated unseen.", &restoreCommand{}},
		{"review", "Show the borderline statements that wait for a person.", &reviewCommand{}},
		{"accept", "Put a borderline statement such as S-0042 on the record: you looked, and it is one.", &acceptCommand{}},
		{"reject", "Leave a borderline statement off the record: you looked, and it is none.", &rejectCommand{}},
		{"correct", "Correct a statement on the record such as S-0042: whose it is, or what is to be known of it. Readers are told.", &correctCommand{}},
		{"distinct", "Say that a statement on the record such as S-0042 is not the same as the one it is marked to repeat, in the same words or in others. Readers are told.", &distinctCommand{}},
		{"retract", "Withdraw a statement on the record such as S-0042. It keeps its number, and readers are told why.", &retractCommand{}},
		{"backfill", "Pull again what was published since a while ago and put it on the record.", &backfillCommand{}},
		{"eval", "Replay posts in time order through review, as in production, and measure it against labels.", &evalCommand{}},
		{"schema", "Print the JSON schema of the configuration, for editors.", &schemaCommand{}},
		{"health", "Ask the running program whether it lives; for container health checks.", &healthCommand{}},
		{"version", "Print the version.", &versionCommand{}},
		{"man", "Print the manual page.", &manCommand{}},
		{"completion", "Print the completion of commands and options for a shell.", &completionCommand{}},
	}
}

// introductionCommand is no word at all, as of those who have read nothing yet.
type introductionCommand struct{}

func (introductionCommand) Run(t *terminal) error {
	commands()[0].describe(t.out, t.width())
	return nil
}

// terminal is where a command reads and writes; tests bring their own.
type terminal struct {
	ctx         context.Context
	out, errout io.Writer

	boundary func(string) // passed at each commit; nil in production, see store.AtBoundaries
	pace     func(bool)   // told when there is much to do, and when there is not; nil in tests, which share a process
}

// usageError ends a command with exit code 2.
type usageError struct{ error }

func main() { os.Exit(execute(theTerminal(), os.Args[1:])) }

// theTerminal is the process's own.
func theTerminal() *terminal {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) //nolint:govet // until the process ends
	return &terminal{ctx: ctx, out: os.Stdout, errout: os.Stderr, pace: newPace()}
}

// execute runs one command line and returns its exit code.
func execute(t *terminal, args []string) int {
	guarded := *t
	guarded.out, guarded.errout = &harmless{to: t.out}, &harmless{to: t.errout}
	t = &guarded
	switch { // what people type without having read anything
	case len(args) > 0 && args[0] == "help":
		args = append(args[1:len(args):len(args)], "--help")
	case len(args) > 0 && args[0] == "--version":
		args = append([]string{"version"}, args[1:]...)
	}
	command, rest := chosen(args)
	help, err := command.parse(rest)
	switch {
	case err != nil:
		fmt.Fprintf(t.errout, "onrecord: %v\nTry `%s --help`.\n", err, strings.TrimSpace("onrecord "+command.name))
		return wrong
	case help:
		command.describe(t.out, t.width())
		return good
	}
	err = command.does.Run(t)
	var usage usageError
	var number bot.NumberError
	var unknown bot.UnknownCaseError
	var problems config.Problems
	switch {
	case err == nil:
		return good
	case errors.As(err, &problems), errors.As(err, &usage), errors.As(err, &number), errors.As(err, &unknown):
		fmt.Fprintf(t.errout, "%v\n", err)
		return wrong
	default:
		fmt.Fprintf(t.errout, "onrecord: %v\n", err)
		return failed
	}
}

// logger writes for people on a terminal and JSON lines elsewhere. What is
// secret in the configuration is redacted whatever wrote it.
func (t *terminal) logger(level slog.Level, secrets []string) *slog.Logger {
	redact := attributes(redactor(secrets))
	to := bare(t.errout)
	if t.interactive(to) {
		return slog.New(tint.NewTextHandler(to, &tint.Options{Level: level, TimeFormat: "2006-01-02 15:04:05Z07:00", NoColor: os.Getenv("NO_COLOR") != "", ReplaceAttr: redact}))
	}
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: level, ReplaceAttr: redact}))
}

// screen is where they write that make text from outside harmless themselves.
func (t *terminal) screen() io.Writer { return bare(t.out) }

func bare(w io.Writer) io.Writer {
	if h, ok := w.(*harmless); ok {
		return h.to
	}
	return w
}

func (t *terminal) interactive(w io.Writer) bool {
	f, ok := bare(w).(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is how wide cards are set: the terminal's width within what reads well.
func (t *terminal) width() int {
	if f, ok := t.screen().(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return min(max(w, 40), 100)
		}
	}
	return 80
}

func (t *terminal) color() bool { return t.interactive(t.out) && os.Getenv("NO_COLOR") == "" }

// period is a length of time as people type it: 24h, 7d, 2w.
type period time.Duration

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *period) UnmarshalText(text []byte) error {
	d, err := schedule.ParseDuration(string(text))
	if err == nil && d < 0 {
		err = fmt.Errorf("says how far back; write %s", strings.TrimPrefix(strings.TrimSpace(string(text)), "-"))
	}
	*p = period(d)
	return err
}
