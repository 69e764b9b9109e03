package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/bluesky/blueskytest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// The whole way of somebody who has a news story and nothing else: each step follows from
// what the one before printed.
func TestANewcomersPath(t *testing.T) {
	t.Parallel()
	x, sky, site, discord := xtest.New(xToken), blueskytest.New(), feedtest.New(), discordtest.New(readers)
	serve := func(h http.Handler) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	xURL, skyURL, siteURL, discordURL := serve(x), serve(sky), serve(site), serve(discord)
	page := serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>News</title><link rel="alternate" type="application/atom+xml" href="%s/news.xml">`, siteURL)
	}))
	sky.Join("northwinddata.example", "Northwind Data")
	sky.Post("northwinddata.example", blueskytest.Draft{Text: "Our complaint in court against Harbor Labs and Ivo Lind says how they took our pricing model, and we stand by every word of it.", Created: time.Now().Add(-5 * time.Hour)})
	x.Account("ivo_lind", "Ivo Lind")
	site.Publish("/news.xml", feedtest.Item{Published: time.Now().Add(-2 * time.Hour), Title: "A new office", Text: "It has a kitchen."})

	dir := t.TempDir()
	story, path := filepath.Join(dir, "story.txt"), filepath.Join(dir, "config.yaml")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(story, "Northwind Data on Tuesday sued Harbor Labs and its former sales chief Ivo Lind, saying that Lind took a copy of its pricing model.\n\n"+
		"“We built everything ourselves,” Dana Reyes, chief executive of Harbor Labs, said. Northwind says the pricing model is worth millions.\n")
	step := func(want string, args ...string) {
		t.Helper()
		if said := command(t, append(args, "--config", path)...); !strings.Contains(said, want) {
			t.Fatalf("onrecord %s lacks %q:\n%s", strings.Join(args, " "), want, said)
		}
	}
	command(t, "init", "--from", story, path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(path, strings.Replace(string(text), "channels: []", fmt.Sprintf(`sources:
  x: {bearer_token: %s, base_url: %q}
  bluesky: {base_url: %q}
  feed: {allow_private: true}
notifiers:
  discord: {token: %s, api_url: "%s/api/v10"}
database: %q
web: off
channels: [{id: readers, notifier: discord, channel: %q, review: %q}]
`, xToken, xURL, skyURL, discordtest.DefaultToken, discordURL, filepath.Join(dir, "onrecord.db"), readers, readers), 1))
	write(path, strings.Replace(read(t, path), "database: onrecord.db\n", "", 1))

	step("speaker: Northwind Data}", "add", "https://bsky.app/profile/northwinddata.example")
	step("added to", "add", page+"/newsroom", "--speaker", "Harbor Labs")
	step("speaker: Ivo Lind}", "add", "https://x.com/ivo_lind")
	step("ok: channel readers", "check", "--live")
	step("off: statements in full, below messages of channel readers: permanent: look at Discord channel "+readers+": the bot lacks Create Public Threads (for what is too long for a message)", "check", "--live")
	digested := read(t, path)
	write(path, strings.Replace(digested, "notifier: discord, channel", `notifier: discord, digest: "0 8 * * *", channel`, 1))
	discord.Deny(readers, discordtest.AttachFiles)
	step("off: pictures in digests of channel readers: permanent: look at Discord channel "+readers+": the bot lacks Attach Files (for the pictures of digests): the settings of the channel deny it", "check", "--live")
	write(path, digested)
	step("would have been posted: 1", "preview")

	log := &lockedBuffer{}
	stop := runLogging(t, log, path)
	until(t, patience, "all are watched", func() bool { return strings.Count(log.String(), "account is watched from now on") == 3 })
	edited := strings.ReplaceAll(read(t, path), "source: x, ", `source: x, schedule: "@every 1s", `)
	write(path, edited)
	until(t, patience, "the edit is taken", func() bool { return strings.Contains(log.String(), "account x:ivo_lind is read @every 1s now") })
	x.Post("ivo_lind", xtest.Post{CreatedAt: time.Now(), Text: "I deny in court that I ever sold the pricing model of Northwind Data. The complaint is wrong."})
	until(t, patience, "the first card is there", func() bool { return len(discord.Messages(readers)) == 1 })
	stop()
	step("x:ivo_lind", "status")
	step("S-0001", "latest")
	if t.Failed() {
		t.Logf("the file:\n%s", read(t, path))
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
