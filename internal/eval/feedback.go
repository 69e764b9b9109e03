package eval

import (
	"context"
	"slices"

	"onrecord"
	"onrecord/bot"
)

// Feedback is what a person's verdicts on the first half of the posts change in the
// second.
type Feedback struct {
	Verdicts int    `json:"verdicts"`
	Without  Rates  `json:"without"`                 // of the second half, had nobody said anything
	Macro    *Rates `json:"without_macro,omitempty"` // of several cases
}

// Halves is the second half of posts, judged with a person's verdicts on the first and
// without.
type Halves struct {
	With, Without []Sample
	verdicts      map[string]int // by case
}

// ReplayHalves replays posts with the labels of the first half as a person's verdicts: on
// each statement of it that waits for one.
func ReplayHalves(ctx context.Context, cases []onrecord.Case, accounts []onrecord.Account, posts []LabelledPost, m *Model) (h Halves, err error) {
	first, second := posts[:len(posts)/2], posts[len(posts)/2:]
	h.verdicts = map[string]int{}
	judged := func(taught bool) (samples []Sample, err error) {
		err = within(ctx, cases, accounts, m, func(r *replay) error {
			if err := r.review(ctx, first); err != nil {
				return err
			}
			if taught {
				if err := r.decide(ctx, first, h.verdicts); err != nil {
					return err
				}
			}
			if err := r.review(ctx, second); err != nil {
				return err
			}
			made, err := r.decisions(ctx)
			samples = Compare(second, slices.DeleteFunc(made, func(d bot.Explanation) bool { return !among(second, d.Post) }), m)
			return err
		})
		return samples, err
	}
	if h.Without, err = judged(false); err != nil {
		return h, err
	}
	h.With, err = judged(true)
	return h, err
}

// among reports whether a post is one of those.
func among(posts []LabelledPost, p onrecord.Post) bool {
	return slices.ContainsFunc(posts, func(o LabelledPost) bool { return o.Key() == p.Key() })
}

// decide is a person who goes by the labels: what holds one statement is accepted, what
// nobody labelled is left.
func (r *replay) decide(ctx context.Context, posts []LabelledPost, verdicts map[string]int) error {
	waiting, err := r.database.Waiting(ctx)
	if err != nil {
		return err
	}
	for _, s := range waiting {
		verdict := onrecord.Label("")
		for _, p := range s.Parts {
			i := slices.IndexFunc(posts, func(o LabelledPost) bool { return o.Key() == p.Key() })
			switch {
			case i < 0 || posts[i].Label == nil:
			case *posts[i].Label == 1:
				verdict = onrecord.Accept
			case *posts[i].Label == 0 && verdict == "":
				verdict = onrecord.Reject
			}
		}
		if verdict == "" || verdict == onrecord.Accept && s.Speaker == "" {
			continue
		}
		if err := r.database.Moderate(ctx, s.No, verdict, "label"); err != nil {
			return err
		}
		verdicts[s.Case]++
	}
	return bot.New(r.setup).Catchup(ctx) // follows them
}

// MeasureHalves rates each case, and all of them pooled, beside what they would be
// without the verdicts.
func MeasureHalves(halves []Halves) []Figures {
	var with, without []Sample
	verdicts, all := map[string]int{}, 0
	for _, h := range halves {
		with, without = append(with, h.With...), append(without, h.Without...)
		for id, n := range h.verdicts {
			verdicts[id] = n
			all += n
		}
	}
	list, plain := Measure(with), Measure(without)
	for i := range list {
		j := slices.IndexFunc(plain, func(f Figures) bool { return f.Case == list[i].Case })
		if j < 0 {
			continue
		}
		list[i].Feedback = &Feedback{Verdicts: verdicts[list[i].Case], Without: plain[j].Rates, Macro: plain[j].Macro}
	}
	list[len(list)-1].Feedback.Verdicts = all
	return list
}
