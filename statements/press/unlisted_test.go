package press_test

import (
	"strings"
	"testing"
	"time"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"
)

// TestUnlistedVerbs: verbs that no list holds. The nonsense ones are as good as the
// real ones.
func TestUnlistedVerbs(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{
		"“Q,” Reyes harrumphed.", "“Q,” Reyes blorked on Monday.", "Reyes harrumphed: “Q.”",
		"Reyes dijo poco. «Q», rezongó Reyes.", "Es de Reyes. «Q», espetó a los periodistas Dana Reyes.",
		"É de Reyes. “Q”, esbravejou Reyes.", "C’est de Reyes. « Q », fulmine Dana Reyes.", "Das ist von Reyes und nicht von Lind. „Q“, polterte Reyes.", "È di Reyes. «Q», sbraita Dana Reyes.",
		"Dat is van Reyes en niet van Lind. “Q”, foeterde Reyes.", "To jest dla Reyes, ale nie dla Linda, który jest z innej firmy.\n\n– Q – prychnęła Reyes.", "Это от Рейес, а не от Линда. «Q», — фыркнула Дана Рейес.",
		"Reyes ile Lind için bir gün. Reyes, “Q” çıkıştırdı.", "وسخطت دانا رييس: «Q».", "דנה רייס. \"Q\", רטנה רייס.", "डाना रेयेस ने झल्लाते हुए फेंका, “Q”।",
		"ダナ・レイエス氏は「Q」と吠えた。", "다나 레예스는 “Q”라고 으르렁댔다.", "达娜·雷耶斯耸了耸肩：“Q。”",
	} {
		if got := quotedAs(frame); got != "Dana Reyes" {
			t.Errorf("%s: given to %q", frame, got)
		}
	}
	for _, frame := range []string{
		"“Q,” Reyes lawyers thundered.", "“Q,” Reyes supporters chanted.", "“Q,” Reyes’s book harrumphed.", "“Q,” the Reyes camp harrumphed.", "“Q” Reyes harrumphed at the sign.",
		"«Q», lema de Reyes.", "«Q», el lema de Reyes.", "„Q“, Motto von Reyes.", "„Q“, polterte der Anwalt von Reyes.", "«Q», — девиз Рейес. Дана Рейес молчала.", "«Q», — фыркнул сосед Рейес. Дана Рейес молчала.",
		"– Q – prychnął adwokat Reyes.", "– Q – prychnęła siostra Reyes.", "« Q », fulmine l’avocat de Reyes.", "« Q », fulmine Erik Reyes.", "Reyes and Lind harrumphed: “Q.”", "The letter to Reyes blorked: “Q.”",
		"ダナ・レイエス氏は「Q」と題する本を出した。", "다나 레예스는 “Q”라는 제목의 책을 냈다.", "达娜·雷耶斯收到短信：“Q。”", "达娜·雷耶斯的律师怒道：“Q。”", "डाना रेयेस के वकील ने फेंका, “Q”।",
	} {
		others(t, frame)
	}
}

// quotedAs is who is quoted with the words in the place of Q.
func quotedAs(frame string) (names string) {
	text := strings.Replace(frame, "Q", copied, 1)
	voices, _ := press.Voices(statementstest.Latin(), text, time.Time{})
	for _, v := range voices {
		for _, q := range v.Quotes {
			if strings.Contains(text[q.Start:q.End], copied) {
				names += v.Speaker.Name
			}
		}
	}
	return names
}
