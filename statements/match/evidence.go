package match

import (
	"slices"

	"onrecord"
)

// revision counts changes of the scorer that neither the table below nor the
// weights show.
const revision = 7

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
	blaming
	again
	opponent
	selfAndLaw
	nameAndLaw
	quotedVoice
	otherMatter
	strangers
	otherJudge
	promotion
	announcing
	profile
	sameThread
	repliesToIt
	quotesIt
	sameRun
	sameTalk
	parentNames
	parentOnCase
	parentTalk
	answersParty
	elsewhere
	burst
	lately
	besideLikely
	othersSpoke
	hotTalk
	nearEvent
	tooShort
	longPost
	noWords
	notOwnWords
	rivalCase
	unnamed
	outOfSeason
	onlyRecent
	taught

	// Found outside the matcher, by those who read a post with all around it.
	opinion
	modelAgrees
	modelDoubts
	notNear
	lacksQuote
	namesNobody
	modelHears
	modelQuotes
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
	ModelHears  onrecord.ReasonCode = "model_hears"   // a model reads the quotations as the speaker's, as we do
	ModelQuotes onrecord.ReasonCode = "model_quotes"  // nobody but a model reads them so
	ReadAgain   onrecord.ReasonCode = "read_again"    // its thread has a statement by now
	Unreadable  onrecord.ReasonCode = "unreadable"    // a rule broke on it
)

// row is a kind of evidence: its code for programs, which never changes, its
// name as people read it, what its strongest match, the second and so on would weigh
// as far as no post has told, and the sign that its weights may have: an anchor
// never counts against, promotion never for. What comes after the last counts
// nothing: saying a word often proves no more. Kinds without weights are rules, as
// their remarks say.
type row struct {
	Code  onrecord.ReasonCode
	Name  string
	Start []float64
	Sign  int
}

// table is all evidence. Its weights are learned: see [Weights].
var table = [kinds]row{
	// From the stream.
	prior: {"prior", "how often this speaker speaks on the case", []float64{0, 1}, 0}, // always, and by the log-odds that State tells

	// What names this very case: the anchor.
	identifier:  {"identifier", "names the docket or the caption", []float64{5}, 1},
	caseTitle:   {"case_title", "names the case", []float64{3}, 1},
	casePerson:  {"case_person", "names a person of the case", []float64{2, 1, .5}, 1},
	caseKeyword: {"case_keyword", "a keyword of the case", []float64{1.5, .8, .4}, 1}, // .6 of it for a word of the same family
	otherSide:   {"other_side", "names the other side", []float64{1, .5}, 1},
	soundsLike:  {"sounds_like", "a name of the case in another script", []float64{.8, .4}, 1}, // less for short ones

	// What many cases share.
	courtKeyword: {"court_keyword", "a keyword that is common in all courts", []float64{.5, .2}, 1},
	coParty:      {"co_party", "names a party of its own side", []float64{.2}, 0},
	caseContext:  {"case_context", "a word of the title, the court, an event or a keyword", []float64{.5, .2}, 1},
	legalTalk:    {"legal_talk", "language of courts", []float64{.7, .3}, 1},
	lawTalk:      {"law_talk", "language of law", []float64{.2}, 1},
	answering:    {"answering", "denies, admits or answers", []float64{.3}, 1},
	blaming:      {"blaming", "calls somebody or something unjust", []float64{.3}, 1},
	again:        {"again", "corrects, repeats or clears up what was said", []float64{.2}, 1},
	opponent:     {"opponent", "speaks of the other side by its part", []float64{.5}, 1},
	selfAndLaw:   {"self_and_law", "speaks of itself and of the law", []float64{.4}, 1},
	nameAndLaw:   {"name_and_law", "names the case and speaks of the law", []float64{.8}, 1},
	quotedVoice:  {"quoted_voice", "quotes what somebody says of it", []float64{.3}, 1},

	// What speaks against it.
	otherMatter: {"other_matter", "a word of another matter", []float64{-3.2, -1.6, -.8}, -1}, // half beside an anchor, nothing beside an identifier
	strangers:   {"strangers", "names beside language of courts that are none of the case", []float64{-.5}, -1},
	otherJudge:  {"other_judge", "names a judge who is none of the case", []float64{-1}, -1},       // where its judge is known
	promotion:   {"promotion", "greeting or promotion", []float64{-.8, -.3}, -1},                   // nothing beside an anchor
	announcing:  {"announcing", "a link or a hashtag, and little of law", []float64{-.5, -.4}, -1}, // the first is for a link

	// From the speaker's earlier statements.
	profile: {"profile", "words of the speaker's earlier statements", []float64{1}, 1}, // see CaseState

	// What stands around it. The best of the first four counts, or else the rest.
	sameThread:   {SameThread, "same thread as a statement", []float64{3}, 1},
	repliesToIt:  {"replies_to_statement", "replies to a statement", []float64{2.5}, 1},
	quotesIt:     {"quotes_statement", "quotes a statement", []float64{2}, 1},
	sameRun:      {"same_run", "goes on from a statement moments before", []float64{2}, 1}, // where the place has no thread ids; .7 of it for each post between
	sameTalk:     {"same_talk", "in an exchange with a statement in it", []float64{1}, 1},
	parentNames:  {"parent_names_case", "what it answers names the docket, the caption or the case", []float64{3}, 1},
	parentOnCase: {"parent_on_case", "what it answers is on the case", []float64{2, .5}, 1},
	parentTalk:   {"parent_talk", "what it answers speaks of courts, or in words of earlier statements", []float64{.4, .4}, 1},
	answersParty: {"answers_party", "answers or quotes somebody of the case", []float64{.5}, 1},
	elsewhere:    {"elsewhere", "what it answers is on something else", []float64{-.5}, -1},
	burst:        {"burst", "the speaker has just spoken on the case", []float64{.5, .5}, 1}, // halves every three hours, and every eight minutes
	lately:       {"lately", "many of the speaker's last posts were on the case", []float64{1}, 1},
	besideLikely: {"beside_likely", "moments after what is likely on the case", []float64{1}, 1},        // halves every five minutes
	othersSpoke:  {"others_spoke", "somebody else of the case has just spoken on it", []float64{.5}, 1}, // halves every two hours
	hotTalk:      {"hot_talk", "speaks of the law, or blames, while the case is on everybody's mind", []float64{.5, .3, .5}, 1},
	nearEvent:    {"near_event", "near an event of the case", []float64{.8}, 1}, // halves every two days

	// Form.
	tooShort:    {"too_short", "hardly any words", []float64{-.5}, -1},
	longPost:    {"long_post", "a long text, in which words of every kind turn up", []float64{-.3}, -1},
	noWords:     {"no_words", "no words of its own", nil, 0},                                        // at most review
	notOwnWords: {"not_own_words", "somebody else's words", []float64{-3}, -1},                      // at most review
	rivalCase:   {"rival_case", "another case is as likely or more", nil, 0},                        // takes back what many cases share, or holds it to review
	unnamed:     {"unnamed", "no words of its own name the case", nil, 0},                           // at most review, but for what is far above the line while the case is on the mind
	outOfSeason: {"out_of_season", "little happens in the case, and its words leave doubt", nil, 0}, // at most review
	onlyRecent:  {"only_recent", "nothing but the time speaks for it", nil, 0},                      // not even review
	taught:      {"taught", "what persons said of such evidence", nil, 0},                           // see Taught

	// Found outside the matcher.
	opinion:     {Opinion, "a model's opinion", nil, 0},
	modelAgrees: {ModelAgrees, "a model takes it for a statement on the case", nil, 0},
	modelDoubts: {ModelDoubts, "a model doubts it", nil, 0},
	notNear:     {NotNear, "the case is not near the words quoted", nil, 0},
	lacksQuote:  {LacksQuote, "has no words of the speaker", nil, 0},
	namesNobody: {NamesNobody, "quotes nobody of the case by name", nil, 0},
	modelHears:  {ModelHears, "a model reads the words as the speaker's, too", nil, 0},
	modelQuotes: {ModelQuotes, "only a model reads the words as the speaker's", nil, 0}, // at most review
	readAgain:   {ReadAgain, "judged again, after the statement in its thread", nil, 0},
	unreadable:  {Unreadable, "could not be judged", nil, 0},
}

// ReasonFor is a reason without weight, by its code.
func ReasonFor(code onrecord.ReasonCode) onrecord.Reason {
	i := slices.IndexFunc(table[:], func(r row) bool { return r.Code == code })
	return onrecord.Reason{Code: code, Name: table[i].Name}
}
