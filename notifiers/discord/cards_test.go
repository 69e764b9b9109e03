package discord_test

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"onrecord"
	"onrecord/internal/beside"
	"onrecord/notifiers"
	"onrecord/notifiers/discord"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/discord/message"
)

// inCards is the same bot, with statements as cards of components.
func (w bench) inCards(t *testing.T) bench {
	t.Helper()
	n, err := discord.OfCards(w.road, secret).Open(notifiers.Env{Version: "v1.2.3", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w.notifier = n
	return w
}

// The bodies of the other design are as Discord's own description of its API has them.
func TestCardsFollowDiscord(t *testing.T) {
	t.Parallel()
	create, edit := schemas(t, beside.Specification(t, "discord-openapi.json"))
	w := world(t).inCards(t)
	for name, n := range notices() {
		m := render(t, w, n)
		m.Ping.Roles = []string{readersRole}
		schema := edit
		if s, is := n.(onrecord.StatementNotice); is && s.Statement.Lane != onrecord.ForReview {
			schema = create
		}
		p, err := message.PayloadOf(notifiers.Message{Body: m.Body, Ping: m.Ping}, "", "")
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(p.Bytes))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every notice has a body in the other design, too, within Discord's limits, which notifies
// nobody; cards are kept to be looked at.
func TestCards(t *testing.T) {
	t.Parallel()
	w := world(t).inCards(t)
	for name, n := range notices() {
		m := render(t, w, n)
		p, err := message.PayloadOf(notifiers.Message{Body: m.Body}, "", "")
		if err != nil {
			t.Fatal(err)
		}
		b, found := discordtest.Check(p.Bytes)
		for _, v := range found {
			t.Errorf("%s: Discord would refuse the body: %v", name, v)
		}
		s, is := n.(onrecord.StatementNotice)
		of := is && s.Statement.Lane != onrecord.ForReview || slices.Contains([]onrecord.NoticeKind{onrecord.AlsoSaid, onrecord.Corrected}, n.Kind())
		if r, redacted := n.(onrecord.RedactedNotice); redacted && r.Edit == nil {
			of = true
		}
		if carded := b.Flags&(1<<15) != 0; carded != of {
			t.Errorf("%s is a card: %v, want %v", name, carded, of)
		}
		if !of {
			continue
		}
		if is && (s.Gap != nil) != (b.Flags&message.SuppressNotifications != 0) {
			t.Errorf("%s: flags %d", name, b.Flags)
		}
		if b.AllowedMentions == nil || len(b.AllowedMentions.Parse)+len(b.AllowedMentions.Roles)+len(b.AllowedMentions.Users) > 0 {
			t.Errorf("%s may notify somebody", name)
		}
		texts := strings.Join(discordtest.Texts(b.Components), "\n")
		if strings.Contains(texts, "@everyone") || strings.Contains(texts, "<@") {
			t.Errorf("%s mentions somebody: %q", name, texts)
		}
		if m := foreign(strings.ReplaceAll(texts, "### ", "")); m != "" {
			t.Errorf("%s: %q has a meaning that is not ours in\n%s", name, m, texts)
		}
		if slices.Contains([]string{"short", "long", "thread", "translated", "also said", "corrected"}, name) {
			golden(t, filepath.Join("testdata", "cards_"+strings.ReplaceAll(name, " ", "_")+".json"), indented(t, m.Body))
		}
	}
}

// A message is changed in the design that it has, or by then can have, whatever is configured;
// it is found again, calls who is to be called, and comes once.
func TestDesignsChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		embeds := world(t)
		cards := embeds.inCards(t)
		embeds.AddRole(discordtest.Role{ID: readersRole, Name: "readers", Mentionable: true})
		also := onrecord.AlsoSaidNotice{Statement: suit(func(s *onrecord.Statement) {
			s.Mirrors = append(s.Mirrors, onrecord.Mention{Source: "feed", URL: "https://northwind.example/news/harbor", At: said})
		}).Statement, Case: northwind}
		for _, c := range []struct {
			name       string
			by, change bench
			alone      bool // in the end it consists of components
		}{
			{"embed", embeds, embeds, false}, {"card", cards, cards, true}, {"embed, then cards", embeds, cards, true}, {"card, then embeds", cards, embeds, true},
		} {
			m := render(t, c.by, suit(nil))
			m.Ping = notifiers.Ping{Roles: []string{readersRole}}
			since := time.Now()
			id := "S-0042"
			before := len(embeds.Messages(room))
			for range 2 { // the same delivery again
				if _, err := c.by.notifier.Send(t.Context(), target, m, "demo\n"+c.name+"\n"+id+"\nn\n0"); err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
			}
			list := embeds.Messages(room)
			if len(list) != before+1 {
				t.Fatalf("%s: %d messages", c.name, len(list)-before)
			}
			posted := list[before]
			if pings := embeds.Pings(); len(pings) != before+1 || pings[before] != "role "+readersRole {
				t.Errorf("%s called %v", c.name, pings)
			}
			r, found, err := c.change.notifier.(notifiers.Finder).Find(t.Context(), target, notifiers.Query{Message: m, Key: key(id), Since: since, After: notifiers.Receipt{}})
			if err != nil || !found || r.ID != posted.ID {
				t.Errorf("%s: found %v, %v, %v", c.name, r, found, err)
			}
			if err := c.change.notifier.(notifiers.Editor).Edit(t.Context(), target, notifiers.Receipt{ID: posted.ID}, render(t, c.change, also)); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			shown := embeds.Messages(room)[before]
			if shown.Alone != c.alone || !strings.Contains(shown.Text(), "northwind.example") || !strings.Contains(shown.Text(), "Today we filed suit") || shown.Buttons()["Source"].URL == "" {
				t.Errorf("%s shows %+v", c.name, shown)
			}
			if pings := embeds.Pings(); len(pings) != before+1 {
				t.Errorf("%s: a change called %v", c.name, pings[before+1:])
			}
			time.Sleep(time.Minute)
		}
	})
}
