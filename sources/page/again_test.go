package page_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/encoding/charmap"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/page"
)

// What an article says later is another version of it, found without the list saying so.
// A page that is none of it, such as a wall, changes nothing.
func TestArticlesThatChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site, r := open(t)
		r.Must()
		site.put("Our answer to the complaint", long)
		first := r.Want("an article", long)[0]
		site.set(func() { site.articles[2].text = long + " We have nothing to add." })
		r.Want("at once")
		time.Sleep(61 * time.Minute)
		if again := r.Want("an hour later", long+" We have nothing to add.")[0]; again.ID != first.ID || again.Revision == first.Revision || again.Title != first.Title {
			t.Errorf("%+v is said to be another version of %+v", again, first)
		}
		site.set(func() {
			a := &site.articles[2]
			a.listed, a.title, a.text = a.title, "Are you a robot?", long+" Tick this box."
		})
		time.Sleep(6 * time.Hour)
		for _, p := range r.Must().Posts {
			t.Errorf("a wall is taken for the article: %+v", p)
		}
		asked := site.requests(site.path(2))
		r.Must()
		for range 4 {
			time.Sleep(5 * 24 * time.Hour)
			r.Must()
		}
		if n := site.requests(site.path(2)) - asked; n == 0 || n > 3 {
			t.Errorf("it is read %d times more in twenty days", n)
		}
	})
}

// Another headline over the same words is another version of the article, told by the next
// pull; what the list alone calls it is none.
func TestHeadlinesThatChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site, r := open(t)
		r.Must()
		site.put("Our answer to the complaint", long)
		first := r.Want("an article", long)[0]
		site.set(func() { site.articles[2].listed = "Read our answer to the complaint of this spring" })
		r.Want("on the list alone")
		site.set(func() { site.articles[2].listed, site.articles[2].title = "", "We admit what the complaint says" })
		again := r.Want("another headline", long)[0]
		if again.ID != first.ID || again.Revision == first.Revision || again.Title != "We admit what the complaint says" {
			t.Errorf("%+v is said to be another version of %+v", again, first)
		}
		site.set(func() { site.articles[2].listed = "We admit what the complaint of May says" })
		r.Want("on the list at first")
		site.set(func() { site.articles[2].title = site.articles[2].listed })
		asked := site.requests(site.path(2))
		r.Want("not asked for again at once")
		if n := site.requests(site.path(2)) - asked; n != 0 {
			t.Errorf("%d requests", n)
		}
		time.Sleep(61 * time.Minute)
		if last := r.Want("in an hour", long)[0]; last.Title != "We admit what the complaint of May says" {
			t.Errorf("it is called %q", last.Title)
		}
	})
}

// headlines is a page that lists three articles in an encoding of old, and answers with a
// status of its choice.
func headlines(t *testing.T, status int) (sources.Page, error) {
	t.Helper()
	body := "<html><body><ul>"
	for i, title := range []string{"Ответ на иск компании", "Заседание суда отложено", "Заявление о новых данных"} {
		body += fmt.Sprintf("<li><a href=/news/%d-a-note-of-ours>%s</a><time datetime=2026-03-0%d>day</time></li>", i, title, i+1)
	}
	body, err := charmap.Windows1251.NewEncoder().String(body)
	if err != nil {
		t.Fatal(err)
	}
	site := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=windows-1251")
		if r.URL.Path != "/news" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if w.WriteHeader(status); status == http.StatusOK {
			fmt.Fprint(w, body)
		}
	})
	source, err := page.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: site}} }})
	if err != nil {
		t.Fatal(err)
	}
	return source.Pull(t.Context(), onrecord.Account{ID: "page:x", URL: "https://site.example/news"}, "")
}

// Headlines are read in the encoding of their page.
func TestHeadlinesInAnotherEncoding(t *testing.T) {
	t.Parallel()
	got, err := headlines(t, http.StatusOK)
	if err != nil || len(got.Posts) != 3 || got.Posts[0].Title != "Заявление о новых данных" {
		t.Errorf("got %+v, %v", got.Posts, err)
	}
}

// "Unchanged" is an answer to those who asked that; else it hides what is there.
func TestUnchangedThatNobodyAsked(t *testing.T) {
	t.Parallel()
	_, err := headlines(t, http.StatusNotModified)
	if told, ok := errors.AsType[*sources.Error](err); !ok || told.Trouble != sources.Nonsense || !strings.Contains(err.Error(), "not asked") {
		t.Errorf("got %v", err)
	}
}
