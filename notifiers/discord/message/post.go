package message

import (
	"strings"

	"onrecord"
	"onrecord/statements/card"
)

const maxThreadName = 100

// PostName is what the post of a case in a forum is called. That of what is on no case has a
// name of its own.
func PostName(k onrecord.Case) string {
	if k.ID == "" {
		return "About these statements"
	}
	docket := ""
	if len(k.Docket) > 0 {
		docket = " — " + card.Line(k.Docket[0], maxThreadName/3)
	}
	return card.Line(k.Title, maxThreadName-card.Units(docket)) + docket
}

// PostMark is by what the first message of a post is recognised.
func PostMark(k onrecord.Case) string { return "C-" + k.ID }

// Opening is the first message of the post of a case.
func Opening(k onrecord.Case) Body {
	footer := &Footer{Text: "onrecord" + card.Sep + PostMark(k)}
	if k.ID == "" {
		return Body{
			Content: "About the statements in this forum: what was missed and caught up with, and digests.", AllowedMentions: Nobody(),
			Embeds: []Embed{{Description: "Each case has a post of its own.", Color: recordColor, Footer: footer}},
		}
	}
	var lines []string
	if !k.Filed.IsZero() {
		lines = append(lines, "Filed "+stamp(k.Filed, "D")+".")
	}
	lines = append(lines, "Every statement of these people and organisations on the case, oldest first.")
	lines = append(lines, byRole(k.Parties)...)
	if len(k.People) > 0 {
		var names []string
		for _, p := range k.People {
			names = append(names, person(p))
		}
		lines = append(lines, labelled("They speak, too", strings.Join(names, ", ")))
	}
	e := Embed{Title: Markdown(card.Line(k.Title, maxTitleText)), URL: card.Link(k.URL, maxLink), Color: recordColor, Footer: footer, Description: fitting(lines, maxDescription)}
	b := Body{Content: pinged("Case opened: " + italic(card.Line(k.Title, maxHead))), Embeds: []Embed{e}, AllowedMentions: Nobody()}
	if u := card.Link(k.URL, maxButtonLink); u != "" {
		b.Components = []Row{{Type: rowType, Components: []Button{{Type: buttonType, Style: linkStyle, Label: "Docket", URL: u}}}}
	}
	return b
}

const maxTitleText = 120 // escaped, it may be twice as long

// byRole lists parties, those of a role together.
func byRole(parties []onrecord.Person) (lines []string) {
	names := map[string][]string{}
	var roles []string
	for _, p := range parties {
		if names[p.Role] == nil {
			roles = append(roles, p.Role)
		}
		names[p.Role] = append(names[p.Role], Markdown(card.Line(p.Name, maxTitle)))
	}
	for _, role := range roles {
		label := "Party"
		if role != "" {
			label = Markdown(card.Line(role, maxTitle))
		}
		lines = append(lines, labelled(label, strings.Join(names[role], ", ")))
	}
	return lines
}

func person(p onrecord.Person) string {
	name := Markdown(card.Line(p.Name, maxTitle))
	if p.Role != "" {
		name += " (" + Markdown(card.Line(p.Role, maxTitle)) + ")"
	}
	return name
}

// fitting are as many lines as there is room for.
func fitting(lines []string, room int) string {
	var fit []string
	for _, l := range lines {
		if room -= card.Units(l) + 1; room < 0 {
			break
		}
		fit = append(fit, l)
	}
	return strings.Join(fit, "\n")
}
