package x

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"onrecord/sources"
)

const (
	// epoch is the moment X counts milliseconds from in its ids; the 22 bits
	// below the time tell posts of the same millisecond apart.
	epoch     = 1288834974657
	timeShift = 22

	// overlap is read again with every pull, for posts that appear late or out
	// of order.
	overlap = 10 * time.Minute
	day     = 24 * time.Hour
	// handleAge is how long a handle is believed to be still the account's.
	handleAge = 7 * day
)

// mark is the cursor: who is followed and where reading goes on.
type mark struct {
	User    string    `json:"user"`    // the account; handles are given away and registered anew
	Handle  string    `json:"handle"`  // the user's own at Checked, as X spells it
	Name    string    `json:"name"`    // the user's at Checked
	Checked time.Time `json:"checked"` // when the handle was last looked up
	Newest  uint64    `json:"newest,string"`
	Floor   uint64    `json:"floor,string"`     // the overlap never reaches behind the first pull
	Unread  *window   `json:"unread,omitempty"` // what a spent budget left below Newest
}

// window is a range of ids, both ends excluded. Until 0 is no end.
type window struct {
	Since uint64 `json:"since,string"`
	Until uint64 `json:"until,string"`
}

func readMark(c sources.Cursor) (mark, error) {
	var m mark
	if err := json.Unmarshal([]byte(c), &m); err != nil || !numeric(m.User) {
		return mark{}, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("the stored cursor is not one of x; remove the account's cursor to begin anew")}
	}
	return m, nil
}

func (m mark) cursor() sources.Cursor {
	b, _ := json.Marshal(m) // strings, numbers and a time from our own clock: cannot fail
	return sources.Cursor(b)
}

// next is what to read now: what a spent budget left, else everything since
// the newest post, with the overlap.
//
// A post is billed once per UTC day, so the overlap costs nothing as long as
// it stays within today. It never reaches back over midnight, or a quiet
// account would pay for its newest post again each day.
func (m mark) next(now time.Time) window {
	if m.Unread != nil {
		return *m.Unread
	}
	since := idAt(timeOf(m.Newest).Add(-overlap)) - 1
	if today := idAt(now.UTC().Truncate(day)) - 1; since < today {
		since = max(since, min(m.Newest, today))
	}
	return window{Since: max(since, m.Floor)}
}

// idAt returns the lowest id a post of that moment can have, at least 1.
func idAt(t time.Time) uint64 {
	ms := t.UnixMilli() - epoch
	if ms <= 0 {
		return 1
	}
	return uint64(ms) << timeShift
}

// timeOf returns when the post of an id was made.
func timeOf(id uint64) time.Time {
	return time.UnixMilli(int64(id>>timeShift) + epoch).UTC()
}

// parseID reads a post's id. Ids have 1 to 19 digits and are compared as
// numbers: as strings "9" would be newer than "10".
func parseID(s string) (uint64, error) {
	id, err := strconv.ParseUint(s, 10, 64)
	if err != nil || id == 0 || !numeric(s) {
		return 0, fmt.Errorf("%.40q is no id of X", s)
	}
	return id, nil
}

// numeric reports whether s can stand in a path or a parameter as an id.
func numeric(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 19
}

func formatID(id uint64) string { return strconv.FormatUint(id, 10) }
