package feed

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// stems begin the names of the months in the languages that feeds are written
// in, in small letters and without accents; a word is a month when it begins with
// one, or is the beginning of one. One behind "=" is never cut so short: its first
// letters are another month's elsewhere. Some words are two months, of two languages.
var stems = [12]string{
	"januar januari janvi janeiro januay enero genna gener ianuar styczn ledn =leden sijec ocak =tammi jaanuar janvar sausi ιανουαρ януар январ јануар січ jan janv يناير =كانون_الثاني ינואר בינואר जनवरी জানুয়ারি ژانویه มกราคม ม.ค",
	"februar fevri fevrei febrer feber febbra lut =unor =unora veljac subat =helmi veebruar vasari φεβρουαρ феврал февруар фебруар лют fevr فبراير شباط פברואר בפברואר फरवरी फ़रवरी ফেব্রুয়ারি فوریه กุมภาพันธ์ ก.พ",
	"march mars marz marc =maerz mrz mrt mart marti maart maret marec =breze =brezna ozuj =maalis =kovas =kovo μαρτι март берез مارس آذار מרץ במרץ मार्च মার্চ มีนาคม มี.ค",
	"april avri abri abril aprel aprill =kwie =dub =dubna trava =huhti =baland nisan nísan απριλι απρι апрел април квіт أبريل ابريل نيسان אפריל באפריל अप्रैल এপ্রিল آوریل เมษายน เม.ย",
	"may mayo mai maj maja mei magg maio maig maijs =kvet =kveten =svib =touko =geguz μαιο μαϊ мая май мај трав مايو =أيار מאי במאי मई মে =مه พฤษภาคม พ.ค",
	"june juni junho junio juin juny giugn iuni juuni czerw =cerven =cervna lipan lipnj =kesak =birzel haziran ιουνι июн юни јун черв يونيو حزيران יוני ביוני जून জুন ژوئن มิถุนายน มิ.ย",
	"july juli julho julio juill juliol luglio iuli juuli lipiec lipca =cervenec =cervence srpanj srpnj =heina liepa =liepos temmuz ιουλι июл юли јул лип julai يوليو تموز יולי ביולי जुलाई জুলাই ژوئیه กรกฎาคม ก.ค",
	"august aout agost avgust augu sierp srpen srpna kolovoz =eloku rugpj agustos agustus ogos αυγουστ август серп أغسطس اغسطس =آب אוגוסט באוגוסט अगस्त আগস্ট =اوت สิงหาคม ส.ค",
	"september septem setemb settemb setiemb szept wrze zari rujan rujna =syys rugse eylul σεπτεμ сентя септе верес sept سبتمبر أيلول ספטמבר בספטמבר सितंबर सितम्बर সেপ্টেম্বর سپتامبر กันยายน ก.ย",
	"october oktob octub outub ottob octob octom oktoob pazdz rijen rijna listopad =listopada =loka spali ekim οκτωβ октя октом жовт أكتوبر اكتوبر =تشرين_الأول אוקטובר באוקטובר अक्टूबर অক্টোবর اکتبر ตุลาคม ต.ค",
	"november novem noviem noiem nove listopad =listopada =studen =marras lapkri kasim νοεμ νοέμ нояб ноем новем лист نوفمبر =تشرين_الثاني נובמבר בנובמבר नवंबर नवम्बर নভেম্বর نوامبر พฤศจิกายน พ.ย",
	"december decem dezem diciem dicem desem decembre deze grud =prosin =joulu detsem gruod aralik δεκεμ дека децем груд disem desember ديسمبر =كانون_الأول דצמבר בדצמבר दिसंबर दिसम्बर ডিসেম্বর دسامبر ธันวาคม ธ.ค",
}

// shortest is how many letters a cut name of a month must have.
const shortest = 3

type stem struct {
	text  string
	month int
	whole bool // it is never cut
}

var stemList = sync.OnceValue(func() (list []stem) {
	for i, names := range stems {
		for name := range strings.FieldsSeq(names) {
			text, whole := strings.CutPrefix(name, "=")
			list = append(list, stem{fold(strings.ReplaceAll(text, "_", " ")), i + 1, whole})
		}
	}
	return list
})

// monthsOf returns the months that a folded word may name. A word that stands
// for itself in one language is not taken for the beginning of a word in another.
func monthsOf(word string) (months []int) {
	best := 0
	for _, s := range stemList() {
		match := 0
		switch {
		case strings.HasPrefix(word, s.text):
			match = len(s.text)
		case !s.whole && len([]rune(word)) >= shortest && strings.HasPrefix(s.text, word):
			match = 1
		}
		switch {
		case match == 0 || match < best:
		case match > best:
			months, best = []int{s.month}, match
		case months[len(months)-1] != s.month:
			months = append(months, s.month)
		}
	}
	return months
}

// fold writes a text in small letters without accents, its digits in ASCII.
func fold(text string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r > unicode.MaxASCII && unicode.Is(unicode.Nd, r):
			return digit(r)
		}
		if letter, ok := alike[r]; ok {
			return letter
		}
		return r
	}, norm.NFD.String(strings.ToLower(norm.NFKC.String(text))))
	return norm.NFC.String(plain)
}

// alike are letters and signs that no decomposition makes plain.
var alike = map[rune]rune{'ı': 'i', 'ł': 'l', 'đ': 'd', 'ø': 'o', '−': '-', '–': '-', '‐': '-', '\u00a0': ' ', '\u200e': ' ', '\u200f': ' ', '،': ','}

// digit is a decimal digit of any script in ASCII: digits stand in rows of ten.
func digit(r rune) rune {
	for _, row := range unicode.Nd.R16 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return '0' + (r-rune(row.Lo))%10
		}
	}
	return r
}
