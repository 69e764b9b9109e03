package press_test

import "testing"

// TestSaid: the ways in which fifteen languages say that Dana Reyes says Q.
func TestSaid(t *testing.T) {
	t.Parallel()
	for intro, frames := range map[string][]string{
		"Dana Reyes, the chief executive of Harbor Labs, spoke to the press. ": {
			"“Q,” she told reporters on Monday.", "“Q,” Reyes said in an interview with The Courier.", "“Q,” Dana Reyes, the company’s chief executive, said Monday.",
			"“Q,” said Dana Reyes, 41, who founded the company.", "In a statement, Reyes said, “Q.”", "Reyes, in a statement on Friday, said: “Q.”", "Speaking outside court, Reyes said: “Q.”",
			"“Q,” the chief executive said.", "The chief executive added: “Q.”", "Reyes said she believed that “Q.”", "Reyes called the lawsuit “a waste of everybody’s time and Q.”",
			"Asked about the suit, Reyes said, “Q.”", "Reyes, who was not in court, wrote on X: “Q.”", "“Q,” Reyes wrote on LinkedIn.", "“Q!” Reyes shouted.", "Reyes shrugged it off. “Q,” she said.",
			"“Q,” Reyes tells The Courier.", "Reyes took to X on Sunday: “Q.”", "Reyes rejected the claims, saying: “Q.”", "Reyes told employees in an email that “Q.”", "“Q,” reads a statement by Reyes.",
			"Dana Reyes (Harbor Labs): “Q.”", "“Q.” — Dana Reyes", "“Q,” according to Harbor Labs chief executive Dana Reyes.", "“Q,” Harbor Labs’ Reyes said.", "As Reyes put it: “Q.”", "“Q,” says Reyes.",
			"Harbor Labs CEO Dana Reyes on Tuesday dismissed the suit as “a stunt because Q.”", "“Q,” Reyes said, shaking her head.", "“Q,” Reyes said when asked about the suit.", "“Q,” Reyes continued.",
		},
		"Dana Reyes es la directora ejecutiva de Harbor Labs. ": {
			"«Q», declaró este lunes Dana Reyes.", "«Q», ha dicho Reyes.", "«Q», ha asegurado la directora ejecutiva, Dana Reyes.", "Reyes dijo que «Q».", "Dana Reyes ha declarado que «Q».", "En palabras de Reyes, «Q».",
			"Para Reyes, «Q».", "«Q», subraya Reyes.", "Así lo explicó Reyes: «Q».", "Reyes fue tajante: «Q».", "Reyes, por su parte, afirmó: «Q».", "“Q”, dijo Reyes a los periodistas.", "—Q —respondió Reyes.",
			"—Q —dijo Reyes—. No hay más.", "“Q”, escribió en X Dana Reyes.", "«Q», lamenta la ejecutiva.", "«Q», sentenció.", "Reyes insistió en que «Q».", "La directora ejecutiva de Harbor Labs, Dana Reyes, aseguró que «Q».",
		},
		"Dana Reyes é a presidente da Harbor Labs. ": {
			"“Q”, afirmou Reyes.", "“Q”, diz Dana Reyes, presidente da Harbor Labs.", "“Q”, disse ela.", "Reyes disse que “Q”.", "Em nota, Reyes afirmou: “Q”.", "Para Reyes, “Q”.", "Na avaliação de Reyes, “Q”.",
			"— Q — disse Reyes.", "Reyes foi categórica: “Q”.", "“Q”, escreveu Reyes nas redes sociais.", "“Q”, completou.", "A presidente da Harbor Labs, Dana Reyes, afirmou que “Q”.", "“Q”, garantiu Reyes a jornalistas.",
		},
		"Dana Reyes dirige Harbor Labs. ": {
			"« Q », affirme Dana Reyes.", "« Q », explique Dana Reyes, patronne de Harbor Labs.", "« Q », a-t-elle assuré.", "« Q », a déclaré lundi Dana Reyes.", "« Q », a réagi Dana Reyes.", "Dana Reyes assure que « Q ».", "Pour Dana Reyes, « Q ».",
			"Dana Reyes est catégorique : « Q ».", "« Q », s’indigne Dana Reyes.", "« Q », insiste-t-elle.", "« Q », dit Reyes.", "« Q », a fait savoir Dana Reyes.", "Dans un communiqué, Dana Reyes dénonce « Q ».", "D’après Dana Reyes, « Q ».",
			"La patronne de Harbor Labs, Dana Reyes, a répondu : « Q ».", "« Q », écrit Dana Reyes sur X.", "— Q, répond Dana Reyes.", "« Q », a conclu la dirigeante.", "« Q », selon Dana Reyes.",
		},
		"Dana Reyes leitet Harbor Labs und ist ihre Chefin. ": {
			"„Q“, sagte Reyes dem Kurier.", "„Q“, so Reyes.", "„Q“, teilte Reyes am Montag mit.", "Reyes sagte, „Q“.", "Reyes nannte die Klage „einen Witz, denn Q“.", "Reyes sagte am Montag: „Q“", "Nach Angaben von Reyes „Q“.", "Laut Reyes ist das „Q“.",
			"„Q“, erklärte die Chefin von Harbor Labs, Dana Reyes.", "„Q“, sagte die Harbor-Labs-Chefin Dana Reyes.", "„Q“, betont Dana Reyes, Geschäftsführerin von Harbor Labs.", "Dazu Reyes: „Q“", "Reyes wird deutlich: „Q“",
			"„Q“, fügte Reyes hinzu.", "„Q“, schrieb Reyes auf X.", "Dana Reyes sieht das anders: „Q“", "»Q«, sagte Reyes.", "„Q“, kommentierte Reyes.",
		},
		"Dana Reyes guida Harbor Labs ed è la sua amministratrice delegata. ": {
			"«Q», ha detto Reyes.", "«Q», afferma Dana Reyes.", "Reyes ha detto che «Q».", "Secondo Reyes, «Q».", "Per Reyes «Q».", "«Q», commenta l’amministratrice delegata.", "Reyes è netta: «Q».", "Così Reyes: «Q».",
			"«Q», scrive Reyes su X.", "“Q”, ha spiegato Dana Reyes ai giornalisti.", "«Q», dice Reyes al Corriere.", "L’amministratrice delegata di Harbor Labs, Dana Reyes, ha dichiarato: «Q».", "«Q», ha tuonato Reyes.",
		},
		"Dana Reyes is de topvrouw van Harbor Labs. ": {
			"“Q”, zegt Reyes.", "“Q”, aldus Dana Reyes.", "‘Q’, zei Reyes.", "Reyes zei dat “Q”.", "Reyes noemt de zaak “onzin omdat Q”.", "“Q”, liet Reyes weten.", "In een verklaring schrijft Reyes: “Q.”", "“Q”, zo zei Reyes.", "Volgens Dana Reyes is het “Q”.",
			"Topvrouw Dana Reyes van Harbor Labs: “Q.”", "Reyes is duidelijk: “Q.”", "“Q”, vertelt Reyes aan de krant.", "“Q”, reageert Reyes.", "“Q”, voegt ze toe.",
		},
		"Dana Reyes Harbor Labs CEO'su. ": {
			"Reyes, “Q” dedi.", "“Q” diyen Reyes sustu.", "Reyes, “Q” diye konuştu.", "Reyes şunları söyledi: “Q.”", "Reyes, X hesabından “Q” paylaşımını yaptı.", "Dana Reyes, “Q” ifadelerini kullandı.", "Reyes'e göre “Q”.", "“Q” şeklinde konuşan Reyes gitti.",
			"Harbor Labs CEO'su Dana Reyes: “Q.”", "“Q,” dedi Reyes.", "Reyes, gazetecilere yaptığı açıklamada, “Q” dedi.", "Reyes, “Q” sözleriyle tepki gösterdi.", "Reyes açıklamasında “Q” dedi.",
		},
		"Dana Reyes jest prezeską Harbor Labs. ": {
			"– Q – mówi Dana Reyes.", "„Q” – powiedziała Reyes.", "– Q – stwierdziła prezeska Harbor Labs.", "Reyes powiedziała, że „Q”.", "Jak powiedziała Reyes, „Q”.", "Zdaniem Reyes „Q”.", "Reyes: „Q”.", "– Q – dodaje Reyes.", "„Q” – czytamy w oświadczeniu Reyes.",
			"– Q – podkreśliła w rozmowie z dziennikarzami Dana Reyes.", "Dana Reyes skomentowała: „Q”.", "- Q - powiedziała Reyes.", "„Q” – napisała na X Dana Reyes.",
		},
		"Дана Рейес возглавляет Harbor Labs. ": {
			"«Q», — сказала Рейес.", "«Q», — говорится в заявлении Рейес.", "Рейес заявила, что «Q».", "По мнению Рейес, «Q».", "Как отметила Рейес, «Q».", "— Q, — сказала Рейес.", "«Q», — добавила гендиректор Harbor Labs.",
			"Рейес назвала иск «шуткой, ведь Q».", "«Q», — написала Рейес в соцсети X.", "Рейес уверена: «Q».", "«Q», — рассказала Дана Рейес журналистам.", "Глава Harbor Labs Дана Рейес сообщила: «Q».", "«Q», — считает Рейес.",
		},
		"ترأس دانا رييس هاربر لابز. ": {
			"وقالت رييس: «Q».", "وأكدت دانا رييس أن «Q».", "وأضافت رييس في بيان: «Q».", "«Q»، قالت رييس.", "وقالت دانا رييس إن «Q».", "وبحسب دانا رييس فإن «Q».", "وكتبت رييس على منصة إكس: «Q».", "من جانبها قالت رييس: «Q».", "وصرحت دانا رييس للصحفيين: «Q».",
			"وقالت الرئيسة التنفيذية دانا رييس: «Q».", "وشددت رييس على أن «Q».",
		},
		"דנה רייס היא מנכ\"לית Harbor Labs. ": {
			"\"Q\", אמרה רייס.", "רייס אמרה כי \"Q\".", "לדברי רייס, \"Q\".", "רייס מסרה: \"Q\".", "\"Q\", כתבה דנה רייס ברשת X.", "בתגובה אמרה רייס: \"Q\".", "דנה רייס הגיבה: \"Q\".", "\"Q\", הוסיפה רייס.", "\"Q\", הדגישה דנה רייס.", "מנכ\"לית Harbor Labs, דנה רייס, אמרה: \"Q\".",
		},
		"डाना रेयेस हार्बर लैब्स की सीईओ हैं। ": {
			"रेयेस ने कहा कि “Q”।", "“Q,” रेयेस ने कहा।", "डाना रेयेस ने बताया, “Q”।", "रेयेस ने एक्स पर लिखा, “Q”।", "रेयेस के मुताबिक, “Q”।", "रेयेस का कहना है कि “Q”।", "“Q,” डाना रेयेस ने पत्रकारों से बातचीत में कहा।", "हार्बर लैब्स की सीईओ डाना रेयेस ने कहा: “Q”।", "रेयेस ने जोर देकर कहा, “Q”।",
			"रेयेस ने मुकदमे को “बेबुनियाद और Q” बताया।", "रेयेस ने जवाब दिया, “Q”।",
		},
		"ダナ・レイエス氏はハーバー・ラボのCEOである。": {
			"レイエス氏は「Q」と語った。", "「Q」とレイエス氏は言う。", "「Q」とレイエス氏。", "レイエスCEOは「Q」と述べた。", "レイエス氏は声明で「Q」とコメントした。", "レイエス氏によれば「Q」という。", "レイエス氏は記者会見で「Q」と強調した。", "「Q」――レイエス氏はこう話す。", "レイエス氏はXに「Q」と投稿した。", "レイエス氏は「Q」とし、争う姿勢を示した。",
			"レイエス氏は「Q」と反論。", "ハーバー・ラボのダナ・レイエスCEO「Q」", "レイエス氏は、「Q」と否定した。", "「Q」。レイエス氏はこう語った。", "レイエス氏は「Q」と指摘している。", "レイエス氏：「Q」",
		},
		"다나 레예스는 하버 랩스의 대표다. ": {
			"레예스는 “Q”라고 말했다.", "레예스 대표는 “Q”며 “끝이다”라고 했다.", "“Q”라고 레예스는 말했다.", "레예스는 성명에서 “Q”라고 밝혔다.", "레예스에 따르면 “Q”.", "레예스는 X에 “Q”라고 적었다.", "다나 레예스 하버 랩스 대표는 “Q”고 강조했다.", "레예스는 “Q”라고 반박했다.", "“Q”고 레예스 대표는 덧붙였다.",
			"레예스 대표: “Q”", "레예스는 기자들과 만나 “Q”고 전했다.", "레예스는 “Q”라고 선을 그었다.", "레예스 대표는 “Q”라고 했다.",
		},
		"达娜·雷耶斯是港湾实验室的首席执行官。": {
			"雷耶斯说：“Q。”", "“Q。”雷耶斯说。", "“Q，”雷耶斯表示。", "雷耶斯称“Q”。", "雷耶斯在社交媒体上写道：“Q。”", "据雷耶斯介绍，“Q”。", "雷耶斯周一对记者表示：“Q。”", "达娜·雷耶斯回应称：“Q。”", "雷耶斯强调，“Q”。", "港湾实验室首席执行官达娜·雷耶斯在采访中说：“Q。”", "雷耶斯称诉讼“毫无根据，Q”。",
			"雷耶斯反驳道：“Q。”", "雷耶斯：“Q。”",
		},
	} {
		for _, frame := range frames {
			got := quotedAs(intro + "\n\n" + frame)
			if got != "Dana Reyes" {
				t.Errorf("%s: given to %q", frame, got)
			}
		}
	}
}
