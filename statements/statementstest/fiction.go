// Package statementstest is what tests of statements share: an invented case,
// and prose in many languages.
package statementstest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"onrecord"
)

// Northwind is the invented case.
func Northwind() onrecord.Case {
	return onrecord.Case{
		ID:     "northwind-v-harbor",
		Title:  "Northwind Data, Inc. v. Harbor Labs and Ivo Lind",
		Docket: []string{"3:25-cv-07402"},
		Judge:  "Mara Quist",
		Filed:  time.Date(2025, 9, 3, 0, 0, 0, 0, time.UTC),
		Parties: []onrecord.Person{
			{Name: "Northwind Data, Inc.", Role: "plaintiff", Aliases: []string{"Northwind", "@northwind_data"}},
			{Name: "Harbor Labs", Role: "defendant", Aliases: []string{"@harborlabs", "हार्बर लैब्स"}},
			{Name: "Ivo Lind", Role: "defendant", Aliases: []string{"Иво Линд", "इवो लिंड"}},
		},
		People: []onrecord.Person{
			{Name: "Dana Reyes", Role: "chief executive of Harbor Labs", Aliases: []string{"@danareyes", "Дана Рейес", "डाना रेयेस", "Рейес", "रेयेस"}},
			{Name: "Mara Quist", Role: "judge"},
		},
		Keywords: []string{"trade secrets", "source code", "Customer Seven", "deposition", "secretos comerciales", "коммерческая тайна"},
	}
}

// Said are statements of these words.
func Said(texts ...string) (list []onrecord.Statement) {
	for i, text := range texts {
		list = append(list, onrecord.Statement{ID: int64(i + 1), Parts: []onrecord.Post{{Text: text}}})
	}
	return list
}

// Person is somebody of the invented case.
func Person(name string) onrecord.Person {
	p, _ := Northwind().Find(name)
	return p
}

// Latin is the invented case as most operators write one: in one script.
func Latin() onrecord.Case {
	c := Northwind()
	for _, list := range [][]onrecord.Person{c.Parties, c.People} {
		for i := range list {
			list[i].Aliases = slices.DeleteFunc(list[i].Aliases, func(a string) bool {
				return strings.ContainsFunc(a, func(r rune) bool { return r >= utf8.RuneSelf })
			})
		}
	}
	return c
}

// Prose is invented text in many languages and habits of typing.
var Prose = []string{
	"Northwind Data filed suit on Wednesday. It says that Ivo Lind, a former engineer, kept four folders of source code in a personal drive when he left for Harbor Labs in June. We have not opened those folders. We asked Northwind twice, by letter and by phone, how it wants them returned; nobody answered. Dr. Mara Quist will hear both sides on Oct. 14 at 9:30 a.m. in the U.S. courthouse. Until then our product, which we wrote ourselves, stays on sale at $3.5 million a year — and we “won’t” apologise for it.",
	"1/ Today we answer Northwind.\n\n2/ No trade secrets were taken. None. Not one line of it runs in our product 👩🏽‍💻🔥\n3/ We said so in March, in May and again in July… and they sued anyway. Read the filing: https://harborlabs.example/answer.pdf?page=2#top (see p. 14). #NorthwindvHarbor @northwind_data",
	"Northwind nos demanda por «secretos comerciales» que nunca tocamos. ¿Qué dice la demanda? Que el Sr. Lind copió 4.200 archivos el 3 de junio. ¡Es falso! La Dra. Reyes declaró ante el tribunal que ningún archivo salió de la empresa, y que no hay prueba alguna. Seguiremos adelante, con calma y con los hechos en la mano.",
	"A Northwind processou a Harbor Labs na quarta-feira. Não copiámos nada; o código-fonte é nosso, escrito linha a linha desde 2021. A juíza Mara Quist ouvirá as partes no dia 14 de outubro, às 9h30. Até lá, continuamos a trabalhar e a responder, ponto por ponto, a cada alegação.",
	"Northwind nous accuse d’avoir pris son code source. C’est faux : l’ingénieur n’a rien emporté, et l’enquête interne l’a montré dès juillet. « Nous répondrons devant la juge », avons-nous écrit. Nous n’avons jamais ouvert ces fichiers ; nous les avons signalés nous-mêmes, par lettre recommandée, le 12 août 2025.",
	"Northwind wirft uns vor, Quellcode übernommen zu haben. Das stimmt nicht. Herr Lind hat vier Ordner auf einem privaten Laufwerk gefunden und sie noch am selben Tag gemeldet, z. B. per E-Mail an die Rechtsabteilung. „Wir haben nichts zu verbergen“, sagte unsere Geschäftsführerin. Die Verhandlung beginnt am 14. Oktober um 9.30 Uhr.",
	"Northwind ci accusa di aver copiato il codice sorgente. Non è vero: l’ingegnere non ha portato via niente, e l’indagine interna l’ha dimostrato già a luglio. Risponderemo davanti alla giudice Quist, punto per punto, senza fretta e senza insulti.",
	"Northwind обвиняет нас в краже исходного кода. Это неправда. Инженер нашёл четыре папки на личном диске и в тот же день сообщил о них юристам. «Нам нечего скрывать», — сказала Дана Рейес. Заседание назначено на 14 октября, и мы придём туда с документами, а не с лозунгами.",
	"नॉर्थविंड ने हम पर सोर्स कोड चुराने का आरोप लगाया है। यह सच नहीं है। इंजीनियर को चार फ़ोल्डर मिले और उसने उसी दिन कानूनी टीम को बताया। हम अदालत में हर बात का जवाब देंगे, और सबूत के साथ देंगे।",
	"ノースウィンド社は当社がソースコードを盗んだと主張しています。これは事実ではありません。「隠すものは何もない」と代表は述べました。審理は10月14日に始まります。当社は一つ一つの主張に答えていきます。",
	"北风数据公司指控我们窃取源代码。这不是事实。工程师在私人硬盘上发现了四个文件夹，并在当天向法务部门报告。“我们没有什么可隐瞒的。”听证会定于10月14日举行，我们将逐条回应。",
	"노스윈드는 우리가 소스 코드를 훔쳤다고 주장합니다. 사실이 아닙니다. 엔지니어는 개인 드라이브에서 폴더 네 개를 발견하고 같은 날 법무팀에 알렸습니다. 심리는 10월 14일에 시작됩니다. 우리는 모든 주장에 답하겠습니다.",
	"تتهمنا شركة نورثويند بسرقة الشيفرة المصدرية. هذا غير صحيح. وجد المهندس أربعة مجلدات على قرص شخصي وأبلغ الفريق القانوني في اليوم نفسه. سنرد على كل ادعاء أمام المحكمة في الرابع عشر من أكتوبر.",
	"บริษัทนอร์ทวินด์กล่าวหาว่าเราขโมยซอร์สโค้ด เรื่องนี้ไม่เป็นความจริง วิศวกรพบโฟลเดอร์สี่โฟลเดอร์ในไดรฟ์ส่วนตัวและแจ้งฝ่ายกฎหมายในวันเดียวกัน เราจะตอบทุกข้อกล่าวหาในศาล",
	"ok so.. northwind is suing us again lol — 3rd time !!! we DID NOT take anything & they know it ¯\\_(ツ)_/¯ 🇺🇸🇺🇸 u can’t copyright a for-loop;; see u in court on 10/14 😂😂 (bring snacks)",
}
