package markup

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Addresses that only lead on hold where they lead to in a parameter, or in their
// path. What names a place to go to means nothing else on a page whose own name
// says that it leads on; "q" does so on the pages of few.
var (
	leadsOn   = lazily(`(?i)^(.*_)?(url|redir|redirect|redirector|link|linkfilter|links|click|apiclick|out|go|goto|away|leave|exit|external|l|r|ck|track|tracking|jump|forward|safelink)(\.(php|aspx?|cgi|html?))?$`)
	aim       = []string{"url", "u", "uddg", "to", "target", "dest", "destination", "redirect", "redirecturl", "redirect_url", "link", "goto", "out", "murl"}
	questions = lazily(`(?i)(^|\.)(google(\.[a-z]{2,3}){1,2}|youtube\.com)$`)
	yahoo     = lazily(`/RU=(http[^/]+)/`)
	defence   = lazily(`^/v3/__(https?:/{1,2}.+?)__;`)
)

const maxWraps = 3

// Unwrap returns the address that one leads on to, of a search engine's alert or
// a network that counts clicks: as far as it can be read from the address itself.
func Unwrap(address string) string {
	for range maxWraps {
		inner := unwrapOnce(address)
		if inner == "" {
			break
		}
		address = inner
	}
	return address
}

func unwrapOnce(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if m := yahoo().FindStringSubmatch(u.EscapedPath()); m != nil {
		inner, _ := url.PathUnescape(m[1])
		return elsewhere(u, inner)
	}
	if m := defence().FindStringSubmatch(u.EscapedPath()); m != nil {
		return elsewhere(u, strings.Replace(strings.Replace(m[1], "://", ":/", 1), ":/", "://", 1))
	}
	if inner := elsewhere(u, u.RawQuery); inner != "" && strings.Trim(u.Path, "/") == "" {
		return inner
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	if last := segments[len(segments)-1]; last != "" && !leadsOn().MatchString(last) {
		return ""
	}
	names := aim
	if questions().MatchString(u.Hostname()) {
		names = append(slices.Clip(names), "q")
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if value, err := url.QueryUnescape(value); err == nil && slices.Contains(names, strings.ToLower(name)) {
			if inner := elsewhere(u, value); inner != "" {
				return inner
			}
		}
	}
	return ""
}

// elsewhere is an address when it is one of another site.
func elsewhere(from *url.URL, text string) string {
	inner := Resolve(nil, text)
	u, err := url.Parse(inner)
	if err != nil || inner == "" || strings.EqualFold(u.Hostname(), from.Hostname()) {
		return ""
	}
	return inner
}

// tracking are parameters that say where a reader came from, never what is shown.
var tracking = lazily(`^(utm_.*|fbclid|gclid|mc_cid|mc_eid)$`)

// Untracked is the address people are given.
func Untracked(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" {
		return address
	}
	var kept []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if name, _, _ := strings.Cut(pair, "="); !tracking().MatchString(strings.ToLower(name)) {
			kept = append(kept, pair)
		}
	}
	u.RawQuery = strings.Join(kept, "&")
	return u.String()
}

// Canonical is what two addresses of one page have in common. It has no scheme,
// which sites change, and no fragment.
func Canonical(address string) string {
	u, err := url.Parse(Untracked(address))
	if err != nil || u.Host == "" {
		return ""
	}
	path := cmp.Or(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return "//" + strings.ToLower(u.Host) + path
}
