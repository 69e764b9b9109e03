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
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // schedules name zones, and a container may have none

	"github.com/alecthomas/kong"
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

// commandLine is what a user can type. Kong reads the help from it.
type commandLine struct {
	Run      runCommand      `cmd:"" help:"Watch the accounts and deliver statements, until stopped."`
	Demo     demoCommand     `cmd:"" help:"Show the whole path of a post on an invented case: no keys, no network, ends by itself."`
	Init     initCommand     `cmd:"" help:"Write a commented config.yaml to start from, or with --from one that is drafted from a news story or a complaint."`
	Add      addCommand      `cmd:"" help:"Find what can be read at an address, show what would become of its posts, and write the account into the configuration."`
	Check    checkCommand    `cmd:"" help:"Report every mistake in the configuration; with --live, try credentials, channels, permissions and every account, too."`
	Preview  previewCommand  `cmd:"" help:"Show what the last two weeks would have brought: posted, waiting for a person, rejected, and the noise of each keyword. Stores and posts nothing."`
	Explain  explainCommand  `cmd:"" help:"Say why a text, the post at a URL, or a statement such as S-0042 was judged as it was."`
	Status   statusCommand   `cmd:"" help:"Show accounts, channels, what waits for a person and what was missed; the same stands at / of the running program."`
	Accounts accountsCommand `cmd:"" help:"Show the tracked accounts: last good read, newest post, trouble, statements."`
	Coverage coverageCommand `cmd:"" help:"Show what a list or a count of statements covers: accounts, since when, gaps, what waits, what is left out."`
	Latest   latestCommand   `cmd:"" help:"Show the newest statements on the record."`
	Export   exportCommand   `cmd:"" help:"Write the record as JSON lines."`
	Outbox   outboxCommand   `cmd:"" help:"Show what is not delivered, and decide about what needs a person."`
	Backup   backupCommand   `cmd:"" help:"Copy the database into a file, while the program runs."`
	Restore  restoreCommand  `cmd:"" help:"Replace the database by a backup, while the program is stopped; nothing delivered since is repeated unseen."`
	Review   reviewCommand   `cmd:"" help:"Show the borderline statements that wait for a person."`
	Accept   acceptCommand   `cmd:"" help:"Put a borderline statement such as S-0042 on the record: you looked, and it is one."`
	Reject   rejectCommand   `cmd:"" help:"Leave a borderline statement off the record: you looked, and it is none."`
	Correct  correctCommand  `cmd:"" help:"Correct a statement on the record such as S-0042: whose it is, or what is to be known of it. Readers are told."`
	Distinct distinctCommand `cmd:"" help:"Say that a statement on the record such as S-0042 is not the same as the one it is marked to repeat, in the same words or in others. Readers are told."`
	Retract  retractCommand  `cmd:"" help:"Withdraw a statement on the record such as S-0042. It keeps its number, and readers are told why."`
	Backfill backfillCommand `cmd:"" help:"Pull again what was published since a while ago and put it on the record."`
	Eval     evalCommand     `cmd:"" help:"Replay posts in time order through review, as in production, and measure it against labels."`
	Schema   schemaCommand   `cmd:"" help:"Print the JSON schema of the configuration, for editors."`
	Health   healthCommand   `cmd:"" help:"Ask the running program whether it lives; for container health checks."`
	Version  versionCommand  `cmd:"" help:"Print the version."`

	Man        manCommand        `cmd:"" help:"Print the manual page."`
	Completion completionCommand `cmd:"" help:"Print the completion of commands and options for a shell."`
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
	return &terminal{ctx: ctx, out: os.Stdout, errout: os.Stderr, pace: pace}
}

// pace is how early memory is collected by a program that runs for long. At rest, early, and
// what is free is given back: that keeps the resident set near the live heap at no cost
// anyone can see. While many posts are reviewed that would be a third of the work.
func pace(busy bool) {
	if busy {
		debug.SetGCPercent(100)
		return
	}
	debug.SetGCPercent(20)
	go debug.FreeOSMemory()
}

// execute runs one command line and returns its exit code.
func execute(t *terminal, args []string) int {
	guarded := *t
	guarded.out, guarded.errout = &harmless{to: t.out}, &harmless{to: t.errout}
	t = &guarded
	code, exited := good, false
	parser, err := kong.New(&commandLine{},
		kong.Name("onrecord"),
		kong.Description("onrecord watches the public accounts of the people and organisations in a legal case and posts each new statement on it to Discord: the words first, once, in order, with the reason why.\n\nNew here? Try `onrecord demo`. Then `onrecord init --from STORY`, `onrecord add URL` for each account, `onrecord check --live`, `onrecord preview`, `onrecord run`."),
		kong.Writers(t.out, t.errout),
		kong.Exit(func(c int) { code, exited = c, true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
	)
	if err != nil {
		panic(err) // unreachable unless commandLine itself is malformed; every test would see it
	}
	switch { // what people type without having read anything
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(args[1:len(args):len(args)], "--help")
	case args[0] == "--version":
		args = append([]string{"version"}, args[1:]...)
	}
	command, err := parser.Parse(joined(args))
	if exited { // --help
		return code
	}
	if err != nil {
		fmt.Fprintf(t.errout, "onrecord: %v\nTry `onrecord --help`.\n", err)
		return wrong
	}
	err = command.Run(t, parser)
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

// joined joins a number below zero to the option in front of it, whose value it is: no option
// begins with a digit.
func joined(args []string) (all []string) {
	for _, arg := range args {
		if last := len(all) - 1; last >= 0 && len(arg) > 1 && arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9' && strings.HasPrefix(all[last], "--") && !strings.Contains(all[last], "=") {
			all[last] += "=" + arg
			continue
		}
		all = append(all, arg)
	}
	return all
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
		err = fmt.Errorf("it is how far back; write %s", strings.TrimPrefix(strings.TrimSpace(string(text)), "-"))
	}
	*p = period(d)
	return err
}
