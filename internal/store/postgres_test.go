package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/internal/store/pgtest"
	"onrecord/notifiers"
)

// sessions is the condition on pg_stat_activity for the connections that make
// replicas present.
const sessions = "query ILIKE 'LISTEN%' OR query LIKE '%clock_timestamp%' OR query LIKE '%pg_locks%'"

// Replicas that start on an empty database at once make one schema and one name.
func TestReplicasStartTogether(t *testing.T) {
	where := pgtest.Database(t)
	var starting sync.WaitGroup

	for range 4 {
		starting.Go(func() {
			s, err := store.Open(t.Context(), where)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if err := s.Sync(t.Context(), []onrecord.Account{account}, minutely, map[string]string{"a": "console", "b": "console"}); err != nil {
				t.Error(err)
			}
		})
	}
	starting.Wait()
	var n int
	must(t, behind(t, where).QueryRowContext(t.Context(), "SELECT count(*) FROM meta WHERE key = 'instance'").Scan(&n))
	if n != 1 {
		t.Errorf("%d names, want one", n)
	}
}

func minutely(string) time.Duration { return time.Minute }

// Two replicas work at once on everything: each account is pulled by one, each
// post is reviewed by one, each delivery is sent by one, and numbers rise in the
// order in which they are delivered.
func TestReplicasShare(t *testing.T) {
	where := pgtest.Database(t)
	a, b := open(t, where), open(t, where)
	var accounts []onrecord.Account
	for i := range 40 {
		accounts = append(accounts, onrecord.Account{ID: fmt.Sprintf("feed:%02d.example", i), Source: "feed", Speaker: "Northwind Data"})
	}
	must(t, a.Sync(t.Context(), accounts, minutely, map[string]string{"a": "console", "b": "console"}))
	tally := tally{times: map[string]int{}}
	var working sync.WaitGroup
	for _, s := range []*store.Store{a, b} {
		working.Go(func() { tally.pull(t, s) })
	}
	working.Wait()
	for _, s := range []*store.Store{a, b} {
		working.Go(func() { tally.review(t, s, len(accounts)) })
		working.Go(func() { tally.deliver(t, s, 2*len(accounts)) })
	}
	working.Wait()
	for what, n := range tally.times {
		if n != 1 {
			t.Errorf("%s was done %d times", what, n)
		}
	}
	if len(tally.times) != len(accounts)*4 {
		t.Errorf("%d things were done, want %d", len(tally.times), len(accounts)*4)
	}
	for channel, numbers := range map[string][]int64{"a": tally.a, "b": tally.b} {
		if !slices.IsSorted(numbers) || len(numbers) != len(accounts) {
			t.Errorf("channel %s shows %v", channel, numbers)
		}
	}
}

// tally counts what replicas did.
type tally struct {
	sync.Mutex
	times map[string]int
	a, b  []int64 // statements in the order they were sent
}

func (y *tally) did(what string) {
	y.Lock()
	defer y.Unlock()
	y.times[what]++
}

func (y *tally) pull(t *testing.T, s *store.Store) {
	for {
		claims, err := s.ClaimDue(t.Context(), lease, 3)
		if err != nil || len(claims) == 0 {
			return
		}
		for _, c := range claims {
			y.did("pull " + c.Account)
			p := post("1")
			p.Account = c.Account
			_, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: p}}, "1", lease)
			if err = errors.Join(err, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now().Add(time.Minute)})); err != nil {
				t.Error(err)
			}
		}
	}
}

func (y *tally) review(t *testing.T, s *store.Store, posts int) {
	for !y.reached("review", posts) {
		u, err := s.NextUnread(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		if u == nil {
			time.Sleep(time.Millisecond)
			continue
		}
		y.did("review " + u.Post.Key())
		if err := record(t.Context(), s, u); err != nil {
			t.Error(err)
			return
		}
	}
}

func (y *tally) deliver(t *testing.T, s *store.Store, deliveries int) {
	for !y.reached("deliver", deliveries) {
		ds, err := claimed(t.Context(), s, lease, 16)
		if err != nil {
			t.Error(err)
			return
		}
		for _, d := range ds {
			y.did(fmt.Sprint("deliver ", d.Channel, d.Statement))
			y.Lock()
			if d.Channel == "a" {
				y.a = append(y.a, d.Statement)
			} else {
				y.b = append(y.b, d.Statement)
			}
			y.Unlock()
			if err := s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: fmt.Sprint(d.ID)}}); err != nil {
				t.Error(err)
			}
		}
	}
}

func (y *tally) reached(prefix string, n int) bool {
	y.Lock()
	defer y.Unlock()
	for what := range y.times {
		if len(what) > len(prefix) && what[:len(prefix)] == prefix {
			n--
		}
	}
	return n <= 0
}

// A replica whose session is gone claims nothing until it is present again, and
// what it had claimed is due for the others within two seconds.
func TestADeadReplicasWorkIsTakenOver(t *testing.T) {
	where := pgtest.Database(t)
	dying := open(t, where)
	arrive(t, dying, post("1"), post("2"))
	owe(t, dying)
	claimed := deliveries(t, dying)
	c := claim(t, dying)
	u, err := dying.NextUnread(t.Context())
	must(t, err)
	if len(claimed) != 2 || c.Account == "" || u == nil {
		t.Fatal("nothing was claimed")
	}
	server := pgtest.Shared(t)
	if n := server.Cut(t, where, sessions); n != 1 {
		t.Fatalf("%d sessions were cut, want 1", n)
	}
	began := time.Now()
	other := open(t, where)
	var again []bot.Delivery
	for len(again) < 2 && time.Since(began) < lease/2 {
		again = append(again, deliveries(t, other)...)
	}
	t.Logf("taken over after %s", time.Since(began).Round(time.Millisecond))
	if len(again) != 2 || !again[0].Maybe {
		t.Fatalf("taken over: %+v", again)
	}
	if taken := claim(t, other); taken.Epoch <= c.Epoch {
		t.Errorf("the account's epoch is %d after %d", taken.Epoch, c.Epoch)
	}
	if taken, err := other.NextUnread(t.Context()); err != nil || taken == nil || taken.Post.ID != u.Post.ID {
		t.Errorf("the post under review was not taken over: %+v, %v", taken, err)
	}
	if err := dying.FinishAttempt(t.Context(), claimed[0], bot.AttemptResult{State: bot.Sent}); !errors.Is(err, bot.ErrLost) {
		t.Errorf("the outcome of a replica that was given up was stored: %v", err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := dying.ClaimDue(t.Context(), lease, 1); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("the replica did not come back: %v", err)
		}
	}
}

// The server goes away, at once or in good order, and comes back: the program
// says so meanwhile, and goes on by itself.
func TestServerRestarts(t *testing.T) {
	server := pgtest.New(t)
	where := server.Database(t)
	s := open(t, where)
	for i, atOnce := range []bool{false, true} {
		id := fmt.Sprint(i)
		arrive(t, s, post(id))
		owe(t, s)
		before := deliveries(t, s)
		server.Stop(atOnce)
		if _, err := s.NextUnread(t.Context()); err == nil {
			t.Error("nobody noticed that the server is gone")
		}
		must(t, server.Start())
		var after []bot.Delivery
		for deadline := time.Now().Add(10 * time.Second); len(after) < 2 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			ds, err := claimed(t.Context(), s, lease, 10)
			if err == nil {
				after = append(after, ds...)
			}
		}
		if len(before) != 2 || len(after) != 2 || !after[0].Maybe {
			t.Fatalf("%d deliveries before the restart, %d after", len(before), len(after))
		}
		for _, d := range after {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: fmt.Sprint(d.ID)}}))
		}
	}
}

// Whatever a connection says that the server cut, first and afterwards, is waited for by a program that starts.
func TestACutConnectionIsWaitedFor(t *testing.T) {
	server := pgtest.Shared(t)
	where := server.Database(t)
	conn, err := pgx.Connect(t.Context(), where)
	must(t, err)
	defer conn.Close(t.Context())
	if n := server.Cut(t, where, "TRUE"); n != 1 {
		t.Fatalf("%d connections were cut", n)
	}
	for range 2 {
		_, cut := conn.Exec(t.Context(), "SELECT 1")
		tries := 0
		err := store.Patiently(t.Context(), func() error {
			if tries++; tries == 1 {
				return cut
			}
			return nil
		})
		if cut == nil || err != nil || tries != 2 {
			t.Errorf("%v: tried %d times, %v", cut, tries, err)
		}
	}
}

// A program that starts while its server does waits for it; what no waiting mends is
// told at once.
func TestOpenWaitsForItsServer(t *testing.T) {
	server := pgtest.New(t)
	where := server.Database(t)
	server.Stop(true)
	opened := make(chan error, 1)
	go func() {
		s, err := store.Open(t.Context(), where)
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(time.Second):
	}
	must(t, server.Start())
	must(t, <-opened)
	began := time.Now()
	if _, err := store.Open(t.Context(), strings.Replace(where, "test", "nowhere", 1)); err == nil || time.Since(began) > 10*time.Second {
		t.Errorf("a database that is not there: %v after %s", err, time.Since(began))
	}
	server.Stop(true)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := store.Open(ctx, where); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it could not be stopped while it waited: %v", err)
	}
	must(t, server.Start())
}

// Another replica's work wakes this one.
func TestReplicasWakeEachOther(t *testing.T) {
	where := pgtest.Database(t)
	a, b := open(t, where), open(t, where)
	for len(b.Wakes()) > 0 {
		<-b.Wakes()
	}
	arrive(t, a, post("1"))
	select {
	case <-b.Wakes():
	case <-time.After(time.Minute):
		t.Error("nobody told the other replica of the stored post")
	}
	if skew := time.Since(b.Now()).Abs(); skew > time.Minute { // the server is this machine
		t.Errorf("the database's time is %s off", skew)
	}
}

// A thread's part that is judged while another replica delivers the thread is
// judged anew, not added to what readers have seen.
func TestAPartThatComesTooLate(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, second := post("1"), post("2")
		first.Thread, second.Thread = "t", "t"
		arrive(t, s, first, second)
		u, err := s.NextUnread(t.Context())
		must(t, err)
		st := statement(u)
		recorded(t, s, opens(u, onrecord.Accept, st, time.Now().Add(time.Hour)), everybody)
		u, err = s.NextUnread(t.Context())
		must(t, err)
		if len(u.Known.Held) != 1 {
			t.Fatalf("%d held statements", len(u.Known.Held))
		}
		must(t, s.Release(t.Context(), true, everybody))
		late := u.Known.Held[0]
		late.Parts = append(late.Parts, u.Post)
		if !lost(t, s, joins(u, onrecord.Accept, late, time.Now().Add(time.Hour)), everybody) {
			t.Error("a part joined a delivered statement")
		}
		if again, err := s.NextUnread(t.Context()); err != nil || again == nil || again.Post.ID != "2" || len(again.Known.Held) != 0 {
			t.Errorf("the part is not judged anew: %+v, %v", again, err)
		}
	})
}

func record(ctx context.Context, s *store.Store, u *bot.Unread) error {
	_, err := s.Record(ctx, opens(u, onrecord.Accept, statement(u), time.Time{}), everybody)
	return err
}

// Text from outside may hold what one of the engines cannot store.
func TestAnyBytes(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		p := post("1\x00\xff")
		p.Text, p.Thread, p.URL = "a\x00b\xffc", "t\x00", "https://x.example/\x00"
		arrive(t, s, p)
		u, err := s.NextUnread(t.Context())
		must(t, err)
		must(t, record(t.Context(), s, u))
		c := claim(t, s)
		must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now(), Trouble: "nonsense", Error: "they said \x00\xfe"}))
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Dead, Error: "\x00\xfe"}))
		}
		if entries, err := s.Decisions(t.Context()); err != nil || len(entries) != 1 {
			t.Errorf("%d decisions, %v", len(entries), err)
		}
	})
}

// A replica that starts beside others leaves them what they are doing.
func TestTheLivingKeepTheirClaims(t *testing.T) {
	where := pgtest.Database(t)
	working := open(t, where)
	arrive(t, working, post("1"))
	owe(t, working)
	claimed := deliveries(t, working)
	c := claim(t, working)
	starting := open(t, where) // looks for rows of the dead before it is open
	if ds := deliveries(t, starting); len(ds) != 0 {
		t.Errorf("took %+v over from the living", ds)
	}
	must(t, working.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now().Add(time.Minute)}))
	for _, d := range claimed {
		must(t, working.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
	}
}

// While a step that drew numbers is not stored, no other draws any.
func TestNumbersAreStoredInTheOrderTheyAreDrawn(t *testing.T) {
	where := pgtest.Database(t)
	a, b := open(t, where), open(t, where)
	arrive(t, a, post("1"), post("2"))
	second := make(chan error, 1)
	overtaken := false
	first := &bot.Unread{Post: post("1")}
	a.AtBoundaries(func(boundary string) {
		if boundary == "record reading"+store.BeforeCommit {
			go func() { second <- record(t.Context(), b, &bot.Unread{Post: post("2")}) }()
			overtaken = !waits(t, where, func() bool { return len(second) > 0 })
		}
	})
	recorded(t, a, opens(first, onrecord.Accept, statement(first), time.Time{}), everybody)
	if overtaken {
		t.Error("a later number was stored first")
	}
	must(t, <-second)
}

// waits returns true once a replica waits for another one's lock, or false when
// something else is over first, or nothing happens at all.
func waits(t *testing.T, where string, over func() bool) bool {
	t.Helper()
	db := behind(t, where)
	for began := time.Now(); time.Since(began) < time.Minute && !over(); time.Sleep(time.Millisecond) {
		var waiting bool
		err := db.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting)
		if err != nil || waiting {
			return err == nil
		}
	}
	return false
}

// A claim that has seen a head before another replica settled it, and gets to
// it afterwards, leaves it alone. The view holds the claim between the two.
func TestAHeadThatIsSettledMeanwhile(t *testing.T) {
	where := pgtest.Database(t)
	a, b := open(t, where), open(t, where)
	arrive(t, a, post("1"))
	owe(t, a)
	ds, err := claimed(t.Context(), a, 0, 10) // due for others at once
	must(t, err)
	gate := behind(t, where)
	gate.SetMaxOpenConns(1)
	for _, step := range []string{
		"INSERT INTO channels (id, notifier, paused_why) VALUES ('c', 'console', 'shut')", // the claim looks closer at paused ones only
		"ALTER TABLE channels RENAME TO rooms",
		`CREATE FUNCTION passed() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$ BEGIN
			IF current_setting('transaction_read_only') = 'off' THEN PERFORM pg_advisory_lock_shared(7); PERFORM pg_advisory_unlock_shared(7); END IF;
			RETURN true; END $$`,
		"CREATE VIEW channels AS SELECT * FROM rooms WHERE passed()",
		"SELECT pg_advisory_lock(7)",
	} {
		_, err := gate.ExecContext(t.Context(), step)
		must(t, err)
	}
	type answer struct {
		ds  []bot.Delivery
		err error
	}
	done := make(chan answer, 1)
	go func() {
		ds, err := claimed(t.Context(), b, lease, 10)
		done <- answer{ds, err}
	}()
	if !waits(t, where, func() bool { return len(done) > 0 }) {
		t.Fatal("the claim was not held up: the test proves nothing")
	}
	for _, d := range ds {
		must(t, a.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: fmt.Sprint(d.ID)}}))
	}
	_, err = gate.ExecContext(t.Context(), "SELECT pg_advisory_unlock(7)")
	must(t, err)
	if got := <-done; got.err != nil || len(got.ds) != 0 || len(ds) != 2 {
		t.Errorf("claimed %+v, %v, of %d that are settled", got.ds, got.err, len(ds))
	}
}

// A status read while a post becomes a statement counts the post, or what is owed of it: who waits until nothing
// is unread and nothing owed may stop the program.
func TestAStatusCountsWhatIsOnItsWay(t *testing.T) {
	where := pgtest.Database(t)
	s, db := open(t, where), behind(t, where)
	arrive(t, s, post("1"))
	lock, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	_, err = lock.ExecContext(t.Context(), "LOCK TABLE spend IN ACCESS EXCLUSIVE MODE") // it holds the status up, and no review
	must(t, err)
	read := make(chan bot.Status)
	go func() {
		st, err := s.Status(t.Context())
		if err != nil {
			t.Error(err)
		}
		read <- st
	}()
	for waits := false; !waits; time.Sleep(10 * time.Millisecond) {
		must(t, db.QueryRowContext(t.Context(), "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'spend'::regclass AND NOT granted)").Scan(&waits))
	}
	owe(t, s)
	must(t, lock.Rollback())
	st := <-read
	owed := st.Unread
	for _, c := range st.Channels {
		owed += c.Owed
	}
	if owed == 0 && st.Settled["a"]["sent"] == 0 {
		t.Errorf("nothing is unread, owed or sent: %+v", st)
	}
}
