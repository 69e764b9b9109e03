package x_test

import (
	"errors"
	"testing"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

// lookAgain looks at posts as they were pulled.
func (b *bench) lookAgain(posts ...onrecord.Post) (map[string]sources.Look, error) {
	return b.source.(sources.Rechecker).Recheck(b.Context(), b.account, posts)
}

// said publishes a text and returns it as it was pulled.
func (b *bench) said(text string) onrecord.Post {
	b.Helper()
	cursor := b.pull("").Next
	b.post(text)
	posts := b.pull(cursor).Posts
	if len(posts) != 1 {
		b.Fatalf("pulled %d posts", len(posts))
	}
	return posts[0]
}

// Refusals, limits and failures say nothing of a post; each is an error.
func TestRecheckTrouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]xtest.Fault{
		"401": xtest.Unauthorized, "402": xtest.CreditsDepleted, "403": xtest.Forbidden, "403 cap": xtest.SpendCap, "404": xtest.NotFound,
		"429": xtest.TooMany(time.Now().Add(time.Minute)), "429 cap": xtest.UsageCap, "503": xtest.Unavailable, "new vocabulary": xtest.NewVocabulary,
	} {
		for _, route := range []xtest.Route{xtest.Lookup, xtest.Timeline} {
			within(t, func(b *bench) {
				p := b.said("We will answer in court.")
				if route == xtest.Timeline { // is asked for the health of the account
					b.x.Delete(p.ID)
				}
				failure := b.x.Fail(route, fault)
				looks, err := b.lookAgain(p)
				if route == xtest.Timeline && failure.Fired() == 0 && name == "new vocabulary" {
					return // there is nothing to spoil in an answer without posts
				}
				if failure.Fired() == 0 {
					b.Fatalf("%s: the fault never fired", name)
				}
				if route == xtest.Timeline && name == "404" { // X knows no such account
					if looks[p.ID].Sight != sources.Unreadable {
						b.Errorf("of an account that is not found, the post is looked at as %+v, %v", looks[p.ID], err)
					}
					return
				}
				if told, _ := errors.AsType[*sources.Error](err); told == nil || len(looks) != 0 {
					b.Errorf("%s: looked at as %+v, %v", name, looks, err)
				}
			})
		}
	}
}

func TestRecheckOfHiddenAccounts(t *testing.T) {
	t.Parallel()
	for name, hide := range map[string]func(*bench, string){
		"protected": func(b *bench, _ string) { b.x.Protect(b.account.Handle, true) },
		"suspended": func(b *bench, _ string) { b.x.Suspend(b.account.Handle, true) },
		"withheld":  func(b *bench, id string) { b.x.Withhold(id, "DE") },
		"removed, and the post with it": func(b *bench, id string) {
			b.x.Delete(id)
			b.x.Remove(b.account.Handle)
		},
		"suspended, and the post deleted": func(b *bench, id string) {
			b.x.Delete(id)
			b.x.Suspend(b.account.Handle, true)
		},
	} {
		within(t, func(b *bench) {
			p := b.said("Among friends.")
			hide(b, p.ID)
			if looks, err := b.lookAgain(p); err != nil || looks[p.ID].Sight != sources.Unreadable || looks[p.ID].Why == "" {
				b.Errorf("%s: looked at as %+v, %v", name, looks[p.ID], err)
			}
		})
	}
}

// A post that was edited more than once is read in its newest version, and X is paid
// for two versions at most; that it does not find one is free of charge.
func TestRecheckOfEdits(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		p := b.said("The hearing is on Monday.")
		time.Sleep(time.Minute)
		b.x.Edit(p.ID, "The hearing is on Tuesday.")
		time.Sleep(time.Minute)
		newest := b.x.Edit(p.ID, "The hearing is on Friday.")
		before := b.x.Spent()
		looks, err := b.lookAgain(p)
		now := looks[p.ID].Post
		if err != nil || now == nil || now.Text != "The hearing is on Friday." || now.Revision != newest || now.ID != p.ID || !now.Created.Equal(p.Created) || now.Author != p.Author {
			b.Fatalf("looked at as %+v, %v", looks[p.ID], err)
		}
		if cost := b.x.Spent() - before; cost != 2*postPrice {
			b.Errorf("looking cost %d, want that of two versions", cost)
		}
		b.x.Delete(p.ID)
		before = b.x.Spent()
		if looks, err := b.lookAgain(*now); err != nil || looks[p.ID].Sight != sources.Absent || b.x.Spent() != before {
			b.Errorf("deleted, looked at as %+v, %v, for %d", looks[p.ID], err, b.x.Spent()-before)
		}
	})
}

// What is left of the day's budget is for new posts.
func TestRecheckSparesTheBudget(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		for range 5 {
			b.post("One of five.")
		}
		posts := b.pull(cursor).Posts // 35,000 of 30,000
		asked := b.x.Requests(xtest.Lookup)
		_, err := b.lookAgain(posts...)
		told, _ := errors.AsType[*sources.Error](err)
		if told == nil || told.Trouble != sources.NoMoney || told.Retry.IsZero() || b.x.Requests(xtest.Lookup) != asked {
			b.Errorf("with the budget spent: %v, %d requests", err, b.x.Requests(xtest.Lookup)-asked)
		}
	}, func(c *x.Config) { c.DailyBudgetUSD = .03 })
}
