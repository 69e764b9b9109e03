package markup

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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
	if inner := coded(segments[len(segments)-1]); inner != "" && questions().MatchString(u.Hostname()) {
		return elsewhere(u, inner)
	}
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

// coded is the address that the id of an article at Google News holds, as those made until
// 2024 do: in base64, behind its length, as Protocol Buffers write a text. "": there is none.
func coded(id string) string {
	id = strings.TrimRight(id, "=")
	b, err := base64.RawURLEncoding.DecodeString(id)
	at := bytes.Index(b, []byte("http"))
	if err != nil || at < 1 {
		return ""
	}
	from := at - 1
	if from > 0 && b[from-1] >= 0x80 { // a length of more than 127 takes two bytes
		from--
	}
	n, size := binary.Uvarint(b[from:])
	if size != at-from || n > uint64(len(b)-at) {
		return ""
	}
	return string(b[at : at+int(n)])
}

// LeadsTo is where a page that only leads on says that it does, by itself or by the name of
// the page it stands for; "" when it names no page of another site.
func LeadsTo(page []byte, from *url.URL) string {
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(longestToken)
	found := make([]string, 4) // the surest first
	for {
		switch z.Next() {
		case html.ErrorToken:
			for _, to := range found {
				if to = elsewhere(from, Unwrap(to)); to != "" {
					return to
				}
			}
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			_, refresh, _ := strings.Cut(strings.ToLower(attributeOf(t, "content")), "url=")
			switch to := attributeOf(t, "data-n-au"); { // of Google News
			case to != "":
				found[1] = to
			case t.DataAtom == atom.Meta && strings.EqualFold(attributeOf(t, "http-equiv"), "refresh") && refresh != "":
				content := attributeOf(t, "content")
				found[0] = strings.Trim(content[len(content)-len(refresh):], "'\" ")
			case t.DataAtom == atom.Link && strings.EqualFold(attributeOf(t, "rel"), "canonical"):
				found[2] = attributeOf(t, "href")
			case t.DataAtom == atom.Meta && content(t, "og:url") != "":
				found[3] = content(t, "og:url")
			}
		}
	}
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
