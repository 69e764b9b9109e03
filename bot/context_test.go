package bot_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/fetch"
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
		w.onFake(fake, budget)
		w.start()
		w.sleep(time.Minute)
		for i := range statements {
			fake.Post("harbor_labs", xtest.Post{Text: said(i)})
			w.sleep(time.Minute)
		}
		w.sleep(3 * time.Minute) // the first look at what became of them is not yet due
		test(w, fake)
		if got, want := w.status().Spend["x"], fake.Spent(); got != want {
			t.Errorf("we count %d millionths of a dollar, X billed %d", got, want)
		}
	})
}

// onFake watches Harbor Labs on a fake X.
func (w *world) onFake(fake *xtest.Server, budget float64) {
	w.second = onrecord.Account{ID: harborOnX, Source: "x", Handle: "harbor_labs", Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
	w.place = func(m sources.SpendLog) sources.Source {
		config := x.Kind().Config().(*x.Config)
		config.BearerToken, config.DailyBudgetUSD = "a-token", budget
		source, err := config.Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: fake}} }, Spend: m})
		if err != nil {
			w.t.Fatal(err)
		}
		return struct { // which looks at nothing again: what is on the record is looked up, too
			sources.Source
			sources.Lookup
		}{source, source.(sources.Lookup)}
	}
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
				if v := got[id].Decision.Label; v != onrecord.Reject { // a moment after a statement, and no more
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

// A post that looks accepted needs what it answers as much as a borderline one; of
// what is no candidate nothing is asked.
func TestContextIsFetchedForCandidatesAlone(t *testing.T) {
	onX(t, 10, 3, func(w *world, fake *xtest.Server) {
		for _, c := range []struct {
			text  string
			want  onrecord.Label
			asked int // so far
		}{
			{said(7), onrecord.Accept, 1},
			{"Happy birthday! Join us, sign up and subscribe.", onrecord.Reject, 1},
		} {
			parent := fake.Post("court_watcher", xtest.Post{Text: asked})
			if d := w.decidedOn(fake, parent, c.text); d.Label != c.want {
				w.t.Errorf("%q is %+v", c.text, d)
			}
			if n := fake.Requests(xtest.Lookup); n != c.asked {
				w.t.Errorf("after %q X was asked %d times, want %d", c.text, n, c.asked)
			}
		}
	})
}

// The parts of an own thread that were said before the account was watched are read
// before the next one is judged, once; they are context and never on the record.
func TestAnOldThreadIsCompleted(t *testing.T) {
	onX(t, 10, 0, func(w *world, fake *xtest.Server) {
		before := time.Now().Add(-48 * time.Hour)
		first := fake.Post("harbor_labs", xtest.Post{Text: said(1), CreatedAt: before})
		second := fake.Post("harbor_labs", xtest.Post{Text: "A part that says little.", ReplyTo: first, CreatedAt: before.Add(time.Minute)})
		d := w.decidedOn(fake, second, "Update: the judge has agreed with us on all of this.")
		if !slices.ContainsFunc(d.Reasons, func(e onrecord.Reason) bool { return e.Where == "parent" }) || fake.Requests(xtest.Lookup) != 2 {
			w.t.Errorf("X was asked %d times: %+v", fake.Requests(xtest.Lookup), d)
		}
		w.halt()
		w.start()
		d = w.decidedOn(fake, second, "More on this tomorrow in court.")
		if d.Label != onrecord.Accept || fake.Requests(xtest.Lookup) != 2 {
			w.t.Errorf("after a restart X was asked %d times: %+v", fake.Requests(xtest.Lookup), d)
		}
		for _, text := range w.wall.texts() {
			if strings.Contains(text, said(1)) {
				w.t.Errorf("readers see %q", text)
			}
		}
	})
}

// A thread whose beginning cannot be had is judged as it stands, in time.
func TestAnOldThreadThatCannotBeRead(t *testing.T) {
	for name, fault := range map[string]xtest.Fault{
		"X is asked too often": xtest.TooMany(time.Date(2026, 11, 20, 13, 20, 0, 0, time.UTC)), "X does not answer": xtest.Slow(time.Hour), "X answers with something else": xtest.Garbage,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)))
				fake := xtest.New("a-token")
				fake.Account("harbor_labs", "Harbor Labs")
				w := newJudgingWorld(t)
				w.onFake(fake, 10)
				w.start()
				w.sleep(time.Minute)
				first := fake.Post("harbor_labs", xtest.Post{Text: said(1), CreatedAt: time.Now().Add(-48 * time.Hour)})
				failed := fake.Fail(xtest.Lookup, fault)
				id := fake.Post("harbor_labs", xtest.Post{Text: said(2), ReplyTo: first})
				w.sleep(30 * time.Second)
				if e, ok := w.decided()[id]; !ok || e.Decision.Label != onrecord.Accept || failed.Fired() != 1 {
					t.Errorf("judged %v, the fault fired %d times: %+v", ok, failed.Fired(), e.Decision)
				}
			})
		})
	}
}

const answerFiled = "Our answer to the complaint is filed. Read it here."

// page is a page with a title.
func page(title string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><html><head><title>%s</title></head><body>%s</body></html>", title, strings.Repeat("<p>Words.</p>", 1000))
	}
}

// What a linked page is called is read once, is evidence, and whatever keeps the page
// from telling costs the post nothing but that, and no time that readers would notice.
func TestTitlesOfLinkedPages(t *testing.T) {
	const title = "Northwind Data v. Harbor Labs: answer to the complaint on the pricing model"
	hangs := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	says := func(status int, header, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", header)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for _, c := range []struct {
		name  string
		page  http.HandlerFunc
		want  onrecord.Label
		asked int64 // requests for two posts with the link, some minutes apart
	}{
		{"a title", page(title), onrecord.Accept, 1},
		{"a title for sharing", says(200, "text/html", `<head><title>Home</title><meta property="og:title" content="`+title+`"></head>`), onrecord.Accept, 1},
		{"a long page", says(200, "text/html", "<title>"+title+"</title>"+strings.Repeat("<p>Words.</p>", 1<<20)), onrecord.Accept, 1},
		{"no title", says(200, "text/html", "<p>Words.</p>"), onrecord.Reject, 1},
		{"no page", says(404, "text/html", "<title>"+title+"</title>"), onrecord.Reject, 1},
		{"no page for people", says(200, "application/pdf", "<title>"+title+"</title>"), onrecord.Reject, 1},
		{"a wall", says(403, "text/html", "<title>"+title+"</title>"), onrecord.Reject, 1},
		{"a failing server", says(502, "text/html", "<title>"+title+"</title>"), onrecord.Reject, 2},
		{"a slow server", hangs, onrecord.Reject, 2},
		{"a broken answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, onrecord.Reject, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := atomic.Int64{}
				w := newJudgingWorld(t)
				w.pages = &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					asked.Add(1)
					c.page(rw, r)
				})}}
				w.start()
				w.sleep(time.Minute)
				links := []onrecord.Link{{URL: "https://northwind.example/answer", Shown: "northwind.example/answer"}}
				w.square.say(onrecord.Post{ID: "1", Text: answerFiled, Links: links})
				w.sleep(30 * time.Second)
				d, judged := w.decided()["1"]
				if !judged || (d.Decision.Label == onrecord.Accept) != (c.want == onrecord.Accept) || asked.Load() != 1 {
					t.Errorf("judged %v after %d requests: %+v", judged, asked.Load(), d.Decision)
				}
				w.sleep(5 * time.Minute)
				w.halt()
				w.start()
				w.square.say(onrecord.Post{ID: "2", Text: borderline, Links: links})
				w.sleep(30 * time.Second)
				if d, judged := w.decided()["2"]; !judged || asked.Load() != c.asked {
					t.Errorf("judged %v after %d requests, want %d: %+v", judged, asked.Load(), c.asked, d.Decision)
				}
			})
		})
	}
}

// Posts behind one whose pages are slow do not wait for each of them.
func TestSlowPagesHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := atomic.Int64{}
		w := newJudgingWorld(t)
		w.pages = &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			<-r.Context().Done()
		})}}
		w.start()
		w.sleep(time.Minute)
		for i := range 20 {
			w.square.say(onrecord.Post{ID: fmt.Sprint(i), Text: answerFiled, Links: []onrecord.Link{{URL: fmt.Sprintf("https://northwind.example/%d", i)}}})
		}
		w.square.say(onrecord.Post{ID: "last", Text: said(1)})
		w.sleep(40 * time.Second)
		if _, judged := w.decided()["last"]; !judged || asked.Load() == 0 || asked.Load() > 2 {
			t.Errorf("the last post judged %v after %d requests", judged, asked.Load())
		}
	})
}

// An address from outside leads nowhere inside: the program asks nobody there.
func TestTitlesOfPrivatePages(t *testing.T) {
	asked := atomic.Int64{}
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		page("Northwind Data v. Harbor Labs")(w, r)
	}))
	defer inside.Close()
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.pages = fetch.New(fetch.Options{}).Client(false)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: answerFiled, Links: []onrecord.Link{{URL: inside.URL}, {URL: "http://169.254.169.254/latest/"}, {URL: "file:///etc/passwd"}}})
		w.sleep(30 * time.Second)
		if d, judged := w.decided()["1"]; !judged || d.Decision.Label == onrecord.Accept || asked.Load() != 0 {
			t.Errorf("judged %v, asked %d times: %+v", judged, asked.Load(), d.Decision)
		}
		if n := w.bot.Context(); n["gone"] == 0 {
			t.Errorf("nobody was refused: %v", n)
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
