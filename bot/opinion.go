package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/statements/novelty"
	"onrecord/statements/summary"
)

const (
	// aroundTime is how far back the posts go that a model is shown beside the one
	// it is asked about.
	aroundTime = 6 * time.Hour
	// nearestMost is how many of the speaker's earlier statements are: those most like it.
	nearestMost = 5
	// opinionsTime and summariesTime are how long after the beginning of a reading a model
	// is still asked about one more case, and for one more summary: readers do not wait
	// for all cases of a post.
	opinionsTime, summariesTime = 15 * time.Second, 30 * time.Second
	// screenMost is how many posts a model is asked about together.
	screenMost = 20
)

// screenedCase is what a model said of posts on a case that it was asked about
// together: by key and revision of the post, whether it could be on the case.
type screenedCase struct {
	could map[string]bool
	model string
}

// Opinion implements [statements.Asker]. A candidate gets a question of its own; what
// is no candidate gets one only when the model thinks, of several posts together,
// that it could be on the case.
func (a asker) Opinion(ctx context.Context, of func() summary.Draft, candidate bool) (onrecord.Opinion, bool) {
	classifier, ok := a.summarizer.(Classifier)
	if !ok || !candidate && a.candidates || a.late(opinionsTime) {
		return onrecord.Opinion{}, false
	}
	d := of()
	defer a.watch.asks()()
	post := d.Parts[0]
	if !candidate {
		in, err := a.screen(ctx, classifier, d)
		could, asked := in.could[screenKey(post)]
		switch {
		case err != nil || !asked:
			a.log.Debug("posts were not screened", "post", post.Key(), "case", d.Case.ID, "why", err)
			return onrecord.Opinion{}, false
		case !could:
			return onrecord.Opinion{OnCase: onrecord.No, Model: in.model, Together: len(in.could)}, true
		}
	}
	var err error
	if d.Thread, d.Before, err = a.reviews.Around(ctx, post, post.Created.Add(-aroundTime)); err != nil {
		a.log.Warn("a model is asked without the posts around", "post", post.Key(), "error", err)
	}
	d.Earlier = nearest(d)
	opinion, err := classifier.Classify(ctx, d)
	if err != nil {
		a.log.Debug("no opinion on a post", "post", post.Key(), "case", d.Case.ID, "why", err)
		return onrecord.Opinion{}, false
	}
	return opinion, true
}

// Proposals implements [statements.Asker].
func (a asker) Proposals(ctx context.Context, d summary.Draft) (proposals []onrecord.Proposal, model string) {
	proposer, ok := a.summarizer.(Proposer)
	if !ok || a.late(opinionsTime) {
		return nil, ""
	}
	defer a.watch.asks()()
	proposals, model, err := proposer.Propose(ctx, d)
	if err != nil {
		a.log.Debug("a model was not asked whose the quotations are", "post", d.Parts[0].Key(), "case", d.Case.ID, "why", err)
	}
	return proposals, model
}

// late reports that the reading has taken too long to ask for more.
func (a asker) late(most time.Duration) bool { return time.Since(a.began) > most }

// screen asks about a draft together with those posts that are unread, too: each was
// there already, so that none waits for another.
func (a asker) screen(ctx context.Context, classifier Classifier, d summary.Draft) (screenedCase, error) {
	a.mu.Lock()
	known := a.screened[d.Case.ID]
	a.mu.Unlock()
	if _, asked := known.could[screenKey(d.Parts[0])]; asked {
		return known, nil
	}
	drafts := []summary.Draft{d}
	unread, err := a.reviews.NextInLine(ctx, screenMost)
	if err != nil {
		return screenedCase{}, err
	}
	for _, p := range unread {
		of := a.accounts[p.Account]
		if len(drafts) < screenMost && p.Key() != d.Parts[0].Key() && of.Kind == onrecord.Own && slices.Contains(of.Cases, d.Case.ID) && p.OwnWords() && strings.TrimSpace(p.Text) != "" {
			drafts = append(drafts, summary.Draft{Case: d.Case, Speaker: speaker(d.Case, of.Speaker), Parts: []onrecord.Post{p}})
		}
	}
	could, model, err := classifier.Screen(ctx, drafts)
	if err != nil {
		return screenedCase{}, err
	}
	known = screenedCase{could: map[string]bool{}, model: model}
	for i, d := range drafts {
		known.could[screenKey(d.Parts[0])] = could[i]
	}
	a.mu.Lock()
	a.screened[d.Case.ID] = known
	a.mu.Unlock()
	return known, nil
}

func screenKey(p onrecord.Post) string { return p.Key() + "\n" + p.Revision }

// speaker is a speaker as a case knows it.
func speaker(c onrecord.Case, name string) onrecord.Person {
	if who, ok := c.Find(name); ok {
		return who
	}
	return onrecord.Person{Name: name}
}

// nearest are the earlier statements most like a draft, oldest first.
func nearest(d summary.Draft) (list []onrecord.Statement) {
	var words, earlier []string
	for _, w := range summary.Own(d) {
		words = append(words, d.Parts[w.Part].Text[w.Start:w.End])
	}
	for _, e := range d.Earlier {
		earlier = append(earlier, e.Words())
	}
	near := novelty.Nearest(strings.Join(words, "\n"), earlier, nearestMost)
	slices.Sort(near)
	for _, i := range near {
		list = append(list, d.Earlier[i])
	}
	return list
}
