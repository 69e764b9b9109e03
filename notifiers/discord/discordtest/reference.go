package discordtest

import "net/http"

// MessageReference makes a message an answer to another.
// https://discord.com/developers/docs/resources/message#message-reference-structure
type MessageReference struct {
	Type            int    `json:"type"`
	MessageID       string `json:"message_id"`
	FailIfNotExists *bool  `json:"fail_if_not_exists,omitempty"` // nil is true
}

var noHistory = problem(http.StatusForbidden, 160002, "Cannot reply without permission to read message history")

// answerable says what is wrong with an answer; nil: nothing. One to a message that is
// gone is a message all the same, when that is asked for.
func (s *Server) answerable(r *room, to *MessageReference) *reply {
	if to == nil {
		return nil
	}
	if s.permissions(r)&ReadMessageHistory == 0 {
		return &noHistory
	}
	if r.find(to.MessageID) == nil && (to.FailIfNotExists == nil || *to.FailIfNotExists) {
		rep := invalid([]Violation{{Path: "message_reference", Code: "REPLIES_UNKNOWN_MESSAGE", Message: "Unknown message"}})
		return &rep
	}
	return nil
}

// answered is the message that a new one shows that it answers; "": none.
func (r *room) answered(to *MessageReference) string {
	if to == nil || r.find(to.MessageID) == nil {
		return ""
	}
	return to.MessageID
}
