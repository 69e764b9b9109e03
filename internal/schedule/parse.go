package schedule

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// maxDelay bounds @every, so that a multiple of it is still a duration.
const maxDelay = 366 * 24 * time.Hour

// descriptors are names for five fields.
var descriptors = map[string]string{
	"@yearly":   "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly":  "0 0 1 * *",
	"@weekly":   "0 0 * * 0",
	"@daily":    "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly":   "0 * * * *",
}

// Parse reads "@every 2m", a descriptor such as "@daily", or the five fields
// minute, hour, day of month, month and weekday. The latter two may follow
// "CRON_TZ=Europe/Berlin " or "TZ=…"; without, they are in UTC. The text of an
// error goes on after "the schedule" and says what to write instead.
func Parse(spec string) (Schedule, error) {
	s := Schedule{spec: strings.Join(strings.Fields(spec), " "), zone: time.UTC}
	rest, zoned, err := s.cutZone()
	if err != nil {
		return Schedule{}, err
	}
	word, argument, _ := strings.Cut(rest, " ")
	switch {
	case rest == "":
		return Schedule{}, errors.New(`is empty; write "@every 2m" or five fields such as "*/10 * * * *"`)
	case word == "@every" && zoned:
		return Schedule{}, errors.New("names a time zone, which has no meaning with @every; leave the zone out")
	case word == "@every":
		err = s.repeat(argument)
	case descriptors[rest] != "":
		err = s.fields(descriptors[rest])
	case rest[0] == '@':
		err = unknownDescriptor(rest)
	default:
		if every := interval(rest); every != "" {
			return Schedule{}, fmt.Errorf("has %q, which is no time; write @every %s", rest, every)
		}
		err = s.fields(rest)
	}
	if err != nil {
		return Schedule{}, err
	}
	s.shortest, s.longest = s.gaps()
	if s.shortest == 0 {
		return Schedule{}, errors.New("never fires: no such day comes in five years")
	}
	return s, nil
}

// interval is the duration after @every that somebody meant who wrote it alone, or in
// words: "5m", "every 5 minutes"; "": neither.
func interval(text string) string {
	words := strings.Fields(strings.ToLower(text))
	if len(words) > 0 && words[0] == "every" {
		words = words[1:]
	}
	if len(words) > 2 || len(words) == 2 && len(words[1]) < 3 {
		return ""
	}
	joined := strings.Join(words, "")
	for _, unit := range []string{"second", "minute", "hour", "day", "week"} {
		if number, ok := strings.CutSuffix(strings.TrimSuffix(joined, "s"), unit); ok {
			joined = cmp.Or(number, "1") + unit[:1]
		}
	}
	if d, err := ParseDuration(joined); err != nil || d < time.Second {
		return ""
	}
	return joined
}

// cutZone takes the zone off the front. The library must not see it: it panics
// on a zone without fields and takes an empty one, or the machine's own, for a real one.
func (s *Schedule) cutZone() (rest string, zoned bool, err error) {
	first, rest, _ := strings.Cut(s.spec, " ")
	name, zoned := strings.CutPrefix(first, "CRON_TZ=")
	if !zoned {
		name, zoned = strings.CutPrefix(first, "TZ=")
	}
	if !zoned {
		return s.spec, false, nil
	}
	if name == "" || name == "Local" || name == "localtime" {
		return "", true, errors.New("needs a time zone with a name, such as CRON_TZ=Europe/Berlin")
	}
	s.zone, err = time.LoadLocation(name)
	if err != nil {
		return "", true, fmt.Errorf("names the time zone %q, which is not known; write one such as Europe/Berlin", name)
	}
	if rest == "" {
		return "", true, fmt.Errorf(`names a time zone and no time; write five fields after it, such as "%s 0 9 * * *"`, first)
	}
	return rest, true, nil
}

// repeat reads the duration of @every. The library silently makes one second of
// what is shorter and cuts fractions off.
func (s *Schedule) repeat(text string) error {
	d, err := ParseDuration(text)
	switch {
	case err != nil:
		return fmt.Errorf("has %q after @every, which is not a duration; write one such as 90s, 2m or 1h30m", text)
	case d < time.Second:
		return fmt.Errorf("has %s after @every; the shortest is 1s", text)
	case d%time.Second != 0:
		return fmt.Errorf("has %s after @every; only whole seconds are kept", text)
	case d > maxDelay:
		return fmt.Errorf("has %s after @every; the longest is %dh, a year", text, int(maxDelay.Hours()))
	}
	s.delay, s.plan = d, cron.Every(d)
	return nil
}

func unknownDescriptor(spec string) error {
	lower := strings.ToLower(spec)
	switch {
	case spec == "@reboot":
		return errors.New("is @reboot, which is not a time; write @every with a duration")
	case strings.HasPrefix(lower, "@every") || descriptors[lower] != "":
		return fmt.Errorf("has %q, which is written in small letters with one blank after @every, as in %q", spec, "@every 2m")
	}
	return fmt.Errorf("has %q, which is not known; there are @every, @hourly, @daily, @weekly, @monthly and @yearly", spec)
}

// field is one of the five, with the values it takes.
type field struct {
	name     string
	min, max int
	names    []string // for min, min+1, …
	restarts string   // what a step begins anew with
}

var five = [...]field{
	{name: "minute", max: 59, restarts: "hour"},
	{name: "hour", max: 23, restarts: "day"},
	{name: "day of month", min: 1, max: 31, restarts: "month"},
	{name: "month", min: 1, max: 12, restarts: "year", names: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "weekday", max: 6, restarts: "week", names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

const (
	hour       = 1 // index into five
	dayOfMonth = 2
	weekday    = 4
)

// fields reads the five fields. Each is checked here first: the library passes
// over steps that are never reached, empty items and "*-5".
func (s *Schedule) fields(spec string) error {
	written := strings.Split(spec, " ")
	if n := len(written); n != len(five) {
		return fmt.Errorf("has %d fields; there are five: minute, hour, day of month, month, weekday (for seconds write @every)", n)
	}
	var all [len(five)]bool // the field leaves nothing out
	for i, f := range five {
		uneven, every, err := f.check(written[i])
		if err != nil {
			return err
		}
		if uneven != "" {
			s.warnings = append(s.warnings, uneven)
		}
		all[i] = every
	}
	if !all[dayOfMonth] && !all[weekday] {
		return errors.New("sets both day of month and weekday; cron would fire when either fits, not both: leave one of them *")
	}
	plan, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("is not a schedule: %w", err)
	}
	s.plan = plan
	if !all[hour] && s.atNight() && shifts(s.zone) {
		s.warnings = append(s.warnings, fmt.Sprintf("fires between 0 and 4 o'clock, when the clocks of %s change: once a year such a time is skipped or comes twice", s.zone))
	}
	return nil
}

// atNight reports whether the plan's hours touch those in which clocks change.
func (s *Schedule) atNight() bool {
	plan, ok := s.plan.(*cron.SpecSchedule)
	return ok && plan.Hour&0b1111 != 0
}

// check reads one field: items between commas, each *, a value or a range, with
// an optional step. uneven is a warning; every says that one item is a plain *.
func (f field) check(expr string) (uneven string, every bool, err error) {
	for item := range strings.SplitSeq(expr, ",") {
		body, step, stepped := strings.Cut(item, "/")
		low, high, err := f.bounds(body, stepped)
		if err != nil {
			return "", false, err
		}
		by := 1
		if stepped {
			if by, err = f.step(item, step, high-low); err != nil {
				return "", false, err
			}
		}
		whole := body == "*" || body == "?"
		every = every || whole && by == 1
		if high == f.max && !strings.Contains(body, "-") && (f.max-f.min+1)%by != 0 {
			uneven = fmt.Sprintf("has the %s step %q, which begins anew with every %s: the last gap is shorter", f.name, item, f.restarts)
		}
	}
	return uneven, every, nil
}

// bounds returns the first and last value of an item without its step. A single
// value with a step runs from there to the end.
func (f field) bounds(body string, stepped bool) (low, high int, err error) {
	if body == "*" || body == "?" {
		return f.min, f.max, nil
	}
	from, to, ranged := strings.Cut(body, "-")
	if low, err = f.value(from); err != nil {
		return 0, 0, err
	}
	switch {
	case ranged:
		high, err = f.value(to)
	case stepped:
		high = f.max
	default:
		high = low
	}
	if err == nil && low > high {
		err = fmt.Errorf("has the %s range %q, which ends before it begins", f.name, body)
	}
	return low, high, err
}

func (f field) value(text string) (int, error) {
	for i, name := range f.names {
		if strings.EqualFold(name, text) {
			return f.min + i, nil
		}
	}
	n, ok := digits(text)
	switch {
	case ok && f.name == "weekday" && n == 7:
		return 0, errors.New("has the weekday 7; Sunday is 0 or sun")
	case !ok || n < f.min || n > f.max:
		return 0, fmt.Errorf("has the %s %q; it must be %d to %d or *", f.name, text, f.min, f.max)
	}
	return n, nil
}

func (f field) step(item, text string, span int) (int, error) {
	n, ok := digits(text)
	switch {
	case !ok || n == 0:
		return 0, fmt.Errorf("has the %s step %q; a step is a whole number from 1", f.name, item)
	case n > span:
		return 0, fmt.Errorf("has the %s step %q, which is never reached: the step is longer than its range", f.name, item)
	}
	return n, nil
}

// digits reads one to three digits and nothing else; strconv would take "+5".
func digits(text string) (int, bool) {
	if len(text) == 0 || len(text) > 3 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// Short writes a duration without the zero minutes and seconds at its end.
func Short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
