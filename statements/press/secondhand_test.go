package press_test

import (
	"strings"
	"testing"
	"time"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"
)

// copied are words of no language, so that the frame alone tells which one it is.
const copied = "Zabra dulo meni kitto faro"

// TestSecondHand: what a paper of a court alleges or quotes, what a witness or a
// rumour says that somebody said, what is only supposed, denied or asked, and what
// was said in an earlier year, is nobody's statement.
func TestSecondHand(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{
		"According to the complaint, Reyes wrote: “Q.”",
		"“Q,” Reyes wrote, according to the complaint.",
		"“Q,” Reyes wrote to Lind, according to court papers.",
		"In the complaint, Reyes is said to have written: “Q.”",
		"The complaint says Reyes wrote: “Q.”",
		"The complaint alleges that Reyes wrote: “Q.”",
		"In an email quoted in the complaint, Reyes wrote: “Q.”",
		"“Q,” Reyes wrote in a message attached to the filing.",
		"“Q,” Reyes wrote in a text that was entered into evidence.",
		"The filing quotes Reyes as saying: “Q.”",
		"A colleague testified that Reyes said: “Q.”",
		"A colleague testified that Reyes had told her: “Q.”",
		"“Q,” Reyes said, a former colleague testified.",
		"Prosecutors say Lind told a friend: “Q.”",
		"Lind told the court that Reyes said: “Q.”",
		"Lind testified that Reyes once said, “Q.”",
		"Rumour has it that Reyes said: “Q.”",
		"Reyes allegedly said: “Q.”",
		"Reyes would have said: “Q.”",
		"Reyes might say: “Q.”",
		"Reyes never said “Q.”",
		"If Reyes said “Q,” the case is over.",
		"Had Reyes said “Q,” the case would be over.",
		"Did Reyes say “Q”?",
		"In a 2019 interview, Reyes said: “Q.”",
		"“Q,” Reyes said in a 2019 interview.",
		"“Q,” Reyes said in 2019.",
		"Back in 2021 Reyes wrote: “Q.”",
		"Ten years ago, Reyes said: “Q.”",
		"“Q,” Reyes once said.",
		"Según la demanda, Reyes escribió: «Q».",
		"«Q», escribió Reyes, según la demanda.",
		"Un testigo declaró que Reyes dijo: «Q».",
		"Reyes habría dicho: «Q».",
		"Si Reyes dijo «Q», el caso está cerrado.",
		"En una entrevista de 2019, Reyes dijo: «Q».",
		"Hace diez años, Reyes dijo: «Q».",
		"De acordo com a petição, Reyes escreveu: “Q”.",
		"“Q”, escreveu Reyes, segundo a petição.",
		"Uma testemunha disse que Reyes afirmou: “Q”.",
		"Se Reyes disse “Q”, o caso acabou.",
		"Em entrevista de 2019, Reyes disse: “Q”.",
		"Selon la plainte, Reyes a écrit : « Q ».",
		"« Q », a écrit Reyes, selon la plainte.",
		"Un témoin a déclaré que Reyes avait dit : « Q ».",
		"Reyes aurait dit : « Q ».",
		"Si Reyes a dit « Q », l’affaire est close.",
		"Dans un entretien de 2019, Reyes a déclaré : « Q ».",
		"Laut Klageschrift schrieb Reyes: „Q.“",
		"„Q“, schrieb Reyes laut Klageschrift.",
		"„Q“, schrieb Reyes, wie es in der Klageschrift heißt.",
		"Ein Zeuge sagte, Reyes habe gesagt: „Q.“",
		"Reyes soll gesagt haben: „Q.“",
		"Wenn Reyes sagte: „Q“, ist der Fall erledigt.",
		"2019 sagte Reyes in einem Interview: „Q.“",
		"Vor zehn Jahren sagte Reyes: „Q.“",
		"Secondo l’atto di citazione, Reyes ha scritto: «Q».",
		"Un testimone ha dichiarato che Reyes ha detto: «Q».",
		"Reyes avrebbe detto: «Q».",
		"Se Reyes ha detto «Q», il caso è chiuso.",
		"In un’intervista del 2019 Reyes ha detto: «Q».",
		"Volgens de dagvaarding schreef Reyes: “Q.”",
		"“Q”, schreef Reyes volgens de dagvaarding.",
		"Een getuige zei dat Reyes zei: “Q.”",
		"Reyes zou hebben gezegd: “Q.”",
		"Als Reyes zei: “Q”, dan is de zaak gesloten.",
		"In een interview uit 2019 zei Reyes: “Q.”",
		"Dava dilekçesine göre Reyes “Q” dedi.",
		"Bir tanık, Reyes'in “Q” dediğini söyledi.",
		"Eğer Reyes “Q” dediyse dava biter.",
		"Reyes 2019'daki bir röportajda “Q” demişti.",
		"Według pozwu Reyes napisała: „Q”.",
		"Świadek zeznał, że Reyes powiedziała: „Q”.",
		"Reyes miała powiedzieć: „Q”.",
		"Jeśli Reyes powiedziała: „Q”, sprawa jest skończona.",
		"W wywiadzie z 2019 roku Reyes powiedziała: „Q”.",
		"Согласно иску, Рейес написала: «Q».",
		"«Q», — написала Рейес, согласно иску.",
		"Свидетель показал, что Рейес сказала: «Q».",
		"Рейес якобы сказала: «Q».",
		"Если Рейес сказала: «Q», дело закончено.",
		"В интервью 2019 года Рейес сказала: «Q».",
		"وبحسب لائحة الدعوى، قالت دانا رييس: «Q».",
		"قال شاهد إن دانا رييس قالت: «Q».",
		"لو قالت دانا رييس: «Q» لانتهت القضية.",
		"في مقابلة عام 2019 قالت دانا رييس: «Q».",
		"על פי כתב התביעה, דנה רייס כתבה: \"Q\".",
		"עד סיפר כי דנה רייס אמרה: \"Q\".",
		"אם דנה רייס אמרה \"Q\", התיק נגמר.",
		"בריאיון ב-2019 דנה רייס אמרה: \"Q\".",
		"शिकायत के अनुसार डाना रेयेस ने कहा, “Q”।",
		"गवाह ने कहा कि डाना रेयेस ने कहा, “Q”।",
		"अगर डाना रेयेस ने कहा, “Q”, तो मामला खत्म।",
		"2019 के एक साक्षात्कार में डाना रेयेस ने कहा, “Q”।",
		"訴状によると、ダナ・レイエス氏は「Q」と書いた。",
		"元同僚は、ダナ・レイエス氏が「Q」と話したと証言した。",
		"もしダナ・レイエス氏が「Q」と述べたのなら、事件は終わりだ。",
		"ダナ・レイエス氏は2019年の取材で「Q」と述べた。",
		"ダナ・レイエス氏は「Q」と述べたという。",
		"소장에 따르면 다나 레예스 대표는 “Q”고 썼다.",
		"전 동료는 다나 레예스가 “Q”고 말했다고 증언했다.",
		"만약 다나 레예스 대표가 “Q”고 말했다면 사건은 끝이다.",
		"다나 레예스 대표는 2019년 인터뷰에서 “Q”고 말했다.",
		"根据起诉书，达娜·雷耶斯写道：“Q。”",
		"一名证人作证说，达娜·雷耶斯说：“Q。”",
		"如果达娜·雷耶斯说：“Q”，案子就结束了。",
		"达娜·雷耶斯在2019年的采访中说：“Q。”",
	} {
		others(t, frame)
	}
}

// TestNamesakes: a name is not yet the person.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{
		"“Q,” Mrs. Lind said.",
		"“Q,” said Judge Lind.",
		"“Q,” said Judge Reyes.",
		"Senator Reyes said: “Q.”",
		"Dr. Lind said: “Q.”",
		"His aunt, Mrs. Lind, said: “Q.”",
		"Lind’s brother Erik said: “Q.”",
		"“Q,” said Mr. Reyes.",
		"“Q,” said Erik Lind. “Q again,” Lind added.",
		"Yesterday Erik Lind testified. “Q,” Lind said.",
		"“Q,” said his mother, Anna Lind.",
		"«Q», dijo la señora Lind.",
		"«Q», afirmó la jueza Reyes.",
		"«Q», dijo su hermano, Erik Lind.",
		"“Q”, disse a senhora Lind.",
		"« Q », a déclaré Mme Lind.",
		"« Q », a dit la juge Reyes.",
		"„Q“, sagte Frau Lind.",
		"„Q“, sagte Richterin Reyes.",
		"«Q», ha detto la signora Lind.",
		"“Q”, zei mevrouw Lind.",
		"“Q” dedi Bayan Lind.",
		"„Q” – powiedziała pani Lind.",
		"«Q», — сказала госпожа Линд. Иво Линд молчал.",
		"«Q», — сказал Эрик Линд. Иво Линд молчал.",
		"قالت السيدة ليند: «Q». وسكت إيفو ليند.",
		"وقال إريك ليند: «Q». وسكت إيفو ليند.",
		"\"Q\", אמר אריק לינד. איבו לינד שתק.",
		"एरिक लिंड ने कहा, “Q”। इवो लिंड चुप रहे।",
		"エリック・リンド氏は「Q」と述べた。イーヴォ・リンド氏は黙っていた。",
		"에릭 린드는 “Q”고 말했다. 이보 린드는 말이 없었다.",
		"埃里克·林德说：“Q。”伊沃·林德没有说话。",
	} {
		others(t, frame)
	}
}

// TestHonorifics: one that fits the person hides nobody.
func TestHonorifics(t *testing.T) {
	t.Parallel()
	for frame, want := range map[string]string{
		"“Q,” Mr. Lind said.": "Ivo Lind", "“Q,” Ms. Reyes said.": "Dana Reyes", "“Q,” said Judge Quist.": "Mara Quist", "“Q,” Dr. Dana Reyes said.": "Dana Reyes",
		"Dr. Dana Reyes spoke. “Q,” Dr. Reyes said.": "Dana Reyes", "„Q“, sagte Herr Lind.": "Ivo Lind", "„Q“, sagte Frau Reyes.": "Dana Reyes", "«Q», dijo la señora Reyes.": "Dana Reyes",
		"« Q », a déclaré Mme Reyes.": "Dana Reyes", "„Q“, sagte Richterin Quist.": "Mara Quist", "«Q», dijo la jueza Quist.": "Mara Quist", "In einem Brief schrieb Reyes: „Q“": "Dana Reyes",
	} {
		if got := quotedAs(frame); got != want {
			t.Errorf("%s: given to %q", frame, got)
		}
	}
}

// others reports words in the place of Q that a frame gives to anybody of the case.
func others(t *testing.T, frame string) {
	t.Helper()
	text := "Ivo Lind. Dana Reyes.\n\n" + strings.ReplaceAll(frame, "Q", copied)
	voices, _ := press.Voices(statementstest.Latin(), text, time.Time{})
	for _, v := range voices {
		for _, q := range v.Quotes {
			if strings.Contains(text[q.Start:q.End], copied) {
				t.Errorf("%s: given to %s", frame, v.Speaker.Name)
			}
		}
	}
}
