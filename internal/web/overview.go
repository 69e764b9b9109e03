package web

import (
	_ "embed"
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"

	"onrecord/bot"
)

//go:embed head.html
var head string

// markup is a page that grows. Whatever is put into it is text: it is escaped here and
// nowhere else, which is all that texts between tags need. The standard library's
// templates know of more places, and are half a megabyte of the program.
type markup struct{ strings.Builder }

// put adds a piece of markup in which each %s is a text.
func (m *markup) put(piece string, texts ...string) {
	escaped := make([]any, len(texts))
	for i, t := range texts {
		escaped[i] = html.EscapeString(t)
	}
	fmt.Fprintf(m, piece, escaped...)
}

// cell is what stands in one place of a table.
type cell struct {
	text string
	bad  bool // a person should look
}

// column is the head of one; number: its cells are set to the right.
type column struct {
	name   string
	number bool
}

func (m *markup) table(caption string, columns []column, rows [][]cell) {
	m.put("<table>\n<caption>%s</caption>\n<thead><tr>", caption)
	for _, c := range columns {
		m.put("<th"+class(c, cell{})+">%s</th>", c.name)
	}
	m.put("</tr></thead>\n<tbody>")
	for _, row := range rows {
		m.put("\n<tr>")
		for i, c := range row {
			m.put("<td"+class(columns[i], c)+">%s</td>", c.text)
		}
		m.put("</tr>")
	}
	m.put("\n</tbody>\n</table>\n")
}

func class(c column, in cell) string {
	switch {
	case c.number:
		return ` class="n"`
	case in.bad:
		return ` class="bad"`
	}
	return ""
}

// overviewPage is the page for people: texts and tables, nothing that runs or is loaded.
func overviewPage(v bot.Overview) string {
	m := &markup{}
	title := "all is well"
	if n := len(v.Reasons); n > 0 {
		title = "look at " + strconv.Itoa(n)
	}
	m.WriteString(head)
	m.put("<title>onrecord: %s</title>\n</head>\n<body>\n<main>\n<h1>onrecord %s at %s</h1>\n", title, v.Version, moment(v.Now))
	if len(v.Reasons) == 0 {
		m.put("<p>All is well.</p>\n")
	} else {
		m.put("<h2 class=\"bad\">A person should look</h2>\n<ul>")
		for _, reason := range v.Reasons {
			m.put("<li>%s</li>", reason)
		}
		m.put("</ul>\n")
	}
	m.put("<p>%s for a person; %s to be reviewed.</p>\n", counted(v.Waiting, "borderline statement waits", "borderline statements wait"), counted(v.Unread, "post", "posts"))
	m.accounts(v.Accounts)
	m.channels(v.Channels)
	m.gaps(v.Gaps)
	m.corrections(v.Corrections)
	if len(v.Spend) > 0 {
		m.put("<p>Spent today (UTC):")
		for _, place := range slices.Sorted(maps.Keys(v.Spend)) {
			m.put(" %s %s", place, fmt.Sprintf("$%.2f", v.Spend[place]))
		}
		m.put("</p>\n")
	}
	m.put("</main>\n</body>\n</html>\n")
	return m.String()
}

func (m *markup) accounts(accounts []bot.TrackedAccount) {
	var rows [][]cell
	for _, a := range accounts {
		speaker, trouble := a.Speaker, "none"
		if speaker == "" {
			speaker = "quotes others"
		}
		switch {
		case !a.Watched:
			trouble = "not watched"
		case a.Trouble != "":
			trouble = a.Error
		case a.Stale:
			trouble = "not read for long"
		}
		rows = append(rows, []cell{{text: a.ID}, {text: speaker}, {text: moment(a.LastOK)}, {text: moment(a.Newest)}, {text: number(a.Posts)}, {text: number(a.Statements)}, {trouble, a.Stale}})
	}
	m.table("Accounts", []column{{name: "Account"}, {name: "Speaker"}, {name: "Last good read"}, {name: "Newest post"}, {"Posts", true}, {"Statements", true}, {name: "Trouble"}}, rows)
}

func (m *markup) channels(channels []bot.TrackedChannel) {
	var rows [][]cell
	for _, c := range channels {
		paused := cell{c.Paused, true}
		if c.Paused == "" {
			paused = cell{text: "no"}
		}
		rows = append(rows, []cell{{text: c.ID}, {text: number(c.Owed)}, {text: moment(c.Oldest)}, {text: moment(c.Sent)}, paused})
	}
	m.table("Channels", []column{{name: "Channel"}, {"Owed", true}, {name: "Oldest owed"}, {name: "Last message"}, {name: "Paused"}}, rows)
}

func (m *markup) gaps(gaps []bot.OverviewGap) {
	var rows [][]cell
	for _, g := range gaps {
		place := g.Place
		if place == "" {
			place = "this program"
		}
		rows = append(rows, []cell{{text: g.Number}, {text: place}, {text: moment(g.From)}, {text: moment(g.Until)}, {text: number(int64(g.Posts))}})
	}
	if rows != nil {
		m.table("Times in which something was not read", []column{{name: "Gap"}, {name: "Away"}, {name: "From"}, {name: "Until"}, {"Posts recovered", true}}, rows)
	}
}

func (m *markup) corrections(corrections []bot.OverviewCorrection) {
	var rows [][]cell
	for _, c := range corrections {
		rows = append(rows, []cell{{text: c.Statement}, {text: moment(c.At)}, {text: c.String()}})
	}
	if rows != nil {
		m.table("What persons corrected", []column{{name: "Statement"}, {name: "When"}, {name: "What"}}, rows)
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}
