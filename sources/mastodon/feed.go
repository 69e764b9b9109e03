package mastodon

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/markup"
)

// feed reads the feed of an account whose server shows its API to people with a login
// alone. It holds fewer posts, and says less of them.
func (r *round) feed(ctx context.Context, why error) error {
	name, host, _ := strings.Cut(r.account.Handle, "@")
	host = strings.ToLower(host)
	if r.mark.Host != "" && r.mark.Host != host { // ids of another server
		return why
	}
	r.server = r.at(host)
	items, err := r.server.feed(ctx, name)
	if told, ok := errorOf(err); ok && told.Trouble == sources.Gone {
		err = errors.New("it offers none")
	}
	if err != nil {
		return &sources.Error{Trouble: sources.Denied, Err: fmt.Errorf("%s wants a login, and the account's feed cannot be read, either (%w); name a server where you have an account in sources.mastodon: %w", host, err, why)}
	}
	r.warnings = append(r.warnings, fmt.Sprintf("%s shows its API to people with a login alone; the account's feed is read instead, which leaves out answers to others and boosts, and does not say when a post was edited; with a token in sources.mastodon all is read", host))
	r.mark.Host, r.again = host, !r.mark.Since.IsZero()
	for _, it := range slices.Backward(items) {
		p, ok := it.post(r.server, r.account, r.now)
		if !ok {
			r.warnings = append(r.warnings, "an item of the feed is no post of the account and is left out")
			continue
		}
		_, id, _ := strings.Cut(p.ID, "/")
		before, known := r.mark.known(id)
		r.mark.see(sighting{ID: id, Version: p.Revision, Root: before.Root})
		if !known || isDigest(before.Version) && before.Version != p.Revision {
			r.give(p, known)
		}
	}
	r.since()
	return nil
}

// item is a post in a feed: of RSS, as Mastodon writes it, or of JSON Feed, as
// GoToSocial does.
type item struct {
	ID      string  `xml:"guid" json:"id"`
	URL     string  `xml:"link" json:"url"`
	Content string  `xml:"description" json:"content_html"`
	RSSDate string  `xml:"pubDate" json:"-"`
	Date    string  `xml:"-" json:"date_published"`
	Media   []media `xml:"http://search.yahoo.com/mrss/ content" json:"-"`
	raw     []byte
}

type media struct {
	URL    string `xml:"url,attr"`
	Medium string `xml:"medium,attr"`
	Alt    string `xml:"http://search.yahoo.com/mrss/ description"`
}

// feed reads the feed of an account, the newest item first, from where Mastodon keeps
// it, or GoToSocial.
func (s server) feed(ctx context.Context, name string) ([]item, error) {
	s.token = "" // the feed is for everybody
	at := "/@" + url.PathEscape(name)
	d, err := s.read(ctx, at+".rss", "application/rss+xml", maxFeed)
	if err != nil && (d.Status == http.StatusNotFound || d.Status == http.StatusNotAcceptable) {
		d, err = s.read(ctx, at+"/feed.rss", "application/feed+json", maxFeed)
	}
	if err != nil {
		return nil, err
	}
	items, err := readFeed(d.Body)
	if err != nil {
		return nil, sources.NonsenseError("read the feed at %s: %w", sources.Redact(d.URL), err)
	}
	return items, nil
}

func readFeed(body []byte) ([]item, error) {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		var doc struct {
			Version string            `json:"version"`
			Items   []json.RawMessage `json:"items"`
		}
		if err := json.Unmarshal(body, &doc); err != nil || !strings.Contains(doc.Version, "jsonfeed.org") {
			return nil, cmp.Or(err, errors.New("it is no JSON Feed"))
		}
		items := make([]item, len(doc.Items))
		for i, raw := range doc.Items {
			_ = json.Unmarshal(raw, &items[i]) // what cannot be read has no id
			items[i].raw = raw
		}
		return items, nil
	}
	return readRSS(body)
}

func readRSS(body []byte) (items []item, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	for channel := false; ; {
		before := d.InputOffset()
		t, err := d.Token()
		if errors.Is(err, io.EOF) && channel {
			return items, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case start.Name.Local == "channel":
			channel = true
		case start.Name.Local == "item" && channel:
			var it item
			if err := d.DecodeElement(&it, &start); err != nil {
				return nil, err
			}
			it.raw = body[before:d.InputOffset()]
			items = append(items, it)
		case !channel && start.Name.Local != "rss":
			return nil, fmt.Errorf("it begins with <%.40s>, as no RSS does", start.Name.Local)
		}
	}
}

// warned is how Mastodon puts a content warning before a text in a feed.
// https://github.com/mastodon/mastodon/blob/main/app/helpers/formatting_helper.rb
var warned = regexp.MustCompile(`(?is)^\s*<p><strong>[^<]*</strong>(.*?)</p>\s*<hr\s*/?>`)

// post is an item as a post. One of another site is not the account's.
func (it item) post(s server, a onrecord.Account, now time.Time) (onrecord.Post, bool) {
	address := cmp.Or(it.URL, it.ID)
	page, err := url.Parse(address)
	if err != nil || !strings.EqualFold(page.Host, s.host()) || !idPattern.MatchString(path.Base(page.Path)) || markup.Resolve(nil, address) == "" {
		return onrecord.Post{}, false
	}
	content, warning := it.Content, ""
	if m := warned.FindStringSubmatchIndex(content); m != nil {
		warning, content = markup.Line(content[m[2]:m[3]]), content[m[1]:]
	}
	d := markup.Read(content, page)
	p := onrecord.Post{
		Account: a.ID, ID: s.name(path.Base(page.Path)), URL: address, Kind: onrecord.Original, Warning: warning, Text: d.Text, Links: d.Links,
		Author: onrecord.Author{ID: s.base + "/users/" + strings.Split(a.Handle, "@")[0], Handle: a.Handle}, Raw: bytes.Clone(it.raw[:min(len(it.raw), maxRaw)]),
	}
	p.Revision, p.Thread = digest(p.Warning+"\n"+p.Text), p.ID
	if t, err := time.Parse(time.RFC1123Z, it.RSSDate); err == nil {
		it.Date = t.Format(time.RFC3339)
	}
	p.Created, p.Dated = when(it.Date, now)
	for _, m := range it.Media {
		if u := markup.Resolve(nil, m.URL); u != "" {
			p.Media = append(p.Media, onrecord.Media{Kind: cmp.Or(m.Medium, "image"), URL: u, Alt: markup.Plain(m.Alt)})
		}
	}
	return p, true
}

// digest stands for a version where none is named.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "#" + base64.RawURLEncoding.EncodeToString(sum[:9])
}

func isDigest(version string) bool { return strings.HasPrefix(version, "#") }
