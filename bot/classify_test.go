package bot_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"testing/synctest"

	"onrecord"
	"onrecord/statements/match"
	"onrecord/statements/summary"
)

// oracle has an opinion on everything, and counts what it is asked.
type oracle struct {
	extract
	mu    sync.Mutex
	lean  float64
	err   error
	asked []string
}

func (o *oracle) Classify(_ context.Context, d summary.Draft) (summary.Opinion, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, d.Parts[0].Text)
	return summary.Opinion{Lean: o.lean, Text: "as an oracle sees it"}, o.err
}

// borderline are posts on either side of the line, far above it and far below.
var borderline = map[string]string{
	"review": "Northwind is wrong about the contract, and they know it well.",
	"accept": "Northwind Data is wrong about the pricing model, and they know it.",
	"sure":   said(1),
	"other":  "Our canteen has a new menu with soup this week, come and see.",
}

// TestOpinion: an opinion moves a borderline post between review and the record,
// is stored with its weight, and is not asked about anything else.
func TestOpinion(t *testing.T) {
	for _, tc := range []struct {
		name string
		lean float64
		err  error
		want map[string]onrecord.Label
	}{
		{"none", 0, nil, map[string]onrecord.Label{"review": "review", "accept": "accept", "sure": "accept", "other": "reject"}},
		{"yes", 1, nil, map[string]onrecord.Label{"review": "accept", "accept": "accept", "sure": "accept", "other": "reject"}},
		{"no", -1, nil, map[string]onrecord.Label{"review": "review", "accept": "review", "sure": "accept", "other": "reject"}},
		{"beyond its authority", -1e9, nil, map[string]onrecord.Label{"review": "review", "accept": "review", "sure": "accept", "other": "reject"}},
		{"failing", 1, errors.New("no opinion"), map[string]onrecord.Label{"review": "review", "accept": "accept", "sure": "accept", "other": "reject"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for which, text := range borderline {
					w, o := newJudgingWorld(t), &oracle{lean: tc.lean, err: tc.err}
					w.model = o
					w.start()
					w.sleep(2 * w.every)
					w.square.say(onrecord.Post{ID: "1", Text: text})
					w.sleep(2 * w.every)
					entries, err := w.database.Decisions(t.Context())
					if err != nil || len(entries) != 1 {
						t.Fatalf("%d decisions, %v", len(entries), err)
					}
					d := entries[0].Decision
					if d.Label != tc.want[which] {
						t.Errorf("%s: %s with %+.2f, want %s: %+v", which, d.Label, d.Score, tc.want[which], d.Reasons)
					}
					sum, heard := 0.0, false
					for _, e := range d.Reasons {
						sum += e.Weight
						heard = heard || e.Code == match.Opinion && e.Text == "as an oracle sees it"
					}
					if math.Abs(sum-d.Score) > .001 {
						t.Errorf("%s: the evidence adds up to %.2f, the score is %.2f", which, sum, d.Score)
					}
					near := which == "review" || which == "accept"
					if (len(o.asked) == 1) != near || heard != (near && tc.err == nil) {
						t.Errorf("%s: asked about %q, heard: %v", which, o.asked, heard)
					}
					if shown := len(w.wall.texts()) == 1; shown != (tc.want[which] == onrecord.Accept) {
						t.Errorf("%s: shown to readers: %v", which, shown)
					}
					w.halt()
				}
			})
		})
	}
}
