// Package courtlistener reads dockets of courts of the United States: from
// CourtListener, which mirrors what users of RECAP share, by its API with a token or
// by a docket's feed without one, and from the feeds of the courts themselves.
//
// An entry of a docket is what happened in a case and nobody's statement. Who filed it
// is its author; what it says is the clerk's.
//
// It owns the cursor of a courtlistener account: which entries were seen in which
// version, and up to when the API's were read.
package courtlistener

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

const defaultBase = "https://www.courtlistener.com"

// Kind describes dockets.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    "courtlistener",
		Title:   "CourtListener",
		Config:  func() sources.Config { return &Config{BaseURL: defaultBase} },
		Account: checkAccount,
		Docket:  true,
		Profile: docketPage,
		Every:   time.Hour, // a token has 125 requests a day for all dockets; a court's feed holds a day
	}
}

var idPattern = regexp.MustCompile(`^[1-9][0-9]{0,11}$`)

// docketPage reads the address of a docket at CourtListener, or of a document in it.
func docketPage(page *url.URL) (onrecord.Account, bool) {
	parts := strings.Split(strings.Trim(page.Path, "/"), "/")
	host := strings.TrimPrefix(strings.ToLower(page.Hostname()), "www.")
	if host != "courtlistener.com" || len(parts) < 2 || parts[0] != "docket" || !idPattern.MatchString(parts[1]) {
		return onrecord.Account{}, false
	}
	return onrecord.Account{Source: "courtlistener", Handle: parts[1]}, true
}

func checkAccount(a onrecord.Account) error {
	u, err := url.Parse(a.URL)
	switch {
	case a.URL == "" && !idPattern.MatchString(a.Handle):
		return fmt.Errorf("handle: %q is no number of a docket at CourtListener, as in the address of its page; of a court's own feed, give its url as well", a.Handle)
	case a.URL == "":
		return nil
	case a.Handle == "":
		return errors.New("handle: a court's feed is of all its cases; name the docket number")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil:
		return errors.New("url: must be the address of a court's feed, such as https://ecf.court.example/cgi-bin/rss_outside.pl")
	}
	return nil
}

// Config is the section sources.courtlistener.
type Config struct {
	BaseURL string `yaml:"base_url" jsonschema:"description=CourtListener,default=https://www.courtlistener.com"`
	Token   string `yaml:"token" jsonschema:"description=API token of your CourtListener account; without one a docket's feed is read\\, which holds its last 30 entries"`
}

// Validate says what is wrong without any I/O.
func (c *Config) Validate() error {
	secret := ""
	if c.Token != "" {
		secret = "token"
	}
	return sources.ValidateBase(c.BaseURL, defaultBase, secret)
}

// Open returns the source. Without a token it reads feeds.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	base := strings.TrimRight(c.BaseURL, "/")
	return &source{http: env.Client(base != defaultBase), outside: env.Client(false), base: base, token: c.Token, log: cmp.Or(env.Log, slog.New(slog.DiscardHandler))}, nil
}

type source struct {
	http    *http.Client // for CourtListener
	outside *http.Client // for the feeds of courts
	base    string
	token   string
	log     *slog.Logger
}
