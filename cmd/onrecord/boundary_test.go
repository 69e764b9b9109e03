package main

import (
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"onrecord/internal/store"
	"onrecord/internal/store/storetest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// TestEveryBoundary ends the real process on either side of every commit of the
// loops, one by one, and starts it again: readers see each statement once, in
// order, whatever boundary it was.
func TestEveryBoundary(t *testing.T) {
	t.Parallel()
	var boundaries []string
	for _, step := range store.Steps() {
		boundaries = append(boundaries, step+store.BeforeCommit, step+store.AfterCommit)
	}
	atEach(t, boundaries, dieAndComeBack)
}

// atEach runs a test at each boundary on both engines (`make crash`, where ONRECORD_KILLS is set).
// The suite takes them by turns, and so that either side of commits meets either engine.
func atEach(t *testing.T, boundaries []string, test func(t *testing.T, where, boundary string)) {
	engines := []struct {
		name     string
		database func(testing.TB) string
	}{
		{"sqlite", storetest.SQLite},
		{"postgres", storetest.Postgres},
	}
	for i, boundary := range boundaries {
		for j, on := range engines {
			if os.Getenv("ONRECORD_KILLS") == "" && j != (i+i/2)%2 {
				continue
			}
			t.Run(on.name+"/"+boundary, func(t *testing.T) {
				t.Parallel()
				test(t, on.database(t), boundary)
			})
		}
	}
}

func dieAndComeBack(t *testing.T, where, boundary string) {
	e := newEdgeOn(t, where)
	e.discord.AddChannel(operators, discordtest.Text, "")
	e.head = strings.Replace(e.head, "notifier: discord,", "notifier: discord, digest: \"@every 1h\", ops: \""+operators+"\",", 1)
	e.x.Account("northwind", "Northwind Data")
	e.x.Account("court_watcher", "Court Watcher")
	e.site.Open("/news.xml")
	config := e.config(t, fictional+fmt.Sprintf(`accounts:
  - {source: x, handle: northwind, speaker: Northwind Data, schedule: "@every 1s", backfill: 10m}
  - {source: feed, url: %q, speaker: Harbor Labs, schedule: "@every 1s", backfill: 10m}
`, e.siteURL+"/news.xml"))
	said := []string{"Statement 001:", "Statement 002:", "Statement 003:"}
	if before, meanwhile := e.makeWay(t, config, boundary); before != nil {
		p := start(t, config)
		until(t, patience, "both accounts are watched", func() bool { return watched(e.status(t), 2) })
		said = append(said, before()...)
		p.kill()
		said = append(said, meanwhile()...)
	}
	// The first part of a thread that goes on no further is held until it is a minute and a half old.
	age := 88 * time.Second
	if strings.HasPrefix(boundary, "release statements") { // it must be read before that, on a slow machine as well
		age = 70 * time.Second
	}
	e.site.Publish("/news.xml", feedtest.Item{Title: "1/2", Text: "1/2 " + saying(1), Published: time.Now().Add(-age)})
	e.x.Post("northwind", xtest.Post{Text: saying(2)})
	// What this one answers is asked for, and puts it on the record.
	question := e.x.Post("court_watcher", xtest.Post{Text: "Has Harbor Labs shown the court the pricing model that was on a personal drive?"})
	e.x.Post("northwind", xtest.Post{Text: "Statement 003: Good question, why haven't they?", ReplyTo: question})

	p := start(t, config, dieAt+"="+boundary)
	until(t, patience, "the process dies at the boundary", p.ended)
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the process ended with %s, not at the boundary", p.cmd.ProcessState)
	}
	p = start(t, config)
	until(t, patience, "everything is delivered", func() bool {
		s := e.status(t)
		return idle(s) && s.Settled["readers"]["sent"] == int64(len(said))
	})
	p.kill()
	messages := e.discord.Messages(readers)
	for _, words := range said {
		if n := strings.Count(texts(messages), words); n != 1 {
			t.Errorf("%q is shown %d times", words, n)
		}
	}
	messages = slices.DeleteFunc(messages, func(m discordtest.Message) bool {
		return strings.Contains(m.Content, "G-0001") || strings.Contains(m.Content, "is gone from its place") || strings.Contains(m.Text(), "words were taken out")
	})
	if inOrder(t, messages) != 0 {
		t.Errorf("out of order: %s", texts(messages))
	}
}

// makeWay brings about what a boundary needs to be reached, while the process runs
// and after it was killed. Both return what readers will be shown of it; where nothing
// has to be brought about there are none.
func (e *edge) makeWay(t *testing.T, config, boundary string) (before, meanwhile func() []string) {
	none := func() []string { return nil }
	switch step, _, _ := strings.Cut(boundary, ":"); step {
	case "claim probes", "open channel":
		return func() []string { e.pause(t); return []string{"Statement 000:"} }, none
	case "follow a person's decision":
		const doubtful = "Statement 000: he left with a personal drive."
		return func() []string {
				e.x.Post("northwind", xtest.Post{Text: doubtful})
				until(t, patience, "the post is borderline", func() bool { return strings.Contains(command(t, "review", "--config", config), "S-0001") })
				return nil
			}, func() []string {
				command(t, "accept", "--config", config, "S-0001")
				return []string{"Statement 000:"}
			}
	case "owe a digest":
		return none, func() []string {
			e.change(t, "UPDATE digests SET from_at = from_at - 7200000, until_at = until_at - 7200000")
			return nil
		}
	case "note incidents":
		return func() []string {
				e.site.Publish("/news.xml", feedtest.Item{Title: "A statement", Text: saying(0)})
				until(t, patience, "a statement is delivered", func() bool { return e.status(t).Settled["readers"]["sent"] == 1 })
				return nil
			}, func() []string {
				e.change(t, "UPDATE deliveries SET state = 'dead'")
				return nil
			}
	case "end waits":
		return none, func() []string {
			e.change(t, "UPDATE accounts SET last_ok_at = last_ok_at - 3600000, next_at = next_at - 3600000") // as if the program had been away
			return []string{"G-0001"}
		}
	case "claim posts to look at again", "store looks":
		var post string
		return func() []string {
				post = e.x.Post("northwind", xtest.Post{Text: saying(0)})
				until(t, patience, "it is told", func() bool { return e.status(t).Settled["readers"]["sent"] == 1 })
				return []string{"words were taken out"} // of Statement 000, as X's rules ask, by a change of its message
			}, func() []string {
				e.x.Delete(post)
				// As if the first look, ten minutes ago, had not found it, and the next were due.
				e.change(t, "UPDATE rechecks SET next_at = 1, sight = 'absent', since_at = told_at - 3600000")
				return []string{"is gone from its place", "nothing is quoted"}
			}
	}
	return nil, nil
}

// pause has a statement refused and its channel paused, and takes the reason away.
func (e *edge) pause(t *testing.T) {
	e.discord.SetToken("another-token")
	e.site.Publish("/news.xml", feedtest.Item{Title: "A statement", Text: saying(0)})
	until(t, patience, "the channel is paused", func() bool {
		for _, c := range e.status(t).Channels {
			if c.Paused != "" {
				return true
			}
		}
		return false
	})
	e.discord.SetToken(discordtest.DefaultToken)
}

// change changes rows behind the back of a program that is not running.
func (e *edge) change(t *testing.T, query string) {
	db := e.open(t)
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

// open opens the database as it is.
func (e *edge) open(t *testing.T) *sql.DB {
	driver, address := "sqlite", "file:"+e.where
	if strings.HasPrefix(e.where, "postgres") {
		driver, address = "pgx", e.where
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// operators is the channel where the operator is told what is wrong.
const operators = "1180000000000000030"

func texts(messages []discordtest.Message) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Text())
	}
	return strings.Join(all, "\n")
}
