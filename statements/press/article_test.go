package press_test

import (
	"strings"
	"testing"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"

	"github.com/google/go-cmp/cmp"
)

// own are the words that an article of the speaker's account gives to the speaker.
func own(speaker, text string) (words []string) {
	for _, r := range press.Own(statementstest.Northwind(), statementstest.Person(speaker), text) {
		words = append(words, r.Trimmed(text).In(text))
	}
	return words
}

// TestSpeakersWords: words an article gives to the speaker by name are quoted.
func TestSpeakersWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"behind, name first", "“We took nothing from them,” Dana Reyes said on Wednesday.", "We took nothing from them"},
		{"behind, verb first", "“We took nothing from them,” said Reyes, who runs Harbor Labs.", "We took nothing from them"},
		{"behind, employer and title", "“We took nothing from them,” said Harbor Labs founder Dana Reyes.", "We took nothing from them"},
		{"in front", "Reyes wrote: “We took nothing from them.” The filing is due in May.", "We took nothing from them."},
		{"in front, employer and title", "Harbor Labs chief executive Dana Reyes told reporters: “We took nothing from them.”", "We took nothing from them."},
		{"in front, remark between", "Reyes, chief executive of Harbor Labs, said: “We took nothing from them.”", "We took nothing from them."},
		{"in front, employer behind", "Dana Reyes of Harbor Labs said: “We took nothing from them.”", "We took nothing from them."},
		{"inside the sentence", "Reyes told the court that “we took nothing from them” in June.", "we took nothing from them"},
		{"according to", "“We took nothing from them,” according to Reyes.", "We took nothing from them"},
		{"according to, in front", "According to Dana Reyes, “we took nothing from them.”", "we took nothing from them."},
		{"title and surname", "“We took nothing from them,” Ms. Reyes added.", "We took nothing from them"},
		{"question", "“What did we take from them?” Reyes asked.", "What did we take from them?"},
		{"handle", "“We took nothing from them,” @danareyes wrote.", "We took nothing from them"},
		{"straight marks", `"We took nothing from them," Reyes said.`, "We took nothing from them"},
		{"single marks", "‘We took nothing from the Labs’ drives,’ Reyes said.", "We took nothing from the Labs’ drives"},
		{"quotation inside", "Reyes said: “They wrote ‘we took it all’ on a slide.”", "They wrote ‘we took it all’ on a slide."},
		{"Spanish", "«No tomamos nada de ellos», afirmó Dana Reyes el miércoles.", "No tomamos nada de ellos"},
		{"Spanish, él", "Reyes dijo poco. «No tomamos nada de ellos», dijo él en una entrevista.", "No tomamos nada de ellos"},
		{"Spanish, el lunes", "Reyes dijo poco. «No tomamos nada de ellos», dijo el lunes.", "No tomamos nada de ellos"},
		{"Spanish, remark", "“No tomamos nada de ellos”, dijo la directora de Harbor Labs, Dana Reyes.", "No tomamos nada de ellos"},
		{"Spanish, según", "“No tomamos nada de ellos”, según Reyes.", "No tomamos nada de ellos"},
		{"Portuguese", "“Não levamos nada deles”, disse Dana Reyes.", "Não levamos nada deles"},
		{"Portuguese, de acordo com", "De acordo com Reyes, “não levamos nada deles”.", "não levamos nada deles"},
		{"French", "« Nous n’avons rien pris », a déclaré Dana Reyes.", "Nous n’avons rien pris"},
		{"French, d’après", "« Nous n’avons rien pris », d’après Dana Reyes.", "Nous n’avons rien pris"},
		{"German", "„Wir haben nichts genommen“, sagte Dana Reyes am Mittwoch.", "Wir haben nichts genommen"},
		{"German, turned marks", "»Wir haben nichts genommen«, erklärte Reyes.", "Wir haben nichts genommen"},
		{"German, zufolge", "„Wir haben nichts genommen“, Reyes zufolge.", "Wir haben nichts genommen"},
		{"Italian", "«Non abbiamo preso nulla», ha dichiarato Dana Reyes.", "Non abbiamo preso nulla"},
		{"Hindi", "डाना रेयेस ने कहा, “हमने उनसे कुछ नहीं लिया।”", "हमने उनसे कुछ नहीं लिया।"},
		{"Hindi, के अनुसार", "“हमने उनसे कुछ नहीं लिया”, रेयेस के अनुसार।", "हमने उनसे कुछ नहीं लिया"},
		{"Russian", "«Мы ничего у них не брали», — заявила Дана Рейес.", "Мы ничего у них не брали"},
		{"Russian, in front", "В среду Дана Рейес сказала: «Мы ничего у них не брали».", "Мы ничего у них не брали"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff([]string{tc.want}, own("Dana Reyes", tc.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOthersWords: what somebody else says, or what nobody plainly says, is
// never quoted as the speaker's. The words in question are "they copied it".
func TestOthersWords(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"somebody else":                "“They copied it line by line,” Ivo Lind said.",
		"somebody unknown":             "“They copied it line by line,” said Tom Hale, a witness.",
		"same surname":                 "“They copied it line by line,” said Erik Reyes.",
		"somebody of the speaker's":    "“They copied it line by line,” Reyes’s lawyer said.",
		"for the speaker":              "“They copied it line by line,” said a lawyer for Dana Reyes.",
		"possessive without s":         "“They copied it line by line,” Reyes’ lawyer said.",
		"the speaker in a remark":      "Ivo Lind, who once sued Reyes, said: “They copied it line by line.”",
		"the speaker as object":        "Lind told Reyes: “They copied it line by line.”",
		"the speaker sued":             "Lind sued Reyes and said: “They copied it line by line.”",
		"the speaker watching":         "Reyes watched as the judge said: “They copied it line by line.”",
		"the speaker did not":          "Reyes did not say “they copied it line by line.”",
		"a common noun":                "After Reyes lost, the judge said: “They copied it line by line.”",
		"a new sentence":               "The report reads “they copied it line by line.” Reyes said nothing more.",
		"joined sentence":              "The report reads “they copied it line by line” and Reyes wrote a book.",
		"another's, then she":          "“They copied it line by line,” she said.",
		"she after somebody else":      "“We know,” Lind said. “They copied it line by line,” she said.",
		"she after words on somebody":  "“We know,” Reyes said. The judge shook her head. “They copied it line by line,” she said.",
		"a forgotten mark":             "Reyes said that “they copied it line by line and left the room.\n\nLind said little.",
		"the speaker's employer":       "“They copied it line by line,” Harbor Labs said.",
		"employer, then another":       "“They copied it line by line,” said Dana Reyes rival Ivo Lind.",
		"the speaker's people":         "“They copied it line by line,” the Reyes camp said.",
		"the speaker's people, behind": "“They copied it line by line,” said the Reyes camp.",
		"the speaker's spokesman":      "“They copied it line by line,” Reyes spokesman Tom Hale said.",
		"near the speaker":             "“They copied it line by line,” sources close to Reyes said.",
		"named as not":                 "“They copied it line by line,” Lind, not Reyes, said.",
		"said in between":              "Reyes, said Lind, “has copied it line by line.”",
		"denied":                       "Reyes denied “they copied it line by line.”",
		"unpaired":                     "“They copied it line by line, Lind said.\n\nReyes said little.",
		"two names":                    "Reyes and Lind said: “They copied it line by line.”",
		"conflict":                     "Reyes said: “They copied it line by line,” Lind recalled.",
		"Spanish, behind hers":         "Reyes dijo: «Nadie nos lo ha preguntado nunca». «They copied it line by line», dijo el abogado de Ivo Lind.",
		"Spanish":                      "«They copied it line by line», dijo el abogado de Dana Reyes.",
		"Portuguese":                   "“They copied it line by line”, afirmou o advogado de Reyes.",
		"French":                       "« They copied it line by line », a dit l’avocat de Reyes.",
		"German":                       "„They copied it line by line“, sagte der Anwalt von Dana Reyes.",
		"German, compound":             "„They copied it line by line“, sagte Reyes-Anwalt Tom Hale.",
		"Italian":                      "«They copied it line by line», ha detto l’avvocato di Dana Reyes.",
		"Hindi":                        "रेयेस के वकील ने कहा, “They copied it line by line.”",
		"Russian":                      "«They copied it line by line», — сказал адвокат Рейес.",
		"Russian, in front":            "Адвокат Рейес сказал: «They copied it line by line».",
		"nobody's, in brackets":        "The slide read 「They copied it line by line」 in June.",
		"another's second paragraph":   "Lind said: “We looked at it for a year.\n\n“They copied it line by line.”",
		"another's second quotation":   "“We looked,” Lind said. “They copied it line by line.”",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, q := range own("Dana Reyes", "Our hearing is on Tuesday. \n\n"+text) {
				if strings.Contains(q, "copied it line by line") {
					t.Errorf("quoted %q", q)
				}
			}
		})
	}
}
