package summary

import "slices"

// The words by which articles tell who says something. All are compared folded.

// saying are verbs between a person and the words quoted.
var saying = folded(`
	said says saying say told tells wrote writes added adds adding stated states argued argues claimed claims insisted insists
	replied responded tweeted posted noted notes explained explains announced announces declared declares testified continued
	concluded asked warned emphasized emphasised commented vowed countered recalled acknowledged confirmed
	dijo dice dijeron afirmó afirma aseguró asegura señaló señala agregó añadió declaró escribió explicó sostuvo sostiene
	indicó manifestó expresó contó respondió publicó tuiteó remarcó subrayó advirtió denunció
	disse diz disseram afirmou declarou acrescentou escreveu explicou ressaltou contou respondeu argumentou destacou
	publicou alegou sustentou
	dit déclaré déclare affirmé affirme ajouté ajoute écrit expliqué explique indiqué assuré assure estimé répondu souligné
	sagte sagt gesagt erklärte erklärt schrieb schreibt betonte teilte behauptete antwortete ergänzte fügte meinte
	detto dichiarato dichiara affermato afferma aggiunto scritto spiegato spiega sostenuto risposto ribadito commentato
	कहा बताया लिखा बोले बोली बोला जोड़ा
	сказал сказала сказали говорит заявил заявила заявили заявляет написал написала пишет добавил добавила сообщил сообщила
	отметил отметила подчеркнул подчеркнула пояснил пояснила ответил ответила утверждает утверждал утверждала`)

// telling are verbs whose object may follow: "told Dana Reyes".
var telling = folded(`told tells asked warned contó respondió contou respondeu répondu antwortete risposto ответил ответила`)

// accordingTo stands before the one who says it, accordingly behind.
var (
	accordingTo = phrases("according to", "según", "de acuerdo con", "segundo", "de acordo com", "conforme", "selon", "d'après",
		"laut", "nach angaben von", "secondo", "по словам", "согласно")
	accordingly = phrases("zufolge", "के अनुसार", "के मुताबिक")
)

// pronouns stand for someone named before.
var pronouns = folded(`he she they it él ella ellos ele ela eles il elle ils er sie lui lei он она они उन्होंने उसने`)

// prepositions make the name behind them an object or an owner.
var prepositions = folded(`of for from at with in on by to against about under over into than like via near between before
	de del da do das dos en con por para contra sobre a al ante com em no na pelo pela contra
	du des chez pour avec par contre sur à aux
	von vom für bei mit gegen über zu zum zur an am auf im aus nach
	di della dello degli delle dei presso per su nel nella
	от из для с со против о об у к ко в во на`)

// barriers show that a name before them is not the subject of the verb after.
var barriers = folded(`the a an his her hers their its our my this that these those who whom whose which what as when while
	where after because and but or if though although whether so since until
	el la los las un una unos su sus que quien cuando y e o pero porque aunque mientras
	os as um uma seu sua seus suas quem quando mas enquanto embora
	le les une son sa ses leur qui que lorsque et ou mais alors car
	der die das den dem des ein eine einer einem sein seine ihr ihre dass und oder aber als weil während wenn
	il lo gli i uno suo sua che chi e ma mentre perché quando
	что кто который которая когда и или но а пока его её их
	के की का कि और पर लेकिन जो जब`)

// titles may stand between the subject's employer and its name, or between
// the verb and the subject.
var titles = folded(`chief executive officer ceo cfo cto coo founder cofounder co-founder president vice director chairman
	chairwoman chair head boss owner partner general counsel manager managing lawyer attorney spokesman spokeswoman
	spokesperson judge justice plaintiff defendant senior former
	the a an its their el la los las o il lo le der die das
	also then later again`)

var articles = folded(`the a an el la los las o il lo le der die das`)

// adverbs may stand between the subject and the verb.
var adverbs = folded(`again already publicly repeatedly recently reportedly himself herself itself on ne se le auch hatte dann
	después luego depois ensuite anche poi затем потом ने भी फिर`)

// auxiliaries stand right before a verb of saying and belong to it.
var auxiliaries = folded(`has had have a avait ha aveva hat hatte había havia`)

// honorifics may stand before a surname.
var honorifics = folded(`mr mrs ms miss dr prof professor sir dame judge justice president ceo chancellor senator
	sr sra señor señora don doña dra presidente senhor senhora dom
	m mme mlle monsieur madame maître herr frau richter richterin signor signora dott avv
	श्री श्रीमती г-н г-жа господин госпожа судья`)

// lead are words that begin a sentence with a capital and are no names.
var lead = folded(`yesterday today tomorrow later earlier however meanwhile still then now also yes there here we i you
	monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
	october november december ayer hoy también además ontem hoje também hier aujourd'hui gestern heute montag dienstag
	mittwoch donnerstag freitag samstag sonntag ieri oggi вчера сегодня также позже ранее`)

// roles in Russian are followed by the genitive of whom they serve, which for
// many surnames looks like a subject.
var roles = folded(`адвокат юрист защитник представитель представительница пресс-секретарь директор глава сотрудник коллега`)

func folded(words string) map[string]bool {
	m := map[string]bool{}
	for w := range set(words) {
		m[fold(w)] = true
	}
	return m
}

// phrases are expressions as folded words, the longest first.
func phrases(all ...string) [][]string {
	var ps [][]string
	for _, p := range all {
		ps = append(ps, foldedWords(p))
	}
	slices.SortStableFunc(ps, func(a, b []string) int { return len(b) - len(a) })
	return ps
}
