package match

// Under returns the matcher with other weights than the ones that were learned.
func (m *Matcher) Under(w *Weights) *Matcher {
	other := *m
	other.weights = w
	return &other
}

// Prepare reads a post once for many judgements of it.
func (m *Matcher) Prepare(in Input) Input {
	in.read = m.features(in.Post)
	return in
}

// Lesson is what was found of one case in a post: how strong each of [Places]
// is, whether rules hold it back, and what it comes to.
type Lesson struct {
	Strength []float64
	Score    float64
	Whole    float64 // before rules
	Held     bool    // by a rule, from being accepted
	Barred   bool    // by one that looks at no score
	Anchored bool    // it names the case, or what stands around it does
	Hot      bool    // the case is on the speaker's mind
	Linked   bool    // it stands in a thread, reply or quotation with a statement
	Buried   bool    // by a rule, from being reviewed
}

// Study is [Matcher.Classify] for who learns weights.
func (m *Matcher) Study(in Input, s State) ([]Lesson, State) {
	in.learning = true
	scores, s := m.classify(in, s)
	lessons := make([]Lesson, len(scores))
	for i, sc := range scores {
		lessons[i] = Lesson{Strength: sc.strength, Score: hundredths(sc.total), Whole: sc.whole, Held: sc.held, Barred: !sc.own || sc.wordless || sc.elsewhere(), Anchored: sc.byAnchor, Hot: sc.heat >= coolBelow, Linked: sc.linked, Buried: sc.buried}
	}
	return lessons, s
}
