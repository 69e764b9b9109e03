package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/bot"
)

// series is one line of an exposition, read back.
type series struct {
	name   string
	labels string // as read, "name=value" each, joined by NUL
	value  float64
}

// page is an exposition, read back.
type page struct {
	help, kind map[string]string
	series     []series
}

var (
	metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*`)
	labelName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*="`)
)

// parse reads the text format by its rules and refuses what a scrape would.
func parse(text string) (page, error) {
	p := page{help: map[string]string{}, kind: map[string]string{}}
	if !strings.HasSuffix(text, "\n") {
		return p, fmt.Errorf("the last line has no end")
	}
	current, closed, seen := "", map[string]bool{}, map[string]bool{}
	for number, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		fail := func(why string) (page, error) { return p, fmt.Errorf("line %d: %s: %q", number+1, why, line) }
		name := metricName.FindString(strings.TrimPrefix(strings.TrimPrefix(line, "# HELP "), "# TYPE "))
		if name == "" {
			return fail("no name")
		}
		if name != current {
			closed[current] = true
			current = name
		}
		if closed[name] {
			return fail("the family is in two pieces")
		}
		if rest, ok := strings.CutPrefix(line, "# HELP "+name+" "); ok {
			if _, again := p.help[name]; again {
				return fail("a second HELP")
			}
			help, tail, err := unescape(rest, false)
			if err != nil || tail != "" {
				return fail("its help does not end well")
			}
			p.help[name] = help
			continue
		}
		if kind, ok := strings.CutPrefix(line, "# TYPE "+name+" "); ok {
			if p.kind[name] != "" || kind != "gauge" && kind != "counter" {
				return fail("a second TYPE, or one that does not exist")
			}
			p.kind[name] = kind
			continue
		}
		if p.kind[name] == "" {
			return fail("a series before its TYPE")
		}
		s, err := parseSeries(line)
		if err != nil {
			return fail(err.Error())
		}
		if key := s.name + "\x00" + s.labels; seen[key] {
			return fail("the series was there before")
		} else {
			seen[key] = true
		}
		p.series = append(p.series, s)
	}
	return p, nil
}

func parseSeries(line string) (series, error) {
	s := series{name: metricName.FindString(line)}
	rest := line[len(s.name):]
	if strings.HasPrefix(rest, "{") {
		var labels []string
		names := map[string]bool{}
		for rest = rest[1:]; ; rest = rest[1:] {
			head := labelName.FindString(rest)
			if head == "" || names[head] {
				return s, fmt.Errorf("no label, or one twice")
			}
			names[head] = true
			value, tail, err := unescape(rest[len(head):], true)
			if err != nil {
				return s, err
			}
			labels = append(labels, strings.TrimSuffix(head, `"`)+value)
			rest = tail
			if !strings.HasPrefix(rest, ",") {
				break
			}
		}
		if !strings.HasPrefix(rest, "}") {
			return s, fmt.Errorf("the labels do not end")
		}
		s.labels, rest = strings.Join(labels, "\x00"), rest[1:]
	}
	number, ok := strings.CutPrefix(rest, " ")
	if !ok {
		return s, fmt.Errorf("no space before the value")
	}
	var err error
	s.value, err = strconv.ParseFloat(number, 64)
	return s, err
}

// unescape reads to the end of the line, or to the quote that ends a label. A
// help knows no escaped quote.
func unescape(text string, quoted bool) (value, rest string, err error) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && quoted:
			return out.String(), text[i+1:], nil
		case c != '\\':
			out.WriteByte(c)
		case i+1 < len(text) && text[i+1] == 'n':
			out.WriteByte('\n')
			i++
		case i+1 < len(text) && (text[i+1] == '\\' || quoted && text[i+1] == '"'):
			out.WriteByte(text[i+1])
			i++
		default:
			return "", "", fmt.Errorf("a backslash before nothing known")
		}
	}
	if quoted {
		return "", "", fmt.Errorf("a quote does not end")
	}
	return out.String(), "", nil
}

func read(t *testing.T, text string) page {
	t.Helper()
	p, err := parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

// What the reader below would let pass, the tests here would too.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const head = "# HELP a A.\n# TYPE a gauge\n"
	if _, err := parse(head + "a 1\n"); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"no end":             head + "a 1",
		"empty line":         head + "\na 1\n",
		"series twice":       head + "a{l=\"x\"} 1\na{l=\"x\"} 2\n",
		"type twice":         head + "# TYPE a gauge\na 1\n",
		"help twice":         head + "# HELP a A.\na 1\n",
		"two pieces":         head + "a{l=\"1\"} 1\n# TYPE b gauge\nb 1\na{l=\"2\"} 1\n",
		"no type":            "a 1\n",
		"type after":         "a 1\n# TYPE a gauge\n",
		"unknown type":       "# TYPE a number\na 1\n",
		"open quote":         head + "a{l=\"x} 1\n",
		"bare quote":         head + "a{l=\"x\"y\"} 1\n",
		"bare newline":       head + "a{l=\"x\ny\"} 1\n",
		"unknown escape":     head + "a{l=\"\\t\"} 1\n",
		"escaped quote help": "# HELP a \\\"A\\\".\n# TYPE a gauge\na 1\n",
		"label twice":        head + "a{l=\"x\",l=\"y\"} 1\n",
		"no value":           head + "a{l=\"x\"}\n",
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("%s is let pass:\n%s", name, text)
		}
	}
}

func TestExposition(t *testing.T) {
	t.Parallel()
	odd := gauge("odd", "A \"help\" with \\ and\na second line, \\n.", "one", "two")
	out := exposition{}
	out.add(counter("zeros_total", "The last one."), 0)
	out.add(odd, 1, "quote \" backslash \\ newline \n both \\n \\\"", "comma,brace}")
	out.add(odd, 2.5, "", " \t")
	out.add(odd, math.Inf(1), "\\", "\u00e9\u4e2d")
	out.add(odd, 1e21, "\xff", "broken")
	out.add(odd, -3, "a", "b")
	var text strings.Builder
	n, err := out.WriteTo(&text)
	if err != nil || n != int64(text.Len()) {
		t.Fatalf("%d bytes of %d: %v", n, text.Len(), err)
	}
	want := page{
		help: map[string]string{"odd": odd.help, "zeros_total": "The last one."},
		kind: map[string]string{"odd": "gauge", "zeros_total": "counter"},
		series: []series{
			{"odd", "one=\x00two= \t", 2.5},
			{"odd", "one=\\\x00two=\u00e9\u4e2d", math.Inf(1)},
			{"odd", "one=a\x00two=b", -3},
			{"odd", "one=quote \" backslash \\ newline \n both \\n \\\"\x00two=comma,brace}", 1},
			{"odd", "one=\ufffd\x00two=broken", 1e21},
			{"zeros_total", "", 0},
		},
	}
	if diff := cmp.Diff(want, read(t, text.String()), cmp.AllowUnexported(page{}, series{})); diff != "" {
		t.Errorf("%s\n%s", diff, text.String())
	}
}

// Broken bytes all look alike: labels that differ in them alone must not make
// Prometheus refuse the scrape.
func TestNoSeriesTwice(t *testing.T) {
	t.Parallel()
	for range 20 { // a map has many orders
		out := exposition{}
		state(t.Context(), out, answer{Posts: map[string]int64{"x:\xff": 3, "x:\xfe": 5, "x:\xfd": 4}}, time.Now())
		if diff := cmp.Diff(map[string]float64{"onrecord_posts_total{account=\"x:\ufffd\"}": 5}, out[posts]); diff != "" {
			t.Fatal(diff)
		}
	}
}

// answer is a database of one status.
type answer bot.Status

func scrape(t *testing.T, database Database) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	Handler(database, `v"1\`, time.Now()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	return w
}

// The whole page parses, and its names are as Prometheus wants them.
func TestPage(t *testing.T) {
	t.Parallel()
	const evil = "x:\"},\\\n# TYPE onrecord_posts_unread counter\n"
	w := scrape(t, answer{
		Accounts:  []bot.AccountStatus{{ID: evil}, {ID: "feed:harbor.example"}},
		Channels:  []bot.ChannelStatus{{ID: evil, Owed: 3}, {ID: "newsroom"}},
		Posts:     map[string]int64{evil: 42, "feed:harbor.example": 1},
		Decisions: map[string]int64{"accept": 7, "reject": 33},
		Settled:   map[string]map[string]int64{evil: {"sent": 5, "dead": 1}, "newsroom": {"sent": 2_000_000}},
		Spend:     map[string]int64{"x": 1_250_000},
		Unread:    6,
	})
	if got := w.Header().Get("Content-Type"); got != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("Content-Type: %s", got)
	}
	p := read(t, w.Body.String())
	found := map[string]int{}
	for _, s := range p.series {
		found[s.name]++
		if s.name == "onrecord_posts_total" && s.labels == "account="+evil && s.value != 42 {
			t.Errorf("posts of the odd account: %v", s.value)
		}
	}
	for _, f := range []*family{
		buildInfo, databaseUp, pullAge, pullFailures, stale, posts, unread, decisions, owed, oldest, settled, paused, spend,
		goroutines, startTime,
	} {
		if found[f.name] == 0 || p.help[f.name] != f.help || p.kind[f.name] != f.kind {
			t.Errorf("%s: %d series, %s, %q", f.name, found[f.name], p.kind[f.name], p.help[f.name])
		}
	}
	for name, kind := range p.kind {
		if total := strings.HasSuffix(name, "_total"); total != (kind == "counter") || p.help[name] == "" {
			t.Errorf("%s is a %s, and its help %q", name, kind, p.help[name])
		}
	}
}

func (a answer) Status(ctx context.Context) (bot.Status, error) { return bot.Status(a), ctx.Err() }

// gate is a database that answers when it is let.
type gate struct{ entered, release chan struct{} }

func (g gate) Status(context.Context) (bot.Status, error) {
	g.entered <- struct{}{}
	<-g.release
	return bot.Status{}, nil
}

func TestScrapesAreFew(t *testing.T) {
	t.Parallel()
	g := gate{make(chan struct{}), make(chan struct{})}
	h := Handler(g, "v1", time.Now())
	get := func() int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
		return w.Code
	}
	codes := make(chan int)
	for range maxScrapes {
		go func() { codes <- get() }()
	}
	for range maxScrapes {
		<-g.entered
	}
	if code := get(); code != http.StatusServiceUnavailable {
		t.Errorf("one scrape too many: HTTP %d", code)
	}
	close(g.release)
	for range maxScrapes {
		if code := <-codes; code != http.StatusOK {
			t.Errorf("a scrape among %d: HTTP %d", maxScrapes, code)
		}
	}
	go func() { <-g.entered }()
	if code := get(); code != http.StatusOK {
		t.Errorf("after the crowd: HTTP %d", code)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for stat, want := range map[string]exposition{
		"7 (on ) record) S 1 7 7 0 -1 0 0 0 0 0 250 50 0 0 20 0 9 0 100 1000 3 18446744073709551615": {
			cpuTime: {"process_cpu_seconds_total": 3}, resident: {"process_resident_memory_bytes": 3 * float64(os.Getpagesize())},
		},
		"7 (onrecord) S 1": {},
		"":                 {},
	} {
		got := exposition{}
		usage(got, []byte(stat))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q\n%s", stat, diff)
		}
	}
}
