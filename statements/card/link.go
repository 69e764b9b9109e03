package card

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// Link returns an address that can stand in a message: http or https, without
// user, and without a character that could end it early. It is "" when the
// address is not such a one or is longer than max.
func Link(address string, max int) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" {
		return ""
	}
	host := u.Hostname()
	if !hostName.MatchString(host) {
		if host, err = idna.Lookup.ToASCII(host); err != nil || !hostName.MatchString(host) {
			return ""
		}
	}
	if local(host) {
		return ""
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return ""
		}
		host += ":" + port
	}
	u.Host, u.User = host, nil
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>[]\"`\\^{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	if b.Len() > max {
		return ""
	}
	return b.String()
}

// local reports a host that is another one for every reader, or none. Discord takes
// no such address, nor the message around it.
func local(host string) bool {
	return !strings.Contains(host, ".") || strings.HasSuffix(strings.ToLower(host), ".localhost")
}

// hostName is what may stand as a label: letters, digits and hyphens, also of
// names in other scripts, which are written in their ASCII form.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

const (
	// MaxLink is how long a link in running text may be; longer ones are left out.
	MaxLink    = 300
	maxAddress = 2048 // of what is named by its host
)

// Host names the place an address leads to, "" when it is no [Link].
func Host(address string) string {
	u, err := url.Parse(Link(address, maxAddress))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
