package x_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

const (
	postPrice = 5_000
	userPrice = 10_000
)

func TestBaselineIsFree(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		for range 150 {
			b.post("From before.")
			time.Sleep(time.Second)
		}
		page := b.pull("")
		if len(page.Posts) != 0 {
			b.Errorf("the baseline gave %d posts", len(page.Posts))
		}
		if spent := b.x.Spent(); spent != userPrice {
			b.Errorf("the baseline cost %d, want the look-up of the handle alone", spent)
		}
		time.Sleep(2 * time.Minute)
		if again := b.pull(page.Next); len(again.Posts) != 0 || b.x.Reads() != 0 {
			b.Errorf("the overlap reached behind the baseline: %d posts", len(again.Posts))
		}
	})
}

func TestBackfill(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.account.Backfill = 24 * time.Hour
		for _, age := range []time.Duration{25 * time.Hour, 23 * time.Hour, time.Minute} {
			b.x.Post("northwind_data", xtest.Post{Text: age.String(), CreatedAt: time.Now().Add(-age)})
		}
		page := b.pull("")
		if diff := cmp.Diff([]string{"23h0m0s", "1m0s"}, texts(page)); diff != "" {
			b.Error(diff)
		}
	})
}

// A backfill to before X existed is everything there is.
func TestEndlessBackfill(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.account.Backfill = 100 * 365 * 24 * time.Hour
		for _, id := range []string{"9", "1101270825169846200", "10"} {
			b.x.Post("northwind_data", xtest.Post{ID: id, Text: "number " + id})
		}
		page := b.pull("")
		if diff := cmp.Diff([]string{"number 9", "number 10", "number 1101270825169846200"}, texts(page)); diff != "" {
			b.Errorf("ids are not ordered as numbers: %s", diff)
		}
	})
}

func TestPagesWithAPostInBetween(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		start := b.pull("").Next
		var want []string
		for i := range 240 {
			time.Sleep(time.Second)
			want = append(want, fmt.Sprintf("number %d", i))
			b.post(want[i])
		}
		between := b.x.Fail(xtest.Timeline, xtest.Meanwhile("northwind_data", xtest.Post{Text: "in between"}))
		page := b.pull(start)
		if diff := cmp.Diff(want, texts(page)); diff != "" {
			b.Error(diff)
		}
		if between.Fired() != 1 {
			b.Fatal("no post came in between")
		}
		if got := texts(b.pull(page.Next)); !slices.Contains(got, "in between") {
			b.Error("the post between two pages was lost")
		}
		if reads := b.x.Reads(); reads != 241 {
			b.Errorf("%d posts were billed, want 241", reads)
		}
	}, func(c *x.Config) { c.DailyBudgetUSD = 10 })
}

// A late post has an id below the newest one.
func TestLatePost(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		start := b.pull("").Next
		time.Sleep(20 * time.Minute)
		b.post("In time.")
		page := b.pull(start)
		b.x.Post("northwind_data", xtest.Post{Text: "Late.", CreatedAt: time.Now().Add(-9 * time.Minute)})
		time.Sleep(2 * time.Minute)
		if diff := cmp.Diff([]string{"Late.", "In time."}, texts(b.pull(page.Next))); diff != "" {
			b.Error(diff)
		}
	})
}

func TestQuietAccountCostsNothing(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		time.Sleep(11*time.Hour + 58*time.Minute)
		b.post("Good night.")
		for range 3 * 24 { // three days, hourly
			cursor = b.pull(cursor).Next
			time.Sleep(time.Hour)
		}
		if spent, want := b.x.Spent(), int64(userPrice+postPrice); spent != want {
			b.Errorf("a post just before midnight cost %d, want %d: it was billed again on another day", spent, want)
		}
	})
}

// After midnight the overlap begins at midnight.
func TestOverlapStopsAtMidnight(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		time.Sleep(11*time.Hour + 59*time.Minute)
		b.post("Before midnight.")
		cursor = b.pull(cursor).Next
		time.Sleep(2 * time.Minute)
		b.post("After midnight.")
		cursor = b.pull(cursor).Next
		b.x.Post("northwind_data", xtest.Post{Text: "Late, after midnight.", CreatedAt: time.Now().Add(-30 * time.Second)})
		page := b.pull(cursor)
		if diff := cmp.Diff([]string{"Late, after midnight.", "After midnight."}, texts(page)); diff != "" {
			b.Error(diff)
		}
		if reads := b.x.Reads(); reads != 3 {
			b.Errorf("%d posts were billed, want 3", reads)
		}
	})
}

func TestEdit(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		time.Sleep(time.Minute)
		first := b.post("The hearing is on 2 December.")
		before := b.pull(cursor)
		time.Sleep(5 * time.Minute)
		second := b.x.Edit(first, "The hearing is on 3 December.")
		after := b.pull(before.Next)
		if len(before.Posts) != 1 || len(after.Posts) != 1 {
			b.Fatalf("got %d and %d posts", len(before.Posts), len(after.Posts))
		}
		old, edited := before.Posts[0], after.Posts[0]
		if old.ID != first || edited.ID != first || old.Revision != first || edited.Revision != second {
			b.Errorf("identity %s and %s, revisions %s and %s", old.ID, edited.ID, old.Revision, edited.Revision)
		}
		if !edited.Created.Equal(old.Created) {
			b.Errorf("the edit is dated %v, its first version %v", edited.Created, old.Created)
		}
		if want := "https://x.com/northwind_data/status/" + second; edited.URL != want {
			b.Errorf("the edit's address is %s, want %s", edited.URL, want)
		}
	})
}

func TestDeletedPostIsGone(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		b.x.Delete(b.post("Not for long."))
		b.post("For long.")
		if diff := cmp.Diff([]string{"For long."}, texts(b.pull(cursor))); diff != "" {
			b.Error(diff)
		}
	})
}

func TestReferences(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.x.Account("harbor_labs", "Harbor Labs")
		cursor := b.pull("").Next
		claim := b.x.Post("harbor_labs", xtest.Post{Text: "R&D files were taken, " + strings.Repeat("and we can show it, ", 10) + "we say."})
		root := b.x.Post("northwind_data", xtest.Post{Text: "We read the complaint."})
		b.x.Post("northwind_data", xtest.Post{Text: "It is <wrong>.", ReplyTo: root})
		b.x.Post("northwind_data", xtest.Post{Text: "@harbor_labs This is false.", ReplyTo: claim})
		b.x.Post("northwind_data", xtest.Post{Text: "See for yourself.", Quotes: claim})
		b.x.Post("northwind_data", xtest.Post{Reposts: claim})
		posts := b.pull(cursor).Posts
		if len(posts) != 5 {
			b.Fatalf("got %d posts, want 5", len(posts))
		}
		claimURL := "https://x.com/harbor_labs/status/" + claim
		type view struct {
			Kind                    onrecord.PostKind
			Text, Thread            string
			ReplyTo, Quotes, Repost *onrecord.Ref
			Own, Cut                bool
		}
		var got []view
		for _, p := range posts {
			got = append(got, view{p.Kind, p.Text, p.Thread, p.ReplyTo, p.Quotes, p.Reposts, p.OwnWords(), p.Cut})
		}
		words := "R&D files were taken, and we can show it, and we can show it, and we can show it, and we can show it, and we can show it, …"
		want := []view{
			{Kind: onrecord.Original, Text: "We read the complaint.", Thread: root, Own: true},
			{Kind: onrecord.Thread, Text: "It is <wrong>.", Thread: root, ReplyTo: &onrecord.Ref{ID: root, URL: "https://x.com/i/status/" + root}, Own: true},
			{Kind: onrecord.Reply, Text: "@harbor_labs This is false.", Thread: claim, ReplyTo: &onrecord.Ref{ID: claim, Account: "harbor_labs", URL: claimURL}, Own: true},
			{Kind: onrecord.Quote, Text: "See for yourself.", Thread: posts[3].ID, Quotes: &onrecord.Ref{ID: claim, Account: "harbor_labs", URL: claimURL}, Own: true},
			{Kind: onrecord.Repost, Text: "RT @harbor_labs: " + words, Thread: posts[4].ID, Repost: &onrecord.Ref{ID: claim, Account: "harbor_labs", URL: claimURL, Text: words}, Cut: true},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
	}, func(c *x.Config) { c.Reposts = true })
}

// Reposts are left out by X itself, so they cost nothing.
func TestRepostsAreNotRead(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.x.Account("harbor_labs", "Harbor Labs")
		cursor := b.pull("").Next
		b.x.Post("northwind_data", xtest.Post{Reposts: b.x.Post("harbor_labs", xtest.Post{Text: "Ours."})})
		if page := b.pull(cursor); len(page.Posts) != 0 || b.x.Reads() != 0 {
			b.Errorf("got %d posts, %d billed", len(page.Posts), b.x.Reads())
		}
	})
}

func TestLongPostLinksAndPictures(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		long := "📄 Our answer <in full>: https://www.northwind.example/legal/2026/answer-to-the-complaint.pdf. " + strings.Repeat("Every drive went back. ", 40) + "Read: https://northwind.example/a"
		b.x.Post("northwind_data", xtest.Post{Text: long, Pictures: 2})
		b.x.Post("northwind_data", xtest.Post{Text: "Short & signed: https://northwind.example/b", Pictures: 1})
		posts := b.pull(cursor).Posts
		if len(posts) != 2 {
			b.Fatalf("got %d posts", len(posts))
		}
		want := strings.NewReplacer("https://www.northwind.example/legal/2026/answer-to-the-complaint.pdf", "northwind.example/legal/20…", "https://northwind.example/a", "northwind.example/a").Replace(long)
		if diff := cmp.Diff(want, posts[0].Text); diff != "" || posts[0].Cut {
			b.Errorf("cut %v, text differs: %s", posts[0].Cut, diff)
		}
		wantLinks := []onrecord.Link{
			{URL: "https://www.northwind.example/legal/2026/answer-to-the-complaint.pdf", Shown: "northwind.example/legal/20…"},
			{URL: "https://northwind.example/a", Shown: "northwind.example/a"},
		}
		if diff := cmp.Diff(wantLinks, posts[0].Links); diff != "" {
			b.Error(diff)
		}
		if len(posts[0].Media) != 2 {
			b.Errorf("got media %+v, want two pictures", posts[0].Media)
		}
		if want := "Short & signed: northwind.example/b"; posts[1].Text != want {
			b.Errorf("got %q, want %q", posts[1].Text, want)
		}
	})
}

func TestWithheldIsNeverShown(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		b.x.Withhold(b.post("Not everywhere."), "DE", "FR")
		b.post("Everywhere.")
		page := b.pull(cursor)
		if diff := cmp.Diff([]string{"Everywhere."}, texts(page)); diff != "" {
			b.Error(diff)
		}
		if len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "DE, FR") {
			b.Errorf("got warnings %q", page.Warnings)
		}
		if again := b.pull(page.Next); len(again.Warnings) != 0 {
			b.Errorf("the overlap warns again: %q", again.Warnings)
		}
	})
}

func TestHandle(t *testing.T) {
	t.Parallel()
	week := 7*24*time.Hour + time.Minute
	t.Run("still the account's", func(t *testing.T) {
		t.Parallel()
		within(t, func(b *bench) {
			cursor := b.pull("").Next
			time.Sleep(week)
			page := b.pull(cursor)
			b.pull(page.Next)
			if n := b.x.Requests(xtest.Users); n != 1 || len(page.Warnings) != 0 || page.Handle != "northwind_data" {
				b.Errorf("%d look-ups, warnings %q, called %q", n, page.Warnings, page.Handle)
			}
		})
	})
	t.Run("renamed and registered by somebody else", func(t *testing.T) {
		t.Parallel()
		within(t, func(b *bench) {
			cursor := b.pull("").Next
			b.x.Rename("northwind_data", "northwind_hq")
			b.x.Account("northwind_data", "A Squatter")
			b.x.Post("northwind_data", xtest.Post{Text: "Not Northwind."})
			b.x.Post("northwind_hq", xtest.Post{Text: "Northwind."})
			time.Sleep(week)
			page := b.pull(cursor)
			if diff := cmp.Diff([]string{"Northwind."}, texts(page)); diff != "" {
				b.Error(diff)
			}
			if page.Handle != "northwind_hq" || len(page.Warnings) != 0 {
				b.Errorf("called %q, warnings %q", page.Handle, page.Warnings)
			}
			b.x.Post("northwind_hq", xtest.Post{Text: "Still Northwind."})
			next := b.pull(page.Next)
			if len(next.Posts) != 1 || next.Posts[0].Author != (onrecord.Author{ID: b.userID, Handle: "northwind_hq", Name: "Northwind Data"}) {
				b.Errorf("got %+v", next.Posts)
			}
			if n := b.x.Requests(xtest.Users); next.Handle != "northwind_hq" || n != 1 {
				b.Errorf("called %q, after %d look-ups", next.Handle, n)
			}
		})
	})
	t.Run("check fails", func(t *testing.T) {
		t.Parallel()
		within(t, func(b *bench) {
			cursor := b.pull("").Next
			time.Sleep(week)
			b.post("Heard all the same.")
			fault := b.x.Fail(xtest.Users, xtest.Unavailable.Times(9))
			page := b.pull(cursor)
			if len(page.Posts) != 1 || len(page.Warnings) != 1 || fault.Fired() != 1 {
				b.Errorf("posts %q, warnings %q, fired %d", texts(page), page.Warnings, fault.Fired())
			}
			time.Sleep(time.Hour)
			page = b.pull(page.Next)
			time.Sleep(24 * time.Hour)
			b.pull(page.Next)
			if fault.Fired() != 2 {
				b.Errorf("asked %d times, want again after a day", fault.Fired())
			}
		})
	})
}

func TestBudget(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.x.Account("harbor_labs", "Harbor Labs")
		cursor := b.pull("").Next
		for i := range 450 {
			b.post("number " + strconv.Itoa(i))
			time.Sleep(time.Second)
		}
		// 450 posts cost $2.25, the day has $1.
		page := b.pull(cursor)
		if len(page.Posts) != 200 || page.Posts[0].Text != "number 250" || page.More {
			b.Fatalf("got %d posts, want the 200 newest", len(page.Posts))
		}
		if len(page.Warnings) != 2 || !strings.Contains(page.Warnings[0], "budget ended after 200 posts") || !strings.Contains(page.Warnings[1], "daily_budget_usd ($1.000)") {
			b.Errorf("got warnings %q", page.Warnings)
		}
		told := b.fails(page.Next)
		midnight := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
		if told.Trouble != sources.NoMoney || !told.Place || !told.Retry.Equal(midnight) {
			b.Errorf("got %+v, want no money until midnight UTC", told)
		}
		requests := b.x.Requests(xtest.Timeline)
		_ = b.fails(page.Next)
		if n := b.x.Requests(xtest.Timeline); n != requests {
			b.Error("X was asked although the budget is spent")
		}
		got, mores := texts(page), 0
		for range 10 { // days
			time.Sleep(time.Until(time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)))
			b.post("evening " + strconv.Itoa(len(got)))
			for more := true; more && len(got) < 452; more = page.More {
				page = b.pull(page.Next)
				got = append(texts(page), got...)
				if page.More {
					mores++
				}
			}
		}
		if mores != 1 {
			b.Errorf("the backlog ended %d times with a call for what came since", mores)
		}
		slices.Sort(got)
		got = slices.Compact(got)
		for i := range 450 {
			if _, found := slices.BinarySearch(got, "number "+strconv.Itoa(i)); !found {
				b.Fatalf("number %d was lost", i)
			}
		}
		if b.x.Spent() > 3_000_000 {
			b.Errorf("posts were paid for again: %d", b.x.Spent())
		}
	}, func(c *x.Config) { c.DailyBudgetUSD = 1 })
}

func TestBudgetIsErrBudget(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		// The look-up of the handle costs $0.010, and then it is over.
		_, err := b.source.Pull(b.Context(), b.account, "")
		if !errors.Is(err, x.ErrBudget) {
			b.Errorf("got %v, want ErrBudget", err)
		}
	}, func(c *x.Config) { c.DailyBudgetUSD = 0.01 })
}

func TestBudgetWarningOnceADay(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		var days []int
		for range 2 {
			for range 17 { // 17 posts: $0.085 of $0.1
				b.post("A word.")
			}
			warned := 0
			for range 3 {
				page := b.pull(cursor)
				cursor, warned = page.Next, warned+len(page.Warnings)
			}
			days = append(days, warned)
			time.Sleep(24 * time.Hour)
		}
		if diff := cmp.Diff([]int{1, 1}, days); diff != "" {
			b.Errorf("warnings by day: %s", diff)
		}
	}, func(c *x.Config) { c.DailyBudgetUSD = 0.1 })
}

// Without its meter nothing is read: a broken store must not cost money.
func TestBrokenMeter(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		b.meter.err = fmt.Errorf("disk full")
		requests := b.x.Requests(xtest.Timeline)
		if _, err := b.source.Pull(b.Context(), b.account, cursor); err == nil || !strings.Contains(err.Error(), "disk full") {
			b.Errorf("got %v", err)
		}
		if n := b.x.Requests(xtest.Timeline); n != requests {
			b.Error("X was asked without a meter")
		}
	})
}

func TestForeignCursor(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		for _, c := range []sources.Cursor{"12345", "{", `{"user":"../../2/tweets"}`, `{"user":"1","newest":5}`} {
			if told := b.fails(c); told.Trouble != sources.Nonsense {
				b.Errorf("cursor %q: %v", c, told)
			}
		}
		if n := b.x.Requests(xtest.Timeline); n != 0 {
			b.Errorf("X was asked %d times", n)
		}
	})
}
