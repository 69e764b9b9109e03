// Package hackernews reads what somebody submits and comments on Hacker News,
// through its public API, without a key: https://github.com/HackerNews/API
//
// It owns the cursor of a hackernews account: the largest id that was seen, and
// the items that may still change.
package hackernews

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

const defaultBase = "https://hacker-news.firebaseio.com"

// Kind describes Hacker News.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    "hackernews",
		Title:   "Hacker News",
		Config:  func() sources.Config { return &Config{BaseURL: defaultBase} },
		Account: checkAccount,
		Profile: profilePage,
		Post:    postPage,
		Every:   5 * time.Minute, // no limit is stated
	}
}

var (
	namePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{2,15}$`)
	idPattern   = regexp.MustCompile(`^[1-9][0-9]{0,15}$`)
)

func checkAccount(a onrecord.Account) error {
	switch {
	case a.URL != "":
		return errors.New("url: a hackernews account is named by its handle alone")
	case !namePattern.MatchString(a.Handle):
		return fmt.Errorf("handle: %q is no name on Hacker News; large and small letters differ there", a.Handle)
	}
	return nil
}

// profilePage reads the address of a user's page, or of the lists of what they wrote.
func profilePage(page *url.URL) (onrecord.Account, bool) {
	a := onrecord.Account{Source: "hackernews", Handle: page.Query().Get("id")}
	switch strings.Trim(page.Path, "/") {
	case "user", "submitted", "threads":
		return a, strings.ToLower(page.Hostname()) == "news.ycombinator.com" && checkAccount(a) == nil
	}
	return onrecord.Account{}, false
}

func postPage(page *url.URL) (id string, ok bool) {
	id = page.Query().Get("id")
	return id, strings.ToLower(page.Hostname()) == "news.ycombinator.com" && strings.Trim(page.Path, "/") == "item" && idPattern.MatchString(id)
}

// Config is the section sources.hackernews.
type Config struct {
	BaseURL  string           `yaml:"base_url" jsonschema:"description=The API to read,default=https://hacker-news.firebaseio.com"`
	OnDelete sources.Deletion `yaml:"on_delete" jsonschema:"default=notice"`
}

// Deletion implements [sources.Deleting].
func (c *Config) Deletion() sources.Deletion { return cmp.Or(c.OnDelete, sources.TellDeleted) }

// Validate says what is wrong without any I/O.
func (c *Config) Validate() error { return sources.ValidateBase(c.BaseURL, defaultBase, "") }

// Open returns the source. It needs no credentials.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	base := strings.TrimRight(c.BaseURL, "/")
	return &source{http: env.Client(base != defaultBase), base: base, log: cmp.Or(env.Log, slog.New(slog.DiscardHandler))}, nil
}

type source struct {
	http *http.Client
	base string
	log  *slog.Logger
}
