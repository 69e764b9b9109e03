package feed

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Feeds should write dates as RFC 822 or RFC 3339 say, and write them as their
// sites do: in words of any language, with the day or the month first, with zones
// by names that several zones have. A date that can be read in several ways has
// several readings; what the feed's other dates say, and when it was first seen,
// decides between them. See dating.

// order is which of day, month and year comes first in a date of three numbers.
type order string

// The orders in which numbers are written. A date in which the order is no
// question has none.
const (
	dayFirst   order = "day"
	monthFirst order = "month"
	yearFirst  order = "year"
)

// reading is one way to read a date.
type reading struct {
	at    time.Time
	order order
	zoned bool // it says how far from UTC its time is
}

const maxDate = 100 // characters of a date

var (
	epochDate  = lazily(`^\d{10}(\d{3})?$`)
	region     = lazily(`\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+\b`)
	clock      = lazily(`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?`)
	hourDot    = lazily(`\b(\d{1,2})\.(\d{2}) ?(?:h|uhr)\b()`)
	hourSign   = lazily(`\b(\d{1,2}) ?h ?(\d{2})\b()`)
	hourWord   = lazily(`\b(\d{1,2}) ?(?:h|hs|uhr)\b()()`)
	hourGlyph  = lazily(`(\d{1,2}) ?[時时시點点](?: ?(\d{1,2}) ?[分분])?(?: ?(\d{1,2}) ?[秒초])?`)
	dotClock   = lazily(`(?:^|[^\d.])([01]?\d|2[0-3])\.([0-5]\d)(?:$|[^\d.])`)
	offset     = lazily(`^ ?(?:[ap]\.?m\.? ?)?(?:gmt|utc|ut)? ?([+-])-?(\d{1,2}):?(\d{2})?\b`)
	compact    = lazily(`^(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2})?)?`)
	between    = lazily(`(\d)t(\d)`) // date and time of RFC 3339
	numbers    = lazily(`\b(\d{1,4})( ?[-/.] ?)(\d{1,2})( ?[-/.] ?)(\d{1,4})\b`)
	characters = lazily(`(令和)?(\d{1,4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2})`)
	vietnamese = lazily(`\b(\d{1,2}),? thang (\d{1,2}),?(?: nam)? (\d{4})\b`)
	word       = lazily(`\p{L}[\p{L}\p{M}.]*`)
	number     = lazily(`\d+`)
	afternoon  = lazily(`\b(p\.? ?m\.?|ogleden sonra)( |,|$)|午後|下午|오후`)
	morning    = lazily(`\b(a\.? ?m\.?)( |,|$)|午前|上午|오전`)
)

// readings returns all ways to read a date; none when nobody can.
func readings(text string) []reading {
	text = strings.Join(strings.Fields(text), " ")
	if len([]rune(text)) > maxDate {
		return nil
	}
	for _, layout := range []string{time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 GMT", time.RFC3339} { // what nearly all feeds write
		if at, err := time.Parse(layout, text); err == nil {
			return []reading{{at: at, zoned: true}}
		}
	}
	if epochDate().MatchString(text) {
		n, _ := strconv.ParseInt(text, 10, 64)
		if len(text) == 13 {
			return []reading{{at: time.UnixMilli(n), zoned: true}}
		}
		return []reading{{at: time.Unix(n, 0), zoned: true}}
	}
	d := undated{rest: between().ReplaceAllString(spread(fold(text)), "$1 $2")}
	zones, zoned := []*time.Location{time.UTC}, false
	if name := region().FindString(text); name != "" {
		if l, err := time.LoadLocation(name); err == nil {
			zones, zoned, d.rest = []*time.Location{l}, true, strings.Replace(d.rest, strings.ToLower(name), " ", 1)
		}
	}
	d.time()
	if found := d.zones(); !zoned && found != nil {
		zones, zoned = found, true
	}
	var all []reading
	for _, day := range d.days() {
		for _, zone := range zones {
			all = append(all, reading{day.In(zone).Add(d.since(day.In(zone))), day.order, zoned})
		}
	}
	return all
}

// undated is a date that is being read; what was understood is taken out of the rest.
type undated struct {
	rest                 string
	after                string // what followed the time of day
	hour, minute, second int
	nano                 int
}

// spread sets apart the digits of a date that has nothing between them.
func spread(text string) string {
	m := compact().FindStringSubmatch(text)
	switch {
	case m == nil:
		return text
	case m[4] == "":
		return m[1] + "-" + m[2] + "-" + m[3] + text[len(m[0]):]
	}
	return m[1] + "-" + m[2] + "-" + m[3] + " " + m[4] + ":" + m[5] + ":" + cmp.Or(m[6], "00") + text[len(m[0]):]
}

// time takes the time of day; midnight is one, too.
func (d *undated) time() {
	for i, form := range []func() *regexp.Regexp{clock, hourDot, hourSign, hourWord, hourGlyph} {
		m := form().FindStringSubmatchIndex(d.rest)
		if m == nil {
			continue
		}
		d.hour, d.minute, d.second = d.group(m, 1), d.group(m, 2), d.group(m, 3)
		if i == 0 && m[8] >= 0 {
			d.nano = atoi((d.rest[m[8]:m[9]] + "000000000")[:9])
		}
		d.after = d.rest[m[1]:]
		d.rest = d.rest[:m[0]] + " " + d.after
		break
	}
	if d.after == "" && d.hour == 0 && d.minute == 0 {
		if m := dotClock().FindStringSubmatchIndex(d.rest); m != nil {
			d.hour, d.minute = d.group(m, 1), d.group(m, 2)
			d.rest = d.rest[:m[2]] + " " + d.rest[m[5]:]
		}
	}
	switch {
	case afternoon().MatchString(d.rest) && d.hour < 12:
		d.hour += 12
	case morning().MatchString(d.rest) && d.hour == 12:
		d.hour = 0
	}
}

// group is the number in a group of a match of the rest; 0 when there is none.
func (d *undated) group(m []int, i int) int {
	if m[2*i] < 0 {
		return 0
	}
	n, _ := strconv.Atoi(d.rest[m[2*i]:m[2*i+1]])
	return n
}

// zoneHours are the zones that feeds name, in minutes from UTC. A name that
// several zones have is each of them.
var zoneHours = map[string][]int{
	"z": {0}, "ut": {0}, "utc": {0}, "gmt": {0}, "wet": {0}, "west": {60}, "bst": {60}, "cet": {60}, "cest": {120}, "mez": {60}, "mesz": {120}, "met": {60}, "mest": {120},
	"eet": {120}, "eest": {180}, "msk": {180}, "trt": {180}, "sast": {120}, "cat": {120}, "eat": {180}, "wat": {60}, "gst": {240}, "pkt": {300}, "ict": {420}, "wib": {420}, "wita": {480}, "wit": {540},
	"ist": {330, 120, 60}, "idt": {180}, "npt": {345}, "hkt": {480}, "sgt": {480}, "myt": {480}, "pht": {480}, "awst": {480}, "jst": {540}, "kst": {540},
	"acst": {570}, "acdt": {630}, "aest": {600}, "aedt": {660}, "nzst": {720}, "nzdt": {780},
	"brt": {-180}, "brst": {-120}, "art": {-180}, "clt": {-240}, "clst": {-180}, "cot": {-300}, "pet": {-300}, "vet": {-240},
	"nst": {-210}, "ndt": {-150}, "ast": {-240, 180}, "adt": {-180}, "est": {-300, 600}, "edt": {-240, 660}, "cst": {-360, 480}, "cdt": {-300}, "mst": {-420}, "mdt": {-360}, "pst": {-480, 480}, "pdt": {-420},
	"akst": {-540}, "akdt": {-480}, "hst": {-600},
	"et": {-300, -240}, "ct": {-360, -300}, "mt": {-420, -360}, "pt": {-480, -420},
}

// zones takes what says how far from UTC the time is. A number behind the time
// outweighs a name.
func (d *undated) zones() []*time.Location {
	if m := offset().FindStringSubmatch(d.after); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		if seconds := (hours*60 + minutes) * 60; hours <= 14 && minutes < 60 {
			if m[1] == "-" {
				seconds = -seconds
			}
			d.rest = strings.Replace(d.rest, m[0], " ", 1)
			return []*time.Location{time.FixedZone("", seconds)}
		}
	}
	for w := range strings.FieldsFuncSeq(d.after, func(r rune) bool { return r < 'a' || r > 'z' }) {
		var found []*time.Location
		for _, minutes := range zoneHours[w] {
			found = append(found, time.FixedZone(w, minutes*60))
		}
		if found != nil {
			return found
		}
	}
	return nil
}

func (d *undated) since(midnight time.Time) time.Duration {
	return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), d.hour, d.minute, d.second, d.nano, midnight.Location()).Sub(midnight)
}

// day is a day of the calendar.
type day struct {
	year, month, day int
	order            order
}

// In is when the day begins in a zone.
func (d day) In(zone *time.Location) time.Time {
	return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, zone)
}

// days returns the days that the rest of a date may mean.
func (d *undated) days() []day {
	if d.hour > 24 || d.minute > 59 || d.second > 60 {
		return nil
	}
	if m := characters().FindStringSubmatchIndex(d.rest); m != nil {
		year := d.group(m, 2)
		if m[2] >= 0 { // the era since 2019
			year += 2018
		}
		return possible(day{year, d.group(m, 3), d.group(m, 4), ""})
	}
	if m := vietnamese().FindStringSubmatchIndex(d.rest); m != nil {
		return possible(day{d.group(m, 3), d.group(m, 2), d.group(m, 1), ""})
	}
	if found := d.named(); found != nil {
		return found
	}
	if m := numbers().FindStringSubmatchIndex(d.rest); m != nil {
		return inOrder(d.rest[m[2]:m[3]], strings.TrimSpace(d.rest[m[4]:m[5]]), d.rest[m[6]:m[7]], strings.TrimSpace(d.rest[m[8]:m[9]]), d.rest[m[10]:m[11]])
	}
	return nil
}

// named reads a day whose month is a word: the last one that is a month, since
// the names of days come first, and some begin as months do elsewhere. Of the two
// numbers the one that cannot be a day is the year, else the second.
func (d *undated) named() (days []day) {
	words := word().FindAllString(d.rest, -1)
	ns := number().FindAllString(d.rest, -1)
	if len(ns) < 2 {
		return nil
	}
	first, second := ns[0], ns[1]
	if len(first) > 2 || len(second) <= 2 && atoi(first) > 31 {
		first, second = second, first
	}
	for i, w := range slices.Backward(words) {
		months := monthsOf(strings.TrimRight(w, "."))
		if i > 0 && months == nil {
			months = monthsOf(words[i-1] + " " + w)
		}
		for _, m := range months {
			days = append(days, possible(day{year(second), m, atoi(first), ""})...)
		}
		if months != nil {
			return days
		}
	}
	return nil
}

// inOrder reads three numbers. Dots stand in dates that begin with the day.
func inOrder(a, sep, b, same, c string) []day {
	switch {
	case sep != same || len(a) == 3 || len(c) == 3:
		return nil
	case len(a) == 4:
		return possible(day{year(a), atoi(b), atoi(c), ""})
	case sep == ".":
		return possible(day{year(c), atoi(b), atoi(a), ""})
	}
	days := []day{{year(c), atoi(b), atoi(a), dayFirst}, {year(c), atoi(a), atoi(b), monthFirst}}
	if len(c) <= 2 {
		days = append(days, day{year(a), atoi(b), atoi(c), yearFirst})
	}
	return possible(days...)
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// year reads a year of two digits as one of this century, and one of the
// Buddhist calendar, which is 543 years ahead.
func year(s string) int {
	n := atoi(s)
	switch {
	case len(s) <= 2:
		return 2000 + n
	case n > 2500 && n < 2700:
		return n - 543
	}
	return n
}

// possible leaves out days that no calendar has.
func possible(days ...day) []day {
	return slices.DeleteFunc(days, func(d day) bool {
		at := d.In(time.UTC)
		return d.year < 1 || d.year > 9999 || at.Day() != d.day || int(at.Month()) != d.month
	})
}

// Dates outside of these bounds are mistakes of the feed: feeds are younger
// than the first, and what is seen was published before.
var earliest = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	// skew is how far a site's clock may be ahead of ours. Beyond it a date after
	// the item was first seen is none.
	skew = 10 * time.Minute
	// A date that can be read as two days, when nothing else in the feed decides, is
	// the nearer one if that is plausible: what is new between two pulls was not
	// published long before. Of the first document much is older.
	soon, soonAtFirst = 45 * 24 * time.Hour, 7 * 24 * time.Hour
)

// dating knows how a feed writes its dates.
type dating struct {
	now   time.Time
	first bool  // nothing is known of the feed yet
	order order // in which its numbers stand; "": not known
}

// learn finds the order of the numbers in a feed's dates from those that can be
// read in one order alone. When they disagree, nothing is known.
func (d dating) learn(dates []string) dating {
	found := map[order]bool{}
	for _, text := range dates {
		orders := map[order]bool{}
		for _, r := range d.sensible(readings(text)) {
			orders[r.order] = true
		}
		if len(orders) == 1 {
			for o := range orders {
				found[o] = true
			}
		}
	}
	delete(found, "")
	if len(found) == 1 {
		for o := range found {
			d.order = o
		}
	}
	if len(found) > 1 {
		d.order = ""
	}
	return d
}

func (d dating) sensible(rs []reading) []reading {
	return slices.DeleteFunc(rs, func(r reading) bool { return r.at.Before(earliest) || r.at.After(d.now.Add(skew)) })
}

// pick decides between the readings of a date. Where the zone alone is the
// question, it is the first of that name that is not in the future.
func (d dating) pick(text string) (at time.Time, ok bool) {
	rs := d.sensible(readings(text))
	if slices.ContainsFunc(rs, func(r reading) bool { return r.order == d.order }) {
		rs = slices.DeleteFunc(rs, func(r reading) bool { return r.order != d.order })
	}
	if len(rs) == 0 {
		return time.Time{}, false
	}
	byTime := func(a, b reading) int { return a.at.Compare(b.at) }
	oldest, latest := slices.MinFunc(rs, byTime).at, slices.MaxFunc(rs, byTime).at
	oneDay := func(r reading) bool { return latest.Sub(r.at) < 24*time.Hour }
	plausible := soon
	if d.first {
		plausible = soonAtFirst
	}
	if !oneDay(reading{at: oldest}) && d.now.Sub(latest) > plausible {
		return time.Time{}, false
	}
	at = rs[slices.IndexFunc(rs, oneDay)].at
	if at.After(d.now) {
		at = d.now
	}
	return at.UTC(), true
}

// complaints say why dates of items are not used, with the first of each kind.
func (d dating) complaints(items []item) (ws []string) {
	kinds := map[string]string{}
	for _, it := range items {
		if it.unread == "" {
			continue
		}
		kind := "cannot be read"
		switch rs := readings(it.unread); {
		case len(rs) == 0:
		case slices.ContainsFunc(rs, func(r reading) bool { return r.at.After(d.now) }):
			kind = "lie in the future, by a clock that is wrong or a zone that is not named"
		case len(d.sensible(rs)) > 0:
			kind = "can be read in two ways"
		default:
			kind = "lie before there were feeds"
		}
		kinds[kind] = cmp.Or(kinds[kind], shown(it.unread))
	}
	for kind, text := range kinds {
		ws = append(ws, fmt.Sprintf("dates such as %q %s: these items count as undated, and a backfill leaves them out", text, kind))
	}
	slices.Sort(ws)
	return ws
}

func shown(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if rs := []rune(text); len(rs) > 40 {
		return string(rs[:40]) + "…"
	}
	return text
}
