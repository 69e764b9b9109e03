package bluesky

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"onrecord/sources"
)

// remembered bounds the posts whose versions are kept. It is more than a sweep
// reads, so what a sweep finds is told from what is new.
const remembered = 1000

// mark is the cursor.
type mark struct {
	DID   string     `json:"did"`
	Since time.Time  `json:"since"` // what was indexed before and is not in Seen is history
	Swept time.Time  `json:"swept"` // when the feed was last read deep; zero: never read
	Seen  []sighting `json:"seen"`  // the last ones at the end
}

// sighting is a post in the version it was seen in, as digests.
type sighting struct{ name, version string }

const (
	nameWidth    = 16
	versionWidth = 8
)

func sight(id, revision string) sighting {
	return sighting{digest(id)[:nameWidth], digest(revision)[:versionWidth]}
}

// digest names a text in letters, six bits each.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s sighting) MarshalText() ([]byte, error) { return []byte(s.name + s.version), nil }

func (s *sighting) UnmarshalText(b []byte) error {
	if len(b) != nameWidth+versionWidth {
		return errors.New("a sighting has the wrong length")
	}
	s.name, s.version = string(b[:nameWidth]), string(b[nameWidth:])
	return nil
}

// merge puts what was seen now behind the rest.
func merge(old, now []sighting) []sighting {
	names := map[string]bool{}
	for _, s := range now {
		names[s.name] = true
	}
	kept := slices.DeleteFunc(slices.Clone(old), func(s sighting) bool { return names[s.name] })
	if extra := len(kept) + len(now) - max(remembered, len(now)); extra > 0 {
		kept = kept[extra:]
	}
	return append(kept, now...)
}

func readMark(c sources.Cursor) (mark, error) {
	var m mark
	if c == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(c), &m); err != nil || !didPattern.MatchString(m.DID) {
		return mark{}, sources.NonsenseError("the stored cursor is not one of bluesky; remove the account's cursor to begin anew")
	}
	return m, nil
}

func (m mark) cursor() sources.Cursor {
	b, _ := json.Marshal(m) // strings and times from our own clock: cannot fail
	return sources.Cursor(b)
}
