package x_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

// lookUp asks for posts by their ids.
func (b *bench) lookUp(ids ...string) (map[string]onrecord.Post, []string, error) {
	return b.source.(sources.Lookup).Posts(b.Context(), ids)
}

func TestLookup(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.x.Account("court_watcher", "Court Watcher")
		b.x.Account("ivo_lind", "Ivo Lind")
		say := func(p xtest.Post) string { return b.x.Post("court_watcher", p) }
		asked := say(xtest.Post{Text: "R&D files <all of them>: " + strings.Repeat("who took them, and why? ", 20) + "See https://court.example/docket"})
		first := say(xtest.Post{Text: "Why did Northwind wait?"})
		b.x.Edit(first, "Why does Northwind wait?")
		deleted, withheld := say(xtest.Post{Text: "Never mind."}), say(xtest.Post{Text: "Not here.", Withheld: []string{"DE"}})
		b.x.Delete(deleted)
		hidden := b.x.Post("ivo_lind", xtest.Post{Text: "Among friends."})
		b.x.Protect("ivo_lind", true)

		found, gone, err := b.lookUp(asked, first, deleted, withheld, hidden, "no id", "77")
		if err != nil {
			b.Fatal(err)
		}
		slices.Sort(gone)
		want := []string{"77", deleted, withheld, hidden}
		slices.Sort(want)
		if diff := cmp.Diff(want, gone); diff != "" || len(found) != 2 {
			b.Errorf("found %v; gone %s", found, diff)
		}
		if p := found[asked]; !strings.HasPrefix(p.Text, "R&D files <all of them>: who") || !strings.HasSuffix(p.Text, "See court.example/docket") || p.Cut {
			b.Errorf("the text is %q", p.Text)
		}
		if p := found[first]; p.Text != "Why did Northwind wait?" { // as it was when it was answered
			b.Errorf("the edited post says %q", p.Text)
		}
		if spent := b.x.Spent(); spent != 3*postPrice {
			b.Errorf("billed %d, want the three that X returned", spent)
		}
		if _, _, err := b.lookUp(asked); err != nil || b.x.Spent() != 3*postPrice {
			b.Errorf("asked again within a day: billed %d, %v", b.x.Spent(), err)
		}
	})
}

func TestLookupOfMany(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		var ids []string
		for i := range 130 {
			ids = append(ids, b.post(fmt.Sprint("number ", i)))
		}
		found, gone, err := b.lookUp(ids...)
		if err != nil || len(found) != 130 || len(gone) != 0 || b.x.Requests(xtest.Lookup) != 2 {
			b.Errorf("found %d, gone %v, %v, in %d requests", len(found), gone, err, b.x.Requests(xtest.Lookup))
		}
	})
}

// What is left of the day's budget is for new posts.
func TestLookupSparesTheBudget(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		for range 3 {
			b.post("One of three.")
		}
		cursor = b.pull(cursor).Next // 25,000 of 30,000
		id := b.post("One more.")
		before := b.x.Spent()
		_, _, err := b.lookUp(id)
		var told *sources.Error
		if !errors.Is(err, x.ErrBudget) || !errors.As(err, &told) || told.Place || !told.Retry.Equal(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)) {
			b.Errorf("got %v", err)
		}
		if b.x.Requests(xtest.Lookup) != 0 || b.x.Spent() != before {
			b.Error("X was asked all the same")
		}
		if got := texts(b.pull(cursor)); !slices.Contains(got, "One more.") {
			b.Errorf("the timeline has %q", got)
		}
		time.Sleep(12 * time.Hour)
		if found, _, err := b.lookUp(id); err != nil || len(found) != 1 {
			b.Errorf("the next day: found %v, %v", found, err)
		}
	}, func(c *x.Config) { c.DailyBudgetUSD = .03 })
}

func TestLookupTrouble(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault xtest.Fault
		want  sources.Trouble
	}{
		"rate limit": {xtest.TooMany(time.Date(2026, 11, 20, 12, 10, 0, 0, time.UTC)), sources.Limited}, "no credits": {xtest.CreditsDepleted, sources.NoMoney},
		"dead token": {xtest.Unauthorized, sources.Denied}, "failing edge": {xtest.Unavailable, sources.Unreached}, "garbage": {xtest.Garbage, sources.Nonsense},
		"nothing": {xtest.Empty, sources.Nonsense}, "half": {xtest.CutJSON, sources.Nonsense}, "slow": {xtest.Slow(time.Hour), sources.Unreached},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			within(t, func(b *bench) {
				fault := b.x.Fail(xtest.Lookup, c.fault)
				id := "12"
				if name == "half" { // there must be something to cut
					b.x.Account("court_watcher", "Court Watcher")
					id = b.x.Post("court_watcher", xtest.Post{Text: "Why?"})
				}
				ctx, cancel := context.WithTimeout(b.Context(), 5*time.Second)
				defer cancel()
				found, gone, err := b.source.(sources.Lookup).Posts(ctx, []string{id})
				var told *sources.Error
				if !errors.As(err, &told) || told.Trouble != c.want || len(found)+len(gone) != 0 {
					b.Errorf("found %v, gone %v, %v; want %s", found, gone, err, c.want)
				}
				if fault.Fired() != 1 {
					b.Error("the fault never fired")
				}
				if strings.Contains(fmt.Sprint(err), token) {
					b.Errorf("the error shows the token: %v", err)
				}
				if name == "half" { // X bills what it sent; nobody can know of what was cut off
					if err := b.meter.Record(b.Context(), "x", "lookup", []sources.Charge{{ID: id, Price: postPrice}}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func TestPostsByAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://x.com/harbor_labs/status/2123779190082764805":             "2123779190082764805",
		"https://www.twitter.com/harbor_labs/status/2123779190082764805?s": "2123779190082764805",
		"https://mobile.x.com/i/web/status/7/photo/1":                      "7",
		"https://x.com/harbor_labs":                                        "",
		"https://x.com/harbor_labs/status/latest":                          "",
		"https://x.com/status/7":                                           "",
		"https://example.com/harbor_labs/status/7":                         "",
	} {
		page, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := x.Kind().Post(page); ok != (want != "") || ok && id != want {
			t.Errorf("%s is the post %q", address, id)
		}
	}
}
