package config

import (
	"crypto/sha256"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"onrecord"
	"onrecord/internal/schedule"
	"onrecord/sources"
)

// checker turns a decoded file into a configuration and reports what fits the
// shape of the file and still cannot be meant.
type checker struct {
	*decoder
	kinds  Kinds
	file   file
	result Config
}

func (c *checker) check() *Config {
	c.result = Config{
		Database: c.file.Database, Cases: c.file.Cases,
		Schedules: map[string]schedule.Schedule{},
		Sources:   c.file.Sources, Notifiers: c.file.Notifiers,
		Summary: c.file.Summary, Web: c.file.Web,
	}
	c.database()
	c.contact()
	c.cases()
	c.accounts()
	c.channels()
	c.sections()
	c.summary()
	c.unseen()
	return &c.result
}

// identifier is what names a case or a channel in the database, in metrics and
// on Discord's buttons.
var identifier = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// id checks that a name can name something and is new.
func (c *checker) id(path, id string, first map[string]string) {
	switch {
	case id == "":
		c.mistake(path, "is missing")
	case !identifier.MatchString(id):
		c.mistake(path, "must be at most 64 letters, digits, dots, dashes and underscores, such as northwind-v-harbor")
	case first[id] != "":
		c.mistake(path, "is the same as %s", first[id])
	default:
		first[id] = path
	}
}

func (c *checker) database() {
	scheme, rest, isAddress := strings.Cut(c.file.Database, "://")
	if keyword.MatchString(c.file.Database) && !isAddress {
		c.secrets = append(c.secrets, c.file.Database)
		c.mistake("database", "is neither a file nor an address; the address of a PostgreSQL database looks like postgres://user:password@host:5432/name")
		return
	}
	u, err := url.Parse(c.file.Database)
	c.hideUser(rest)
	switch sign := unescaped(rest); {
	case c.file.Database == "":
		c.mistake("database", "is empty; name a file such as onrecord.db")
	case strings.HasPrefix(c.file.Database, "~"):
		c.mistake("database", "begins with ~, which only a shell knows; write the whole path")
	case !isAddress && (c.file.Database == ":memory:" || strings.HasPrefix(c.file.Database, "file:")):
		c.mistake("database", "is SQLite's own way of writing, which is not read here; name a file such as onrecord.db")
	case !isAddress:
	case scheme != "postgres" && scheme != "postgresql":
		c.mistake("database", "must be the name of a file such as onrecord.db, or the address of a PostgreSQL database such as postgres://user:password@host:5432/name")
	case sign != "":
		c.mistake("database", "cannot be read: its user or password holds the sign %s, which must be percent-encoded as %s there", sign, url.QueryEscape(sign))
	case err != nil || strings.Trim(u.Path, "/") == "":
		c.mistake("database", "cannot be read%s; the address of a PostgreSQL database looks like postgres://user:password@host:5432/name", fault(c.file.Database))
	default:
		for _, secret := range []string{password(u), u.Query().Get("password")} {
			if secret != "" {
				c.secrets = append(c.secrets, secret)
			}
		}
	}
}

// keyword is how PostgreSQL's other form of an address begins a part.
var keyword = regexp.MustCompile(`(?i)(^|\s)(password|host|dbname|user)\s*=`)

// userPart is what stands before the host of an address without its scheme,
// also where a sign in it ends that too early by the rules: passwords hold any.
func userPart(rest string) string {
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return ""
	}
	user := rest[:at]
	if host, _, found := strings.Cut(user, "?"); found && !strings.Contains(host, "@") {
		if u, err := url.Parse("x://" + host); err == nil && (u.Port() != "" || !strings.Contains(u.Host, ":")) {
			return "" // the sign stands in the query
		}
	}
	return user
}

// hideUser keeps a password out of logs whatever the address is worth otherwise:
// as it stands and in the parts that signs cut it into.
func (c *checker) hideUser(rest string) {
	_, password, _ := strings.Cut(userPart(rest), ":")
	if password == "" {
		return
	}
	c.secrets = append(c.secrets, password)
	c.secrets = append(c.secrets, strings.FieldsFunc(password, func(r rune) bool { return strings.ContainsRune("@/?#%[]:", r) })...)
}

// unescaped is the first sign in the user or password of an address that means
// something else there (RFC 3986, section 3.2.1); "" when there is none.
func unescaped(rest string) string {
	user := userPart(rest)
	for i, r := range user {
		switch {
		case strings.ContainsRune("@/?#[]\\^`{|}<>\"", r), r <= ' ', r > '~':
			return string(r)
		case r == '%' && !escape.MatchString(user[i:]):
			return "%"
		}
	}
	return ""
}

var escape = regexp.MustCompile(`^%[0-9A-Fa-f]{2}`)

// fault says why an address cannot be read, without showing it.
func fault(address string) string {
	_, rest, found := strings.Cut(address, "://")
	_, err := url.Parse(address)
	switch {
	case !found || err == nil:
		return ""
	case unescaped(rest) != "":
		return fmt.Sprintf(": its user or password holds the sign %s, which must be percent-encoded as %s there", unescaped(rest), url.QueryEscape(unescaped(rest)))
	case strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' }):
		return ": it holds a blank, which is written %20"
	}
	for i := range rest {
		if rest[i] == '%' && !escape.MatchString(rest[i:]) {
			return ": a percent sign in it is not followed by two digits or letters a to f; a percent sign itself is written %25"
		}
	}
	return ""
}

func password(u *url.URL) string {
	p, _ := u.User.Password()
	return p
}

// contact goes into a comment of the User-Agent, which parentheses would end
// (RFC 9110, section 5.6.5).
func (c *checker) contact() {
	given := c.file.Contact
	if m, err := mail.ParseAddress(given); err == nil && m.Address == given {
		given = "mailto:" + given
	}
	unfit := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`()\`, r) }
	u, err := url.Parse(given)
	reachable := err == nil && (u.Scheme == "mailto" && strings.Contains(u.Opaque, "@") || (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil)
	if given != "" && (!reachable || len(given) > 200 || strings.ContainsFunc(given, unfit)) {
		c.mistake("contact", "must be mailto:you@example.com or the https:// address of a page about you: at most 200 plain letters without parentheses")
		return
	}
	c.result.Contact = given
}

func (c *checker) cases() {
	if len(c.file.Cases) == 0 && c.nodes["cases"] == nil {
		c.mistake("cases", "is missing; describe at least one case")
	} else if len(c.file.Cases) == 0 {
		c.mistake("cases", "is empty; describe at least one case")
	}
	first := map[string]string{}
	for i, k := range c.file.Cases {
		at := fmt.Sprintf("cases[%d]", i)
		c.id(at+".id", k.ID, first)
		if k.Title == "" {
			c.mistake(at+".title", "is missing")
		}
		if len(k.Parties) == 0 {
			c.mistake(at+".parties", "is missing; name at least one party")
		}
		if k.URL != "" && !isWeb(k.URL) {
			c.mistake(at+".url", "must be an address such as https://example.com/docket")
		}
		names := map[string]string{}
		c.people(at+".parties", k.Parties, names)
		c.people(at+".people", k.People, names)
		c.words(at, k)
		for j, e := range k.Events {
			if e.Date.IsZero() {
				c.mistake(fmt.Sprintf("%s.events[%d].date", at, j), "is missing")
			}
			if e.What == "" {
				c.mistake(fmt.Sprintf("%s.events[%d].what", at, j), "is missing")
			}
		}
	}
}

// words checks that no keyword says the opposite of what it is for.
func (c *checker) words(at string, k onrecord.Case) {
	for j, w := range k.Keywords {
		path := fmt.Sprintf("%s.keywords[%d]", at, j)
		if slices.ContainsFunc(k.Exclude, func(x string) bool { return strings.EqualFold(x, w) }) {
			c.mistake(path, "is in exclude, too: a word is of this case or of another matter")
		}
		if p, ok := k.Find(w); ok && w != "" {
			c.warn(path, "is a name of %s: names count by themselves, and in their own posts they say nothing", p.Name)
		}
		if c.everyday(w) {
			c.warn(path, "%q is an everyday word, or language of any court; what this case alone is about says more", w)
		}
	}
	if k.ID == exampleID && k.Title == exampleTitle {
		c.warn(at+".title", "is still that of the example: name your case, its parties and their accounts")
	}
}

func (c *checker) everyday(name string) bool {
	return c.kinds.Everyday != nil && c.kinds.Everyday(name)
}

// What `onrecord init` writes until somebody fills it in.
const (
	exampleID    = "my-case"
	exampleTitle = "Plaintiff v. Defendant"
)

// people checks that names lead to one person; whose holds the names of the case
// seen so far, in small letters, and who bears them.
func (c *checker) people(path string, people []onrecord.Person, whose map[string]string) {
	for i, p := range people {
		at := fmt.Sprintf("%s[%d]", path, i)
		if p.Name == "" {
			c.mistake(at+".name", "is missing")
			continue
		}
		if other := whose[strings.ToLower(p.Name)]; other != "" {
			c.mistake(at+".name", "is already a name or alias of %s in this case", other)
		}
		whose[strings.ToLower(p.Name)] = p.Name
		for j, alias := range p.Aliases {
			key := strings.ToLower(alias)
			if other := whose[key]; other != "" && other != p.Name {
				c.warn(fmt.Sprintf("%s.aliases[%d]", at, j), "is also a name of %s: a post with it names both", other)
				continue
			}
			whose[key] = p.Name
			if c.everyday(alias) {
				c.warn(fmt.Sprintf("%s.aliases[%d]", at, j), "%q is an everyday word; it counts only where the rest of the post speaks of the case", alias)
			}
		}
	}
}

// sections lets every kind judge its settings.
func (c *checker) sections() {
	for _, kind := range c.kinds.Sources {
		section, settings := "sources."+kind.Name, c.file.Sources[kind.Name]
		c.refused(section, section, settings.Validate())
		if d, ok := settings.(sources.Deleting); ok {
			c.refused(section, section, d.Deletion().Validate())
		}
	}
	for _, kind := range c.kinds.Notifiers {
		c.refused("notifiers."+kind.Name, "notifiers."+kind.Name, c.file.Notifiers[kind.Name].Validate())
	}
	switch listen := c.file.Web.Listen; listen {
	case "", "off":
		c.result.Web.Listen = ""
	default:
		_, port, err := net.SplitHostPort(listen)
		if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
			c.mistake("web.listen", "must be an address with a port such as 127.0.0.1:8080, or off")
		}
	}
}

// refused reports what a kind says is wrong. An error that begins with the name
// of a value in the section is shown there, any other at the fallback. Where that
// is an address, the kind's own name for the address is left out.
func (c *checker) refused(section, fallback string, err error) {
	if err == nil {
		return
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			c.refused(section, fallback, e)
		}
		return
	}
	key, rest, found := strings.Cut(err.Error(), ": ")
	switch {
	case found && c.nodes[join(section, key)] != nil:
		c.mistake(join(section, key), "%s", rest)
	case found && fallback != section && slices.Contains([]string{"channel", "url", "address"}, key):
		c.mistake(fallback, "%s", rest)
	default:
		c.mistake(fallback, "%v", err)
	}
}

// unseen warns where statements would be recorded and reach nobody, or never come.
func (c *checker) unseen() {
	if len(c.file.Accounts) == 0 {
		c.warn("accounts", "names no account, so nothing is read")
	}
	for i, k := range c.file.Cases {
		at := fmt.Sprintf("cases[%d].id", i)
		if len(c.file.Accounts) > 0 && !slices.ContainsFunc(c.result.Accounts, func(a onrecord.Account) bool { return slices.Contains(a.Cases, k.ID) }) {
			c.warn(at, "is the case of no account, so nothing is read for it")
		}
		if len(c.result.Channels) > 0 && !slices.ContainsFunc(c.result.Channels, func(ch Channel) bool { return slices.Contains(ch.Cases, k.ID) }) {
			c.warn(at, "is shown in no channel: its statements are recorded and reach nobody")
		}
	}
	c.unreviewed()
}

// unreviewed warns of channels with a case whose borderline statements are shown nowhere.
func (c *checker) unreviewed() {
	reviewed := func(id string) bool {
		return slices.ContainsFunc(c.result.Channels, func(ch Channel) bool { return ch.Review != "" && slices.Contains(ch.Cases, id) })
	}
	for i, entry := range c.file.Channels {
		n := slices.IndexFunc(c.result.Channels, func(ch Channel) bool { return ch.ID == entry.ID })
		if n < 0 || c.result.Channels[n].Review != "" {
			continue
		}
		if j := slices.IndexFunc(c.result.Channels[n].Cases, func(id string) bool { return !reviewed(id) }); j >= 0 {
			c.warn(fmt.Sprintf("channels[%d].id", i), "has no review: borderline statements of %s wait where nobody sees them; name a channel of the newsroom as `review:`", c.result.Channels[n].Cases[j])
		}
	}
}

// caseIDs returns the ids of all cases, in configured order.
func (c *checker) caseIDs() []string {
	var ids []string
	for _, k := range c.file.Cases {
		ids = append(ids, k.ID)
	}
	return ids
}

// knownCases returns the cases that a list names, and reports the others.
func (c *checker) knownCases(path string, ids []string) []string {
	var known []string
	all := c.caseIDs()
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case slices.Contains(known, id):
			c.mistake(at, "names the case %s again", id)
		case slices.Contains(all, id):
			known = append(known, id)
		case id != "":
			c.mistake(at, "names the case %q, which is not described%s", id, Suggest(id, all))
		}
	}
	return known
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// accountID names an account. What may be a secret in its address is told by a
// hash: a query, parts of the path that look like one, and all of it when it was
// filled in from a variable.
func accountID(source, handle string, u *url.URL, filled bool) string {
	if handle != "" {
		return source + ":" + strings.ToLower(handle)
	}
	host := strings.ToLower(u.Host)
	if port := map[string]string{"http": "80", "https": "443"}[u.Scheme]; u.Port() == port {
		host = strings.TrimSuffix(host, ":"+port)
	}
	id, path := source+":"+host, strings.TrimSuffix(u.EscapedPath(), "/")
	if filled {
		return id + hashed(u.RequestURI())
	}
	for _, part := range sources.Secrets(&url.URL{Path: u.Path, RawPath: u.RawPath}) {
		path = strings.ReplaceAll(path, part, hashed(part))
	}
	if id += path; u.RawQuery != "" {
		id += hashed(u.RawQuery)
	}
	return id
}

func hashed(secret string) string { return fmt.Sprintf("#%x", sha256.Sum256([]byte(secret)))[:9] }
