package feed

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
)

// show is a document in short: "guid link text", "-" for none.
func show(document string) (items []item) {
	for line := range strings.SplitSeq(document, "; ") {
		f := strings.Fields(line)
		it := item{Post: onrecord.Post{Text: f[2], Revision: digest(16, f[2])}, name: digest(idWidth, "title")}
		if f[0] != "-" {
			it.guid = f[0]
		}
		if f[1] != "-" {
			it.link = "//northwind.example/" + f[1]
		}
		items = append(items, it)
	}
	return items
}

// Each document is read after the one before it; want lists what must be new
// ("+text") or a revision of an earlier item ("first>text").
func TestIdentityOverTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][]struct{ document, want string }{
		"a link changes":             {{"g1 a A", "+A"}, {"g1 b A", ""}, {"g1 c A2", "A>A2"}},
		"a GUID changes":             {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g9 a A2; g2 b B", "A>A2"}},
		"a GUID changes and back":    {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g1 a A2; g2 b B", "A>A2"}},
		"an old GUID is given anew":  {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g1 c C; g9 a A; g2 b B", "+C"}},
		"and comes after the first":  {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g9 a A; g1 c C; g2 b B", "+C"}},
		"links are exchanged":        {{"g1 a A; g2 b B", "+A +B"}, {"g1 b A; g2 a B", ""}},
		"a link goes to another":     {{"g1 a A", "+A"}, {"g1 b A2; g2 a A", "A>A2 +A"}},
		"all GUIDs change, one edit": {{"g1 a A; g2 b B", "+A +B"}, {"h1 a A; h2 b B2; h3 c C", "B>B2 +C"}, {"h1 a A; h2 b B2; h3 c C", ""}},
		"two take over one link":     {{"g1 a A; g2 b B", "+A +B"}, {"g5 a C; g6 a D; g2 b B", "+C +D"}},
		"two take one link, all new": {{"g1 a A; g2 b B", "+A +B"}, {"h1 a C; h2 a D; h3 b B", "+C +D"}},
		"links only":                 {{"- a A; - b B", "+A +B"}, {"- a A2; - b B", "A>A2"}},
		"neither GUID nor link":      {{"- - A", "+A"}, {"- - A; - - B", "+B"}, {"- - B; - - A", ""}},
		"copies":                     {{"g1 a A; g1 a A", "+A"}, {"g1 a A", ""}, {"g1 a A; g1 a A; g1 a A", ""}},
		"copies that differ":         {{"g1 a A; g1 a B", "+A +B"}, {"g1 a B; g1 a A", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, names := mark{}, map[string]string{}
			for i, step := range c {
				var got []string
				n := m.next(show(step.document), false, http.Header{}, false, dating{now: time.Now()})
				for _, it := range n.fresh {
					if before, known := names[it.ID]; known {
						got = append(got, before+">"+it.Text)
					} else {
						names[it.ID] = it.Text
						got = append(got, "+"+it.Text)
					}
				}
				if want := strings.Fields(step.want); !slices.Equal(got, want) {
					t.Errorf("document %d: got %q, want %q", i+1, got, want)
				}
				m = n.mark
			}
		})
	}
}

// paper is an item as sites write them, published so many hours before noon of a day.
type paper struct {
	guid, link, title, text string
	hours                   int // before; 0: undated
}

const (
	holiday = "Our offices are closed on Thursday for the national holiday. We are back on Friday morning, and wish all of you a good time."
	answer2 = "We took no trade secrets of Harbor Labs and will defend ourselves in court. The claims are without merit, as the court will find."
	hiring  = "We are hiring engineers in Lisbon, Porto and Faro. Write to us with what you have built, and tell us what you would do next."
	opening = "The new laboratory in Lisbon opened its doors today. Two hundred guests came, among them the mayor and many of our partners."
)

func print(papers []paper, now time.Time) (items []item) {
	for _, p := range papers {
		it := item{guid: p.guid, words: sketch(p.text), Post: onrecord.Post{Title: p.title, Text: p.text, Created: now}}
		if p.text == "" {
			it.Text, it.Cut, it.words = p.title, true, wordless
		}
		if p.link != "" {
			it.link = "//" + p.link
		}
		if p.hours > 0 {
			it.Created, it.Dated = now.Add(-time.Duration(p.hours)*time.Hour), true
		}
		it.Revision = digest(16, it.Title, it.Text)
		day := ""
		if it.Dated {
			day = it.Created.Format(time.DateOnly)
		}
		it.name = digest(16, it.Title, day)
		items = append(items, it)
	}
	return items
}

// The first document is what was there at first. Of the second, new are the
// titles of posts never seen, edited those of known ones that changed.
func TestContentOverTime(t *testing.T) {
	t.Parallel()
	old := []paper{{"g1", "old.example/1", "Closed", holiday, 960}, {"g2", "old.example/2", "Hiring", hiring, 984}, {"g3", "old.example/3", "Lisbon", opening, 1008}}
	with := func(change func(i int, p *paper)) (papers []paper) {
		for i, p := range old {
			change(i, &p)
			papers = append(papers, p)
		}
		return papers
	}
	renamed := func(i int, p *paper) { p.guid, p.link = fmt.Sprint("h", i), fmt.Sprint("www.new.example/press/", i) }
	for name, c := range map[string]struct {
		first, second []paper
		press         bool
		want          string
	}{
		"all addresses change":                    {old, with(renamed), false, "moved"},
		"and dates lose their zone":               {old, with(func(i int, p *paper) { renamed(i, p); p.hours += 9 }), false, "moved"},
		"and dates are those of the import":       {old, with(func(i int, p *paper) { renamed(i, p); p.hours = 1 + i }), false, "moved"},
		"and dates are gone":                      {old, with(func(i int, p *paper) { renamed(i, p); p.hours = 0 }), false, "moved"},
		"and the texts are cut":                   {old, with(func(i int, p *paper) { renamed(i, p); p.text = p.text[:60] }), false, "moved edited Closed edited Hiring edited Lisbon"},
		"and one is news":                         {old, append(with(renamed), paper{"h9", "www.new.example/9", "Our answer", answer2, 1}), false, "moved new Our answer"},
		"and one is corrected":                    {old, with(func(i int, p *paper) { renamed(i, p); p.text = strings.Replace(p.text, "national", "public", 1) }), false, "moved edited Closed"},
		"one comes back under another name":       {old[:1], []paper{{"h1", "old.example/x", "Closed", holiday, 961}}, false, ""},
		"another headline is tried":               {old[:1], []paper{{"h1", "old.example/x", "Gone fishing", holiday, 960}}, false, "edited Gone fishing"},
		"the same is said again weeks later":      {old[:1], []paper{{"h1", "old.example/x", "Closed", holiday, 2}}, false, "new Closed"},
		"another text under the title, same day":  {old[:1], []paper{{"h1", "old.example/x", "Closed", answer2, 959}}, false, "edited Closed"},
		"a title comes again with other words":    {old[:1], []paper{{"h1", "old.example/x", "Closed", answer2, 2}}, false, "new Closed"},
		"a notice under an old GUID":              {old[:1], []paper{{"g1", "old.example/1", "The suit", answer2, 1}}, false, "new The suit"},
		"and the date stays":                      {old[:1], []paper{{"g1", "old.example/1", "The suit", answer2, 960}}, false, "new The suit"},
		"and the title stays":                     {old[:1], []paper{{"g1", "old.example/1", "Closed", answer2, 1}}, false, "new Closed"},
		"and title and date stay":                 {old[:1], []paper{{"g1", "old.example/1", "Closed", answer2, 960}}, false, "edited Closed"},
		"of a newspaper":                          {old[:1], []paper{{"g1", "old.example/1", "The suit", answer2, 1}}, true, "edited The suit"},
		"undated":                                 {[]paper{{"g1", "old.example/1", "Notice", holiday, 0}}, []paper{{"g1", "old.example/1", "Notice", answer2, 0}}, false, "new Notice"},
		"a text follows its headline":             {[]paper{{"g1", "old.example/1", "The suit", "", 2}}, []paper{{"g1", "old.example/1", "The suit", answer2, 2}}, false, "new The suit"},
		"under another name":                      {[]paper{{"g1", "old.example/1", "The suit", "", 2}}, []paper{{"g2", "old.example/2", "The suit", answer2, 1}}, false, "new The suit"},
		"an old headline gets its text":           {[]paper{{"g1", "old.example/1", "The suit", "", 960}}, []paper{{"g1", "old.example/1", "The suit", answer2, 960}}, false, "edited The suit"},
		"a word is corrected":                     {[]paper{{"g1", "old.example/1", "The suit", answer2, 3}}, []paper{{"g1", "old.example/1", "The suit", strings.Replace(answer2, "took", "stole", 1), 3}}, false, "edited The suit"},
		"a headline is corrected":                 {[]paper{{"g1", "old.example/1", "The suit", answer2, 3}}, []paper{{"g1", "old.example/1", "The lawsuit", answer2, 3}}, false, "edited The lawsuit"},
		"GUIDs count places":                      {old[1:], append([]paper{{"g2", "old.example/9", "The suit", answer2, 1}}, paper{"g3", "old.example/2", "Hiring", hiring, 984}, paper{"g4", "old.example/3", "Lisbon", opening, 1008}), false, "new The suit"},
		"the site shows the beginnings of recent": {[]paper{{"a", "x.example/a", "A", holiday, 9}, {"b", "x.example/b", "B", hiring, 8}, {"c", "x.example/c", "C", opening, 7}}, []paper{{"a", "x.example/a", "A", "Closed for one day only. Read what we have to say about it on our site, please.", 9}, {"b", "x.example/b", "B", "Come and work with us; several places are open in the south of the country.", 8}, {"c", "x.example/c", "C", "A big house with a view of the river has been finished in just over a year.", 7}}, false, "edited A edited B edited C"},
		"an archive is put in":                    {old, append(with(func(int, *paper) {}), paper{"i1", "old.example/i1", "Long ago", answer2, 9000}, paper{"i2", "old.example/i2", "Longer ago", answer2 + " One.", 9100}, paper{"i3", "old.example/i3", "Longest ago", answer2 + " Two.", 9200}), false, "old Long ago old Longer ago old Longest ago"},
		"one is dated back":                       {old, append(with(func(int, *paper) {}), paper{"i1", "old.example/i1", "Long ago", answer2, 9000}), false, "new Long ago"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
			first := mark{}.next(print(c.first, now), c.press, http.Header{}, false, dating{now: now})
			known := map[string]bool{}
			for _, it := range first.fresh {
				known[it.ID] = true
			}
			back, err := readMark(first.mark.cursor())
			if err != nil {
				t.Fatal(err)
			}
			items := print(c.second, now)
			n := back.next(items, c.press, http.Header{}, false, dating{now: now})
			var got []string
			if n.moved {
				got = append(got, "moved")
			}
			for _, it := range n.fresh {
				got = append(got, map[bool]string{true: "edited ", false: "new "}[known[it.ID]]+it.Title)
			}
			for _, it := range n.archive {
				got = append(got, "old "+it.Title)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), c.want)
			}
			again := n.mark.next(items, c.press, http.Header{}, false, dating{now: now})
			if len(again.fresh)+len(again.archive) != 0 || again.known != len(items) {
				t.Errorf("the same document gives %d items again, %d of %d are known", len(again.fresh), again.known, len(items))
			}
		})
	}
}

// A cursor from before titles, dates and words were kept is read as it is.
func TestOlderCursors(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	items := print([]paper{{"g1", "old.example/1", "Closed", holiday, 9}}, now)
	n := mark{}.next(items, false, http.Header{}, false, dating{now: now})
	for i := range n.mark.Items {
		e := n.mark.Items[i]
		n.mark.Items[i] = entry{id: e.id, key: e.key, link: e.link, rev: e.rev}
	}
	back, err := readMark(n.mark.cursor())
	if err != nil {
		t.Fatal(err)
	}
	if again := back.next(items, false, http.Header{}, false, dating{now: now}); len(again.fresh) != 0 || again.mark.Items[0].words == "" {
		t.Errorf("got %d items anew, entry %+v", len(again.fresh), again.mark.Items[0])
	}
}

func TestSketches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b     string
		from, to float64
	}{
		{answer2, answer2, 1, 1},
		{answer2, strings.ToUpper(answer2) + "!", 1, 1},
		{answer2, strings.Replace(answer2, "took", "stole", 1), sameWords, .99},
		{answer2, holiday, 0, otherWords},
		{"当社は営業秘密を盗んでいません。法廷で争います。原告の主張には根拠がありません。", "新しい研究所がリスボンに開設されました。二百人の来賓が出席し、市長も参加しました。", 0, otherWords},
	} {
		if got, ok := shared(sketch(c.a), sketch(c.b)); !ok || got < c.from || got > c.to {
			t.Errorf("%.30q and %.30q share %v (%v), want %v to %v", c.a, c.b, got, ok, c.from, c.to)
		}
	}
	if _, ok := shared(sketch("Yes."), sketch("No.")); ok {
		t.Error("two words can be compared")
	}
}
