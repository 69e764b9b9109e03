package bot_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// heldRecord is a record that holds what a test puts into it.
type heldRecord struct {
	decisions  []bot.StoredDecision
	statements []onrecord.Statement
	status     bot.Status
	activity   bot.Activity
	bot.Operations
}

func (a heldRecord) Statement(context.Context, int64) (onrecord.Statement, []bot.StoredDecision, error) {
	return onrecord.Statement{}, a.decisions, nil
}
func (a heldRecord) ByURL(context.Context, string) ([]bot.StoredDecision, error) { return nil, nil }
func (a heldRecord) Decisions(context.Context) ([]bot.StoredDecision, error)     { return a.decisions, nil }

func (a heldRecord) Status(context.Context) (bot.Status, error) { return a.status, nil }

func (a heldRecord) OnRecord(context.Context, string, int) ([]onrecord.Statement, error) {
	return a.statements, nil
}

func (a heldRecord) Activity(context.Context) (bot.Activity, error) { return a.activity, nil }

func (a heldRecord) Latest(context.Context, string, int) ([]onrecord.Statement, error) {
	return a.statements, nil
}

func (a heldRecord) Stretch(_ context.Context, what bot.Stretch) (list []onrecord.Statement, err error) {
	for _, s := range a.statements {
		if (what.Case == "" || s.Case == what.Case) && (what.Speaker == "" || s.Speaker == what.Speaker) && (what.Below == 0 || s.No < what.Below) && s.No > what.Above && !s.Seen.Before(what.Since) {
			list = append(list, s)
		}
	}
	if !what.Upwards {
		slices.Reverse(list)
	}
	return list[:min(len(list), what.Limit)], nil
}

func (a heldRecord) Fates(context.Context, onrecord.Statement) ([]onrecord.Fate, error) {
	return nil, nil
}

func (a heldRecord) Tally(context.Context, string) (map[string]int, error) { return nil, nil }

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
	for _, named := range []string{"at://did:plc:harbor/app.bsky.feed.post/3kabc", "x:harborlabs/1963", "feed:harbor.example/news.xml/8juDCJdf"} {
		if what, ok := bot.ParseReference(named); !ok || what.URL != named {
			t.Errorf("%s is read as %+v", named, what)
		}
	}
	for _, words := range []string{"We deny it.", "Note: this/that", "re:this/that is false", "and/or"} {
		if what, ok := bot.ParseReference(words); ok {
			t.Errorf("words name %+v", what)
		}
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

// A case that nobody knows is named with those that there are.
func TestAnUnknownCase(t *testing.T) {
	t.Parallel()
	v := bot.Visitor{Cases: []onrecord.Case{{ID: "one"}, {ID: "two"}}, Record: heldRecord{}}
	for _, ask := range []func(context.Context, string, int) ([]onrecord.StatementNotice, error){v.Latest, v.OnRecord} {
		if _, err := ask(t.Context(), "three", 10); err == nil || err.Error() != `there is no case "three"; there are: one, two` {
			t.Errorf("it says %v", err)
		}
		if list, err := ask(t.Context(), "two", 10); err != nil || len(list) != 0 {
			t.Errorf("a case without statements: %v, %v", list, err)
		}
	}
	v.Record = heldRecord{statements: []onrecord.Statement{{ID: 1, Case: "closed"}}}
	if list, err := v.OnRecord(t.Context(), "closed", 10); err != nil || len(list) != 1 {
		t.Errorf("a case that was closed: %v, %v", list, err)
	}
}

// What is configured is listed, whether or not it can be read, with what waits and
// what was missed; and what a person should look at is said in words.
func TestOverview(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	dead := bot.AccountStatus{ID: "feed:news", Every: time.Minute, NextAt: now.Add(time.Minute), Fails: 1, Trouble: "walled", Error: "walled: a page for people"}
	moved := bot.AccountStatus{ID: "x:harborlabs", Every: time.Minute, LastOK: now, NextAt: now.Add(time.Minute), Handle: "Harbor_Labs"}
	spent := []bot.DaySpend{{Day: "2026-03-05", Reads: 4, Spend: .025}}
	o := bot.Operator{
		Operations: heldRecord{
			status: bot.Status{
				Reads: map[string][]bot.DaySpend{moved.ID: spent},
				Now:   now, Accounts: []bot.AccountStatus{dead, moved}, Posts: map[string]int64{dead.ID: 7}, Waiting: 2, Unread: 1, Spend: map[string]int64{"x": 1_250_000},
				Channels: []bot.ChannelStatus{{ID: "newsroom", Owed: 1, Oldest: now.Add(-time.Hour)}},
			},
			activity: bot.Activity{
				Newest: map[string]time.Time{dead.ID: now.Add(-time.Hour)}, Statements: map[string]int64{dead.ID: 3}, Sent: map[string]time.Time{"newsroom": now.Add(-2 * time.Hour)},
				Gaps: []onrecord.Gap{{ID: 1, Place: "x", From: now.Add(-5 * time.Hour), Until: now.Add(-4 * time.Hour), Posts: 9}},
			},
		},
		Configured: []onrecord.Account{{ID: moved.ID, Source: "x", Handle: "harborlabs", Speaker: "Harbor Labs"}, {ID: dead.ID, Source: "feed", URL: "https://news.example/secret"}},
		Version:    "v1",
	}
	got, err := o.Overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Overview{
		Version: "v1", Now: now, Waiting: 2, Unread: 1, Spend: map[string]float64{"x": 1.25},
		Reasons: []string{
			"account feed:news is stale: read never yet (walled: a page for people)",
			"channel newsroom: 1 deliveries are owed, the oldest for 1h0m0s",
			"2 borderline statements wait for a person, and no channel has a review lane to show them; `onrecord review` lists them",
		},
		Accounts: []bot.TrackedAccount{
			{
				ID: dead.ID, Source: "feed", Watched: true, Stale: true, NextAt: dead.NextAt, Trouble: "walled", Error: dead.Error,
				Posts: 7, Newest: now.Add(-time.Hour), Statements: 3,
			},
			{ID: moved.ID, Source: "x", Speaker: "Harbor Labs", Watched: true, LastOK: now, NextAt: moved.NextAt, Handle: "Harbor_Labs", Spend: spent, Doubt: "nothing was ever read of it"},
		},
		Channels:    []bot.TrackedChannel{{ID: "newsroom", Owed: 1, Oldest: now.Add(-time.Hour), Sent: now.Add(-2 * time.Hour)}},
		Gaps:        []bot.OverviewGap{{Number: "G-0001", Place: "x", From: now.Add(-5 * time.Hour), Until: now.Add(-4 * time.Hour), Posts: 9}},
		Corrections: []bot.OverviewCorrection{},
	}
	want.Coverage = bot.Coverage{Accounts: want.Accounts, Gaps: want.Gaps, Waiting: 2, Version: "v1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the overview (-want +got):\n%s", diff)
	}
}

// Borderline statements that a review lane shows are noted; without a lane nobody
// would know of them.
func TestWaitingIsSaid(t *testing.T) {
	t.Parallel()
	s := bot.Status{Waiting: 1, Channels: []bot.ChannelStatus{{ID: "newsroom"}, {ID: "newsroom/review"}}}
	if r, n := s.Reasons(time.Time{}), s.Notes(); len(r) != 0 || len(n) != 1 || n[0] != "1 borderline statement waits for a person; `onrecord review` lists them" {
		t.Errorf("with a lane: %q, %q", r, n)
	}
	s.Channels = s.Channels[:1]
	if r := s.Reasons(time.Time{}); len(r) != 1 {
		t.Errorf("without a lane: %q", r)
	}
	s.Waiting = 0
	if r, n := s.Reasons(time.Time{}), s.Notes(); len(r)+len(n) != 0 {
		t.Errorf("nothing waits: %q, %q", r, n)
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

// Coverage is one object, wherever it is asked for: what is read and since when, what of
// it stands on the record, what is left out, and by which rules.
func TestCoverage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	day := func(ago int) time.Time { return now.AddDate(0, 0, -ago) }
	good := func(id string) bot.AccountStatus {
		return bot.AccountStatus{ID: id, Every: time.Minute, LastOK: now, NextAt: now.Add(time.Minute)}
	}
	o := bot.Operator{
		Operations: heldRecord{
			status: bot.Status{
				Now: now, Accounts: []bot.AccountStatus{good("x:a"), good("x:b"), good("feed:c"), good("feed:d"), good("feed:e")},
				Posts: map[string]int64{"x:a": 11, "x:b": 11, "feed:c": 3, "feed:e": 2}, Waiting: 1,
			},
			activity: bot.Activity{
				Newest: map[string]time.Time{"x:a": day(1), "x:b": day(15), "feed:c": day(400), "feed:e": day(300)}, Oldest: map[string]time.Time{"x:a": day(11), "x:b": day(25), "feed:c": day(900), "feed:e": day(301)},
				Since: map[string]time.Time{"x:a": day(20), "x:b": day(30), "feed:c": day(10)}, Statements: map[string]int64{"x:a": 2, "x:b": 1},
				First: map[string]time.Time{"x:a": day(9), "x:b": day(12)}, Last: map[string]time.Time{"x:a": day(2), "x:b": day(12)},
			},
		},
		Configured: []onrecord.Account{
			{ID: "x:a", Source: "x", Cases: []string{"one"}}, {ID: "x:b", Source: "x", Cases: []string{"two"}}, {ID: "feed:c", Source: "feed"}, {ID: "feed:d", Source: "feed"}, {ID: "feed:e", Source: "feed"},
		},
		Version: "v1", Ruleset: "abc", Deletion: map[string]sources.Deletion{"x": sources.RedactDeleted, "feed": sources.TellDeleted},
		Cases: []onrecord.Case{{ID: "one", Exclude: []string{"Harbor Festival"}}, {ID: "two", Exclude: []string{"sailing"}}},
	}
	v, err := o.Overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	doubts := map[string]string{}
	for _, a := range v.Coverage.Accounts {
		doubts[a.ID] = a.Doubt
	}
	if diff := cmp.Diff(map[string]string{"x:a": "", "x:b": "silent for 15 days, which is long for it", "feed:c": "its newest post is older than a year", "feed:d": "nothing was ever read of it", "feed:e": ""}, doubts); diff != "" {
		t.Errorf("what is doubted (-want +got):\n%s", diff)
	}
	if all := v.Coverage; !all.Since.Equal(day(30)) || !all.First.Equal(day(12)) || !all.Last.Equal(day(2)) || len(all.Excluded) != 2 {
		t.Errorf("all of it: %+v", all)
	}
	one := o.CoverageIn(v, "one")
	if len(one.Accounts) != 4 || !one.First.Equal(day(9)) || one.Waiting != 1 || one.Case != "one" {
		t.Errorf("one case: %+v", one)
	}
	want := []string{"Left out by the configuration: what names Harbor Festival", "All that was read is kept, but for the words of posts that are gone from x", "onrecord v1, ruleset abc"}
	if diff := cmp.Diff(want, one.Limits()); diff != "" {
		t.Errorf("its limits (-want +got):\n%s", diff)
	}
}
