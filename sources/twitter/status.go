package twitter

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dghubble/go-twitter/twitter"

	"onrecord"
)

// maxRaw bounds what is kept of a post as the server sent it.
const maxRaw = 64 << 10

// status is a post as a server sends it.
type status struct {
	twitter.Tweet
	extra extra
	raw   []byte
}

// extra is what Friendica and GNU social say beyond Twitter.
type extra struct {
	ExternalURL  string          `json:"external_url"`
	Conversation json.RawMessage `json:"statusnet_conversation_id"` // a number or a string
	Private      bool            `json:"friendica_private"`
}

// readStatuses joins what the library decoded with the bytes it decoded from.
// A post without an id fails the page: the cursor must not move past it.
func readStatuses(tweets []twitter.Tweet, body []byte) ([]status, error) {
	var raws []json.RawMessage
	err := json.Unmarshal(body, &raws)
	if err != nil || len(raws) != len(tweets) {
		return nil, failed(errors.New("bytes follow the list"))
	}
	statuses := make([]status, len(tweets))
	for i, t := range tweets {
		if statuses[i], err = readStatus(t, raws[i]); err != nil {
			return nil, err
		}
	}
	return statuses, nil
}

func readStatus(t twitter.Tweet, body []byte) (status, error) {
	if t.ID <= 0 {
		return status{}, failed(errors.New("a post has no id"))
	}
	s := status{Tweet: t, raw: bytes.Clone(body[:min(len(body), maxRaw)])}
	if err := json.Unmarshal(body, &s.extra); err != nil {
		return status{}, failed(err)
	}
	return s, nil
}

func (s status) withheld() bool { return s.WithheldCopyright || len(s.WithheldInCountries) > 0 }

func (s status) private() bool { return s.extra.Private || s.User != nil && s.User.Protected }

// created is when the post was published. A year that cannot be stored, or a date
// that is still to come, is none.
func (s status) created() (at time.Time, dated bool) {
	at, err := s.CreatedAtTime()
	at = at.UTC()
	return at, err == nil && at.Year() >= founded && at.Before(time.Now().Add(skew))
}

const (
	founded = 1990             // before there were servers of this kind
	skew    = 10 * time.Minute // by which a server's clock may be ahead
)

// text is the whole text, if the server sends it anywhere, and whether it is
// known not to.
func text(t *twitter.Tweet) (whole string, cut bool) {
	if t.FullText != "" {
		return plain(t.FullText), false
	}
	if t.ExtendedTweet != nil && t.ExtendedTweet.FullText != "" {
		return plain(t.ExtendedTweet.FullText), false
	}
	return plain(t.Text), t.Truncated
}

// escapes are the three signs that Twitter escapes in a text, and no others.
var escapes = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// plain unescapes a text once if it is escaped. Twitter escapes, Friendica does
// not, and neither says so; but an escaped text holds none of the signs bare.
func plain(s string) string {
	if strings.ContainsAny(strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(s), "&<>") {
		return s
	}
	return escapes.Replace(s)
}

func (s status) kind() onrecord.PostKind {
	switch {
	case s.RetweetedStatus != nil:
		return onrecord.Repost
	case s.InReplyToUserID != 0 && s.User != nil && s.InReplyToUserID == s.User.ID:
		return onrecord.Thread
	case s.InReplyToUserID != 0 || s.InReplyToStatusID != 0:
		return onrecord.Reply
	case s.QuotedStatusID != 0 || s.QuotedStatus != nil:
		return onrecord.Quote
	}
	return onrecord.Original
}

func (s status) post(account onrecord.Account, base *url.URL) onrecord.Post {
	words, cut := text(&s.Tweet)
	author := authorOf(s.User)
	at, dated := s.created()
	if !dated {
		at = time.Now().UTC()
	}
	p := onrecord.Post{
		Account: account.ID,
		ID:      strconv.FormatInt(s.ID, 10),
		URL:     s.address(base, cmp.Or(author.Handle, account.Handle)),
		Author:  onrecord.Author{ID: author.ID, Handle: cmp.Or(author.Handle, account.Handle), Name: author.Name},
		Kind:    s.kind(),
		Text:    words,
		Lang:    s.Lang,
		Created: at,
		Dated:   dated,
		Thread:  s.conversation(),
		Links:   s.links(),
		Media:   s.media(),
		Cut:     cut,
		Raw:     s.raw,
	}
	if s.InReplyToStatusID != 0 {
		p.ReplyTo = &onrecord.Ref{ID: strconv.FormatInt(s.InReplyToStatusID, 10), Account: s.InReplyToScreenName}
	}
	if s.QuotedStatusID != 0 || s.QuotedStatus != nil {
		p.Quotes = refTo(s.QuotedStatusID, s.QuotedStatus)
	}
	if s.RetweetedStatus != nil {
		p.Reposts = refTo(s.RetweetedStatus.ID, s.RetweetedStatus)
	}
	return p
}

func authorOf(u *twitter.User) onrecord.Author {
	if u == nil {
		return onrecord.Author{}
	}
	return onrecord.Author{ID: strconv.FormatInt(u.ID, 10), Handle: u.ScreenName, Name: u.Name}
}

func refTo(id int64, t *twitter.Tweet) *onrecord.Ref {
	r := &onrecord.Ref{}
	if t != nil {
		r.Account = authorOf(t.User).Handle
		r.Text, _ = text(t)
		id = t.ID
	}
	r.ID = strconv.FormatInt(id, 10)
	return r
}

// address is where people read the post. Version 1.1 has no field for it;
// Friendica and GNU social add one.
func (s status) address(base *url.URL, handle string) string {
	if u, err := url.Parse(s.extra.ExternalURL); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		return s.extra.ExternalURL
	}
	return (&url.URL{Scheme: base.Scheme, Host: base.Host}).JoinPath(handle, "status", strconv.FormatInt(s.ID, 10)).String()
}

func (s status) conversation() string {
	id := strings.Trim(string(s.extra.Conversation), `"`)
	if id == "null" || len(id) > 64 {
		return ""
	}
	return id
}

// links are recorded beside the text, which stays as the server sent it.
func (s status) links() (links []onrecord.Link) {
	if s.Entities == nil {
		return nil
	}
	for _, u := range s.Entities.Urls {
		if target := cmp.Or(u.ExpandedURL, u.URL); target != "" {
			links = append(links, onrecord.Link{URL: target, Shown: cmp.Or(u.URL, target)})
		}
	}
	return links
}

func (s status) media() (media []onrecord.Media) {
	var attached []twitter.MediaEntity
	if s.ExtendedEntities != nil { // all of them; entities has the first
		attached = s.ExtendedEntities.Media
	} else if s.Entities != nil {
		attached = s.Entities.Media
	}
	for _, m := range attached {
		kind := "image"
		if m.Type == "video" || m.Type == "animated_gif" {
			kind = "video"
		}
		media = append(media, onrecord.Media{Kind: kind, URL: cmp.Or(m.MediaURLHttps, m.MediaURL)})
	}
	return media
}
