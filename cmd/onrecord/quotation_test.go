package main

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// oracle knows what was published and who said what in it, and nothing of how
// the program finds out.
type oracle struct{ published []publication }

// wrong says why words must not be shown as a speaker's; "" when they may.
func (o oracle) wrong(speaker, words string) string {
	if strings.TrimSpace(words) == "" {
		return "nothing is quoted"
	}
	why := "nobody published these bytes"
	for _, p := range o.published {
		for at := 0; ; at++ {
			i := strings.Index(p.text[at:], words)
			if i < 0 {
				break
			}
			at += i
			by := p.by(at, at+len(words))
			if by == speaker {
				return ""
			}
			why = fmt.Sprintf("they are of %q", by)
		}
	}
	return why
}

// by tells who said all of a range.
func (p publication) by(start, end int) string {
	for _, s := range p.said {
		if s.start <= start && end <= s.end {
			return s.by
		}
	}
	for _, s := range p.said {
		if s.start < end && start < s.end {
			return "several, or partly nobody"
		}
	}
	return ""
}

// html is the publication as a web site prints it.
func (p publication) html() string {
	return "<p>" + strings.ReplaceAll(html.EscapeString(p.text), "\n\n", "</p>\n<p>") + "</p>"
}

// witnessed is what the oracle reads of an exported statement.
type witnessed struct {
	Statement, Speaker, Via, Lane string
	Quotes                        []string
	Posts                         []struct{ Text string }
}

// record checks an exported statement.
func (o oracle) record(r witnessed) (faults []string) {
	for _, p := range r.Posts {
		if !slices.ContainsFunc(o.published, func(q publication) bool { return q.text == p.Text }) {
			faults = append(faults, fmt.Sprintf("%s holds a post that nobody published: %q", r.Statement, p.Text))
		}
	}
	for _, q := range r.Quotes {
		if why := o.wrong(r.Speaker, q); why != "" {
			faults = append(faults, fmt.Sprintf("%s quotes %s with %q: %s", r.Statement, r.Speaker, q, why))
		}
	}
	return faults
}

var (
	speakerOf = regexp.MustCompile(`^\*\*([^*]+)\*\*`)
	left      = regexp.MustCompile(` ?… \([0-9]+ more characters?\)$`)
	between   = regexp.MustCompile(`\n?\\\[…\\\][\n ]?`)
	escaping  = regexp.MustCompile(`\\([[:punct:]])`)
)

// message checks what a reader sees: the lines that Discord shows as quotations,
// of the speaker who is named first.
func (o oracle) message(m discordtest.Message) (quotations int, faults []string) {
	content := strings.TrimPrefix(m.Content, "**Not sure** · ")
	who := speakerOf.FindStringSubmatch(content)
	if who == nil {
		return 0, []string{fmt.Sprintf("nobody is named in %q", m.Content)}
	}
	shown := ""
	for _, e := range m.Embeds {
		shown += e.Description + "\n"
	}
	var block []string
	for line := range strings.Lines(shown + "\n") {
		words, quoted := strings.CutPrefix(line, "> ")
		if quoted {
			block = append(block, strings.TrimSuffix(words, "\n"))
			continue
		}
		if len(block) == 0 {
			continue
		}
		for text := range slices.Values(between.Split(strings.Join(block, "\n"), -1)) {
			if text == "" {
				continue
			}
			text = strings.ReplaceAll(escaping.ReplaceAllString(left.ReplaceAllString(text, ""), "$1"), "\u200b", "")
			quotations++
			if why := o.wrong(who[1], text); why != "" {
				faults = append(faults, fmt.Sprintf("%q quotes %s with %q: %s", m.Content, who[1], text, why))
			}
		}
		block = nil
	}
	return quotations, faults
}

// Every quotation on the record and in every message is a byte-exact span of
// what was published, and of the right speaker: whatever articles, releases and
// threads are made of. ONRECORD_SEEDS runs more worlds than two.
func TestQuotations(t *testing.T) {
	t.Parallel()
	seeds := 2
	if n, err := strconv.Atoi(os.Getenv("ONRECORD_SEEDS")); err == nil {
		seeds = n
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			quotations(t, uint64(seed))
		})
	}
}

func quotations(t *testing.T, seed uint64) {
	e := newEdge(t)
	handles := map[string]string{northwind: "northwind", harbor: "harborlabs", reyes: "dreyes", lind: "ivolind"}
	for name, handle := range handles {
		e.x.Account(handle, name)
	}
	e.x.Account("bystander", "A bystander")
	const courier, newsroom = "/courier.xml", "/news.xml"
	e.site.Open(courier)
	e.site.Open(newsroom)
	config := e.config(t, strings.Replace(fictional, "    keywords", "    people:\n      - {name: Dana Reyes, role: chief executive of Harbor Labs}\n    keywords", 1)+fmt.Sprintf(`accounts:
  - {source: x, handle: northwind, speaker: Northwind Data}
  - {source: x, handle: harborlabs, speaker: Harbor Labs}
  - {source: x, handle: dreyes, speaker: Dana Reyes}
  - {source: x, handle: ivolind, speaker: Ivo Lind}
  - {source: feed, url: %q, speaker: Harbor Labs}
  - {source: feed, url: %q, speaker: "*"}
`, e.siteURL+newsroom, e.siteURL+courier))
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	const reviewers = "1180000000000000020"
	e.discord.AddChannel(reviewers, discordtest.Text, "")
	lanes := strings.Replace(string(text), fmt.Sprintf("channel: %q}", readers), fmt.Sprintf("channel: %q, review: %q}", readers, reviewers), 1)
	if err := os.WriteFile(config, []byte(lanes), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "run", "--once", "--config", config) // nothing is there yet

	var o oracle
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 7))}
	used := map[string]string{} // what speakers of the case are quoted with, and the language
	articles := map[string]publication{}
	for range 60 {
		p, given := w.article()
		o.published = append(o.published, p)
		maps.Copy(used, given)
		articles[e.site.Publish(courier, feedtest.Item{HTML: p.html()})] = p
	}
	for range 10 {
		p := w.release(harbor)
		o.published = append(o.published, p)
		e.site.Publish(newsroom, feedtest.Item{HTML: p.html()})
	}
	at := time.Now().Add(-time.Hour)
	for range 20 {
		by := pick(w, []string{northwind, harbor, reyes, lind})
		parent := ""
		for _, p := range w.thread(by) {
			o.published = append(o.published, p)
			at = at.Add(20 * time.Second)
			parent = e.x.Post(handles[by], xtest.Post{Text: p.text, ReplyTo: parent, CreatedAt: at})
		}
		var others publication
		others.quote(stranger, "On count 7 of the complaint in court, Northwind Data v. Harbor Labs: "+w.words(tongues[0]))
		o.published = append(o.published, others)
		e.x.Post(handles[by], xtest.Post{Reposts: e.x.Post("bystander", xtest.Post{Text: others.text})})
	}
	command(t, "run", "--once", "--config", config)
	for _, id := range slices.Sorted(maps.Keys(articles))[:20] {
		p, given := w.longer(articles[id])
		o.published = append(o.published, p)
		maps.Copy(used, given)
		e.site.Edit(courier, id, func(it *feedtest.Item) { it.HTML = p.html() })
	}
	command(t, "run", "--once", "--config", config)

	var onRecord []witnessed
	lines := json.NewDecoder(strings.NewReader(command(t, "export", "--config", config)))
	for lines.More() {
		var r witnessed
		if err := lines.Decode(&r); err != nil {
			t.Fatal(err)
		}
		onRecord = append(onRecord, r)
	}
	quoted := 0
	for _, r := range onRecord {
		quoted += len(r.Quotes)
		for _, fault := range o.record(r) {
			t.Error(fault)
		}
	}
	shown := 0
	for _, channel := range []string{readers, reviewers} {
		for _, m := range e.discord.Messages(channel) {
			n, faults := o.message(m)
			shown += n
			for _, fault := range faults {
				t.Error(fault)
			}
		}
	}
	t.Logf("%d publications, %d statements with %d quotations, %d quotations in messages", len(o.published), len(onRecord), quoted, shown)
	for tongue, share := range o.found(onRecord, used) {
		if share < .5 {
			t.Errorf("%s: %.0f %% of what is given to a speaker of the case is on the record: too little to prove anything", tongue, 100*share)
		}
	}
}

// found is how much of what speakers of the case were quoted with is quoted, by language.
func (o oracle) found(onRecord []witnessed, used map[string]string) map[string]float64 {
	all, right := map[string]float64{}, map[string]float64{}
	for words, tongue := range used {
		all[tongue]++
		words = strings.TrimRight(words, ",.")
		if slices.ContainsFunc(onRecord, func(r witnessed) bool {
			return slices.ContainsFunc(r.Quotes, func(q string) bool { return strings.Contains(q, words) })
		}) {
			right[tongue]++
		}
	}
	for tongue := range all {
		right[tongue] /= all[tongue]
	}
	return right
}

// The oracle sees what it is there for.
func TestTheOracleSeesFaults(t *testing.T) {
	t.Parallel()
	var p, q publication
	p.write("In court ")
	p.quote(reyes, "we never opened the drive")
	p.write(" and ")
	p.quote(lind, "nobody asked us")
	q.quote(harbor, "we never said so")
	o := oracle{[]publication{p, q}}
	for words, speaker := range map[string]string{"we never opened the drive": reyes, "never opened": reyes, "nobody asked us": lind, "we never said so": harbor} {
		if why := o.wrong(speaker, words); why != "" {
			t.Errorf("%q of %s: %s", words, speaker, why)
		}
	}
	for words, speaker := range map[string]string{
		"we never opened the drives": reyes, "we  never": reyes, "nobody asked us": reyes, "the drive and nobody": reyes, "In court": reyes, "we never said so": lind, "": reyes,
	} {
		if o.wrong(speaker, words) == "" {
			t.Errorf("%q passes for words of %s", words, speaker)
		}
	}
	shown := func(text string) discordtest.Message {
		return discordtest.Message{Content: "**Dana Reyes** is quoted", Embeds: []discordtest.Embed{{Description: text}}}
	}
	for text, fine := range map[string]bool{
		"> we never opened the drive\n[post](https://courier.example)": true, "> we never\n> \\[…\\]\n> the drive": true, "> never opened … (10 more characters)": true,
		"> we ever opened the drive": false, "> nobody asked us": false, "> we never\n> \\[…\\]\n> asked us": false,
	} {
		if n, faults := o.message(shown(text)); n == 0 || fine != (len(faults) == 0) {
			t.Errorf("%q: %d quotations, faults %q", text, n, faults)
		}
	}
	if faults := o.record(witnessed{Speaker: reyes, Posts: []struct{ Text string }{{"in court"}}}); len(faults) == 0 {
		t.Error("a post that nobody published passes")
	}
}
