package x

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"onrecord"
)

// cutLength is the length, in code points, from which a text that ends in an
// ellipsis is taken for one that X cut. It cuts near 280, and 140 in a repost.
const (
	cutLength       = 240
	cutRepostLength = 130
)

// text is what was read out of a post's text.
//
// The text it holds is the text of record: what readers are shown on x.com, as
// plain text. It differs from the bytes X sends in three ways only: the three
// escaped signs are unescaped, a t.co address is replaced by the address shown
// for it, and a t.co address at the end that merely stands for a picture or
// the quoted post is dropped. Every quotation is a span of this text.
type text struct {
	text  string
	links []onrecord.Link
	media []onrecord.Media
	cut   bool
}

// unescape undoes what X does to a text. It escapes these three signs and no
// others, once; knowing more entities would change what an author wrote.
var unescape = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace

func (w wire) readText() text {
	whole := w.Text
	if n := w.note(); n != nil && n.Text != "" {
		whole = n.Text
	}
	links := w.allLinks()
	var t text
	t.text = unescape(whole)
	bare, selfLink := dropTrailing(t.text, func(l link) bool { return w.isMedia(l) || w.isQuoted(l) || w.isSelf(l) }, w.isSelf, links)
	t.text = bare
	t.cut = w.note() == nil && strings.HasSuffix(t.text, "…") && (selfLink || utf8.RuneCountInString(whole) >= w.cutLength())

	t.text = showLinks(t.text, links)
	for _, l := range links {
		switch {
		case w.isMedia(l):
			t.media = append(t.media, onrecord.Media{Kind: mediaKind(l)})
		case w.isQuoted(l), w.isSelf(l):
		default:
			t.links = append(t.links, l.shown())
		}
	}
	return t
}

// showLinks replaces t.co addresses by what X shows for them, longer ones
// first so that none is taken for the beginning of another.
func showLinks(s string, links []link) string {
	var swaps []string
	for _, l := range slices.SortedStableFunc(slices.Values(links), func(a, b link) int { return len(b.URL) - len(a.URL) }) {
		if l.Display != "" {
			swaps = append(swaps, l.URL, l.Display)
		}
	}
	return strings.NewReplacer(swaps...).Replace(s)
}

func (w wire) cutLength() int {
	if w.reference("retweeted") != "" {
		return cutRepostLength
	}
	return cutLength
}

// allLinks returns the links of the long and the short text, each once. Several
// pictures share one address and differ in their key.
func (w wire) allLinks() []link {
	all := w.Entities.URLs
	if n := w.note(); n != nil {
		all = slices.Concat(n.Entities.URLs, all)
	}
	var links []link
	type key struct{ url, media string }
	seen := map[key]bool{}
	for _, l := range all {
		if k := (key{l.URL, l.MediaKey}); l.URL != "" && !seen[k] {
			seen[k] = true
			links = append(links, l)
		}
	}
	return links
}

// dropTrailing takes links off the end of a text as long as they are of the
// kind to be dropped, and reports whether one of them was of the other kind.
func dropTrailing(s string, drop, note func(link) bool, links []link) (rest string, noted bool) {
	for {
		trimmed := strings.TrimRight(s, " \n\t")
		i := slices.IndexFunc(links, func(l link) bool { return drop(l) && endsWithWord(trimmed, l.URL) })
		if i < 0 {
			return s, noted
		}
		noted = noted || note(links[i])
		s = strings.TrimRight(strings.TrimSuffix(trimmed, links[i].URL), " \n\t")
	}
}

func endsWithWord(s, word string) bool {
	before, ok := strings.CutSuffix(s, word)
	return ok && (before == "" || strings.ContainsAny(before[len(before)-1:], " \n\t") || strings.HasSuffix(before, "…"))
}

// isMedia reports whether the address stands for a picture or video of a post.
func (w wire) isMedia(l link) bool {
	return l.MediaKey != "" || strings.HasPrefix(l.Display, "pic.twitter.com/") || strings.HasPrefix(l.Display, "pic.x.com/")
}

// isQuoted reports whether the address leads to the quoted post.
func (w wire) isQuoted(l link) bool {
	_, id := statusOf(l.Expanded)
	return id != "" && id == w.reference("quoted")
}

// isSelf reports whether the address leads to the post itself, which is how X
// ends a text that it cut.
func (w wire) isSelf(l link) bool {
	_, id := statusOf(l.Expanded)
	return id != "" && !w.isMedia(l) && (id == w.ID || slices.Contains(w.chain(), id))
}

// quotedHandle finds the author of the quoted post in the link to it.
func (w wire) quotedHandle(id string) string {
	for _, l := range w.allLinks() {
		if by, status := statusOf(l.Expanded); status == id {
			return by
		}
	}
	return ""
}

// statusOf takes apart an address like https://x.com/<handle>/status/<id>. The
// handle is "" where X does not name it.
func statusOf(address string) (by, id string) {
	u, err := url.Parse(address)
	if err != nil || u.Host != "x.com" && u.Host != "twitter.com" {
		return "", ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 3 || parts[len(parts)-2] != "status" { // "i/web/status/<id>" has four
		return "", ""
	}
	if len(parts) == 3 && parts[0] != "i" && handle.MatchString(parts[0]) {
		by = parts[0]
	}
	return by, parts[len(parts)-1]
}

// shown says where the address leads and what stands for it in the text.
func (l link) shown() onrecord.Link {
	s := onrecord.Link{URL: l.URL, Shown: l.URL, Title: unescape(l.Title)}
	if l.Expanded != "" {
		s.URL = l.Expanded
	}
	if l.Unwound != "" {
		s.URL = l.Unwound
	}
	if l.Display != "" {
		s.Shown = l.Display
	}
	return s
}

// mediaKind reads the kind from the address of the picture's page. X gives the
// picture's own address only to those who expand media.
func mediaKind(l link) string {
	if strings.Contains(l.Expanded, "/video/") {
		return "video"
	}
	return "image"
}

// splitRepost takes apart "RT @handle: words".
func splitRepost(s string) (by, words string) {
	rest, ok := strings.CutPrefix(s, "RT @")
	by, words, found := strings.Cut(rest, ": ")
	if !ok || !found || !handle.MatchString(by) {
		return "", ""
	}
	return by, words
}
