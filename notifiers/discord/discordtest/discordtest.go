// Package discordtest is a Discord to post to in tests and in the
// demonstration: an [http.Handler] that keeps state and follows the documented
// rules of Discord's REST API, strictly. It owns what can go wrong on the way:
// every fault can be switched on, and is counted when it happens.
//
// It answers below /api/v9, /api/v10 and /api, at any host and behind any path.
package discordtest

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Ids of the one bot and the one server.
const (
	BotID   = "1180000000000000700"
	GuildID = "1180000000000000001"
	// BotRole is the role whose permissions the bot has.
	BotRole = "1180000000000000701"
	// Someone is another member, who wrote what [Server.Say] says.
	Someone = "1180000000000000002"
)

// DefaultToken is the bot's token until [Server.SetToken].
const DefaultToken = "fake-bot-token"

// Permissions.
const (
	Administrator         = 1 << 3
	ManageThreads         = 1 << 34
	CreatePublicThreads   = 1 << 35
	CreatePrivateThreads  = 1 << 36
	MentionEveryone       = 1 << 17
	ManageRoles           = 1 << 28
	ViewChannel           = 1 << 10
	SendMessages          = 1 << 11
	ManageMessages        = 1 << 13
	EmbedLinks            = 1 << 14
	AttachFiles           = 1 << 15
	ReadMessageHistory    = 1 << 16
	SendMessagesInThreads = 1 << 38
	needed                = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | SendMessagesInThreads
)

// Types of channels.
const (
	Text          = 0
	Announcement  = 5
	NewsThread    = 10 // in an announcement channel
	PublicThread  = 11
	PrivateThread = 12
	Forum         = 15
)

// Server is the fake. It is safe for use by several goroutines.
type Server struct {
	mux *http.ServeMux

	mu       sync.Mutex
	token    string
	channels map[string]*room
	roles    map[string]*Role
	left     map[string]bool   // who is no member any more
	webhooks map[string]string // path to channel
	nonces   map[string]receipt
	window   time.Duration
	skew     time.Duration
	lastID   uint64
	hits     int
	pings    []string
	requests map[string]int
	limit    limit
	ban      int // refused requests that lead to it; 0: none
	refused  int
	rules    []*rule
	fired    map[Fault]int
	random   *rand.Rand

	// Of a gateway; nil: there is none.
	socket   http.HandlerFunc
	followUp func(call) reply
}

// Role is a role that members can have.
type Role struct {
	ID, Name             string
	Permissions          uint64
	Ours                 bool // the bot has it
	Position             int  // who has a higher one gives it
	Mentionable, Managed bool
	Members              []string // that have it
}

// room is a channel or a thread.
type room struct {
	id, parent       string
	kind             int
	archived, locked bool
	name, owner      string // of a thread
	archivedAt       time.Time
	readers          []string // who is in a private thread
	tags             []Tag    // of a forum
	tagged           bool     // its posts must have one
	applied          []string // to a post
	begun            []string // messages that had a thread below them
	overwrites       []Overwrite
	messages         []*Message
	used             int // of the rate limit
	reset            time.Time
	crossposts       []time.Time
}

// receipt is what a nonce stands for.
type receipt struct {
	message *Message
	first   []byte // the answer that was given
	at      time.Time
}

// Overwrite changes the permissions of a role or member in one channel.
type Overwrite struct {
	ID          string
	Allow, Deny uint64
}

// New returns a server with these text channels, in which the bot may do what
// it needs. Nonces are recognised for five minutes; nothing is limited.
func New(channels ...string) *Server {
	s := &Server{
		token: DefaultToken, channels: map[string]*room{}, webhooks: map[string]string{}, nonces: map[string]receipt{}, window: 5 * time.Minute,
		roles: map[string]*Role{GuildID: {ID: GuildID, Name: "@everyone", Ours: true}, BotRole: {ID: BotRole, Name: "onrecord", Permissions: needed, Ours: true, Position: 5, Managed: true}}, left: map[string]bool{},
		requests: map[string]int{}, fired: map[Fault]int{},
	}
	s.SetSeed(1)
	for _, id := range channels {
		s.AddChannel(id, Text, "")
	}
	s.mux = s.routes()
	return s
}

// AddChannel adds a channel of a type, or a thread in a parent.
func (s *Server) AddChannel(id string, kind int, parent string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[id] = &room{id: id, kind: kind, parent: parent}
}

// DeleteChannel deletes a channel with its messages.
func (s *Server) DeleteChannel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.channels, id)
}

// AddWebhook gives a channel a webhook, which answers at
// /api/webhooks/<id>/<token>.
func (s *Server) AddWebhook(id, token, channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhooks[id+"/"+token] = channel
}

// Archive archives a thread, or locks it as well.
func (s *Server) Archive(thread string, lock bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[thread].archived, s.channels[thread].locked, s.channels[thread].archivedAt = true, lock, time.Now()
}

// SetToken replaces the bot's token; the old one is refused from now on.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// SetNonceWindow says how long nonces are recognised: 0 never, negative for ever.
func (s *Server) SetNonceWindow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.window = d
}

// SetSkew makes the ids of messages tell another time than ours.
func (s *Server) SetSkew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew = d
}

// SetSeed makes what happens by odds happen in another order.
func (s *Server) SetSeed(seed uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.random = rand.New(rand.NewPCG(seed, seed))
}

// SetRole sets a role's permissions and whether the bot has it. The role of
// everyone has the id [GuildID].
func (s *Server) SetRole(id string, permissions uint64, ours bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[id] = &Role{ID: id, Name: "role", Permissions: permissions, Ours: ours}
}

// AddRole adds a role, or replaces it.
func (s *Server) AddRole(r Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[r.ID] = &r
}

// DeleteRole deletes a role.
func (s *Server) DeleteRole(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.roles, id)
}

// Members returns who has a role.
func (s *Server) Members(role string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.roles[role].Members)
}

// Leave makes somebody no member any more.
func (s *Server) Leave(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left[user] = true
}

// SetOverwrites replaces the overwrites of a channel.
func (s *Server) SetOverwrites(channel string, o ...Overwrite) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].overwrites = o
}

// Deny takes permissions in a channel from the bot; 0 gives all back.
func (s *Server) Deny(channel string, permissions uint64) {
	s.SetOverwrites(channel, Overwrite{ID: BotID, Deny: permissions})
}

// permissions computes what the bot may do: what its roles allow, then changed
// by the overwrites of everyone, of its roles, and of itself.
func (s *Server) permissions(c *room) uint64 {
	if c.parent != "" {
		c = s.channels[c.parent]
	}
	var have uint64
	for _, r := range s.roles {
		if r.Ours {
			have |= r.Permissions
		}
	}
	if have&Administrator != 0 {
		return ^uint64(0)
	}
	var byRoles, own Overwrite
	for _, o := range c.overwrites {
		switch {
		case o.ID == GuildID:
			have = have&^o.Deny | o.Allow
		case o.ID == BotID:
			own = o
		case s.roles[o.ID] != nil && s.roles[o.ID].Ours:
			byRoles.Allow |= o.Allow
			byRoles.Deny |= o.Deny
		}
	}
	have = have&^byRoles.Deny | byRoles.Allow
	return have&^own.Deny | own.Allow
}

// Say posts a message of somebody else and returns its id.
func (s *Server) Say(channel, text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	m := &Message{ID: s.newID(), Channel: channel, Author: Someone, Content: text, At: time.Now()}
	c.messages = append(c.messages, m)
	return m.ID
}

// Restore shows a message that the bot posted before this server began, under
// its old id. Its nonce is long forgotten.
func (s *Server) Restore(channel, id string, body []byte) {
	b, refused := checked(jsonType, body)
	number, err := strconv.ParseUint(id, 10, 64)
	if refused != nil || err != nil {
		panic("discordtest: " + id + " is no message that a bot could have posted")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &Message{ID: id, Channel: channel, Author: BotID, Nonce: b.Nonce, At: time.UnixMilli(int64(number>>22) + epoch), Body: body}
	m.replace(b, s.newID)
	c := s.channels[channel]
	c.messages = append(c.messages, m)
}

// DeleteMessage does what a moderator can do.
func (s *Server) DeleteMessage(channel, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.channels[channel].find(id); m != nil {
		m.deleted = true
	}
}

// SuppressEmbeds removes the embeds of a message, as a moderator can.
func (s *Server) SuppressEmbeds(channel, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.channels[channel].find(id); m != nil {
		m.Embeds = nil
	}
}

// Messages returns what a channel shows, oldest first.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if c := s.channels[channel]; c != nil {
		for _, m := range c.shown() {
			list = append(list, *m)
		}
	}
	return list
}

// Pings names everybody who was notified by the bot, in order.
func (s *Server) Pings() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.pings)
}

// NonceHits counts the messages that were not created because their nonce was
// recognised.
func (s *Server) NonceHits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits
}

// Requests counts the requests of a method to a route, such as "POST" and
// "/channels/{c}/messages".
func (s *Server) Requests(method, route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[method+" "+route]
}

// Dump writes what all channels show, with the time each message arrived.
func (s *Server) Dump(w io.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range sortedKeys(s.channels) {
		for _, m := range s.channels[id].shown() {
			if _, err := fmt.Fprintf(w, "-- %s %s %s --\n%s\n", id, m.ID, m.At.UTC().Format(time.RFC3339Nano), m.Text()); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	return keys
}

// find returns a message that was not deleted.
func (c *room) find(id string) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.ID == id && !m.deleted })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

func (c *room) shown() (list []*Message) {
	for _, m := range c.messages {
		if !m.deleted {
			list = append(list, m)
		}
	}
	return list
}

// epoch is when ids begin to count, in milliseconds since 1970.
const epoch = 1420070400000

// newID makes a snowflake: milliseconds since 2015, then a count.
func (s *Server) newID() string {
	const least = uint64(1e17) // a clock before 2015 must not shorten the ids
	ms := max(time.Now().Add(s.skew).UnixMilli()-epoch, 0)
	s.lastID = max(uint64(ms)<<22, least, s.lastID+1)
	return strconv.FormatUint(s.lastID, 10)
}
