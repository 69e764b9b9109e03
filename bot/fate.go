package bot

import (
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/statements/novelty"
)

// looks is when posts on the record are looked at again, after they were told: soon, when
// most is changed and taken back, and then ever more seldom. The second is when X lets
// nobody edit any more, https://docs.x.com/x-api/fundamentals/edit-posts
var looks = []time.Duration{FirstLook, 61 * time.Minute, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 10 * 24 * time.Hour, 30 * 24 * time.Hour}

// RepostWindow is how far from when a post went away one can be that replaced it.
const RepostWindow = 10 * time.Minute

// FirstLook is how long after a post was told it is looked at again for the first time.
const FirstLook = 10 * time.Minute

const (
	// confirmAfter is how far apart two looks are of which the second proves what the
	// first met: an outage looks like a deletion.
	confirmAfter = 10 * time.Minute
	// justSaid is how long after a post said again what another says the other is looked at
	// once more: some post first, and delete then.
	justSaid = time.Minute
	// proofTakes is how long the second look may take to come and be made.
	proofTakes = 2 * time.Minute
	// unfolds is how long the parts of a thread may take to be posted.
	unfolds = 5 * time.Minute
	// leastChange is how many words that may carry meaning have to differ in an edit for
	// readers to be told. Ratings, commas and counters would drown the rest.
	leastChange = 1
	// editsApart is how long after an edit was told the next one of the post is, as one
	// change from what readers know: a page that changes at every pull would fill a
	// channel. It doubles with each, up to mostApart.
	editsApart = time.Hour
	mostApart  = 24 * time.Hour
)

// Watched is a post on the record, with what is known of it since it was told.
type Watched struct {
	ID      int64         // of the row that readers were told of, and …
	Shown   int64         // … of the one that stands for it: the same, until it was replaced
	Told    onrecord.Post // as readers know it
	Post    onrecord.Post // as it was seen last, by a pull or a look
	Changed time.Time     // when it was first seen so
	At      time.Time     // when readers were told of it
	Later   []Later       // what its account published about when it was seen last, and nobody was told of
	Last    time.Time     // when the last post of its thread went away that did so soon after it; zero: none did
	Quoted  bool          // it is an article: the words on the record are those it quotes
	Epoch   int64
	Standing
}

// Later is a post that may be what another was replaced by.
type Later struct {
	ID int64 // of the row
	onrecord.Post
	Parts int     // that the statement has which it is in; 0: none
	Whole *Thread // that it is the part of which the other is in its own; nil: it is taken by itself
}

// Thread is a thread, or a post by itself, that may be another one, posted again.
type Thread struct {
	Was, Now string
	More     bool    // the other one has more parts, which may be to come
	Short    bool    // it has none in the place of this one
	Rest     []Later // what it has behind the place of the last one
}

// Threaded says which posts may be what one of a thread was replaced by: those by themselves,
// and those at its place in a thread, or the last of one that has fewer parts. A post by itself
// is a thread of one. What answers others is no part of a thread.
func Threaded(of int64, thread, later []Later) (list []Later) {
	answers := func(l Later) bool { return l.Kind == onrecord.Reply && l.ID != of }
	thread = slices.DeleteFunc(slices.Clone(thread), answers)
	at := slices.IndexFunc(thread, func(p Later) bool { return p.ID == of })
	if at < 0 {
		return single(later)
	}
	for i, l := range later {
		same := func(o Later) bool {
			return o.ID == l.ID || o.Thread != "" && o.Thread == l.Thread && !answers(o) && !answers(l)
		}
		own := l.Thread != "" && l.Thread == thread[at].Thread
		parts := slices.DeleteFunc(slices.Clone(later), func(o Later) bool { return !same(o) })
		if own || len(parts) == 1 {
			list = append(list, single(later[i:i+1])...)
		}
		if own || answers(l) || len(parts) == 1 && len(thread) == 1 || slices.ContainsFunc(later[:i], same) {
			continue
		}
		slices.SortStableFunc(parts, func(a, b Later) int { return onrecord.Less(a.Post, b.Post) })
		whole := parts[min(at, len(parts)-1)]
		whole.Whole = &Thread{Was: wordsOf(thread), Now: wordsOf(parts), Short: at >= len(parts)}
		if at == len(thread)-1 && !whole.Whole.Short {
			whole.Whole.Rest = parts[at+1:]
		}
		if list = append(list, whole); at < len(parts) && len(parts) < len(thread) {
			whole.Whole = &Thread{Was: wordsOf(thread[:len(parts)]), Now: wordsOf(parts), More: true}
			list = append(list, whole)
		}
	}
	return list
}

// single are the posts that are taken by themselves.
func single(list []Later) []Later {
	return slices.DeleteFunc(slices.Clone(list), func(l Later) bool { return l.Parts > 1 })
}

func wordsOf(parts []Later) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, WordsOf(p.Post))
	}
	return strings.Join(texts, "\n\n")
}

// Standing is what looks at a post have come to so far.
type Standing struct {
	Seen  time.Time           // when it was seen last as readers know it
	Sight sources.Sight       // that the last look met; Present at first
	Since time.Time           // when a look first met it, where it is not Present
	Fate  onrecord.NoticeKind // of its disappearance that readers were told of; "": they know of none

	Edits  int       // that readers were told of, and …
	Edited time.Time // … when they were told of the last
}

// Weighed is what follows from a look at a post, or from what a pull saw of it.
type Weighed struct {
	Watched        // Told is what readers know from then on, and …
	Was     string // … this the revision that they knew
	Next    Standing
	Due     time.Time      // of the next look; zero: there is none
	Fate    *onrecord.Fate // that readers are told of, with no number and no parts; nil: none
	Redact  bool           // the words of the post are taken out, wherever they are
	Instead *Later         // what it was replaced by; nil: by nothing
	Short   bool           // its thread was replaced by one that has nothing in its place
	Holds   []Held         // what it may have been replaced by: nobody is told of that before the next look
	Keeps   *onrecord.Post // a revision that nobody has seen before; nil: none
}

// Rest are the posts that came behind what it was replaced by.
func (f Weighed) Rest() []Later {
	if f.Instead == nil || f.Instead.Whole == nil {
		return nil
	}
	return f.Instead.Whole.Rest
}

// Held is a post that waits for a look at another one.
type Held struct {
	ID    int64     // of its row
	Until time.Time // when it waits no longer, whether somebody looked or not
}

// disappeared orders what readers are told when a post is not there: nothing is told
// that says less than what they know already.
var disappeared = map[sources.Sight]struct {
	kind onrecord.NoticeKind
	says int
}{
	sources.Unreadable: {onrecord.Unreadable, 1},
	sources.Absent:     {onrecord.Gone, 2},
	sources.Deleted:    {onrecord.Deleted, 3},
}

// weigh says what a look at a post means, given what was seen before. A look without a
// sight is none: the place was not asked, or did not answer for the post.
func weigh(w Watched, l sources.Look, now time.Time) Weighed {
	f := Weighed{Watched: w, Was: w.Told.Revision, Next: w.Standing, Due: nextLook(w.At, now)}
	seen, since := w.Post, w.Changed
	if l.Sight == sources.Present && l.Post != nil && l.Post.Revision != w.Post.Revision {
		f.Keeps, seen, since = l.Post, *l.Post, now
	}
	switch met := met(w, l); met {
	case "":
	case sources.Present:
		f.Next.Sight, f.Next.Since = sources.Present, time.Time{}
		if w.Fate != "" {
			f.Fate = &onrecord.Fate{Kind: onrecord.Returned, From: w.Since, Until: now, URL: seen.URL}
			f.Next.Fate = ""
		}
		f.stands(now)
		if seen.Revision == w.Told.Revision {
			f.Next.Seen = now
		}
	default:
		confirm(&f, met, now)
	}
	switch ready := w.nextEdit(); {
	case w.Told.Cut && !seen.Cut: // its place shows more of it: what is edited from then on is
		f.Told, f.Next.Seen = seen, now
	case !edited(w, seen):
	case f.Fate != nil: // one thing is told at a time
		f.Due = now.Add(time.Minute)
	case now.Before(ready):
		if f.Due.IsZero() || ready.Before(f.Due) {
			f.Due = ready
		}
	default:
		f.Next.Edits, f.Next.Edited = w.Edits+1, now
		f.Fate = &onrecord.Fate{Kind: onrecord.Edited, From: w.Seen, Until: since, Was: WordsOf(w.Told), Now: WordsOf(seen), URL: seen.URL}
		f.Told, f.Next.Seen = seen, since
	}
	return f
}

// met is what a look met.
func met(w Watched, l sources.Look) sources.Sight {
	if l.Sight == sources.Absent && w.Sight == sources.Deleted { // that it is not there agrees with the place's word for why
		return sources.Deleted
	}
	return l.Sight
}

// nextEdit is when readers may be told of another edit.
func (s Standing) nextEdit() time.Time {
	wait := time.Duration(0)
	for n := range s.Edits {
		if wait = editsApart << n; wait >= mostApart {
			wait = mostApart
			break
		}
	}
	return s.Edited.Add(wait)
}

// follow applies what the operator chose for what is not there any more.
func (f Weighed) follow(d sources.Deletion) Weighed {
	switch missing := f.Fate != nil && f.Fate.Kind == f.Next.Fate; {
	case missing && d == sources.KeepDeleted:
		f.Fate = nil
	case missing && d == sources.RedactDeleted:
		f.Redact, f.Due = true, time.Time{}
	case f.Instead != nil && d == sources.RedactDeleted:
		f.Redact = true // and what replaced it is looked at again
	case f.Fate != nil && f.Standing.Fate != "" && f.Next.Fate == "" && d == sources.KeepDeleted: // nobody was told that it was not there
		f.Fate = nil
	}
	return f
}

// stands takes in that a post is there. What says it again waits until another look finds it
// there still, and no longer.
func (f *Weighed) stands(now time.Time) {
	for _, l := range f.alike(now) {
		again := l.Created.Add(justSaid)
		if !now.Before(again) {
			f.Holds = append(f.Holds, Held{l.ID, now})
			continue
		}
		f.Holds = append(f.Holds, Held{l.ID, again.Add(proofTakes)})
		if f.Due.IsZero() || again.Before(f.Due) {
			f.Due = again
		}
	}
}

// confirm takes in that a post is not there, and tells it when an earlier look, long
// enough ago, met the same.
func confirm(f *Weighed, met sources.Sight, now time.Time) {
	f.Next.Since = f.Next.missed(met, now)
	f.Next.Sight = met
	again := f.replacement(now)
	if met == sources.Unreadable {
		again = nil
	}
	proven := later(f.Next.Since, f.Last).Add(confirmAfter)
	if again != nil && again.unfinished() && now.Add(justSaid).After(proven) {
		proven = now.Add(justSaid)
	}
	if now.Before(proven) {
		if again != nil {
			f.Holds = []Held{{again.ID, proven.Add(proofTakes)}}
		}
		if f.Due.IsZero() || proven.Before(f.Due) {
			f.Due = proven
		}
		return
	}
	if again != nil {
		f.Fate = &onrecord.Fate{Kind: onrecord.Replaced, From: f.Next.Seen, Until: f.Next.Since, Was: WordsOf(f.Told), Now: WordsOf(again.Post), URL: again.URL}
		if again.Whole != nil && again.Whole.Short { // nothing stands for it by itself
			f.Fate.Now, f.Next.Fate, f.Due, f.Short = "", onrecord.Replaced, time.Time{}, true
			return
		}
		f.Instead, f.Told, f.At, f.Due = again, again.Post, now, nextLook(now, now)
		f.Next = Standing{Seen: now, Sight: sources.Present, Edits: f.Next.Edits, Edited: f.Next.Edited}
		return
	}
	told := 0
	for _, d := range disappeared {
		if d.kind == f.Next.Fate {
			told = d.says
		}
	}
	if d := disappeared[met]; d.says > told {
		f.Fate = &onrecord.Fate{Kind: d.kind, From: f.Next.Seen, Until: f.Next.Since}
		f.Next.Fate = d.kind
	}
}

// missed is since when looks met the same as now: that a post is not there.
func (s Standing) missed(met sources.Sight, now time.Time) time.Time {
	if s.Sight != met || s.Since.IsZero() || s.Since.After(now) {
		return now
	}
	return s.Since
}

// replacement is the first post that one may have been replaced by; nil: there is none. A
// thread as a whole comes before a post by itself, which part of one may be that is not posted
// whole yet.
func (f *Weighed) replacement(now time.Time) (again *Later) {
	for _, l := range f.alike(now) {
		if again == nil || l.Whole != nil && (again.Whole == nil || again.Whole.More) {
			again = &l
		}
	}
	return again
}

// alike are the posts that say again what one said, with little changed, and that were
// published about when that one went away, or of late if it did not.
func (f *Weighed) alike(now time.Time) (list []Later) {
	from, until := f.Next.Seen.Add(-RepostWindow), now
	if !f.Next.Since.IsZero() {
		until = f.Next.Since.Add(RepostWindow)
	}
	for _, l := range f.Later {
		was, says := WordsOf(f.Told), WordsOf(l.Post)
		if l.Whole != nil {
			was, says = l.Whole.Was, l.Whole.Now
		}
		if l.unfinished() && now.Sub(l.Created) >= unfolds || l.Created.Before(from) || l.Created.After(until) || l.Created.After(now) || !novelty.Alike(was, says) {
			continue
		}
		list = append(list, l)
	}
	return list
}

// unfinished reports whether more of a thread may be to come.
func (l Later) unfinished() bool { return l.Whole != nil && l.Whole.More }

// together readies the posts of threads to be weighed, given what a look met: those that went
// away soon after one another did so at once, and a thread of which a post is there was not
// posted again as a whole.
func together(list []Watched, looks map[string]sources.Look, now time.Time) {
	missed := func(w Watched) (at time.Time) {
		if met := met(w, looks[w.Post.ID]); met == sources.Absent || met == sources.Deleted {
			at = w.missed(met, now)
		}
		return at
	}
	for i := range list {
		w := &list[i]
		if w.Post.Thread == "" || missed(*w).IsZero() {
			continue
		}
		for _, o := range list {
			switch at := missed(o); {
			case o.Post.Account != w.Post.Account || o.Post.Thread != w.Post.Thread || o.Fate != "":
			case at.IsZero():
				w.Later = slices.DeleteFunc(slices.Clone(w.Later), func(l Later) bool { return l.Whole != nil })
			case at.Sub(missed(*w)) <= RepostWindow:
				w.Last = later(w.Last, at)
			}
		}
	}
}

// edited reports whether readers are told that an author changed a post. What an
// article quotes is judged when it is read again, and where less is shown of a post, such
// as the summary of a page that cannot be read any more, nobody changed the rest.
func edited(w Watched, seen onrecord.Post) bool {
	return !w.Quoted && w.Told.Cut == seen.Cut && seen.Revision != w.Told.Revision && novelty.Differences(WordsOf(w.Told), WordsOf(seen)) >= leastChange
}

// WordsOf are what a post says, with what it is called: what an edit of it changes.
func WordsOf(p onrecord.Post) string {
	if p.Title == "" || p.Title == p.Text {
		return p.Text
	}
	return p.Title + "\n\n" + p.Text
}

// nextLook is when a post that was told at a time is looked at again; zero: not any more.
func nextLook(told, now time.Time) time.Time {
	for _, after := range looks {
		if at := told.Add(after); at.After(now) {
			return at
		}
	}
	return time.Time{}
}
