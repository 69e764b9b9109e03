package demo

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"onrecord/notifiers/discord/discordtest"
)

// draw shows a message as a reader would see it on Discord: the content line,
// then the embed with a bar at its left.
func draw(m discordtest.Message, width int, color bool) string {
	p := paper{width: width, color: color}
	p.line("", m.Content)
	for _, e := range m.Embeds {
		p.embed(e)
	}
	var buttons []string
	for _, row := range m.Components {
		for _, b := range row.Components {
			buttons = append(buttons, "[ "+b.Label+" ]")
		}
	}
	if len(buttons) > 0 {
		p.line("    ", strings.Join(buttons, " "))
	}
	return p.text.String()
}

func (p *paper) embed(e discordtest.Embed) {
	bar := p.tint("36", "  ▌ ")
	if e.Author != nil {
		p.line(bar, e.Author.Name)
	}
	if e.Title != "" {
		p.line(bar, "**"+e.Title+"**")
	}
	for l := range strings.Lines(e.Description) {
		l = strings.TrimRight(l, "\n")
		if quote, ok := strings.CutPrefix(l, "> "); ok {
			p.line(bar+p.tint("90", "│ "), quote)
		} else {
			p.line(bar, l)
		}
	}
	for _, f := range e.Fields {
		p.line(bar, "**"+f.Name+"** "+strings.ReplaceAll(f.Value, "\n", " · "))
	}
	if e.Footer != nil {
		p.line(bar, p.tint("90", e.Footer.Text))
	}
}

// paper is where a card is drawn.
type paper struct {
	text  strings.Builder
	width int
	color bool
}

func (p *paper) tint(code, s string) string {
	if !p.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// line writes one paragraph, wrapped, every line behind the margin.
func (p *paper) line(margin, markdown string) {
	bold := "$1"
	if p.color {
		bold = "\x1b[1m$1\x1b[22m"
	}
	for _, l := range wrap(strings.Fields(boldText.ReplaceAllString(plain(markdown), bold)), p.width-visible(margin)) {
		p.text.WriteString(margin + l + "\n")
	}
}

func wrap(words []string, width int) (lines []string) {
	line := ""
	for _, w := range words {
		if line != "" && visible(line)+1+visible(w) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}

var (
	boldText  = regexp.MustCompile(`\*\*(.+?)\*\*`)
	linkText  = regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\((?:[^()\s]|\([^()]*\))*\)`)
	timestamp = regexp.MustCompile(`<t:(\d+):([A-Za-z])>`)
	italics   = regexp.MustCompile(`(^|[\s(])\*([^*]+)\*`)
	ansi      = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// plain takes away what Discord would render and leaves what a reader sees.
func plain(markdown string) string {
	s := linkText.ReplaceAllString(markdown, "$1")
	s = timestamp.ReplaceAllStringFunc(s, func(m string) string {
		g := timestamp.FindStringSubmatch(m)
		unix, _ := strconv.ParseInt(g[1], 10, 64) // digits by the pattern
		if g[2] == "R" {
			return "just now"
		}
		return time.Unix(unix, 0).Format("15:04:05")
	})
	s = strings.ReplaceAll(italics.ReplaceAllString(s, "$1$2"), "`", "")
	return discordtest.Unescape(s)
}

// visible counts the characters a reader sees.
func visible(s string) (n int) {
	for g := graphemes.FromString(ansi.ReplaceAllString(s, "")); g.Next(); {
		n++
	}
	return n
}
