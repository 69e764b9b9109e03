package discord

import (
	"net/http"

	"onrecord/notifiers"
)

// Over is a configuration whose requests go through a transport.
func Over(next http.RoundTripper, token string) notifiers.Config {
	return &config{Token: token, APIURL: "https://discord.com/api/v10", next: next}
}

// NonceOf lets tests compare nonces with published ones.
var NonceOf = nonceOf
