package feed

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// keys name an item in falling order of what is usual: by its GUID, else its
// link, else its title and day; each longer one for feeds in which the shorter
// is not unique.
func (it item) keys() []string {
	var parts, keys []string
	for _, p := range []string{it.guid, it.link, it.name, it.Revision} {
		if p != "" {
			parts = append(parts, p)
			keys = append(keys, digest(idWidth, strings.Join(parts, "\n")))
		}
	}
	return keys
}

const (
	// sameWords is how much of two texts must be the same for them to be one text
	// with small changes, and otherWords how little of two that have nothing to do
	// with each other.
	sameWords, otherWords = .6, .2
	// nearby is how far apart one item's dates may be under two names: zones are
	// lost and found when sites move.
	nearby = 36 * time.Hour
	// recent is how long an item is news although the site says that it is the one
	// it was.
	recent = 7 * 24 * time.Hour
	// several items that change in the same way at once changed because the site did.
	several = 3
)

// assign finds for each item of a document the entry it is known by, or makes
// one. The entry of a second copy of an item is empty. moved says that the site
// names its items anew.
func assign(known []entry, items []item, press bool, now time.Time) (found []entry, moved bool) {
	r := newRegister(known, items)
	r.found, r.press, r.now = make([]entry, len(items)), press, now
	r.byKey()
	r.byLink()
	moved = r.byContent()
	r.byOldKey()
	for i, it := range items {
		if r.found[i].id == "" {
			r.found[i] = r.add(it)
		}
		if e := r.found[i]; e.id != "" {
			r.found[i] = it.seen(e.id, e.key)
		}
	}
	return r.found, moved
}

// register knows who is who in a document.
type register struct {
	items   []item
	found   []entry       // by item; empty: not known yet
	doubted map[int]entry // by item: known by its key as something else
	known   []entry
	pool    pool // of the known ones, by what they say
	keys    map[string]entry
	links   map[string][]entry
	count   map[string]int  // of keys and links in the document
	taken   map[string]bool // ids given away
	press   bool            // what changes is read again under its name
	now     time.Time
}

func newRegister(known []entry, items []item) *register {
	r := &register{
		items: items, known: known, pool: newPool(known), doubted: map[int]entry{},
		keys: map[string]entry{}, links: map[string][]entry{}, count: map[string]int{}, taken: map[string]bool{},
	}
	for _, e := range known {
		r.keys[e.key] = e
		r.links[e.link] = append(r.links[e.link], e)
	}
	for _, it := range items {
		for _, k := range it.keys() {
			r.count[k]++
		}
		r.count[digest(markWidth, it.link)]++
	}
	return r
}

// take gives an entry to an item, under a key.
func (r *register) take(i int, e entry, key string) {
	r.taken[e.id] = true
	e.key = key
	r.found[i] = e
}

// byKey finds items by their longest known keys. A key that several items of the
// document share is that of the one with the link it was known with. An item
// that is another under a known key has to be looked at further.
func (r *register) byKey() {
	for i, it := range r.items {
		for _, k := range slices.Backward(it.keys()) {
			e, ok := r.keys[k]
			if !ok || r.taken[e.id] || r.count[k] > 1 && e.link != digest(markWidth, it.link) {
				continue
			}
			if r.another(e, it) {
				e.key = k
				r.doubted[i] = e
			} else {
				r.take(i, e, k)
			}
			break
		}
	}
}

// another reports whether an item is another one than was known under its name:
// a new notice in the place of an old one, or the text that was promised with its
// headline. A site says so by title or date; of one that says nothing, what is
// recent counts.
func (r *register) another(e entry, it item) bool {
	if r.press {
		return false
	}
	share, comparable := shared(e.words, it.words)
	other := comparable && share < otherWords
	filled := e.words == wordless && it.words != wordless
	retitled := e.hasTitle() && it.Title != "" && e.title != titled(it.Title)
	at, dated := e.at()
	later := dated && it.Dated && it.Created.Sub(at) > time.Hour
	return (other || filled) && later || other && retitled || (other || filled) && !it.Cut && r.isRecent(it)
}

func (r *register) isRecent(it item) bool { return !it.Dated || r.now.Sub(it.Created) < recent }

// byLink finds items whose GUIDs changed, which happens to all of them when a
// site moves to other software. A known link alone proves little, since some
// sites give all news the same one: the content must be the known one as well,
// unless every GUID of the document is new and most links are known.
func (r *register) byLink() {
	candidates := map[int]entry{}
	moved := len(r.doubted) == 0
	for i, it := range r.items {
		if r.found[i].id != "" {
			moved = false
			continue
		}
		link := digest(markWidth, it.link)
		if es := r.links[link]; it.link != "" && len(es) == 1 && r.count[link] == 1 && !r.taken[es[0].id] {
			candidates[i] = es[0]
		}
	}
	moved = moved && len(candidates) > 1 && 2*len(candidates) >= len(r.items)
	for i, e := range candidates {
		if moved || e.rev == r.items[i].Revision[:markWidth] {
			r.take(i, e, r.shortest(r.items[i]))
		}
	}
}

// byContent finds items by what they say, whose GUIDs and links both changed: the
// site has other addresses, an archive was put in anew, an editor tries another
// headline. Near dates, one title or the same words are needed; when most of a
// document is found that way the site has moved, and dates that changed with it
// do not count.
func (r *register) byContent() (moved bool) {
	near, all, strangers := map[int]entry{}, map[int]entry{}, 0
	for i, it := range r.items {
		if r.found[i].id != "" {
			continue
		}
		if e, ok := r.alike(it, true); ok {
			near[i] = e
		}
		if _, named := r.doubted[i]; named {
			continue
		}
		strangers++
		if e, ok := r.alike(it, false); ok {
			all[i] = e
		}
	}
	if moved = len(all) > 1 && 2*len(all) > strangers; moved {
		maps.Copy(near, all)
	}
	for i := range r.items {
		e, ok := near[i]
		switch {
		case !ok || r.taken[e.id]:
		case !moved && r.another(e, r.items[i]):
			r.doubted[i] = e
		default:
			delete(r.doubted, i)
			r.take(i, e, r.shortest(r.items[i]))
		}
	}
	return moved
}

// alike is the one entry with an item's words, or its title, that no other item
// is known by.
func (r *register) alike(it item, near bool) (best entry, ok bool) {
	share, twins, title := 0.0, 0, titled(it.Title)
	for _, i := range r.pool.candidates(title, it.words) {
		e := r.known[i]
		if r.taken[e.id] {
			continue
		}
		at, dated := e.at()
		if near && dated && it.Dated && it.Created.Sub(at).Abs() > nearby {
			continue
		}
		s, comparable := shared(e.words, it.words)
		same := comparable && s >= sameWords
		if titles := e.hasTitle() && e.title == title; titles && (same || !near || dated && it.Dated) {
			s++ // a title and the words outweigh the words alone
			same = true
		}
		switch {
		case !same || s < share:
		case s == share:
			twins++
		default:
			best, share, twins = e, s, 1
		}
	}
	return best, twins == 1
}

// byOldKey decides about items that are others than their keys say, and were not
// found elsewhere: each is a new post in the place of the old one. When many have
// other words under their old titles, the site shows other parts of them.
func (r *register) byOldKey() {
	rewritten := 0
	for i, e := range r.doubted {
		if e.title == titled(r.items[i].Title) {
			rewritten++
		}
	}
	for i := range r.items {
		e, ok := r.doubted[i]
		if !ok || r.taken[e.id] || r.found[i].id != "" {
			continue
		}
		key := e.key
		if r.count[key] != 1 { // its content was known, its name is another
			key = r.shortest(r.items[i])
		}
		if e.title == titled(r.items[i].Title) && rewritten >= several && 2*rewritten >= len(r.items) {
			r.take(i, e, key)
			continue
		}
		r.taken[e.id] = true
		r.take(i, entry{id: digest(idWidth, e.id, r.items[i].Revision)}, key)
	}
}

// add makes the entry of an item never seen before.
func (r *register) add(it item) entry {
	k := r.shortest(it)
	if r.taken[k] {
		return entry{}
	}
	r.taken[k] = true
	return entry{id: k, key: k}
}

// shortest is the first key that is the item's alone, in the document and among
// the ids given away.
func (r *register) shortest(it item) string {
	keys := it.keys()
	for _, k := range keys {
		if r.count[k] == 1 && !r.taken[k] {
			return k
		}
	}
	return keys[len(keys)-1]
}
