package mastodontest

import (
	"strings"
	"time"
)

type object = map[string]any

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (s *Server) accountView(a *account) object {
	view := object{"id": a.id, "username": strings.Split(a.acct, "@")[0], "acct": a.acct, "display_name": a.name, "url": s.home(a), "uri": strings.Replace(s.home(a), "/@", "/users/", 1), "fields": []any{}}
	if a.state == "suspended" {
		view["suspended"] = true
	}
	if a.movedTo != "" {
		view["moved"] = object{"id": "9", "acct": a.movedTo}
	}
	return view
}

func (s *Server) address(st *status) string {
	if s.Strict {
		return s.home(st.by) + "/statuses/" + st.id
	}
	return s.home(st.by) + "/" + st.id
}

func (s *Server) view(st *status) object {
	v, d := st.shown(), st.draft
	view := object{
		"id": st.id, "uri": strings.Replace(s.home(st.by), "/@", "/users/", 1) + "/statuses/" + st.id, "url": s.address(st), "created_at": stamp(st.created), "edited_at": nil,
		"account": s.accountView(st.by), "visibility": d.Visibility, "language": nil, "sensitive": v.warning != "", "spoiler_text": v.warning, "content": s.content(v.text),
		"in_reply_to_id": nil, "in_reply_to_account_id": nil, "reblog": nil, "media_attachments": []any{}, "mentions": s.mentions(d), "tags": s.tags(v.text), "card": nil, "poll": nil,
		"replies_count": 1, "favourites_count": 2, "emojis": []any{},
	}
	if len(st.edits) > 0 {
		view["edited_at"] = stamp(v.at)
	}
	if d.Lang != "" {
		view["language"] = d.Lang
	}
	if st.boosts != nil {
		view["reblog"], view["content"], view["url"] = s.view(st.boosts), s.content(st.boosts.shown().text), s.address(st.boosts)
	}
	if d.ReplyTo != "" {
		view["in_reply_to_id"] = d.ReplyTo
		for _, o := range s.statuses {
			if o.id == d.ReplyTo {
				view["in_reply_to_account_id"] = o.by.id
			}
		}
	}
	if d.Image != "" {
		view["media_attachments"] = []object{{"id": "1", "type": "image", "url": d.Image, "preview_url": d.Image + "?small", "remote_url": nil, "description": d.Alt}}
	}
	if d.CardURL != "" {
		view["card"] = object{"url": d.CardURL, "title": d.CardTitle, "description": "", "type": "link"}
	}
	if d.Quotes != "" {
		state := d.QuoteState
		if state == "" {
			state = "accepted"
		}
		quote := object{"state": state, "quoted_status": nil}
		if q := s.find(d.Quotes); q != nil && state == "accepted" {
			quote["quoted_status"] = s.view(q)
		}
		view["quote"] = quote
		view["content"] = `<p class="quote-inline">RE: <a href="https://` + s.host + `/x">https://` + s.host + `/x</a></p>` + s.content(v.text)
	}
	return view
}

func (s *Server) mentions(d Draft) []object {
	list := []object{}
	for _, a := range s.accounts {
		if strings.Contains(d.Text, "@"+a.acct) {
			list = append(list, object{"id": a.id, "acct": a.acct, "url": "https://" + s.host + "/@" + a.acct, "username": a.acct})
		}
	}
	return list
}

func (s *Server) tags(text string) []object {
	list := []object{}
	for _, word := range marked.FindAllString(text, -1) {
		if word[0] == '#' {
			list = append(list, object{"name": word[1:], "url": "https://" + s.host + "/tags/" + word[1:]})
		}
	}
	return list
}

// ancestors are what stands before a status, the beginning of the thread first.
func (s *Server) ancestors(st *status, authorized bool) []object {
	list := []object{}
	for up := s.find(st.draft.ReplyTo); up != nil && up.visible(authorized); up = s.find(up.draft.ReplyTo) {
		list = append([]object{s.view(up)}, list...)
	}
	return list
}

// history are all versions, the first one first.
func (s *Server) history(st *status) []object {
	list := []object{}
	for _, v := range append([]version{{st.draft.Text, st.draft.Warning, st.created}}, st.edits...) {
		list = append(list, object{"content": s.content(v.text), "spoiler_text": v.warning, "sensitive": false, "created_at": stamp(v.at), "account": s.accountView(st.by), "media_attachments": []any{}, "emojis": []any{}})
	}
	return list
}
