package mastodon

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources/markup"
)

// maxRaw bounds what is kept of a post as its server showed it.
const maxRaw = 64 << 10

// account is one as a server shows it.
type account struct {
	ID          string   `json:"id"`
	Acct        string   `json:"acct"` // without its server, where that is the one that was asked
	DisplayName string   `json:"display_name"`
	URI         string   `json:"uri"`
	URL         string   `json:"url"`
	Suspended   bool     `json:"suspended"`
	Moved       *account `json:"moved"`
}

// status is a post as a server shows it.
type status struct {
	raw []byte

	ID         string    `json:"id"`
	URI        string    `json:"uri"`
	URL        string    `json:"url"`
	CreatedAt  string    `json:"created_at"`
	EditedAt   string    `json:"edited_at"`
	Visibility string    `json:"visibility"`
	Spoiler    string    `json:"spoiler_text"`
	Content    string    `json:"content"`
	Language   string    `json:"language"`
	Account    account   `json:"account"`
	ReplyTo    string    `json:"in_reply_to_id"`
	ReplyToBy  string    `json:"in_reply_to_account_id"`
	Mentions   []account `json:"mentions"`
	Tags       []struct {
		URL string `json:"url"`
	} `json:"tags"`
	Media []attachment `json:"media_attachments"`
	Card  *struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	} `json:"card"`
	Reblog *status `json:"reblog"`
	Quote  *struct {
		State  string  `json:"state"`
		Quoted *status `json:"quoted_status"`
	} `json:"quote"`
}

type attachment struct {
	Type        string `json:"type"`
	URL         string `json:"url"`
	RemoteURL   string `json:"remote_url"`
	Description string `json:"description"`
}

// everybodys reports what may be read without a login. Anything else, and what
// says nothing of it, is for somebody.
func (st *status) everybodys() bool {
	return (st.Visibility == "public" || st.Visibility == "unlisted") && (st.Reblog == nil || st.Reblog.everybodys())
}

// readStatus decodes a status of an account. What is not the account's is refused:
// nobody else's words may be taken for its own. An account of "" is anybody's.
func readStatus(raw []byte, account string) (*status, error) {
	st := &status{raw: bytes.Clone(raw[:min(len(raw), maxRaw)])} // the page can be let go
	if err := json.Unmarshal(raw, st); err != nil {
		return nil, err
	}
	switch {
	case st.ID == "":
		return nil, errors.New("it has no id")
	case account != "" && st.Account.ID != account:
		return nil, fmt.Errorf("%.80q is by %.80q, not by the account", st.ID, st.Account.Acct)
	case st.Reblog != nil && st.Reblog.ID == "":
		return nil, fmt.Errorf("%.80q boosts what has no id", st.ID)
	}
	return st, nil
}

// post turns what a server showed into a post.
func (st *status) post(s server, a onrecord.Account, now time.Time) onrecord.Post {
	p := onrecord.Post{
		Account: a.ID, ID: s.name(st.ID), Revision: st.EditedAt, URL: st.link(), Author: s.author(st.Account), Kind: onrecord.Original,
		Lang: st.Language, Thread: s.name(st.ID), Raw: st.raw,
	}
	p.Created, p.Dated = when(st.CreatedAt, now)
	if st.Reblog != nil {
		said := st.Reblog.post(s, a, now)
		p.Kind, p.Revision, p.Thread = onrecord.Repost, "", "" // an edit by the other author is no act of the account
		p.Text, p.Warning, p.Links, p.Media, p.Lang = said.Text, said.Warning, said.Links, said.Media, said.Lang
		p.URL = said.URL
		p.Reposts = s.ref(st.Reblog)
		return p
	}
	p.Warning, p.Text, p.Links, p.Media = st.says()
	if st.Quote != nil && st.Quote.State == "accepted" && st.Quote.Quoted != nil && st.Quote.Quoted.ID != "" {
		p.Kind, p.Quotes = onrecord.Quote, s.ref(st.Quote.Quoted)
	}
	if st.ReplyTo != "" {
		p.Kind, p.ReplyTo, p.Thread = onrecord.Reply, &onrecord.Ref{ID: s.name(st.ReplyTo)}, s.name(st.ReplyTo)
		if st.ReplyToBy == st.Account.ID {
			p.Kind, p.ReplyTo.Account = onrecord.Thread, p.Author.Handle
		}
		for _, m := range st.Mentions {
			if m.ID == st.ReplyToBy && p.ReplyTo.Account == "" {
				p.ReplyTo.Account = s.full(m.Acct)
			}
		}
	}
	return p
}

// inline is the address of what is quoted, written for apps that do not show quotations.
var inline = regexp.MustCompile(`(?is)<(p|span) class="quote-inline">.*?</(p|span)>`)

// says reads what a status holds: the content is HTML, the warning is plain text.
func (st *status) says() (warning, text string, links []onrecord.Link, media []onrecord.Media) {
	content := st.Content
	if st.Quote != nil {
		content = inline.ReplaceAllString(content, "")
	}
	base, _ := url.Parse(st.link())
	d := markup.Read(content, base)
	for _, l := range d.Links {
		if !st.leadsInside(l.URL) {
			links = append(links, l)
		}
	}
	for _, m := range st.Media {
		kind := m.Type
		if kind == "gifv" {
			kind = "video"
		}
		if address := markup.Resolve(nil, cmp.Or(m.URL, m.RemoteURL)); address != "" && slices.Contains([]string{"image", "video", "audio"}, kind) {
			media = append(media, onrecord.Media{Kind: kind, URL: address, Alt: markup.Plain(m.Description)})
		}
	}
	if st.Card != nil {
		links = titled(links, markup.Resolve(nil, st.Card.URL), markup.Line(st.Card.Title))
	}
	return markup.Plain(st.Spoiler), d.Text, links, media
}

// leadsInside reports the links that name people and topics.
func (st *status) leadsInside(address string) bool {
	for _, m := range st.Mentions {
		if address == m.URL {
			return true
		}
	}
	for _, t := range st.Tags {
		if address == t.URL {
			return true
		}
	}
	return false
}

// titled adds the page a card shows, or its title to the link the text has.
func titled(links []onrecord.Link, address, title string) []onrecord.Link {
	if i := slices.IndexFunc(links, func(l onrecord.Link) bool { return l.URL == address }); i >= 0 {
		links[i].Title = title
		return links
	}
	if address == "" {
		return links
	}
	return append(links, onrecord.Link{URL: address, Title: title})
}

// link is where people read a status; its global name leads there as well.
func (st *status) link() string {
	return cmp.Or(markup.Resolve(nil, st.URL), markup.Resolve(nil, st.URI))
}

// name is the id of a status for the whole program: ids are those of one server.
func (s server) name(id string) string { return s.host() + "/" + id }

func (s server) author(a account) onrecord.Author {
	return onrecord.Author{ID: cmp.Or(a.URI, a.URL), Handle: s.full(a.Acct), Name: a.DisplayName}
}

// ref points at somebody's status, with its words if they are for everybody.
func (s server) ref(st *status) *onrecord.Ref {
	r := &onrecord.Ref{ID: s.name(st.ID), Account: s.full(st.Account.Acct), URL: st.link()}
	if st.everybodys() {
		_, r.Text, _, _ = st.says()
	}
	return r
}

// when reads a date. One that cannot be stored is none.
func when(said string, now time.Time) (at time.Time, dated bool) {
	t, err := time.Parse(time.RFC3339, said)
	if err != nil || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return now.UTC(), false
	}
	if t.After(now) { // servers believe the dates of other servers
		return now.UTC(), true
	}
	return t.UTC(), true
}
