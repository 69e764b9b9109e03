package match

import (
	"math"
	"slices"
	"strings"
	"time"

	"onrecord"
)

const (
	// runGap is the longest pause within a run of posts, whose weight halves with
	// every runHalfLife of it. It stands in for the thread where the place has no
	// conversation ids.
	runGap, runHalfLife = 10 * time.Minute, 3 * time.Minute
	// talkGap is the longest pause in an exchange with one other account.
	talkGap = 30 * time.Minute
	// runLoss is what is left of a run's weight with each post that did not
	// stand on its own text.
	runLoss = .7

	// besideGap is how far back a post that is likely on a case tells of the next one.
	besideGap, besideHalfLife = 30 * time.Minute, 5 * time.Minute

	burstHalfLife, othersHalfLife = 3 * time.Hour, 2 * time.Hour
	// latelyHalfLife is that of what the last posts tell, fewPosts how many it takes until
	// they tell half of it.
	latelyHalfLife, fewPosts = 48 * time.Hour, 2.0
	// A speaker who goes on within minutes is likelier to be on the subject
	// still, with its own half-life.
	pauseHalfLife = 8 * time.Minute
	// noText is the share of a burst for a post that says nothing like the case.
	noText = .3
)

// around gathers what stands around the post: thread, parent, quoted post, and
// what the speaker said just before. Only the best link to a statement counts.
func (sc *score) around(r *question, c *compiled, s *State, learned CaseState) {
	for i, cases := range [...][]string{r.Thread, r.ReplyTo, r.Quotes} { // strongest first
		if slices.Contains(cases, sc.id) {
			sc.weigh([...]kind{sameThread, repliesToIt, quotesIt}[i], 0, 1, onrecord.Reason{Where: "thread"})
			return
		}
	}
	if from, ok := r.run[sc.id]; ok {
		strength := math.Pow(runLoss, float64(from.steps))
		if from.To != "" {
			sc.weigh(sameTalk, 0, strength, onrecord.Reason{Where: "thread"})
			return
		}
		if from.carries {
			sc.weigh(sameRun, 0, strength*halved(r.Post.Created.Sub(from.At), runHalfLife), onrecord.Reason{Where: "thread"})
			return
		}
	}
	sc.parent(r, c, s, learned)
	sc.burst(r, learned)
	sc.weigh(lately, 0, r.lately[sc.id], onrecord.Reason{})
	if strength := r.moments[sc.id]; strength > .05 && sc.strength[offsets[promotion]] == 0 {
		sc.weigh(besideLikely, 0, strength, onrecord.Reason{})
	}
	if strength := r.others(sc.id); strength > .05 {
		sc.weigh(othersSpoke, 0, strength, onrecord.Reason{})
	}
}

// others says how lately another speaker spoke on a case: 1 just now.
func (r *question) others(id string) float64 {
	at, spoke := r.Others[id]
	if !spoke {
		return 0
	}
	return halved(max(0, r.Post.Created.Sub(at)), othersHalfLife)
}

// besideLikely says by case how likely the account's posts moments before were on it.
func (r *question) besideLikely(s *State) map[string]float64 {
	on := map[string]float64{}
	for _, said := range slices.Backward(s.Recent) {
		ago := r.Post.Created.Sub(said.At)
		if said.Account != r.Post.Account || ago < 0 || ago > besideGap {
			continue
		}
		for id, share := range said.Likely {
			on[id] = max(on[id], share*halved(ago, besideHalfLife))
		}
	}
	return on
}

// lately says by case how many of the speaker's last posts were on it, late ones more
// than earlier ones.
func (s *State) lately(at time.Time) map[string]float64 {
	on, all := make(map[string]float64, len(s.Cases)), fewPosts
	for i := range s.Recent {
		said := &s.Recent[i]
		weight := halved(max(0, at.Sub(said.At)), latelyHalfLife)
		all += weight
		for _, id := range said.Cases {
			on[id] += weight
		}
	}
	for id := range on {
		on[id] /= all
	}
	return on
}

// sharesWords reports the same subject: two words in common, or all there are.
func sharesWords(a, b []string) bool {
	n := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
		}
	}
	return n >= 2 || n > 0 && n == len(a)
}

// reached is a post that another may go on from.
type reached struct {
	*RecentPost
	steps   int // how many posts stand between
	carries bool
}

// goingOn finds by case the statement that the post may go on from, over posts with
// short pauses, or replies to one account; nil: it goes on from none.
func (r *question) goingOn(s *State) map[string]reached {
	// Articles of one newsroom often appear together and are no run.
	if r.Post.Thread != "" || r.Post.Kind == onrecord.Article {
		return nil
	}
	at, to, longest := r.Post.Created, repliesTo(&r.Post), runGap
	if to != "" {
		longest = talkGap
	}
	var run []reached
	carried := false
	for i, said := range slices.Backward(s.Recent) {
		if said.Account != r.Post.Account || said.To != to {
			continue
		}
		if pause := at.Sub(said.At); pause < 0 || pause > longest {
			break
		}
		carries := len(said.Cases) > 0 && (to != "" || r.goesOn || sharesWords(r.content, said.Words))
		run, carried, at = append(run, reached{&s.Recent[i], len(run), carries}), carried || carries, said.At
	}
	if !carried {
		return nil
	}
	cases := make(map[string]reached, len(s.Cases))
	for _, said := range run {
		for _, id := range said.Cases {
			if _, nearer := cases[id]; !nearer {
				cases[id] = said
			}
		}
	}
	return cases
}

// repliesTo is whom a post answers; "" when it answers nobody or its author.
func repliesTo(p *onrecord.Post) string {
	if p.Kind != onrecord.Reply || p.ReplyTo == nil {
		return ""
	}
	return strings.ToLower(p.ReplyTo.Account)
}

// parent gathers terms of the case in the texts the post answers.
func (sc *score) parent(r *question, c *compiled, s *State, learned CaseState) {
	for _, who := range r.to {
		if i := c.speaker(who); i >= 0 && i != c.speaker(r.who) {
			sc.weigh(answersParty, 0, 1, onrecord.Reason{Text: who, Where: "parent"})
			break
		}
	}
	if len(r.answers) == 0 {
		return
	}
	speaker := c.speaker(r.who)
	talk := 0.0
	for i := range r.answers {
		t := &r.answers[i]
		if slices.ContainsFunc(t.lexical, ofCourts) {
			talk = max(talk, t.dilution(talkLength))
		}
	}
	if talk > 0 {
		sc.weigh(parentTalk, 0, talk*(.5+.5*sc.heat), onrecord.Reason{Where: r.answers[0].where})
	}
	if like, words := learned.like(r.heard, nil); like >= .05 {
		sc.weigh(parentTalk, 1, like, onrecord.Reason{Text: words, Where: r.answers[0].where})
	}
	found := &r.found
	found.clear()
	words, lawful := 0, false
	for i := range r.answers {
		t := &r.answers[i]
		words += t.words
		lawful = lawful || slices.ContainsFunc(t.lexical, func(w word) bool { return w.class == legal || w.class == outcome })
		if start, end, ok := t.caption(c); ok {
			found.keep(parentNames, candidate{about: "caption", share: 1, Reason: t.evidence(start, end)})
		}
		for i := range r.hits(t, c) {
			h := &t.hits[i]
			uses := h.of(c.n)
			for j := range uses {
				u := &uses[j]
				if k, ok := c.kindOf(u, speaker); ok && anchors(k) && t.written(h, u) && (!u.cased || h.capital) && (!u.plain || t.named(h)) && !u.symbol && !t.leading(h) {
					share := t.share(h, u, k, t.dilution(keywordLength), s)
					if u.role == name {
						share *= .5
					}
					what := parentOnCase
					if k == identifier || k == caseTitle {
						what = parentNames
					}
					found.keep(what, candidate{about: u.about(h), share: share, Reason: t.evidence(h.start, h.end)})
				}
			}
		}
	}
	sc.series(parentNames, found[parentNames])
	sc.series(parentOnCase, found[parentOnCase])
	if len(found[parentNames])+len(found[parentOnCase]) == 0 && words >= 4 && !lawful {
		sc.weigh(elsewhere, 0, 1, onrecord.Reason{Where: r.answers[0].where})
	}
}

func anchors(k kind) bool {
	return k == identifier || k == caseTitle || k == casePerson || k == caseKeyword || k == otherSide
}

// burst weighs how lately the speaker spoke on the case by name.
func (sc *score) burst(r *question, learned CaseState) {
	if learned.Last.IsZero() {
		return
	}
	ago := max(0, r.Post.Created.Sub(learned.Last))
	speaks := 1.0
	if !sc.speaks() {
		speaks = noText
	}
	for i, halfLife := range []time.Duration{burstHalfLife, pauseHalfLife} {
		if strength := speaks * halved(ago, halfLife); strength > .05 && (i == 0 || repliesTo(&r.Post) == "") {
			sc.weigh(burst, i, strength, onrecord.Reason{})
		}
	}
}

// hot weighs language of law, blame and names of the case by how much the case is on the speaker's mind.
func (sc *score) hot() {
	if sc.heat <= .05 {
		return
	}
	for i, talk := range []float64{sc.law, sc.blame, sc.share} {
		if strength := sc.heat * talk; strength > .05 {
			sc.weigh(hotTalk, i, strength, onrecord.Reason{})
		}
	}
}

func halved(d, halfLife time.Duration) float64 {
	return math.Exp2(-float64(d) / float64(halfLife))
}

// nearness is 1 on the day of an event and halves every two days before and
// after it.
func nearness(away time.Duration) float64 {
	if away >= farthest {
		return 0
	}
	return halved(away, 48*time.Hour)
}

// nearest is how far away the nearest of some events is, as nearness counts.
func nearest(events []onrecord.Event, at time.Time) time.Duration {
	least := farthest
	for i := range events {
		d := at.Sub(events[i].Date)
		if d >= 0 {
			d = max(0, d-24*time.Hour)
		}
		least = min(least, d.Abs())
	}
	return least
}

// farthest is from where on a date is not near at all.
const farthest = 30 * 24 * time.Hour
