package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/sources"
)

var courier = onrecord.Account{ID: "square:courier", Source: "square", Handle: "courier", Speaker: onrecord.Anybody, Cases: []string{northwind.ID}}

const (
	filed     = "Northwind Data sued Harbor Labs and Ivo Lind in court on Monday over its pricing model.\n\n"
	reyesSaid = "“We never opened the personal drive that Northwind complains about in court,” Dana Reyes, chief executive of Harbor Labs, told The Courier.\n\n"
	lindSaid  = "Ivo Lind wrote on X: “I asked Northwind whether I could delete the pricing model, and nobody answered me.”"
)

// pressWorld is a world that also watches a newspaper.
func pressWorld(t *testing.T) *world {
	w := newWorld(t)
	w.open()
	plan, err := schedule.Parse("@every 10s")
	if err != nil {
		t.Fatal(err)
	}
	accounts := []onrecord.Account{account, reyes, courier}
	if err := w.book.Sync(t.Context(), accounts, func(string) time.Duration { return w.every }, map[string]string{"readers": "wall"}); err != nil {
		t.Fatal(err)
	}
	var watched []bot.Account
	for _, a := range accounts {
		watched = append(watched, bot.Account{Account: a, Schedule: plan})
	}
	w.bot = bot.New(bot.Setup{
		Book: w.book, Cases: []onrecord.Case{northwind}, Accounts: watched,
		Sources: map[string]sources.Source{"square": w.square}, Summarizer: extract{},
		Channels: []bot.Channel{{Target: notifiers.Target{ID: "readers", Lane: onrecord.Record}, Notifier: w.wall, Cases: []string{northwind.ID}}},
	})
	return w
}

func (w *world) once() {
	w.t.Helper()
	if _, err := w.bot.Once(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func print(w *world, revision, text string) {
	w.square.say(onrecord.Post{Account: courier.ID, ID: "a1", Revision: revision, Kind: onrecord.Article, Text: text})
}

// TestPress: an article is put on record for each whom it quotes, and when it
// changes for what is new in it.
func TestPress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := pressWorld(t)
		defer w.book.Close()
		w.once() // nothing is there yet
		print(w, "1", filed+reyesSaid)
		w.once()
		print(w, "2", filed+reyesSaid+lindSaid)
		w.once()
		print(w, "3", filed+"A hearing is set for May.\n\n"+reyesSaid+lindSaid)
		w.once()
		list, err := w.book.Latest(t.Context(), northwind.ID, -1)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range list {
			got = append(got, s.Speaker+" via "+s.Via+": "+s.Quoted(s.Summary.Quotes[0]))
			if s.Lane != onrecord.Record || len(s.Summary.Quotes) != 1 {
				t.Errorf("%s: lane %s, %d quotes, reasons %+v", s.Number(), s.Lane, len(s.Summary.Quotes), s.Reasons)
			}
		}
		if len(got) != 2 || !strings.HasPrefix(got[0], "Dana Reyes via social.example: We never") || !strings.HasPrefix(got[1], "Ivo Lind via social.example: I asked") {
			t.Errorf("on record: %q", got)
		}
		entries, err := w.book.Decisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var judged []string
		for _, e := range entries {
			judged = append(judged, e.Speaker+" "+string(e.Novelty)+" "+e.Post.Revision)
		}
		want := []string{"Dana Reyes new 1", "Dana Reyes mirror 2", "Ivo Lind new 2", "Dana Reyes mirror 3", "Ivo Lind mirror 3"}
		slices.Sort(want)
		slices.Sort(judged)
		if !slices.Equal(judged, want) {
			t.Errorf("decisions %q, want %q", judged, want)
		}
		if texts := w.wall.texts(); len(texts) != 2 {
			t.Errorf("shown: %q", texts)
		}
	})
}

// TestPressBaseline: of an article from before the watch, only what is added to
// it afterwards is reported.
func TestPressBaseline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := pressWorld(t)
		defer w.book.Close()
		print(w, "1", filed+reyesSaid)
		w.once()
		print(w, "2", filed+reyesSaid+lindSaid)
		w.once()
		if texts := w.wall.texts(); len(texts) != 1 || !strings.Contains(texts[0], "I asked") {
			t.Errorf("shown: %q", texts)
		}
	})
}

// TestPressRepeats: what the speaker published is not told again.
func TestPressRepeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := pressWorld(t)
		defer w.book.Close()
		w.once()
		w.square.say(onrecord.Post{Account: reyes.ID, ID: "x1", Text: "We never opened the personal drive that Northwind complains about in court. Nobody at Harbor Labs did."})
		w.once()
		print(w, "1", filed+reyesSaid)
		w.once()
		list, err := w.book.Latest(t.Context(), northwind.ID, -1)
		if err != nil || len(list) != 1 || len(list[0].Mirrors) != 1 || list[0].Mirrors[0].Account != courier.ID {
			t.Errorf("on record: %+v, %v", list, err)
		}
	})
}
