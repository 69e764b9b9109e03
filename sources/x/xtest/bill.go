package xtest

import "time"

// resource is what X charges for.
type resource string

const (
	aPost resource = "posts"
	aUser resource = "users"
	aName resource = "names" // that another one is borne, as a stream tells
)

// prices are in millionths of a dollar, from https://docs.x.com/x-api/getting-started/pricing
var prices = map[resource]int64{aPost: 5_000, aUser: 10_000, aName: 5_000}

// bill counts what X charges: each resource once per endpoint and UTC day, which is more
// than its documents say, unless once is set.
type bill struct {
	once    bool // over all endpoints
	charged map[string]bool
	days    map[string]int // posts read by UTC day
	reads   int
	spent   int64
}

func (b *bill) charge(what resource, endpoint, id string) {
	today := time.Now().UTC().Format(time.DateOnly)
	if b.once && what == aPost {
		endpoint = "posts"
	}
	key := today + " " + endpoint + " " + id
	if b.charged[key] {
		return
	}
	b.charged[key] = true
	b.spent += prices[what]
	if what == aPost {
		b.reads++
		b.days[today]++
	}
}

// ChargeOnce makes X charge for a post once a UTC day, whichever way it was delivered, as
// its documents say: https://docs.x.com/x-api/getting-started/pricing
func (s *Server) ChargeOnce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bill.once = true
}

// ReadElsewhere has another program of the same app read posts today.
func (s *Server) ReadElsewhere(posts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bill.days[time.Now().UTC().Format(time.DateOnly)] += posts
}

// Reads returns how many posts were billed.
func (s *Server) Reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bill.reads
}

// Spent returns what X has billed, in millionths of a dollar.
func (s *Server) Spent() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bill.spent
}
