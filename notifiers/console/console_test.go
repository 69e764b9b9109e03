package console_test

import (
	"bytes"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/console"
	"onrecord/notifiers/notifiertest"
)

var update = flag.Bool("update", false, "rewrite the golden cards")

// terminal keeps what was written, one string a write.
type terminal struct {
	mu     sync.Mutex
	writes []string
}

func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writes = append(t.writes, string(b))
	return len(b), nil
}

func open(t *testing.T, env notifiers.Env) notifiers.Notifier {
	t.Helper()
	n, err := console.Kind().Config().Open(env)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConformance(t *testing.T) {
	notifiertest.Run(t, func(t *testing.T) notifiertest.Place {
		screen := &terminal{}
		return notifiertest.Place{
			Notifier: open(t, notifiers.Env{Terminal: screen}), Target: notifiers.Target{ID: "terminal"},
			Shown: func() []string { return screen.writes },
			Break: func(notifiertest.Fault) func() int { return nil }, // a terminal has no network
			Mend:  func() {},
		}
	})
}

func notices() map[string]onrecord.Notice {
	change := func(f func(*onrecord.StatementNotice)) onrecord.StatementNotice {
		n := notifiertest.Notice()
		f(&n)
		return n
	}
	also := func(f func(*onrecord.StatementNotice)) onrecord.AlsoSaidNotice {
		n := change(f)
		return onrecord.AlsoSaidNotice{Statement: n.Statement, Case: n.Case}
	}
	said := notifiertest.Notice().Statement.Parts[0].Created
	withdrawn, withdrawal := notifiertest.Withdrawn()
	list := map[string]onrecord.Notice{}
	list["taken out"], _ = notifiertest.TakenOut()
	for name, n := range notifiertest.Fates() {
		list[name] = n
	}
	maps.Copy(list, map[string]onrecord.Notice{
		"filings": notifiertest.Filings(),
		"digest": onrecord.DigestNotice{Digest: onrecord.Digest{
			ID: 7, From: said.Add(-24 * time.Hour), Until: said, Accounts: 3, Waiting: 1,
			Statements: []onrecord.DigestLine{{Statement: notifiertest.Notice().Statement, Kind: onrecord.NewStatement, Link: "https://social.example/@northwind/1142"}},
		}},
		"incident":      onrecord.IncidentNotice{Incident: onrecord.Incident{ID: 7, Kind: onrecord.ChannelPaused, Subject: "newsroom", Text: "grant the bot Send Messages", Began: said}},
		"incident_over": onrecord.IncidentNotice{Incident: onrecord.Incident{ID: 7, Kind: onrecord.ChannelPaused, Subject: "newsroom", Text: "grant the bot Send Messages", Began: said, Ended: said.Add(time.Hour)}, Changed: true},
		"withdrawn":     withdrawn, "withdrawal": withdrawal,
		"new": notifiertest.Notice(), "quoted": notifiertest.Quoted(), "unnamed": notifiertest.Unnamed(),
		"gap": onrecord.GapNotice{Gap: onrecord.Gap{ID: 7, From: said.Add(-13 * time.Minute), Until: said.Add(179 * time.Minute), Posts: 12}},
		"full": change(func(n *onrecord.StatementNotice) {
			s := &n.Statement
			s.Lane, s.Novelty, s.Prior, s.Added = onrecord.ForReview, onrecord.Expands, 41, []onrecord.Span{{End: 53}}
			s.Summary.InShort, s.Summary.Origin = "Northwind Data says that it asked three times before it sued.", "some-model"
			s.Reasons = append(s.Reasons, onrecord.Reason{Name: "greeting or promotion", Weight: -1, Text: "Today"})
			p := &s.Parts[0]
			p.Title, p.Warning, p.Cut, p.Kind = "Why we went to court", "legal matters", true, onrecord.Article
			p.ReplyTo = &onrecord.Ref{Account: "@harborlabs", URL: "https://social.example/@harborlabs/733"}
			p.Media = []onrecord.Media{{Kind: "image", Alt: "A letter to the court"}, {Kind: "pdf"}, {Kind: "pdf"}}
			s.Mirrors = []onrecord.Mention{{URL: "https://northwind.example/news/harbor", At: said}}
		}),
		"translated": change(func(n *onrecord.StatementNotice) {
			s := &n.Statement
			s.Parts[0].Text = "Hoy demandamos a Harbor Labs por 4.200 archivos. No vamos a retirar la demanda."
			s.Summary = onrecord.Summary{
				InShort: "Northwind Data sued Harbor Labs over 4,200 files.", Turned: true, Instructs: true,
				Translation: "Today we sued Harbor Labs over 4,200 files. We will not withdraw the suit.", Lang: "es", Origin: "some-model",
			}
		}),
		"thread": change(func(n *onrecord.StatementNotice) {
			s := &n.Statement
			s.Parts = append(s.Parts, s.Parts[0], s.Parts[0])
			s.Parts[1].Text, s.Parts[1].Dated = "First line.\n\nSecond line, after an empty one.", false
			s.Summary.Quotes = []onrecord.Span{{End: 53}, {Part: 1, End: len(s.Parts[1].Text)}}
			s.Parts[0].Dated = false
		}),
		"wide": change(func(n *onrecord.StatementNotice) {
			n.Statement.Parts[0].Text = strings.Repeat("我们今天提起了诉讼。", 9) + " 👩‍👩‍👧‍👦👍🏽 " + strings.Repeat("x", 100) + " \x1b[31mred\x1b[0m \u202eback\u202c https://evil.example/" + strings.Repeat("a", 90)
			n.Statement.Summary.Quotes = nil
		}),
		"long": change(func(n *onrecord.StatementNotice) {
			n.Statement.Parts[0].Text = strings.Repeat("We asked for it back. ", 300)
			n.Statement.Summary.Quotes = nil
		}),
		"also said": also(func(n *onrecord.StatementNotice) {
			n.Statement.Mirrors = []onrecord.Mention{{URL: "https://northwind.example/old"}, {URL: "https://northwind.example/news/harbor?" + strings.Repeat("long=", 20), At: said}}
		}),
	})
	return list
}

func TestCards(t *testing.T) {
	t.Parallel()
	for name, n := range notices() {
		for _, look := range []struct {
			name string
			env  notifiers.Env
		}{{"80", notifiers.Env{}}, {"40 color", notifiers.Env{Width: 20, Color: true}}, {"90", notifiers.Env{Width: 500}}} {
			screen := &terminal{}
			look.env.Terminal = screen
			m, err := open(t, look.env).Render(n)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", strings.ReplaceAll(name+" "+look.name, " ", "_")+".txt")
			if *update {
				if err := os.WriteFile(file, m.Body, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(m.Body)); diff != "" {
				t.Errorf("%s changed; if that is meant, run with -update (-want +got):\n%s", file, diff)
			}
			if color := bytes.ContainsRune(m.Body, '\x1b'); color != look.env.Color {
				t.Errorf("%s: colour %v", file, color)
			}
			if n.Kind() == onrecord.AlsoSaid && strings.Count(string(m.Body), "\n") != 1 {
				t.Errorf("%s is not one line", file)
			}
		}
	}
}

// Lines of ASCII keep to the width; nothing from outside moves the cursor.
func TestLinesFit(t *testing.T) {
	t.Parallel()
	m, err := open(t, notifiers.Env{Width: 60}).Render(notices()["new"])
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(m.Body)) {
		n := -1 // the line end
		for g := graphemes.FromString(line); g.Next(); {
			n++
		}
		if n > 60 {
			t.Errorf("%d columns: %q", n, line)
		}
	}
	wide, err := open(t, notifiers.Env{}).Render(notices()["wide"])
	if err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsAny(wide.Body, "\x1b\u202e\u202c") {
		t.Errorf("the card holds controls: %q", wide.Body)
	}
}

// A terminal shows no files: it names them below the card, cleaned.
func TestFiles(t *testing.T) {
	t.Parallel()
	screen := &terminal{}
	n := open(t, notifiers.Env{Terminal: screen})
	m := notifiers.Message{Body: []byte("a card\n"), Files: []notifiers.File{
		{Name: "letter.png", Type: "image/png", Alt: "A letter of\n\x1b[31mtwo lines", Data: []byte{0}}, {Name: "docket.pdf", Type: "application/pdf", Data: []byte{0}},
	}}
	if _, err := n.Send(t.Context(), notifiers.Target{}, m, "key"); err != nil {
		t.Fatal(err)
	}
	want := "a card\n  File            letter.png (A letter of [31mtwo lines)\n  File            docket.pdf\n\n"
	if len(screen.writes) != 1 || screen.writes[0] != want {
		t.Errorf("written %q, want %q", screen.writes, want)
	}
}

func TestTerminalFails(t *testing.T) {
	t.Parallel()
	for written, want := range map[int]notifiers.Outcome{0: notifiers.Retry, 3: notifiers.Unknown} {
		n := open(t, notifiers.Env{Terminal: closed(written)})
		_, err := n.Send(t.Context(), notifiers.Target{ID: "terminal"}, notifiers.Message{Body: []byte("a card")}, "key")
		var told *notifiers.Error
		if !errors.As(err, &told) || told.Outcome != want {
			t.Errorf("after %d bytes: %v, want %s", written, err, want)
		}
	}
}

type closed int

func (c closed) Write([]byte) (int, error) { return int(c), errors.New("no terminal") }

func TestManyChannelsDoNotMix(t *testing.T) {
	t.Parallel()
	screen := &terminal{}
	n := open(t, notifiers.Env{Terminal: screen})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := n.Send(t.Context(), notifiers.Target{}, notifiers.Message{Body: []byte("a card\n")}, "key"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(screen.writes) != 20 {
		t.Errorf("%d writes, want one a card", len(screen.writes))
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	k := console.Kind()
	if err := k.Channel(notifiers.Target{ID: "terminal"}); err != nil {
		t.Error(err)
	}
	if k.Channel(notifiers.Target{Address: "1180000000000000010"}) == nil {
		t.Error("an address passes, although nothing is done with it")
	}
	if err := k.Config().Validate(); err != nil {
		t.Error(err)
	}
	if _, err := open(t, notifiers.Env{}).Render(onrecord.StatementNotice{Statement: onrecord.Statement{No: 1, Seen: time.Now()}}); err == nil {
		t.Error("a statement without a post was rendered")
	}
}
