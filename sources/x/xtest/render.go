package xtest

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// render tells a version in a vocabulary, as far as it was asked for.
func (s spelling) render(w *world, v *version) object {
	p := v.post
	all := object{
		"author_id":          p.author.id,
		"created_at":         stamp(v.at),
		"conversation_id":    p.root,
		"lang":               p.Lang,
		"possibly_sensitive": false,
		"edit_controls": object{
			"is_edit_eligible": p.ReplyTo == "" && p.Reposts == "", "edits_remaining": maxEdits + 1 - len(p.versions),
			"editable_until": stamp(p.versions[0].at.Add(time.Hour)),
		},
	}
	c := compose(w, v)
	all["display_text_range"] = []int{0, utf8.RuneCountInString(c.text)}
	if c.entities != nil {
		all["entities"] = c.entities
	}
	if c.long != nil {
		all[s.name("note_tweet")] = c.long
	}
	if p.Pictures > 0 {
		all["attachments"] = object{"media_keys": mediaKeys(v)}
	}
	if p.Article != "" {
		all["article"] = object{"title": p.Article}
	}
	if len(p.Withheld) > 0 {
		all["withheld"] = object{"copyright": false, "country_codes": p.Withheld}
	}
	if parent := w.versions[p.ReplyTo]; parent != nil {
		all["in_reply_to_user_id"] = parent.post.author.id
	}
	if refs := p.references(); len(refs) > 0 {
		all[s.name("referenced_tweets")] = refs
	}
	out := object{"id": v.id, "text": c.text}
	var chain []string
	for _, v := range p.versions {
		chain = append(chain, v.id)
	}
	if !s.posts { // a default field of the older vocabulary, an expansion of the newer
		out["edit_history_tweet_ids"] = chain
	}
	all[s.name("edit_history_tweet_ids")] = chain
	for _, name := range s.wanted {
		if value, ok := all[name]; ok {
			out[name] = value
		}
	}
	return out
}

// name translates a name of the older vocabulary.
func (s spelling) name(tweet string) string {
	if !s.posts {
		return tweet
	}
	return newNames[tweet]
}

var newNames = map[string]string{
	"note_tweet": "note_post", "referenced_tweets": "referenced_posts", "edit_history_tweet_ids": "edit_history_post_ids",
}

func (p *post) references() (refs []object) {
	for _, r := range []struct{ kind, id string }{{"retweeted", p.Reposts}, {"quoted", p.Quotes}, {"replied_to", p.ReplyTo}} {
		if r.id != "" {
			refs = append(refs, object{"type": r.kind, "id": r.id})
		}
	}
	return refs
}

// stamp writes a time as X does: to the second, with zeros for the rest.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05") + ".000Z" }

// X shows 280 code points of a long post and 140 of a repost.
const (
	shortText  = 280
	repostText = 140
)

// composed is a text as X sends it.
type composed struct {
	text     string
	entities object
	long     object // note_tweet, when the text is cut
}

var webAddress = regexp.MustCompile(`https?://[^\s]+[^\s.,;:!?)]`)

func compose(w *world, v *version) composed {
	p := v.post
	if p.Reposts != "" {
		return composed{text: repostOf(w, v)}
	}
	shown, links := shortenLinks(v.text)
	long := utf8.RuneCountInString(shown) > shortText
	c := composed{text: shown}
	if long {
		c.long = object{"text": escape(shown)}
		if e := urlEntities(shown, links); e != nil {
			c.long["entities"] = e
		}
		self := shortLink("https://x.com/i/web/status/"+v.id, "x.com/i/web/status/2…")
		c.text = cut(shown, shortText-len(self.short)-2) + " " + self.short
		links = append(links, self)
	}
	if p.Quotes != "" {
		by := "i"
		if q := w.versions[p.Quotes]; q != nil {
			by = q.post.author.handle
		}
		l := shortLink("https://x.com/"+by+"/status/"+p.Quotes, "x.com/"+by+"/stat…")
		c.text, links = join(c.text, l.short), append(links, l)
	}
	if p.Pictures > 0 {
		page := "https://x.com/" + p.author.handle + "/status/" + p.versions[0].id + "/photo/1"
		l := shortLink(page, "pic.x.com/"+code(page))
		c.text = join(c.text, l.short)
		for _, key := range mediaKeys(v) {
			l.media = key
			links = append(links, l)
		}
	}
	c.entities = urlEntities(c.text, links)
	if m := mentions(w, c.text); m != nil {
		if c.entities == nil {
			c.entities = object{}
		}
		c.entities["mentions"] = m
	}
	c.text = escape(c.text)
	return c
}

func repostOf(w *world, v *version) string {
	q := w.versions[v.post.Reposts]
	if q == nil {
		return escape(v.text)
	}
	head := "RT @" + q.post.author.handle + ": "
	whole := head + q.post.latest().text
	if utf8.RuneCountInString(whole) > repostText {
		whole = cut(whole, repostText-1)
	}
	return escape(whole)
}

func join(text, link string) string { return strings.TrimLeft(text+" "+link, " ") }

// cut keeps n code points and says so.
func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))]) + "…"
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

type shortened struct{ short, full, shown, media string }

func shortLink(full, shown string) shortened {
	return shortened{short: "https://t.co/" + code(full), full: full, shown: shown}
}

// code makes the ten letters of a t.co address out of what it stands for.
func code(address string) string {
	h := fnv.New64a()
	h.Write([]byte(address))
	return fmt.Sprintf("%010s", strconv.FormatUint(h.Sum64(), 36))[:10]
}

// shortenLinks replaces web addresses by t.co ones.
func shortenLinks(text string) (string, []shortened) {
	var links []shortened
	text = webAddress.ReplaceAllStringFunc(text, func(full string) string {
		_, shown, _ := strings.Cut(full, "://")
		shown = strings.TrimPrefix(shown, "www.")
		if utf8.RuneCountInString(shown) > 27 {
			shown = cut(shown, 26)
		}
		l := shortLink(full, shown)
		links = append(links, l)
		return l.short
	})
	return text, links
}

// urlEntities places links in a text that is not escaped yet, counting the
// code points of the escaped one.
func urlEntities(text string, links []shortened) object {
	var urls []object
	for _, l := range links {
		before, _, found := strings.Cut(text, l.short)
		if !found {
			continue
		}
		start := utf8.RuneCountInString(escape(before))
		e := object{"start": start, "end": start + len(l.short), "url": l.short, "expanded_url": l.full, "display_url": l.shown}
		if l.media != "" {
			e["media_key"] = l.media
		}
		urls = append(urls, e)
	}
	if urls == nil {
		return nil
	}
	return object{"urls": urls}
}

var atName = regexp.MustCompile(`@([A-Za-z0-9_]{1,15})`)

func mentions(w *world, text string) (found []object) {
	for _, m := range atName.FindAllStringSubmatch(text, -1) {
		if a := w.byHandle(m[1]); a != nil {
			found = append(found, object{"username": a.handle, "id": a.id})
		}
	}
	return found
}

func mediaKeys(v *version) []string {
	keys := make([]string, v.post.Pictures)
	for i := range keys {
		keys[i] = fmt.Sprintf("3_%s%d", v.post.versions[0].id, i)
	}
	return keys
}
