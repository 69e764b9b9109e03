package bot_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/bot"
)

// heldRecord is a record that holds what a test puts into it.
type heldRecord struct {
	decisions  []bot.StoredDecision
	statements []onrecord.Statement
	status     bot.Status
	bot.Operations
}

func (a heldRecord) Statement(context.Context, int64) (onrecord.Statement, []bot.StoredDecision, error) {
	return onrecord.Statement{}, a.decisions, nil
}
func (a heldRecord) ByURL(context.Context, string) ([]bot.StoredDecision, error) { return nil, nil }
func (a heldRecord) Decisions(context.Context) ([]bot.StoredDecision, error)     { return a.decisions, nil }

func (a heldRecord) Status(context.Context) (bot.Status, error) { return a.status, nil }

func (a heldRecord) Latest(context.Context, string, int) ([]onrecord.Statement, error) {
	return a.statements, nil
}

// An explanation says who printed a post, and where what came of it is shown now.
func TestExplain(t *testing.T) {
	t.Parallel()
	own := onrecord.Account{ID: "x:harborlabs", Speaker: "Harbor Labs"}
	outlet := onrecord.Account{ID: "feed:courier", Kind: onrecord.Press, URL: "https://www.courier.example/feed.xml"}
	decided := func(account string, v, ruling onrecord.Label, statement int64) bot.StoredDecision {
		return bot.StoredDecision{
			Post: onrecord.Post{Account: account, Kind: onrecord.Article}, Decision: onrecord.Decision{Label: v}, Moderation: ruling, Statement: statement,
		}
	}
	list := []bot.StoredDecision{
		decided(own.ID, onrecord.Reject, "", 0),
		decided(own.ID, onrecord.Accept, "", 1),
		decided(own.ID, onrecord.Review, "", 2),
		decided(own.ID, onrecord.Review, onrecord.Reject, 3),
		decided(outlet.ID, onrecord.Review, onrecord.Accept, 4),
	}
	visitor := bot.Visitor{Record: heldRecord{decisions: list}, Accounts: []onrecord.Account{own, outlet}}
	what, ok := bot.ParseReference("s-0001")
	if !ok || what.Statement != 1 {
		t.Fatalf("a number is read as %+v, %t", what, ok)
	}
	got, err := visitor.Explain(t.Context(), what)
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.Explanation{
		{StoredDecision: list[0]},
		{StoredDecision: list[1], Lane: onrecord.Record},
		{StoredDecision: list[2], Lane: onrecord.ForReview},
		{StoredDecision: list[3], Lane: onrecord.ForReview},
		{StoredDecision: list[4], Lane: onrecord.Record, Via: "courier.example"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("explained as (-want +got):\n%s", diff)
	}
	what, ok = bot.ParseReference("https://harbor.example/1")
	if !ok {
		t.Fatal("an address names nothing")
	}
	if _, err := visitor.Explain(t.Context(), what); err == nil {
		t.Error("a post nobody has judged is explained")
	}
	if what, ok := bot.ParseReference("We deny it."); ok {
		t.Errorf("words name %+v", what)
	}
}

// Statements come with their case, whether or not it is still configured.
func TestLatestNamesTheCase(t *testing.T) {
	t.Parallel()
	known := onrecord.Case{ID: "northwind-v-harbor", Title: "Northwind Data v. Harbor Labs"}
	visitor := bot.Visitor{Cases: []onrecord.Case{known}, Record: heldRecord{statements: []onrecord.Statement{{ID: 1, Case: known.ID}, {ID: 2, Case: "closed"}}}}
	list, err := visitor.Latest(t.Context(), "", 10)
	if err != nil || len(list) != 2 || list[0].Case.Title != known.Title || list[1].Case.Title != "closed" {
		t.Errorf("%+v, %v", list, err)
	}
}

// What is configured is listed, whether or not it can be read.
func TestAccounts(t *testing.T) {
	t.Parallel()
	read := bot.AccountStatus{ID: "feed:news", Every: time.Minute, Trouble: "walled"}
	o := bot.Operator{
		Operations: heldRecord{status: bot.Status{Accounts: []bot.AccountStatus{read}, Posts: map[string]int64{read.ID: 7}}},
		Configured: []onrecord.Account{{ID: "x:harborlabs"}, {ID: read.ID}},
	}
	got, err := o.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.TrackedAccount{{Account: onrecord.Account{ID: read.ID}, Watched: true, Health: read, Posts: 7}, {Account: onrecord.Account{ID: "x:harborlabs"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tracked (-want +got):\n%s", diff)
	}
}

func TestParseSubject(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"S-0042": "S-0042", "s-42": "S-0042", "g-1": "G-0001", "42": "", "S-0": "", "": ""} {
		if got, err := bot.ParseSubject(typed); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, err, want)
		}
	}
}
