package feed

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// What the header or the declaration says of the encoding is not believed where
// the bytes cannot be that.
func TestLabelsThatLie(t *testing.T) {
	t.Parallel()
	const (
		english  = "We’ll defend ourselves – and “win”."
		german   = "Wir haben keine Geschäftsgeheimnisse gestohlen. Die Vorwürfe sind völlig unbegründet, und für Rückfragen stehen wir zur Verfügung."
		russian  = "Мы не крали коммерческих тайн компании и будем защищаться в суде."
		japanese = "当社は営業秘密を盗んでいません。法廷で争います。"
	)
	encodings := map[string]encoding.Encoding{
		"utf-8": unicode.UTF8, "windows-1252": charmap.Windows1252, "iso-8859-2": charmap.ISO8859_2, "windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251,
		"koi8-r": charmap.KOI8R, "iso-8859-5": charmap.ISO8859_5, "windows-1253": charmap.Windows1253, "windows-1254": charmap.Windows1254, "windows-1255": charmap.Windows1255,
		"windows-1256": charmap.Windows1256, "windows-1257": charmap.Windows1257, "shift_jis": sjis, "euc-jp": eucJP, "gbk": simplifiedchinese.GBK, "big5": traditionalchinese.Big5, "euc-kr": korean.EUCKR,
		"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	}
	for name, c := range map[string]struct{ text, in, label string }{
		"apostrophes of Windows called UTF-8":     {english, "windows-1252", "utf-8"},
		"apostrophes of Windows called nothing":   {english, "windows-1252", ""},
		"UTF-8 called Latin-1":                    {english, "utf-8", "iso-8859-1"},
		"UTF-8 called Cyrillic":                   {russian, "utf-8", "windows-1251"},
		"UTF-8 called Japanese":                   {japanese, "utf-8", "shift_jis"},
		"UTF-8 called Chinese":                    {japanese, "utf-8", "gbk"},
		"UTF-8 called ASCII":                      {german, "utf-8", "us-ascii"},
		"UTF-8 called UTF-16":                     {german, "utf-8", "utf-16"},
		"UTF-16 called nothing":                   {german, "utf-16le", ""},
		"German called UTF-8":                     {german, "windows-1252", "utf-8"},
		"German called what it is":                {german, "windows-1252", "windows-1252"},
		"German called Cyrillic":                  {german, "windows-1252", "windows-1251"},
		"Russian called UTF-8":                    {russian, "windows-1251", "utf-8"},
		"Russian called Latin-1":                  {russian, "windows-1251", "iso-8859-1"},
		"Russian called nothing":                  {russian, "windows-1251", ""},
		"Russian called the other Russian":        {russian, "windows-1251", "koi8-r"},
		"the other Russian called the first":      {russian, "koi8-r", "windows-1251"},
		"the other Russian called what it is":     {russian, "koi8-r", "koi8-r"},
		"Russian with names called UTF-8":         {"Pinehurst AI: " + russian + " Calder Robotics v. Pinehurst AI, Northern District of California.", "windows-1251", "utf-8"},
		"Russian with names, the other Russian":   {"Pinehurst AI: " + russian + " Calder Robotics v. Pinehurst AI, Northern District of California.", "koi8-r", "windows-1251"},
		"the third Russian called UTF-8":          {russian, "iso-8859-5", "utf-8"},
		"Polish called UTF-8":                     {"Nie ukradliśmy żadnych tajemnic handlowych. Będziemy się bronić w sądzie.", "iso-8859-2", "utf-8"},
		"Czech called Latin-1":                    {"Žádné obchodní tajemství jsme neukradli a budeme se bránit před soudem.", "windows-1250", "iso-8859-1"},
		"Greek called UTF-8":                      {"Δεν κλέψαμε εμπορικά μυστικά της εταιρείας.", "windows-1253", "utf-8"},
		"Turkish called UTF-8":                    {"Şirketin ticari sırlarını çalmadık ve mahkemede kendimizi savunacağız.", "windows-1254", "utf-8"},
		"Hebrew called UTF-8":                     {"לא גנבנו סודות מסחריים של החברה.", "windows-1255", "utf-8"},
		"Arabic called UTF-8":                     {"لم نسرق أي أسرار تجارية للشركة.", "windows-1256", "utf-8"},
		"Lithuanian called what it is":            {"Mes nepavogėme jokių komercinių paslapčių ir ginsimės teisme.", "windows-1257", "windows-1257"},
		"Japanese called UTF-8":                   {japanese, "shift_jis", "utf-8"},
		"Japanese called Latin-1":                 {japanese, "shift_jis", "iso-8859-1"},
		"Japanese called the other Japanese":      {japanese, "shift_jis", "euc-jp"},
		"the other Japanese called UTF-8":         {japanese, "euc-jp", "utf-8"},
		"simplified Chinese called UTF-8":         {"我们没有窃取商业秘密，将在法庭上为自己辩护。", "gbk", "utf-8"},
		"traditional Chinese called UTF-8":        {"我們沒有竊取商業秘密，將在法庭上為自己辯護。", "big5", "utf-8"},
		"Korean called UTF-8":                     {"우리는 영업 비밀을 훔치지 않았습니다.", "euc-kr", "utf-8"},
		"a short word called what it is":          {"café", "windows-1252", "iso-8859-1"},
		"a short word called nothing":             {"café", "windows-1252", ""},
		"a short word in UTF-8 called nothing":    {"café", "utf-8", ""},
		"a short word in UTF-8 called Windows":    {"café", "utf-8", "windows-1252"},
		"a short Cyrillic word called what it is": {"Суд", "windows-1251", "windows-1251"},
	} {
		for _, where := range []string{"header", "declaration"} {
			t.Run(name+" in the "+where, func(t *testing.T) {
				t.Parallel()
				document, contentType := rssHead+"<item><guid>1</guid><description>"+c.text+"</description></item>"+rssTail, "application/rss+xml"
				switch {
				case c.label == "":
				case where == "header":
					contentType += "; charset=" + c.label
				default:
					document = `<?xml version="1.0" encoding="` + c.label + `"?>` + document
				}
				body, err := encodings[c.in].NewEncoder().String(document)
				if err != nil {
					t.Fatal(err)
				}
				if got := readAll(t, body, contentType)[0].Text; got != c.text {
					t.Errorf("got %q, want %q", got, c.text)
				}
			})
		}
	}
}

var sjis, eucJP = japanese.ShiftJIS, japanese.EUCJP

// A byte of Windows pasted into a document in UTF-8 does not turn the rest of it
// into something else.
func TestSingleBytesOutOfPlace(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Já é tarde. We\x92ll defend.":     "Já é tarde. We’ll defend.",
		"“We” are cut in a charac\xe2\x80": "“We” are cut in a charac��",
		"“Non”, \x93we\x94 said. “Oui”.":   "“Non”, “we” said. “Oui”.",
	} {
		if got := readAll(t, rssHead+"<item><guid>1</guid><description>"+in+"</description></item>"+rssTail, "text/xml; charset=utf-8")[0].Text; got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}
