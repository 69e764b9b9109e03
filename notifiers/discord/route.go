package discord

import (
	"context"
	"net/http"
	"net/url"
	"time"

	dg "github.com/bwmarrin/discordgo"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// route is one request that can be made.
type route struct {
	what    string // is being done, for errors
	method  string
	url     string // as discordgo writes it
	kind    string // of route: requests of one kind to one channel share a limit
	channel string
}

// limit names what the route is limited by until Discord names it.
func (r route) limit() string { return r.method + " " + r.kind + " " + r.channel }

func createMessage(channel string) route {
	return route{"post to Discord channel " + channel, http.MethodPost, dg.EndpointChannelMessages(channel), "messages", channel}
}

func editMessage(channel, id string) route {
	return route{"edit message " + id + " in Discord channel " + channel, http.MethodPatch, dg.EndpointChannelMessage(channel, id), "message", channel}
}

func removeMessage(channel, id string) route {
	return route{"take back message " + id + " in Discord channel " + channel, http.MethodDelete, dg.EndpointChannelMessage(channel, id), "removal", channel}
}

func crosspost(channel, id string) route {
	return route{"publish message " + id + " of Discord channel " + channel, http.MethodPost, dg.EndpointChannelMessageCrosspost(channel, id), "crosspost", channel}
}

func history(channel, before string) route {
	q := url.Values{"limit": {"100"}}
	if before != "" {
		q.Set("before", before)
	}
	return route{"read the history of Discord channel " + channel, http.MethodGet, dg.EndpointChannelMessages(channel) + "?" + q.Encode(), "messages", channel}
}

func getChannel(channel string) route {
	return route{"look at Discord channel " + channel, http.MethodGet, dg.EndpointChannel(channel), "channel", channel}
}

func changeThread(id string) route {
	return route{"open or tag the Discord thread " + id, http.MethodPatch, dg.EndpointChannel(id), "channel", id}
}

func makeThread(channel string) route {
	return route{"make a thread in Discord channel " + channel, http.MethodPost, dg.EndpointChannelThreads(channel), "threads", channel}
}

func makeThreadBelow(channel, id string) route {
	return route{"make a thread below message " + id + " in Discord channel " + channel, http.MethodPost, dg.EndpointChannelMessageThread(channel, id), "threads", channel}
}

func activeThreads(guild string) route {
	return route{"list the threads of Discord server " + guild, http.MethodGet, dg.EndpointGuildActiveThreads(guild), "active threads", guild}
}

func archivedThreads(channel, before string) route {
	q := url.Values{"limit": {"100"}}
	if before != "" {
		q.Set("before", before)
	}
	return route{"list the archived threads of Discord channel " + channel, http.MethodGet, dg.EndpointChannelPublicArchivedThreads(channel) + "?" + q.Encode(), "archived threads", channel}
}

func archivedPrivateThreads(channel, before string) route {
	q := url.Values{"limit": {"100"}}
	if before != "" {
		q.Set("before", before)
	}
	return route{"list the archived private threads of Discord channel " + channel, http.MethodGet, dg.EndpointChannelJoinedPrivateArchivedThreads(channel) + "?" + q.Encode(), "archived threads", channel}
}

func addReader(thread, user string) route {
	return route{"bring a reader into the Discord thread " + thread, http.MethodPut, dg.EndpointThreadMember(thread, user), "thread members", thread}
}

func getMessage(channel, id string) route {
	return route{"read a message in Discord channel " + channel, http.MethodGet, dg.EndpointChannelMessage(channel, id), "message", channel}
}

func whoAmI() route {
	return route{"ask Discord who the bot is", http.MethodGet, dg.EndpointUser("@me"), "self", ""}
}

func guildRoles(guild string) route {
	return route{"read the roles of Discord server " + guild, http.MethodGet, dg.EndpointGuildRoles(guild), "roles", guild}
}

func guildMember(guild, user string) route {
	return route{"read the bot's roles in Discord server " + guild, http.MethodGet, dg.EndpointGuildMember(guild, user), "member", guild}
}

func memberRole(guild, user, role string, given bool) route {
	r := route{"give a member of Discord server " + guild + " a role", http.MethodPut, dg.EndpointGuildMemberRole(guild, user, role), "member role", guild}
	if !given {
		r.what, r.method = "take a role from a member of Discord server "+guild, http.MethodDelete
	}
	return r
}

func gatewayEntrance() route {
	return route{"ask Discord where its gateway is", http.MethodGet, dg.EndpointGatewayBot, "gateway", ""}
}

func putCommands(app string) route {
	return route{"register the commands of Discord application " + app, http.MethodPut, dg.EndpointApplicationGlobalCommands(app), "commands", app}
}

// The routes of an interaction hold its token, which is a secret for a quarter of an
// hour: what is being done does not name it. They have no limits of ours.

func acknowledge(i interaction) route {
	return route{"acknowledge a command", http.MethodPost, dg.EndpointInteractionResponse(i.ID, i.Token), "callback", ""}
}

func editAnswer(i interaction) route {
	return route{"answer a command", http.MethodPatch, dg.EndpointWebhookMessage(i.App, i.Token, "@original"), "answer", ""}
}

// Patience with rate limits. A post that has to wait longer goes back to its
// queue, which knows when to send it; a look at the history starts anew each
// time, so it waits.
const (
	sendPatience = 2 * time.Second
	findPatience = 15 * time.Second
)

// do makes one request and returns what was seen of it. It fails only when
// nothing was sent.
func (n *notifier) do(ctx context.Context, r route, body message.Payload, patience time.Duration) (*exchange, error) {
	leave, err := n.limits.enter(ctx, r, patience)
	if err != nil {
		return nil, err
	}
	x := n.request(ctx, r, body)
	leave(x)
	return x, nil
}

// request makes one request, whatever the limits say.
func (n *notifier) request(ctx context.Context, r route, body message.Payload) *exchange {
	x := &exchange{remaining: -1}
	ctx, cancel := context.WithTimeout(withExchange(ctx, x), requestTimeout)
	defer cancel()
	// A bucket of its own for each request: discordgo's shared ones are held
	// locked for the time of a request, without a look at the context.
	own := &dg.Bucket{}
	own.Lock()
	_, _ = n.rest.RequestWithLockedBucket(r.method, r.url, body.Type, body.Bytes, own, 0, // the exchange tells what came of it
		dg.WithContext(ctx), dg.WithRestRetries(0), dg.WithRetryOnRatelimit(false))
	return x
}

// refused is the error for a request that was not done.
func refused(r route, x *exchange) *notifiers.Error { return judge(x).failure(r, x) }
