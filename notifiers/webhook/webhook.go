// Package webhook delivers to an address that takes a POST: a webhook of
// Discord's, which shows the card, or any other program, which gets the notice
// as JSON (see [Notice]), without the files that go with it.
//
// It delivers at least once. A webhook cannot be asked whether a message
// arrived, so after a lost answer the same message may come again; other
// programs can tell by its Idempotency-Key. Where once is needed, use a bot.
//
// The address of a webhook is a secret: whoever knows it can post.
package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// Kind describes webhooks.
func Kind() notifiers.Kind {
	return notifiers.Kind{
		Name:   "webhook",
		Config: func() notifiers.Config { return &config{} },
		Channel: func(to notifiers.Target) error {
			if to.Lane == onrecord.Published {
				return errors.New("a webhook publishes nothing: only an announcement channel of Discord's does, through the bot")
			}
			_, err := parse(to.Address)
			return err
		},
	}
}

type config struct {
	AllowPrivate bool `yaml:"allow_private" jsonschema:"description=Whether addresses may name this machine or a private network"`
}

// AllowsPrivate says whether addresses on private networks may be posted to.
func (c *config) AllowsPrivate() bool { return c.AllowPrivate }

// Validate implements [notifiers.Config].
func (*config) Validate() error { return nil }

// Open implements [notifiers.Config]. Without AllowPrivate an address that names
// a private one is refused by us, and one that resolves to it by the client.
func (c *config) Open(env notifiers.Env) (notifiers.Notifier, error) {
	client := http.Client{}
	if env.Client != nil {
		client = *env.Client(c.AllowPrivate)
	}
	// A redirect would carry the notice to an address nobody configured.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &notifier{client: &client, private: c.AllowPrivate}, nil
}

type notifier struct {
	client  *http.Client
	private bool
}

// parse reads an address; its error does not repeat it.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return nil, errors.New("a webhook channel is an address that begins with https://")
	case strings.HasPrefix(u.Path, "/channels/") && ofDiscord(u):
		return nil, errors.New("this is the address of a channel; a webhook's begins with https://discord.com/api/webhooks/, and a bot posts to a channel with `notifier: discord`")
	case u.User != nil:
		return nil, errors.New("a webhook's address takes no user name or password")
	case ofDiscord(u) && u.Scheme != "https" && !private(u.Hostname()):
		return nil, errors.New("a webhook of Discord's begins with https://")
	}
	return u, nil
}

// ofDiscord reports whether an address takes Discord's messages. A path of
// Discord's on another host is a gateway to it.
func ofDiscord(u *url.URL) bool {
	host := "." + strings.ToLower(u.Hostname())
	return strings.HasSuffix(host, ".discord.com") || strings.HasSuffix(host, ".discordapp.com") || strings.Contains(u.Path, "/api/webhooks/")
}

// private reports whether a host is written as an address that is not public.
func private(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host == "localhost" || strings.HasSuffix(host, ".localhost")
	}
	ip = ip.Unmap()
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast()
}

// stored is the body of a message. Which of the two forms is sent depends on the address,
// which is not known when the message is rendered.
type stored struct {
	Discord json.RawMessage `json:"discord"`
	Plain   json.RawMessage `json:"plain"`
}

// Render implements [notifiers.Notifier].
func (n *notifier) Render(notice onrecord.Notice) (notifiers.Message, error) {
	plain, err := plainOf(notice)
	if err != nil {
		return notifiers.Message{}, err
	}
	discord, files, err := discordOf(notice)
	if err != nil {
		return notifiers.Message{}, err
	}
	body, err := encode(stored{discord, plain})
	return notifiers.Message{Body: body, Files: files}, err
}

// Send implements [notifiers.Notifier].
func (n *notifier) Send(ctx context.Context, to notifiers.Target, m notifiers.Message, key string) (notifiers.Receipt, error) {
	refuse := func(scope notifiers.Scope, err error) (notifiers.Receipt, error) {
		return notifiers.Receipt{}, &notifiers.Error{Outcome: notifiers.Permanent, Scope: scope, Err: fmt.Errorf("post to the webhook of channel %s: %w", to.ID, err)}
	}
	u, err := parse(to.Address)
	if err != nil {
		return refuse(notifiers.WholeChannel, err)
	}
	if !n.private && private(u.Hostname()) {
		return refuse(notifiers.WholeChannel, errors.New("its address is not public; if that is meant, set notifiers.webhook.allow_private"))
	}
	var s stored
	if err := json.Unmarshal(m.Body, &s); err != nil || len(s.Discord) == 0 || len(s.Plain) == 0 {
		return refuse(notifiers.OneDelivery, errors.New("the stored message is not one of this notifier's"))
	}
	p := post{channel: to.ID, to: u, body: message.Payload{Type: "application/json", Bytes: s.Plain}, key: key}
	if ofDiscord(u) {
		p.discord = true
		if p.body, err = message.PayloadOf(notifiers.Message{Body: s.Discord, Files: m.Files}, "", ""); err != nil {
			return refuse(notifiers.OneDelivery, err)
		}
	}
	return p.send(ctx, n.client)
}
