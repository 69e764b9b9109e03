package novelty

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// invented makes statements of a few sentences. Facts differ from one to the
// next as they do in real streams.
func invented(r *rand.Rand, n int) []string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var out []string
	for i := range n {
		var b strings.Builder
		for s := range 1 + r.IntN(4) {
			if s > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%s %s %s the %s %s in %s, and %s %s %d %s%s",
				pick("Northwind", "Harbor Labs", "Our team", "Dana Reyes", "The board", "Their counsel"),
				pick("never", "openly", "repeatedly", "quietly", "at last", "only"),
				pick("described", "returned", "withheld", "published", "examined", "deleted", "rewrote"),
				pick("routing", "billing", "training", "archived", "customer", "sensor"),
				pick("records", "documents", "models", "ledgers", "messages", "drawings"),
				pick("Oslo", "Tromsø", "Bergen", "Turku", "Malmö", "Riga"),
				pick("we", "they", "both sides", "the engineers", "nobody"),
				pick("asked for", "received", "signed", "counted", "disputed"),
				2+(i*7+s*13+r.IntN(900)), pick("pages", "files", "letters", "invoices", "copies"), pick(".", ".", "!", "?"))
		}
		out = append(out, b.String())
	}
	return out
}

// crossPost is a text as another place carries it.
func crossPost(r *rand.Rand, text string) string {
	switch r.IntN(6) {
	case 0:
		text = strings.NewReplacer("'", "’", `"`, "”", " - ", " — ").Replace(text)
	case 1:
		text += fmt.Sprintf(" https://short.example/%d", r.IntN(1e6))
	case 2:
		text = strings.ReplaceAll(text, ". ", ".\n\n")
	case 3:
		text = "@reader " + text
	case 4:
		text += " #statement"
	case 5:
		text = strings.ToUpper(text[:1]) + text[1:] + "\n"
	}
	return text
}

// truncated is a text cut where a shorter place cuts it.
func truncated(text string, letters int) string {
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	return string([]rune(text)[:letters]) + "… https://short.example/more"
}

// parts splits a text between two sentences, or else words, as a thread does.
func parts(text string) (string, string) {
	at := -1
	for i, r := range text {
		if i > len(text)/3 && unicode.IsSpace(r) && (at < 0 || strings.ContainsRune(".!?", rune(text[i-1]))) {
			at = i
			if strings.ContainsRune(".!?", rune(text[i-1])) {
				break
			}
		}
	}
	if at < 0 {
		return text, ""
	}
	return "1/2 " + text[:at], strings.TrimSpace(text[at:]) + " 2/2"
}

// otherFact changes one fact of a text; "" when it finds none.
func otherFact(r *rand.Rand, text string) string {
	words := strings.Fields(text)
	for _, i := range r.Perm(len(words)) {
		w := words[i]
		if strings.Contains(w, "/") || strings.HasPrefix(w, "@") {
			continue
		}
		switch {
		case strings.ContainsAny(w, "0123456789"):
			words[i] = strings.Map(func(c rune) rune {
				if '0' <= c && c <= '9' {
					return '0' + (c-'0'+1)%10
				}
				return c
			}, w)
		case w == "never" || w == "not" || w == "no":
			words = append(words[:i], words[i+1:]...)
		case w == "we" || w == "they":
			words[i] = w + " did not"
		case i > 0 && unicode.IsUpper(rune(w[0])) && !strings.ContainsAny(words[i-1], ".!?"):
			words[i] = "Vantaa"
		default:
			continue
		}
		return strings.Join(words, " ")
	}
	return ""
}
