package match

// revision counts changes of the scorer that the table below does not show.
const revision = 3

// kind is a kind of evidence.
type kind int

const (
	prior kind = iota
	identifier
	caseTitle
	casePerson
	caseKeyword
	otherSide
	soundsLike
	courtKeyword
	coParty
	caseContext
	legalTalk
	lawTalk
	answering
	selfAndLaw
	otherAndLaw
	anyCase
	otherMatter
	promotion
	profile
	sameThread
	repliesToIt
	quotesIt
	sameRun
	parentOnCase
	burst
	nearEvent
	tooShort
	noWords
	notOwnWords
	rivalCase
	kinds
)

// table is all evidence: its name as people read it, and its weights in
// log-odds for the strongest match, the second and so on. What comes after the
// last weight counts nothing: saying a word often proves no more. A weight is
// scaled down where the speaker uses the word on other things too, see
// [State], and where one word among very many says little.
//
// Kinds without weights are computed, as their remarks say.
var table = [kinds]struct {
	Name    string
	Weights []float64
}{
	// From the stream.
	prior: {"how often this speaker speaks on the case", nil}, // from State, -3.9 to -1.9; at least -3 in the month of an event

	// What names this very case: the anchor.
	identifier:  {"names the docket or the caption", []float64{5}},
	caseTitle:   {"names the case", []float64{3}},
	casePerson:  {"names a person of the case", []float64{2.6, 1.3, .65}},
	caseKeyword: {"a keyword of the case", []float64{2.2, 1.1, .55}}, // .6 of it for a word of the same family
	otherSide:   {"names the other side", []float64{1.3, .65}},
	soundsLike:  {"a name of the case in another script", []float64{1.2, .6}}, // less for short ones

	// What many cases share.
	courtKeyword: {"a keyword that is common in all courts", []float64{1, .5, .25}},
	coParty:      {"names a party of its own side", []float64{.6, .3}},
	caseContext:  {"a word of the title, the court, an event or a keyword", []float64{.7, .35, .18}},
	legalTalk:    {"language of courts", []float64{1.2, .72, .43, .26}},
	lawTalk:      {"language of law", []float64{.5, .25}},
	answering:    {"denies, admits or answers", []float64{.4, .2}},
	selfAndLaw:   {"speaks of itself and of the law", []float64{.5}},
	otherAndLaw:  {"speaks of the other side and of the law", []float64{1.2}},
	anyCase:      {"all this could be about any case", nil}, // without an anchor, what goes beyond sharedMost is taken back

	// What speaks against it.
	otherMatter: {"a word of another matter", []float64{-2.4, -1.2, -.6}}, // half beside an anchor, nothing beside an identifier
	promotion:   {"greeting or promotion", []float64{-1.2, -.6}},          // nothing beside an anchor

	// From the speaker's earlier statements.
	profile: {"words of the speaker's earlier statements", nil}, // up to 1.5, see CaseState

	// What stands around it. The best of the first four counts, or else the rest.
	sameThread:   {"same thread as a statement", []float64{3.2}},
	repliesToIt:  {"replies to a statement", []float64{3}},
	quotesIt:     {"quotes a statement", []float64{2.4}},
	sameRun:      {"goes on from a statement moments before", []float64{2.4}}, // where the place has no thread ids; .7 of it for each post between
	parentOnCase: {"what it answers is on the case", []float64{2.2, 1}},
	burst:        {"the speaker has just spoken on the case", []float64{1.1}}, // halves every three hours
	nearEvent:    {"near an event of the case", []float64{1}},                 // halves every two days

	// Form.
	tooShort:    {"hardly any words", []float64{-.3}},
	noWords:     {"no words of its own", nil},               // at most review
	notOwnWords: {"somebody else's words", []float64{-3}},   // at most review
	rivalCase:   {"another case is as likely or more", nil}, // takes back what many cases share, or holds it to review
}

// sharedMost is what language of courts and law may add up to in a post that
// names nothing of the case: not enough to be accepted far from its events.
const sharedMost = 2.6

// The lines between the verdicts, in log-odds. They are scores, not calibrated
// probabilities.
const (
	acceptLine = 0.0
	reviewLine = -1.6
)

// Lines returns from which score on a post is accepted, and from which on a
// person should look at it. A rule may hold a post back, never put it forward.
func Lines() (accept, review float64) { return acceptLine, reviewLine }
