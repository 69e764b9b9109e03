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
	call := func(who string, allowed Mentions) (err error) {
		changed["allowed_mentions"] = allowed
		if b.Flags&componentsAlone == 0 {
			changed["content"] = who + b.Content
			return nil
		}
		changed["components"], err = callAbove(body, who)
		return err
	}
	if p.Silent {
		changed["flags"] = b.Flags | SuppressNotifications
	}
	if len(p.Roles) > 0 {
		if err := call("<@&"+strings.Join(p.Roles, "> <@&")+"> ", Mentions{Parse: []string{}, Roles: p.Roles}); err != nil {
			return nil, err
		}
	}
	if p.Reader != "" {
		if err := call("<@"+p.Reader+"> ", Mentions{Parse: []string{}, Users: []string{p.Reader}}); err != nil {
			return nil, err
		}
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
