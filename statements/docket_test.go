package statements_test

import (
	"testing"
	"time"

	"onrecord"
	"onrecord/statements"
	"onrecord/statements/match"
)

// What people speak about is an event, what the clerk does every day is none.
func TestEvents(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	for text, event := range map[string]bool{
		"COMPLAINT against Harbor Labs (Filing fee $ 405.). Filed by Northwind Data.":                true,
		"MOTION to Dismiss filed by Harbor Labs. (Attachments: # 1 Declaration, # 2 Proposed Order)": true,
		"ORDER by Judge A. Chan denying 12 Motion to Dismiss.":                                       true,
		"Minute Entry for proceedings held before Judge A. Chan: Motion Hearing held on 10/5/2026.":  true,
		"JURY VERDICT":                                         true,
		"NOTICE OF APPEAL as to 40 Judgment":                   true,
		"NOTICE of Appearance by Ada Lee":                      false,
		"MOTION for leave to appear in Pro Hac Vice":           false,
		"ORDER by Judge A. Chan granting 9 Pro Hac Vice.":      false,
		"Proposed Order re 12 MOTION to Dismiss":               false,
		"STIPULATION to extend time to answer":                 false,
		"CERTIFICATE OF SERVICE by Harbor Labs":                false,
		"Summons Issued as to Harbor Labs.":                    false,
		"Certificate of Interested Entities by Northwind Data": false,
		"": false,
	} {
		p := onrecord.Post{Kind: onrecord.Filing, Title: "", Text: text, Created: day.Add(7 * time.Hour)}
		if got := statements.Events([]onrecord.Post{p, p}); (len(got) == 1) != event || event && !got[0].Date.Equal(day) {
			t.Errorf("%q makes the events %v", text, got)
		}
		p.Kind = onrecord.Article
		if got := statements.Events([]onrecord.Post{p}); len(got) != 0 {
			t.Errorf("what is no entry of a docket makes the events %v", got)
		}
	}
}

// An event of the docket makes a post near it likelier, and is no evidence of itself:
// what has nothing to do with the case is left out all the same.
func TestEventsRaiseThePrior(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	c := onrecord.Case{ID: "c", Title: "Northwind Data v. Harbor Labs", Parties: []onrecord.Person{{Name: "Northwind Data"}, {Name: "Harbor Labs"}}}
	reader := statements.NewReader([]onrecord.Case{c})
	a := onrecord.Account{ID: "x:harbor", Source: "x", Handle: "harbor", Speaker: "Harbor Labs", Cases: []string{"c"}}
	read := func(text string, events ...onrecord.Event) onrecord.Decision {
		p := onrecord.Post{Account: a.ID, ID: "1", Kind: onrecord.Original, Text: text, Created: day.Add(10 * time.Hour), Dated: true, Author: onrecord.Author{Handle: "harbor"}}
		r, err := reader.Read(t.Context(), p, a, statements.Known{Now: p.Created, Seen: p.Created, Events: map[string][]onrecord.Event{"c": events}}, statements.Offline{})
		if err != nil || r.Fault != nil {
			t.Fatal(err, r.Fault)
		}
		return r.Findings[0].Decision
	}
	near, far := onrecord.Event{Date: day, What: "Order"}, onrecord.Event{Date: day.AddDate(0, 0, -29), What: "Complaint"}
	const said = "We told the judge the truth about Northwind."
	without, with := read(said, far), read(said, far, near)
	if with.Score <= without.Score {
		t.Errorf("near an event it scores %.2f, without %.2f", with.Score, without.Score)
	}
	has := false
	for _, r := range with.Reasons {
		has = has || r.Code == "near_event"
	}
	if !has {
		t.Errorf("the reasons are %+v", with.Reasons)
	}
	if d := read("Our office kitchen is open again.", near); d.Label != onrecord.Reject {
		t.Errorf("a kitchen near an event is %s, %.2f", d.Label, d.Score)
	}
	if with.Ruleset != match.Compile([]onrecord.Case{c}).Ruleset() {
		t.Error("what a docket says changes the rules")
	}
}

// A docket speaks for nobody, whatever stands in it.
func TestADocketSpeaksForNobody(t *testing.T) {
	t.Parallel()
	c := onrecord.Case{ID: "c", Title: "Northwind Data v. Harbor Labs", Parties: []onrecord.Person{{Name: "Northwind Data"}, {Name: "Harbor Labs"}}}
	a := onrecord.Account{ID: "courtlistener:7", Source: "courtlistener", Kind: onrecord.Docket, Handle: "7", Cases: []string{"c"}}
	p := onrecord.Post{
		Account: a.ID, ID: "7/entry-1", Kind: onrecord.Filing, Author: onrecord.Author{Name: "Harbor Labs"}, Created: time.Now(), Title: "MOTION to Dismiss",
		Text: "MOTION to Dismiss, \u201cNorthwind Data v. Harbor Labs is baseless\u201d, Harbor Labs said. Filed by Harbor Labs.",
	}
	r, err := statements.NewReader([]onrecord.Case{c}).Read(t.Context(), p, a, statements.Known{}, statements.Offline{})
	if err != nil || r.Fault != nil || len(r.Findings) != 0 || r.Learned != nil || r.Post.ID != p.ID {
		t.Errorf("it reads as %+v, %v", r, err)
	}
}
