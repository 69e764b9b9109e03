package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The gateway as Discord documents it: Hello, Identify or Resume, Ready or Resumed,
// heartbeats and their acknowledgements, events with their numbers.
// https://discord.com/developers/docs/events/gateway

// AppID is the application the bot belongs to.
const AppID = "1180000000000000777"

const (
	gatewayPath = "/fake-gateway/"
	// usualBeat is how often Discord wants to hear from a session.
	usualBeat = 41250 * time.Millisecond

	// mostStarts is how many sessions may begin in a day before the token is worthless.
	mostStarts = 1000
)

// Gateway is the part of a [Server] through which commands come. Programs that only post
// do without it, and so without what it weighs.
type Gateway struct {
	s *Server

	sessions   map[*session]bool
	resumable  map[string]int // number of the last event by session id
	identified []time.Time
	total      int // connections ever
	calls      map[string]*Call
	commands   []Command
	registered int // how often
	events     []json.RawMessage
	beat       time.Duration
}

// OpenGateway gives a server its gateway, which has the server's lock and faults.
func OpenGateway(s *Server) *Gateway {
	g := &Gateway{s: s, sessions: map[*session]bool{}, resumable: map[string]int{}, calls: map[string]*Call{}, beat: usualBeat}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket, s.followUp = g.serveGateway, g.followUp
	for pattern, h := range map[string]func(call) reply{
		"GET /gateway/bot":                                 g.entrance,
		"PUT /applications/{app}/commands":                 g.register,
		"POST /interactions/{i}/{token}/callback":          g.callBack,
		"GET /webhooks/{id}/{token}/messages/@original":    g.original,
		"PATCH /webhooks/{id}/{token}/messages/@original":  g.editOriginal,
		"DELETE /webhooks/{id}/{token}/messages/@original": g.removeOriginal,
	} {
		s.mux.Handle(pattern, handler(func(_ *Server, c call) reply { return h(c) }))
	}
	return g
}

// session is one connection.
type session struct {
	conn  *websocket.Conn
	write sync.Mutex
	id    string
	seq   int
	mute  bool // a fault: nothing is said any more
	ready bool
}

// packet is what goes over the connection.
type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int            `json:"s,omitempty"`
	Type string          `json:"t,omitempty"`
}

// Sessions counts the connections that are ready now.
func (g *Gateway) Sessions() int {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for c := range g.sessions {
		if c.ready {
			n++
		}
	}
	return n
}

// Connections counts the connections to the gateway ever made, and those open now.
func (g *Gateway) Connections() (ever, now int) {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return g.total, len(g.sessions)
}

// Identifies counts the sessions ever begun.
func (g *Gateway) Identifies() int {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(g.identified)
}

// SetBeat says how often Discord wants to hear from a session.
func (g *Gateway) SetBeat(d time.Duration) {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	g.beat = d
}

// HangUp ends all connections to the gateway.
func (g *Gateway) HangUp() {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range g.sessions {
		c.conn.NetConn().Close()
	}
}

// started counts the sessions of the last 24 hours.
func (g *Gateway) started(now time.Time) int {
	g.identified = slices.DeleteFunc(g.identified, func(t time.Time) bool { return now.Sub(t) > 24*time.Hour && len(g.identified) > 10*mostStarts })
	n := 0
	for _, t := range g.identified {
		if now.Sub(t) <= 24*time.Hour {
			n++
		}
	}
	return n
}

func (g *Gateway) entrance(c call) reply {
	now := time.Now()
	left, reset := mostStarts-g.started(now), time.Duration(0)
	if left < mostStarts {
		reset = 24*time.Hour - now.Sub(g.identified[len(g.identified)-(mostStarts-left)])
	}
	return object(map[string]any{
		"url": "ws://" + c.Host + gatewayPath, "shards": 1,
		"session_start_limit": map[string]any{"total": mostStarts, "remaining": max(left, 0), "reset_after": reset.Milliseconds(), "max_concurrency": 1},
	})
}

// at returns the fault of a stage, if there is one.
func (g *Gateway) at(stage string) (Rule, bool) {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pick(Socket, stage)
}

func (g *Gateway) serveGateway(w http.ResponseWriter, req *http.Request) {
	s := g.s
	fault, faulty := g.at(AtConnect)
	if faulty && fault.Fault == NoUpgrade {
		http.Error(w, "error code: 1015", fault.Status)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, req, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	if q := req.URL.Query(); q.Get("v") != "10" || q.Get("encoding") != "json" {
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4012, "Invalid API version"), time.Now().Add(time.Second))
		return
	}
	c := &session{conn: conn}
	s.mu.Lock()
	beat := g.beat
	g.sessions[c] = true
	g.total++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(g.sessions, c)
	}()
	if faulty && !g.suffer(c, fault) {
		return
	}
	c.say(packet{Op: 10, Data: raw(map[string]any{"heartbeat_interval": beat.Milliseconds()})})
	for {
		_ = conn.SetReadDeadline(time.Now().Add(2 * beat)) // who is not heard is gone
		var p packet
		if err := conn.ReadJSON(&p); err != nil {
			return
		}
		if !g.hear(c, p) {
			return
		}
	}
}

// suffer makes a fault happen and reports whether the connection goes on.
func (g *Gateway) suffer(c *session, r Rule) bool {
	switch r.Fault {
	case Mute:
		c.write.Lock()
		c.mute = true
		c.write.Unlock()
	case Cut:
		c.conn.NetConn().Close()
		return false
	case Close:
		_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(r.Code, "told to"), time.Now().Add(time.Second))
		return false
	case Reconnect:
		c.say(packet{Op: 7})
	case InvalidSession:
		c.say(packet{Op: 9, Data: raw(false)})
	case AskHeartbeat:
		c.say(packet{Op: 1})
	case BrokenJSON:
		c.write.Lock()
		_ = c.conn.WriteMessage(websocket.TextMessage, []byte(`{"op":`))
		c.write.Unlock()
	case UnknownEvent:
		c.event("NOBODY_KNOWS_THIS", map[string]any{"id": 1})
	}
	return true
}

// hear answers what the bot says.
func (g *Gateway) hear(c *session, p packet) bool {
	switch p.Op {
	case 1:
		if fault, faulty := g.at(AtBeat); faulty {
			return fault.Fault == NoAck || g.suffer(c, fault)
		}
		c.say(packet{Op: 11})
	case 2:
		return g.identify(c, p.Data)
	case 6:
		return g.resume(c, p.Data)
	default:
		_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4001, "Unknown opcode"), time.Now().Add(time.Second))
		return false
	}
	return true
}

// intents that Discord gives only to those who asked it.
const privileged = 1<<1 | 1<<8 | 1<<15

func (g *Gateway) identify(c *session, data json.RawMessage) bool {
	s := g.s
	var who struct {
		Token   string `json:"token"`
		Intents *int   `json:"intents"`
	}
	refuse := func(code int, why string) bool {
		_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(time.Second))
		return false
	}
	if json.Unmarshal(data, &who) != nil {
		return refuse(4002, "Decode error")
	}
	s.mu.Lock()
	g.identified = append(g.identified, time.Now())
	good := who.Token == "Bot "+s.token || who.Token == s.token
	if g.started(time.Now()) > mostStarts {
		s.token = "reset-by-discord"
	}
	c.id = fmt.Sprintf("session-%d", g.total)
	s.mu.Unlock()
	switch {
	case !good:
		return refuse(4004, "Authentication failed")
	case who.Intents == nil:
		return refuse(4013, "Invalid intents")
	case *who.Intents&privileged != 0:
		return refuse(4014, "Disallowed intents")
	}
	if fault, faulty := g.at(AtIdentify); faulty {
		if !g.suffer(c, fault) {
			return false
		}
		if fault.Fault != UnknownEvent && fault.Fault != AskHeartbeat && fault.Fault != BrokenJSON {
			return true // Ready does not come
		}
	}
	c.event("READY", map[string]any{
		"v": 10, "session_id": c.id, "resume_gateway_url": "ws://" + gatewayPath, "guilds": []any{map[string]any{"id": GuildID, "unavailable": true}},
		"user": map[string]any{"id": BotID, "username": "onrecord", "bot": true}, "application": map[string]any{"id": AppID, "flags": 0},
	})
	s.mu.Lock()
	c.ready = true
	s.mu.Unlock()
	if fault, faulty := g.at(InSession); faulty {
		return g.suffer(c, fault)
	}
	return true
}

// resume gives a session that was cut off the events it missed.
func (g *Gateway) resume(c *session, data json.RawMessage) bool {
	s := g.s
	var who struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	_ = json.Unmarshal(data, &who)
	s.mu.Lock()
	last, known := g.resumable[who.Session]
	missed := g.events
	s.mu.Unlock()
	if !known || who.Seq > last {
		c.say(packet{Op: 9, Data: raw(false)})
		return true
	}
	c.id, c.seq = who.Session, who.Seq
	for _, e := range missed[min(len(missed), max(who.Seq-1, 0)):] { // Ready was the first
		c.event("INTERACTION_CREATE", e)
	}
	c.event("RESUMED", nil)
	s.mu.Lock()
	c.ready = true
	s.mu.Unlock()
	return true
}

func raw(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // unreachable: plain values come here
	}
	return data
}

// say sends something, unless the connection has gone mute.
func (c *session) say(p packet) {
	c.write.Lock()
	defer c.write.Unlock()
	if !c.mute {
		_ = c.conn.WriteJSON(p) // whoever has gone is noticed by reading
	}
}

func (c *session) event(kind string, data any) {
	c.write.Lock()
	c.seq++
	seq := c.seq
	c.write.Unlock()
	c.say(packet{Op: 0, Type: kind, Seq: &seq, Data: raw(data)})
}

// tell sends an event to all who are ready.
func (g *Gateway) tell(kind string, data any) {
	s := g.s
	s.mu.Lock()
	g.events = append(g.events, raw(data))
	var to []*session
	for c := range g.sessions {
		if c.ready {
			to = append(to, c)
			g.resumable[c.id] = len(g.events) + 1
		}
	}
	s.mu.Unlock()
	for _, c := range to {
		c.event(kind, data)
	}
}

// UseUp begins sessions, as another program with the same token would.
func (g *Gateway) UseUp(sessions int) {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for range sessions {
		g.identified = append(g.identified, time.Now())
	}
}
