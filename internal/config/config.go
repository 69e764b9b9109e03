// Package config reads the operator's file into typed values. It owns the shape
// of that file: every mistake in it is reported at once, at file:line:col with
// the line and a caret, and nothing is guessed. Settings of a place are decoded
// into the configuration its kind brings, and judged there.
//
// A value may name environment variables: ${NAME} fails when it is not set,
// ${NAME:-default} does not, $$ is a dollar. They are filled in after the file is
// parsed, so what they hold cannot change its shape. A value that is empty for
// lack of a variable counts as not given.
//
// A text setting whose name ends in token, password, secret or key
// is a secret: it is never shown, and <name>_file: names a file to read it from,
// relative to the configuration.
package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"onrecord"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/sources"
)

// Config is a configuration without mistakes.
type Config struct {
	Path      string                       // the file
	Database  string                       // a file, relative to the working directory, or the address of a PostgreSQL database
	Contact   string                       // mailto: or https: address of the operator, for the User-Agent; may be empty
	Cases     []onrecord.Case              // at least one
	Accounts  []onrecord.Account           // each with an id, a schedule and at least one case
	Schedules map[string]schedule.Schedule // by account id
	Channels  []Channel                    // may be empty: notices then go to the terminal
	Sources   map[string]sources.Config    // of every kind, by name
	Notifiers map[string]notifiers.Config  // of every kind, by name
	Summary   Summary
	Web       Web
	Secrets   []string // values that no log may show
	Warnings  Problems // what is allowed and probably not meant

	with  func(more []account) (*Config, error) // the same file with more accounts
	added []account                             // those that [Config.Track] added
}

// Track adds an account that stands in no file, judged as one of the file is. The error
// says why it cannot be: it stands there already, or its cases do not any more.
func (c *Config) Track(a Addition) error {
	more := append(slices.Clone(c.added), account(a))
	next, err := c.with(more)
	if err != nil {
		return err
	}
	made := next.Accounts[len(next.Accounts)-1]
	c.added, c.Accounts = more, append(slices.Clip(c.Accounts), made)
	c.Schedules[made.ID], c.Secrets = next.Schedules[made.ID], next.Secrets
	return nil
}

// Channel is a place where people read.
type Channel struct {
	ID       string
	Notifier string   // the name of a notifier kind
	Address  string   // of what readers see, as the notifier understands it; can be a secret
	Review   string   // address of what a person should look at first; "" for nowhere
	Ops      string   // address of what the operator should know of; "" for nowhere
	Publish  bool     // what readers see is published to those who follow the channel from elsewhere
	Digest   string   // when it gets a digest, as a schedule; "": never
	Filings  bool     // it is told what the dockets of its cases got
	Pings    []Ping   // the roles it calls
	Cases    []string // ids of the cases it shows; at least one
}

// Ping is a role that a channel calls when something new is said.
type Ping struct {
	Role     string
	Case     string         // id; "": any of the channel's
	Speaker  string         // as the cases spell it; "": anybody
	Quiet    schedule.Hours // when nobody is called
	Cooldown time.Duration
}

// Web says where health and metrics are served.
type Web struct {
	Listen string `yaml:"listen" jsonschema:"description=Address that health and metrics are served on; off serves none"` // "" serves none
}

// Kinds are the places the file may speak of.
type Kinds struct {
	Sources   []sources.Kind
	Notifiers []notifiers.Kind
	Everyday  func(name string) bool // what everybody uses every day, of which a file is warned; nil: of nothing
}

const (
	maxFile   = 1 << 20 // bytes of a configuration
	maxSecret = 1 << 16 // bytes of a file that holds a secret
)

// Load reads a configuration file. The error is [Problems] when the file can be
// read and has mistakes.
func Load(path string, k Kinds) (*Config, error) {
	data, err := readFile(path, maxFile+1) // one more than Parse accepts
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	c, err := Parse(path, data, k, os.LookupEnv, readSecret)
	if err == nil {
		c.Warnings = append(c.Warnings, exposed(path, data, c.Secrets)...)
	}
	return c, err
}

// exposed warns of secrets that are written in a file everybody may read.
func exposed(path string, data []byte, secrets []string) Problems {
	const others = 0o004
	var mode os.FileMode
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode()
	}
	if !mode.IsRegular() || mode.Perm()&others == 0 {
		return nil
	}
	for i, line := range strings.Split(string(data), "\n") {
		for _, secret := range secrets {
			if at := strings.Index(line, secret); at >= 0 && len(secret) >= shortestSecret {
				return Problems{{
					File: path, Line: i + 1, Column: utf8.RuneCountInString(line[:at]) + 1,
					Message: fmt.Sprintf("is a secret, and everybody on this machine may read the file: chmod 600 %s, or write ${NAME} and put it into the environment", path),
				}}
			}
		}
	}
	return nil
}

// shortestSecret is how long a text is that is looked for: what is shorter stands
// anywhere.
const shortestSecret = 8

// LoadKeyless reads a configuration for who only looks at the record: a secret, or the
// address of a channel, whose variable or file is not to be had here counts as not given.
func LoadKeyless(path string, k Kinds) (*Config, error) {
	data, err := readFile(path, maxFile+1)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return parse(path, data, k, os.LookupEnv, readSecret, true)
}

// Parse reads a configuration. The name stands in its mistakes, and files it
// names are relative to the folder of that name. Variables come from env and
// secret files from read. The error is [Problems], unless two kinds share a name.
func Parse(name string, data []byte, k Kinds, env func(string) (string, bool), read func(path string) ([]byte, error)) (*Config, error) {
	return parse(name, data, k, env, read, false)
}

func parse(name string, data []byte, k Kinds, env func(string) (string, bool), read func(path string) ([]byte, error), keyless bool) (*Config, error) {
	f, err := newFile(k)
	if err != nil {
		return nil, err
	}
	d := &decoder{report: newReport(name, data), env: env, read: read, folder: filepath.Dir(name), unset: map[string]bool{}, filled: map[string]bool{}, keyless: keyless}
	if d.file(data, &f) {
		c := (&checker{decoder: d, kinds: k, file: f}).check()
		if d.mistakes == nil {
			c.Path, c.Secrets, c.Warnings = name, d.secrets, d.shown(d.warnings)
			c.with = func(more []account) (*Config, error) { return d.with(k, f, more) }
			return c, nil
		}
	}
	return nil, d.shown(d.mistakes)
}

// with judges a file that has no mistakes with more accounts, which have the last places.
func (d *decoder) with(k Kinds, f file, more []account) (*Config, error) {
	again, shown := *d, *d.report
	again.report, again.secrets = &shown, slices.Clone(d.secrets)
	shown.mistakes, shown.warnings = nil, nil
	f.Accounts = slices.Concat(f.Accounts, more)
	c := (&checker{decoder: &again, kinds: k, file: f}).check()
	if len(shown.mistakes) > 0 {
		return nil, errors.New(shown.mistakes[0].Message)
	}
	c.Secrets = again.secrets
	return c, nil
}

// file is the shape of a configuration file.
type file struct {
	Database  string                      `yaml:"database" jsonschema:"description=Where everything is kept: a file for SQLite\\, or postgres://user:password@host/name for PostgreSQL"`
	Contact   string                      `yaml:"contact" jsonschema:"description=How you are reached: mailto:desk@newsroom.example or the https:// address of a page; told to the places that are read and posted to"`
	Cases     []onrecord.Case             `yaml:"cases" jsonschema:"description=The legal cases,required"`
	Accounts  []account                   `yaml:"accounts" jsonschema:"description=The tracked accounts of the people and organisations in the cases"`
	Channels  []channel                   `yaml:"channels" jsonschema:"description=Where people read; without any the statements go to the terminal"`
	Sources   map[string]sources.Config   `yaml:"sources" jsonschema:"description=Settings of the places that are read"`
	Notifiers map[string]notifiers.Config `yaml:"notifiers" jsonschema:"description=Settings of the places that are posted to"`
	Summary   Summary                     `yaml:"summary"`
	Web       Web                         `yaml:"web"`
}

// newFile returns what holds where a file says nothing.
func newFile(k Kinds) (file, error) {
	f := file{
		Database:  "onrecord.db",
		Summary:   Summary{Provider: Extract, DailyBudgetUSD: 1, Timeout: 8 * time.Second, Read: All},
		Web:       Web{Listen: "127.0.0.1:8080"},
		Sources:   map[string]sources.Config{},
		Notifiers: map[string]notifiers.Config{},
	}
	for _, kind := range k.Sources {
		if f.Sources[kind.Name] != nil {
			return f, fmt.Errorf("two source kinds are named %q", kind.Name)
		}
		f.Sources[kind.Name] = kind.Config()
	}
	for _, kind := range k.Notifiers {
		if f.Notifiers[kind.Name] != nil {
			return f, fmt.Errorf("two notifier kinds are named %q", kind.Name)
		}
		f.Notifiers[kind.Name] = kind.Config()
	}
	return f, nil
}

// account is an entry of accounts.
type account struct {
	Source   string        `yaml:"source" jsonschema:"description=The place,required"`
	Handle   string        `yaml:"handle" jsonschema:"description=The account's name at the place"`
	URL      string        `yaml:"url" jsonschema:"description=The address to read\\, for places that have no names"`
	Speaker  string        `yaml:"speaker" jsonschema:"description=Whose account it is: a name or alias of a party or person of its cases; or * for a newspaper or reporter who quotes them; a docket has none,required"`
	Schedule string        `yaml:"schedule" jsonschema:"description=When to read: @every 2m or @daily or five cron fields\\, in UTC unless they follow CRON_TZ=Zone/Name; default is what suits the place"`
	Cases    []string      `yaml:"cases" jsonschema:"description=Ids of the cases it is read for; default is every case that names the speaker\\, and for * every case"`
	Backfill time.Duration `yaml:"backfill" jsonschema:"description=How far back the first reading goes; default 0: older posts are not reported"`
}

// channel is an entry of channels.
type channel struct {
	ID       string   `yaml:"id" jsonschema:"description=Names the channel in logs and in the database,required"`
	Notifier string   `yaml:"notifier" jsonschema:"description=The place,required"`
	Channel  string   `yaml:"channel" jsonschema:"description=The place's id of the channel"`
	URL      string   `yaml:"url" jsonschema:"description=The address to post to\\, for places that have no channel ids"`
	Review   string   `yaml:"review" jsonschema:"description=Id or address of the channel where borderline posts are shown; without it they are not"`
	Ops      string   `yaml:"ops" jsonschema:"description=Id or address of the channel where the operator is told what is wrong; without it that stands in the log and the status alone"`
	Publish  bool     `yaml:"publish" jsonschema:"description=Publish each new statement to the servers that follow it; for announcement channels of Discord"`
	Digest   string   `yaml:"digest" jsonschema:"description=When readers get a digest of what they were told since the last one: @daily or @weekly or five cron fields\\, in UTC unless they follow CRON_TZ=Zone/Name"`
	Filings  bool     `yaml:"filings" jsonschema:"description=Tell what the dockets of its cases get: what weighs entry by entry\\, the rest by its number"`
	Ping     []ping   `yaml:"ping" jsonschema:"description=Roles of the place that are called when something new is said; readers give them to themselves with /notify role"`
	Cases    []string `yaml:"cases" jsonschema:"description=Ids of the cases it shows; default is all"`
}

// ping is an entry of a channel's ping.
type ping struct {
	Role     string        `yaml:"role" jsonschema:"description=The place's id of the role,required"`
	Case     string        `yaml:"case" jsonschema:"description=Id of the case whose statements call it; default is any of the channel's"`
	Speaker  string        `yaml:"speaker" jsonschema:"description=Whose statements call it: a name or alias of a case; default is anybody's"`
	Quiet    string        `yaml:"quiet" jsonschema:"description=When nobody is called and messages make no sound\\, such as 22:00-07:00 Europe/Berlin"`
	Cooldown time.Duration `yaml:"cooldown" jsonschema:"description=How long it is not called again about the same case; default 30m"`
}

// readFile reads at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%w%s", err, locked(path))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// locked says who may not read a file, whose it is and what to do: in a container
// neither is who typed the command.
func locked(path string) string {
	info, err := os.Stat(path)
	if err != nil { // it is in a folder that may not be entered
		return fmt.Sprintf(" for user %d; its folder must let this user in", os.Getuid())
	}
	owner := ""
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = fmt.Sprintf(" of user %d", stat.Uid)
	}
	return fmt.Sprintf(" for user %d: the file is%s, mode %04o; let this user read it (chmod 644, or chown)", os.Getuid(), owner, info.Mode().Perm())
}

func readSecret(path string) ([]byte, error) {
	data, err := readFile(path, maxSecret+1)
	if err == nil && len(data) > maxSecret {
		err = errors.New("it is too large to hold a secret")
	}
	return data, err
}
