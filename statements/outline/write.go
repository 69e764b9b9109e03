package outline

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"onrecord/statements/lang"
)

// Config is the outline as a configuration: each guess with the words it came from
// beside it, and a place for what the story does not say.
func (o Outline) Config() string {
	w := &writer{}
	w.line("# A draft of onrecord's configuration, read from %s.", remark(cmp.Or(o.Story.URL, "a text")))
	w.line("# Every line marked \"guess\" was read by a program: compare it with the words beside it,")
	w.line("# correct it, and take the mark away. Then `onrecord check --live`, `onrecord preview`, `onrecord run`.")
	w.line("")
	w.line("database: onrecord.db")
	w.line("")
	w.line("cases:")
	w.line("  - id: %s", o.id())
	w.guess("    title: %s", o.Title, "Plaintiff v. Defendant", "the story names no two sides")
	w.guess("    court: %s", o.Court, "", "the story names no court")
	w.docket(o.Docket)
	w.guess("    judge: %s", o.Judge, "", "the story names no judge")
	if o.Filed.Date != "" {
		w.line("    filed: %s  # guess: %s", o.Filed.Date, remark(o.Filed.From))
	} else {
		w.line("    # filed: 2026-01-31  # the story dates no suit in full")
	}
	w.parties(o.Parties)
	w.people(o.People)
	w.keywords(o.Keywords)
	w.line("    exclude: []  # words of the parties' other matters")
	w.events(o.Events)
	w.line("")
	w.accounts(o)
	w.line("")
	w.line("channels: []  # none: notices go to the terminal")
	w.line("  # - {id: newsroom, notifier: discord, channel: \"1200000000000000000\", review: \"1200000000000000001\"}")
	return w.String()
}

type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *writer) guess(format string, g Guess, without, why string) {
	if g.Value == "" {
		w.line(format+"  # %s", quoted(without), why)
		return
	}
	w.line(format+"  # guess: %s", quoted(g.Value), remark(g.From))
}

func (w *writer) docket(list []Guess) {
	if len(list) == 0 {
		w.line("    docket: []  # the story gives no number")
		return
	}
	w.line("    docket:")
	for _, g := range list {
		w.line("      - %s  # guess: %s", quoted(g.Value), remark(g.From))
	}
}

func (w *writer) parties(list []Figure) {
	w.line("    parties:  # names as people write them; aliases are other spellings and @handles")
	if len(list) == 0 {
		w.line("      - {name: Plaintiff, role: plaintiff, aliases: []}  # the story does not say who sues whom: name the parties here")
		w.line("      - {name: Defendant, role: defendant, aliases: []}")
	}
	w.figures(list)
}

func (w *writer) people(list []Figure) {
	if len(list) == 0 {
		w.line("    people: []  # others who speak: {name: Jane Roe, role: chief executive of Defendant}")
		return
	}
	w.line("    people:  # others who speak")
	w.figures(list)
}

func (w *writer) figures(list []Figure) {
	last := ""
	for _, f := range list {
		var aliases []string
		for _, a := range f.Aliases {
			aliases = append(aliases, quoted(a))
		}
		if from := remark(f.From); from != last {
			w.line("      # guess: %s", from)
			last = from
		}
		w.line("      - {name: %s, role: %s, aliases: [%s]}", quoted(f.Name), quoted(f.Role), strings.Join(aliases, ", "))
	}
}

func (w *writer) keywords(list []Keyword) {
	if len(list) == 0 {
		w.line("    keywords: []  # words that mean this case: a product, a document, a theory of the claim")
		return
	}
	var rare, common []Keyword
	for _, k := range list {
		if k.Common == "" {
			rare = append(rare, k)
		} else {
			common = append(common, k)
		}
	}
	w.line("    keywords:  # guesses; `onrecord preview` shows how much noise each brings in")
	for _, k := range rare {
		w.line("      - %s  # %s in the story", quoted(k.Term), times(k.Times))
	}
	if len(rare) == 0 {
		w.line("      []")
	}
	for _, k := range common {
		w.line("      # - %s  # left out: %s", quoted(k.Term), k.Common)
	}
}

func times(n int) string {
	if n <= 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func (w *writer) events(list []Event) {
	if len(list) == 0 {
		w.line("    events: []  # {date: 2026-01-31, what: complaint filed}")
		return
	}
	w.line("    events:")
	for _, e := range list {
		w.line("      - {date: %s, what: %s}  # guess: %s", e.Date, quoted(e.What), remark(e.From))
	}
}

// accounts are those whose speaker is known; the others are left to the operator.
func (w *writer) accounts(o Outline) {
	known := slices.ContainsFunc(o.Places, func(p Place) bool { return p.Speaker != "" })
	if known {
		w.line("accounts:  # where the story says that these people speak")
	} else {
		w.line("accounts: []  # the story says of nobody where they speak; `onrecord add URL` takes a profile, a newsroom or a feed")
	}
	for _, p := range o.Places {
		where, mark := "handle: "+quoted(p.Handle), "  - "
		if p.Source == "feed" {
			where = "url: " + quoted(p.URL)
		}
		if p.Speaker == "" {
			mark = "  # - "
		}
		w.line("%s{source: %s, %s, speaker: %s}  # guess: %s", mark, p.Source, where, quoted(cmp.Or(p.Speaker, "?")), remark(cmp.Or(p.From, "a link of the story")))
	}
	for _, h := range o.Hints {
		w.line("  # the story has no address for %s", remark(h))
	}
}

var (
	plain      = lazily(`^[\p{L}\p{M}][\p{L}\p{M}\p{N} .'’&()/_-]*$`)
	ambiguous  = lazily(`^(?i:y|n|yes|no|on|off|true|false|null|~)$`)
	identifier = lazily(`[^a-z0-9]+`)
)

// quoted is a text as a YAML value: plain where nothing in it could be taken for
// anything else, or else as JSON writes it, which YAML reads.
func quoted(s string) string {
	if plain().MatchString(s) && !ambiguous().MatchString(s) && !strings.HasSuffix(s, " ") {
		return s
	}
	text, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(text)
}

const remarkWidth = 160

// remark is a text as a comment: one line without what could end it.
func remark(s string) string {
	line := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Zl, c) || unicode.Is(unicode.Zp, c) || lang.Invisible(c) {
			return ' '
		}
		return c
	}, s)
	cut := []rune(strings.Join(strings.Fields(line), " "))
	if len(cut) > remarkWidth {
		return string(cut[:remarkWidth]) + "…"
	}
	return string(cut)
}

// id is a short name of the case, of the parties' names in Latin letters.
func (o Outline) id() string {
	var sides [2]string
	for _, p := range o.Parties {
		i := 0
		if p.Role == defendant {
			i = 1
		}
		shown := p.Name
		if n := slices.IndexFunc(p.Aliases, func(a string) bool { return lang.ASCII(a) && !strings.HasPrefix(a, "@") }); n >= 0 && !lang.ASCII(shown) {
			shown = p.Aliases[n]
		}
		if ws := lang.Words(shown); sides[i] == "" && len(ws) > 0 {
			word := ws[0].Text
			if last := ws[len(ws)-1]; slices.Contains(p.Aliases, shown[last.Start:]) {
				word = last.Text // a surname, as the story uses it
			}
			sides[i] = strings.Trim(identifier().ReplaceAllString(lang.Romanized(word), "-"), "-")
		}
	}
	if sides[0] == "" || sides[1] == "" {
		return "my-case"
	}
	id := sides[0] + "-v-" + sides[1]
	return id[:min(len(id), 60)]
}
