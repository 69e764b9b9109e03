package bluesky

import (
	"cmp"
	"encoding/json"
	"slices"

	"onrecord"
	"onrecord/sources/markup"
)

// embed is what hangs below a text: pictures, a film, a card of a page, another
// post, or the last with one of the others. The author's record and the
// AppView's view of it have nearly the same shape; the view knows addresses and
// the words of what is quoted.
type embed struct {
	Images   []picture `json:"images"`
	External *struct {
		URI   string `json:"uri"`
		Title string `json:"title"`
	} `json:"external"`
	Playlist string  `json:"playlist"` // of a film
	Alt      string  `json:"alt"`      // of a film
	Record   *quoted `json:"record"`
	Media    *embed  `json:"media"` // beside Record
}

type picture struct {
	Fullsize string `json:"fullsize"`
	Alt      string `json:"alt"`
}

// quoted is another record; with media beside it, it stands one level deeper.
type quoted struct {
	URI    string          `json:"uri"`
	Author profile         `json:"author"`
	Value  json.RawMessage `json:"value"`
	Record json.RawMessage `json:"record"`
}

// quoted returns the post an embed quotes; nil when it quotes none, or a list,
// a feed or something else that is no post.
func (e *embed) quoted() *quoted {
	if e == nil || e.Record == nil {
		return nil
	}
	q := e.Record
	if q.URI == "" && len(q.Record) > 0 {
		inner := new(quoted)
		if json.Unmarshal(q.Record, inner) != nil {
			return nil
		}
		q = inner
	}
	if u, ok := parseURI(q.URI); !ok || u.collection != postType {
		return nil
	}
	return q
}

// ref is the quoted post. Its words are missing when it is deleted, blocked or
// detached.
func (q *quoted) ref() *onrecord.Ref {
	var value struct {
		Text string `json:"text"`
	}
	_ = json.Unmarshal(q.Value, &value) // no words then
	return ref(q.URI, q.Author, value.Text)
}

// addTo puts what is embedded into the post.
func (e *embed) addTo(p *onrecord.Post) {
	for _, pic := range e.Images {
		p.Media = append(p.Media, onrecord.Media{Kind: "image", URL: markup.Resolve(nil, pic.Fullsize), Alt: pic.Alt})
	}
	if e.Playlist != "" {
		p.Media = append(p.Media, onrecord.Media{Kind: "video", URL: markup.Resolve(nil, e.Playlist), Alt: e.Alt})
	}
	if e.External != nil {
		addCard(p, markup.Resolve(nil, e.External.URI), e.External.Title)
	}
	if q := e.quoted(); q != nil {
		p.Quotes = q.ref()
	}
	// Media has no media of its own; deeper ones are somebody's mischief.
	if m := e.Media; m != nil && m.Media == nil {
		m.addTo(p)
	}
}

// addCard adds the page a card shows, or its title to the link the text has.
func addCard(p *onrecord.Post, address, title string) {
	if address == "" {
		return
	}
	if i := slices.IndexFunc(p.Links, func(l onrecord.Link) bool { return l.URL == address }); i >= 0 {
		p.Links[i].Title = cmp.Or(p.Links[i].Title, title)
		return
	}
	p.Links = append(p.Links, onrecord.Link{URL: address, Title: title})
}
