package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onrecord/internal/store/pgtest"
	"onrecord/sources/feed/feedtest"
)

// TestRestoreRehearsal goes back to a backup after more was said, with a Discord
// that has forgotten all nonces: readers see everything once. The control copies
// the file by hand, and must show some of it twice.
func TestRestoreRehearsal(t *testing.T) {
	t.Parallel()
	byCommand := func(t *testing.T, config, backup, _ string) { t.Log(command(t, "restore", "--config", config, backup)) }
	byHand := func(t *testing.T, _, backup, where string) {
		data, err := os.ReadFile(backup)
		if err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(where + "-wal")
		_ = os.Remove(where + "-shm")
		if err := os.WriteFile(where, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		if lost, twice := rehearse(t, filepath.Join(t.TempDir(), "test.db"), byCommand); lost+twice != 0 {
			t.Errorf("%d lost, %d shown twice", lost, twice)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if lost, twice := rehearse(t, pgtest.Database(t), byCommand); lost+twice != 0 {
			t.Errorf("%d lost, %d shown twice", lost, twice)
		}
	})
	t.Run("control: copied by hand", func(t *testing.T) {
		t.Parallel()
		if lost, twice := rehearse(t, filepath.Join(t.TempDir(), "test.db"), byHand); lost != 0 || twice == 0 {
			t.Errorf("%d lost, %d shown twice; want some shown twice", lost, twice)
		}
	})
}

func rehearse(t *testing.T, where string, restore func(t *testing.T, config, backup, where string)) (lost, twice int) {
	const first, later, afterwards = 6, 8, 2
	e := newEdgeOn(t, where)
	e.discord.SetNonceWindow(0)
	e.site.Open("/a.xml")
	e.site.Open("/b.xml")
	config := e.config(t, fictional+fmt.Sprintf(`accounts:
  - {source: feed, url: %q, speaker: Northwind Data, schedule: "@every 1s"}
  - {source: feed, url: %q, speaker: Harbor Labs, schedule: "@every 1s"}
`, e.siteURL+"/a.xml", e.siteURL+"/b.xml"))
	said := 0
	say := func(n int) {
		for range n {
			e.site.Publish([]string{"/a.xml", "/b.xml"}[said%2], feedtest.Item{Title: "A statement", Text: saying(said)})
			said++
		}
	}
	delivered := func() bool { return posts(e.status(t)) == int64(said) && e.idle(t) }
	stop := run(t, config)
	until(t, patience, "both feeds are watched", func() bool { return watched(e.status(t), 2) })
	say(first)
	until(t, patience, "the first are delivered", delivered)
	backup := filepath.Join(t.TempDir(), "backup.db")
	t.Log(command(t, "backup", "--config", config, backup))
	for range later { // one by one, in another order than they are read in after the restore
		say(1)
		until(t, patience, "it is delivered", delivered)
	}
	stop()
	restore(t, config, backup, where)
	say(afterwards) // while nobody reads
	stop = run(t, config)
	until(t, patience, "everything is read again", delivered)
	stop()
	shown := texts(e.discord.Messages(readers))
	for i := range said {
		n := strings.Count(shown, fmt.Sprintf("Statement %03d:", i))
		if n == 0 {
			lost++
		} else {
			twice += n - 1
		}
	}
	t.Logf("%d said before the backup, %d after it, %d while stopped: %d lost, %d shown twice; %d looks into the channel",
		first, later, afterwards, lost, twice, e.discord.Requests("GET", "/channels/{c}/messages"))
	return lost, twice
}
