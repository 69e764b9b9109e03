package outline

import (
	"net/url"
	"slices"
	"strings"

	"onrecord/statements/lang"
)

var (
	addresses = lazily(`https?://[^\s<>"'“”()]+`)
	handles   = lazily(`(?:^|[^\w@./])@([A-Za-z0-9_][A-Za-z0-9_.-]{1,60}[A-Za-z0-9_])`)
	feedish   = lazily(`(?i)(?:^|[/._-])(?:rss|feed|feeds|atom)(?:$|[/._?-])|\.xml$`)
	newsroom  = lazily(`(?i)(?:^|[/._-])(?:newsroom|press|presse|prensa|news|blog|media|medien|stampa|imprensa)(?:$|[/._-])`)
)

// places are the accounts and newsrooms that the story links or names, and hints where
// it only says that somebody posted.
func (r *reader) places(s Story, figures []Figure) (all []Place, hints []string) {
	home := hostOf(s.URL)
	add := func(p Place) {
		same := func(o Place) bool {
			return o.Source == p.Source && strings.EqualFold(o.Handle, p.Handle) && o.URL == p.URL
		}
		if i := slices.IndexFunc(all, same); i < 0 {
			all = append(all, p)
		} else if all[i].Speaker == "" {
			all[i].Speaker = p.Speaker
		}
	}
	for _, l := range s.Links {
		if p, ok := placeOf(l.URL, home); ok {
			p.Speaker, p.From = owner(p, figures), l.Shown
			add(p)
		}
	}
	for _, at := range addresses().FindAllStringIndex(r.text, 50) {
		if p, ok := placeOf(strings.TrimRight(r.text[at[0]:at[1]], ".,;"), home); ok {
			p.Speaker, p.From = r.owner(p, figures, at[0]), r.around(at[0])
			add(p)
		}
	}
	for _, at := range handles().FindAllStringSubmatchIndex(r.text, 50) {
		p := Place{Source: "x", Handle: strings.TrimRight(r.text[at[2]:at[3]], "."), From: r.around(at[2])}
		if strings.Contains(p.Handle, ".") {
			p.Source = "bluesky"
		} else if len(p.Handle) > 15 {
			continue
		}
		p.Speaker = r.owner(p, figures, at[2])
		add(p)
	}
	return all, r.posted(figures, all)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// notHandles are pages of X that are no account.
var notHandles = []string{"i", "intent", "share", "home", "search", "hashtag", "explore", "login"}

// placeOf reads an address: a profile, a feed, or a newsroom. The story's own site is
// none.
func placeOf(address, home string) (Place, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return Place{}, false
	}
	host, parts := hostOf(address), strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case host == "x.com" || host == "twitter.com" || host == "mobile.twitter.com":
		if parts[0] == "" || slices.Contains(notHandles, strings.ToLower(parts[0])) {
			return Place{}, false
		}
		return Place{Source: "x", Handle: strings.TrimPrefix(parts[0], "@")}, true
	case host == "bsky.app":
		if len(parts) < 2 || parts[0] != "profile" {
			return Place{}, false
		}
		return Place{Source: "bluesky", Handle: parts[1]}, true
	case host == home || host == "":
		return Place{}, false
	case feedish().MatchString(u.Path), newsroom().MatchString(host), newsroom().MatchString(u.Path):
		return Place{Source: "feed", URL: address}, true
	}
	return Place{}, false
}

// owner is whose name the handle or the host is made of; "": nobody's.
func owner(p Place, figures []Figure) string {
	squeezed := strings.Map(func(c rune) rune {
		if lang.InWord(c) && c != '_' {
			return c
		}
		return -1
	}, strings.ToLower(p.Handle+hostOf(p.URL)))
	for _, f := range figures {
		for _, n := range append([]string{f.Name}, f.Aliases...) {
			joined := strings.Join(lang.FoldedWords(n), "")
			if len(joined) >= 4 && strings.Contains(squeezed, strings.ReplaceAll(joined, "-", "")) {
				return f.Name
			}
		}
	}
	return ""
}

// owner is whose name a handle is made of, or who is named last before it in its
// sentence.
func (r *reader) owner(p Place, figures []Figure, at int) string {
	if who := owner(p, figures); who != "" {
		return who
	}
	s, last := r.sentenceOf(at), ""
	for _, m := range r.mentions {
		if m.Start < s.Start || m.Start > at {
			continue
		}
		if i := slices.IndexFunc(figures, func(f Figure) bool { return f.Name == m.who.show() }); i >= 0 {
			last = figures[i].Name
		}
	}
	return last
}

// posted are the sentences that say somebody posted somewhere, of those of whom no
// account is known.
func (r *reader) posted(figures []Figure, known []Place) (hints []string) {
	for i, w := range r.words {
		if !slices.Contains(platforms(), w.Text) || w.Text == "x" && r.text[w.Start] != 'X' {
			continue
		}
		s := r.sentenceOf(w.Start)
		spoken := slices.ContainsFunc(r.words[max(0, i-8):min(len(r.words), i+8)], func(o lang.Word) bool { return says()[o.Text] && o.Start >= s.Start && o.End <= s.End })
		if who := r.owner(Place{}, figures, w.Start); spoken && who != "" && !slices.ContainsFunc(known, func(p Place) bool { return p.Speaker == who }) {
			hint := who + " on " + r.text[w.Start:w.End] + `: "` + r.around(w.Start) + `"`
			if !slices.ContainsFunc(hints, func(h string) bool { return strings.HasPrefix(h, who+" on "+r.text[w.Start:w.End]+":") }) {
				hints = append(hints, hint)
			}
		}
	}
	return hints
}
