package config

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/sources"
)

// longBackfill is further back than anybody means by the recent past.
const longBackfill = 90 * 24 * time.Hour

func (c *checker) accounts() {
	first := map[string]string{}
	for i, entry := range c.file.Accounts {
		at := fmt.Sprintf("accounts[%d]", i)
		a := onrecord.Account{Source: entry.Source, Handle: strings.TrimPrefix(entry.Handle, "@"), URL: entry.URL, Backfill: entry.Backfill}
		kind, known := c.source(at+".source", entry.Source)
		a = named(kind, a)
		named := c.name(at, &a)
		if known && named {
			c.judgeAccount(at, kind, a)
		}
		if named && first[a.ID] != "" {
			c.mistake(at, "is the account of %s again (%s)", first[a.ID], a.ID)
		}
		first[a.ID] = at
		if a.Backfill < 0 {
			c.mistake(at+".backfill", "must not be negative")
		}
		if a.Backfill > longBackfill {
			c.warn(at+".backfill", "reaches %d days back: all of it is read and posted at the first start, and a place that charges for posts charges for these", int(a.Backfill.Hours()/24))
		}
		if kind.Docket {
			a.Kind, a.Cases = onrecord.Docket, c.docket(at, entry, a)
		} else {
			a.Speaker, a.Cases = c.speaker(at, entry)
		}
		if entry.Speaker == anybody && !kind.Docket {
			a.Kind = onrecord.Press
		}
		plan := c.schedule(at+".schedule", entry.Schedule, kind, known)
		a.Schedule = plan.String()
		c.result.Schedules[a.ID] = plan
		c.result.Accounts = append(c.result.Accounts, a)
	}
}

// named takes the address of a profile for its handle, as people paste it.
func named(kind sources.Kind, a onrecord.Account) onrecord.Account {
	if kind.Profile == nil {
		return a
	}
	for _, given := range []string{a.Handle, a.URL} {
		page, err := url.Parse(given)
		if err != nil || !isWeb(given) {
			continue
		}
		if p, ok := kind.Profile(page); ok && (a.Handle == "" || a.URL == "") {
			a.Handle, a.URL = p.Handle, ""
		}
	}
	return a
}

// kindred are words for places that another source reads.
var kindred = map[string]string{
	"rss": "feed", "atom": "feed", "newsletter": "feed", "blog": "feed", "newsroom": "feed", "website": "feed", "substack": "feed", "medium": "feed", "youtube": "feed",
	"podcast": "feed", "news": "feed", "press": "feed", "wordpress": "feed", "ghost": "feed", "tumblr": "feed", "github": "feed",
	"pleroma": "mastodon", "akkoma": "mastodon", "gotosocial": "mastodon", "fediverse": "mastodon", "threads": "mastodon", "pixelfed": "feed", "misskey": "feed", "peertube": "feed",
	"hn": "hackernews", "hacker-news": "hackernews", "ycombinator": "hackernews",
	"recap": "courtlistener", "pacer": "courtlistener", "docket": "courtlistener", "court": "courtlistener",
	"bsky": "bluesky", "friendica": "twitter", "gnusocial": "twitter",
}

func (c *checker) source(path, name string) (sources.Kind, bool) {
	i := slices.IndexFunc(c.kinds.Sources, func(k sources.Kind) bool { return k.Name == name })
	switch {
	case name == "":
		c.mistake(path, "is missing%s", Suggest("", sorted(c.file.Sources)))
	case i < 0 && kindred[strings.ToLower(name)] != "":
		c.mistake(path, "names the source %q, which `source: %s` reads; `onrecord add` with the address you open in a browser finds what to write", name, kindred[strings.ToLower(name)])
	case i < 0:
		c.mistake(path, "names the source %q, which is not known%s", name, cmp.Or(instead(name), Suggest(name, sorted(c.file.Sources))))
	default:
		return c.kinds.Sources[i], true
	}
	return sources.Kind{}, false
}

// name gives an account its id. What could be a token in its address joins the secrets.
func (c *checker) name(at string, a *onrecord.Account) bool {
	if a.Handle == "" && a.URL == "" {
		path := at + ".handle"
		if c.nodes[at+".url"] != nil {
			path = at + ".url"
		}
		c.mistake(path, "is missing; name the account by its handle or its url")
		return false
	}
	u, err := url.Parse(a.URL)
	if err != nil || a.URL != "" && u.Host == "" {
		c.mistake(at+".url", "is not a whole address%s; write one such as https://example.com/feed.xml", fault(a.URL))
		return false
	}
	c.guard(u)
	if c.filled[at+".url"] {
		c.secrets = append(c.secrets, u.RequestURI())
	}
	a.ID = accountID(a.Source, a.Handle, u, c.filled[at+".url"])
	return true
}

// guard keeps what may be a secret in an address out of logs, and of what is stored.
func (c *checker) guard(u *url.URL) {
	for _, secret := range append(sources.Secrets(u), u.RawQuery) {
		if secret != "" {
			c.secrets = append(c.secrets, secret)
		}
	}
}

func (c *checker) judgeAccount(at string, kind sources.Kind, a onrecord.Account) {
	if kind.Account != nil {
		c.refused(at, at, kind.Account(a))
	}
	c.reachable(at+".url", "sources."+kind.Name, a.URL, c.file.Sources[kind.Name])
}

// schedule parses the schedule of an account, or takes what suits its source.
func (c *checker) schedule(path, spec string, kind sources.Kind, known bool) schedule.Schedule {
	if spec == "" {
		if !known {
			return schedule.Schedule{}
		}
		spec = "@every " + schedule.Short(kind.Every)
	}
	plan, err := schedule.Parse(spec)
	if err != nil {
		c.mistake(path, "%v", err)
		return plan
	}
	for _, w := range plan.Warnings() {
		c.warn(path, "%s", w)
	}
	if known && plan.Every() < kind.Every {
		c.warn(path, "reads every %s; once in %s is what suits %s", schedule.Short(plan.Every()), schedule.Short(kind.Every), kind.Title)
	}
	return plan
}

// anybody is written where a speaker belongs for an account that quotes others.
const anybody = "*"

// speaker finds whose account it is: the name as the cases spell it, and the
// cases it is read for.
func (c *checker) speaker(at string, entry account) (name string, cases []string) {
	listed := c.knownCases(at+".cases", entry.Cases)
	if entry.Speaker == "" {
		c.mistake(at+".speaker", "is missing; name a party or person of a case, or * for a newspaper that quotes them")
		return "", listed
	}
	if entry.Speaker == anybody {
		if len(entry.Cases) == 0 {
			listed = c.caseIDs()
		}
		return "", listed
	}
	var names []string // to suggest from
	for _, k := range c.file.Cases {
		if len(entry.Cases) > 0 && !slices.Contains(listed, k.ID) {
			continue
		}
		p, found := k.Find(entry.Speaker)
		for _, other := range k.Everyone() {
			if other.Name == "" { // it was not read: whose account this is, nobody can say
				return entry.Speaker, nil
			}
			names = append(append(names, other.Name), other.Aliases...)
		}
		if !found {
			if len(entry.Cases) > 1 {
				c.mistake(at+".speaker", "is nobody in the case %s", k.ID)
			}
			continue
		}
		if name == "" {
			name = p.Name
		}
		if _, same := k.Find(name); !same {
			c.mistake(at+".speaker", "is %s in one case and %s in the case %s; give one of them the other's name as an alias", name, p.Name, k.ID)
		}
		cases = append(cases, k.ID)
	}
	if name == "" && len(names) > 0 {
		c.mistake(at+".speaker", "is %q, the name or alias of nobody in %s%s", entry.Speaker, whichCases(listed), Suggest(entry.Speaker, slices.Compact(slices.Sorted(slices.Values(names)))))
	}
	return name, cases
}

// docket finds the cases a docket is of: those it names, or whose number it is called
// by, in any writing; or the only one there is.
func (c *checker) docket(at string, entry account, a onrecord.Account) []string {
	if entry.Speaker != "" {
		c.mistake(at+".speaker", "is given, and a docket speaks for nobody; leave it out")
	}
	if len(entry.Cases) > 0 {
		return c.knownCases(at+".cases", entry.Cases)
	}
	if len(c.file.Cases) == 1 {
		return c.caseIDs()
	}
	var ids []string
	for _, k := range c.file.Cases {
		if slices.ContainsFunc(k.Docket, func(number string) bool { return onrecord.SameDocket(number, a.Handle) }) {
			ids = append(ids, k.ID)
		}
	}
	if len(ids) == 0 && len(c.file.Cases) > 0 {
		c.mistake(at+".cases", "is missing; name the case that the docket is of")
	}
	return ids
}

func whichCases(listed []string) string {
	if len(listed) == 0 {
		return "any case"
	}
	return strings.Join(listed, ", ")
}

func (c *checker) channels() {
	first, shown := map[string]string{}, map[string]string{}
	for i, entry := range c.file.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		c.id(at+".id", entry.ID, first)
		ch := Channel{ID: entry.ID, Notifier: entry.Notifier, Address: cmp.Or(entry.Channel, entry.URL), Review: entry.Review, Ops: entry.Ops, Publish: entry.Publish, Filings: entry.Filings, Cases: c.knownCases(at+".cases", entry.Cases)}
		if len(entry.Cases) == 0 {
			ch.Cases = c.caseIDs()
		}
		if ch.Digest = entry.Digest; ch.Digest != "" {
			c.digest(at+".digest", ch.Digest)
		}
		if ch.Filings && !slices.ContainsFunc(c.result.Accounts, func(a onrecord.Account) bool {
			return a.Kind == onrecord.Docket && slices.ContainsFunc(a.Cases, func(id string) bool { return slices.Contains(ch.Cases, id) })
		}) {
			c.mistake(at+".filings", "is wanted, and no account is a docket of its cases; add one such as {source: courtlistener, handle: \"68000001\"}")
		}
		ch.Pings = c.pings(at+".ping", entry.Ping, ch.Cases)
		if entry.Channel != "" && entry.URL != "" {
			c.mistake(at+".url", "is given besides channel; keep one of them")
		}
		c.guardAddress(ch.Address)
		c.guardAddress(ch.Review)
		c.guardAddress(ch.Ops)
		kind := slices.IndexFunc(c.kinds.Notifiers, func(k notifiers.Kind) bool { return k.Name == entry.Notifier })
		switch {
		case entry.Notifier == "":
			c.mistake(at+".notifier", "is missing%s", Suggest("", sorted(c.file.Notifiers)))
			continue
		case kind < 0:
			c.mistake(at+".notifier", "names the notifier %q, which is not known%s", entry.Notifier, Suggest(entry.Notifier, sorted(c.file.Notifiers)))
			continue
		}
		for j, p := range ch.Pings {
			if judge := c.kinds.Notifiers[kind].Role; judge == nil {
				c.mistake(fmt.Sprintf("%s.ping[%d]", at, j), "is given, and %s has no roles", entry.Notifier)
			} else if err := judge(p.Role); err != nil && p.Role != "" {
				c.mistake(fmt.Sprintf("%s.ping[%d].role", at, j), "%v", err)
			}
		}
		c.alone(at, ch, shown)
		if c.judgeChannel(at, c.kinds.Notifiers[kind], ch) {
			c.result.Channels = append(c.result.Channels, ch)
		}
	}
}

// digest judges when a channel gets a digest. More than one an hour is none.
func (c *checker) digest(path, spec string) {
	plan, err := schedule.Parse(spec)
	if err != nil {
		c.mistake(path, "%v", err)
		return
	}
	for _, w := range plan.Warnings() {
		c.warn(path, "%s", w)
	}
	if plan.Every() < time.Hour {
		c.mistake(path, "comes every %s; a digest is for an hour at least, such as @daily or \"0 18 * * 5\"", schedule.Short(plan.Every()))
	}
}

const (
	usualCooldown   = 30 * time.Minute
	longestCooldown = 7 * 24 * time.Hour
)

// pings reads the roles that a channel with these cases calls.
func (c *checker) pings(path string, entries []ping, cases []string) (list []Ping) {
	for i, entry := range entries {
		at := fmt.Sprintf("%s[%d]", path, i)
		p := Ping{Role: entry.Role, Case: entry.Case, Cooldown: entry.Cooldown}
		if entry.Role == "" {
			c.mistake(at+".role", "is missing; it is the number that \"Copy Role ID\" gives in developer mode")
		}
		if entry.Case != "" && !slices.Contains(cases, entry.Case) {
			c.mistake(at+".case", "names the case %q, which the channel does not show%s", entry.Case, Suggest(entry.Case, cases))
		}
		p.Speaker = c.pinger(at+".speaker", entry, cases)
		if c.nodes[at+".cooldown"] == nil {
			p.Cooldown = usualCooldown
		}
		if p.Cooldown < 0 || p.Cooldown > longestCooldown {
			c.mistake(at+".cooldown", "must be between 0s and 7 days")
		}
		if entry.Quiet != "" {
			var err error
			if p.Quiet, err = schedule.ParseHours(entry.Quiet); err != nil {
				c.mistake(at+".quiet", "%v", err)
			}
		}
		list = append(list, p)
	}
	return list
}

// pinger finds whose statements call a role.
func (c *checker) pinger(path string, entry ping, cases []string) string {
	if entry.Speaker == "" {
		return ""
	}
	var names []string
	for _, k := range c.file.Cases {
		if !slices.Contains(cases, k.ID) || entry.Case != "" && entry.Case != k.ID {
			continue
		}
		if p, found := k.Find(entry.Speaker); found {
			return p.Name
		}
		for _, p := range k.Everyone() {
			names = append(names, p.Name)
		}
	}
	c.mistake(path, "is %q, the name or alias of nobody in the channel's cases%s", entry.Speaker, Suggest(entry.Speaker, names))
	return ""
}

// alone warns of a channel that readers see twice; shown holds those so far.
func (c *checker) alone(at string, ch Channel, shown map[string]string) {
	key := ch.Notifier + "\n" + ch.Address
	switch {
	case ch.Address == "":
	case shown[key] != "":
		c.warn(at+".id", "is the same channel as %s: what both show comes twice", shown[key])
	case ch.Address == ch.Review:
		c.warn(at+".review", "is the channel itself: what is in doubt stands among the statements that readers see")
	}
	if ch.Ops != "" && ch.Ops == ch.Address {
		c.warn(at+".ops", "is the channel itself: readers are told what is wrong with the program")
	}
	if shown[key] == "" {
		shown[key] = ch.ID
	}
}

// judgeChannel lets a kind judge the addresses of a channel. A channel whose
// address waits for a variable is left out with a warning: the file is right,
// and the rest of it works.
func (c *checker) judgeChannel(at string, kind notifiers.Kind, ch Channel) bool {
	if kind.Channel == nil {
		return true
	}
	address := at + ".channel"
	if c.nodes[at+".url"] != nil {
		address = at + ".url"
	}
	if why := fault(ch.Address); why != "" {
		c.mistake(address, "is not a whole address%s", why)
		return false
	}
	err := kind.Channel(notifiers.Target{ID: ch.ID, Address: ch.Address, Lane: onrecord.Record})
	if err != nil && c.unset[address] {
		c.warn(address, "is empty, as its variable is: the channel %s is left out", ch.ID)
		return false
	}
	c.refused(at, address, err)
	c.reachable(address, "notifiers."+kind.Name, ch.Address, c.file.Notifiers[kind.Name])
	c.reachable(at+".review", "notifiers."+kind.Name, ch.Review, c.file.Notifiers[kind.Name])
	if ch.Review != "" {
		c.refused("", at+".review", kind.Channel(notifiers.Target{ID: ch.ID + "/review", Address: ch.Review, Lane: onrecord.ForReview}))
	}
	if ch.Publish {
		c.refused("", at+".publish", kind.Channel(notifiers.Target{ID: ch.ID + "/publish", Address: ch.Address, Lane: onrecord.Published}))
	}
	c.reachable(at+".ops", "notifiers."+kind.Name, ch.Ops, c.file.Notifiers[kind.Name])
	if ch.Ops != "" {
		c.refused("", at+".ops", kind.Channel(notifiers.Target{ID: ch.ID + "/ops", Address: ch.Ops, Lane: onrecord.Ops}))
	}
	return true
}

// cautious is a section that says whether addresses on private networks may be used.
type cautious interface{ AllowsPrivate() bool }

// reachable refuses an address that cannot be reached as the section stands: what
// the file alone proves need not be found out at run time.
func (c *checker) reachable(path, section, address string, config any) {
	u, err := url.Parse(address)
	if k, ok := config.(cautious); !ok || k.AllowsPrivate() || err != nil || !isWeb(address) {
		return
	}
	host := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(host)
	inside := host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		err == nil && (!ip.IsGlobalUnicast() || ip.IsPrivate())
	kind, name, _ := strings.Cut(section, ".")
	switch {
	case inside:
		c.mistake(path, "leads to %s, which is on this machine or a private network; if that is meant, write %s: {%s: {allow_private: true}}", host, kind, name)
	case u.Port() != "" && u.Port() != "80" && u.Port() != "443":
		c.mistake(path, "leads to port %s; other ports than 80 and 443 are read when you write %s: {%s: {allow_private: true}}", u.Port(), kind, name)
	}
}

// guardAddress keeps an address that lets anyone post out of logs: whole, and
// as a request line shows it.
func (c *checker) guardAddress(address string) {
	if !isWeb(address) {
		return
	}
	u, _ := url.Parse(address) // parsed by isWeb
	c.secrets = append(c.secrets, address)
	if path := u.RequestURI(); path != "/" {
		c.secrets = append(c.secrets, path)
	}
}
