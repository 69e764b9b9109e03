package discord_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/internal/store"
	"onrecord/internal/store/storetest"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources"
	"onrecord/statements/summary"
)

// desk is the whole program on the way to this Discord, but for its sources: a
// statement is owed as soon as somebody says something.
type desk struct {
	bench
	t        *testing.T
	path     string
	database *store.Store
	mu       sync.Mutex
	said     []onrecord.Post
	publish  bool // what is said, from an announcement channel
	stop     func()
}

const second = "1180000000000000011"

var (
	trial = onrecord.Case{
		ID: "northwind-v-harbor", Title: "Northwind Data v. Harbor Labs",
		Parties:  []onrecord.Person{{Name: "Northwind Data", Role: "plaintiff", Aliases: []string{"Northwind"}}, {Name: "Harbor Labs", Role: "defendant"}, {Name: "Ivo Lind", Role: "defendant"}},
		Keywords: []string{"pricing model", "personal drive"},
	}
	speaker = onrecord.Account{ID: "square:harborlabs", Source: "square", Handle: "harborlabs", Speaker: "Harbor Labs", Cases: []string{trial.ID}}
)

func newDesk(t *testing.T) *desk {
	today()
	d := &desk{bench: world(t), t: t, path: storetest.SQLite(t)}
	d.AddChannel(second, discordtest.Text, "")
	d.start()
	t.Cleanup(d.halt)
	time.Sleep(time.Minute) // the baseline
	return d
}

// Pull implements [sources.Source]. The cursor is how much was said.
func (d *desk) Pull(_ context.Context, _ onrecord.Account, c sources.Cursor) (sources.Page, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	from := 0
	if c != "" {
		if _, err := fmt.Sscan(string(c), &from); err != nil {
			return sources.Page{}, err
		}
	}
	return sources.Page{Posts: d.said[from:], Next: sources.Cursor(fmt.Sprint(len(d.said)))}, nil
}

// Summarize implements [bot.Summarizer].
func (d *desk) Summarize(_ context.Context, draft summary.Draft) (onrecord.Summary, error) {
	return summary.Extract(draft), nil
}

func (d *desk) start() {
	var err error
	if d.database, err = store.Open(d.t.Context(), d.path); err != nil {
		d.t.Fatal(err)
	}
	plan, err := schedule.Parse("@every 1m")
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.database.Sync(d.t.Context(), []onrecord.Account{speaker}, func(string) time.Duration { return time.Minute }, map[string]string{"readers": "discord", "members": "discord", "news": "discord", "news/publish": "discord"}); err != nil {
		d.t.Fatal(err)
	}
	channel := func(id, address string, cases ...string) bot.Channel {
		return bot.Channel{Target: notifiers.Target{ID: id, Address: address, Lane: onrecord.Record}, Place: "discord", Notifier: d.notifier, Cases: cases}
	}
	channels := []bot.Channel{channel("readers", room, trial.ID), channel("members", second)}
	if d.publish {
		publish := channel("news/publish", news, trial.ID)
		publish.Lane = onrecord.Published
		channels = []bot.Channel{channel("news", news, trial.ID), publish}
	}
	b := bot.New(bot.Setup{
		Database: d.database, Inbox: d.database, Reviews: d.database, Outbox: d.database, Cases: []onrecord.Case{trial}, Accounts: []bot.Account{{Account: speaker, Schedule: plan}},
		Sources: map[string]sources.Source{"square": d}, Summarizer: d,
		Channels: channels, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan struct{})
	go func() { b.Run(ctx); close(done) }()
	d.stop = func() {
		cancel()
		<-done
		d.database.Close()
		d.stop = nil
	}
}

func (d *desk) halt() {
	if d.stop != nil {
		d.stop()
	}
}

func (d *desk) say(i int) {
	d.post(i, fmt.Sprintf("On count %d of Northwind Data's complaint against Harbor Labs and Ivo Lind: we deny in court that the pricing model was on a personal drive numbered %d.", i, i*7919))
}

func (d *desk) post(i int, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.said = append(d.said, onrecord.Post{
		Account: speaker.ID, ID: fmt.Sprint(i), Created: time.Now(), Dated: true, Kind: onrecord.Original, URL: fmt.Sprintf("https://social.example/@harborlabs/%d", i), Text: text,
	})
}

// row is what is stored of the delivery.
type row struct {
	state             bot.DeliveryState
	strikes           int
	maybe, id, paused bool // in doubt; with a message id; its channel is paused
	others            bool // the other channel is paused
	wait              time.Duration
}

func (d *desk) row() (r row) {
	d.t.Helper()
	db, err := sql.Open("sqlite", "file:"+d.path+"?_pragma=query_only(1)")
	if err != nil {
		d.t.Fatal(err)
	}
	defer db.Close()
	var next int64
	err = db.QueryRowContext(d.t.Context(), `SELECT d.state, d.strikes, d.maybe, d.message_id <> '', d.next_at,
		(SELECT paused_why <> '' FROM channels WHERE id = 'readers'), (SELECT paused_why <> '' FROM channels WHERE id = 'members')
		FROM deliveries d`).Scan(&r.state, &r.strikes, &r.maybe, &r.id, &next, &r.paused, &r.others)
	if err != nil {
		d.t.Fatal(err)
	}
	if r.state == bot.Pending {
		r.wait = time.Until(time.UnixMilli(next))
	}
	return r
}

// answers is every row of the table of outcomes: what a single answer of
// Discord's to the first attempt makes of a delivery, and what is visible in the end.
var answers = []struct {
	name   string
	rule   discordtest.Rule
	doubt  bool              // an earlier attempt was unclear
	wait   time.Duration     // told; 0: seconds
	want   row               // right after the answer
	last   bot.DeliveryState // in the end
	shown  int
	closed bool // the road to Discord, for a moment
}{
	{name: "an id", want: row{state: bot.Sent, id: true}, last: bot.Sent, shown: 1},
	{name: "an id behind an odd answer", rule: discordtest.Rule{Fault: discordtest.NumericID}, want: row{state: bot.Sent, id: true}, last: bot.Sent, shown: 1},
	{name: "404 10008, in doubt", rule: refusal(404, 10008), doubt: true, want: row{state: bot.Sent, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "404 10008, out of the blue", rule: refusal(404, 10008), want: row{state: bot.Uncertain}, last: bot.Uncertain},
	{name: "404 10003", rule: refusal(404, 10003), want: row{state: bot.Pending, paused: true}, last: bot.Sent, shown: 1},
	{name: "429 for the route", rule: discordtest.Rule{Fault: discordtest.LimitedUser, RetryAfter: 90}, wait: 90 * time.Second, want: row{state: bot.Pending}, last: bot.Sent, shown: 1},
	{name: "429, header and body disagree", rule: discordtest.Rule{Fault: discordtest.LimitedApart, RetryAfter: 90}, wait: 90 * time.Second, want: row{state: bot.Pending}, last: bot.Sent, shown: 1},
	{name: "429 for everything", rule: discordtest.Rule{Fault: discordtest.LimitedGlobal, RetryAfter: 65}, wait: 65 * time.Second, want: row{state: bot.Pending}, last: bot.Sent, shown: 1},
	{name: "429, in doubt", rule: discordtest.Rule{Fault: discordtest.LimitedUser, RetryAfter: 90}, doubt: true, wait: 90 * time.Second, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "429 in HTML", rule: discordtest.Rule{Fault: discordtest.Wall}, wait: 10 * time.Minute, want: row{state: bot.Pending}, last: bot.Sent, shown: 1},
	{name: "403 in HTML", rule: discordtest.Rule{Fault: discordtest.Wall, Status: 403}, wait: 10 * time.Minute, want: row{state: bot.Pending}, last: bot.Sent, shown: 1},
	{name: "refused dial", closed: true, want: row{state: bot.Pending}, last: bot.Sent, shown: 1},
	{name: "timeout after writing", rule: discordtest.Rule{Fault: discordtest.Slow, Delay: time.Hour}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "cut after doing", rule: discordtest.Rule{Fault: discordtest.CutAfterDoing}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "cut before doing", rule: discordtest.Rule{Fault: discordtest.CutBeforeDoing}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "answer cut off", rule: discordtest.Rule{Fault: discordtest.CutMidBody}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "200 that is no JSON", rule: discordtest.Rule{Fault: discordtest.Gibberish}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "500 before doing", rule: discordtest.Rule{Fault: discordtest.ServerError}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "502 after doing", rule: discordtest.Rule{Fault: discordtest.BadGateway}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "504 after doing", rule: discordtest.Rule{Fault: discordtest.GatewayTimeout}, want: row{state: bot.Pending, maybe: true, strikes: 1}, last: bot.Sent, shown: 1},
	{name: "401", rule: refusal(401, 0), want: row{state: bot.Pending, paused: true, others: true}, last: bot.Sent, shown: 1},
	{name: "401, in doubt", rule: refusal(401, 0), doubt: true, want: row{state: bot.Pending, maybe: true, strikes: 1, paused: true, others: true}, last: bot.Sent, shown: 1},
	{name: "403 50001", rule: refusal(403, 50001), want: row{state: bot.Pending, paused: true}, last: bot.Sent, shown: 1},
	{name: "403 50013", rule: refusal(403, 50013), want: row{state: bot.Pending, paused: true}, last: bot.Sent, shown: 1},
	{name: "400 50035", rule: refusal(400, 50035), want: row{state: bot.Dead, strikes: 1}, last: bot.Dead},
	{name: "400 50035, in doubt", rule: refusal(400, 50035), doubt: true, want: row{state: bot.Uncertain, maybe: true, strikes: 2}, last: bot.Uncertain, shown: 1},
	{name: "413", rule: refusal(413, 0), want: row{state: bot.Dead, strikes: 1}, last: bot.Dead},
}

func refusal(status, code int) discordtest.Rule {
	return discordtest.Rule{Fault: discordtest.Refuse, Status: status, Code: code}
}

func TestWhatAnAnswerMakesOfADelivery(t *testing.T) {
	for _, a := range answers {
		t.Run(a.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				if a.doubt {
					d.doubt()
				}
				fired := func() int { return int(d.road.refused.Load()) }
				d.road.closed.Store(a.closed)
				if a.rule.Fault != "" {
					a.rule.Method, a.rule.Route, a.rule.Nth = http.MethodPost, messages, 1
					fired = d.Break(a.rule)
				}
				if !a.doubt {
					d.say(1)
				}
				d.answered(fired, a.rule.Fault != "" || a.closed)
				d.check(a.want, a.wait)
				d.Mend()
				d.road.closed.Store(false)
				time.Sleep(20 * time.Minute)
				if r := d.row(); r.state != a.last || len(d.Messages(room)) != a.shown || r.paused || r.others {
					t.Errorf("in the end %+v with %d messages, want it %s with %d", r, len(d.Messages(room)), a.last, a.shown)
				}
			})
		})
	}
}

// doubt makes a statement owed whose first attempt is unclear.
func (d *desk) doubt() {
	fired := d.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: http.MethodPost, Nth: 1})
	d.say(1)
	d.answered(fired, true)
	d.Mend()
}

// answered waits until the fault happened and its outcome is stored.
func (d *desk) answered(fired func() int, fault bool) {
	d.t.Helper()
	for range 900 {
		time.Sleep(100 * time.Millisecond)
		if n := len(d.Messages(room)); !fault && n > 0 || fault && fired() > 0 {
			break
		}
	}
	if fault && fired() == 0 {
		d.t.Fatal("the fault never fired")
	}
	for range 120 {
		if synctest.Wait(); d.row().state != bot.Sending {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	d.t.Fatal("the outcome was not stored")
}

func (d *desk) check(want row, told time.Duration) {
	d.t.Helper()
	got := d.row()
	if wait := got.wait; told > 0 && (wait > told || wait < told-time.Second) || told == 0 && wait > 5*time.Second {
		d.t.Errorf("waits %s, want %s", wait, told)
	}
	if got.wait = 0; got != want {
		d.t.Errorf("stored: %+v, want %+v", got, want)
	}
}

// The head of a channel does not block it for ever: after twelve attempts that
// count it is dead, or uncertain when it may be there, and the next one goes.
func TestStrikesRunOut(t *testing.T) {
	for name, c := range map[string]struct {
		rule         discordtest.Rule
		deny         uint64
		last         bot.DeliveryState
		posts, shown int
	}{
		// A thread that is archived again each time surely takes nothing.
		"surely not there": {refusal(400, 50083), 0, bot.Dead, 12, 0},
		// Without the history nobody can tell, and nothing is repeated once the nonce is forgotten.
		"nobody can tell": {discordtest.Rule{Fault: discordtest.CutAfterDoing}, discordtest.ReadMessageHistory, bot.Uncertain, 5, 1},
		// Never there, but nobody can know that.
		"nobody can tell of nothing": {discordtest.Rule{Fault: discordtest.CutBeforeDoing}, discordtest.ReadMessageHistory, bot.Uncertain, 5, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.Deny(room, c.deny)
				c.rule.Method, c.rule.Route = http.MethodPost, messages
				fired := d.Break(c.rule)
				d.say(1)
				time.Sleep(3 * time.Hour)
				r := d.row()
				if r.state != c.last || r.strikes != 12 || len(d.Messages(room)) != c.shown {
					t.Errorf("%+v with %d messages, want it %s with %d", r, len(d.Messages(room)), c.last, c.shown)
				}
				if n := fired(); n == 0 || n > c.posts {
					t.Errorf("posted %d times, want at most %d", n, c.posts)
				}
				d.Mend()
				d.say(2)
				time.Sleep(2 * time.Minute)
				if got := len(d.Messages(room)); got != c.shown+1 {
					t.Errorf("%d messages, want the next one after %d", got, c.shown)
				}
			})
		})
	}
}

// An unclear send is repeated with its nonce while Discord surely knows it, and
// looked for afterwards: a message is never shown twice.
func TestUnclearSend(t *testing.T) {
	for name, c := range map[string]struct {
		outage      time.Duration
		looks, hits int
	}{"within the window": {0, 0, 1}, "after it": {10 * time.Minute, 1, 0}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.SetNonceWindow(time.Minute)
				d.doubt()
				if c.outage > 0 {
					d.halt()
					time.Sleep(c.outage)
					d.start()
				}
				time.Sleep(2 * time.Minute)
				if r := d.row(); r.state != bot.Sent || !r.id || len(d.Messages(room)) != 1 {
					t.Errorf("%+v with %d messages, want it sent once", r, len(d.Messages(room)))
				}
				if looks := d.Requests("GET", messages); looks != c.looks || d.NonceHits() != c.hits {
					t.Errorf("%d looks and %d nonces recognised, want %d and %d", looks, d.NonceHits(), c.looks, c.hits)
				}
			})
		})
	}
}
