package article

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"onrecord/sources"
)

const (
	// agent is the name under which sites speak to the program in robots.txt.
	agent = "onrecord"
	// longestRobots is how much of a robots.txt is read, as RFC 9309 section 2.5 wants at least.
	longestRobots = 512 << 10
)

// rule is a line of a robots.txt.
type rule struct {
	path  string
	allow bool
}

// rules are what a site lets robots read.
type rules struct {
	list  []rule
	delay time.Duration // between two pages
	none  bool          // nothing is known of them, and so nothing is read
}

// ask reads a site's robots.txt. What cannot be found forbids nothing; a site that fails
// to say may forbid everything (RFC 9309, section 2.3.1).
func ask(ctx context.Context, client *http.Client, page *url.URL) rules {
	req, err := sources.NewGet(ctx, (&url.URL{Scheme: page.Scheme, Host: page.Host, Path: "/robots.txt"}).String())
	if err != nil {
		return rules{none: true}
	}
	d, err := sources.Read(client, req, longestRobots)
	switch {
	case d.Status >= 400 && d.Status < 500 && d.Status != http.StatusTooManyRequests:
		return rules{}
	case err != nil && (d.Status != http.StatusOK || len(d.Body) < longestRobots):
		return rules{none: true}
	case d.HTML(): // a page for what is not there
		return rules{}
	}
	return parseRobots(string(d.Body))
}

// parseRobots reads the group for us, or the one for everybody.
func parseRobots(text string) rules {
	groups := map[string]*rules{}
	var named []string // the agents of the group
	listing := false   // its rules have begun
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, longestRobots+1)
	for lines.Scan() {
		line, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "\ufeff"), "#")
		key, value, _ := strings.Cut(line, ":")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			if listing {
				named, listing = nil, false
			}
			name := strings.ToLower(value)
			if groups[name] == nil {
				groups[name] = &rules{}
			}
			named = append(named, name)
		case "allow", "disallow", "crawl-delay":
			listing = true
			for _, name := range named {
				groups[name].add(key, value)
			}
		}
	}
	for _, name := range []string{agent, "*"} {
		if g := groups[name]; g != nil {
			return *g
		}
	}
	return rules{}
}

func (r *rules) add(key, value string) {
	if seconds, err := strconv.ParseFloat(value, 64); key == "crawl-delay" {
		if err == nil && seconds > 0 {
			r.delay = time.Duration(min(seconds, 3600) * float64(time.Second))
		}
		return
	}
	if value != "" { // an empty rule says nothing
		r.list = append(r.list, rule{value, key == "allow"})
	}
}

// allow reports whether a page may be read: the longest rule decides, and of two of one
// length the one that allows (RFC 9309, section 2.2.2).
func (r rules) allow(page *url.URL) bool {
	if r.none {
		return false
	}
	path := page.EscapedPath()
	if path == "" {
		path = "/"
	}
	if page.RawQuery != "" {
		path += "?" + page.RawQuery
	}
	allowed, longest := true, -1
	for _, l := range r.list {
		if len(l.path) >= longest && l.matches(path) && (len(l.path) > longest || l.allow) {
			allowed, longest = l.allow, len(l.path)
		}
	}
	return allowed
}

// matches reports whether a rule is about a path: "*" is anything, "$" the end.
func (l rule) matches(path string) bool {
	if !strings.ContainsAny(l.path, "*$") {
		return strings.HasPrefix(path, l.path)
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSuffix(l.path, "$")), `\*`, ".*")
	if strings.HasSuffix(l.path, "$") {
		pattern += "$"
	}
	is, err := regexp.MatchString(pattern, path)
	return err == nil && is
}
