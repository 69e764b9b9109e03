package discord

import (
	"context"
	"net"
	"net/http"
	"time"

	"onrecord/notifiers"
)

// Over is a configuration whose requests go through a transport.
func Over(next http.RoundTripper, token string) notifiers.Config {
	c := Kind().Config().(*config)
	c.Token, c.next, c.Gateway = token, next, false
	return c
}

// OfCards is the same, with statements as cards of components.
func OfCards(next http.RoundTripper, token string) notifiers.Config {
	c := Over(next, token).(*config)
	c.Design = cardsDesign
	return c
}

// NonceOf lets tests compare nonces with published ones.
var NonceOf = nonceOf

// Answering is a configuration that also answers commands, with its requests and its
// connections to the gateway going where a test wants.
func Answering(next http.RoundTripper, dial func(ctx context.Context, network, address string) (net.Conn, error), token string) notifiers.Config {
	c := Over(next, token).(*config)
	c.APIURL, c.Gateway, c.dial = "http://127.0.0.1/api/v10", true, dial
	return c
}

// Hurry makes everything that a gateway waits for short.
func Hurry(n notifiers.Notifier) {
	n.(*commander).pace = pace{open: time.Second, silence: time.Second, close: 1500 * time.Millisecond, shortest: 10 * time.Millisecond, longest: 100 * time.Millisecond, lasted: time.Hour}
}

// Stay connects again and again by a function, as long as that is wise. It stands for a
// connection on which code, an error of the library's, or the library's own lock is met.
func Stay(ctx context.Context, n notifiers.Notifier, connection func() error) {
	n.(*commander).stay(ctx, connection)
}

// ErrLost is met when the library locks itself.
var ErrLost = errLost
