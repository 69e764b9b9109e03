package novelty

import (
	"strings"
	"testing"

	"onrecord"
)

// TestLanguages: the ladder in languages that write and deny in their own ways.
func TestLanguages(t *testing.T) {
	t.Parallel()
	const (
		english    = "Northwind sued us on September 3. We never opened the old documents in Ivo's drive, and we told Northwind so six days before the complaint."
		spanish    = "Northwind nos demandó el 3 de septiembre. Nunca abrimos los documentos antiguos del disco de Ivo, y se lo dijimos a Northwind seis días antes de la demanda."
		portuguese = "A Northwind nos processou em 3 de setembro. Nunca abrimos os documentos antigos do disco de Ivo, e dissemos isso à Northwind seis dias antes da ação."
		german     = "Northwind hat uns am 3. September verklagt. Wir haben die alten Dokumente auf dem Laufwerk von Ivo nie geöffnet und das Northwind sechs Tage vor der Klage gesagt."
		russian    = "Компания Northwind подала на нас в суд 3 сентября. Мы никогда не открывали старые документы на диске Иво и сообщили об этом за шесть дней до иска."
		arabic     = "رفعت شركة نورثويند دعوى علينا في 3 سبتمبر. لم نفتح الوثائق القديمة على قرص إيفو وأبلغنا الشركة بذلك قبل ستة أيام من الدعوى."
		hindi      = "नॉर्थविंड ने 3 सितंबर को हम पर मुकदमा किया। हमने इवो की ड्राइव के पुराने दस्तावेज़ कभी नहीं खोले और यह बात छह दिन पहले बता दी थी।"
		japanese   = "ノースウィンドは9月3日に当社を提訴しました。当社はイーヴォのドライブにある古い文書を一度も開いていません。そのことは提訴の6日前に伝えてあります。"
		chinese    = "北风公司于9月3日起诉了我们。我们从未打开过伊沃硬盘里的旧文件,并在起诉前6天告诉了对方。"
	)
	tests := []struct {
		name, earlier, text string
		want                onrecord.Novelty
	}{
		{"english, reworded", english, "Six days before the complaint we told Northwind that we never opened those old documents in the drive.", onrecord.Restates},
		{"english, reworded without the denial", english, "Six days before the complaint we told Northwind that we opened those old documents in the drive.", onrecord.New},
		{"english, reworded with another number", english, "Nine days before the complaint we told Northwind that we never opened those old documents in the drive.", onrecord.New},
		{"english, reworded with another name", english, "Six days before the complaint we told Vantaa that we never opened those old documents in the drive.", onrecord.New},
		{"english, reworded with a date", english, "On Monday, six days before the complaint, we told Northwind that we never opened those old documents in the drive.", onrecord.New},
		{"spanish, elsewhere", spanish, "@lectora " + spanish + " #demanda", onrecord.Mirror},
		{"spanish, denial dropped", spanish, strings.Replace(spanish, "Nunca abrimos", "Abrimos", 1), onrecord.Changed},
		{"spanish, reworded", spanish, "Seis días antes de la demanda Northwind ya sabía que nunca abrimos esos documentos antiguos.", onrecord.Restates},
		{"spanish, reworded without the denial", spanish, "Seis días antes de la demanda Northwind ya sabía que abrimos esos documentos antiguos.", onrecord.New},
		{"portuguese, cut", portuguese, cut(portuguese, 100), onrecord.Mirror},
		{"portuguese, denial dropped", portuguese, strings.Replace(portuguese, "Nunca abrimos", "Abrimos", 1), onrecord.Changed},
		{"portuguese, reworded", portuguese, "Seis dias antes da ação a Northwind já sabia que nunca abrimos esses documentos antigos.", onrecord.Restates},
		{"german, cut", german, cut(german, 120), onrecord.Mirror},
		{"german, number changed", german, strings.Replace(german, "sechs", "zwei", 1), onrecord.Changed},
		{"russian, elsewhere", russian, strings.ReplaceAll(russian, ". ", ".\n\n") + " https://harbor.example/1", onrecord.Mirror},
		{"russian, denial dropped", russian, strings.Replace(russian, "никогда не ", "", 1), onrecord.Changed},
		{"russian, reworded", russian, "За шесть дней до иска мы сообщили компании Northwind, что никогда не открывали старые документы на диске.", onrecord.Restates},
		{"arabic, cut", arabic, cut(arabic, 90), onrecord.Mirror},
		{"arabic, denial dropped", arabic, strings.Replace(arabic, "لم ", "", 1), onrecord.Changed},
		{"hindi, elsewhere", hindi, hindi + " 🙏", onrecord.Mirror},
		{"hindi, denial dropped", hindi, strings.Replace(hindi, "कभी नहीं ", "", 1), onrecord.Changed},
		{"japanese, cut", japanese, cut(japanese, 60), onrecord.Mirror},
		{"japanese, part", japanese, "2/2 当社はイーヴォのドライブにある古い文書を一度も開いていません。そのことは提訴の6日前に伝えてあります。", onrecord.Mirror},
		{"japanese, denial dropped", japanese, strings.Replace(japanese, "開いていません", "開いています", 1), onrecord.Changed},
		{"japanese, number changed", japanese, strings.Replace(japanese, "6日前", "8日前", 1), onrecord.Changed},
		{"japanese, more", japanese, japanese + "本日、裁判所は差し止めの申し立てを退け、次の審理は月曜日に開かれます。", onrecord.Expands},
		{"japanese, something else", japanese, "新しい港のクレーンが今朝届き、乗組員が緑色に塗り始めました。", onrecord.New},
		{"chinese, elsewhere", chinese, chinese + " https://harbor.example/1", onrecord.Mirror},
		{"chinese, denial dropped", chinese, strings.Replace(chinese, "从未打开过", "打开过", 1), onrecord.Changed},
		{"chinese, turned round", chinese, "起诉前6天我们就告诉了北风公司:伊沃硬盘里的旧文件我们从未打开过。", onrecord.Changed},
		{"chinese, reworded", chinese, "早在起诉前6天,北风公司就已经知道我们从未打开过这些旧文件。", onrecord.Restates},
		{"chinese, reworded without the denial", chinese, "早在起诉前6天,北风公司就已经知道我们打开过这些旧文件。", onrecord.New},
		{"dutch, cut out of a denial", "Geen van ons heeft in maart de broncode van Northwind gekopieerd en aan klanten verkocht.", "heeft in maart de broncode van Northwind gekopieerd en aan klanten verkocht.", onrecord.Changed},
		{"polish, cut out of a denial", "Nigdy w marcu Harbor Labs skopiowało kodu źródłowego Northwind dla klientów.", "w marcu Harbor Labs skopiowało kodu źródłowego Northwind dla klientów.", onrecord.Changed},
		{"hebrew, cut out of a denial", "לא העתקנו במרץ את קוד המקור של נורתווינד ולא מכרנו אותו ללקוחות שלנו.", "העתקנו במרץ את קוד המקור של נורתווינד", onrecord.Changed},
		{"korean, cut out of a denial", "우리는 노스윈드의 소스 코드를 삼월에 복사해 고객에게 판매하지 않았다.", "노스윈드의 소스 코드를 삼월에 복사해 고객에게 판매하지", onrecord.Changed},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if v := Compare(tc.text, []string{"p"}, earlier(tc.earlier)); v.Novelty != tc.want {
				t.Errorf("%s (%s), want %s; added %q", v.Novelty, v.Why, tc.want, show(tc.text, v.Added))
			}
		})
	}
}

// cut is a text as a place shows the beginning of it.
func cut(text string, letters int) string { return string([]rune(text)[:letters]) + "…" }
