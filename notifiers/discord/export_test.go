package discord

import (
	"net/http"

	"onrecord/notifiers"
)

// Over is a configuration whose requests go through a transport.
func Over(next http.RoundTripper, token string) notifiers.Config {
	c := Kind().Config().(*config)
	c.Token, c.next = token, next
	return c
}

// NonceOf lets tests compare nonces with published ones.
var NonceOf = nonceOf
