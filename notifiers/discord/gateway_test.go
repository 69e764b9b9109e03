package discord_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/internal/loopback"
	"onrecord/notifiers"
	"onrecord/notifiers/discord"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
)

// pipes are connections without sockets, on which the clock of a test can move.
type pipes struct {
	accept chan net.Conn
	closed chan struct{}

	mu      sync.Mutex
	refuse  bool
	dialled int
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accept:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.mu.Lock()
	refuse := p.refuse
	p.dialled++
	p.mu.Unlock()
	if refuse {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	ours, theirs := net.Pipe()
	select {
	case p.accept <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// counter is a notifier that answers commands, beside the Discord it does so on.
type counter struct {
	bench
	*discordtest.Gateway
	pipes   *pipes
	memory  *memory
	log     *locked
	desk    notifiers.Desk
	cancel  func()
	stop    func()
	stopped chan struct{}
}

// memory is what is kept over restarts.
type memory struct {
	mu   sync.Mutex
	kept map[string]string
}

func (m *memory) recall(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[key], nil
}

func (m *memory) remember(_ context.Context, key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[key] = value
	return nil
}

// locked is a buffer for a log that goroutines share.
type locked struct {
	mu sync.Mutex
	to bytes.Buffer
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.String()
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(b)
}

// answering opens a counter and stops it at the end. It must be called inside of a bubble.
func answering(t *testing.T, commands ...notifiers.Command) *counter {
	t.Helper()
	p := &pipes{accept: make(chan net.Conn), closed: make(chan struct{})}
	c := counterOn(t, p, p.dial, commands...)
	c.pipes = p
	c.serve(t)
	t.Cleanup(func() { c.stop() })
	return c
}

// open puts a counter on sockets together, which nobody serves yet.
func open(t *testing.T, commands ...notifiers.Command) *counter {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return counterOn(t, l, func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", l.Addr().String())
	}, commands...)
}

func counterOn(t *testing.T, l net.Listener, dial func(ctx context.Context, network, address string) (net.Conn, error), commands ...notifiers.Command) *counter {
	t.Helper()
	s := discordtest.New(room)
	s.SetToken(secret)
	way := &road{next: loopback.Transport{Handler: s}}
	c := &counter{
		bench: bench{s, nil, way}, Gateway: discordtest.OpenGateway(s), memory: &memory{kept: map[string]string{}}, log: &locked{},
	}
	server := &http.Server{Handler: s}
	go func() { _ = server.Serve(l) }()
	n, err := discord.Answering(way, dial, secret).Open(notifiers.Env{Version: "v1.2.3", Log: slog.New(slog.NewTextHandler(c.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	c.notifier = n
	c.desk = notifiers.Desk{Commands: commands, Recall: c.memory.recall, Remember: c.memory.remember}
	t.Cleanup(func() {
		server.Close()
		if strings.Contains(c.log.String(), secret) || strings.Contains(c.log.String(), "call-token") {
			t.Error("a secret stands in the log")
		}
	})
	return c
}

func (c *counter) serve(t *testing.T) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.notifier.(notifiers.Commander).Serve(ctx, c.desk)
	}()
	c.stopped, c.cancel = done, cancel
	c.stop = func() {
		cancel()
		<-done
		time.Sleep(10 * time.Second) // the library closes its session in its own time
	}
}

// ready waits until a session is.
func (c *counter) ready(t *testing.T, limit time.Duration) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if synctest.Wait(); c.Sessions() == 1 {
			return
		}
	}
	t.Fatalf("no session within %s\n%s", limit, c.log)
}

// post delivers something, and says how long that took.
func (c *counter) post(t *testing.T, number int) time.Duration {
	t.Helper()
	began := time.Now()
	m := render(t, c.bench, notifiertest.Notice())
	if _, err := c.notifier.Send(t.Context(), target, m, notifiertest.Key(room, fmt.Sprintf("S-%04d", number), "n")); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

var ann = discordtest.Member{ID: "1180000000000000101", Name: "Ann"}

// greet is a command that greets.
func greet() notifiers.Command {
	return notifiers.Command{
		Name: "greet", Labels: map[string]notifiers.Label{"en": {Name: "greet", Description: "Greets you"}, "de": {Name: "grüßen", Description: "Grüßt"}},
		Options: []notifiers.Option{{Name: "how", Labels: map[string]notifiers.Label{"en": {Name: "how", Description: "How"}}, Max: 20}},
		Run: func(_ context.Context, r notifiers.Request) (notifiers.Answer, error) {
			return notifiers.Answer{Head: "Hello, " + r.By.Name + r.Values["how"]}, nil
		},
	}
}

// greets reports whether the command is answered.
func (c *counter) greets() bool {
	m := c.Call(discordtest.Called{By: ann, Channel: room, Command: "greet"}).Answer(5 * time.Second)
	return m != nil && discordtest.Unescape(m.Content) == "Hello, Ann"
}

func TestCommandsAreHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := answering(t, greet())
		c.ready(t, time.Second)
		call := c.Call(discordtest.Called{By: ann, Channel: room, Command: "greet", Values: map[string]string{"how": " <@1> @everyone"}})
		m := call.Answer(time.Second)
		if m == nil || discordtest.Unescape(m.Content) != "Hello, Ann<@1> @everyone" || !call.Private() || len(c.Pings()) > 0 {
			t.Errorf("answered %+v, private %v, pings %v\n%s", m, call.Private(), c.Pings(), c.log)
		}
		if len(c.Messages(room)) > 0 {
			t.Error("everybody sees the answer")
		}
		commands, times := c.Commands()
		if times != 1 || len(commands) != 1 || commands[0].NameLocalizations["de"] != "grüßen" || commands[0].NameLocalizations["en-US"] != "greet" {
			t.Errorf("registered %d times: %+v", times, commands)
		}
		c.stop()
		c.serve(t)
		c.ready(t, time.Second)
		if synctest.Wait(); !c.greets() {
			t.Error("not heard after a restart")
		}
		if _, times := c.Commands(); times != 1 {
			t.Errorf("what did not change was registered again: %d times", times)
		}
		c.stop()
		c.desk.Commands[0].Options = nil
		c.serve(t)
		c.ready(t, time.Second)
		if synctest.Wait(); !c.greets() {
			t.Error("not heard after a change")
		}
		if _, times := c.Commands(); times != 2 {
			t.Errorf("what changed was registered %d times in all, want 2", times)
		}
	})
}

// Whatever the gateway does, messages are delivered as if there were none, and commands
// come back by themselves.
func TestGatewayFaults(t *testing.T) {
	for name, r := range map[string]discordtest.Rule{
		"no upgrade":               {Fault: discordtest.NoUpgrade, Route: discordtest.AtConnect, Status: 520},
		"no Hello":                 {Fault: discordtest.Mute, Route: discordtest.AtConnect},
		"cut before Hello":         {Fault: discordtest.Cut, Route: discordtest.AtConnect},
		"reconnect before Hello":   {Fault: discordtest.Reconnect, Route: discordtest.AtConnect},
		"gibberish before Hello":   {Fault: discordtest.BrokenJSON, Route: discordtest.AtConnect},
		"no Ready":                 {Fault: discordtest.Mute, Route: discordtest.AtIdentify},
		"cut before Ready":         {Fault: discordtest.Cut, Route: discordtest.AtIdentify},
		"reconnect before Ready":   {Fault: discordtest.Reconnect, Route: discordtest.AtIdentify},
		"invalid before Ready":     {Fault: discordtest.InvalidSession, Route: discordtest.AtIdentify},
		"closed 4000 before Ready": {Fault: discordtest.Close, Route: discordtest.AtIdentify, Code: 4000},
		"closed 4009 before Ready": {Fault: discordtest.Close, Route: discordtest.AtIdentify, Code: 4009},
		"asked before Ready":       {Fault: discordtest.AskHeartbeat, Route: discordtest.AtIdentify},
		"an event before Ready":    {Fault: discordtest.UnknownEvent, Route: discordtest.AtIdentify},
		"reconnect":                {Fault: discordtest.Reconnect, Route: discordtest.InSession},
		"invalid":                  {Fault: discordtest.InvalidSession, Route: discordtest.InSession},
		"asked":                    {Fault: discordtest.AskHeartbeat, Route: discordtest.InSession},
		"gibberish":                {Fault: discordtest.BrokenJSON, Route: discordtest.InSession},
		"unknown event":            {Fault: discordtest.UnknownEvent, Route: discordtest.InSession},
		"closed 1000":              {Fault: discordtest.Close, Route: discordtest.InSession, Code: 1000},
		"closed 4007":              {Fault: discordtest.Close, Route: discordtest.InSession, Code: 4007},
		"cut at a heartbeat":       {Fault: discordtest.Cut, Route: discordtest.AtBeat},
		"stalls at a heartbeat":    {Fault: discordtest.Mute, Route: discordtest.AtBeat},
		"no acknowledgement":       {Fault: discordtest.NoAck, Route: discordtest.AtBeat},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t, greet()) // in real time: the library waits on locks, which stops the clock of a bubble
			discord.Hurry(c.notifier)
			c.SetBeat(200 * time.Millisecond)
			r.Method, r.Nth = discordtest.Socket, 1
			fired := c.Break(r)
			c.serve(t)
			defer c.cancel()
			for i := 1; fired() == 0 || i < 6; i++ {
				if took := c.post(t, i); took > time.Second {
					t.Errorf("a message took %s", took)
				}
				if time.Sleep(50 * time.Millisecond); i > 200 {
					t.Fatal("it never happened")
				}
			}
			back := false
			for end := time.Now().Add(20 * time.Second); !back && time.Now().Before(end); {
				m := c.Call(discordtest.Called{By: ann, Channel: room, Command: "greet"}).Answer(300 * time.Millisecond)
				back = m != nil && discordtest.Unescape(m.Content) == "Hello, Ann"
			}
			if !back {
				t.Errorf("commands did not come back\n%s", c.log)
			}
			if ever, now := c.Connections(); now != 1 || ever > 4 || fired() != 1 {
				t.Errorf("%d connections, %d of them now; it happened %d times", ever, now, fired())
			}
		})
	}
}

func TestGatewayIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := answering(t, greet())
		c.ready(t, time.Second)
		c.pipes.mu.Lock()
		c.pipes.refuse = true
		c.pipes.mu.Unlock()
		c.HangUp()
		for i := range 60 {
			if took := c.post(t, i+1); took > time.Second {
				t.Errorf("a message took %s", took)
			}
			time.Sleep(time.Minute)
		}
		c.pipes.mu.Lock()
		c.pipes.refuse = false
		if c.pipes.dialled > 20 {
			t.Errorf("%d connections were tried in an hour", c.pipes.dialled)
		}
		c.pipes.mu.Unlock()
		if c.ready(t, 16*time.Minute); !c.greets() {
			t.Error("commands did not come back")
		}
	})
}

// Connecting again on these codes is forbidden, or useless.
func TestGatewayForbidsToConnectAgain(t *testing.T) {
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		synctest.Test(t, func(t *testing.T) {
			c := answering(t, greet())
			c.ready(t, time.Second)
			fired := c.Break(discordtest.Rule{Method: discordtest.Socket, Route: discordtest.AtIdentify, Fault: discordtest.Close, Code: code})
			c.HangUp()
			time.Sleep(time.Hour)
			select {
			case <-c.stopped:
			default:
				t.Errorf("%d: still trying", code)
			}
			if fired() != 1 || c.post(t, 1) > time.Second || !strings.Contains(c.log.String(), "forbids") {
				t.Errorf("%d: closed %d times\n%s", code, fired(), c.log)
			}
		})
	}
}

// A day in which no session lasts: Discord resets the token of a bot that begins more
// than 1,000. Of those on which the library locks itself, something is left behind.
func TestADayOfReconnecting(t *testing.T) {
	n := open(t).notifier
	for name, c := range map[string]struct {
		lasts time.Duration
		err   error
		most  int
	}{
		"closed at once":            {0, errors.New("closed"), 200},
		"closed after five minutes": {5 * time.Minute, errors.New("closed"), 130},
		"closed after ten minutes":  {10 * time.Minute, errors.New("closed"), 145},
		"locked":                    {time.Minute, fmt.Errorf("closed: %w", discord.ErrLost), 26},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
			defer cancel()
			connections := 0
			discord.Stay(ctx, n, func() error {
				connections++
				time.Sleep(c.lasts)
				return c.err
			})
			if connections > c.most || connections < 20 {
				t.Errorf("%s: %d connections in a day, want at most %d", name, connections, c.most)
			}
		})
	}
}

// A library that identifies itself again and again, as often as Discord says that the
// session is invalid, is cut off.
func TestInvalidSessionForEver(t *testing.T) {
	t.Parallel()
	c := open(t, greet())
	discord.Hurry(c.notifier)
	fired := c.Break(discordtest.Rule{Method: discordtest.Socket, Route: discordtest.AtIdentify, Fault: discordtest.InvalidSession})
	c.serve(t)
	defer c.cancel()
	time.Sleep(3 * time.Second)
	if ever, _ := c.Connections(); fired() < 10 || fired() > 12*ever {
		t.Errorf("it identified %d times on %d connections", fired(), ever)
	}
}

// However often a connection ends, nothing stays of it: no goroutine, and no memory.
func TestReconnectingLeavesNothingBehind(t *testing.T) {
	c := open(t, greet())
	discord.Hurry(c.notifier)
	c.serve(t)
	defer c.cancel()
	settled := func() (n int) {
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			if n = runtime.NumGoroutine(); c.Sessions() == 1 && n < 40 {
				break
			}
		}
		return n
	}
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // what the first one found to be pooled
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, memory := settled(), held()
	c.Break(discordtest.Rule{Method: discordtest.Socket, Route: discordtest.InSession, Fault: discordtest.Close, Code: 4000})
	c.HangUp()
	ever := 0
	for end := time.Now().Add(30 * time.Second); ever < 10 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		ever, _ = c.Connections()
	}
	c.Mend()
	time.Sleep(2 * time.Second) // the library takes a second to close one
	if after := settled(); after > before+3 || ever < 10 {
		t.Errorf("%d goroutines, and %d after %d connections", before, after, ever)
	}
	if after := held(); after > memory+256<<10 {
		t.Errorf("%d kB, and %d after %d connections", memory>>10, after>>10, ever)
	}
}

// Few sessions are left for today: none is begun.
func TestSessionsAreNotUsedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := answering(t, greet())
		c.ready(t, time.Second)
		c.UseUp(950)
		c.HangUp()
		time.Sleep(12 * time.Hour)
		if n := c.Identifies(); n != 951 {
			t.Errorf("%d sessions", n)
		}
		c.ready(t, 13*time.Hour)
	})
}
