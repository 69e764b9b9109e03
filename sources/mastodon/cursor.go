package mastodon

import (
	"encoding/json"
	"slices"
	"time"

	"onrecord/sources"
)

// remembered bounds the posts whose versions are kept: three times what a sweep
// reads, so that what comes to stand there after others were deleted is known.
const remembered = 3 * pageSize

// mark is the cursor.
type mark struct {
	Host    string     `json:"host"`              // of the server that was asked, whose ids all these are
	Account string     `json:"account,omitempty"` // "" while only the feed can be read
	Newest  string     `json:"newest,omitempty"`  // "" while it has said nothing
	Since   time.Time  `json:"since"`             // what was published before and is not in Seen is history; zero: never read
	Swept   time.Time  `json:"swept,omitzero"`    // when the newest posts were last looked at again
	Seen    []sighting `json:"seen,omitempty"`    // the last ones at the end
}

// sighting is a post in the version it was seen in.
type sighting struct {
	ID      string `json:"i"`
	Version string `json:"v,omitempty"` // when it was edited; of the feed, which does not say so, a digest
	Root    string `json:"t,omitempty"` // where its thread begins; "": with itself
}

func (m mark) known(id string) (sighting, bool) {
	i := slices.IndexFunc(m.Seen, func(s sighting) bool { return s.ID == id })
	if i < 0 {
		return sighting{}, false
	}
	return m.Seen[i], true
}

// see puts what was seen now behind the rest.
func (m *mark) see(now ...sighting) {
	for _, s := range now {
		m.Seen = slices.DeleteFunc(slices.Clone(m.Seen), func(o sighting) bool { return o.ID == s.ID })
		m.Seen = append(m.Seen, s)
	}
	m.Seen = m.Seen[max(0, len(m.Seen)-remembered):]
}

func readMark(c sources.Cursor) (mark, error) {
	var m mark
	if c == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(c), &m); err != nil || m.Host == "" {
		return mark{}, sources.NonsenseError("the stored cursor is not one of mastodon; remove the account's cursor to begin anew")
	}
	return m, nil
}

func (m mark) cursor() sources.Cursor {
	b, _ := json.Marshal(m) // strings and times from our own clock: cannot fail
	return sources.Cursor(b)
}
