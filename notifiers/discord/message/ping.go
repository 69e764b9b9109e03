package message

import (
	"encoding/json"
	"errors"
	"strings"

	"onrecord/notifiers"
)

// called are the fields of a stored message that a ping changes: it stands before all
// words, and nobody else is called.
// https://discord.com/developers/docs/resources/message#allowed-mentions-object
func called(body []byte, p notifiers.Ping) (map[string]any, error) {
	changed := map[string]any{}
	var b struct {
		Content string `json:"content"`
		Flags   int    `json:"flags"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, errors.New("the stored message is not a JSON object")
	}
	if p.Silent {
		changed["flags"] = b.Flags | SuppressNotifications
	}
	if len(p.Roles) > 0 {
		who := "<@&" + strings.Join(p.Roles, "> <@&") + "> "
		changed["content"], changed["allowed_mentions"] = who+b.Content, Mentions{Parse: []string{}, Roles: p.Roles}
	}
	if p.Reader != "" {
		changed["content"], changed["allowed_mentions"] = "<@"+p.Reader+"> "+b.Content, Mentions{Parse: []string{}, Users: []string{p.Reader}}
	}
	return changed, nil
}

// Uncalled is the text of a message without those whom it calls.
func Uncalled(content string) string {
	for strings.HasPrefix(content, "<@") {
		_, content, _ = strings.Cut(content, "> ")
	}
	return content
}
