// Package statements decides what counts as a statement: whether a post is on a
// case, whose words it holds, whether they are new, and what that does to the
// record. Everything that asks the question asks it here, the running program,
// a replay and a person at the command line, and gets the same answer.
//
// It is pure: no network, no database, no clock. What is known around a post is
// handed in ([Known]), what follows from it is handed back ([Reading]), and what
// only the outside can tell, if anybody asks it, comes through an [Asker].
//
//	post ──match──▶ decision ──model──▶ decision ──novelty──▶ effect ──summary──▶ finding
//
// The rooms below it hold one noun each: match (is it on the case), press (whose
// words are in an article), quote, novelty, summary, card, model, and lang under
// all of them.
package statements

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"onrecord"
	"onrecord/statements/match"
	"onrecord/statements/novelty"
	"onrecord/statements/summary"
)

// RecordWindow is how far back a post is compared with earlier statements, and
// how long after it was seen it may still be read again.
const RecordWindow = 30 * 24 * time.Hour

// Known is what the record says around a post. The zero Known is a speaker of
// whom nothing is known yet.
type Known struct {
	Now  time.Time // by the clock that due times go by
	Seen time.Time // when the post was stored

	Profile Profile                         // of the account's stream
	Earlier map[string][]onrecord.Statement // by case: statements of the last RecordWindow, oldest first

	// Ids of the cases on which the thread, the post it replies to and the post
	// it quotes have an accepted statement.
	Thread, ReplyTo, Quotes []string
	Unasked                 []string             // ids of the latter two where their words are not known and were never asked for
	Untitled                []string             // addresses the post links to whose titles were never asked for
	Parts                   []Words              // of the author's own thread before the post, as far back as they are known, oldest first
	Missing                 string               // id of the part before those that was never asked for; "": none
	Held                    []onrecord.Statement // statements of the thread that wait for the rest of it
	Siblings                int                  // other posts of the account in the thread
	Next                    time.Time            // when the next unread one of them was published; zero: none

	Events   map[string][]onrecord.Event // by case: what its dockets say happened around when the post was published
	Before   []Before                    // its decisions when it is read again; nil: it is read for the first time
	Nearby   []Nearby                    // decisions on the posts of its thread, and on the one it replies to
	Instead  *Instead                    // that it stands for on the record; nil: for none
	Baseline string                      // what it said when its account began to be watched; "" when it is new or unchanged since
}

// Instead is a post on the record which its author replaced by another, which stands for it
// from then on.
type Instead struct {
	Of   onrecord.PostID
	Said string // what readers know that the other says
}

// Profile is what was learned of a stream of posts: a speaker's, or an outlet's.
type Profile struct {
	Version int64 // counts its changes; 0: nothing was learned yet
	match.State
}

// Before is the decision on a post that is read again.
type Before struct {
	Case      string
	Label     onrecord.Label
	Statement *onrecord.Statement // the borderline one that the post led to; nil: none
	Moderated bool                // a person decided about it: nothing changes that
}

// Words are what a post says that is context of another.
type Words struct {
	Text  string
	After string // id of the post that its author goes on from with it; "": it goes on from none
}

// Nearby is the decision on another post, which a statement may make a part of its thread.
type Nearby struct {
	Post      onrecord.PostID
	Seen      time.Time
	Case      string
	Label     onrecord.Label
	Moderated bool // a person decided about it
	Again     bool // it was read again on the case already
}

// Reading is the result of reading one post.
type Reading struct {
	Post       onrecord.Post
	ProfileKey string   // of the profile Learned is: see [onrecord.Account.ProfileKey]
	Learned    *Profile // with the version it was learned on; nil: nothing is learned
	Findings   []Finding
	Again      bool // it was read before: its findings replace earlier ones
	// Fault is set when a rule broke on the post, with its stack: then a person is
	// asked to look at it.
	Fault error
}

// Finding is a decision on one case, for one speaker, with what follows from it.
type Finding struct {
	onrecord.Decision
	Speaker  string           // whom a press account quotes; "" for all others
	Proposed bool             // only a model reads the words as the speaker's
	Novelty  onrecord.Novelty // "" when the post is not a statement
	Why      string           // of the novelty
	Effect   Effect
	Recheck  []onrecord.PostID // posts on the record that it says again: whether they are still there is looked at now
	Reread   []onrecord.PostID // posts to be read again, since their thread has a statement on the case now
}

// Effect is what a finding does to the record. It is one of [Nothing], [Opens],
// [Joins], [Repeats] and [Moves].
type Effect interface{ effect() }

// Nothing is the effect of a rejected post, of one that a person has to place,
// and of what was said before the account was watched.
type Nothing struct{}

// Opens puts a new statement on the record.
type Opens struct {
	Statement onrecord.Statement
	Hold      Hold
}

// Joins makes a post a part of a statement that is held. Once that is released,
// the post has to be read anew.
type Joins struct {
	Statement onrecord.Statement // with the part
	Hold      Hold
}

// Hold is until when a statement is held: until both are over.
type Hold struct {
	Parts time.Time // for the rest of its thread; zero: it is complete
	Look  time.Time // for a look at what it says again; zero: for none. It makes no earlier hold shorter
}

// Repeats notes that the words are on the record.
type Repeats struct {
	Statement onrecord.Statement // with the mention of this place
	Mentioned bool               // the mention is new, and readers are told
}

// Moves takes a post out of a borderline statement.
type Moves struct {
	From onrecord.Statement // without the post
	To   Effect             // Opens, Joins or Repeats
}

func (Nothing) effect() {}
func (Opens) effect()   {}
func (Joins) effect()   {}
func (Repeats) effect() {}
func (Moves) effect()   {}

// Asker is what reading a post may ask of the outside. Each answer may be missing:
// the post is read without it.
type Asker interface {
	// Words returns what posts of the account's source say, by id. An error, here
	// and of Titles, says that the answer could not be kept, and ends the reading.
	Words(ctx context.Context, ids []string) (map[string]Words, error)
	// Titles returns the titles of pages, by address.
	Titles(ctx context.Context, addresses []string) (map[string]string, error)
	// Opinion returns what a model says of a draft, which is made when there is one,
	// being on its case, for which our own evidence makes it a candidate or not; ok is
	// false when there is no model, or no answer.
	Opinion(ctx context.Context, of func() summary.Draft, candidate bool) (o onrecord.Opinion, ok bool)
	// Proposals returns what a model says of whose words the quotations of an article are,
	// and its name; nothing when there is no model, or no answer.
	Proposals(ctx context.Context, d summary.Draft) (proposals []onrecord.Proposal, model string)
	// Summary writes what a card says.
	Summary(ctx context.Context, d summary.Draft) onrecord.Summary
}

// Offline asks nobody.
type Offline struct{}

// Words implements [Asker].
func (Offline) Words(context.Context, []string) (map[string]Words, error) { return nil, nil }

// Titles implements [Asker].
func (Offline) Titles(context.Context, []string) (map[string]string, error) { return nil, nil }

// Opinion implements [Asker].
func (Offline) Opinion(context.Context, func() summary.Draft, bool) (onrecord.Opinion, bool) {
	return onrecord.Opinion{}, false
}

// Proposals implements [Asker].
func (Offline) Proposals(context.Context, summary.Draft) ([]onrecord.Proposal, string) {
	return nil, ""
}

// Summary implements [Asker].
func (Offline) Summary(_ context.Context, d summary.Draft) onrecord.Summary {
	return summary.Extract(d)
}

// Reader reads posts on the configured cases.
type Reader struct {
	cases   map[string]onrecord.Case
	matcher *match.Matcher
	memory  novelty.Memory // of what is on the record
}

// NewReader prepares reading on cases of what accounts publish.
func NewReader(cases []onrecord.Case, accounts ...onrecord.Account) *Reader {
	r := &Reader{cases: map[string]onrecord.Case{}, matcher: match.Compile(cases, accounts...)}
	for _, c := range cases {
		r.cases[c.ID] = c
	}
	return r
}

// Ruleset is the hash of the rules and cases that decide.
func (r *Reader) Ruleset() string { return r.matcher.Ruleset() }

// Read reads one post of an account on the cases the account is watched for. The
// error is that of the context, or of an [Asker] that cannot go on. A rule that breaks on a
// post stops nothing: then the decision is a person's.
func (r *Reader) Read(ctx context.Context, p onrecord.Post, a onrecord.Account, k Known, ask Asker) (reading Reading, err error) {
	in := input{post: p, account: a, Known: k, ask: ask}
	in.takeOut()
	defer func() {
		if broken := recover(); broken != nil {
			reading, err = Unreadable(p, a, k, fmt.Errorf("%v\n%s", broken, debug.Stack())), nil
		}
	}()
	if a.Kind == onrecord.Own && r.byAnother(p, a) {
		in.post.Kind = onrecord.Repost
	}
	in.post = threaded(in.post, in.Parts)
	switch {
	case a.Kind == onrecord.Docket: // it speaks for nobody
		return Reading{Post: in.post, Again: k.Before != nil}, nil
	case k.Before != nil:
		return r.readAgain(ctx, in)
	case a.Kind == onrecord.Press:
		return r.readArticle(ctx, in)
	}
	return r.readOwn(ctx, in)
}

// input is a post with all that a reading goes by.
type input struct {
	post    onrecord.Post
	account onrecord.Account
	Known
	ask Asker

	withdrawn map[string][]onrecord.Statement // earlier ones by case, which are not among Earlier
}

// Unreadable is the reading of a post that breaks a rule, or takes one too long: a
// person is asked to look. When it is read again, the earlier decision stands.
func Unreadable(p onrecord.Post, a onrecord.Account, k Known, fault error) Reading {
	r := Reading{Post: p, Again: k.Before != nil, Fault: fault}
	if r.Again {
		return r
	}
	for _, id := range a.Cases {
		r.Findings = append(r.Findings, Finding{Effect: Nothing{}, Decision: onrecord.Decision{
			Case: id, Label: onrecord.Review, Reasons: []onrecord.Reason{match.ReasonFor(match.Unreadable)},
		}})
	}
	return r
}

// matched asks the matcher about a post as a speaker's.
func (r *Reader) matched(in input, speaker string, cases []string) ([]onrecord.Decision, match.State) {
	return r.matcher.Classify(match.Input{Post: in.post, Speaker: speaker, Cases: cases, Thread: in.Thread, ReplyTo: in.ReplyTo, Quotes: in.Quotes, Events: in.Events, Others: in.others(speaker)}, in.Profile.State)
}

// others says by case when a speaker other than this one last made a statement on it, before
// the post.
func (in input) others(speaker string) map[string]time.Time {
	spoke := map[string]time.Time{}
	for id, earlier := range in.Earlier {
		for i := range slices.Backward(earlier) {
			s := &earlier[i]
			if at := s.First().Created; s.Lane == onrecord.Record && s.Speaker != speaker && !at.After(in.post.Created) {
				spoke[id] = at
				break
			}
		}
	}
	return spoke
}

// learned is a profile after a post, to be stored over the one it was learned on.
func (in input) learned(s match.State) *Profile { return &Profile{in.Profile.Version, s} }

// with adds a reason that carries no weight.
func with(d onrecord.Decision, reason onrecord.Reason) onrecord.Decision {
	d.Reasons = append(slices.Clip(d.Reasons), reason)
	return d
}

// laneOf is where the statement of a post goes that is not rejected.
func laneOf(v onrecord.Label) onrecord.Lane {
	if v == onrecord.Review {
		return onrecord.ForReview
	}
	return onrecord.Record
}
