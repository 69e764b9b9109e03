package message_test

import (
	"strings"
	"testing"

	"onrecord"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

func body(t *testing.T, s onrecord.Statement) discordtest.Body {
	t.Helper()
	b, err := message.Of(onrecord.StatementNotice{Statement: s})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	read, found := discordtest.Check(raw)
	if len(found) > 0 {
		t.Error(found)
	}
	return read
}

// Long names of an outlet and its headline, which grow when escaped, keep
// Discord's limits; and where nobody is named nothing looks like a quotation.
func TestQuotedByAnOutlet(t *testing.T) {
	t.Parallel()
	s := onrecord.Statement{No: 42, Speaker: "Dana Reyes", Via: strings.Repeat("a*", 300), Parts: []onrecord.Post{{
		Kind: onrecord.Article, URL: "https://courier.example/1", Title: strings.Repeat("b*", 300), Text: "“We never opened it,” somebody told The Courier.",
	}}}
	s.Summary.Quotes = []onrecord.Span{{Start: 3, End: 21}}
	if d := body(t, s).Embeds[0].Description; !strings.Contains(d, "> We never opened it") {
		t.Errorf("description %q", d)
	}
	s.Via, s.Speaker, s.Lane, s.Summary.Quotes = "courier.example", "", onrecord.ForReview, nil
	if d := body(t, s).Embeds[0].Description; strings.Contains(d, "> ") || !strings.Contains(d, card.Unquoted) || !strings.Contains(d, card.Nameless) {
		t.Errorf("description %q", d)
	}
}
