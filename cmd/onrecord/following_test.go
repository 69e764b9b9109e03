package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"onrecord/internal/store/storetest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/x/xtest"
)

const newsroom = "1180000000000000030"

// A channel is subscribed on Discord, with the real program: tried out before it is saved,
// told at once, over a kill, muted, unsubscribed and had again.
func TestFollowedOnDiscord(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); followedOnDiscord(t, newEdge(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); followedOnDiscord(t, newEdgeOn(t, storetest.Postgres(t))) })
}

func followedOnDiscord(t *testing.T, e *edge) {
	e.discord.AddChannel(newsroom, discordtest.Text, "")
	e.x.Account("harborlabs", "Harbor Labs")
	config := e.config(t, fictional+"accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs, schedule: \"@every 1s\"}\n")
	p := start(t, config)
	ready := func() { until(t, patience, "commands are heard", func() bool { return e.gateway.Sessions() == 1 }) }
	ready()
	until(t, patience, "the account is watched", func() bool { return watched(e.status(t), 1) })
	told := func(channel, what string) {
		t.Helper()
		until(t, patience, "it is told of "+what, func() bool { return strings.Contains(texts(e.discord.Messages(channel)), what) })
	}
	e.x.Post("harborlabs", xtest.Post{Text: saying(1)})
	told(readers, "Statement 001")
	asker := 0
	here := func(c discordtest.Called, want ...string) *discordtest.Call {
		t.Helper()
		if c.Press == "" { // somebody else each time: one person may not ask that fast
			asker++
		}
		if c.By.ID == "" {
			c.By = keeper
		}
		c.By.ID = fmt.Sprint(1180000000000500000 + asker)
		if c.Channel == "" {
			c.Channel = newsroom
		}
		call := e.gateway.Call(c)
		m := call.Answer(patience)
		if m == nil || !call.Private() {
			t.Fatalf("%+v was answered by %+v", c, m)
		}
		shown := m.Text()
		for _, w := range want {
			if !strings.Contains(shown, w) {
				t.Errorf("%+v: no %q in\n%s", c, w, shown)
			}
		}
		return call
	}
	subscribe := discordtest.Called{Command: "subscribe", Values: map[string]string{"case": "northwind-v-harbor", "speakers": "harbor labs"}}
	all := uint64(discordtest.ViewChannel | discordtest.SendMessages | discordtest.ReadMessageHistory)
	e.discord.SetRole(discordtest.BotRole, all, true)
	refused := here(subscribe, "Nothing was saved", "lacks Embed Links")
	if b := refused.Buttons(); len(b) != 1 || !strings.HasPrefix(b["Invite it again"].URL, "https://discord.com/oauth2/authorize?client_id=") {
		t.Errorf("without Embed Links: %+v", b)
	}
	e.discord.SetRole(discordtest.BotRole, all|discordtest.EmbedLinks|discordtest.AttachFiles, true)
	asked := here(subscribe, "Nothing is saved yet", "this would have brought 1 message.", "what Harbor Labs says", "Statement 001")
	if shown := e.discord.Messages(newsroom); len(shown) != 0 || !strings.Contains(command(t, "status", "--config", config), "readers") {
		t.Errorf("before it is saved there stands %s", texts(shown))
	}
	here(discordtest.Called{Press: asked.Buttons()["Save"].CustomID, On: asked}, "Saved. From now on this channel is told of")
	e.x.Post("harborlabs", xtest.Post{Text: saying(2)})
	told(newsroom, "Statement 002")

	p.kill()
	until(t, patience, "its connection is closed", func() bool { return e.gateway.Sessions() == 0 })
	p = start(t, config)
	ready()
	e.x.Post("harborlabs", xtest.Post{Text: saying(3)})
	told(newsroom, "Statement 003")
	here(subscribe, "It is subscribed to", "already, by Bo")
	here(discordtest.Called{Command: "sources"}, "This channel is told of", "by Bo")
	if status := command(t, "status", "--config", config); !strings.Contains(status, "discord/1 is told of northwind-v-harbor, Harbor Labs in channel "+newsroom+", subscribed by Bo") {
		t.Errorf("the status says\n%s", status)
	}

	asked = here(discordtest.Called{Command: "mute", Values: map[string]string{"for": "8h"}}, "Nothing is changed yet")
	muted := here(discordtest.Called{Press: asked.Buttons()["Mute"].CustomID, On: asked}, "Muted until")
	e.x.Post("harborlabs", xtest.Post{Text: saying(4)})
	told(readers, "Statement 004")
	here(discordtest.Called{Press: muted.Buttons()["Undo"].CustomID, On: muted}, "Not muted any more")
	told(newsroom, "Statement 004")

	here(discordtest.Called{By: member, Command: "digest now"}, "Only those with Manage Server or Manage Channels here")
	asked = here(discordtest.Called{Command: "digest now"}, "Nothing is posted yet", "so far", "3 statements of 1 speaker", "S-0004", "timeline.png: Timeline from")
	post := discordtest.Called{Press: asked.Buttons()["Post it now"].CustomID, On: asked}
	here(post, "It is posted here within half a minute")
	told(newsroom, "D-0002")
	here(post, "It is posted already")
	here(discordtest.Called{Command: "digest at", Values: map[string]string{"hour": "26"}}, "is no time of the day")
	here(discordtest.Called{Command: "digest at", Values: map[string]string{"hour": "8", "zone": "Berlin"}}, "Did you mean Europe/Berlin")
	asked = here(discordtest.Called{Command: "digest at", Values: map[string]string{"hour": "8:30", "day": "mon", "zone": "Asia/Kolkata"}}, "would come every Monday at 08:30 Asia/Kolkata", "does not come by itself")
	here(discordtest.Called{Press: asked.Buttons()["Save"].CustomID, On: asked}, "Saved. The digest comes every Monday at 08:30 Asia/Kolkata")
	here(discordtest.Called{By: member, Command: "sources"}, "its digest comes every Monday at 08:30 Asia/Kolkata")
	if accounts := command(t, "accounts", "--config", config); !strings.Contains(accounts, "discord/1 has its digest as people there want it: CRON_TZ=Asia/Kolkata 30 8 * * mon") {
		t.Errorf("the accounts are\n%s", accounts)
	}

	asked = here(discordtest.Called{Command: "unsubscribe"}, "would no longer be told", "brought 4 messages")
	ended := here(discordtest.Called{Press: asked.Buttons()["Unsubscribe"].CustomID, On: asked}, "is no longer told of")
	e.x.Post("harborlabs", xtest.Post{Text: saying(5)})
	told(readers, "Statement 005")
	if strings.Contains(texts(e.discord.Messages(newsroom)), "Statement 005") {
		t.Error("it is told of what it did not want")
	}
	here(discordtest.Called{Press: ended.Buttons()["Undo"].CustomID, On: ended}, "Undone")
	told(newsroom, "Statement 005")
	if messages := e.discord.Messages(newsroom); len(messages) != 5 || len(e.discord.Pings()) > 0 {
		t.Errorf("there stand %d messages", len(messages))
	}

	here(discordtest.Called{By: member, Command: "sources", Values: map[string]string{"show": "log"}}, "subscribed the channel to Northwind Data v. Harbor Labs", "muted until", "took back that the channel was unsubscribed", "Bo")

	chief := discordtest.Member{ID: "1180000000000000103", Name: "Cy", Permissions: discordtest.ManageGuild}
	e.x.Account("northwind", "Northwind Data")
	e.x.Post("northwind", xtest.Post{Text: "We filed suit against Harbor Labs over the pricing model today."})
	track := discordtest.Called{By: chief, Channel: readers, Command: "track", Values: map[string]string{"account": "https://x.com/northwind", "as": "northwind"}}
	asked = here(track, "x:northwind can be tracked", "speaks for Northwind Data", "1 would have been posted", "Nothing is saved yet", "We filed suit")
	here(discordtest.Called{By: chief, Channel: readers, Press: asked.Buttons()["Save"].CustomID, On: asked}, "Saved. x:northwind is read from now on")
	until(t, patience, "it is watched", func() bool { return watched(e.status(t), 2) })
	if accounts := command(t, "accounts", "--config", config); !strings.Contains(accounts, "x:northwind") {
		t.Errorf("the accounts are\n%s", accounts)
	}
	until(t, patience, "commands are heard again", func() bool { return e.gateway.Sessions() == 1 })
	here(discordtest.Called{By: member, Command: "sources", Values: map[string]string{"show": "log"}}, "had x:northwind tracked", "Cy")
	here(track, "It cannot be tracked")
	asked = here(discordtest.Called{By: chief, Channel: readers, Command: "untrack", Values: map[string]string{"account": "x:northwind"}}, "Cy had it tracked", "Nothing is changed yet")
	here(discordtest.Called{By: chief, Channel: readers, Press: asked.Buttons()["Untrack"].CustomID, On: asked}, "x:northwind is not read any more")
	until(t, patience, "it is left alone", func() bool { return watched(e.status(t), 1) })
	until(t, patience, "commands are heard again", func() bool { return e.gateway.Sessions() == 1 })

	// A forum is subscribed, with a role that is called and a digest; whoever may not give a
	// role has none called.
	const forum, alerts, staff = "1180000000000000031", "1180000000000000901", "1180000000000000902"
	e.discord.AddForum(forum, false)
	threads := uint64(discordtest.SendMessagesInThreads | discordtest.EmbedLinks | discordtest.AttachFiles)
	e.discord.AddRole(discordtest.Role{ID: discordtest.BotRole, Position: 9, Ours: true, Permissions: all | threads | discordtest.ManageRoles})
	e.discord.AddRole(discordtest.Role{ID: alerts, Name: "alerts", Position: 3, Mentionable: true})
	e.discord.AddRole(discordtest.Role{ID: staff, Name: "staff", Position: 5, Mentionable: true, Permissions: discordtest.ManageMessages})
	warden := discordtest.Member{ID: "1180000000000000104", Name: "Di", Permissions: discordtest.ManageChannels | discordtest.ManageRoles, Elsewhere: discordtest.ManageChannels, Roles: []string{staff}}
	follow := func(by discordtest.Member, role string) discordtest.Called {
		return discordtest.Called{By: by, Channel: readers, Command: "subscribe", Values: map[string]string{"channel": forum, "ping": role, "digest": "daily"}}
	}
	clerk := keeper
	clerk.Elsewhere = discordtest.ManageChannels
	here(follow(clerk, alerts), "Only those with Manage Roles here can have a role called")
	here(follow(warden, staff), "would be given to whoever asks")
	asked = here(follow(warden, alerts), "It is a forum", "calling a role", "with a digest daily", "Nothing is saved yet")
	here(discordtest.Called{By: warden, Channel: readers, Press: asked.Buttons()["Save"].CustomID, On: asked}, "Saved")
	e.x.Post("harborlabs", xtest.Post{Text: saying(6)})
	until(t, patience, "its forum is told", func() bool {
		posts := e.discord.Threads(forum)
		return len(posts) == 1 && strings.Contains(texts(e.discord.Messages(posts[0].ID)), "Statement 006")
	})
	if pings := e.discord.Pings(); !slices.Equal(pings, []string{"role " + alerts}) {
		t.Errorf("called: %v", pings)
	}
	if accounts := command(t, "accounts", "--config", config); !strings.Contains(accounts, "discord/2 has its digest as people there want it: @daily") {
		t.Errorf("the accounts are\n%s", accounts)
	}
	here(discordtest.Called{By: member, Channel: forum, Command: "notify role", Values: map[string]string{"state": "on"}}, "You are called from now on")
	words := discordtest.Called{By: member, Command: "notify add", Values: map[string]string{"words": "drive"}}
	here(words, "Nothing was saved", "lacks Create Private Threads")
	e.discord.AddRole(discordtest.Role{ID: discordtest.BotRole, Position: 9, Ours: true, Permissions: all | threads | discordtest.CreatePrivateThreads})
	asked = here(words, "This would have called you")
	here(discordtest.Called{By: member, Press: asked.Buttons()["Save"].CustomID, On: asked}, "Saved")

	for _, c := range []struct {
		called discordtest.Called
		want   string
	}{
		{discordtest.Called{By: member, Command: "subscribe"}, "Only those with Manage Server or Manage Channels here"},
		{discordtest.Called{By: member, Command: "unsubscribe"}, "Only those with Manage Server or Manage Channels here"},
		{discordtest.Called{By: member, Command: "mute", Values: map[string]string{"for": "1h"}}, "Only those with Manage Server or Manage Channels here"},
		{discordtest.Called{Command: "subscribe", Values: map[string]string{"channel": readers}}, "You may not manage that channel"},
		{discordtest.Called{Command: "subscribe", Channel: readers}, "whoever runs onrecord has it in the configuration"},
		{discordtest.Called{Command: "unsubscribe", Channel: readers}, "only they can end it"},
		{discordtest.Called{Command: "track", Channel: readers, Values: map[string]string{"account": "https://x.com/northwind"}}, "Only those with Manage Server"},
		{discordtest.Called{By: chief, Command: "track", Values: map[string]string{"account": "https://x.com/northwind"}}, "from a channel that the configuration"},
		{discordtest.Called{By: chief, Channel: readers, Command: "track", Values: map[string]string{"account": "http://127.0.0.1:1/feed"}}, "It cannot be tracked"},
		{discordtest.Called{By: chief, Channel: readers, Command: "untrack", Values: map[string]string{"account": "x:harborlabs"}}, "only they can end that"},
		{discordtest.Called{By: chief, Channel: readers, Command: "untrack", Values: map[string]string{"account": "x:harbor"}}, "Did you mean x:harborlabs"},
	} {
		here(c.called, c.want)
	}
	p.kill()
}
