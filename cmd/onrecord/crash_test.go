package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/store/pgtest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// discordFaults is what goes wrong while processes die: each answer the
// documents know to be unclear, and refusals that are not.
var discordFaults = []discordtest.Rule{
	{Fault: discordtest.LimitedUser, Odds: .05, RetryAfter: .3},
	{Fault: discordtest.ServerError, Odds: .03},
	{Fault: discordtest.BadGateway, Odds: .05},
	{Fault: discordtest.CutBeforeDoing, Odds: .03},
	{Fault: discordtest.CutAfterDoing, Odds: .05},
	{Fault: discordtest.CutMidBody, Odds: .03},
	{Fault: discordtest.Slow, Odds: .1, Delay: 300 * time.Millisecond},
}

// campaign is one way of killing the program.
type campaign struct {
	kills    int
	replicas int           // 0: one, on SQLite; else so many on PostgreSQL
	window   time.Duration // how long Discord recognises a nonce
	trusted  time.Duration // how long we believe it does; 0: the default
	restarts int           // how often PostgreSQL itself is restarted meanwhile
}

// TestCrash kills the real process at random moments while Discord misbehaves,
// and counts what a reader sees. ONRECORD_KILLS=100 is the whole campaign
// (`make crash`); the suite makes a few kills.
func TestCrash(t *testing.T) {
	t.Parallel()
	kills := 2
	if n, err := strconv.Atoi(os.Getenv("ONRECORD_KILLS")); err == nil {
		kills = n
	}
	const long, short, doubted = 2 * time.Minute, 3 * time.Second, 500 * time.Millisecond
	campaigns := map[string]campaign{
		"sqlite":                        {kills: kills, window: long},
		"sqlite, a nonce window of 3 s": {kills: kills, window: short, trusted: doubted},
		"postgres, two replicas":        {kills: kills, window: long, replicas: 2},
	}
	if kills >= 15 {
		campaigns["postgres, restarted itself"] = campaign{kills: kills, window: long, replicas: 2, restarts: 6}
	}
	for name, c := range campaigns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if n := c.run(t); n.lost+n.twice+n.inversions+n.exits+n.wrong != 0 {
				t.Error("see the counts")
			}
		})
	}
	if kills < 15 {
		return
	}
	// The same campaign must show repetitions where what holds them back is taken
	// away, or it would prove nothing.
	controls := map[string]campaign{
		"control: nonces forgotten at once":          {kills: kills},
		"control: nonces forgotten, on two replicas": {kills: kills, replicas: 2},
	}
	if kills >= 50 { // fewer may meet no such moment
		controls["control: a window trusted that is too long"] = campaign{kills: kills, window: time.Second}
	}
	for name, c := range controls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Where little goes wrong it may be the answer to a corrected message that is there twice.
			// Where a message is there twice, what is published of it can be the one or the other, or be counted as neither: nobody asks whether anything is lost.
			if n := c.run(t); n.twice+n.wrong == 0 {
				t.Errorf("%d lost, %d shown twice, %d wrong; want some twice", n.lost, n.twice, n.wrong)
			}
		})
	}
}

// What passes between two starts at times: less than gives room for more to be published, and enough for every digest.
const quarter, day = 15 * time.Minute, 24 * time.Hour

// counts is what readers see in the end. Wrong is what is not as it should be otherwise, such as a correction that is not shown once.
type counts struct{ lost, twice, inversions, exits, wrong int }

func (c campaign) run(t *testing.T) counts {
	where := filepath.Join(t.TempDir(), "test.db")
	var server *pgtest.Server
	if c.replicas > 0 {
		server = pgtest.New(t)
		where = server.Database(t)
	}
	e := newEdgeOn(t, where)
	if c.trusted > 0 {
		e.head = strings.Replace(e.head, "discord: {token:", fmt.Sprintf("discord: {nonce_window: %s, token:", c.trusted), 1)
	}
	e.discord.SetNonceWindow(c.window)
	people := gather(e, c.kills >= 15)
	for _, rule := range discordFaults {
		rule.Method, rule.Route = http.MethodPost, "/channels/{c}/messages"
		e.discord.Break(rule)
	}
	breakChanges(e)
	people.harass(e)
	// However few requests there are, one answer is lost.
	e.discord.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: http.MethodPost, Route: "/channels/{c}/messages", Nth: 2})
	e.x.Account("northwind", "Northwind Data")
	e.site.Open("/news.xml")
	config := e.config(t, fictional+secondary+fmt.Sprintf(`accounts:
  - {source: x, handle: northwind, speaker: Northwind Data, schedule: "@every 1s"}
  - {source: feed, url: %q, speaker: Harbor Labs, schedule: "@every 1s"}
  - {source: feed, url: %q, speaker: Meridian Foods, schedule: "@every 1s"}
  - {source: feed, url: %q, speaker: Castor Freight, schedule: "@every 1s"}
`, e.siteURL+"/news.xml", e.siteURL+meridianFeed, e.siteURL+castorFeed))
	running, log := make([]*process, max(c.replicas, 1)), &lockedBuffer{}
	tell := func() {
		t.Log(command(t, "outbox", "--config", config))
		for line := range strings.Lines(log.String()) {
			if !strings.HasPrefix(line, "{") || strings.Contains(line, "needs a person") { // what ended a process, or a delivery
				t.Log(strings.TrimSpace(line))
			}
		}
		for _, a := range e.status(t).Accounts {
			t.Logf("%+v", a)
		}
	}
	defer func() {
		if t.Failed() { // what was waited for did not come
			tell()
		}
	}()
	begin := func(i int) { running[i] = startLogging(t, log, config) }
	for i := range running {
		begin(i)
	}
	until(t, patience, "all accounts are watched", func() bool { return watched(e.status(t), 4) })

	seed, _ := strconv.ParseUint(os.Getenv("ONRECORD_SEED"), 10, 64) // 0 where nobody asks for another beginning
	random := rand.New(rand.NewPCG(1, seed))
	said, exits := 0, 0
	say := func(n int) {
		for range n {
			if said%2 == 0 {
				e.x.Post("northwind", xtest.Post{Text: saying(said)})
			} else {
				e.site.Publish("/news.xml", feedtest.Item{Title: "A statement", Text: saying(said)})
			}
			said++
		}
	}
	kill := func(i int) {
		if running[i].ended() {
			exits++
		}
		running[i].kill()
		until(t, patience, "its connection is closed", func() bool { return e.gateway.Sessions() < len(running) })
	}
	restart := func(change func()) {
		for i := range running {
			kill(i)
		}
		change()
		for i := range running {
			begin(i)
		}
	}
	person := &editor{corrected: map[int64][]string{}, withdrew: map[int64]bool{}, unsure: map[int64]bool{}}
	for k := range c.kills {
		say(1 + random.IntN(6))
		if k%10 == 2 {
			people.announce(e, meridianFeed, burst)
		}
		people.tend(t, e, k)
		person.correct(t, e, random)
		people.act(e, said, running)
		if random.IntN(3) > 0 { // on a slow machine nothing would be done between two kills
			until(t, patience, "it is at work", func() bool { return e.gateway.Sessions() >= len(running) })
		}
		time.Sleep(150*time.Millisecond + time.Duration(random.IntN(1850))*time.Millisecond)
		if c.restarts > 0 && k%max(c.kills/c.restarts, 1) == 0 {
			server.Stop(k%2 == 0)
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
		}
		if k%5 == 1 {
			restart(func() { e.passes(t, []time.Duration{day, quarter}[k/5%2]) })
			continue
		}
		i := random.IntN(len(running))
		kill(i)
		begin(i)
	}
	// Slow machines start slower than they are killed.
	until(t, patience, "an answer is lost", func() bool { return answersLost(e) > 0 })
	until(t, 3*patience, "everybody's wish is saved", func() bool {
		people.act(e, said, running)
		return !people.reader.done.IsZero() && !people.keeper.done.IsZero()
	})
	for people.lasting(onrecord.BudgetSpent) { // it is asked for again in an hour
		restart(func() { e.passes(t, day) })
		until(t, patience, "the spent budget is noted", func() bool { people.tend(t, e, -1); return people.noted(t, e) })
	}
	until(t, patience, "what is wrong at the sources is met", func() bool { return people.met(e.status(t)) })
	restart(func() { e.passes(t, day) })
	people.act(e, said, running) // who is told of what follows is settled
	say(6)
	people.announce(e, meridianFeed, burst)
	time.Sleep(150*time.Millisecond + time.Duration(random.IntN(1850))*time.Millisecond)
	drained := time.Now()
	e.discord.Mend()
	restart(func() { // nobody waits for refusals that are over
		e.change(t, "UPDATE deliveries SET next_at = 1 WHERE state = 'pending' AND last_error NOT LIKE 'as many %'")
	})
	const publishing = "announced/publish"
	until(t, 3*patience, "announcements are published, or have to wait", func() bool {
		last := fmt.Sprintf("Announcement %03d:", people.announced-1)
		return people.noted(t, e) && strings.Contains(texts(e.discord.Messages(announced)), last) && e.owing(t, "announced") == 0 && e.waits(t, publishing)
	})
	restart(func() { e.passes(t, quarter) })
	until(t, 3*patience, "a digest tells what waited", func() bool {
		_, _, gathered := apart(e.discord.Messages(announced))
		return len(gathered) > 0
	})
	until(t, 3*patience, "the operator is told what is wrong", func() bool { people.tend(t, e, -1); return !people.lasting() })
	delivered := func(waiting string) bool {
		s, all := e.status(t), said+people.announced
		return posts(s) == int64(all) && s.Unread == 0 && e.settled(t, all, e.owing(t, waiting))
	}
	until(t, 3*patience, "everything is delivered", func() bool { return delivered(publishing) })
	restart(func() { e.passes(t, day) })
	until(t, 3*patience, "the last digest is there", func() bool {
		for _, channel := range []string{readers, newsroom, announced} {
			if shown, digests, _ := apart(e.discord.Messages(channel)); undigested(shown, digests) > 0 {
				return false
			}
		}
		return delivered("") && people.calm(t, e)
	})
	t.Logf("drained %.1f s after the last kill", time.Since(drained).Seconds())
	time.Sleep(3 * time.Second) // late duplicates would come now
	for _, p := range running {
		p.kill()
	}
	n := people.count(t, e, person, said)
	if c.window > 0 && n == (counts{}) {
		people.doubts(t, e, person, said)
	}
	if n.exits = exits; c.window > 0 && n.lost+n.exits+n.wrong > 0 {
		tell()
	}
	t.Logf("%d kills: %d said, %d lost, %d shown twice, %d out of order, %d wrong, %d ended by themselves; %d corrected; %d settled by nonce, %d looks into channels, faults %v",
		c.kills, said, n.lost, n.twice, n.inversions, n.wrong, n.exits, len(person.corrected), e.discord.NonceHits(), e.discord.Requests(http.MethodGet, "/channels/{c}/messages"), e.discord.Fired())
	return n
}

// answersLost counts the answers that did not arrive to posts that did.
func answersLost(e *edge) int {
	fired := e.discord.Fired()
	return fired[discordtest.CutAfterDoing] + fired[discordtest.BadGateway] + fired[discordtest.CutMidBody]
}

// process is the program as a process of its own.
type process struct {
	cmd     *exec.Cmd
	started time.Time
	done    chan struct{}
}

func start(t testing.TB, config string, environment ...string) *process {
	return startCommand(t, []string{"run", "--config", config}, environment...)
}

// startLogging starts it with a log that the test reads.
func startLogging(t testing.TB, log *lockedBuffer, config string) *process {
	p := commanded(t, []string{"run", "--config", config})
	p.cmd.Stderr = log
	p.begin(t)
	return p
}

func startCommand(t testing.TB, args []string, environment ...string) *process {
	p := commanded(t, args, environment...)
	p.begin(t)
	return p
}

func commanded(t testing.TB, args []string, environment ...string) *process {
	p := &process{cmd: exec.CommandContext(t.Context(), os.Args[0], args...), done: make(chan struct{})}
	p.cmd.Env = append(append(os.Environ(), asProgram+"=1"), environment...)
	return p
}

func (p *process) begin(t testing.TB) {
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	t.Cleanup(p.kill)
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	<-p.done
}
