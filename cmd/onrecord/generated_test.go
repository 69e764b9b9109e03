package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// What the press and the parties might say, generated: who said which bytes is
// known because it was written here, not because it was read.

// publication is a text with who said what in it.
type publication struct {
	text string
	said []passage
}

// passage is a range of a publication's bytes and whose they are: a name of the
// case, the name of somebody else, or "" for whoever wrote the publication.
type passage struct {
	by         string
	start, end int
}

func (p *publication) write(s string) { p.text += s }

func (p *publication) quote(by, words string) {
	p.said = append(p.said, passage{by, len(p.text), len(p.text) + len(words)})
	p.text += words
}

// Speakers: those of the case, and others whom an article may quote.
const (
	reyes     = "Dana Reyes"
	lind      = "Ivo Lind"
	harbor    = "Harbor Labs"
	northwind = "Northwind Data"
	stranger  = "somebody else"
)

// tongue is a language with its quotation marks, its spellings of names and its
// ways to say who speaks. In a form {q} is a quotation, {n} its speaker.
type tongue struct {
	name  string
	marks [][2]string
	names map[string][]string
	forms []string // of those who have names
	again []string // behind a form, by the same speaker, named by a pronoun; {q} only
	party []string // for a party, by whoever speaks for it
	other []string // by somebody who has no name in the case, near one who has
	words []string // what is said; {i} makes it the only one
	comma bool     // a comma belongs into the marks, before who says it
}

// latin are the names as the configuration has them.
var latin = map[string][]string{reyes: {"Dana Reyes", "Reyes"}, lind: {"Ivo Lind", "Lind"}, harbor: {"Harbor Labs"}, northwind: {"Northwind Data", "Northwind"}}

var tongues = []tongue{
	{
		name: "English", marks: [][2]string{{"“", "”"}, {"\"", "\""}, {"‘", "’"}}, names: latin, comma: true,
		forms: []string{
			"{q} {n} said on Monday.", "{q} said {n}.", "{n} said: {q}", "{n} told the court that {q} and left.", "According to {n}, {q}", "{q} {n} wrote in a statement.",
			"In an email, {n} added: {q}", "{q} {n} told The Courier after the hearing.",
		},
		again: []string{"“{q}” she added.", "“{q}” he said later."},
		party: []string{"{q} a spokesman for {n} said.", "{q} said a spokeswoman for {n}."},
		other: []string{
			"{q} a lawyer for {n} said.", "{q} {n}’s lawyer said.", "{q} said Tom Hale, who once worked for {n}.", "Tom Hale told {n}: {q}",
			"{q} said a person close to {n}.", "The judge asked {n} to sit and said: {q}", "{n} listened as the judge said: {q}", "{q} Tom Hale, not {n}, said.",
		},
		words: []string{
			"We never opened drive {i}, and nobody asked us to,", "Page {i} of the complaint is wrong from its first line,", "Nobody at the company has seen folder {i} since the spring,",
			"They copied file {i}, and the court will hear about it,", "Our engineers built version {i} long before all of this,",
		},
	},
	{
		name: "German", marks: [][2]string{{"„", "“"}, {"»", "«"}}, names: latin,
		forms: []string{"{q}, sagte {n} am Montag.", "{n} erklärte: {q}.", "Laut {n} {q}.", "{q}, schrieb {n} in einer Mitteilung."},
		again: []string{"{q}, fügte sie hinzu.", "{q}, sagte er später."},
		party: []string{"{q}, sagte eine Sprecherin von {n}."},
		other: []string{"{q}, sagte der Anwalt von {n}.", "{q}, sagte Tom Hale, der früher für {n} gearbeitet hat."},
		words: []string{"Wir haben das Laufwerk {i} niemals geöffnet", "Seite {i} der Klage ist von Anfang an falsch", "Niemand hat den Ordner {i} seit dem Frühjahr gesehen"},
	},
	{
		name: "French", marks: [][2]string{{"« ", " »"}, {"“", "”"}}, names: latin,
		forms: []string{"{q}, a déclaré {n} lundi.", "{n} a écrit : {q}.", "Selon {n}, {q}."},
		other: []string{"{q}, a dit l’avocat de {n}.", "{q}, a déclaré Tom Hale, ancien employé de {n}."},
		words: []string{"Nous n’avons jamais ouvert le disque {i}", "La page {i} de la plainte est fausse du début à la fin", "Personne n’a vu le dossier {i} depuis le printemps"},
	},
	{
		name: "Spanish", marks: [][2]string{{"«", "»"}, {"“", "”"}}, names: latin,
		forms: []string{"{q}, afirmó {n} el lunes.", "{n} dijo: {q}.", "Según {n}, {q}.", "{q}, escribió {n}."},
		again: []string{"{q}, añadió ella."},
		other: []string{"{q}, dijo el abogado de {n}.", "{q}, afirmó Tom Hale, antiguo empleado de {n}."},
		words: []string{"Nunca abrimos el disco {i} de nadie", "La página {i} de la demanda es falsa desde el principio", "Nadie ha visto la carpeta {i} desde la primavera"},
	},
	{
		name: "Italian", marks: [][2]string{{"«", "»"}, {"“", "”"}}, names: latin,
		forms: []string{"{q}, ha dichiarato {n} lunedì.", "{n} ha scritto: {q}."},
		other: []string{"{q}, ha detto l’avvocato di {n}."},
		words: []string{"Non abbiamo mai aperto il disco {i}", "La pagina {i} della denuncia è falsa dall’inizio", "Nessuno ha visto la cartella {i} dalla primavera"},
	},
	{
		name: "Portuguese", marks: [][2]string{{"“", "”"}, {"«", "»"}}, names: latin,
		forms: []string{"{q}, disse {n} na segunda-feira.", "{n} escreveu: {q}.", "De acordo com {n}, {q}."},
		other: []string{"{q}, afirmou o advogado de {n}."},
		words: []string{"Nunca abrimos o disco {i} de ninguém", "A página {i} da ação é falsa desde o início", "Ninguém viu a pasta {i} desde a primavera"},
	},
	{
		name: "Russian", marks: [][2]string{{"«", "»"}, {"„", "“"}},
		names: map[string][]string{reyes: {"Дана Рейес"}, lind: {"Иво Линд"}},
		forms: []string{"{q}, — сказал {n} в понедельник.", "{n} написал: {q}."},
		other: []string{"{q}, — сказал адвокат, которого нанял {n}."},
		words: []string{"Мы никогда не открывали диск {i} этой компании", "Страница {i} иска неверна с первой строки", "Никто не видел папку {i} с самой весны"},
	},
	{
		name: "Hindi", marks: [][2]string{{"“", "”"}},
		names: map[string][]string{reyes: {"डाना रेयेस"}, lind: {"इवो लिंड"}},
		forms: []string{"{n} ने कहा, {q}", "{q}, {n} ने एक ईमेल में कहा।"},
		other: []string{"{n} के वकील ने कहा, {q}"},
		words: []string{"हमने ड्राइव {i} को कभी नहीं खोला", "शिकायत का पृष्ठ {i} शुरू से ही गलत है", "वसंत के बाद से किसी ने फ़ोल्डर {i} नहीं देखा"},
	},
	{
		name: "Japanese", marks: [][2]string{{"「", "」"}},
		names: map[string][]string{reyes: {"ダナ・レイエス"}, lind: {"イーヴォ・リンド"}},
		forms: []string{"{n}氏は{q}と述べた。"},
		other: []string{"{n}氏の弁護士は{q}と話した。"},
		words: []string{"私たちは{i}番のドライブを一度も開いていない", "訴状の{i}ページは最初から間違っている", "春から誰も{i}番のフォルダーを見ていない"},
	},
}

// about says in any language which case it is: names and a docket are the same in all.
const about = "Northwind Data v. Harbor Labs and Ivo Lind: the complaint about the pricing model is before the court.\n\n"

// writer writes publications, each with words that no other has.
type writer struct {
	*rand.Rand
	written int
}

func pick[T any](w *writer, list []T) T { return list[w.IntN(len(list))] }

// words are a sentence that is said once.
func (w *writer) words(t tongue) string {
	w.written++
	return strings.ReplaceAll(pick(w, t.words), "{i}", fmt.Sprint(1000+w.written))
}

// article quotes those of the case and others, in one language. given are the
// words it gives to those of the case, each with the language.
func (w *writer) article() (p publication, given map[string]string) {
	p.write(about)
	return w.longer(p)
}

// longer is an article that somebody has added to.
func (w *writer) longer(p publication) (_ publication, given map[string]string) {
	given = map[string]string{}
	t := pick(w, tongues)
	p.said = slices.Clone(p.said)
	for range 1 + w.IntN(4) {
		p.text = strings.TrimRight(p.text, "\n") + "\n\n"
		who := pick(w, []string{reyes, lind, harbor, northwind})
		if t.names[who] == nil {
			who = reyes
		}
		group := who == harbor || who == northwind
		form, by := pick(w, t.forms), who
		switch w.IntN(6) {
		case 0, 1:
			form, by = pick(w, t.other), stranger
		case 2:
			if group && len(t.party) > 0 {
				form = pick(w, t.party)
			}
		}
		words := w.fill(&p, t, form, by, pick(w, t.names[who]))
		if by != stranger {
			given[words] = t.name
		}
		if by != stranger && len(t.again) > 0 && w.IntN(3) == 0 && !group {
			again := pick(w, t.again)
			p.write(" ")
			given[w.fill(&p, t, again, by, "")] = t.name
		}
	}
	return p, given
}

// fill writes a form with a quotation, which it returns, and its speaker.
func (w *writer) fill(p *publication, t tongue, form, by, name string) string {
	before, after, _ := strings.Cut(form, "{q}")
	marks := pick(w, t.marks)
	if strings.HasSuffix(before, "“") { // the form brings its own
		marks = [2]string{}
	}
	p.write(strings.ReplaceAll(before, "{n}", name) + marks[0])
	words := w.words(t)
	if t.comma && marks[0] == "“" && w.IntN(5) == 0 { // it goes on in the next paragraph
		p.quote(by, strings.TrimSuffix(words, ",")+".")
		p.write("\n\n“")
		words = w.words(t)
	}
	if t.comma && marks[0] == "“" && w.IntN(5) == 0 { // and quotes somebody itself
		words = fmt.Sprintf("We know that they wrote ‘we took it all’ on slide %d,", w.written)
	}
	if t.comma && (after == "" || strings.HasPrefix(after, " and ")) {
		words = strings.TrimSuffix(words, ",")
	}
	if t.comma && after == "" {
		words += "."
	}
	p.quote(by, words)
	p.write(marks[1] + strings.ReplaceAll(after, "{n}", name))
	return words
}

// thread is what a party says at a place of its own: all of it is the party's,
// whomever it quotes.
func (w *writer) thread(by string) (parts []publication) {
	for i := range 1 + w.IntN(4) {
		var p publication
		text := fmt.Sprintf("On page %d of the complaint in court: ", 5000+w.written) + w.words(tongues[0])
		if i == 0 {
			text = "Northwind Data v. Harbor Labs. " + text
		}
		if w.IntN(3) == 0 {
			text += " and the other side wrote “" + strings.TrimSuffix(w.words(tongues[0]), ",") + "” to the judge"
		}
		p.quote(by, text+".")
		parts = append(parts, p)
	}
	return parts
}

// release is what a party prints at a place of its own: what it quotes others
// with is theirs, and the rest its own.
func (w *writer) release(by string) (p publication) {
	p.quote(by, "Northwind Data v. Harbor Labs: we answer the complaint about the pricing model in court, "+w.words(tongues[0]))
	p.write("\n\n")
	for range 1 + w.IntN(2) {
		w.fill(&p, tongues[0], pick(w, tongues[0].other), stranger, pick(w, latin[by]))
		p.write("\n\n")
	}
	p.quote(by, "We will say more about it when the judge has read the answer, and "+strings.TrimSuffix(w.words(tongues[0]), ",")+".")
	return p
}
