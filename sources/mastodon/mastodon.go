// Package mastodon reads servers that speak Mastodon's API: Mastodon, GoToSocial,
// Pleroma, Akkoma and others. An account is read at its own server, without a key
// where that server allows it.
//
// It owns the cursor of a mastodon account: the server that was asked and the
// account's id there, the newest status, and the versions of the last ones. Ids
// are those of one server: they are kept as they came and only compared for
// being the same.
//
// Nothing but what everybody may read leaves the package: a token may show more.
package mastodon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Kind describes servers that speak Mastodon's API.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    "mastodon",
		Title:   "Mastodon",
		Config:  func() sources.Config { return &Config{} },
		Account: checkAccount,
		Profile: profilePage,
		Post:    postPage,
		Every:   3 * time.Minute, // 300 such requests in 15 minutes are what a server takes from one address, rack_attack.rb
	}
}

var (
	handlePattern = regexp.MustCompile(`^([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)@([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?)$`)
	hostPattern   = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$`)
	// idPattern are the forms of ids in addresses: numbers, ULIDs, flakes.
	idPattern = regexp.MustCompile(`^([0-9]{5,22}|[0-9A-HJKMNP-TV-Z]{26}|[0-9A-Za-z]{18})$`)
)

// elsewhere are sites whose profiles are addressed in the same way and that do not
// speak Mastodon's API. Threads does not, either, but servers that do know of its accounts.
var elsewhere = []string{"medium.com", "youtube.com", "substack.com", "tiktok.com", "flipboard.com", "telegram.me", "t.me"}

// profilePage reads the address of a profile, or of a post in it. At another server
// than its own, an account is called by its whole name.
func profilePage(page *url.URL) (onrecord.Account, bool) {
	host := strings.TrimPrefix(strings.ToLower(page.Host), "www.")
	parts := strings.Split(strings.Trim(page.Path, "/"), "/")
	name, at := strings.CutPrefix(strings.TrimSuffix(parts[0], ".rss"), "@")
	if len(parts) > 1 && parts[0] == "users" {
		name, at = parts[1], true
	}
	if !at || !strings.Contains(host, ".") && page.Hostname() != "localhost" || slices.Contains(elsewhere, host) {
		return onrecord.Account{}, false
	}
	if !strings.Contains(name, "@") {
		name += "@" + host
	}
	a := onrecord.Account{Source: "mastodon", Handle: name}
	return a, checkAccount(a) == nil
}

// postPage reads the address of a post, as Mastodon, GoToSocial and ActivityPub write it.
func postPage(page *url.URL) (id string, ok bool) {
	parts := strings.Split(strings.Trim(page.Path, "/"), "/")
	last := parts[len(parts)-1]
	if _, ok := profilePage(page); !ok || len(parts) < 2 || parts[0] == "users" && len(parts) < 4 || !idPattern.MatchString(last) {
		return "", false
	}
	return strings.ToLower(page.Host) + "/" + last, true
}

func checkAccount(a onrecord.Account) error {
	switch {
	case a.URL != "":
		return errors.New("url: a mastodon account is named by its handle alone")
	case len(a.Handle) > 300 || !handlePattern.MatchString(a.Handle):
		return fmt.Errorf("handle: %q is no handle with its server such as harborlabs@social.example", a.Handle)
	}
	return nil
}

// Config is the section sources.mastodon.
type Config struct {
	BaseURL  string           `yaml:"base_url" jsonschema:"description=A server where you have an account: it is asked with your token for its own accounts\\, and for those of servers that show nothing to strangers"`
	Token    string           `yaml:"token" jsonschema:"description=Access token of that server with the scopes read:accounts and read:statuses"`
	OnDelete sources.Deletion `yaml:"on_delete" jsonschema:"default=notice"`
}

// Deletion implements [sources.Deleting].
func (c *Config) Deletion() sources.Deletion { return cmp.Or(c.OnDelete, sources.TellDeleted) }

// Validate says what is wrong without any I/O.
func (c *Config) Validate() error {
	secret := ""
	if c.Token != "" {
		secret = "token"
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case c.BaseURL == "" && c.Token != "":
		return errors.New("token: is of one server; name it in base_url")
	case c.BaseURL == "":
		return nil
	case err != nil || strings.Trim(u.Path, "/") != "":
		return errors.New("base_url: must be the address of a server, like https://social.example")
	}
	return sources.ValidateBase(c.BaseURL, "https://social.example", secret)
}

// Open returns the source. Without a token it reads what servers show to everybody.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	s := &source{public: env.Client(false), log: cmp.Or(env.Log, slog.New(slog.DiscardHandler))}
	if c.BaseURL != "" {
		s.own = server{base: strings.TrimRight(strings.ToLower(c.BaseURL), "/"), http: env.Client(true), token: c.Token}
	}
	return s, nil
}

type source struct {
	public *http.Client
	own    server // the operator's; without a base there is none
	log    *slog.Logger
}

// at returns the server of a host: the operator's is as configured, all others
// are addresses from outside.
func (s *source) at(host string) server {
	if s.own.base != "" && s.own.host() == host {
		return s.own
	}
	return server{base: "https://" + host, http: s.public}
}

// Probe proves the token, if there is one.
func (s *source) Probe(ctx context.Context) error {
	if s.own.token == "" {
		return nil
	}
	return s.own.get(ctx, "/api/v1/accounts/verify_credentials", nil, &account{})
}
