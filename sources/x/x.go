// Package x reads X through its API v2: the timeline of an account, asked for
// again and again with a resume mark, and sooner where a stream says so. It is the official API only; X sells it
// per post read, so a budget stands before every request that costs money.
//
// It owns the cursor of an x account (who is followed, the newest post seen)
// and the charges of the place "x" in the meter. It keeps nothing else but the
// days of the last budget warning and of the last comparison with what X counts,
// and what accounts are called at X.
package x

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	place       = "x"
	defaultBase = "https://api.x.com"
	defaultHost = "api.x.com"
	maxBudget   = 1_000_000 // dollars a day; far above what the plan's caps let anyone read
)

// Kind describes X.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    place,
		Title:   "X",
		Config:  func() sources.Config { return &Config{BaseURL: defaultBase, DailyBudgetUSD: 2, Stream: noStream} },
		Account: checkAccount,
		// An empty answer is free and the limit is 10,000 timelines per quarter
		// of an hour, so what speaks against asking faster is decency alone.
		Every:   2 * time.Minute,
		Profile: profilePage,
		Post:    postPage,
	}
}

// pages are first words of paths on X that are no account's.
var pages = []string{"explore", "hashtag", "home", "i", "intent", "login", "search", "share", "signup", "tos", "privacy"}

// postPage reads the address of a post, whatever stands for its author.
func postPage(page *url.URL) (id string, ok bool) {
	before, after, _ := strings.Cut(page.Path, "/status/")
	id, _, _ = strings.Cut(after, "/")
	return id, ofX(page) && strings.Trim(before, "/") != "" && numeric(id)
}

func ofX(page *url.URL) bool {
	host := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(page.Hostname()), "www."), "mobile.")
	return host == "x.com" || host == "twitter.com"
}

// profilePage reads the address of a profile, or of a post in it.
func profilePage(page *url.URL) (onrecord.Account, bool) {
	name, _, _ := strings.Cut(strings.TrimPrefix(page.Path, "/"), "/")
	name = strings.TrimPrefix(name, "@")
	known := ofX(page) && handle.MatchString(name) && !slices.Contains(pages, strings.ToLower(name))
	return onrecord.Account{Source: place, Handle: name}, known
}

// handle is the pattern of X's own API description for a user name.
var handle = regexp.MustCompile(`^[A-Za-z0-9_]{1,15}$`)

func checkAccount(a onrecord.Account) error {
	switch {
	case a.URL != "":
		return errors.New("url: an x account is named by its handle alone")
	case !handle.MatchString(a.Handle):
		return fmt.Errorf("handle: %q is no X handle: 1 to 15 letters, digits or underscores, without @", a.Handle)
	}
	return nil
}

// Config is the section sources.x.
type Config struct {
	BearerToken    string           `yaml:"bearer_token" jsonschema:"description=App-only Bearer token of your own X developer account"`
	BaseURL        string           `yaml:"base_url" jsonschema:"description=Address of the X API or of a gateway that speaks it; https unless it is this machine,default=https://api.x.com"`
	DailyBudgetUSD float64          `yaml:"daily_budget_usd" jsonschema:"description=Dollars that reading X may cost in one UTC day; reading stops there and goes on after midnight UTC without a gap,exclusiveMinimum=0,default=2"`
	Reposts        bool             `yaml:"reposts" jsonschema:"description=Also read reposts. Only one of own words can be a statement\\, and each costs as much as a post,default=false"`
	Stream         string           `yaml:"stream" jsonschema:"description=Hear of posts within seconds: by the Activity stream\\, by the filtered stream where the plan has no other\\, or not at all. What a stream delivers costs as much as what is read\\, and pulls go on,enum=off,enum=activity,enum=filtered,default=off"`
	OnDelete       sources.Deletion `yaml:"on_delete" jsonschema:"default=redact"`
}

// Deletion implements [sources.Deleting].
func (c *Config) Deletion() sources.Deletion { return cmp.Or(c.OnDelete, sources.RedactDeleted) }

// Validate says what is wrong without any I/O. A missing token is no mistake
// of the file: [Config.Open] reports it.
func (c *Config) Validate() error {
	var errs []error
	if err := sources.ValidateBase(c.BaseURL, defaultBase, "token"); err != nil {
		errs = append(errs, err)
	}
	if !(c.DailyBudgetUSD > 0 && c.DailyBudgetUSD <= maxBudget) { // NaN fails too
		errs = append(errs, fmt.Errorf("daily_budget_usd: must be more than 0 and at most %d dollars", maxBudget))
	}
	if !slices.Contains([]string{"", noStream, activity, filtered}, c.Stream) {
		errs = append(errs, fmt.Errorf("stream: %q is none of off, activity and filtered", c.Stream))
	}
	if strings.ContainsFunc(c.BearerToken, func(r rune) bool { return r <= ' ' || r > '~' }) {
		errs = append(errs, errors.New("bearer_token: holds a space, a line break or a letter no token has; copy it again"))
	}
	return errors.Join(errs...)
}

// Open returns the source, or an error that is [sources.ErrNoCredentials]
// without a token.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("open x: %w", err)
	}
	if c.BearerToken == "" {
		return nil, fmt.Errorf("open x: %w: set sources.x.bearer_token to the app-only Bearer token of your X developer account, for example through ${X_BEARER_TOKEN}", sources.ErrNoCredentials)
	}
	s := &source{
		client: &client{
			http:  env.Client(base.Hostname() != defaultHost),
			base:  strings.TrimRight(c.BaseURL, "/"),
			token: c.BearerToken,
			log:   cmp.Or(env.Log, slog.New(slog.DiscardHandler)),
		},
		budget:  &budget{meter: env.Spend, limit: int64(c.DailyBudgetUSD * dollar)},
		reposts: c.Reposts,
		stream:  cmp.Or(c.Stream, noStream),
		known:   map[string]string{},
		called:  map[string]string{},
	}
	if env.Endless != nil {
		s.endless = env.Endless(base.Hostname() != defaultHost)
	}
	return s, nil
}

type source struct {
	client  *client
	budget  *budget
	reposts bool
	stream  string
	endless *http.Client // for the stream; nil: there is none

	mu       sync.Mutex
	known    map[string]string // ids at X, by account, for the stream
	called   map[string]string // what a stream called users since they were looked up, by id at X
	compared time.Time         // the day of the last comparison with what X counts
}
