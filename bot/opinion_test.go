package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"onrecord"
	"onrecord/statements/match"
	"onrecord/statements/summary"
)

// oracle has an opinion on everything, and keeps what it is asked. Of several posts
// those could be on the case that speak of it in the oracle's way.
type oracle struct {
	extract
	mu       sync.Mutex
	said     onrecord.Opinion
	err      error
	asked    []summary.Draft
	screened [][]string // ids
}

func (o *oracle) Classify(_ context.Context, d summary.Draft) (onrecord.Opinion, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, d)
	return o.said, o.err
}

func (o *oracle) Screen(_ context.Context, drafts []summary.Draft) ([]bool, string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	could, ids := make([]bool, len(drafts)), []string{}
	for i, d := range drafts {
		ids = append(ids, d.Parts[0].ID)
		could[i] = strings.Contains(d.Parts[0].Text, "those people")
	}
	o.screened = append(o.screened, ids)
	return could, "oracle", o.err
}

// What our own evidence makes of posts.
var (
	borderline = "Northwind is wrong about the contract, and they know it well."
	unlikely   = "As for those people: not a word of it is true, come and see."
	menu       = "Our canteen has a new menu with soup this week, come and see."
)

// TestOpinion: what our own evidence and a model say of a post together decide, as a
// table; the decision keeps both.
func TestOpinion(t *testing.T) {
	yes, no, unsure := onrecord.Yes, onrecord.No, onrecord.Unsure
	low, medium, high := onrecord.Low, onrecord.Medium, onrecord.High
	accept, review, reject := onrecord.Accept, onrecord.Review, onrecord.Reject
	for _, tc := range []struct {
		text       string
		own        onrecord.Label
		onCase     onrecord.Answer
		confidence onrecord.Confidence
		want       onrecord.Label
		quiet      bool
	}{
		{said(1), accept, yes, high, accept, false},
		{said(1), accept, unsure, low, accept, false},
		{said(1), accept, no, low, review, false},
		{said(1), accept, no, high, review, false},
		{borderline, review, yes, high, accept, false},
		{borderline, review, yes, medium, accept, false},
		{borderline, review, yes, low, review, false},
		{borderline, review, unsure, medium, review, false},
		{borderline, review, no, low, review, true},
		{borderline, review, no, high, review, true},
		{unlikely, reject, yes, high, accept, false},
		{unlikely, reject, yes, medium, review, false},
		{unlikely, reject, yes, low, review, false},
		{unlikely, reject, unsure, high, reject, false},
		{unlikely, reject, no, high, reject, false},
	} {
		t.Run(fmt.Sprintf("%s, %s with %s confidence", tc.own, tc.onCase, tc.confidence), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := &oracle{said: onrecord.Opinion{OnCase: tc.onCase, Confidence: tc.confidence, Model: "oracle"}}
				w := askingWorld(t, o)
				w.square.say(onrecord.Post{ID: "1", Text: tc.text})
				w.sleep(2 * w.every)
				d := w.decisions()[0]
				if d.Label != tc.want || d.Without != tc.own || d.Quiet != tc.quiet || d.Opinion == nil || *d.Opinion != o.said {
					t.Errorf("%+v with %+v", d, d.Opinion)
				}
				code := map[onrecord.Answer]onrecord.ReasonCode{yes: match.ModelAgrees, no: match.ModelDoubts, unsure: match.Opinion}[tc.onCase]
				if !slices.ContainsFunc(d.Reasons, func(e onrecord.Reason) bool {
					return e.Code == code && strings.HasSuffix(e.Text, string(tc.confidence)+" confidence") && e.Weight == 0
				}) {
					t.Errorf("the opinion is no reason: %+v", d.Reasons)
				}
				// Whoever reads the record, and whoever reviews, is told; of what the model
				// thinks is nothing nobody is, and it waits in the list.
				waiting, err := w.database.Waiting(t.Context())
				if err != nil || (len(waiting) == 1) != (tc.want == review) || len(waiting) == 1 && waiting[0].Quiet != tc.quiet {
					t.Errorf("for a person wait %+v, %v", waiting, err)
				}
				if told := len(w.wall.texts()); (told == 1) != (tc.want != reject && !tc.quiet) {
					t.Errorf("told %d times", told)
				}
				w.halt()
			})
		})
	}
}

// askingWorld is a running world that asks a model and also shows what is for review.
// likening takes every post for the last thing its speaker said, in other words.
type likening struct{ oracle }

func (l *likening) Classify(ctx context.Context, d summary.Draft) (onrecord.Opinion, error) {
	o, err := l.oracle.Classify(ctx, d)
	if n := len(d.Earlier); n > 0 {
		last := d.Earlier[n-1]
		o.Rewords = &onrecord.Rewording{Of: last.ID, Words: onrecord.Span{End: len(d.Parts[0].Text)}, Prior: onrecord.Span{End: len(last.Parts[0].Text)}}
	}
	return o, err
}

// What is said again in other words is a message like any other, with the earlier words.
func TestInOtherWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.model, w.reviews = &likening{oracle{said: onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High}}}, true
		w.start()
		w.sleep(2 * w.every)
		w.square.say(onrecord.Post{ID: "1", Text: "We deny in court that anything of Northwind's was ever on a drive of ours."})
		w.sleep(2 * w.every)
		w.square.say(onrecord.Post{ID: "2", Text: "As the judge knows: nobody here took anything from Northwind, on a drive or otherwise."})
		w.sleep(2 * w.every)
		list, err := w.database.Latest(t.Context(), "", -1)
		if err != nil || len(list) != 2 || len(w.wall.texts()) != 2 {
			t.Fatalf("on the record: %+v, %v; told: %q", list, err, w.wall.texts())
		}
		if s := list[1]; s.Novelty != onrecord.Restates || s.Prior != list[0].No || s.Rewords == nil || s.Rewords.Text != list[0].Words() {
			t.Errorf("it is %+v", s)
		}
		w.halt()
	})
}

func askingWorld(t *testing.T, o *oracle) *world {
	w := newJudgingWorld(t)
	w.model, w.reviews = o, true
	w.start()
	w.sleep(2 * w.every)
	return w
}

func (w *world) sayAll(posts ...onrecord.Post) {
	for _, p := range posts {
		w.square.say(p)
	}
}

func (w *world) decisions() (list []onrecord.Decision) {
	w.t.Helper()
	entries, err := w.database.Decisions(w.t.Context())
	if err != nil || len(entries) == 0 {
		w.t.Fatalf("%d decisions, %v", len(entries), err)
	}
	for _, e := range entries {
		list = append(list, e.Decision)
	}
	return list
}

// Where a post instructs the model, or the model fails, our own evidence decides.
func TestNoOpinion(t *testing.T) {
	for name, o := range map[string]*oracle{
		"instructed": {said: onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High, Instructs: true}},
		"failing":    {said: onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High}, err: errors.New("no answer")},
	} {
		t.Run(name, func(t *testing.T) {
			for text, own := range map[string]onrecord.Label{said(1): onrecord.Accept, borderline: onrecord.Review, unlikely: onrecord.Reject} {
				synctest.Test(t, func(t *testing.T) {
					o := &oracle{said: o.said, err: o.err}
					w := askingWorld(t, o)
					w.square.say(onrecord.Post{ID: "1", Text: text})
					w.sleep(2 * w.every)
					if d := w.decisions()[0]; d.Label != own || d.Quiet || len(o.asked)+len(o.screened) == 0 {
						t.Errorf("%+v, asked %d times", d, len(o.asked))
					}
					w.halt()
				})
			}
		})
	}
}

// Somebody else's words, and posts without words, are not for a model to judge.
func TestRulesStand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &oracle{said: onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High}}
		w := askingWorld(t, o)
		w.sayAll(
			onrecord.Post{ID: "1", Text: said(1), Kind: onrecord.Repost}, onrecord.Post{ID: "2", Text: "RT @stranger: " + said(1)},
			onrecord.Post{ID: "3"}, onrecord.Post{ID: "4", Text: "@stranger https://court.example/northwind-data-sues-harbor-labs"},
		)
		w.sleep(2 * w.every)
		if len(o.asked)+len(o.screened) != 0 {
			t.Errorf("asked about %+v, screened %q", o.asked, o.screened)
		}
		for _, d := range w.decisions() {
			if d.Label == onrecord.Accept {
				t.Errorf("on the record: %+v", d)
			}
		}
		w.halt()
	})
}

// TestScreening: what is unlikely and unread is asked about together, once; what
// could be on the case is asked about again by itself, and what is likely only so.
func TestScreening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &oracle{said: onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High}}
		w := askingWorld(t, o)
		var posts []onrecord.Post
		for i := range 50 {
			posts = append(posts, onrecord.Post{ID: fmt.Sprint(100 + i), Text: fmt.Sprintf("%s %d", menu, i)})
		}
		posts[7].Text, posts[49].Text = unlikely, said(1)
		w.sayAll(posts...)
		w.sleep(4 * w.every)
		if len(o.screened) != 3 || len(o.screened[0]) != 20 || len(o.screened[1]) != 20 || len(o.screened[2]) != 10 {
			t.Errorf("screened %q", o.screened)
		}
		var alone []string
		for _, d := range o.asked {
			alone = append(alone, d.Parts[0].ID)
		}
		if !slices.Equal(alone, []string{"107", "149"}) {
			t.Errorf("asked alone about %q", alone)
		}
		for i, d := range w.decisions() {
			want := onrecord.Reject
			if i == 7 || i == 49 {
				want = onrecord.Accept
			} else if d.Opinion == nil || d.Opinion.Together < 10 || d.Opinion.OnCase != onrecord.No || d.Opinion.Model != "oracle" {
				t.Errorf("post %d: %+v", i, d.Opinion)
			}
			if d.Label != want {
				t.Errorf("post %d: %s, want %s", i, d.Label, want)
			}
		}
		w.halt()
	})
}

// With candidates only, nothing is screened, and what is unlikely is read by nobody.
func TestCandidatesOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &oracle{said: onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High}}
		w := newJudgingWorld(t)
		w.model, w.candidates = o, true
		w.start()
		w.sleep(2 * w.every)
		w.sayAll(onrecord.Post{ID: "1", Text: unlikely}, onrecord.Post{ID: "2", Text: borderline})
		w.sleep(2 * w.every)
		if len(o.screened) != 0 || len(o.asked) != 1 || o.asked[0].Parts[0].ID != "2" {
			t.Errorf("asked about %d posts, screened %q", len(o.asked), o.screened)
		}
		w.halt()
	})
}

// A model is shown what stands around a post: its thread, the speaker's last posts, and
// the earlier statements most like it.
func TestShownAround(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &oracle{said: onrecord.Opinion{OnCase: onrecord.Yes, Confidence: onrecord.High}}
		w := askingWorld(t, o)
		for i := range 7 {
			w.square.say(onrecord.Post{ID: fmt.Sprint(10 + i), Text: said(i)})
		}
		w.square.say(onrecord.Post{ID: "20", Text: menu})
		w.sleep(2 * w.every)
		w.sayAll(onrecord.Post{ID: "30", Thread: "30", Text: said(8)}, onrecord.Post{ID: "31", Thread: "30", Kind: onrecord.Thread, Text: said(3)})
		w.sleep(2 * w.every)
		last := o.asked[len(o.asked)-1]
		if last.Parts[0].ID != "31" || len(last.Thread) != 1 || last.Thread[0].ID != "30" || len(last.Before) != 8 || last.Before[7].ID != "20" {
			t.Errorf("shown of post %s: the thread %+v, before %+v", last.Parts[0].ID, last.Thread, last.Before)
		}
		if len(last.Earlier) != 5 || !slices.ContainsFunc(last.Earlier, func(s onrecord.Statement) bool { return s.Words() == said(3) }) {
			t.Errorf("earlier statements: %+v", last.Earlier)
		}
		w.halt()
	})
}
