package match

import (
	"slices"

	"onrecord"
)

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

	// Found outside the matcher, by those who read a post with all around it.
	opinion
	modelAgrees
	modelDoubts
	notNear
	lacksQuote
	namesNobody
	readAgain
	unreadable
	kinds
)

// Codes of the reasons that are found outside the matcher: see [ReasonFor].
const (
	Opinion     onrecord.ReasonCode = "model_opinion" // a model is not sure, or its answer does not count
	ModelAgrees onrecord.ReasonCode = "model_agrees"  // a model says that it is on the case
	ModelDoubts onrecord.ReasonCode = "model_doubts"  // a model says that it is not
	NotNear     onrecord.ReasonCode = "not_near"      // what an article quotes stands apart from what it says of the case
	LacksQuote  onrecord.ReasonCode = "lacks_quote"   // nothing in it is surely the speaker's
	NamesNobody onrecord.ReasonCode = "names_nobody"  // an article quotes somebody, and nobody of the case by name
	ReadAgain   onrecord.ReasonCode = "read_again"    // its thread has a statement by now
	Unreadable  onrecord.ReasonCode = "unreadable"    // a rule broke on it
)

type row struct {
	Code    onrecord.ReasonCode
	Name    string
	Weights []float64
}

// table is all evidence: its code for programs, which never changes, its name as
// people read it, and its weights in log-odds for the strongest match, the second
// and so on. What comes after the last weight counts nothing: saying a word often
// proves no more. A weight is scaled down where the speaker uses the word on other
// things too, see [State], and where one word among very many says little.
//
// Kinds without weights are computed, as their remarks say.
var table = [kinds]row{
	// From the stream.
	prior: {"prior", "how often this speaker speaks on the case", nil}, // from State, -3.9 to -1.9; at least -3 in the month of an event

	// What names this very case: the anchor.
	identifier:  {"identifier", "names the docket or the caption", []float64{5}},
	caseTitle:   {"case_title", "names the case", []float64{3}},
	casePerson:  {"case_person", "names a person of the case", []float64{2.6, 1.3, .65}},
	caseKeyword: {"case_keyword", "a keyword of the case", []float64{2.2, 1.1, .55}}, // .6 of it for a word of the same family
	otherSide:   {"other_side", "names the other side", []float64{1.3, .65}},
	soundsLike:  {"sounds_like", "a name of the case in another script", []float64{1.2, .6}}, // less for short ones

	// What many cases share.
	courtKeyword: {"court_keyword", "a keyword that is common in all courts", []float64{1, .5, .25}},
	coParty:      {"co_party", "names a party of its own side", []float64{.6, .3}},
	caseContext:  {"case_context", "a word of the title, the court, an event or a keyword", []float64{.7, .35, .18}},
	legalTalk:    {"legal_talk", "language of courts", []float64{1.2, .72, .43, .26}},
	lawTalk:      {"law_talk", "language of law", []float64{.5, .25}},
	answering:    {"answering", "denies, admits or answers", []float64{.4, .2}},
	selfAndLaw:   {"self_and_law", "speaks of itself and of the law", []float64{.5}},
	otherAndLaw:  {"other_and_law", "speaks of the other side and of the law", []float64{1.2}},
	anyCase:      {"any_case", "all this could be about any case", nil}, // without an anchor, what goes beyond sharedMost is taken back

	// What speaks against it.
	otherMatter: {"other_matter", "a word of another matter", []float64{-2.4, -1.2, -.6}}, // half beside an anchor, nothing beside an identifier
	promotion:   {"promotion", "greeting or promotion", []float64{-1.2, -.6}},             // nothing beside an anchor

	// From the speaker's earlier statements.
	profile: {"profile", "words of the speaker's earlier statements", nil}, // up to 1.5, see CaseState

	// What stands around it. The best of the first four counts, or else the rest.
	sameThread:   {"same_thread", "same thread as a statement", []float64{3.2}},
	repliesToIt:  {"replies_to_statement", "replies to a statement", []float64{3}},
	quotesIt:     {"quotes_statement", "quotes a statement", []float64{2.4}},
	sameRun:      {"same_run", "goes on from a statement moments before", []float64{2.4}}, // where the place has no thread ids; .7 of it for each post between
	parentOnCase: {"parent_on_case", "what it answers is on the case", []float64{2.2, 1}},
	burst:        {"burst", "the speaker has just spoken on the case", []float64{1.1}}, // halves every three hours
	nearEvent:    {"near_event", "near an event of the case", []float64{1}},            // halves every two days

	// Form.
	tooShort:    {"too_short", "hardly any words", []float64{-.3}},
	noWords:     {"no_words", "no words of its own", nil},                  // at most review
	notOwnWords: {"not_own_words", "somebody else's words", []float64{-3}}, // at most review
	rivalCase:   {"rival_case", "another case is as likely or more", nil},  // takes back what many cases share, or holds it to review

	// Found outside the matcher.
	opinion:     {Opinion, "a model's opinion", nil},
	modelAgrees: {ModelAgrees, "a model takes it for a statement on the case", nil},
	modelDoubts: {ModelDoubts, "a model doubts it", nil},
	notNear:     {NotNear, "the case is not near the words quoted", nil},
	lacksQuote:  {LacksQuote, "has no words of the speaker", nil},
	namesNobody: {NamesNobody, "quotes nobody of the case by name", nil},
	readAgain:   {ReadAgain, "judged again, after the statement in its thread", nil},
	unreadable:  {Unreadable, "could not be judged", nil},
}

// ReasonFor is a reason without weight, by its code.
func ReasonFor(code onrecord.ReasonCode) onrecord.Reason {
	i := slices.IndexFunc(table[:], func(r row) bool { return r.Code == code })
	return onrecord.Reason{Code: code, Name: table[i].Name}
}

// sharedMost is what language of courts and law may add up to in a post that
// names nothing of the case: not enough to be accepted far from its events.
const sharedMost = 2.6

// The lines between the verdicts, in log-odds. They are scores, not calibrated
// probabilities.
const (
	acceptLine    = 0.0
	reviewLine    = -1.6
	candidateLine = -2.2
)

// Lines returns from which score on a post is accepted, from which on a
// person should look at it, and from which on it is a candidate: whoever reads
// posts for their meaning reads these first, since hardly a statement is below.
// A rule may hold a post back, never put it forward.
func Lines() (accept, review, candidate float64) { return acceptLine, reviewLine, candidateLine }
