// Package twitter reads servers that speak the API Twitter had as version 1.1:
// Friendica, GNU social and their like, at an address the operator gives. It is
// not for X, which answers version 1.1 with a refusal since 2023; the package x
// reads X.
//
// It stands on github.com/dghubble/go-twitter, a library without a maintainer.
// What that library does not tell (a status without an error list, half of a
// list before an error) is settled in the transport below it. The package owns
// the cursor of a twitter account: the newest id.
package twitter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"onrecord"
	"onrecord/sources"
)

// Kind describes servers with the API of Twitter 1.1.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    "twitter",
		Title:   "Twitter-compatible server",
		Config:  func() sources.Config { return &Config{} },
		Account: checkAccount,
		Every:   2 * time.Minute,
	}
}

func checkAccount(a onrecord.Account) error {
	switch {
	case a.URL != "":
		return errors.New("url: a twitter account is named by its handle; the server's address is sources.twitter.base_url")
	case strings.Contains(a.Handle, "/"):
		at, _, _ := strings.Cut(strings.TrimRight(a.Handle, "/"), "?")
		return fmt.Errorf("handle: is the address of a profile; write handle: %s", strings.TrimPrefix(at[strings.LastIndexByte(at, '/')+1:], "@"))
	case a.Handle == "" || strings.ContainsFunc(a.Handle, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("handle: must be a screen name, or the number of a user id, without spaces")
	}
	return nil
}

// Config is the section sources.twitter.
type Config struct {
	BaseURL     string           `yaml:"base_url" jsonschema:"description=Address that stands in for https://api.twitter.com/1.1 such as https://social.example/api; https unless it is this machine"`
	User        string           `yaml:"user" jsonschema:"description=Name to sign in with; with password"`
	Password    string           `yaml:"password" jsonschema:"description=Password of user or an app password"`
	BearerToken string           `yaml:"bearer_token" jsonschema:"description=OAuth token with read scope; instead of user and password"`
	OnDelete    sources.Deletion `yaml:"on_delete" jsonschema:"default=notice"`
}

// Deletion implements [sources.Deleting].
func (c *Config) Deletion() sources.Deletion { return cmp.Or(c.OnDelete, sources.TellDeleted) }

// Validate says what is wrong without any I/O. An empty section is no mistake
// of the file: [Config.Open] reports it.
func (c *Config) Validate() error {
	if *c == (Config{}) {
		return nil
	}
	var errs []error
	if err := sources.ValidateBase(c.BaseURL, "https://social.example/api", "password"); err != nil {
		errs = append(errs, err)
	}
	if (c.User == "") != (c.Password == "") {
		errs = append(errs, errors.New("user: user and password go together"))
	}
	if c.User != "" && c.BearerToken != "" {
		errs = append(errs, errors.New("bearer_token: give either user and password or bearer_token"))
	}
	return errors.Join(errs...)
}

// Open returns the source, or an error that is [sources.ErrNoCredentials] when
// address or credentials are missing.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	if c.BaseURL == "" || c.User == "" && c.BearerToken == "" {
		return nil, fmt.Errorf("open twitter: %w: set sources.twitter.base_url and either user and password or bearer_token; for X itself use source: x", sources.ErrNoCredentials)
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("open twitter: %w", err)
	}
	return &source{client: env.Client(true), base: base, config: *c}, nil
}

type source struct {
	client *http.Client
	base   *url.URL
	config Config
}

// Probe asks the server who we are.
func (s *source) Probe(ctx context.Context) error {
	if err := s.verify(ctx); err != nil {
		return fmt.Errorf("try the credentials of twitter: %w", err)
	}
	return nil
}
