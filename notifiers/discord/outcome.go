package discord

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onrecord/notifiers"
	"onrecord/statements/card"
)

// Discord's own codes that the program treats by name.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
const (
	codeUnknownMessage = 10008
	codeBadUserAgent   = 40333
	codeArchived       = 50083
	codeInvalidForm    = 50035
)

// verdict is what an answer means for a delivery.
type verdict struct {
	outcome notifiers.Outcome
	scope   notifiers.Scope
	wait    time.Duration // for Retry, when Discord names none
	advice  string        // what a person can do
}

var (
	later    = verdict{outcome: notifiers.Retry, wait: time.Minute}
	muchLate = verdict{outcome: notifiers.Retry, wait: time.Hour}
	crowded  = verdict{outcome: notifiers.Retry, wait: 15 * time.Minute}
	token    = verdict{notifiers.Permanent, notifiers.WholePlace, 0, "renew notifiers.discord.token"}
	access   = verdict{notifiers.Permanent, notifiers.WholeChannel, 0, "grant the bot View Channel, Send Messages, Embed Links and Read Message History there; `onrecord check --live` names what is missing"}
	gone     = verdict{notifiers.Permanent, notifiers.WholeChannel, 0, "the channel is gone, or the bot is not in its server: correct the configuration or invite the bot"}
	wrong    = verdict{notifiers.Permanent, notifiers.WholeChannel, 0, "messages cannot be posted there: name a text channel, an announcement channel, a forum or a thread"}
	locked   = verdict{notifiers.Permanent, notifiers.WholeChannel, 0, "the thread is locked: unlock it or name another"}
	tags     = verdict{notifiers.Permanent, notifiers.WholeChannel, 0, "the forum demands a tag the bot cannot set: add one that is named after a speaker, or name a thread in it"}
	filtered = verdict{notifiers.Permanent, notifiers.OneDelivery, 0, "the server's filters refuse the text: exempt the bot in AutoMod"}
	ours     = verdict{notifiers.Permanent, notifiers.OneDelivery, 0, "the message is malformed, which is a fault of the program: please report it"}
)

// codes is what Discord's codes mean, whatever the status they come with.
var codes = map[int]verdict{
	// Delivered earlier and deleted since, by the nonce's own rule. That holds
	// only when an earlier attempt was unclear, which the caller knows: without
	// one, somebody else used the key, and the caller takes it for Unknown.
	codeUnknownMessage: {outcome: notifiers.Settled},

	40001: token, 50014: token,

	10003: gone, 10004: gone,
	50001: access, 50013: access, 160002: access,
	50008: wrong, 50024: wrong, 40058: wrong,
	160005: locked,
	40066:  tags, 40067: tags, 10087: tags,

	200000: filtered, 200001: filtered, 240000: filtered,
	codeInvalidForm: ours, 50006: ours, 50109: ours, 40005: ours, 50068: ours,

	20016: later, 20028: later, 20029: later, 40062: later, 110001: later,
	20022: muchLate, 30046: muchLate, 40004: muchLate,
	codeBadUserAgent: {notifiers.Retry, notifiers.WholePlace, wallPause, "Discord does not accept the User-Agent; a proxy may change it"},
	// The thread was archived; it has been opened again when this is returned.
	codeArchived: {outcome: notifiers.Retry},
	// As many threads are open as may be.
	160006: crowded, 160007: crowded,

	130000: {outcome: notifiers.Unknown}, // overloaded: a server's failure under another name
}

// statuses is what an HTTP status means when its code is not listed.
var statuses = map[int]verdict{
	http.StatusUnauthorized:          token,
	http.StatusForbidden:             access,
	http.StatusRequestTimeout:        {outcome: notifiers.Unknown},
	http.StatusBadRequest:            ours,
	http.StatusMethodNotAllowed:      ours,
	http.StatusRequestEntityTooLarge: ours,
}

// judge says what it means that a request was not done.
func judge(x *exchange) verdict {
	switch {
	case x.status == 0 && !x.wrote.Load():
		return verdict{outcome: notifiers.Retry}
	case x.status == 0, x.ok():
		return verdict{outcome: notifiers.Unknown}
	case x.walled():
		return verdict{notifiers.Retry, notifiers.WholePlace, wallPause, "a page for people came instead of Discord's answer, as it does after too many requests"}
	}
	if v, ok := codes[x.code]; ok {
		return v
	}
	switch {
	case x.banned():
		return verdict{notifiers.Retry, notifiers.WholePlace, wallPause, "Discord names no time to wait, as it does for an address it has banned for a while"}
	case x.status == http.StatusTooManyRequests && x.global:
		return verdict{outcome: notifiers.Retry, scope: notifiers.WholePlace, wait: minPause}
	case x.status == http.StatusTooManyRequests:
		return verdict{outcome: notifiers.Retry, wait: minPause}
	case x.status >= 500:
		return verdict{outcome: notifiers.Unknown}
	case x.status < 400:
		return verdict{notifiers.Permanent, notifiers.WholePlace, 0, "the answer points elsewhere, which Discord never does: check notifiers.discord.api_url"}
	case x.bodyErr != nil: // refused, and the reason was cut off
		return verdict{outcome: notifiers.Retry}
	case x.status == http.StatusNotFound:
		// What Discord itself misses it says by a number that is listed; other
		// servers number it as they like.
		return gone
	}
	if v, ok := statuses[x.status]; ok {
		return v
	}
	return verdict{outcome: notifiers.Permanent}
}

// failure is the error of a request that was not done.
func (v verdict) failure(r route, x *exchange) *notifiers.Error {
	e := &notifiers.Error{Outcome: v.outcome, Scope: v.scope, Code: x.name(), Err: x.describe(r, v.advice)}
	if v.outcome != notifiers.Retry {
		return e
	}
	// Waiting as told is no failure. A thread that is archived again each time
	// is one, and so is a refusal without its reason: they must not hold up their
	// channel for ever.
	e.Free = x.code != codeArchived && (x.bodyErr == nil || x.status == http.StatusTooManyRequests)
	wait := x.retry
	if wait == 0 || v.scope == notifiers.WholePlace {
		wait = max(wait, v.wait)
	}
	if wait > 0 {
		e.At = time.Now().Add(wait)
	}
	return e
}

// name is the code for the log.
func (x *exchange) name() string {
	switch {
	case x.code != 0:
		return strconv.Itoa(x.code)
	case x.status != 0:
		return "HTTP " + strconv.Itoa(x.status)
	}
	return ""
}

// lengths of what Discord says about an error, in UTF-16 units.
const (
	maxMessage = 200
	maxErrors  = 600
)

// describe says what was being done, what came of it and what to do. Nothing of
// the request but its route is in it.
func (x *exchange) describe(r route, advice string) error {
	var cause error
	switch {
	case x.err != nil && !x.wrote.Load():
		cause = fmt.Errorf("no connection to Discord: %w", x.err)
	case x.err != nil:
		cause = fmt.Errorf("no answer from Discord: %w", x.err)
	case x.bodyErr != nil:
		cause = fmt.Errorf("HTTP %d, but the answer was cut off: %w", x.status, x.bodyErr)
	case x.ok():
		cause = fmt.Errorf("HTTP %d, but the answer is not what Discord promises", x.status)
	default:
		cause = errors.New(strings.TrimSuffix(fmt.Sprintf("HTTP %d: %s", x.status, card.Line(x.message, maxMessage)), ": "))
	}
	if len(x.errors) > 0 {
		cause = fmt.Errorf("%w: %s", cause, card.Line(string(x.errors), maxErrors))
	}
	if advice != "" {
		return fmt.Errorf("%s: %w; %s", r.what, cause, advice)
	}
	return fmt.Errorf("%s: %w", r.what, cause)
}
