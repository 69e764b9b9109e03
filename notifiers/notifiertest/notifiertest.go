// Package notifiertest holds what every notifier must do. A notifier's own
// test opens it against a fake of its place and calls [Run].
package notifiertest

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/notifiers"
)

// Place is a notifier opened against a fake of its place.
type Place struct {
	Notifier notifiers.Notifier
	Target   notifiers.Target
	// Shown returns what a reader sees at the place, oldest first: one string
	// a message with all its text.
	Shown func() []string
	// Break makes the next answer of the fake fail and returns how often it
	// did; nil when the place cannot fail in this way. Mend ends it.
	Break func(Fault) (fired func() int)
	Mend  func()
	// Secret is a credential the notifier was given; "" when it has none.
	Secret string
}

// Fault is a way for a place to fail.
type Fault string

// The faults.
const (
	RateLimited Fault = "rate limited" // told to wait; nothing was posted
	Refused     Fault = "refused"      // no connection was made
	AnswerLost  Fault = "answer lost"  // posted, but the answer never came
	ServerError Fault = "server error" // HTTP 500, nothing was posted
	NoAccess    Fault = "no access"    // the channel is closed to us
)

// wants says what each fault must be taken for. A server's failure is not
// proof that nothing was posted.
var wants = []struct {
	fault   Fault
	outcome notifiers.Outcome
	free    bool
}{
	{RateLimited, notifiers.Retry, true},
	{Refused, notifiers.Retry, true},
	{AnswerLost, notifiers.Unknown, false},
	{ServerError, notifiers.Unknown, false},
	{NoAccess, notifiers.Permanent, false},
}

// Key is what the program hands to Send.
func Key(channel, subject, kind string) string {
	return onrecord.DeliveryKey{Instance: "demo", Channel: channel, Subject: subject, Notice: kind}.String()
}

// Run runs the suite. open starts a fresh place that shows nothing yet.
func Run(t *testing.T, open func(t *testing.T) Place) {
	t.Run("rendering is pure", func(t *testing.T) {
		p := open(t)
		for _, n := range []onrecord.Notice{Notice(), hostile()} {
			a, b := p.render(t, n), p.render(t, n)
			if !bytes.Equal(a.Body, b.Body) || len(a.Files) != len(b.Files) {
				t.Errorf("the same notice gave different messages:\n%s\n%s", a.Body, b.Body)
			}
		}
		if len(p.Shown()) != 0 {
			t.Error("rendering posted something")
		}
	})
	t.Run("a notice is shown once, quote, speaker and number in it", func(t *testing.T) {
		p := open(t)
		if _, err := p.Notifier.Send(t.Context(), p.Target, p.render(t, Notice()), p.key()); err != nil {
			t.Fatal(err)
		}
		shown := p.Shown()
		if len(shown) != 1 {
			t.Fatalf("%d messages shown, want 1", len(shown))
		}
		for _, want := range []string{"We asked for it back three times.", "Northwind Data", "S-0042"} {
			if !strings.Contains(strings.Join(strings.Fields(shown[0]), " "), want) {
				t.Errorf("the message lacks %q:\n%s", want, shown[0])
			}
		}
	})
	t.Run("files keep no notice from being shown", func(t *testing.T) {
		p := open(t)
		m := p.render(t, Notice())
		m.Files = []notifiers.File{{Name: "letter.png", Type: "image/png", Alt: "a letter", Data: []byte("\x89PNG")}}
		if _, err := p.Notifier.Send(t.Context(), p.Target, m, p.key()); err != nil {
			t.Fatal(err)
		}
		if shown := p.Shown(); len(shown) != 1 || !strings.Contains(shown[0], "S-0042") {
			t.Errorf("shown: %q, want the notice", shown)
		}
	})
	for _, w := range wants {
		t.Run("outcome: "+string(w.fault), func(t *testing.T) {
			p := open(t)
			fired := p.Break(w.fault)
			if fired == nil {
				t.Skipf("the place cannot fail by %s", w.fault)
			}
			_, err := p.Notifier.Send(t.Context(), p.Target, p.render(t, Notice()), p.key())
			if fired() == 0 {
				t.Fatal("the fault never fired: the test proves nothing")
			}
			var sendErr *notifiers.Error
			if !errors.As(err, &sendErr) {
				t.Fatalf("got error %v, want a *notifiers.Error", err)
			}
			if sendErr.Outcome != w.outcome || sendErr.Free != w.free {
				t.Errorf("outcome %s, free %v; want %s, free %v (%v)", sendErr.Outcome, sendErr.Free, w.outcome, w.free, err)
			}
			if w.fault == RateLimited && !sendErr.At.After(time.Now()) {
				t.Error("rate limited, but no time to ask again")
			}
			if w.fault == NoAccess && sendErr.Scope != notifiers.WholeChannel {
				t.Errorf("scope %q, want the channel: its deliveries must stay owed", sendErr.Scope)
			}
			if p.Secret != "" && strings.Contains(err.Error(), p.Secret) {
				t.Error("the error shows a credential")
			}
		})
	}
	t.Run("an unclear send is settled", settled(open))
	t.Run("an edit changes the message", edited(open))
	t.Run("what was withdrawn is called so", withdrawn(open))
}

// settled holds for notifiers that promise once: repeating with the same key,
// or looking, ends with one message.
func settled(open func(t *testing.T) Place) func(*testing.T) {
	return func(t *testing.T) {
		p := open(t)
		finder, ok := p.Notifier.(notifiers.Finder)
		if !ok {
			t.Skip("the place delivers at least once")
		}
		m, before := p.render(t, Notice()), time.Now()
		fired := p.Break(AnswerLost)
		_, err := p.Notifier.Send(t.Context(), p.Target, m, p.key())
		if err == nil || fired() == 0 {
			t.Fatalf("the answer was not lost: %v", err)
		}
		p.Mend()
		found, ok, err := finder.Find(t.Context(), p.Target, notifiers.Query{Message: m, Key: p.key(), Since: before})
		if err != nil || !ok {
			t.Fatalf("find: %v, found %v", err, ok)
		}
		again, err := p.Notifier.Send(t.Context(), p.Target, m, p.key())
		if err != nil || again != found {
			t.Errorf("repeating gave receipt %v and error %v, want the first message %v", again, err, found)
		}
		if n := len(p.Shown()); n != 1 {
			t.Errorf("%d messages shown, want 1", n)
		}
	}
}

func edited(open func(t *testing.T) Place) func(*testing.T) {
	return func(t *testing.T) {
		p := open(t)
		editor, ok := p.Notifier.(notifiers.Editor)
		if !ok {
			t.Skip("the place cannot edit")
		}
		posted, err := p.Notifier.Send(t.Context(), p.Target, p.render(t, Notice()), p.key())
		if err != nil {
			t.Fatal(err)
		}
		also := Notice()
		also.Statement.Mirrors = []onrecord.Mention{{Post: "feed:northwind.example/news/1", Account: "feed:northwind.example/news", Source: "feed", URL: "https://northwind.example/news/harbor", At: date.Add(time.Hour)}}
		for range 2 { // editing twice is the same as once
			if err := editor.Edit(t.Context(), p.Target, posted, p.render(t, onrecord.AlsoSaidNotice{Statement: also.Statement, Case: also.Case})); err != nil {
				t.Fatal(err)
			}
		}
		shown := p.Shown()
		if len(shown) != 1 || !strings.Contains(shown[0], "northwind.example/news/harbor") {
			t.Errorf("after the edit a reader sees %q", shown)
		}
	}
}

// withdrawn holds for all: a place that changes no message is told in the answer alone.
func withdrawn(open func(t *testing.T) Place) func(*testing.T) {
	return func(t *testing.T) {
		p := open(t)
		changed, tells := Withdrawn()
		posted, err := p.Notifier.Send(t.Context(), p.Target, p.render(t, Notice()), p.key())
		if err != nil {
			t.Fatal(err)
		}
		change, answer := p.render(t, changed), p.render(t, tells)
		want := 1
		if editor, ok := p.Notifier.(notifiers.Editor); ok {
			if err := editor.Edit(t.Context(), p.Target, posted, change); err != nil {
				t.Fatal(err)
			}
			want = 2
		}
		if answerer, ok := p.Notifier.(notifiers.Answerer); ok {
			_, err = answerer.Answer(t.Context(), p.Target, posted, answer, Key(p.Target.ID, "S-0042", "r2"))
		} else {
			_, err = p.Notifier.Send(t.Context(), p.Target, answer, Key(p.Target.ID, "S-0042", "r2"))
		}
		if err != nil {
			t.Fatal(err)
		}
		shown := p.Shown()
		called := 0
		for _, text := range shown {
			if strings.Contains(strings.ToLower(text), "withdrawn") && strings.Contains(strings.Join(strings.Fields(text), " "), "the account is a parody") {
				called++
			}
		}
		if len(shown) != 2 || called != want {
			t.Errorf("%d of the messages say that it was withdrawn, and why; want %d of 2: %q", called, want, shown)
		}
	}
}

func (p Place) render(t *testing.T, n onrecord.Notice) notifiers.Message {
	t.Helper()
	m, err := p.Notifier.Render(n)
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	return m
}

func (p Place) key() string { return Key(p.Target.ID, "S-0042", "n") }

var date = time.Date(2026, 10, 5, 14, 15, 0, 0, time.UTC)

// Notice is a short new statement in an invented case.
func Notice() onrecord.StatementNotice {
	text := "Today we filed suit against Harbor Labs and Ivo Lind. In March a former engineer copied our pricing model. We asked for it back three times."
	c := onrecord.Case{
		ID: "northwind-v-harbor", Title: "Northwind Data v. Harbor Labs", Docket: []string{"26-cv-00417"}, URL: "https://court.example/dockets/26-cv-00417",
		Parties: []onrecord.Person{{Name: "Northwind Data", Role: "plaintiff"}, {Name: "Harbor Labs", Role: "defendant"}, {Name: "Ivo Lind", Role: "defendant"}},
	}
	return onrecord.StatementNotice{Case: c, Statement: onrecord.Statement{
		No: 42, Case: c.ID, Speaker: "Northwind Data", Role: "plaintiff", Account: "x:northwind", Lane: onrecord.Record, Novelty: onrecord.New,
		Parts: []onrecord.Post{{
			Account: "x:northwind", ID: "1142", URL: "https://social.example/@northwind/1142", Author: onrecord.Author{ID: "7", Handle: "northwind", Name: "Northwind Data"},
			Kind: onrecord.Original, Text: text, Created: date, Dated: true,
		}},
		Summary: onrecord.Summary{Quotes: []onrecord.Span{{Start: 0, End: len(text)}}, Origin: "extract"},
		Reasons: []onrecord.Reason{{Name: "names the other side", Weight: 1.3, Text: "Harbor Labs", Start: 28, End: 39}, {Name: "names the case's people", Weight: 2.6, Text: "Ivo Lind", Start: 44, End: 52}},
		Score:   2.1, Seen: date.Add(40 * time.Second),
	}}
}

// Fates are notices of each thing that can become of a statement, by name.
func Fates() map[string]onrecord.FateNotice {
	list := map[string]onrecord.FateNotice{}
	for i, kind := range []onrecord.NoticeKind{onrecord.Edited, onrecord.Replaced, onrecord.Deleted, onrecord.Gone, onrecord.Unreadable, onrecord.Returned} {
		n := Notice()
		f := onrecord.Fate{No: i + 1, Kind: kind, Parts: []int{0}, From: date.Add(10 * time.Minute), Until: date.Add(time.Hour)}
		if kind.Revises() { // of the others nothing is known of what they said
			f.Was, f.URL = n.Statement.Parts[0].Text, n.Statement.Parts[0].URL
			f.Now = strings.ReplaceAll(f.Was, "three times", "*twice*, @everyone,\nand <b>never</b> again")
		}
		list[string(kind)] = onrecord.FateNotice{Statement: n.Statement, Case: n.Case, Fate: f}
	}
	thread := list[string(onrecord.Gone)]
	thread.Statement.Parts = append(thread.Statement.Parts, thread.Statement.Parts[0], thread.Statement.Parts[0])
	thread.Fate.Parts = []int{0, 2}
	list["gone in part"] = thread
	return list
}

// Filings is what was filed in a case, with all that an entry may hold.
func Filings() onrecord.FilingsNotice {
	day := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	return onrecord.FilingsNotice{
		Digest: onrecord.Digest{ID: 9, From: day, Until: day.Add(26 * time.Hour)},
		Case:   onrecord.Case{ID: "northwind-v-harbor", Title: "Northwind Data v. Harbor Labs", Docket: []string{"3:26-cv-00417"}},
		Filings: onrecord.Filings{
			Case: "northwind-v-harbor",
			Entries: []onrecord.FiledEntry{
				{What: "MOTION to Dismiss [Counts 1-3]", Filer: "Harbor Labs, Inc. @everyone", On: day, URL: "https://court.example/docket/68000001/#entry-12"},
				{What: "ORDER setting a hearing", On: day.Add(24 * time.Hour)},
				{What: "Minute entry: **hearing** held", Filer: "the clerk", URL: "https://court.example/docket/68000001/#minute-entry-7"},
			},
			Folded: []onrecord.Folded{{What: "pro hac vice", Count: 21}, {What: "appearance", Count: 9}, {What: "certificate of service", Count: 4}, {What: "other", Count: 3}},
		},
	}
}

// Quoted is a statement that an outlet quotes: two passages of an article that
// also holds the reporter's words and somebody else's.
func Quoted() onrecord.StatementNotice {
	n := Notice()
	s := &n.Statement
	p := &s.Parts[0]
	p.Kind, p.Title, p.URL, p.Author = onrecord.Article, "Harbor Labs answers the suit", "https://courier.example/2026/10/05/harbor-answers", onrecord.Author{Name: "Ada Blum"}
	p.Text = "Harbor Labs answered on Monday.\n\n" +
		"“We never opened the personal drive,” Dana Reyes, its chief executive, told The Courier. “And we *never* will.”\n\n" +
		"“That is for the court to say,” a lawyer for Northwind Data replied."
	s.Speaker, s.Role, s.Via, s.Summary.Quotes = "Dana Reyes", "chief executive of Harbor Labs", "courier.example", nil
	for _, words := range []string{"We never opened the personal drive", "And we *never* will."} {
		start := strings.Index(p.Text, words)
		s.Summary.Quotes = append(s.Summary.Quotes, onrecord.Span{Start: start, End: start + len(words)})
	}
	return n
}

// Unnamed is what an outlet quotes of somebody it does not name: for review,
// without a speaker and without words of one.
func Unnamed() onrecord.StatementNotice {
	n := Quoted()
	s := &n.Statement
	p := &s.Parts[0]
	p.Text = "Harbor Labs answered on Monday.\n\n“We never opened the personal drive,” a person close to the company told The Courier."
	s.Speaker, s.Role, s.Lane, s.Summary.Quotes = "", "", onrecord.ForReview, nil
	s.Reasons = append(s.Reasons, onrecord.Reason{Name: "quotes nobody of the case by name"})
	return n
}

// TakenOut is a statement whose words were taken out, and what takes them out of the
// message about an edit of it.
func TakenOut() (statement, edit onrecord.RedactedNotice) {
	n := Notice()
	s := n.Statement
	s.Parts = []onrecord.Post{s.Parts[0].Redact()}
	s.Summary.Quotes, s.Reasons = nil, []onrecord.Reason{{Name: "names the other side", Weight: 1.3}}
	f := onrecord.Fate{No: 1, Kind: Fates()["edited"].Fate.Kind, Parts: []int{0}, From: date.Add(10 * time.Minute), Until: date.Add(time.Hour), URL: s.Parts[0].URL}
	return onrecord.RedactedNotice{Statement: s, Case: n.Case}, onrecord.RedactedNotice{Statement: s, Case: n.Case, Edit: &f}
}

// Withdrawn is a statement of which a person first said whose it is, and then took it
// back, and what tells of the latter.
func Withdrawn() (onrecord.CorrectedNotice, onrecord.CorrectionNotice) {
	n := Notice()
	s := n.Statement.Amend([]onrecord.Correction{
		{No: 1, Speaker: "Harbor Labs", Role: "defendant", Was: "Northwind Data", By: "Ada Blum", At: date.Add(time.Hour)},
		{No: 2, Withdrawn: true, Note: "the account is a parody", By: "Ada Blum", At: date.Add(2 * time.Hour)},
	})
	return onrecord.CorrectedNotice{Statement: s, Case: n.Case}, onrecord.CorrectionNotice{Statement: s, Case: n.Case, Correction: s.Corrections[1]}
}

// hostile is what a speaker could write to misuse a channel.
func hostile() onrecord.StatementNotice {
	n := Notice()
	text := "@everyone <@&1> [click](https://evil.example) \u202egnitset\u202c **bold** ```code``` " + strings.Repeat("a\u0301\u0301\u0301\u0301\u0301\u0301", 200) + "\x00\x1b[31m"
	n.Statement.Parts[0].Text = text
	n.Statement.Parts[0].Author.Name = "@here"
	n.Statement.Summary.Quotes = []onrecord.Span{{Start: 0, End: len(text)}}
	n.Statement.Reasons = nil
	return n
}
