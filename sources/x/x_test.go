package x_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/sourcetest"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

const token = "AAAAAAAAAAAAAAAAAAAAAfictional%3Dtoken"

// bench is an x source in front of a fake X in which Dana Reyes speaks for
// Northwind Data.
type bench struct {
	*testing.T
	x       *xtest.Server
	source  sources.Source
	meter   *meter
	account onrecord.Account
	userID  string
}

// within runs a test at noon of a day, in a bubble where time is fake.
func within(t *testing.T, test func(b *bench), options ...func(*x.Config)) {
	synctest.Test(t, func(t *testing.T) {
		noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		time.Sleep(time.Until(noon))
		server := xtest.New(token)
		b := &bench{
			T: t, x: server, meter: newMeter(), userID: server.Account("northwind_data", "Northwind Data"),
			account: onrecord.Account{ID: "x:northwind_data", Source: "x", Handle: "northwind_data"},
		}
		b.source = open(t, loopback.Transport{Handler: server}, b.meter, options...)
		test(b)
		if got, want := b.meter.total(), server.Spent(); got != want {
			t.Errorf("the meter counted %d millionths of a dollar, X billed %d", got, want)
		}
	})
}

func open(t testing.TB, transport http.RoundTripper, m sources.SpendLog, options ...func(*x.Config)) sources.Source {
	t.Helper()
	c := x.Kind().Config().(*x.Config)
	c.BearerToken = token
	for _, o := range options {
		o(c)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	s, err := c.Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: transport} }, Spend: m})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pull pulls once and fails the test on an error.
func (b *bench) pull(c sources.Cursor) sources.Page {
	b.Helper()
	page, err := b.source.Pull(b.Context(), b.account, c)
	if err != nil {
		b.Fatalf("pull: %v", err)
	}
	return page
}

// fails pulls once and returns the trouble.
func (b *bench) fails(c sources.Cursor) *sources.Error {
	b.Helper()
	page, err := b.source.Pull(b.Context(), b.account, c)
	var told *sources.Error
	if !errors.As(err, &told) {
		b.Fatalf("got error %v, want a *sources.Error", err)
	}
	if len(page.Posts) != 0 || page.Next != "" || page.More {
		b.Errorf("a failed pull returned a page: %+v", page)
	}
	if strings.Contains(err.Error(), token) {
		b.Errorf("the error shows the token: %v", err)
	}
	return told
}

func (b *bench) post(text string) string {
	return b.x.Post("northwind_data", xtest.Post{Text: text})
}

func texts(p sources.Page) (ts []string) {
	for _, post := range p.Posts {
		ts = append(ts, post.Text)
	}
	return ts
}

// meter is a meter in memory.
type meter struct {
	mu    sync.Mutex
	known map[noted]bool
	days  map[string]int64
	err   error
}

// noted is a charge in a day of a place.
type noted struct{ day, class, id string }

func newMeter() *meter { return &meter{known: map[noted]bool{}, days: map[string]int64{}} }

func (m *meter) Record(_ context.Context, place, class string, charges []sources.Charge) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	day := place + time.Now().UTC().Format(time.DateOnly)
	for _, c := range charges {
		if key := (noted{day, class, c.ID}); !m.known[key] {
			m.known[key] = true
			m.days[day] += c.Price
		}
	}
	return m.err
}

func (m *meter) Spent(_ context.Context, place string, at time.Time) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.days[place+at.UTC().Format(time.DateOnly)], m.err
}

func (m *meter) Reads(_ context.Context, place string, at time.Time, classes ...string) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := map[string]bool{}
	for n := range m.known {
		if n.day == place+at.UTC().Format(time.DateOnly) && slices.Contains(classes, n.class) {
			ids[n.id] = true
		}
	}
	return int64(len(ids)), m.err
}

func (m *meter) total() (sum int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, spent := range m.days {
		sum += spent
	}
	return sum
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		fake := xtest.New(token)
		fake.Account("northwind_data", "Northwind Data")
		server := httptest.NewServer(fake)
		t.Cleanup(server.Close)
		faults := map[sourcetest.Fault]xtest.Fault{
			sourcetest.RateLimited: xtest.TooMany(time.Now().Add(5 * time.Minute)),
			sourcetest.ServerError: xtest.Unavailable,
			sourcetest.CutBody:     xtest.CutBody,
			sourcetest.Garbage:     xtest.Garbage,
			sourcetest.Empty:       xtest.Empty,
		}
		return sourcetest.Place{
			Source:  open(t, http.DefaultTransport, newMeter(), func(c *x.Config) { c.BaseURL = server.URL }),
			Account: onrecord.Account{ID: "x:northwind_data", Source: "x", Handle: "northwind_data"},
			Publish: func(text string) { fake.Post("northwind_data", xtest.Post{Text: text}) },
			Break: func(f sourcetest.Fault) func() int {
				if f == sourcetest.GoneAccount {
					fake.Suspend("northwind_data", true)
					before := fake.Requests(xtest.Timeline)
					return func() int { return fake.Requests(xtest.Timeline) - before }
				}
				return fake.Fail(xtest.Timeline, faults[f].Times(100)).Fired
			},
			Mend: func() {
				fake.Mend()
				fake.Suspend("northwind_data", false)
			},
			Secret: token,
			Edit:   func(id, text string) { fake.Edit(id, text) },
			Delete: fake.Delete,
			Hide:   func(on bool) { fake.Protect("northwind_data", on) },
			BreakLooks: func(f sourcetest.Fault) func() int {
				return fake.Fail(xtest.Lookup, faults[f].Times(100)).Fired
			},
		}
	})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*x.Config)
		want   string // "" is valid
	}{
		{"defaults", func(*x.Config) {}, ""},
		{"gateway", func(c *x.Config) { c.BaseURL = "https://gateway.example/x/" }, ""},
		{"this machine", func(c *x.Config) { c.BaseURL = "http://127.0.0.1:8080" }, ""},
		{"this machine, IPv6", func(c *x.Config) { c.BaseURL = "http://[::1]:8080" }, ""},
		{"plain http", func(c *x.Config) { c.BaseURL = "http://gateway.example" }, "base_url: must begin with https://"},
		{"no address", func(c *x.Config) { c.BaseURL = "api.x.com" }, "base_url: must be an address"},
		{"password in the address", func(c *x.Config) { c.BaseURL = "https://a:b@gateway.example" }, "base_url: must be an address"},
		{"no budget", func(c *x.Config) { c.DailyBudgetUSD = 0 }, "daily_budget_usd: must be more than 0"},
		{"two tokens in a file", func(c *x.Config) { c.BearerToken = "one\ntwo" }, "bearer_token: holds a space, a line break"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := x.Kind().Config().(*x.Config)
			c.change(config)
			err := config.Validate()
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			case err != nil && strings.Contains(err.Error(), "two"):
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

func TestOpenWithoutToken(t *testing.T) {
	t.Parallel()
	_, err := x.Kind().Config().Open(sources.Env{})
	if !errors.Is(err, sources.ErrNoCredentials) || !strings.Contains(err.Error(), "sources.x.bearer_token") {
		t.Errorf("got %v, want ErrNoCredentials and what to set", err)
	}
}

// The host decides whether the client may reach private addresses.
func TestPrivateOnlyForAnotherHost(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]bool{"https://api.x.com": false, "https://10.0.0.7": true} {
		c := x.Kind().Config().(*x.Config)
		c.BaseURL, c.BearerToken = base, token
		var got bool
		if _, err := c.Open(sources.Env{Client: func(private bool) *http.Client { got = private; return http.DefaultClient }}); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: private is %v", base, got)
		}
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	check := x.Kind().Account
	for _, a := range []onrecord.Account{{Handle: "northwind_data"}, {Handle: "A"}, {Handle: "fifteen_letters"}} {
		if err := check(a); err != nil {
			t.Errorf("%+v: %v", a, err)
		}
	}
	for _, a := range []onrecord.Account{{}, {Handle: "@northwind"}, {Handle: "north wind"}, {Handle: "sixteen_letters_"}, {Handle: "a/../b"}, {Handle: "northwind_data", URL: "https://x.com/northwind_data"}} {
		if err := check(a); err == nil {
			t.Errorf("%+v passed", a)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.post("Read by nobody yet.")
		probe := b.source.(sources.Prober).Probe
		if err := probe(b.Context()); err != nil {
			b.Error(err)
		}
		fault := b.x.Fail(xtest.Usage, xtest.Unauthorized)
		err := probe(b.Context())
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != sources.Denied || fault.Fired() != 1 {
			b.Errorf("with a dead token got %v", err)
		}
		if spent := b.x.Spent(); spent != 0 {
			b.Errorf("probing cost %d", spent)
		}
	})
}

func ExampleConfig() {
	c := x.Kind().Config().(*x.Config)
	fmt.Println(c.BaseURL, c.DailyBudgetUSD, c.Reposts)
	// Output: https://api.x.com 2 false
}
