package statements

import (
	"cmp"
	"regexp"
	"strings"
	"sync"
	"time"

	"onrecord"
)

// EventWindow is how far from a post an event of its case may be and still make the
// post a little likelier to be about it.
const EventWindow = 8 * 24 * time.Hour

// A docket has an entry for every step of the clerk's. What people speak about is what
// somebody asks of the court and what the court says to it; the rest is on most
// dockets every day, and would make every day one of an event. An entry says in its
// first words what it is.
var (
	weighty = lazily(`(?i)\b(complaint|petition|indictment|information|counterclaims?|crossclaims?|answer|motions?|oppositions?|responses?|orders?|opinion|memorandum|findings|recommendations?|ruling|judge?ment|verdict|injunction|restraining|hearing|trial|argument|sentenc\w+|plea|settle\w*|dismiss\w*|appeal|mandate|remand\w*|transfer\w*|unseal\w*)\b`)
	routine = lazily(`(?i)\b(pro hac vice|appearances?|(certificate|proof|waiver|acknowledge?ment|affidavit|return)s? of service|summons\w*|proposed|extension|extend\w*|enlarge\w*|continu\w+|resched\w+|clerk'?s? notice|filing error|transcripts?|corporate disclosure|interested (parties|entities)|consent|declination|related cases?|reassign\w*|civil cover|filing fee|substitution|withdraw\w* (as|of) (counsel|attorney)|refer(red|ral) to|case management|initial (case|scheduling)|scheduling|page limits?|excess pages|file under seal|sealing|courtesy copies|exhibits?|declarations?|errata|change of address)\b`)
)

// opening is what of an entry says what it is: all before who filed it and what hangs
// on it.
var opening = lazily(`(?is)^.{0,160}?(?:\(|;| filed by |$)`)

// happened reports an entry of a docket that people speak about.
func happened(entry onrecord.Post) bool {
	first := openingOf(entry)
	return weighty().MatchString(first) && !routine().MatchString(first)
}

// openingOf are the words by which an entry says what it is.
func openingOf(entry onrecord.Post) string {
	return entry.Title + "\n" + cmp.Or(opening().FindString(entry.Text), entry.Text[:min(len(entry.Text), 160)])
}

// Events are what happened in a case by entries of its docket, oldest first: of each day
// what weighs, once. They raise how likely a post is to be about the case, and what they
// say is no evidence: of whom an entry names nobody has spoken.
func Events(filed []onrecord.Post) (events []onrecord.Event) {
	known := map[onrecord.Event]bool{}
	for _, p := range filed {
		e := onrecord.Event{Date: p.Created.UTC().Truncate(24 * time.Hour), What: strings.TrimSpace(p.Title)}
		if p.Kind != onrecord.Filing || !happened(p) || known[e] {
			continue
		}
		known[e] = true
		events = append(events, e)
	}
	return events
}

// lazily compiles an expression when it is first needed: few accounts are dockets.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
