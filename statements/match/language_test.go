package match

import (
	"slices"
	"testing"
	"time"

	"onrecord"
)

// TestLanguages: a statement in each language of the lexicons, on the evening
// the complaint is filed, is accepted or at least shown to a person; small talk
// is dropped. The name is configured in Latin script alone.
func TestLanguages(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{northwind()})
	tests := []struct{ lang, on, off string }{
		{"en", "Northwind's lawsuit is baseless and we will tell the judge so.", "The harbour looks lovely this morning, come and see the boats."},
		{"es", "La demanda de Northwind no tiene fundamento y así lo diremos ante el juez.", "El puerto está precioso esta mañana, vengan a ver los barcos."},
		{"pt", "O processo da Northwind não tem fundamento e vamos dizer isso ao juiz.", "O porto está lindo esta manhã, venham ver os barcos."},
		{"fr", "La plainte de Northwind est sans fondement et nous le dirons au tribunal.", "Le port est magnifique ce matin, venez voir les bateaux."},
		{"de", "Die Klage von Northwind ist haltlos, das sagen wir auch dem Richter.", "Der Hafen ist heute Morgen wunderschön, kommt und seht die Boote."},
		{"it", "La querela di Northwind è infondata e lo diremo al giudice.", "Il porto è bellissimo stamattina, venite a vedere le barche."},
		{"ru", "Иск Нортвинда необоснован, и мы скажем об этом судье.", "Гавань сегодня утром прекрасна, приходите смотреть на лодки."},
		{"uk", "Позов Нортвінда безпідставний, і ми скажемо про це судді.", "Гавань сьогодні вранці чудова, приходьте подивитися на човни."},
		{"ar", "دعوى نورثويند لا أساس لها وسنقول ذلك أمام المحكمة.", "الميناء جميل هذا الصباح، تعالوا لمشاهدة القوارب."},
		{"tr", "Northwind'in davası asılsız ve bunu mahkemede söyleyeceğiz.", "Liman bu sabah çok güzel, gelin tekneleri görün."},
		{"hi", "नॉर्थविंड का मुकदमा निराधार है और हम अदालत में यही कहेंगे।", "आज सुबह बंदरगाह बहुत सुंदर है, आइए नावें देखिए।"},
		{"zh", "Northwind的诉讼毫无根据，我们会在法庭上说明。", "今天早上港口很美，来看船吧。"},
		{"ja", "Northwindの訴訟は事実無根であり、当社は法廷で説明します。", "今朝の港はとてもきれいです。船を見に来てください。"},
		{"ko", "Northwind의 소송은 사실무근이며 당사는 법원에서 밝히겠습니다.", "오늘 아침 항구가 정말 아름답습니다. 배를 보러 오세요."},
		{"id", "Gugatan Northwind tidak berdasar dan akan kami sampaikan kepada hakim.", "Pelabuhan indah sekali pagi ini, mari melihat perahu."},
	}
	if len(tests) != len(theLexicon().tags) {
		t.Errorf("%d languages are tested, there are lexicons of %v", len(tests), theLexicon().tags)
	}
	for _, tc := range tests {
		for _, tag := range []string{tc.lang, "", "und"} { // the place may not name it, or name it badly
			judge := func(text string) onrecord.Decision {
				in := say("Harbor Labs", text, 20*time.Hour)
				in.Post.Lang = tag
				ds, _ := m.Classify(in, State{})
				return ds[0]
			}
			if d := judge(tc.on); d.Label != onrecord.Accept {
				t.Errorf("%s as %q: %s %v %+v", tc.lang, tag, d.Label, d.Score, d.Reasons)
			}
			if d := judge(tc.off); d.Label != onrecord.Reject {
				t.Errorf("%s as %q: small talk is %s %v %+v", tc.lang, tag, d.Label, d.Score, d.Reasons)
			}
		}
	}
}

// TestLexicons reads what the files say.
func TestLexicons(t *testing.T) {
	t.Parallel()
	for i, tag := range theLexicon().tags {
		var n [classes]int
		count := func(e *entry) {
			for c := range classes {
				if e.in[c]&(1<<i) != 0 {
					n[c]++
				}
			}
		}
		for _, e := range theLexicon().phrases {
			count(e)
		}
		for p := range theLexicon().prefixes {
			count(&theLexicon().prefixes[p].entry)
		}
		if slices.Min(n[:]) < 3 || n[legal] < 20 {
			t.Errorf("%s: thin lexicon %v", tag, n)
		}
	}
	l := &lexicon{phrases: map[string]*entry{}}
	for _, bad := range []string{"", "—", "*", "two *", "a*b"} {
		if err := l.read(bad, legal, 1, map[string]*entry{}); err == nil {
			t.Errorf("%q is read without complaint", bad)
		}
	}
}

// TestSkeletons: a name in other scripts, several spellings each, and words
// that only look like it.
func TestSkeletons(t *testing.T) {
	t.Parallel()
	m := Compile([]onrecord.Case{{ID: "c", Parties: []onrecord.Person{{Name: "Northwind"}, {Name: "Нордмаш"}, {Name: "Harbor Labs"}, {Name: "Velcor"}}}})
	for _, text := range []string{
		"Нортвинд", "Нортвиндом", "Нортуинд", "Нортвінд", "نورثويند", "ونورثويند", "نورث\u200cويند", "נורת'ווינד", "נורטווינד", "नॉर्थविंड", "नार्थविंड", "नॉर्थविन्ड", "नॉर्थवाइंड",
		"ノースウィンド", "ノースウインドによる訴訟", "노스윈드", "노스윈드에서", "我们收到诺斯温德的起诉", "นอร์ทวินด์",
		"Nordmash", "Харбор Лабс", "Гарбор Лабз", "हार्बर लैब्स", "هاربور لابس", "הארבור לאבס",
		"Велкор", "ولكور", "ולקור", "वेलकोर", "वेलकॉर", "वेल्कर", "वेल्सर", "वेल्को", "벨코르", "เวลคอร์",
	} {
		if s := m.read(text, ""); len(s.hits) == 0 {
			t.Errorf("%s is not found", text)
		}
	}
	for _, text := range []string{
		"погода", "мартовский вечер", "مرحبا بكم", "नमस्ते दोस्तों", "weather", "今天早上港口很美来看船吧", "おはようございます", "안녕하세요", "สวัสดี", "один раз", "הבוקר הזה",
	} {
		if s := m.read(text, ""); len(s.hits) > 0 {
			t.Errorf("%s is taken for %s", text, s.hits[0].key)
		}
	}
}

func TestDockets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		docket, text string
		want         bool
	}{
		{"3:25-cv-07402-JD", "in 3:25-cv-07402 today", true},
		{"3:25-cv-07402-JD", "in No. 25-cv-07402-JD today", true},
		{"3:25-cv-07402-JD", "25 cv 7402", true},
		{"3:25-cv-07402-JD", "25 Civ. 7402", true},
		{"3:25-cv-07402-JD", "3:25CV7402", true},
		{"3:25-cv-07402-JD", "2025-cv-7402-XYZ", true},
		{"25 Civ. 7402", "3:25-cv-07402-JD", true},
		{"3:25-cv-07402-JD", "25-cv-74020", false},
		{"3:25-cv-07402-JD", "25-cr-07402", false},
		{"3:25-cv-07402-JD", "on the 25th, 7402 people", false},
		{"C.A. No. 2025-0613-KSJM", "C.A. 2025-0613", true},
		{"No. 25-250", "argued as No. 25-250", true},
		{"No. 25-250", "between 25-250 people came", false},
		{"INQ 4957", "o INQ 4957 no STF", true},
		{"INQ 4957", "4957 pessoas", false},
		{"12152/2015", "causa 12152/2015", true},
	}
	for _, tc := range tests {
		m := Compile([]onrecord.Case{{ID: "c", Docket: []string{tc.docket}}})
		s := m.read(tc.text, "")
		if got := len(s.hits) > 0; got != tc.want {
			t.Errorf("%s in %q: %v", tc.docket, tc.text, got)
		}
	}
}
