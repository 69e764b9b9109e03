package press_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"

	"github.com/rogpeppe/go-internal/txtar"

	"onrecord"
)

// told is an article with what it tells of whom, as its author knows it.
type told struct {
	language, text string
	of             onrecord.Case
	said           []passage
}

// passage are words of an article and whose they are; "": nobody's whom the
// article may be quoted for.
type passage struct {
	by    string
	words onrecord.Span
}

// kestrel is a second invented case, so that nothing hangs on the names of one.
var kestrel = onrecord.Case{
	ID: "kestrel-v-vantage", Title: "Kestrel Foods v. Vantage Robotics",
	Parties: []onrecord.Person{{Name: "Kestrel Foods", Role: "plaintiff", Aliases: []string{"Kestrel"}}, {Name: "Vantage Robotics", Role: "defendant", Aliases: []string{"Vantage"}}},
	People: []onrecord.Person{
		{Name: "Tobias Hartwell", Role: "chief executive of Kestrel Foods"},
		{Name: "Lucia Moreno", Role: "founder of Vantage Robotics"},
		{Name: "Priya Nair", Role: "counsel for Vantage Robotics"},
	},
}

// tern is a third: a city is a party, and a surname has particles.
var tern = onrecord.Case{
	ID: "tern-v-calder-bay", Title: "Tern Mobility v. City of Calder Bay",
	Parties: []onrecord.Person{{Name: "Tern Mobility", Role: "plaintiff", Aliases: []string{"Tern"}}, {Name: "City of Calder Bay", Role: "defendant", Aliases: []string{"Calder Bay"}}},
	People: []onrecord.Person{
		{Name: "Amara Okafor", Role: "chief executive of Tern Mobility"},
		{Name: "Henrik van der Velde", Role: "mayor of Calder Bay"},
		{Name: "Sofia Lindqvist", Role: "general counsel of Tern Mobility"},
	},
}

// ostrow is a fourth: a person is a party, and names have accents and come from afar.
var ostrow = onrecord.Case{
	ID: "ostrow-v-liang", Title: "Ostrow Pharma v. Liang and Caldera Therapeutics",
	Parties: []onrecord.Person{
		{Name: "Ostrow Pharma", Role: "plaintiff", Aliases: []string{"Ostrow"}},
		{Name: "Mei Liang", Role: "defendant", Aliases: []string{"梁梅"}},
		{Name: "Caldera Therapeutics", Role: "defendant", Aliases: []string{"Caldera"}},
	},
	People: []onrecord.Person{
		{Name: "Jonas Ekström", Role: "chief executive of Ostrow Pharma"},
		{Name: "Beatriz Fontes", Role: "founder of Caldera Therapeutics"},
	},
}

// pellworth is a fifth: a person sues a house of art, and is spoken for.
var pellworth = onrecord.Case{
	ID: "nwosu-v-pellworth", Title: "Nwosu v. Pellworth Museum",
	Parties: []onrecord.Person{{Name: "Ada Nwosu", Role: "plaintiff"}, {Name: "Pellworth Museum", Role: "defendant", Aliases: []string{"Pellworth"}}},
	People: []onrecord.Person{
		{Name: "Ingrid Solheim", Role: "director of Pellworth Museum"},
		{Name: "Rafael Ortega", Role: "lawyer for Ada Nwosu"},
	},
}

// zephyr is a sixth: two houses, and one of them has a spokesman of the case.
var zephyr = onrecord.Case{
	ID: "zephyr-v-airbridge", Title: "Zephyr Air v. Airbridge Catering",
	Parties: []onrecord.Person{{Name: "Zephyr Air", Role: "plaintiff", Aliases: []string{"Zephyr"}}, {Name: "Airbridge Catering", Role: "defendant", Aliases: []string{"Airbridge"}}},
	People: []onrecord.Person{
		{Name: "Kenji Murata", Role: "chief executive of Zephyr Air"},
		{Name: "Oksana Bilyk", Role: "managing director of Airbridge Catering"},
		{Name: "Paul Achterberg", Role: "spokesman for Airbridge Catering"},
	},
}

// dostal is a seventh: a person against a club, of which two are quoted.
var dostal = onrecord.Case{
	ID: "dostal-v-altmark", Title: "Dostal v. FC Altmark",
	Parties: []onrecord.Person{{Name: "Marek Dostal", Role: "plaintiff"}, {Name: "FC Altmark", Role: "defendant", Aliases: []string{"Altmark"}}},
	People: []onrecord.Person{
		{Name: "Petra Weiss", Role: "president of FC Altmark"},
		{Name: "Joan Serra", Role: "captain of FC Altmark"},
	},
}

// verdant is an eighth: an association against a house.
var verdant = onrecord.Case{
	ID: "coldwater-v-verdant", Title: "Coldwater Residents Association v. Verdant Chemicals",
	Parties: []onrecord.Person{{Name: "Coldwater Residents Association", Role: "plaintiff"}, {Name: "Verdant Chemicals", Role: "defendant", Aliases: []string{"Verdant"}}},
	People: []onrecord.Person{
		{Name: "Miriam Haddad", Role: "spokeswoman for the Coldwater Residents Association"},
		{Name: "Tom Brandvold", Role: "chief executive of Verdant Chemicals"},
	},
}

// orsini is a ninth: a person and her lawyer against a house.
var orsini = onrecord.Case{
	ID: "orsini-v-lumen", Title: "Orsini v. Lumen Pictures",
	Parties: []onrecord.Person{{Name: "Chiara Orsini", Role: "plaintiff"}, {Name: "Lumen Pictures", Role: "defendant", Aliases: []string{"Lumen"}}},
	People: []onrecord.Person{
		{Name: "Gregory Vance", Role: "head of production at Lumen Pictures"},
		{Name: "Hanna Lehtonen", Role: "lawyer for Chiara Orsini"},
	},
}

// ferro is a tenth: a house against a union.
var ferro = onrecord.Case{
	ID: "ferro-v-local-9", Title: "Ferro Steel v. Dockworkers Union Local 9",
	Parties: []onrecord.Person{{Name: "Ferro Steel", Role: "plaintiff", Aliases: []string{"Ferro"}}, {Name: "Dockworkers Union Local 9", Role: "defendant", Aliases: []string{"Dockworkers Union"}}},
	People: []onrecord.Person{
		{Name: "Claire Beaumont", Role: "chief executive of Ferro Steel"},
		{Name: "Yusuf Demir", Role: "president of Dockworkers Union Local 9"},
	},
}

// halvorsen is an eleventh: a person against a house that has a lawyer.
var halvorsen = onrecord.Case{
	ID: "halvorsen-v-brightway", Title: "Halvorsen v. Brightway Schools",
	Parties: []onrecord.Person{{Name: "Sigrid Halvorsen", Role: "plaintiff"}, {Name: "Brightway Schools", Role: "defendant", Aliases: []string{"Brightway"}}},
	People: []onrecord.Person{
		{Name: "Douglas Pryce", Role: "chief executive of Brightway Schools"},
		{Name: "Amina Diallo", Role: "lawyer for Brightway Schools"},
	},
}

// quill is a twelfth: of one house the founder is quoted, of the other two people.
var quill = onrecord.Case{
	ID: "quill-v-marlowe", Title: "Quill Software v. Marlowe Bank",
	Parties: []onrecord.Person{{Name: "Quill Software", Role: "plaintiff", Aliases: []string{"Quill"}}, {Name: "Marlowe Bank", Role: "defendant", Aliases: []string{"Marlowe"}}},
	People: []onrecord.Person{
		{Name: "Ravi Menon", Role: "founder of Quill Software"},
		{Name: "Elena Petrova", Role: "chief risk officer of Marlowe Bank"},
		{Name: "Stefan Krause", Role: "spokesman for Marlowe Bank"},
	},
}

// saltmarsh is a thirteenth: a maker of games against a house whose founder and lawyer are quoted.
var saltmarsh = onrecord.Case{
	ID: "saltmarsh-v-corvane", Title: "Saltmarsh Games v. Corvane Media",
	Parties: []onrecord.Person{{Name: "Saltmarsh Games", Role: "plaintiff", Aliases: []string{"Saltmarsh"}}, {Name: "Corvane Media", Role: "defendant", Aliases: []string{"Corvane"}}},
	People: []onrecord.Person{
		{Name: "Nadia Rahimi", Role: "chief executive of Saltmarsh Games"},
		{Name: "Bettina Falk", Role: "founder of Corvane Media"},
		{Name: "Owen Tashiro", Role: "lawyer for Corvane Media"},
	},
}

// lowen is a fourteenth: an employee against a railway, with names as Chinese papers write them.
var lowen = onrecord.Case{
	ID: "lowen-v-harrow", Title: "Lowen v. Harrow Rail",
	Parties: []onrecord.Person{
		{Name: "Teresa Lowen", Role: "plaintiff", Aliases: []string{"特蕾莎·洛温"}},
		{Name: "Harrow Rail", Role: "defendant", Aliases: []string{"Harrow", "哈罗铁路"}},
	},
	People: []onrecord.Person{
		{Name: "Viktor Sandoval", Role: "chief executive of Harrow Rail", Aliases: []string{"维克托·桑多瓦尔"}},
		{Name: "Grace Oyelaran", Role: "lawyer for Teresa Lowen", Aliases: []string{"格蕾丝·奥耶拉兰"}},
	},
}

// torvald is a fifteenth: a cooperative against a house that has two who speak.
var torvald = onrecord.Case{
	ID: "alder-valley-v-torvald", Title: "Alder Valley Growers v. Torvald Energy",
	Parties: []onrecord.Person{{Name: "Alder Valley Growers", Role: "plaintiff", Aliases: []string{"Alder Valley"}}, {Name: "Torvald Energy", Role: "defendant", Aliases: []string{"Torvald"}}},
	People: []onrecord.Person{
		{Name: "Emil Novak", Role: "chairman of Alder Valley Growers"},
		{Name: "Hugo Lindgren", Role: "chief executive of Torvald Energy"},
		{Name: "Ruth Castellan", Role: "spokeswoman for Torvald Energy"},
	},
}

// counsel is torvald with a lawyer in the place of the spokeswoman.
var counsel = onrecord.Case{
	ID: torvald.ID, Title: torvald.Title, Parties: torvald.Parties,
	People: []onrecord.Person{torvald.People[0], torvald.People[1], {Name: "Ruth Castellan", Role: "lawyer for Torvald Energy"}},
}

// kent is a sixteenth: a writer against a house of books.
var kent = onrecord.Case{
	ID: "kent-v-pemberton", Title: "Kent v. Pemberton House",
	Parties: []onrecord.Person{{Name: "Marisol Kent", Role: "plaintiff"}, {Name: "Pemberton House", Role: "defendant", Aliases: []string{"Pemberton"}}},
	People: []onrecord.Person{
		{Name: "Julian Moss", Role: "publisher of Pemberton House"},
		{Name: "Anouk Delacroix", Role: "editor at Pemberton House"},
		{Name: "Samir Haddad", Role: "agent of Marisol Kent"},
	},
}

// nordhavn is a seventeenth: a shipping line against a port.
var nordhavn = onrecord.Case{
	ID: "nordhavn-v-ellery", Title: "Nordhavn Shipping v. Port of Ellery",
	Parties: []onrecord.Person{{Name: "Nordhavn Shipping", Role: "plaintiff", Aliases: []string{"Nordhavn"}}, {Name: "Port of Ellery", Role: "defendant", Aliases: []string{"Ellery"}}},
	People: []onrecord.Person{
		{Name: "Astrid Bakke", Role: "chief executive of Nordhavn Shipping"},
		{Name: "Leo Marchetti", Role: "harbour master of Port of Ellery"},
		{Name: "Tamsin Quayle", Role: "lawyer for Port of Ellery"},
	},
}

// ardent is an eighteenth: a person against a bank of which two are quoted.
var ardent = onrecord.Case{
	ID: "stoica-v-ardent", Title: "Stoica v. Ardent Bank",
	Parties: []onrecord.Person{{Name: "Mirela Stoica", Role: "plaintiff"}, {Name: "Ardent Bank", Role: "defendant", Aliases: []string{"Ardent"}}},
	People: []onrecord.Person{
		{Name: "Jasper Thorne", Role: "chief executive of Ardent Bank"},
		{Name: "Carlo Rinaldi", Role: "head of risk at Ardent Bank"},
		{Name: "Helen Marchetti", Role: "lawyer for Mirela Stoica"},
	},
}

// halden is a nineteenth: a dairy against an association.
var halden = onrecord.Case{
	ID: "halden-v-norvia", Title: "Halden Dairy v. Norvia Consumers Union",
	Parties: []onrecord.Person{{Name: "Halden Dairy", Role: "plaintiff", Aliases: []string{"Halden"}}, {Name: "Norvia Consumers Union", Role: "defendant"}},
	People: []onrecord.Person{
		{Name: "Sigrun Dahl", Role: "chief executive of Halden Dairy"},
		{Name: "Peter Okonkwo", Role: "president of Norvia Consumers Union"},
	},
}

var braced = regexp.MustCompile(`\{([^:{}]+): ([^{}]*)\}`)

// articlesTold reads the articles of an archive.
func articlesTold(t *testing.T, path string) (all []told) {
	archive, err := txtar.ParseFile(path)
	if err != nil || len(archive.Files) == 0 {
		t.Fatalf("%s: no articles: %v", path, err)
	}
	cases := map[string]onrecord.Case{"northwind": statementstest.Latin(), "kestrel": kestrel, "tern": tern, "ostrow": ostrow, "pellworth": pellworth, "zephyr": zephyr, "dostal": dostal, "verdant": verdant, "orsini": orsini, "ferro": ferro, "halvorsen": halvorsen, "quill": quill, "saltmarsh": saltmarsh, "lowen": lowen, "torvald": torvald, "counsel": counsel, "kent": kent, "nordhavn": nordhavn, "ardent": ardent, "halden": halden}
	for _, f := range archive.Files {
		words := strings.Fields(f.Name)
		of, known := cases[words[1]]
		if !known {
			t.Fatalf("%s: no case %q", path, f.Name)
		}
		a := told{language: words[0], of: of}
		source, last := string(f.Data), 0
		for _, m := range braced.FindAllStringSubmatchIndex(source, -1) {
			by := source[m[2]:m[3]]
			if _, of := of.Find(by); by == "!" {
				by = ""
			} else if !of {
				t.Fatalf("%s: %s: %q is nobody of the case", path, f.Name, by)
			}
			a.text += source[last:m[0]]
			a.said = append(a.said, passage{by, onrecord.Span{Start: len(a.text), End: len(a.text) + m[5] - m[4]}})
			a.text += source[m[4]:m[5]]
			last = m[1]
		}
		a.text += source[last:]
		all = append(all, a)
	}
	return all
}

// tally is how articles were read.
type tally struct{ expected, found, given, right, kept, forbidden int }

func (t tally) recall() float64      { return float64(t.found) / float64(max(t.expected, 1)) }
func (t tally) attribution() float64 { return float64(t.right) / float64(max(t.given, 1)) }

func (t *tally) add(o tally) {
	t.expected, t.found, t.given, t.right = t.expected+o.expected, t.found+o.found, t.given+o.given, t.right+o.right
	t.kept, t.forbidden = t.kept+o.kept, t.forbidden+o.forbidden
}

func (t tally) String() string {
	return fmt.Sprintf("recall %.2f (%d of %d), attribution %.3f (%d of %d), %d of %d forbidden", t.recall(), t.found, t.expected, t.attribution(), t.right, t.given, t.forbidden, t.kept)
}

// read asks whom an article quotes and compares it with what its author knows.
func (a told) read() (n tally, faults []string) {
	voices, _ := press.Voices(a.of, a.text, time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	in := func(s onrecord.Span) string { return a.text[s.Start:s.End] }
	overlap := func(a, b onrecord.Span) int { return min(a.End, b.End) - max(a.Start, b.Start) }
	found := make([]bool, len(a.said))
	for _, v := range voices {
		for _, q := range v.Quotes {
			n.given++
			right := false
			for i, s := range a.said {
				switch got := overlap(q, s.words); {
				case got <= 0:
				case s.by == "":
					n.forbidden++
					faults = append(faults, fmt.Sprintf("forbidden, given to %s: %q", v.Speaker.Name, in(q)))
				case s.by == v.Speaker.Name:
					right = true
					found[i] = found[i] || 5*got >= 4*(s.words.End-s.words.Start)
				}
			}
			if right {
				n.right++
			} else {
				faults = append(faults, fmt.Sprintf("wrong, given to %s: %q", v.Speaker.Name, in(q)))
			}
		}
	}
	for i, s := range a.said {
		switch {
		case s.by == "":
			n.kept++
		case found[i]:
			n.expected++
			n.found++
		default:
			n.expected++
			faults = append(faults, fmt.Sprintf("missed, of %s: %q", s.by, in(s.words)))
		}
	}
	return n, faults
}

// TestTold: of articles in sixteen languages, .86 of what those of a case say is
// found (.79 in the eleventh), .99 of what is found is given to whom it belongs, and nothing that is
// only alleged, testified, recalled or somebody else's is given to anybody.
//
// All but the first file were written when the rules were thought to be
// done, and then helped to mend them. Read for the first time, before anything was
// changed for them:
//
//	second  recall .78 (67 of 86)  attribution .971 (67 of 69)  2 of 43 forbidden ones given to somebody
//	third   recall .65 (41 of 63)  attribution .976 (41 of 42)  0 of 21
//	fourth  recall .88 (50 of 57)  attribution 1 (50 of 50)     0 of 3
//	fifth   recall .46 (54 of 118) attribution .982 (56 of 57)  1 of 47
//	sixth   recall .51 (57 of 112) attribution .983 (57 of 58)  1 of 41
//	seventh recall .50 (52 of 103) attribution 1 (52 of 52)     0 of 36
//	eighth  recall .70 (80 of 114) attribution 1 (80 of 80)     0 of 38
//	ninth   recall .76 (66 of 87)  attribution 1 (66 of 66)     0 of 30
//	tenth   recall .73 (63 of 86)  attribution .955 (63 of 66)  0 of 23
//	eleventh       .80 (35 of 44)  attribution 1 (35 of 35)     0 of 17
//	twelfth recall .66 (120 of 181) attribution .952 (120 of 126) 1 of 61
//	thirteenth     .61 (46 of 75)  attribution .939 (46 of 49)  2 of 27
//	fourteenth     .82 (53 of 65)  attribution .981 (53 of 54)  0 of 20
//	fifteenth      .74 (66 of 89)  attribution .943 (66 of 70)  2 of 36
//	sixteenth      .75 (49 of 65)  attribution 1 (49 of 49)     0 of 22
//
// The seventh was read by the rules as the sixth had left them. From the eighth on the rules
// ask who else could speak where they do not know who does (plain.go), and people are known
// by what the article calls them. What is expected here is more than what an article
// finds that nobody has seen: about three quarters. For the eleventh, which goes on with
// the cases of the others, nothing was mended. Of the twelfth, thirteenth and fifteenth few labels
// were set right after the first reading. The sentences are the common ways of saying
// who says something, of each language.
func TestTold(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/told/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no articles: %v", err)
	}
	for _, path := range paths {
		var all tally
		languages := map[string]*tally{}
		for _, a := range articlesTold(t, path) {
			n, faults := a.read()
			all.add(n)
			if languages[a.language] == nil {
				languages[a.language] = &tally{}
			}
			languages[a.language].add(n)
			for _, f := range faults {
				t.Logf("%s: %s", a.language, f)
			}
		}
		for l, n := range languages {
			t.Logf("%s %s: %s", filepath.Base(path), l, n)
		}
		t.Logf("%s: %s", filepath.Base(path), all)
		least := .86
		if filepath.Base(path) == "eleventh.txtar" {
			least = .79 // unseen: nothing was mended for it
		}
		if all.recall() < least || all.attribution() < .99 || all.forbidden > 0 {
			t.Errorf("%s: %s", path, all)
		}
	}
}
