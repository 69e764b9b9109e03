package discord_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"onrecord"
	"onrecord/bot"
	counters "onrecord/bot/desk"
	"onrecord/internal/beside"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/discord/message"
)

const readersRole = "1180000000000000900"

// A role is called by the words before all others, nobody else is, whatever a speaker says,
// and the message is found again as if it called nobody.
func TestRoleIsCalled(t *testing.T) {
	create, _ := schemas(t, beside.Specification(t, "discord-openapi.json"))
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		w.AddRole(discordtest.Role{ID: readersRole, Name: "readers", Mentionable: true})
		said := suit(func(s *onrecord.Statement) { s.Parts[0].Text = "@everyone see <@&1180000000000000901> and <@1>" })
		m := render(t, w, said)
		m.Ping = notifiers.Ping{Roles: []string{readersRole}}
		if _, err := w.notifier.Send(t.Context(), target, m, key("S-0042")); err != nil {
			t.Fatal(err)
		}
		if pings := w.Pings(); !slices.Equal(pings, []string{"role " + readersRole}) {
			t.Errorf("notified %v", pings)
		}
		since := time.Now().Add(-time.Minute)
		if _, found, err := w.find(t, "S-0042", since, ""); err != nil || !found {
			t.Errorf("found %v, %v", found, err)
		}
		m.Ping = notifiers.Ping{Silent: true}
		p, err := message.PayloadOf(m, "", "")
		if err != nil || !strings.Contains(string(p.Bytes), `"flags":4096`) || strings.Contains(string(p.Bytes), readersRole) {
			t.Errorf("a silent message is %s, %v", p.Bytes, err)
		}
		for _, ping := range []notifiers.Ping{{Silent: true}, {Roles: []string{readersRole}}} {
			m.Ping = ping
			if p, err = message.PayloadOf(m, "or1-284fb7c1145f00d6-n", ""); err != nil {
				t.Fatal(err)
			}
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(p.Bytes))
			if err != nil || create.Validate(value) != nil {
				t.Errorf("%s: %v, %v", p.Bytes, err, create.Validate(value))
			}
		}
	})
}

// Whoever lets a role be given to all who ask must be able to give it, and it gives nobody
// more than everybody has.
func TestWhoMayHaveARoleCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		const staff = "1180000000000000902"
		w.AddRole(discordtest.Role{ID: staff, Name: "staff", Position: 5})
		giver := w.notifier.(notifiers.RoleGiver)
		for _, c := range []struct {
			role discordtest.Role
			has  []string
			want string
		}{
			{discordtest.Role{Position: 4}, []string{staff}, ""},
			{discordtest.Role{Position: 5}, []string{staff}, "does not stand below yours"},
			{discordtest.Role{Position: 1}, []string{}, "does not stand below yours"},
			{discordtest.Role{Position: 8}, nil, ""},
			{discordtest.Role{Position: 1, Permissions: discordtest.ManageRoles}, nil, "lets its members do more than everybody may"},
		} {
			c.role.ID, c.role.Name = readersRole, "readers"
			w.AddRole(c.role)
			err := giver.ProbeGiver(t.Context(), target, readersRole, c.has)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v for %v: %v, want %q", c.role, c.has, err, c.want)
			}
		}
	})
}

// Somebody gives themselves the role that a channel calls, and is told what keeps the bot
// from it by its name.
func TestRoleIsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hours, err := schedule.ParseHours("22:00-07:00 Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		channels := []bot.Channel{{Target: target, Cases: []string{northwind.ID}, Pings: []bot.Ping{{Role: readersRole, Quiet: hours, Cooldown: 30 * time.Minute}}}}
		c := answering(t)
		channels[0].Notifier = c.notifier
		c.stop()
		c.desk.Commands = counters.Commands(counters.Setup{Visitor: bot.Visitor{Cases: []onrecord.Case{northwind}}, Channels: func() []bot.Channel { return channels }, Place: "Discord", Now: time.Now})
		c.serve(t)
		c.ready(t, time.Second)
		role := func(state string) string {
			t.Helper()
			m := c.Call(discordtest.Called{By: ann, Channel: room, Command: "notify role", Values: map[string]string{"state": state}}).Answer(10 * time.Second)
			if m == nil {
				t.Fatalf("no answer\n%s", c.log)
			}
			time.Sleep(5 * time.Second) // as slow as people are
			return discordtest.Unescape(m.Content)
		}
		good := discordtest.Role{ID: readersRole, Name: "readers", Mentionable: true, Position: 3}
		bare := discordtest.Role{ID: discordtest.BotRole, Position: 5, Ours: true}
		may := bare
		may.Permissions = discordtest.ManageRoles | discordtest.ViewChannel
		for _, step := range []struct {
			bot, role discordtest.Role
			state     string
			want      string
			has       bool
		}{
			{bare, good, "on", "The bot lacks Manage Roles: ", false},
			{may, discordtest.Role{ID: readersRole, Name: "readers", Position: 5}, "on", "The role “readers” stands above those of the bot: ", false},
			{may, discordtest.Role{ID: readersRole, Name: "readers", Managed: true}, "on", "is none that members of this server can be given", false},
			{may, good, "on", "You are called from now on: what anybody says; once in 30m for a case at most, and not between 22:00-07:00 Europe/Berlin.", true},
			{may, good, "off", "You are not called any more.", false},
		} {
			step.bot.Permissions |= discordtest.ViewChannel
			c.AddRole(step.bot)
			c.AddRole(step.role)
			if got := role(step.state); !strings.Contains(got, step.want) {
				t.Errorf("%s: answered %q, want %q\n%s", step.state, got, step.want, c.log)
			}
			if has := slices.Contains(c.Members(readersRole), ann.ID); has != step.has {
				t.Errorf("%s: has the role: %v", step.state, has)
			}
		}
		giver := c.notifier.(notifiers.RoleGiver)
		if err := giver.ProbeRole(t.Context(), target, readersRole); err != nil {
			t.Error(err)
		}
		good.Mentionable = false
		c.AddRole(good)
		if err := giver.ProbeRole(t.Context(), target, readersRole); err == nil || !strings.Contains(err.Error(), "“Allow anyone to @mention this role”") {
			t.Errorf("probed: %v", err)
		}
		c.Leave(ann.ID)
		if got := role("on"); !strings.Contains(got, "you are none") {
			t.Errorf("one who left is answered %q", got)
		}
		c.DeleteRole(readersRole)
		if got := role("on"); !strings.Contains(got, "is none that members") {
			t.Errorf("without the role: %q", got)
		}
	})
}
