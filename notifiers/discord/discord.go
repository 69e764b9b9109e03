// Package discord delivers to Discord channels as a bot, once: every message
// carries a nonce that Discord recognises for some minutes, and later the
// channel's history tells whether an unclear send arrived. It owns how
// Discord's answers are read, and it is the only place that knows discordgo.
//
// discordgo carries the requests and nothing more. Its version 0.29.0 has no
// nonce, repeats a POST after HTTP 502, sleeps through cancelled contexts and
// takes a message it does not understand for a failure. So the outcome of a
// request is read in our own transport, beneath the library, which is shown an
// empty answer; see [transport].
//
// Commands and buttons come through the gateway, a connection that posting does
// not need and does not know of; see [notifier.Serve].
package discord

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	dg "github.com/bwmarrin/discordgo"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

const discordAPI = "https://discord.com/api/v10"

// Kind describes Discord.
func Kind() notifiers.Kind {
	return notifiers.Kind{
		Name: "discord",
		Config: func() notifiers.Config {
			return &config{APIURL: discordAPI, NonceWindow: nonceWindow, Design: embedDesign, Gateway: true}
		},
		Channel: checkChannel,
		Role: func(id string) error {
			if !snowflake.MatchString(id) {
				return errors.New("a Discord role is the number of 17 to 20 digits that \"Copy Role ID\" gives in developer mode")
			}
			return nil
		},
	}
}

func checkChannel(to notifiers.Target) error {
	switch m := channelLink.FindStringSubmatch(to.Address); {
	case snowflake.MatchString(to.Address):
		return nil
	case m != nil:
		return fmt.Errorf("this is where the channel is; its number is in it: write \"%s\"", m[1]+m[2])
	case webhookLink.MatchString(to.Address):
		return errors.New("this is the address of a webhook; write notifier: webhook with it as url, or the channel's number")
	}
	return errors.New("a Discord channel is the number of 17 to 20 digits that \"Copy Channel ID\" gives in developer mode; a name such as #news is no number")
}

// What else Discord gives for a channel: the address of it or of a message in it,
// what a message names it by, and the address of a webhook.
var (
	channelLink = regexp.MustCompile(`^(?:(?:https?://)?(?:\w+\.)?discord(?:app)?\.com/channels/[0-9]{17,20}/([0-9]{17,20})(?:/.*)?|<#([0-9]{17,20})>)$`)
	webhookLink = regexp.MustCompile(`/api/(?:v\d+/)?webhooks/[0-9]+/`)
)

// otherSecret is what else the developer portal shows of an application.
var otherSecret = regexp.MustCompile(`^([0-9]{17,20}|[0-9a-f]{64}|[A-Za-z0-9_-]{32})$`)

// The designs of a statement's message.
const (
	embedDesign = "embed"
	cardsDesign = "cards"
)

// snowflake is the form of all of Discord's ids.
var snowflake = regexp.MustCompile(`^[0-9]{17,20}$`)

type config struct {
	Token  string `yaml:"token" jsonschema:"description=Token of the bot; without it the channels wait"`
	APIURL string `yaml:"api_url" jsonschema:"description=Address of Discord's API with its version"`
	// NonceWindow can only be lowered: what Discord itself promises is trusted no further.
	NonceWindow time.Duration `yaml:"nonce_window" jsonschema:"description=How long the API surely recognises a repeated message; less than a minute for a gateway that remembers less"`
	Design      string        `yaml:"design" jsonschema:"enum=embed,enum=cards,description=How statements are drawn: as an embed below a line\\, which phones show in their notification; or as a card of components\\, which they do not"`
	// Whoever shares a bot with another installation answers for it, too.
	Gateway bool `yaml:"gateway" jsonschema:"description=Answer commands and buttons; off where another installation with the same bot does"`

	next http.RoundTripper // carries the requests in tests; nil is the network
	dial dialer            // the same for the gateway
}

// Validate implements [notifiers.Config].
func (c *config) Validate() error {
	_, err := c.base()
	if c.NonceWindow < 0 || c.NonceWindow > nonceWindow {
		err = errors.Join(err, fmt.Errorf("nonce_window: must be between 0s and %s, which is what Discord surely remembers", nonceWindow))
	}
	if c.Design != embedDesign && c.Design != cardsDesign {
		err = errors.Join(err, fmt.Errorf("design: must be %s or %s", embedDesign, cardsDesign))
	}
	switch {
	case strings.Contains(c.Token, "://"):
		err = errors.Join(err, errors.New("token: is an address; a webhook's is the `url` of a channel with `notifier: webhook`, and a bot's token is on the page Bot"))
	case strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		err = errors.Join(err, errors.New("token: holds a space or another character that no token has: copy it again"))
	case otherSecret.MatchString(c.Token):
		err = errors.Join(err, errors.New("token: looks like the application's id, its public key or the client secret; a bot's token has three parts with dots between them: take it from the page Bot"))
	}
	return err
}

// base reads the address of the API. The token goes there with every request,
// so it must be encrypted unless it stays on this machine.
func (c *config) base() (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(c.APIURL, "/"))
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("api_url: is not an address such as https://discord.com/api/v10")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, errors.New("api_url: must begin with https:// unless it is on this machine: the token is sent there")
	}
	return u, nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Open implements [notifiers.Config]. Env.Client is not used: Discord demands a
// User-Agent of its own form, and its rate limits are kept here.
func (c *config) Open(env notifiers.Env) (notifiers.Notifier, error) {
	base, err := c.base()
	if err != nil {
		return nil, err
	}
	if c.Token == "" {
		return nil, fmt.Errorf("%w: notifiers.discord.token is empty; create a bot in Discord's developer portal and put its token there", notifiers.ErrNoCredentials)
	}
	next, log := c.next, env.Log
	if next == nil {
		next = network()
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	rest, err := dg.New("Bot " + strings.TrimPrefix(c.Token, "Bot "))
	if err != nil {
		return nil, fmt.Errorf("open Discord: %w", err)
	}
	rest.Client = &http.Client{Transport: &transport{base: base, next: next}}
	rest.UserAgent = userAgent(env)
	rest.MaxRestRetries, rest.ShouldRetryOnRateLimit = 0, false
	rest.StateEnabled = false
	n := &notifier{rest: rest, limits: newLimiter(log), window: c.NonceWindow, cards: c.Design == cardsDesign, guilds: map[string]string{}, sorting: newSorting()}
	if !c.Gateway {
		return n, nil
	}
	dial := c.dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: requestTimeout}).DialContext
	}
	return &commander{notifier: n, token: rest.Token, dial: dial, plain: base.Scheme == "http", pace: usualPace, log: log}, nil
}

// userAgent is in the form that Discord demands, "DiscordBot ($url, $version)",
// about the library that asks; it refuses any other with 40333. An operator's own
// page stands in place of the library's.
// https://discord.com/developers/docs/reference#user-agent
func userAgent(env notifiers.Env) string {
	if strings.HasPrefix(env.Contact, "http") && !strings.ContainsAny(env.Contact, "(),; \r\n") {
		return "DiscordBot (" + env.Contact + ", " + version(env.Version) + ")"
	}
	return "DiscordBot (https://github.com/bwmarrin/discordgo, v" + dg.VERSION + ") onrecord/" + version(env.Version)
}

// version is in the form the User-Agent needs.
func version(v string) string {
	if v == "" || strings.ContainsAny(v, "(),; \r\n") {
		return "v0"
	}
	return v
}

// network is a transport that reuses connections to the one host there is.
func network() http.RoundTripper {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: requestTimeout / 2}).DialContext,
		TLSHandshakeTimeout: requestTimeout / 2,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     idleTimeout,
	}
}

type notifier struct {
	rest   *dg.Session
	limits *limiter
	window time.Duration // in which a nonce is trusted
	cards  bool          // statements are cards of components
	mu     sync.Mutex
	self   string            // our user id, once known
	guilds map[string]string // by channel, once known

	sorting sorting
}

// Render implements [notifiers.Notifier]. The nonce is no part of the message:
// it belongs to the delivery and is added by Send.
func (n *notifier) Render(notice onrecord.Notice) (notifiers.Message, error) {
	b, err := message.Of(notice)
	if err != nil {
		return notifiers.Message{}, err
	}
	return b.Designed(n.cards)
}
