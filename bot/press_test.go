package bot_test

import (
	"context"
	"errors"
	"fmt"
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
	"onrecord/statements/summary"
)

var courier = onrecord.Account{ID: "square:courier", Source: "square", Handle: "courier", Kind: onrecord.Press, Cases: []string{northwind.ID}}

const (
	filed     = "Northwind Data sued Harbor Labs and Ivo Lind in court on Monday over its pricing model.\n\n"
	reyesSaid = "“We never opened the personal drive that Northwind complains about in court,” Dana Reyes, chief executive of Harbor Labs, told The Courier.\n\n"
	lindSaid  = "Ivo Lind wrote on X: “I asked Northwind whether I could delete the pricing model, and nobody answered me.”"
)

// pressWorld is a world that also watches a newspaper.
func pressWorld(t *testing.T, model bot.Summarizer) *world {
	w := newWorld(t)
	w.model = model
	w.open()
	plan, err := schedule.Parse("@every 10s")
	if err != nil {
		t.Fatal(err)
	}
	accounts := []onrecord.Account{account, reyes, courier}
	if err := w.database.Sync(t.Context(), accounts, func(string) time.Duration { return w.every }, map[string]string{"readers": "wall"}); err != nil {
		t.Fatal(err)
	}
	var watched []bot.Account
	for _, a := range accounts {
		watched = append(watched, bot.Account{Account: a, Schedule: plan})
	}
	var summarizer bot.Summarizer = extract{}
	if w.model != nil {
		summarizer = w.model
	}
	w.bot = bot.New(bot.Setup{
		Database: w.database, Inbox: w.database, Reviews: w.database, Outbox: w.database, Cases: []onrecord.Case{northwind}, Accounts: watched,
		Sources: map[string]sources.Source{"square": w.square}, Summarizer: summarizer,
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
		w := pressWorld(t, nil)
		defer w.database.Close()
		w.once() // nothing is there yet
		print(w, "1", filed+reyesSaid)
		w.once()
		print(w, "2", filed+reyesSaid+lindSaid)
		w.once()
		print(w, "3", filed+"A hearing is set for May.\n\n"+reyesSaid+lindSaid)
		w.once()
		list, err := w.database.Latest(t.Context(), northwind.ID, -1)
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
		entries, err := w.database.Decisions(t.Context())
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
		w := pressWorld(t, nil)
		defer w.database.Close()
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
		w := pressWorld(t, nil)
		defer w.database.Close()
		w.once()
		w.square.say(onrecord.Post{Account: reyes.ID, ID: "x1", Text: "We never opened the personal drive that Northwind complains about in court. Nobody at Harbor Labs did."})
		w.once()
		print(w, "1", filed+reyesSaid)
		w.once()
		list, err := w.database.Latest(t.Context(), northwind.ID, -1)
		if err != nil || len(list) != 1 || len(list[0].Mirrors) != 1 || list[0].Mirrors[0].Account != courier.ID {
			t.Errorf("on record: %+v, %v", list, err)
		}
	})
}

// clerk is an oracle that also writes, and would leave quotations out.
type clerk struct {
	oracle
	drafts []summary.Draft
	broken error // of its writing
}

func (c *clerk) Summarize(_ context.Context, d summary.Draft) (onrecord.Summary, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drafts = append(c.drafts, d)
	return onrecord.Summary{Quotes: d.Quotes[:1], InShort: "as a clerk puts it", Origin: "clerk"}, c.broken
}

// TestPressOpinion: an opinion decides about an article as it would about a post,
// and puts on the record neither an article that speaks of the case elsewhere
// nor words without a speaker.
func TestPressOpinion(t *testing.T) {
	const (
		doubtful = "A company opened a new office on Monday.\n\n“Northwind is wrong about the contract, and they know it well,” Dana Reyes told The Courier.\n\n“We will not say more,” Reyes said."
		likely   = "Harbor Labs answered Northwind Data on Monday over its pricing model.\n\n“They are wrong, and they know it well,” Dana Reyes told The Courier.\n\n“We will not say more,” Reyes said."
		soup     = "Harbor Labs opened a new office on Monday.\n\nIt has a garden.\n\nThere is soup.\n\n“The soup is good, and they know it well,” Dana Reyes told The Courier.\n\nIt rains.\n\n"
		nameless = "Harbor Labs answered Northwind Data on Monday over its pricing model.\n\n“They are wrong, and they know it well,” a person close to it told The Courier."
	)
	for _, tc := range []struct {
		name, text string
		said       onrecord.Answer
		err        error
		want       onrecord.Label
		asked      int
	}{
		{"up", doubtful, onrecord.Yes, nil, onrecord.Accept, 1},
		{"down", likely, onrecord.No, nil, onrecord.Review, 1},
		{"never rejected", doubtful, onrecord.No, nil, onrecord.Review, 1},
		{"failing", doubtful, onrecord.Yes, errors.New("no opinion"), onrecord.Review, 1},
		{"surely the case, elsewhere", soup + "Northwind is about the pricing model.", onrecord.Yes, nil, onrecord.Review, 0},
		{"perhaps the case, elsewhere", soup + "Northwind wrote about a contract.", onrecord.Yes, nil, onrecord.Review, 0},
		{"nobody named", nameless, onrecord.Yes, nil, onrecord.Review, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &clerk{oracle: oracle{said: onrecord.Opinion{OnCase: tc.said, Confidence: onrecord.High}, err: tc.err}, broken: tc.err}
				w := pressWorld(t, c)
				defer w.database.Close()
				w.once()
				print(w, "1", tc.text)
				w.once()
				entries, err := w.database.Decisions(t.Context())
				if err != nil || len(entries) != 1 {
					t.Fatalf("%d decisions, %v", len(entries), err)
				}
				d := entries[0].Decision
				if d.Label != tc.want || len(c.asked) != tc.asked {
					t.Errorf("%s with %+.2f, asked %d times: %+v", d.Label, d.Score, len(c.asked), d.Reasons)
				}
				list, err := w.database.Latest(t.Context(), northwind.ID, -1)
				if err != nil || len(list) != 1 || (list[0].Lane == onrecord.Record) != (tc.want == onrecord.Accept) {
					t.Fatalf("on record: %+v, %v", list, err)
				}
				got := list[0].Summary
				switch {
				case tc.name == "nobody named":
					if len(c.drafts) > 0 || got.InShort != "" {
						t.Errorf("a summary of nobody's words: %+v", got)
					}
				case tc.err != nil:
					if got.InShort != "" || got.Origin != "extract" || len(got.Quotes) != 2 {
						t.Errorf("a summary of a model that fails: %+v", got)
					}
				case got.InShort != "as a clerk puts it" || !slices.Equal(got.Quotes, c.drafts[0].Quotes) || len(got.Quotes) != strings.Count(tc.text, "“"):
					t.Errorf("summary %+v", got)
				}
			})
		})
	}
}

// TestPressSummaryOfWhatIsNew: when an article changes, the model is asked about
// what is new of a speaker, and about nothing when nothing is.
func TestPressSummaryOfWhatIsNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{}
		w := pressWorld(t, c)
		defer w.database.Close()
		w.once()
		for i, text := range []string{filed + reyesSaid, filed + reyesSaid + lindSaid, filed + "A hearing is set for May.\n\n" + reyesSaid + lindSaid} {
			print(w, fmt.Sprint(i), text)
			w.once()
		}
		var asked []string
		for _, d := range c.drafts {
			for _, q := range d.Quotes {
				asked = append(asked, d.Speaker.Name+": "+d.Parts[0].Text[q.Start:q.End][:8])
			}
		}
		if want := []string{"Dana Reyes: We never", "Ivo Lind: I asked "}; !slices.Equal(asked, want) {
			t.Errorf("asked about %q, want %q", asked, want)
		}
	})
}
