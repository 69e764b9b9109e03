package blueskytest

import "strings"

type object = map[string]any

// feedEntry is an entry of an author feed as the AppView shows it.
func (s *Server) feedEntry(e *entry, newest bool) any {
	if e.repost != nil {
		why := object{"$type": "app.bsky.feed.defs#reasonRepost", "by": e.by.profile(), "indexedAt": stamp(s.shownIndexed(e))}
		if !s.Hit(OldReasons) {
			why["uri"], why["cid"] = e.uri(), e.cid
		}
		return object{"post": s.postView(e.repost), "reason": why}
	}
	if newest && s.Hit(Unreadable) {
		return object{"post": "a new shape of posts"}
	}
	view := object{"post": s.postView(e)}
	if e.draft.ReplyTo != "" {
		view["reply"] = object{"root": s.neighbour(s.root(e)), "parent": s.neighbour(e.draft.ReplyTo)}
	}
	if newest && s.Hit(Foreign) {
		view["post"].(object)["uri"] = "at://did:plc:somebodyelse/app.bsky.feed.post/" + e.key
	}
	return view
}

// neighbour is another post of a thread, or that it is gone.
func (s *Server) neighbour(uri string) any {
	e := s.find(uri)
	if e == nil {
		return object{"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri, "notFound": true}
	}
	view := s.postView(e)
	view["$type"] = "app.bsky.feed.defs#postView"
	return view
}

func (a *account) profile() object {
	return object{"did": a.did, "handle": a.handle, "displayName": a.name, "labels": append([]object{}, a.labels...)}
}

func (s *Server) postView(e *entry) object {
	view := object{
		"uri": e.uri(), "cid": e.cid, "author": e.by.profile(), "record": s.record(e), "indexedAt": stamp(s.shownIndexed(e)),
		"replyCount": 1, "repostCount": 2, "likeCount": 3, "quoteCount": 0, "labels": []any{},
	}
	if v := s.embedView(e.draft); v != nil {
		view["embed"] = v
	}
	return view
}

// record is the post as its author signed it.
func (s *Server) record(e *entry) object {
	d := e.draft
	rec := object{"$type": "app.bsky.feed.post", "text": d.Text, "createdAt": stamp(e.claimed)}
	if d.Lang != "" {
		rec["langs"] = []string{d.Lang}
	}
	if d.Label != "" {
		rec["labels"] = object{"$type": "com.atproto.label.defs#selfLabels", "values": []object{{"val": d.Label}}}
	}
	if d.ReplyTo != "" {
		rec["reply"] = object{"root": s.strong(s.root(e)), "parent": s.strong(d.ReplyTo)}
	}
	if facets := s.facets(d); len(facets) > 0 {
		rec["facets"] = facets
	}
	media := object(nil)
	switch {
	case d.Card.URL != "":
		media = object{"$type": "app.bsky.embed.external", "external": object{"uri": d.Card.URL, "title": d.Card.Text, "description": ""}}
	case d.Image.URL != "":
		media = object{"$type": "app.bsky.embed.images", "images": []object{{"alt": d.Image.Text, "image": object{"$type": "blob"}}}}
	}
	switch {
	case d.Quotes != "" && media != nil:
		rec["embed"] = object{"$type": "app.bsky.embed.recordWithMedia", "record": object{"record": s.strong(d.Quotes)}, "media": media}
	case d.Quotes != "":
		rec["embed"] = object{"$type": "app.bsky.embed.record", "record": s.strong(d.Quotes)}
	case media != nil:
		rec["embed"] = media
	}
	return rec
}

func (s *Server) strong(uri string) object {
	ref := object{"uri": uri, "cid": "bafyreigone"}
	if e := s.find(uri); e != nil {
		ref["cid"] = e.cid
	}
	return ref
}

// facets marks the links in a text, in bytes as the protocol wants it.
func (s *Server) facets(d Draft) []object {
	mark := func(start, end int, feature object) object {
		return object{"index": object{"byteStart": start, "byteEnd": end}, "features": []object{feature}}
	}
	link := func(address string) object {
		return object{"$type": "app.bsky.richtext.facet#link", "uri": address}
	}
	var facets []object
	for _, l := range d.Links {
		if at := strings.Index(d.Text, l.Text); at >= 0 {
			facets = append(facets, mark(at, at+len(l.Text), link(l.URL)))
		}
	}
	if s.Hit(BadFacets) {
		n := len(d.Text)
		facets = append(facets,
			mark(0, n+7, link("https://overrun.example/")), mark(-3, 2, link("https://negative.example/")), mark(5, 5, link("https://empty.example/")),
			mark(n-1, n, link("https://cut.example/")), mark(0, n, link("javascript:alert(1)")),
			object{"index": "none", "features": 7}, mark(1, 2, object{"$type": "example.unknown#mark"}))
	}
	return facets
}

// embedView is what hangs below a post, with addresses and others' words.
func (s *Server) embedView(d Draft) object {
	var media, quote object
	switch {
	case d.Card.URL != "":
		media = object{"$type": "app.bsky.embed.external#view", "external": object{"uri": d.Card.URL, "title": d.Card.Text, "description": "", "thumb": "https://cdn.example/t.jpg"}}
	case d.Image.URL != "":
		media = object{"$type": "app.bsky.embed.images#view", "images": []object{{"thumb": d.Image.URL + "?thumb", "fullsize": d.Image.URL, "alt": d.Image.Text}}}
	}
	if d.Quotes != "" {
		quote = object{"$type": "app.bsky.embed.record#view", "record": object{"$type": "app.bsky.embed.record#viewNotFound", "uri": d.Quotes, "notFound": true}}
		if q := s.find(d.Quotes); q != nil {
			quote["record"] = object{
				"$type": "app.bsky.embed.record#viewRecord", "uri": q.uri(), "cid": q.cid, "author": q.by.profile(), "value": s.record(q), "indexedAt": stamp(s.shownIndexed(q)),
			}
		}
	}
	switch {
	case quote != nil && media != nil:
		return object{"$type": "app.bsky.embed.recordWithMedia#view", "record": quote, "media": media}
	case quote != nil:
		return quote
	}
	return media
}
