// Package sourcetest holds what every source must do. A source's own test
// opens it against a fake of its place and calls [Run].
package sourcetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onrecord"
	"onrecord/sources"
)

// Place is a source opened against a fake of its place.
type Place struct {
	Source  sources.Source
	Account onrecord.Account
	// Publish adds a post with this text to the account, later than all before.
	Publish func(text string)
	// Break makes the next answers of the fake fail and returns how often it
	// did; nil when the place cannot fail in this way. Mend ends it.
	Break func(Fault) (fired func() int)
	Mend  func()
	// Secret is a credential the source was given; "" when it has none.
	Secret string

	// What can become of a post of a [sources.Rechecker], by its id; nil: nothing of the
	// kind. Hide keeps strangers from reading the account, and ends that.
	Edit   func(id, text string)
	Delete func(id string)
	Hide   func(on bool)
	Proves bool // the place says of a deleted post that its author deleted it
	// BreakLooks is Break for what a look asks; nil: the same requests fail.
	BreakLooks func(Fault) (fired func() int)
}

// Fault is a way for a place to fail.
type Fault string

// The faults.
const (
	RateLimited Fault = "rate limited" // HTTP 429 as the place says it
	ServerError Fault = "server error" // HTTP 503 with a page for people
	CutBody     Fault = "cut body"     // the connection ends inside a good answer
	Garbage     Fault = "garbage"      // HTTP 200 with bytes that are not the place's format
	Empty       Fault = "empty body"   // HTTP 200 with nothing
	GoneAccount Fault = "gone account" // the account does not exist at the place
)

var faults = []Fault{RateLimited, ServerError, CutBody, Garbage, Empty, GoneAccount}

// Run runs the suite. open starts a fresh place with an account that has no
// posts yet and Backfill 0.
func Run(t *testing.T, open func(t *testing.T) Place) {
	t.Run("first pull is a baseline", func(t *testing.T) {
		p := open(t)
		p.Publish("an old post")
		cursor, _ := p.pull(t, "")
		if cursor == "" {
			t.Fatal("the cursor is still empty after the first pull: the next one would be a first pull again")
		}
		_, posts := p.pull(t, cursor)
		if len(posts) != 0 {
			t.Errorf("an old post came after the baseline: %q", texts(posts))
		}
	})
	t.Run("new posts come once, oldest first", func(t *testing.T) {
		p := open(t)
		cursor, _ := p.pull(t, "")
		want := []string{"We filed our answer today.", "R&D is <not> on trial — “ever” 📄.", "The hearing is on Monday."}
		for _, text := range want {
			p.Publish(text)
		}
		again, posts := p.pull(t, cursor)
		if got := texts(posts); !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
		for _, post := range posts {
			p.check(t, post)
		}
		p.Publish("One more.")
		_, more := p.pull(t, again)
		if got := texts(unseen(more, posts)); !slices.Equal(got, []string{"One more."}) {
			t.Errorf("after the second cursor got %q", got)
		}
	})
	t.Run("a cursor can be used again", func(t *testing.T) {
		p := open(t)
		cursor, _ := p.pull(t, "")
		p.Publish("Said once.")
		_, first := p.pull(t, cursor)
		_, second := p.pull(t, cursor)
		if a, b := keys(first), keys(second); len(a) != 1 || !slices.Equal(a, b) {
			t.Errorf("the same cursor gave %q, then %q", a, b)
		}
	})
	t.Run("no gap in a burst", func(t *testing.T) {
		p := open(t)
		cursor, _ := p.pull(t, "")
		var want []string
		for i := range 250 {
			want = append(want, fmt.Sprintf("Statement %03d of a long day.", i))
			p.Publish(want[i])
		}
		_, posts := p.pull(t, cursor)
		if got := texts(posts); !slices.Equal(got, want) {
			t.Errorf("got %d posts, want %d in order; first difference at %d", len(got), len(want), firstDifference(got, want))
		}
	})
	for _, fault := range faults {
		t.Run("a failed pull loses nothing: "+string(fault), func(t *testing.T) { failedPull(t, open(t), fault) })
	}
	if _, can := open(t).Source.(sources.Rechecker); can {
		recheck(t, open)
	}
}

// recheck is the part of the suite that is for a [sources.Rechecker].
func recheck(t *testing.T, open func(t *testing.T) Place) {
	t.Run("what is as it was is in place", func(t *testing.T) {
		p := open(t)
		posts := p.said(t, "We will answer in court.", "The hearing is on Monday.")
		for _, post := range posts {
			look := p.look(t, posts)[post.ID]
			if look.Sight != sources.Present || look.Post != nil && (look.Post.ID != post.ID || look.Post.Revision != post.Revision || look.Post.Text != post.Text || look.Post.Account != post.Account) {
				t.Errorf("%q is looked at as %+v", post.Text, look)
			}
		}
	})
	t.Run("an edit is another revision of the same post", func(t *testing.T) {
		p := open(t)
		if p.Edit == nil {
			t.Skip("the place tells of edits in pulls alone")
		}
		posts := p.said(t, "The hearing is on Monday.", "We will answer in court.")
		p.Edit(posts[0].ID, "The hearing is on Tuesday.")
		looks := p.look(t, posts)
		now := looks[posts[0].ID].Post
		if now == nil || now.Text != "The hearing is on Tuesday." || now.ID != posts[0].ID || now.Revision == posts[0].Revision || !now.Created.Equal(posts[0].Created) {
			t.Fatalf("the edited post is looked at as %+v", looks[posts[0].ID])
		}
		p.check(t, *now)
		if now := looks[posts[1].ID].Post; now == nil || now.Revision != posts[1].Revision {
			t.Errorf("the other post is looked at as %+v", looks[posts[1].ID])
		}
		again := p.look(t, []onrecord.Post{*now})[now.ID]
		if again.Post == nil || again.Post.Revision != now.Revision {
			t.Errorf("the new revision, looked at again, is %+v", again)
		}
	})
	t.Run("a deleted post is absent", func(t *testing.T) {
		p := open(t)
		posts := p.said(t, "Never mind.", "We will answer in court.")
		p.Delete(posts[0].ID)
		want := sources.Absent
		if p.Proves {
			want = sources.Deleted
		}
		looks := p.look(t, posts)
		if looks[posts[0].ID].Sight != want || looks[posts[1].ID].Sight != sources.Present {
			t.Errorf("the deleted post is looked at as %+v, the other as %+v", looks[posts[0].ID], looks[posts[1].ID])
		}
	})
	t.Run("an account that strangers cannot read proves nothing", func(t *testing.T) {
		p := open(t)
		if p.Hide == nil {
			t.Skip("the place hides no accounts")
		}
		posts := p.said(t, "Among friends.", "Never mind.")
		p.Hide(true)
		for id, look := range p.look(t, posts) {
			if look.Sight != sources.Unreadable {
				t.Errorf("%s of a hidden account is looked at as %+v", id, look)
			}
		}
		p.Hide(false)
		if looks := p.look(t, posts); looks[posts[0].ID].Sight != sources.Present || looks[posts[1].ID].Sight != sources.Present {
			t.Errorf("shown again, they are looked at as %+v", looks)
		}
	})
	for _, fault := range faults {
		if fault == GoneAccount {
			continue
		}
		t.Run("a failing place says nothing of a post: "+string(fault), func(t *testing.T) {
			p := open(t)
			posts := p.said(t, "We will answer in court.")
			spoil := p.BreakLooks
			if spoil == nil {
				spoil = p.Break
			}
			fired := spoil(fault)
			if fired == nil {
				t.Skipf("the place cannot fail by %s", fault)
			}
			looks, err := p.Source.(sources.Rechecker).Recheck(t.Context(), p.Account, posts)
			if fired() == 0 {
				t.Fatal("the fault never fired: the test proves nothing")
			}
			for id, look := range looks {
				if look.Sight != sources.Present {
					t.Errorf("%s is looked at as %+v", id, look)
				}
			}
			if err != nil && p.Secret != "" && strings.Contains(err.Error(), p.Secret) {
				t.Error("the error shows a credential")
			}
			p.Mend()
			if look := p.look(t, posts)[posts[0].ID]; look.Sight != sources.Present {
				t.Errorf("after the fault it is looked at as %+v", look)
			}
		})
	}
}

// said publishes texts and returns them as they were pulled.
func (p Place) said(t *testing.T, texts ...string) (posts []onrecord.Post) {
	t.Helper()
	cursor, _ := p.pull(t, "")
	for _, text := range texts {
		p.Publish(text)
	}
	if _, posts = p.pull(t, cursor); len(posts) != len(texts) {
		t.Fatalf("%d of %d posts came", len(posts), len(texts))
	}
	return posts
}

func (p Place) look(t *testing.T, posts []onrecord.Post) map[string]sources.Look {
	t.Helper()
	looks, err := p.Source.(sources.Rechecker).Recheck(t.Context(), p.Account, posts)
	if err != nil {
		t.Fatalf("look again: %v", err)
	}
	return looks
}

func failedPull(t *testing.T, p Place, fault Fault) {
	cursor, _ := p.pull(t, "")
	p.Publish("Said while you were failing.")
	fired := p.Break(fault)
	if fired == nil {
		t.Skipf("the place cannot fail by %s", fault)
	}
	page, err := p.Source.Pull(t.Context(), p.Account, cursor)
	if fired() == 0 {
		t.Fatal("the fault never fired: the test proves nothing")
	}
	var told *sources.Error
	if !errors.As(err, &told) {
		t.Fatalf("got error %v, want a *sources.Error", err)
	}
	if told.Trouble == "" {
		t.Error("the error names no trouble")
	}
	if fault == RateLimited && told.Retry.IsZero() {
		t.Error("rate limited, but the error does not say until when")
	}
	if fault == GoneAccount && told.Trouble != sources.Gone && told.Trouble != sources.Hidden {
		t.Errorf("trouble is %q, want gone or hidden", told.Trouble)
	}
	if len(page.Posts) != 0 || page.Next != "" {
		t.Errorf("a failed pull returned a page: %d posts, cursor %q", len(page.Posts), page.Next)
	}
	if p.Secret != "" && strings.Contains(err.Error(), p.Secret) {
		t.Error("the error shows a credential")
	}
	p.Mend()
	_, posts := p.pull(t, cursor)
	if got := texts(posts); !slices.Equal(got, []string{"Said while you were failing."}) {
		t.Errorf("after the fault got %q", got)
	}
}

// pull follows More to the end and returns the last cursor and all posts.
func (p Place) pull(t *testing.T, cursor sources.Cursor) (sources.Cursor, []onrecord.Post) {
	t.Helper()
	var posts []onrecord.Post
	for range 100 {
		page, err := p.Source.Pull(t.Context(), p.Account, cursor)
		if err != nil {
			t.Fatalf("pull: %v", err)
		}
		posts, cursor = append(posts, page.Posts...), page.Next
		if !page.More {
			return cursor, posts
		}
	}
	t.Fatal("a hundred pages and still more")
	return "", nil
}

func (p Place) check(t *testing.T, post onrecord.Post) {
	t.Helper()
	if post.Account != p.Account.ID {
		t.Errorf("post.Account = %q, want the account's id %q", post.Account, p.Account.ID)
	}
	if post.ID == "" || post.Kind == "" || post.Created.IsZero() || len(post.Raw) == 0 {
		t.Errorf("the post lacks an id, a kind, a date or its raw form: %+v", post)
	}
	if !strings.HasPrefix(post.URL, "http") {
		t.Errorf("post.URL = %q, want an address a reader can open", post.URL)
	}
}

func unseen(posts, known []onrecord.Post) []onrecord.Post {
	seen := keys(known)
	return slices.DeleteFunc(slices.Clone(posts), func(p onrecord.Post) bool { return slices.Contains(seen, p.Key()) })
}

func keys(posts []onrecord.Post) (ks []string) {
	for _, p := range posts {
		ks = append(ks, p.Key())
	}
	return ks
}

func texts(posts []onrecord.Post) (ts []string) {
	for _, p := range posts {
		ts = append(ts, p.Text)
	}
	return ts
}

func firstDifference(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
