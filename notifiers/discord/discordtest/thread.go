package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Tag is one that posts of a forum can have.
type Tag struct {
	ID, Name  string
	Moderated bool // only who manages threads sets it
}

// Thread is a thread, or a post of a forum, as people see it.
type Thread struct {
	ID, Name, Owner  string
	Tags             []string // ids
	Readers          []string // who is in it, where it is private
	Archived, Locked bool
}

// AddForum adds a forum with the tags of its posts.
func (s *Server) AddForum(id string, mustTag bool, tags ...Tag) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[id] = &room{id: id, kind: Forum, tags: tags, tagged: mustTag}
}

// Threads are those of a channel, the oldest first.
func (s *Server) Threads(channel string) (list []Thread) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range sortedKeys(s.channels) {
		if r := s.channels[id]; r.parent == channel {
			list = append(list, Thread{r.id, r.name, r.owner, slices.Clone(r.applied), slices.Clone(r.readers), r.archived, r.locked})
		}
	}
	return list
}

// Rename gives a thread another name, as people do.
func (s *Server) Rename(thread, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[thread].name = name
}

// SetTags gives a post other tags, as people do.
func (s *Server) SetTags(post string, tags ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[post].applied = tags
}

func (r *room) isThread() bool {
	return r.kind == NewsThread || r.kind == PublicThread || r.kind == PrivateThread
}

// json is a thread as Discord tells of it.
func (r *room) json() map[string]any {
	at := r.archivedAt
	if at.IsZero() {
		at = time.UnixMilli(epoch)
	}
	return map[string]any{
		"id": r.id, "type": r.kind, "guild_id": GuildID, "parent_id": r.parent, "name": r.name, "owner_id": r.owner, "applied_tags": append([]string{}, r.applied...), "flags": 0,
		"message_count": len(r.messages), "member_count": 1, "total_message_sent": len(r.messages),
		"thread_metadata": map[string]any{"archived": r.archived, "locked": r.locked, "auto_archive_duration": 10080, "archive_timestamp": at.UTC().Format("2006-01-02T15:04:05.000000-07:00")},
	}
}

var noTag = problem(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")

// startThread makes a post of a forum, or a thread of a text channel. There is no nonce.
// https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel
func (s *Server) startThread(c call) reply {
	parent, no := s.enter(c, ViewChannel)
	if no != nil {
		return *no
	}
	have := s.permissions(parent)
	var b struct {
		Name      string          `json:"name"`
		Archive   int             `json:"auto_archive_duration"`
		Tags      []string        `json:"applied_tags"`
		Message   json.RawMessage `json:"message"`
		Type      int             `json:"type"`
		Invitable *bool           `json:"invitable"`
	}
	found := strictly(c.body, &b)
	fault := func(path, why string) {
		found = append(found, Violation{Path: path, Code: "BASE_TYPE_CHOICES", Message: why})
	}
	if n := units(strings.TrimSpace(b.Name)); n < 1 || n > 100 {
		fault("name", "Must be between 1 and 100 in length.")
	}
	if !slices.Contains([]int{0, 60, 1440, 4320, 10080}, b.Archive) {
		fault("auto_archive_duration", "Not a time after which threads are archived.")
	}
	r := &room{parent: parent.id, name: b.Name, owner: BotID, kind: PublicThread}
	if parent.kind != Forum {
		return s.startIn(parent, r, b.Type, have, len(b.Message) > 0 || len(b.Tags) > 0, found)
	}
	m, wrong := Check(b.Message)
	found = append(found, wrong...)
	if m.Nonce != "" || m.EnforceNonce {
		fault("message.nonce", "A post takes no nonce.")
	}
	if b.Type != 0 || b.Invitable != nil || len(b.Tags) > 5 {
		fault("applied_tags", "Five at most, and no type.")
	}
	if no := parent.wearable(b.Tags, have); no != nil {
		return *no
	}
	switch {
	case len(found) > 0:
		return invalid(found)
	case have&SendMessages == 0:
		return noRight
	case parent.tagged && len(b.Tags) == 0:
		return noTag
	}
	r.applied, r.id = b.Tags, s.newID()
	s.channels[r.id] = r
	first := s.post(r, BotID, Request{Body: m, JSON: b.Message})
	first.ID = r.id // the first message of a post has its id
	return created(r.json())
}

func created(v any) reply {
	rep := object(v)
	rep.status = http.StatusCreated
	return rep
}

// startIn makes a thread without a message in a text channel.
func (s *Server) startIn(parent, r *room, kind int, have uint64, more bool, found []Violation) reply {
	needs := uint64(CreatePublicThreads)
	if kind == PrivateThread {
		needs = CreatePrivateThreads
	}
	switch {
	case len(found) > 0:
		return invalid(found)
	case more || kind != PublicThread && kind != PrivateThread:
		return invalid([]Violation{{Path: "type", Code: "BASE_TYPE_CHOICES", Message: "A thread here has a type, no message and no tags."}})
	case parent.kind != Text && (parent.kind != Announcement || kind == PrivateThread):
		return problem(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	case have&needs == 0:
		return noRight
	}
	r.kind, r.id, r.readers = kind, s.newID(), []string{BotID}
	s.channels[r.id] = r
	return created(r.json())
}

// threadBelow makes a thread below a message, which has its id.
// https://discord.com/developers/docs/resources/channel#start-thread-from-message
func (s *Server) threadBelow(c call) reply {
	parent, no := s.enter(c, ViewChannel)
	if no != nil {
		return *no
	}
	var b struct {
		Name    string `json:"name"`
		Archive int    `json:"auto_archive_duration"`
	}
	m := parent.find(c.PathValue("m"))
	found := strictly(c.body, &b)
	if n := units(strings.TrimSpace(b.Name)); n < 1 || n > 100 || !slices.Contains([]int{0, 60, 1440, 4320, 10080}, b.Archive) {
		found = append(found, Violation{Path: "name", Code: "BASE_TYPE_BAD_LENGTH", Message: "Must be between 1 and 100 in length, and archived after a time that there is."})
	}
	switch {
	case len(found) > 0:
		return invalid(found)
	case parent.kind != Text && parent.kind != Announcement:
		return problem(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	case s.permissions(parent)&CreatePublicThreads == 0:
		return noRight
	case m == nil:
		return noMessage
	case slices.Contains(parent.begun, m.ID):
		return problem(http.StatusBadRequest, 160004, "A thread has already been created for this message")
	}
	r := &room{id: m.ID, parent: parent.id, name: b.Name, owner: BotID, kind: PublicThread, readers: []string{BotID}}
	if parent.kind == Announcement {
		r.kind = NewsThread
	}
	parent.begun = append(parent.begun, m.ID)
	s.channels[r.id] = r
	return created(r.json())
}

// begins is what stands at the top of a thread below a message, and is empty; nil in others.
func (s *Server) begins(r *room) *Message {
	if parent := s.channels[r.parent]; parent == nil || !slices.Contains(parent.begun, r.id) {
		return nil
	}
	return &Message{ID: r.id, Channel: r.id, Author: BotID}
}

// wearable says whether posts of a forum can have tags.
func (r *room) wearable(tags []string, have uint64) *reply {
	for i, id := range tags {
		n := slices.IndexFunc(r.tags, func(t Tag) bool { return t.ID == id })
		if n < 0 || slices.Contains(tags[:i], id) {
			rep := problem(http.StatusBadRequest, 10087, "Unknown tag")
			return &rep
		}
		if r.tags[n].Moderated && have&ManageThreads == 0 {
			return &noRight
		}
	}
	return nil
}

// changeThread opens a thread, or gives it other tags.
func (s *Server) changeThread(c call, r *room) reply {
	var change struct {
		Archived *bool     `json:"archived"`
		Tags     *[]string `json:"applied_tags"`
	}
	switch err := strictly(c.body, &change); {
	case err != nil || !r.isThread() || change.Archived == nil && change.Tags == nil:
		return invalid([]Violation{{Code: "JSON", Message: "only a thread's being archived and its tags can be changed"}})
	case r.locked && s.permissions(r)&ManageThreads == 0:
		return noRight
	case r.archived && (change.Archived == nil || *change.Archived):
		return archived
	}
	if change.Tags != nil {
		if no := s.channels[r.parent].wearable(*change.Tags, s.permissions(r)); no != nil {
			return *no
		}
		if len(*change.Tags) > 5 {
			return invalid([]Violation{{Path: "applied_tags", Code: "BASE_TYPE_MAX_LENGTH", Message: "Must be 5 or fewer in length."}})
		}
		r.applied = *change.Tags
	}
	if change.Archived != nil {
		r.archived = *change.Archived
	}
	return object(r.json())
}

func (s *Server) activeThreads(c call) reply {
	list := []any{}
	for _, id := range sortedKeys(s.channels) {
		if r := s.channels[id]; r.isThread() && !r.archived && s.permissions(r)&ViewChannel != 0 && r.owner != "" {
			list = append(list, r.json())
		}
	}
	return object(map[string]any{"threads": list, "members": []any{}})
}

func (s *Server) archivedPublic(c call) reply  { return s.archivedThreads(c, PublicThread) }
func (s *Server) archivedPrivate(c call) reply { return s.archivedThreads(c, PrivateThread) }

// archivedThreads lists public ones by the time they were archived and private ones by their
// ids, the newest first.
func (s *Server) archivedThreads(c call, kind int) reply {
	parent, no := s.enter(c, ReadMessageHistory)
	if no != nil {
		return *no
	}
	size := 50
	if v := c.URL.Query().Get("limit"); v != "" {
		size, _ = strconv.Atoi(v)
	}
	before := c.URL.Query().Get("before")
	bound, err := time.Parse(time.RFC3339Nano, before)
	if size < 2 || size > 100 || kind == PublicThread && before != "" && err != nil {
		return invalid([]Violation{{Path: "limit", Code: "NUMBER_TYPE_MAX", Message: "int value should be between 2 and 100, and before a time."}})
	}
	var all []*room
	for _, id := range sortedKeys(s.channels) {
		if r := s.channels[id]; r.parent == parent.id && r.kind == kind && r.archived {
			all = append(all, r)
		}
	}
	if kind == PublicThread {
		slices.SortStableFunc(all, func(a, b *room) int { return a.archivedAt.Compare(b.archivedAt) })
	}
	list := []any{}
	more := false
	for _, r := range slices.Backward(all) {
		id, _ := strconv.ParseUint(r.id, 10, 64)
		last, _ := strconv.ParseUint(before, 10, 64)
		if before != "" && (kind == PublicThread && !r.archivedAt.Before(bound) || kind == PrivateThread && id >= last) {
			continue
		}
		if more = len(list) == size; more {
			break
		}
		list = append(list, r.json())
	}
	return object(map[string]any{"threads": list, "members": []any{}, "has_more": more})
}

// addReader brings a member into a thread.
func (s *Server) addReader(c call) reply {
	r, no := s.enter(c, SendMessages)
	switch user := c.PathValue("u"); {
	case no != nil:
		return *no
	case !r.isThread():
		return problem(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	case s.left[user]:
		return problem(http.StatusNotFound, 10007, "Unknown Member")
	case r.archived:
		return archived
	default:
		if !slices.Contains(r.readers, user) {
			r.readers = append(r.readers, user)
		}
		return reply{status: http.StatusNoContent, header: http.Header{}}
	}
}
