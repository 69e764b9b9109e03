package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /users/@me":                                       (*Server).self,
		"GET /guilds/{g}/roles":                                (*Server).guildRoles,
		"GET /guilds/{g}/members/{u}":                          (*Server).member,
		"PUT /guilds/{g}/members/{u}/roles/{r}":                (*Server).giveRole,
		"DELETE /guilds/{g}/members/{u}/roles/{r}":             (*Server).takeRole,
		"GET /channels/{c}":                                    (*Server).channel,
		"PATCH /channels/{c}":                                  (*Server).changeChannel,
		"POST /channels/{c}/messages":                          (*Server).create,
		"GET /channels/{c}/messages":                           (*Server).list,
		"GET /channels/{c}/messages/{m}":                       (*Server).message,
		"PATCH /channels/{c}/messages/{m}":                     (*Server).edit,
		"DELETE /channels/{c}/messages/{m}":                    (*Server).remove,
		"POST /channels/{c}/messages/{m}/crosspost":            (*Server).crosspost,
		"POST /webhooks/{id}/{token}":                          (*Server).execute,
		"POST /channels/{c}/threads":                           (*Server).startThread,
		"POST /channels/{c}/messages/{m}/threads":              (*Server).threadBelow,
		"GET /guilds/{g}/threads/active":                       (*Server).activeThreads,
		"GET /channels/{c}/threads/archived/public":            (*Server).archivedPublic,
		"GET /channels/{c}/users/@me/threads/archived/private": (*Server).archivedPrivate,
		"PUT /channels/{c}/thread-members/{u}":                 (*Server).addReader,
	} {
		mux.Handle(pattern, h)
	}
	return mux
}

var (
	noChannel  = problem(http.StatusNotFound, 10003, "Unknown Channel")
	noMessage  = problem(http.StatusNotFound, 10008, "Unknown Message")
	noAccess   = problem(http.StatusForbidden, 50001, "Missing Access")
	noRight    = problem(http.StatusForbidden, 50013, "Missing Permissions")
	noWebhook  = problem(http.StatusNotFound, 10015, "Unknown Webhook")
	notText    = problem(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
	tooLarge   = problem(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
	empty      = problem(http.StatusBadRequest, 50006, "Cannot send an empty message")
	archived   = problem(http.StatusBadRequest, 50083, "Thread is archived")
	lockedDown = problem(http.StatusForbidden, 160005, "Thread is locked")
	notOurs    = problem(http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
)

func (s *Server) self(call) reply {
	return object(map[string]any{"id": BotID, "username": "onrecord", "bot": true})
}

func (s *Server) guildRoles(c call) reply {
	if c.PathValue("g") != GuildID {
		return problem(http.StatusNotFound, 10004, "Unknown Guild")
	}
	list := []any{}
	for _, id := range sortedKeys(s.roles) {
		r := s.roles[id]
		list = append(list, map[string]any{"id": id, "name": r.Name, "permissions": strconv.FormatUint(r.Permissions, 10), "position": r.Position, "managed": r.Managed, "mentionable": r.Mentionable})
	}
	return object(list)
}

func (s *Server) member(c call) reply {
	if c.PathValue("g") != GuildID || c.PathValue("u") != BotID {
		return problem(http.StatusNotFound, 10007, "Unknown Member")
	}
	ids := []string{}
	for _, id := range sortedKeys(s.roles) {
		if s.roles[id].Ours && id != GuildID {
			ids = append(ids, id)
		}
	}
	return object(map[string]any{"user": map[string]any{"id": BotID}, "roles": ids})
}

// enter returns the channel if the bot may do what it needs to.
func (s *Server) enter(c call, needs uint64) (*room, *reply) {
	r := s.channels[c.PathValue("c")]
	if r == nil {
		return nil, &noChannel
	}
	have := s.permissions(r)
	if have&ViewChannel == 0 {
		return nil, &noAccess
	}
	if needs == SendMessages && r.isThread() {
		needs = SendMessagesInThreads
	}
	if have&needs != needs {
		return nil, &noRight
	}
	return r, nil
}

func (s *Server) channel(c call) reply {
	r, no := s.enter(c, ViewChannel)
	if no != nil {
		return *no
	}
	over := []any{}
	for _, o := range r.overwrites {
		over = append(over, map[string]any{"id": o.ID, "allow": strconv.FormatUint(o.Allow, 10), "deny": strconv.FormatUint(o.Deny, 10)})
	}
	channel := map[string]any{"id": r.id, "type": r.kind, "guild_id": GuildID, "permission_overwrites": over}
	if r.parent != "" {
		return object(r.json())
	}
	if r.kind == Forum {
		tags := []any{}
		for _, t := range r.tags {
			tags = append(tags, map[string]any{"id": t.ID, "name": t.Name, "moderated": t.Moderated, "emoji_id": nil, "emoji_name": nil})
		}
		channel["available_tags"], channel["flags"] = tags, map[bool]int{true: 1 << 4}[r.tagged]
	}
	return object(channel)
}

func (s *Server) changeChannel(c call) reply {
	r, no := s.enter(c, ViewChannel)
	if no != nil {
		return *no
	}
	return s.changeThread(c, r)
}

// create follows the documented rule of nonces: one that the author used within
// the window gives the first message back, wherever it is, and creates nothing.
func (s *Server) create(c call) reply {
	r, no := s.enter(c, SendMessages)
	switch {
	case no != nil:
		return *no
	case r.kind == Forum:
		return notText
	case r.locked:
		return lockedDown
	}
	header, no := s.spend(r)
	if no != nil {
		return *no
	}
	b, rep := checked(c.Header.Get("Content-Type"), c.body)
	if rep != nil {
		return *rep
	}
	if before, ok := s.nonces[b.Nonce]; ok && b.EnforceNonce && (s.window < 0 || time.Since(before.at) < s.window) {
		s.hits++
		if before.message.deleted {
			return noMessage
		}
		return reply{status: http.StatusOK, header: header, body: before.first}
	}
	if no := s.answerable(r, b.MessageReference); no != nil {
		return *no
	}
	if len(b.Files) > 0 && s.permissions(r)&AttachFiles == 0 {
		return noRight
	}
	if s.permissions(r)&EmbedLinks == 0 {
		b.Embeds = nil
	}
	r.archived = false
	m := s.post(r, BotID, b)
	if b.Nonce != "" {
		s.nonces[b.Nonce] = receipt{message: m, first: m.json(), at: m.At}
	}
	return reply{status: http.StatusOK, header: header, body: m.json()}
}

func (s *Server) post(r *room, author string, b Request) *Message {
	m := &Message{ID: s.newID(), Channel: r.id, Author: author, Nonce: b.Nonce, At: time.Now(), Body: b.JSON, Answers: r.answered(b.MessageReference)}
	m.replace(b, s.newID)
	r.messages = append(r.messages, m)
	s.notify(strings.Join(append(Texts(b.Components), b.Content), "\n"), b.AllowedMentions)
	return m
}

// checked reads a body that is to show something.
func checked(kind string, raw []byte) (Request, *reply) {
	if len(raw) > maxBytes {
		return Request{}, &tooLarge
	}
	b, found := CheckRequest(kind, raw)
	if len(found) > 0 {
		rep := invalid(found)
		return b, &rep
	}
	if b.Content == "" && len(b.Embeds) == 0 && len(b.Components) == 0 && len(b.Files) == 0 {
		return b, &empty
	}
	return b, nil
}

func (s *Server) execute(c call) reply {
	if c.PathValue("id") == AppID && s.followUp != nil {
		return s.followUp(c)
	}
	id, ok := s.webhooks[c.PathValue("id")+"/"+c.PathValue("token")]
	r := s.channels[id]
	if !ok || r == nil {
		return noWebhook
	}
	b, rep := checked(c.Header.Get("Content-Type"), c.body)
	if rep != nil {
		return *rep
	}
	if c.URL.Query().Get("with_components") != "true" {
		b.Components = nil
	}
	m := s.post(r, c.PathValue("id"), b)
	if c.URL.Query().Get("wait") != "true" {
		return reply{status: http.StatusNoContent, header: http.Header{}}
	}
	return answer(m.json())
}

// list is newest first. Without the permission to read the history there is
// nothing in it, which is no error.
func (s *Server) list(c call) reply {
	r, no := s.enter(c, ViewChannel)
	if no != nil {
		return *no
	}
	q := c.URL.Query()
	size := 50
	if v := q.Get("limit"); v != "" {
		size, _ = strconv.Atoi(v)
	}
	if size < 1 || size > 100 {
		return invalid([]Violation{{Path: "limit", Code: "NUMBER_TYPE_MAX", Message: "int value should be between 1 and 100."}})
	}
	id := func(name string, otherwise uint64) uint64 {
		if n, err := strconv.ParseUint(q.Get(name), 10, 64); err == nil {
			return n
		}
		return otherwise
	}
	before, after := id("before", ^uint64(0)), id("after", 0)
	var matching []*Message
	all := r.shown()
	if first := s.begins(r); first != nil {
		all = append([]*Message{first}, all...)
	}
	for _, m := range all {
		if n, _ := strconv.ParseUint(m.ID, 10, 64); n < before && n > after {
			matching = append(matching, m)
		}
	}
	if around := id("around", 0); around > 0 {
		i, _ := slices.BinarySearchFunc(matching, around, func(m *Message, t uint64) int {
			n, _ := strconv.ParseUint(m.ID, 10, 64)
			return int(min(max(int64(n-t), -1), 1))
		})
		matching = matching[max(0, i-size/2):min(len(matching), i+size/2)]
	}
	if len(matching) > size {
		if after > 0 {
			matching = matching[:size]
		} else {
			matching = matching[len(matching)-size:]
		}
	}
	list := []json.RawMessage{}
	if s.permissions(r)&ReadMessageHistory != 0 {
		for _, m := range slices.Backward(matching) {
			list = append(list, m.json())
		}
	}
	return object(list)
}

func (s *Server) message(c call) reply {
	r, no := s.enter(c, ReadMessageHistory)
	if no != nil {
		return *no
	}
	m := r.find(c.PathValue("m"))
	if m == nil {
		return noMessage
	}
	return answer(m.json())
}

func (s *Server) edit(c call) reply {
	r, no := s.enter(c, ViewChannel)
	if no != nil {
		return *no
	}
	m := r.find(c.PathValue("m"))
	switch {
	case m == nil:
		return noMessage
	case m.Author != BotID:
		return notOurs
	case r.locked:
		return lockedDown
	case r.archived:
		return archived
	}
	b, found := CheckRequest(c.Header.Get("Content-Type"), c.body, m.fileIDs()...)
	if b.Nonce != "" {
		found = append(found, Violation{Path: "nonce", Code: "BASE_TYPE_UNKNOWN", Message: "An edit takes no nonce."})
	}
	if m.Alone && (b.Content != "" || len(b.Embeds) > 0) {
		found = append(found, Violation{Path: "content", Code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", Message: "The message consists of components."})
	}
	switch {
	case len(found) > 0:
		return invalid(found)
	case len(b.Files) > 0 && s.permissions(r)&AttachFiles == 0:
		return noRight
	}
	m.replace(b, s.newID)
	m.Edits++
	s.notify(strings.Join(append(Texts(m.Components), m.Content), "\n"), b.AllowedMentions)
	return answer(m.json())
}

func (s *Server) remove(c call) reply {
	r, no := s.enter(c, ViewChannel)
	if no != nil {
		return *no
	}
	m := r.find(c.PathValue("m"))
	if m == nil {
		return noMessage
	}
	if m.Author != BotID && s.permissions(r)&ManageMessages == 0 {
		return noRight
	}
	m.deleted = true
	return reply{status: http.StatusNoContent, header: http.Header{}}
}
