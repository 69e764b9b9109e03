// Package timeline draws who spoke when: a lane for each speaker, a mark for each of their
// statements, and what happened in the case. It is read on light and on dark ground, having
// one of its own.
package timeline

import (
	"bytes"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/statements/card"
)

// How the picture is laid out, in pixels. A phone shows it at less than half its width, so
// that letters of 24 pixels are as large there as those of a message.
const (
	width    = 800
	margin   = 24
	lane     = 60
	axis     = 46
	legend   = 44
	eventRow = 40
	dot      = 9 // radius
	widest   = 230
	tickRoom = 96
	mostWho  = 10 // lanes; the others share one
)

// spoken is a mark on the lane of a speaker.
type spoken struct {
	at   time.Time
	mark mark
}

// mark is what a statement was, or became.
type mark int

const (
	isNew mark = iota
	isAgain
	isChange
)

var marked = [...]string{isNew: "new", isAgain: "said again", isChange: "changed since"}

// who is a lane.
type who struct {
	name, handle string
	marks        []spoken
}

// statements counts them.
func (w who) statements() (n int) {
	for _, s := range w.marks {
		if s.mark != isChange {
			n++
		}
	}
	return n
}

// Of draws a digest as a PNG, and says in words what it shows; nothing where nobody spoke.
func Of(d onrecord.Digest) (picture []byte, alt string, err error) {
	lanes := lanesOf(d)
	if d.Gathered || len(lanes) == 0 || !d.From.Before(d.Until) {
		return nil, "", nil
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, draw(d, lanes).Paletted); err != nil {
		return nil, "", fmt.Errorf("draw the timeline of %s: %w", d.Number(), err)
	}
	return b.Bytes(), describe(d, lanes), nil
}

// lanesOf gathers what is drawn, in the order in which they spoke.
func lanesOf(d onrecord.Digest) (lanes []who) {
	add := func(l onrecord.DigestLine, m mark) {
		s := l.Statement
		i := slices.IndexFunc(lanes, func(w who) bool { return w.name == s.Speaker })
		if i < 0 {
			if i = len(lanes); i == mostWho {
				lanes = append(lanes, who{name: "others"})
			} else if i > mostWho {
				i = mostWho
			} else {
				lanes = append(lanes, who{name: s.Speaker, handle: s.First().Author.Handle})
			}
		}
		lanes[i].marks = append(lanes[i].marks, spoken{when(d, l, m), m})
	}
	for _, l := range d.Statements {
		m := isNew
		if l.Statement.Again() {
			m = isAgain
		}
		add(l, m)
	}
	for _, l := range d.Changes {
		add(l, isChange)
	}
	for _, w := range lanes {
		slices.SortStableFunc(w.marks, func(a, b spoken) int { return a.at.Compare(b.at) })
	}
	return lanes
}

// when is the time of a mark: what was said before the time of a digest, and told in it,
// stands where it was told.
func when(d onrecord.Digest, l onrecord.DigestLine, m mark) time.Time {
	at := l.At
	if first := l.Statement.First(); m != isChange && first.Dated && !first.Created.Before(d.From) && first.Created.Before(d.Until) {
		at = first.Created
	}
	if at.Before(d.From) {
		return d.From
	}
	return at
}

// describe says what is drawn.
func describe(d onrecord.Digest, lanes []who) string {
	const minute = "2 January 2006 15:04"
	facts := []string{"Timeline from " + d.From.UTC().Format(minute) + " to " + d.Until.UTC().Format(minute) + " UTC"}
	for _, w := range lanes {
		var words []string
		if n := w.statements(); n > 0 {
			words = append(words, card.Plural(n, "statement"))
		}
		if n := len(w.marks) - w.statements(); n > 0 {
			words = append(words, card.Plural(n, "change"))
		}
		facts = append(facts, card.Line(w.name, 80)+": "+strings.Join(words, ", ")+", the last at "+w.marks[len(w.marks)-1].at.UTC().Format("2 January 15:04"))
	}
	for _, e := range d.Events {
		facts = append(facts, "in the case on "+e.Date.UTC().Format("2 January")+": "+card.Line(e.What, 80))
	}
	for _, g := range d.Gaps {
		facts = append(facts, fmt.Sprintf("nothing was read from %s to %s", g.From.UTC().Format("2 January 15:04"), g.Until.UTC().Format("2 January 15:04")))
	}
	return card.Line(strings.Join(facts, "; ")+".", longestAlt)
}

const longestAlt = 1000

func draw(d onrecord.Digest, lanes []who) *canvas {
	left, top := 0, margin
	names := make([]string, len(lanes))
	for i, w := range lanes {
		names[i] = fit(written(w.name, w.handle, i), widest)
		left = max(left, wide(names[i]))
	}
	left += margin + 28
	right := width - margin - 34 // the counts stand behind it
	x := func(t time.Time) int {
		part := float64(t.Sub(d.From)) / float64(d.Until.Sub(d.From))
		return left + int(min(max(part, 0), 1)*float64(right-left))
	}
	days, rows := arranged(d.Events, x, right)
	top += rows * eventRow
	bottom := top + lane*len(lanes)
	c := newCanvas(width, bottom+axis+legend+margin/2)
	for _, t := range ticks(d.From, d.Until, (right-left)/tickRoom) {
		c.upright(x(t.at), top, bottom, faint)
		c.write(x(t.at)-wide(t.label)/2, bottom+34, t.label, muted)
	}
	c.level(left, right, bottom, muted, 1)
	for _, g := range d.Gaps {
		c.level(x(g.From), max(x(g.Until), x(g.From)+3), bottom, amber, 6)
	}
	c.events(days, rows, top, bottom)
	for i, w := range lanes {
		y := top + lane*i + lane/2
		c.level(left, right, y, faint, 1)
		c.write(left-28-wide(names[i]), y+8, names[i], bright)
		c.lane(w.marks, x, y)
		if n := w.statements(); n > 0 {
			count := fmt.Sprint(n)
			c.write(width-margin-wide(count), y+8, count, muted)
		}
	}
	c.legend(d, lanes, bottom+axis+30)
	return c
}

// lane draws the marks of a speaker. Those that would hide each other stand above and
// below the line.
func (c *canvas) lane(marks []spoken, x func(time.Time) int, y int) {
	beside := [...]int{0, -19, 19}
	last, n := -width, 0
	for _, s := range marks {
		at := x(s.at)
		if n++; at-last > 2*dot {
			n, last = 0, at
		}
		c.mark(s.mark, at, y+beside[n%len(beside)])
	}
}

func (c *canvas) mark(m mark, x, y int) {
	switch m {
	case isAgain:
		c.disc(x, y, dot, 3, blue)
	case isChange:
		c.diamond(x, y, dot, coral)
	default:
		c.disc(x, y, dot, dot, blue)
	}
}

// happened is what happened on one day: a docket names no more than days, and may have several
// entries of one.
type happened struct {
	at, begin int // where the line stands, and its label begins
	row       int // of the label, from above; none: there is no room for it
	label     string
}

const (
	mostRows = 3
	none     = -1
)

// arranged finds room for the labels of events, so that no line crosses one: the earlier a
// line, the higher its label.
func arranged(list []onrecord.Event, x func(time.Time) int, right int) (days []happened, rows int) {
	var free [mostRows]int
	for i := 0; i < len(list); {
		h := happened{at: x(list[i].Date), row: none, label: fit(written(list[i].What, "", 0), 420)}
		same := i
		for i++; i < len(list) && x(list[i].Date) == h.at; i++ {
		}
		if n := i - same - 1; n > 0 {
			h.label += fmt.Sprintf(" +%d", n)
		}
		h.begin = max(min(h.at-8, right-wide(h.label)), margin)
		for r := mostRows - 1; r >= 0 && free[r] <= h.begin; r-- {
			h.row = r
		}
		if h.row != none {
			free[h.row] = h.begin + wide(h.label) + 24
			rows = max(rows, h.row+1)
		}
		days = append(days, h)
	}
	return days, rows
}

// events draws lines across all lanes, with what happened above them where there is room.
func (c *canvas) events(days []happened, rows, top, bottom int) {
	for _, h := range days {
		above := top - 8
		if h.row != none {
			below := (rows - 1 - h.row) * eventRow
			c.write(h.begin, top-18-below, h.label, amber)
			above -= below
		}
		c.upright(h.at, above, bottom, amber)
	}
}

// legend explains the marks that are there, and says whose clocks these are.
func (c *canvas) legend(d onrecord.Digest, lanes []who, y int) {
	x := margin + dot
	for m, label := range marked {
		if !slices.ContainsFunc(lanes, func(w who) bool {
			return slices.ContainsFunc(w.marks, func(s spoken) bool { return s.mark == mark(m) })
		}) {
			continue
		}
		c.mark(mark(m), x, y-8)
		c.write(x+dot+10, y, label, muted)
		x += wide(label) + 2*dot + 44
	}
	if len(d.Gaps) > 0 {
		c.level(x-dot, x+dot, y-8, amber, 6)
		c.write(x+dot+10, y, "not read", muted)
	}
	c.write(width-margin-wide("UTC"), y, "UTC", muted)
}

// tick is a time that is named below the lanes.
type tick struct {
	at    time.Time
	label string
}

// ticks are at round times, as many as there is room for.
func ticks(from, until time.Time, most int) (list []tick) {
	const day = 24 * time.Hour
	steps := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 365 * day}
	i := slices.IndexFunc(steps, func(s time.Duration) bool { return until.Sub(from) <= s*time.Duration(max(most, 1)) })
	step := steps[len(steps)-1]
	if i >= 0 {
		step = steps[i]
	}
	for t := from.UTC().Truncate(step); t.Before(until) && len(list) <= 2*most+2; t = t.Add(step) {
		switch {
		case t.Before(from):
		case step >= day || t.Hour() == 0 && t.Minute() == 0:
			list = append(list, tick{t, t.Format("2 Jan")})
		default:
			list = append(list, tick{t, t.Format("15:04")})
		}
	}
	return list
}
