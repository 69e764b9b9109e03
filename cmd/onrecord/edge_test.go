package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/internal/store/storetest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// fictional is an invented case, the beginning of a configuration.
const fictional = `cases:
  - id: northwind-v-harbor
    title: Northwind Data v. Harbor Labs
    parties:
      - {name: Northwind Data, role: plaintiff, aliases: [Northwind]}
      - {name: Harbor Labs, role: defendant}
      - {name: Ivo Lind, role: defendant}
    keywords: [pricing model, personal drive]
`

const (
	readers = "1180000000000000010"
	xToken  = "test-x-token"
)

// edge is the world outside the program, over real HTTP.
type edge struct {
	x       *xtest.Server
	site    *feedtest.Server
	discord *discordtest.Server
	gateway *discordtest.Gateway
	siteURL string
	dir     string
	where   string // the database
	head    string // settings that lead to the fakes
}

func newEdge(t testing.TB) *edge { return newEdgeOn(t, storetest.SQLite(t)) }

// newEdgeOn is an edge around a database.
func newEdgeOn(t testing.TB, where string) *edge {
	e := &edge{x: xtest.New(xToken), site: feedtest.New(), discord: discordtest.New(readers), dir: t.TempDir(), where: where}
	e.gateway = discordtest.OpenGateway(e.discord)
	serve := func(h http.Handler) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	e.siteURL = serve(e.site)
	e.head = fmt.Sprintf(`
channels:
  - {id: readers, notifier: discord, channel: %q}
sources:
  x: {bearer_token: %s, base_url: %q, daily_budget_usd: 1000}
  feed: {allow_private: true}
notifiers:
  discord: {token: %s, api_url: "%s/api/v10"}
web: {listen: off}
database: %q
`, readers, xToken, serve(e.x), discordtest.DefaultToken, serve(e.discord), e.where)
	return e
}

// config writes a configuration of a case, accounts and the fakes.
func (e *edge) config(t testing.TB, caseAndAccounts string) string {
	path := filepath.Join(e.dir, "config.yaml")
	if err := os.WriteFile(path, []byte(caseAndAccounts+e.head), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs the program inside the test until it is stopped.
func run(t *testing.T, config string) (stop func()) {
	return runLogging(t, &lockedBuffer{}, config)
}

// runLogging runs it with a log that the test reads.
func runLogging(t *testing.T, log *lockedBuffer, config string) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int, 1)
	go func() {
		done <- execute(&terminal{ctx: ctx, out: log, errout: log}, []string{"run", "--config", config})
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if code := <-done; code != good {
				t.Errorf("the program ended with %d", code)
			}
			if t.Failed() {
				t.Logf("log:\n%s", tail(log.String(), 60))
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// status looks into the database beside the program.
func (e *edge) status(t testing.TB) bot.Status {
	database, err := store.OpenReading(context.Background(), e.where)
	if err != nil {
		return bot.Status{} // not made yet
	}
	defer database.Close()
	s, err := database.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// watched: every account has been pulled well.
func watched(s bot.Status, accounts int) bool {
	for _, a := range s.Accounts {
		if !a.LastOK.IsZero() {
			accounts--
		}
	}
	return accounts == 0
}

// idle: everything stored is read, and nothing is owed.
func idle(s bot.Status) bool {
	owed := s.Unread
	for _, c := range s.Channels {
		owed += c.Owed
	}
	return owed == 0
}

// idle: no statement is held, either. One that was unread or held before is owed when it is looked at again.
func (e *edge) idle(t testing.TB) bool {
	database, err := store.OpenReading(context.Background(), e.where)
	if err != nil {
		return false // not made yet
	}
	defer database.Close()
	if !idle(e.status(t)) {
		return false
	}
	held, err := database.NextRelease(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return held.IsZero() && idle(e.status(t))
}

func posts(s bot.Status) (n int64) {
	for _, of := range s.Posts {
		n += of
	}
	return n
}

// patience is how long a test waits for what must happen before it is held to
// hang. How fast the program is, is measured and asserted nowhere.
const patience = time.Minute

// until waits for a condition.
func until(t testing.TB, limit time.Duration, what string, done func() bool) {
	t.Helper()
	began, pause := time.Now(), 50*time.Millisecond
	for !done() {
		if time.Since(began) > limit {
			t.Fatalf("waited %s in vain until %s", limit, what)
		}
		time.Sleep(pause)
		pause = min(pause*5/4, 300*time.Millisecond) // looking costs what is waited for the processor
	}
}

// sayings makes texts that are statements on the case and nothing alike.
func saying(i int) string {
	subjects := []string{"the pricing model", "a personal drive", "our engineers", "the customer list", "last spring's audit", "the settlement offer", "Ivo Lind's laptop", "the signed contract"}
	verbs := []string{"deny in court that", "will prove before the judge that", "ask the court to find that", "told the jury that", "answer the complaint:"}
	claims := []string{"was never copied", "left the building", "belongs to Northwind Data", "was sealed and returned", "is what this lawsuit is about", "was shown to nobody", "predates the complaint"}
	return fmt.Sprintf("Statement %03d: we %s %s %s. Northwind Data v. Harbor Labs, exhibit %d, page %d.",
		i, verbs[i%len(verbs)], subjects[i%len(subjects)], claims[i%len(claims)], 1000+i*37, 11+i*13)
}

// number reads the S-number at the end of a message's first line.
func number(t testing.TB, m discordtest.Message) int {
	_, digits, ok := strings.Cut(m.Content, "S-")
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	if !ok || err != nil {
		t.Fatalf("no number in %q", m.Content)
	}
	return n
}

// inOrder reports messages that are older than the one before them.
func inOrder(t testing.TB, messages []discordtest.Message) (inversions int) {
	for i := 1; i < len(messages); i++ {
		if number(t, messages[i]) <= number(t, messages[i-1]) {
			inversions++
		}
	}
	return inversions
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(len(lines)-n, 0):], "\n")
}
