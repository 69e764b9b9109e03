package feed

import (
	"slices"
	"strings"
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

// assign finds for each item of a document the entry it is known by, or makes
// one. The entry of a second copy of an item is empty.
func assign(known []entry, items []item) []entry {
	r := newRegister(known, items)
	found := make([]entry, len(items))
	for i, it := range items {
		found[i] = r.byKey(it)
	}
	r.byLink(found, items)
	for i, it := range items {
		if found[i].id == "" {
			found[i] = r.add(it)
		}
		if found[i].id != "" {
			found[i].link, found[i].rev = digest(markWidth, it.link), it.Revision[:markWidth]
		}
	}
	return found
}

// register knows who is who in a document.
type register struct {
	keys  map[string]entry   // known entries
	links map[string][]entry // known entries
	count map[string]int     // of keys and links in the document
	taken map[string]bool    // ids given away
}

func newRegister(known []entry, items []item) *register {
	r := &register{keys: map[string]entry{}, links: map[string][]entry{}, count: map[string]int{}, taken: map[string]bool{}}
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

// byKey finds an item by its longest known key. One that several items of the
// document share belongs to the one with the link it was known with.
func (r *register) byKey(it item) entry {
	for _, k := range slices.Backward(it.keys()) {
		e, ok := r.keys[k]
		if ok && !r.taken[e.id] && (r.count[k] == 1 || e.link == digest(markWidth, it.link)) {
			r.taken[e.id] = true
			e.key = k
			return e
		}
	}
	return entry{}
}

// byLink finds items whose GUIDs changed, which happens to all of them when a
// site moves to other software. A known link alone proves little, since some
// sites give all news the same one: the content must be the known one as well,
// unless every GUID of the document is new and most links are known.
func (r *register) byLink(found []entry, items []item) {
	candidates := map[int]entry{}
	moved := true
	for i, it := range items {
		if found[i].id != "" {
			moved = false
			continue
		}
		link := digest(markWidth, it.link)
		if es := r.links[link]; it.link != "" && len(es) == 1 && r.count[link] == 1 && !r.taken[es[0].id] {
			candidates[i] = es[0]
		}
	}
	moved = moved && len(candidates) > 1 && 2*len(candidates) >= len(items)
	for i, e := range candidates {
		if moved || e.rev == items[i].Revision[:markWidth] {
			r.taken[e.id] = true
			e.key = r.shortest(items[i])
			found[i] = e
		}
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
