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

	"onrecord/internal/store"
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
	kills := 4
	if n, err := strconv.Atoi(os.Getenv("ONRECORD_KILLS")); err == nil {
		kills = n
	}
	const long, short, doubted = 2 * time.Minute, time.Second, 500 * time.Millisecond
	campaigns := map[string]campaign{
		"sqlite":                        {kills: kills, window: long},
		"sqlite, a nonce window of 1 s": {kills: kills, window: short, trusted: doubted},
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
		controls["control: a window trusted that is too long"] = campaign{kills: kills, window: short}
	}
	for name, c := range controls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Where little goes wrong it may be the answer to a corrected message that is there twice.
			if n := c.run(t); n.lost != 0 || n.twice+n.wrong == 0 {
				t.Errorf("%d lost, %d shown twice, %d corrections wrong; want none lost and some twice", n.lost, n.twice, n.wrong)
			}
		})
	}
}

// counts is what a reader sees in the end. Wrong are corrections that are not shown once.
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
	for _, rule := range discordFaults {
		rule.Method, rule.Route = http.MethodPost, "/channels/{c}/messages"
		e.discord.Break(rule)
	}
	breakChanges(e)
	// However few requests there are, one answer is lost.
	e.discord.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: http.MethodPost, Route: "/channels/{c}/messages", Nth: 2})
	e.x.Account("northwind", "Northwind Data")
	e.site.Open("/news.xml")
	config := e.config(t, fictional+fmt.Sprintf(`accounts:
  - {source: x, handle: northwind, speaker: Northwind Data, schedule: "@every 1s"}
  - {source: feed, url: %q, speaker: Harbor Labs, schedule: "@every 1s"}
`, e.siteURL+"/news.xml"))
	running := make([]*process, max(c.replicas, 1))
	for i := range running {
		running[i] = start(t, config)
	}
	until(t, patience, "both accounts are watched", func() bool { return watched(e.status(t), 2) })

	seed, _ := strconv.ParseUint(os.Getenv("ONRECORD_SEED"), 10, 64) // 0 where nobody asks for another beginning
	random := rand.New(rand.NewPCG(1, seed))
	said, exits := 0, 0
	person := &editor{corrected: map[int64]bool{}, unsaid: map[int64]bool{}}
	for k := range c.kills {
		for range 1 + random.IntN(6) {
			if said%2 == 0 {
				e.x.Post("northwind", xtest.Post{Text: saying(said)})
			} else {
				e.site.Publish("/news.xml", feedtest.Item{Title: "A statement", Text: saying(said)})
			}
			said++
		}
		person.correct(t, e, random)
		time.Sleep(150*time.Millisecond + time.Duration(random.IntN(1850))*time.Millisecond)
		if c.restarts > 0 && k%max(c.kills/c.restarts, 1) == 0 {
			server.Stop(k%2 == 0)
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
		}
		i := random.IntN(len(running))
		if running[i].ended() {
			exits++
		}
		running[i].kill()
		running[i] = start(t, config)
	}
	until(t, patience, "an answer is lost", func() bool { return answersLost(e) > 0 }) // a slow machine starts slower than it is killed
	e.discord.Mend()
	drained := time.Now()
	until(t, 120*time.Second, "everything is delivered", func() bool {
		s := e.status(t)
		return posts(s) == int64(said) && idle(s)
	})
	t.Logf("drained %.1f s after the last kill", time.Since(drained).Seconds())
	time.Sleep(3 * time.Second) // late duplicates would come now
	for _, p := range running {
		p.kill()
	}
	return count(t, e, person, c.kills, said, exits)
}

// count says what a reader sees, and fails unless answers were lost.
func count(t *testing.T, e *edge, person *editor, kills, said, exits int) counts {
	messages, wrong := person.miscounted(t, e.discord.Messages(readers))
	database, err := store.OpenReading(t.Context(), e.where)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	statements, err := database.Latest(t.Context(), "", -1)
	if err != nil {
		t.Fatal(err)
	}
	c := counts{exits: exits, inversions: inOrder(t, messages), wrong: wrong}
	unsaid := 0
	for _, st := range statements {
		if person.unsaid[st.No] {
			unsaid++
		}
	}
	for i := range said {
		n := 0
		for _, m := range messages {
			if strings.Contains(m.Text(), fmt.Sprintf("Statement %03d:", i)) {
				n++
			}
		}
		if n == 0 {
			c.lost++
		} else {
			c.twice += n - 1
		}
	}
	c.lost -= unsaid // nobody was to be shown them
	t.Logf("%d corrected, %d withdrawn before they were shown, %d wrong", len(person.corrected), unsaid, wrong)
	t.Logf("%d kills: %d said, %d statements, %d messages: %d lost, %d shown twice, %d out of order, %d ended by themselves; %d settled by nonce, %d looks into the channel, faults %v",
		kills, said, len(statements), len(messages), c.lost, c.twice, c.inversions, c.exits, e.discord.NonceHits(), e.discord.Requests(http.MethodGet, "/channels/{c}/messages"), e.discord.Fired())
	if answersLost(e) == 0 {
		t.Error("no answer was lost after posting: the campaign proves nothing")
	}
	return c
}

// answersLost counts the answers that did not arrive to posts that did.
func answersLost(e *edge) int {
	fired := e.discord.Fired()
	return fired[discordtest.CutAfterDoing] + fired[discordtest.BadGateway] + fired[discordtest.CutMidBody]
}

// process is the program as a process of its own.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
}

func start(t testing.TB, config string, environment ...string) *process {
	return startCommand(t, []string{"run", "--config", config}, environment...)
}

func startCommand(t testing.TB, args []string, environment ...string) *process {
	p := &process{cmd: exec.CommandContext(t.Context(), os.Args[0], args...), done: make(chan struct{})}
	p.cmd.Env = append(append(os.Environ(), asProgram+"=1"), environment...)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	t.Cleanup(p.kill)
	return p
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
