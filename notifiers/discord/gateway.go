package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	dg "github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

// The gateway of discordgo 0.29.0 hangs without a Hello, locks itself on an early
// "reconnect", connects anew for ever on codes that forbid it, and ends the process when a
// handler panics. So it is given one connection at a time, on a session that is thrown
// away afterwards, with deadlines on every read and write; whatever happens, what is left
// of it is the end of that connection. Sessions are never resumed: a command that came
// meanwhile is too old to be answered.
const (
	// spareStarts are not used up: whoever identifies more than 1,000 times in a day gets
	// the bot's token reset. https://discord.com/developers/docs/topics/gateway#session-start-limit-object
	spareStarts = 100
	// mostLost is how many sessions may have locked themselves before a new one waits
	// for lostWait: each leaves a goroutine behind.
	mostLost = 20
	lostWait = 6 * time.Hour
	// A connection on which more is said than a hand-shake and a few identifications is
	// one on which Discord refuses the session again and again, and the library repeats it
	// at once.
	longWrite, mostLongWrites = 150, 10
)

// pace is how long things may take.
type pace struct {
	open    time.Duration // until Discord says that a connection is ready
	silence time.Duration // acknowledgements of heartbeats arrive every 41 s
	// close is until the library notices a closed connection. When it does not, it waits
	// for its own lock, for ever.
	close time.Duration
	// Between connections: twice as long each time, until one lasted.
	shortest, longest, lasted time.Duration
}

var usualPace = pace{open: time.Minute, silence: 90 * time.Second, close: 5 * time.Second, shortest: shortestWait, longest: longestWait, lasted: 10 * time.Minute}

const shortestWait, longestWait = time.Second, 15 * time.Minute

// fatalCloses are the codes after which connecting again cannot help.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
var fatalCloses = []int{4004, 4010, 4011, 4012, 4013, 4014}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// commander is a notifier that answers commands as well.
type commander struct {
	*notifier
	token string
	dial  dialer
	plain bool // the API is on this machine, and its gateway may be without encryption
	pace  pace
	log   *slog.Logger
}

// Render implements [notifiers.Notifier]: a statement for review can be decided about
// where it is shown.
func (c *commander) Render(notice onrecord.Notice) (notifiers.Message, error) {
	b, err := message.Of(notice)
	if err != nil {
		return notifiers.Message{}, err
	}
	return b.Decide().Designed(c.cards)
}

// Serve implements [notifiers.Commander].
func (c *commander) Serve(ctx context.Context, d notifiers.Desk) {
	desk := newDesk(c, d)
	defer desk.close()
	c.stay(ctx, func() error { return c.connection(ctx, desk) })
}

// stay connects again whenever a connection is over, at a pace that Discord bears.
func (c *commander) stay(ctx context.Context, connection func() error) {
	wait, lost := c.pace.shortest, 0
	for {
		began := time.Now()
		err := connection()
		var code *websocket.CloseError
		switch {
		case ctx.Err() != nil:
			return
		case errors.As(err, &code) && slices.Contains(fatalCloses, code.Code):
			c.log.Error("discord: commands are off until the program starts again or its configuration changes: Discord forbids to connect again", "code", code.Code, "why", card.Line(code.Text, maxMessage))
			return
		case errors.Is(err, errLost):
			lost++
		}
		if time.Since(began) >= c.pace.lasted {
			wait = c.pace.shortest
		}
		pause := wait/2 + rand.N(wait/2+1)
		wait = min(2*wait, c.pace.longest)
		var starts tooManyStarts
		switch {
		case errors.As(err, &starts):
			pause = time.Duration(starts)
		case lost > mostLost:
			pause = lostWait
		}
		c.log.Warn("discord: commands are not heard for a while", "error", err, "again_in", pause.Round(time.Millisecond).String())
		rest(ctx, pause)
	}
}

// rest waits, unless the context ends.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// errLost says that a session of the library locked itself and was left alone.
var errLost = errors.New("the library hangs; its session is left alone")

// tooManyStarts says how long no session may be started.
type tooManyStarts time.Duration

func (t tooManyStarts) Error() string { return "Discord allows no more sessions for now" }

// connection connects once and stays until that is over.
func (c *commander) connection(ctx context.Context, desk *desk) error {
	where, err := c.entrance(ctx)
	if err != nil {
		return err
	}
	l := &line{over: make(chan struct{}), silence: c.pace.silence}
	defer l.Close()
	ready := make(chan string, 1)
	s, err := c.session(where, l, func(e *dg.Event) { desk.event(ctx, e, ready) })
	if err != nil {
		return err
	}
	opened := make(chan error, 1)
	go func() { opened <- open(s) }()
	tooLong := time.NewTimer(c.pace.open)
	defer tooLong.Stop()
	for {
		select {
		case err := <-opened:
			if err != nil {
				return fmt.Errorf("open Discord's gateway: %w", err)
			}
			opened = nil
		case app := <-ready:
			tooLong.Stop()
			c.log.Info("discord: commands are heard", "application", app)
			go desk.register(ctx, app, l.over)
		case <-tooLong.C:
			return c.abandon(l, opened, fmt.Errorf("Discord's gateway said nothing useful for %s", c.pace.open))
		case <-l.over:
			return c.abandon(l, opened, errors.New("the connection to Discord's gateway ended"))
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// abandon ends a connection. opened is nil once the library has come back from opening it.
func (c *commander) abandon(l *line, opened <-chan error, why error) error {
	l.Close()
	if opened == nil {
		return why
	}
	t := time.NewTimer(c.pace.close)
	defer t.Stop()
	select {
	case err := <-opened:
		if err != nil {
			return fmt.Errorf("%w: %w", why, err)
		}
		return why
	case <-t.C:
		return fmt.Errorf("%w: %w", why, errLost)
	}
}

// open keeps a panic of the library's to itself.
func open(s *dg.Session) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the library broke: %v", r)
		}
	}()
	return s.Open()
}

// session is one of the library's, for one connection to an address. It makes no
// requests of its own and keeps no state.
func (c *commander) session(where string, l *line, event func(*dg.Event)) (*dg.Session, error) {
	inVersion10()
	s, err := dg.New(c.token)
	if err != nil {
		return nil, err
	}
	s.Client = &http.Client{Transport: directions(where)}
	s.StateEnabled, s.LogLevel = false, -1 // its log shows the token
	s.ShouldReconnectOnError, s.ShouldReconnectVoiceOnSessionError = false, false
	s.Compress, s.Identify.Intents = false, dg.IntentsNone // interactions need none
	s.Dialer = &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: requestTimeout, NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := c.dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return l.take(conn)
	}}
	s.AddHandler(func(_ *dg.Session, e *dg.Event) { event(e) })
	return s, nil
}

// inVersion10 asks for the version of the gateway that belongs to our API's.
var inVersion10 = sync.OnceFunc(func() { dg.APIVersion = "10" })

// directions tells the library where the gateway is, which we have asked ourselves.
type directions string

func (d directions) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := json.Marshal(map[string]string{"url": string(d)})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, err
}

// entrance asks where the gateway is, and whether one may come in. The token is sent
// there, so it must be encrypted unless all of it is on this machine.
func (c *commander) entrance(ctx context.Context) (string, error) {
	var told struct {
		URL   string `json:"url"`
		Start *struct {
			Remaining  int     `json:"remaining"`
			ResetAfter float64 `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	if err := c.get(ctx, gatewayEntrance(), &told, findPatience); err != nil {
		return "", err
	}
	u, err := url.Parse(told.URL)
	if err != nil || u.Host == "" || u.Scheme != "wss" && (u.Scheme != "ws" || !c.plain) {
		return "", errors.New("the address that Discord gives for its gateway is none with encryption: check notifiers.discord.api_url")
	}
	if s := told.Start; s != nil && s.Remaining < spareStarts {
		return "", tooManyStarts(min(max(time.Duration(s.ResetAfter)*time.Millisecond, longestWait), maxPause))
	}
	return told.URL, nil
}

// line is the connection of one session, whose end cannot be missed.
type line struct {
	over    chan struct{} // closed at the end
	silence time.Duration

	mu    sync.Mutex
	ended bool
	conn  net.Conn
}

// take gives the line its connection.
func (l *line) take(conn net.Conn) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended || l.conn != nil {
		conn.Close()
		return nil, net.ErrClosed
	}
	l.conn = conn
	return &guarded{Conn: conn, line: l}, nil
}

// Close ends the connection, and with it whatever the library waits for.
func (l *line) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	close(l.over)
	if l.conn != nil {
		l.conn.Close()
	}
}

// guarded is a connection that nobody can wait on for ever.
type guarded struct {
	net.Conn
	line *line
	long int // writes; one goroutine at a time writes
}

func (g *guarded) Read(b []byte) (int, error) {
	_ = g.SetReadDeadline(time.Now().Add(g.line.silence))
	n, err := g.Conn.Read(b)
	if err != nil {
		g.line.Close()
	}
	return n, err
}

func (g *guarded) Write(b []byte) (int, error) {
	if len(b) >= longWrite {
		if g.long++; g.long > mostLongWrites {
			g.line.Close()
			return 0, errors.New("too much was said on one connection")
		}
	}
	_ = g.SetWriteDeadline(time.Now().Add(g.line.silence))
	n, err := g.Conn.Write(b)
	if err != nil {
		g.line.Close()
	}
	return n, err
}

func (g *guarded) Close() error {
	g.line.Close()
	return nil
}
