package feed

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"

	"onrecord"
	"onrecord/sources/markup"
)

// A timeline as a feed holds what its account posts and what it reposts. Nothing in
// a feed's format tells them apart; places and people do it with marks of their
// own, in the title, in the text, and by naming another as the item's author.

// handle is how a mark names an account; its server may follow.
const handle = `@?([\w.\-]+)(?:@[\w.\-]+)?`

// repostMark tells a repost; by is the group that names whose words they are, 0
// that none does.
type repostMark struct {
	mark *regexp.Regexp
	by   int
}

var reposts = sync.OnceValue(func() []repostMark {
	return []repostMark{
		{regexp.MustCompile(`(?i)^\[?(?:RT|RP|MT)\]?:?\s*@` + handle), 1},
		{regexp.MustCompile(`^\[?RT\]?(?::| by @)`), 0},
		{regexp.MustCompile(`^RT [^:\n]{1,50}: `), 0},
		{regexp.MustCompile(`^(?:♻|🔁|🔄|🔃|⟳|↻)\x{FE0F}?\s*(?:` + handle + `)?`), 1},
		{regexp.MustCompile(`^//@`), 0},
		{regexp.MustCompile(`(?i)^#?(?:repost|regram)(?:ed|ing)?\b[:\s]+(?:(?:from|by|via)\s+)?@` + handle), 1},
		{regexp.MustCompile(`(?i)^(?:re-?posted|re-?tweeted|re-?blogged|boosted|quoted? without comment|shared) (?:by|from) `), 0},
		{regexp.MustCompile(`(?i)\(?\bvia @` + handle + `\)?\s*$`), 1},
		{regexp.MustCompile(`(?i)^(?:republicado por|reposteado por|compartido por|compartilhado por|repartagé par|partagé par|geteilt von|ricondiviso da|gedeeld door|udostępnione przez|репост от|ретвит )`), 0},
	}
})

// Verbs that tell of a repost in a line of its own, or before a colon, and whoever did it
// in front.
const repostVerbs = `(?i:re-?posted|re-?tweeted|re-?blogged|boosted|shared a (?:post|tweet|note)|` +
	`(?:ha )?(?:retuiteado|retuiteó|reposteado|reposteó|republicado|republicó|compartió una publicación)|` +
	`retuitou|repostou|republicou|compartilhou (?:um post|uma publicação)|` +
	`a (?:retweeté|reposté|repartagé|repartagé un post|partagé une publication)|` +
	`hat (?:das |dies |einen beitrag )?(?:geteilt|retweetet|repostet|geboostet)|` +
	`ha (?:ritwittato|retwittato|ripostato|ricondiviso|condiviso un post)|` +
	`heeft (?:dit )?(?:geretweet|gerepost|een bericht gedeeld)|` +
	`(?:yeniden gönderdi|retweetledi|bir gönderi paylaştı)|` +
	`(?:podał|podała) dalej|udostępnił post|udostępniła post|` +
	`(?:сделал|сделала) репост|репостнул|репостнула|ретвитнул|ретвитнула|поделился записью|поделилась записью|` +
	`(?:أعاد|أعادت) (?:نشر|التغريد).*|شارك منشورا|شاركت منشورا|` +
	`(?:שיתף|שיתפה) (?:פוסט|ציוץ)|צייץ מחדש|צייצה מחדש|` +
	`ने (?:रीपोस्ट|रीट्वीट|री-ट्वीट) किया|` +
	`さん?が?(?:リポスト|リツイート)(?:しました)?|が?(?:リポスト|リツイート)(?:しました)?|` +
	`님이 (?:리포스트|리트윗|재게시)(?:했습니다|함)|(?:리포스트|리트윗|재게시)(?:했습니다|함)|` +
	`(?:转发|轉發|转帖|轉帖)(?:了|微博)?.*)`

var repostVerb = lazily(repostVerbs)

// repostLine is a first line that says who reposted whom, and no more: names stand before
// the verb and behind it. What tells names from other words in all scripts is large, so it
// is made when a line has a verb, which no line of most feeds does.
var repostLine = lazily(`^(?:[\p{Lu}\p{Lo}@]\S*\s+){0,6}?(?:[\p{Lu}\p{Lo}@]\S*?)?\s?` + repostVerbs + `(?:\s+[\p{Lu}\p{Lo}@]\S*){0,4}?\s*(?::|$)`)

// repost marks the items that hold somebody else's words.
func (d document) repost(items []item, a onrecord.Account) {
	owner := d.account(items, a)
	for i := range items {
		it := &items[i]
		if by, ok := account(it.by); ok && it.of == nil && owner != "" && !strings.EqualFold(by, owner) {
			it.of = &onrecord.Ref{Account: by}
		}
		if it.of != nil {
			it.Kind, it.Reposts, it.Author.Handle = onrecord.Repost, it.of, owner
		}
	}
}

// reposted reports a post whose own words say that they are somebody else's, and whose,
// where the mark says it.
func reposted(p onrecord.Post) *onrecord.Ref {
	first, _, _ := strings.Cut(p.Text, "\n")
	for n, line := range []string{p.Title, first} {
		if n > 0 && len(line) > 4*longestMark {
			line = line[:4*longestMark]
		}
		for _, r := range reposts() {
			if m := r.mark.FindStringSubmatch(line); m != nil && r.by > 0 {
				return &onrecord.Ref{Account: strings.Clone(m[r.by])}
			} else if m != nil {
				return &onrecord.Ref{}
			}
		}
		if repostVerb().MatchString(line) && repostLine().MatchString(line) {
			return &onrecord.Ref{}
		}
	}
	return nil
}

// longestMark bounds what is read of a line, in bytes.
const longestMark = 100

var atHandle = lazily(`^@` + handle + `$|\(@` + handle + `\)$|/ @` + handle + `$`)

// account reads a handle where a feed names somebody.
func account(name string) (string, bool) {
	m := atHandle().FindStringSubmatch(strings.TrimSpace(name))
	if m == nil {
		return "", false
	}
	return m[1] + m[2] + m[3], true
}

// account is the handle whose timeline a feed is: as its title names it, or its
// address, or most of its items.
func (d document) account(items []item, a onrecord.Account) string {
	if a.Handle != "" {
		return strings.TrimPrefix(a.Handle, "@")
	}
	for _, title := range []string{markup.Line(d.feed.Title), markup.Line(d.feed.Description)} {
		if by, ok := account(title); ok {
			return by
		}
	}
	count := map[string]int{}
	for _, it := range items {
		if by, ok := account(it.by); ok {
			if count[strings.ToLower(by)]++; 2*count[strings.ToLower(by)] > len(items) && len(items) > 2 {
				return by
			}
		}
	}
	for _, address := range []string{d.feed.Link, a.URL} {
		if u, err := url.Parse(address); err == nil {
			for name := u.Path; name != "" && name != "/" && name != "."; name = path.Dir(name) {
				by := strings.TrimPrefix(path.Base(name), "@")
				for _, it := range items {
					if author, ok := account(it.by); ok && strings.EqualFold(author, by) {
						return by
					}
				}
			}
		}
	}
	return ""
}
