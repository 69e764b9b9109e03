// Package schedule says when an account is due. It reads the schedule language
// of robfig/cron (five fields, a descriptor such as @daily, or @every with a
// duration) and refuses what that library accepts but nobody can mean. It uses
// the language and its Next alone: the due time itself lives in the database.
package schedule

import (
	"hash/fnv"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule is a parsed schedule. Its zero value is never due.
type Schedule struct {
	spec     string
	plan     cron.Schedule
	zone     *time.Location
	delay    time.Duration // of @every; 0 for fields
	shortest time.Duration
	longest  time.Duration
	warnings []string
}

// String returns the schedule as it was written, with single blanks.
func (s Schedule) String() string { return s.spec }

// Next returns the first time after the given one, in UTC. It is the zero time
// when there is none in the following five years.
//
// Fields are read in the schedule's zone, UTC unless it names one. On the day
// the clocks of a zone change, a time that does not exist is skipped and a time
// that exists twice fires twice.
func (s Schedule) Next(after time.Time) time.Time {
	if s.plan == nil {
		return time.Time{}
	}
	return s.plan.Next(after.In(s.zone)).UTC()
}

// After returns the first time after now on the grid that slot belongs to, in
// UTC. Slot is when the last run was due, not when it came: so a late run does
// not move the later ones, and missed runs become one. For fields, whose grid
// is the clock's, and for a zero slot it is Next(now).
func (s Schedule) After(slot, now time.Time) time.Time {
	if s.delay == 0 || slot.IsZero() {
		return s.Next(now)
	}
	since := now.Sub(slot) % s.delay
	if since < 0 { // the slot is yet to come, or the clock went back
		since += s.delay
	}
	return now.Add(s.delay - since).UTC()
}

// Every returns the shortest time between two runs, of the 400 that follow the
// beginning of 2025. It is at least a second.
func (s Schedule) Every() time.Duration { return s.shortest }

// Longest returns the longest time between two of these runs: nights and
// weekends that the schedule leaves out count, so only a wait beyond it is
// unusual.
func (s Schedule) Longest() time.Duration { return s.longest }

// Warnings says, in sentences for the operator, what in the schedule probably
// does not do what it seems to.
func (s Schedule) Warnings() []string { return s.warnings }

// maxJitter bounds how far accounts of one schedule are spread.
const maxJitter = 30 * time.Second

// Jitter returns how much later than its schedule the account of that id runs,
// so that accounts with the same schedule do not run in the same second. It is
// the same at every start, less than a tenth of Every and less than 30 s, in
// whole milliseconds.
func (s Schedule) Jitter(id string) time.Duration {
	span := min(s.shortest/10, maxJitter).Milliseconds()
	if span == 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return time.Duration(h.Sum64()%uint64(span)) * time.Millisecond
}

// begin is where gaps are measured from. It is fixed, so that a schedule means
// the same on every day.
var begin = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// fires is how many runs are looked at for gaps: more than a year of a daily one.
const fires = 400

// gaps returns the shortest and the longest time between two runs. Both are
// zero when there is no run at all, and a year when there is only one.
func (s Schedule) gaps() (shortest, longest time.Duration) {
	last := s.Next(begin)
	if last.IsZero() {
		return 0, 0
	}
	for range fires {
		next := s.Next(last)
		if next.IsZero() {
			break
		}
		gap := next.Sub(last)
		if shortest == 0 || gap < shortest {
			shortest = gap
		}
		longest = max(longest, gap)
		last = next
	}
	if shortest == 0 {
		return maxDelay, maxDelay
	}
	return shortest, longest
}

// shifts reports whether the clocks of a zone change within two years. Weekly
// looks suffice: the shortest change known, Morocco's Ramadan, lasts a month.
func shifts(zone *time.Location) bool {
	_, first := begin.In(zone).Zone()
	for week := range 104 {
		if _, offset := begin.AddDate(0, 0, 7*week).In(zone).Zone(); offset != first {
			return true
		}
	}
	return false
}
