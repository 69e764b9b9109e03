package bot_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

const (
	harborOnX = "x:harbor_labs"
	asked     = "Why has Northwind Data never shown the court the pricing model it says was on a personal drive?"
	reply     = "Good question, why haven't they?"
)

// onX runs a test with Harbor Labs on a fake X that charges what X charges. After
// a few statements on the case a reply of it is borderline.
func onX(t *testing.T, budget float64, statements int, test func(w *world, fake *xtest.Server)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)))
		fake := xtest.New("a-token")
		fake.Account("harbor_labs", "Harbor Labs")
		fake.Account("court_watcher", "Court Watcher")
		w := newJudgingWorld(t)
		w.second = onrecord.Account{ID: harborOnX, Source: "x", Handle: "harbor_labs", Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
		w.place = func(m sources.SpendLog) sources.Source {
			config := x.Kind().Config().(*x.Config)
			config.BearerToken, config.DailyBudgetUSD = "a-token", budget
			source, err := config.Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: fake}} }, Spend: m})
			if err != nil {
				t.Fatal(err)
			}
			return source
		}
		w.start()
		w.sleep(time.Minute)
		for i := range statements {
			fake.Post("harbor_labs", xtest.Post{Text: said(i)})
			w.sleep(time.Minute)
		}
		w.sleep(5 * time.Minute)
		test(w, fake)
		if got, want := w.status().Spend["x"], fake.Spent(); got != want {
			t.Errorf("we count %d millionths of a dollar, X billed %d", got, want)
		}
	})
}

// decidedOn returns the decision on a reply to a post.
func (w *world) decidedOn(fake *xtest.Server, parent, text string) onrecord.Decision {
	w.t.Helper()
	id := fake.Post("harbor_labs", xtest.Post{Text: text, ReplyTo: parent})
	w.sleep(time.Minute)
	e, ok := w.decided()[id]
	if !ok {
		w.t.Fatal("the reply was not judged")
	}
	return e.Decision
}

// What a reply answers is fetched when it could put the reply on the record.
func TestContextIsFetched(t *testing.T) {
	onX(t, 10, 3, func(w *world, fake *xtest.Server) {
		parent := fake.Post("court_watcher", xtest.Post{Text: asked})
		d := w.decidedOn(fake, parent, reply)
		if d.Label != onrecord.Accept {
			w.t.Fatalf("the reply is %+v", d)
		}
		said := false
		for _, e := range d.Reasons {
			said = said || e.Where == "parent" && e.Text != ""
		}
		if !said {
			w.t.Errorf("nothing says that the parent decided: %+v", d.Reasons)
		}
		got := w.wall.texts()
		if last := got[len(got)-1]; !strings.Contains(last, reply) || strings.Contains(last, "never shown") {
			w.t.Errorf("readers see %q", last)
		}
		for _, word := range w.learned().Cases[0].Words {
			if word.Word == "shown" || word.Word == "question" {
				w.t.Errorf("the profile learned %q from context", word.Word)
			}
		}
		if n := w.bot.Context(); n["found"] != 1 || n["gone"]+n["failed"] != 0 {
			w.t.Errorf("counted %v", n)
		}
		// The same is not asked for twice, whatever dies.
		w.halt()
		w.start()
		if d := w.decidedOn(fake, parent, "We would like to hear it, too."); d.Label != onrecord.Accept {
			w.t.Errorf("after a restart the next reply is %+v", d)
		}
		if n := fake.Requests(xtest.Lookup); n != 1 {
			w.t.Errorf("X was asked %d times", n)
		}
	})
}

// Without the parent's words the offline decision stands.
func TestContextThatCannotBeFetched(t *testing.T) {
	for name, c := range map[string]struct {
		budget float64
		break_ func(fake *xtest.Server, parent string) (fired func() int)
		asked  int   // requests for two replies to the parent
		lost   int64 // what X billed for an answer that did not arrive
	}{
		"the parent is deleted": {10, func(fake *xtest.Server, parent string) func() int {
			fake.Delete(parent)
			return func() int { return 1 }
		}, 1, 0},
		"the author is protected": {10, func(fake *xtest.Server, _ string) func() int {
			fake.Protect("court_watcher", true)
			return func() int { return 1 }
		}, 1, 0},
		"the budget is spent":           {.035, func(*xtest.Server, string) func() int { return func() int { return 1 } }, 0, 0},
		"X is asked too often":          {10, failing(xtest.TooMany(time.Date(2026, 11, 20, 13, 20, 0, 0, time.UTC))), 1, 0},
		"X has no credits":              {10, failing(xtest.CreditsDepleted), 1, 0},
		"X does not answer":             {10, failing(xtest.Slow(time.Hour)), 1, 5000},
		"X answers with something else": {10, failing(xtest.Garbage), 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			onX(t, c.budget, 3, func(w *world, fake *xtest.Server) {
				parent := fake.Post("court_watcher", xtest.Post{Text: asked})
				fired := c.break_(fake, parent)
				before := fake.Spent()
				id := fake.Post("harbor_labs", xtest.Post{Text: reply, ReplyTo: parent})
				again := fake.Post("harbor_labs", xtest.Post{Text: "We would like to hear it, too.", ReplyTo: parent})
				w.sleep(20 * time.Second) // a pull, and what a post may wait
				got := w.decided()
				if v := got[id].Decision.Label; v != onrecord.Review {
					w.t.Errorf("the reply is %s: %+v", v, got[id].Decision)
				}
				if _, ok := got[again]; !ok {
					w.t.Error("the next post is held up")
				}
				if n := fake.Requests(xtest.Lookup); n != c.asked || fired() != 1 {
					w.t.Errorf("X was asked %d times, the fault fired %d times", n, fired())
				}
				if spent := fake.Spent() - before - 2*5000; spent != c.lost { // besides the two replies
					w.t.Errorf("billed %d for context, want %d", spent, c.lost)
				}
				if c.lost > 0 { // nobody can know of it; a pull that is cut off is no different
					if err := w.database.SpendLog().Record(w.t.Context(), "x", "lookup", []sources.Charge{{ID: parent, Price: c.lost}}); err != nil {
						w.t.Fatal(err)
					}
				}
			})
		})
	}
}

func failing(f xtest.Fault) func(*xtest.Server, string) func() int {
	return func(fake *xtest.Server, _ string) func() int { return fake.Fail(xtest.Lookup, f).Fired }
}

// Posts that context could not put on the record, and those it need not, cost nothing more.
func TestContextIsFetchedNearTheLineAlone(t *testing.T) {
	onX(t, 10, 3, func(w *world, fake *xtest.Server) {
		for text, want := range map[string]onrecord.Label{
			said(7): onrecord.Accept, "Happy birthday! Join us, sign up and subscribe.": onrecord.Reject,
		} {
			parent := fake.Post("court_watcher", xtest.Post{Text: asked})
			if d := w.decidedOn(fake, parent, text); d.Label != want {
				w.t.Errorf("%q is %+v", text, d)
			}
		}
		if n := fake.Requests(xtest.Lookup); n != 0 {
			w.t.Errorf("X was asked %d times", n)
		}
	})
}

// Of a speaker who has not spoken on the case, a word of context decides nothing.
func TestContextOfAStranger(t *testing.T) {
	onX(t, 10, 0, func(w *world, fake *xtest.Server) {
		parent := fake.Post("court_watcher", xtest.Post{Text: asked})
		if d := w.decidedOn(fake, parent, reply); d.Label != onrecord.Reject {
			w.t.Errorf("the reply is %+v", d)
		}
		if n := fake.Requests(xtest.Lookup); n != 0 {
			w.t.Errorf("X was asked %d times", n)
		}
	})
}
