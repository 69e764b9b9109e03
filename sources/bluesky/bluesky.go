// Package bluesky reads Bluesky through the public AppView of the AT Protocol,
// without an account or a key. What an account said is its author feed; who it
// is, is its DID, since handles change hands.
//
// It owns the cursor of a bluesky account: the DID, which posts were seen in
// which version, and when the feed was last read deeper than its first page.
package bluesky

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	defaultBase = "https://public.api.bsky.app"
	// secondBase serves the same data. Some networks get a page for people from
	// the first.
	secondBase = "https://api.bsky.app"
)

// Kind describes Bluesky.
func Kind() sources.Kind {
	return sources.Kind{
		Name:    "bluesky",
		Title:   "Bluesky",
		Config:  func() sources.Config { return &Config{BaseURL: defaultBase} },
		Account: checkAccount,
		Profile: profilePage,
		Post:    postPage,
		Every:   2 * time.Minute, // the limits of the public AppView are called generous and not numbered
	}
}

// The patterns of https://atproto.com/specs/handle and https://atproto.com/specs/did
var (
	handlePattern = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)
	didPattern    = regexp.MustCompile(`^did:(plc|web):[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$`)
)

// profilePage reads the address of a profile, or of a post in it.
func profilePage(page *url.URL) (onrecord.Account, bool) {
	parts := strings.Split(strings.Trim(page.Path, "/"), "/")
	if strings.ToLower(page.Hostname()) != "bsky.app" || len(parts) < 2 || parts[0] != "profile" {
		return onrecord.Account{}, false
	}
	a := onrecord.Account{Source: "bluesky", Handle: parts[1]}
	return a, checkAccount(a) == nil
}

// postPage reads the address of a post, or the one it has among servers. Its id may name the author by handle.
func postPage(page *url.URL) (id string, ok bool) {
	parts := strings.Split(strings.Trim(page.Path, "/"), "/")
	if page.Scheme == "at" && len(parts) == 2 && parts[0] == postType {
		return page.String(), true
	}
	if _, ok := profilePage(page); !ok || len(parts) != 4 || parts[2] != "post" || parts[3] == "" {
		return "", false
	}
	return "at://" + parts[1] + "/" + postType + "/" + parts[3], true
}

func checkAccount(a onrecord.Account) error {
	switch {
	case a.URL != "":
		return errors.New("url: a bluesky account is named by its handle alone")
	case len(a.Handle) > 253 || !handlePattern.MatchString(a.Handle) && !didPattern.MatchString(a.Handle):
		return fmt.Errorf("handle: %q is no Bluesky handle such as harborlabs.example, without @, and no DID", a.Handle)
	}
	return nil
}

// Config is the section sources.bluesky.
type Config struct {
	BaseURL   string           `yaml:"base_url" jsonschema:"description=The AppView to read,default=https://public.api.bsky.app"`
	StreamURL string           `yaml:"stream_url" jsonschema:"description=The Jetstream that tells when an account is worth asking; off hears none. Default is Bluesky's own\\, with Bluesky's own AppView"`
	OnDelete  sources.Deletion `yaml:"on_delete" jsonschema:"default=notice"`
}

// Deletion implements [sources.Deleting].
func (c *Config) Deletion() sources.Deletion { return cmp.Or(c.OnDelete, sources.TellDeleted) }

// Validate says what is wrong without any I/O.
func (c *Config) Validate() error {
	if err := sources.ValidateBase(c.BaseURL, defaultBase, ""); err != nil || c.StreamURL == "" || c.StreamURL == noStream {
		return err
	}
	u, err := url.Parse(c.StreamURL)
	if err != nil || u.Scheme != "wss" && u.Scheme != "ws" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("stream_url: must be an address like " + streams[0] + ", or off")
	}
	return nil
}

// Open returns the source. It needs no credentials.
func (c *Config) Open(env sources.Env) (sources.Source, error) {
	base := strings.TrimRight(c.BaseURL, "/")
	hosts := []string{base}
	if base == defaultBase {
		hosts = append(hosts, secondBase)
	}
	return &source{
		// Another address than the default was written by the operator, and may
		// be a server of theirs.
		client: &client{http: env.Client(base != defaultBase), hosts: hosts},
		log:    cmp.Or(env.Log, slog.New(slog.DiscardHandler)),
		open:   env.Stream, streams: c.streams(base),
	}, nil
}

// streams are the addresses of Jetstreams, in the order they are tried. Another AppView
// than Bluesky's may know of other accounts than Bluesky's stream.
func (c *Config) streams(base string) []string {
	switch {
	case c.StreamURL == noStream, c.StreamURL == "" && base != defaultBase:
		return nil
	case c.StreamURL == "":
		return streams
	}
	return []string{c.StreamURL}
}

type source struct {
	client  *client
	open    func(ctx context.Context, address string, private bool) (sources.Stream, error)
	streams []string
	log     *slog.Logger
	known   sync.Map // DIDs by account, learned by pulls: the stream hears those that were renamed, too
}
