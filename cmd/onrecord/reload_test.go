package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"onrecord/internal/store"
	"onrecord/internal/store/storetest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/x/xtest"
)

// A running program takes a changed file: another account, another keyword. A file with
// a mistake is told and changes nothing, and neither does SIGHUP without a change, nor
// end it. Nothing is lost or said twice over the change.
func TestChangeWhileItRuns(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); changeWhileItRuns(t, newEdge(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); changeWhileItRuns(t, newEdgeOn(t, storetest.Postgres(t))) })
}

func changeWhileItRuns(t *testing.T, e *edge) {
	e.x.Account("harborlabs", "Harbor Labs")
	e.x.Account("ivo_lind", "Ivo Lind")
	const accounts = "accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs, schedule: \"@every 1s\"}\n"
	const more = "  - {source: x, handle: ivo_lind, speaker: Ivo Lind, schedule: \"@every 1s\"}\n"
	path := e.config(t, fictional+accounts)
	log := &lockedBuffer{}
	p := startLogging(t, log, path)
	said := 0
	say := func(handle string) {
		e.x.Post(handle, xtest.Post{CreatedAt: time.Now(), Text: saying(said)})
		said++
		until(t, patience, "it is delivered", func() bool { return len(e.discord.Messages(readers)) == said && e.idle(t) })
	}
	logged := func(what string) {
		t.Helper()
		until(t, patience, "the log says "+what, func() bool { return strings.Contains(log.String(), what) })
	}
	defer func() {
		if t.Failed() {
			t.Logf("log:\n%s", tail(log.String(), 60))
		}
	}()
	until(t, patience, "the account is watched", func() bool { return watched(e.status(t), 1) && len(e.status(t).Accounts) == 1 })
	say("harborlabs")

	e.config(t, fictional+accounts+"  - {source: x, handle: \"not a handle\", speaker: Nobody}\n")
	logged("the configuration has a mistake; the one before stays")
	logged("is no X handle")
	say("harborlabs")

	e.config(t, strings.Replace(fictional, "[pricing model", "[Larkspur ledger, pricing model", 1)+accounts+more)
	logged("account x:ivo_lind is new")
	logged(`keywords of northwind-v-harbor: +\"Larkspur ledger\"`)
	logged("the changed configuration is in use")
	until(t, patience, "both accounts are watched", func() bool { return len(e.status(t).Accounts) == 2 && watched(e.status(t), 2) })
	say("ivo_lind")
	say("harborlabs")

	uses := strings.Count(log.String(), "the changed configuration is in use")
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	until(t, patience, "it read the file again", func() bool { return strings.Count(log.String(), "the changed configuration is in use") > uses })
	say("harborlabs")

	e.config(t, fictional+accounts)
	logged("account x:ivo_lind is no longer watched")
	until(t, patience, "one account is watched", func() bool { return len(e.status(t).Accounts) == 1 })
	say("harborlabs")
	if n := inOrder(t, e.discord.Messages(readers)); n > 0 {
		t.Errorf("%d messages are out of order", n)
	}
	if p.ended() {
		t.Error("it ended")
	}
}

// A message that is on its way when the file changes is delivered once.
func TestChangeWhileAMessageIsSent(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.x.Account("harborlabs", "Harbor Labs")
	const accounts = "accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs, schedule: \"@every 1s\"}\n"
	path := e.config(t, fictional+accounts)
	log := &lockedBuffer{}
	runLogging(t, log, path)
	until(t, patience, "the account is watched", func() bool { return watched(e.status(t), 1) && len(e.status(t).Accounts) == 1 })
	slow := e.discord.Break(discordtest.Rule{Fault: discordtest.Slow, Route: "/channels/{c}/messages", Odds: 1, Delay: 3 * time.Second})
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now(), Text: saying(0)})
	until(t, patience, "the message is on its way", func() bool { return slow() > 0 })
	e.config(t, fictional+accounts+"# changed\n")
	until(t, patience, "the file is taken", func() bool { return strings.Contains(log.String(), "the changed configuration is in use") })
	e.discord.Mend()
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now(), Text: saying(1)})
	until(t, patience, "both are delivered", func() bool { return len(e.discord.Messages(readers)) == 2 && e.idle(t) })
}

// A speaker or a case that was renamed leaves statements that nothing is compared with:
// the next start says so, and which accounts are left alone.
func TestOrphansAreTold(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.x.Account("harborlabs", "Harbor Labs")
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now().Add(-time.Hour), Text: denial})
	accounts := "accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs, backfill: 1d}\n"
	if said := command(t, "run", "--once", "--config", e.config(t, fictional+accounts)); strings.Contains(said, "statements are") {
		t.Errorf("the first run says:\n%s", said)
	}
	e.site.Open("/a.xml")
	feed := fmt.Sprintf("accounts:\n  - {source: feed, url: %q, speaker: Ivo Lind}\n", e.siteURL+"/a.xml")
	said := command(t, "run", "--once", "--config", e.config(t, strings.Replace(fictional, "name: Harbor Labs", "name: Harbor AG", 1)+feed))
	for _, want := range []string{`"speaker":"Harbor Labs","statements":1`, `no longer watched: it is not in the configuration","account":"x:harborlabs"`} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %s:\n%s", want, said)
		}
	}
	said = command(t, "run", "--once", "--config", e.config(t, strings.Replace(fictional, "id: northwind-v-harbor", "id: another", 1)+feed))
	if want := `"case":"northwind-v-harbor","statements":1`; !strings.Contains(said, want) {
		t.Errorf("it lacks %s:\n%s", want, said)
	}
	database, err := store.OpenReading(t.Context(), e.where)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if ids, err := database.Watched(t.Context()); err != nil || len(ids) != 1 || strings.Contains(ids[0], "harborlabs") {
		t.Errorf("watched: %v, %v", ids, err)
	}
}
