package bluesky_test

import (
	"fmt"
	"testing"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/bluesky/blueskytest"
)

// lookAgain looks at posts as they were pulled.
func (r *reader) lookAgain(posts ...onrecord.Post) (map[string]sources.Look, error) {
	return r.source.(sources.Rechecker).Recheck(r.Context(), r.account, posts)
}

func TestRecheckOfHiddenAccounts(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"deactivated", "suspended", "takendown", "deleted"} {
		for _, answers := range []bool{true, false} { // as the software does, and as a real AppView
			r := open(t)
			r.must()
			uri := r.post("Among friends.")
			posts := r.must().Posts
			r.sky.SetStatus(harbor, status)
			if !answers {
				r.sky.Break(blueskytest.NoStatus)
			}
			looks, err := r.lookAgain(posts...)
			if err != nil || looks[uri].Sight != sources.Unreadable || looks[uri].Why == "" {
				t.Errorf("%s: looked at as %+v, %v", status, looks[uri], err)
			}
			if !answers && r.sky.Fired(blueskytest.NoStatus) == 0 {
				t.Error("the fault never fired")
			}
		}
	}
}

// A wall, and an answer without posts, are the place's trouble and nothing of a post's.
func TestRecheckTrouble(t *testing.T) {
	t.Parallel()
	for _, fault := range []blueskytest.Fault{blueskytest.AllWalled, blueskytest.Page, blueskytest.NoFeed, blueskytest.RateLimited, blueskytest.ServerError} {
		r := open(t)
		r.must()
		r.post("We will answer in court.")
		posts := r.must().Posts
		r.sky.Break(fault)
		if looks, err := r.lookAgain(posts...); err == nil || len(looks) != 0 || r.sky.Fired(fault) == 0 {
			t.Errorf("%s: looked at as %+v, %v; fired %d times", fault, looks, err, r.sky.Fired(fault))
		}
	}
}

// More posts than one request may ask for, and a repost, which cannot be asked for.
func TestRecheckOfMany(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.must()
	for i := range 30 {
		r.post(fmt.Sprintf("Our answer to count %d.", i))
	}
	theirs := r.sky.Post(northwind, blueskytest.Draft{Text: "They copied us."})
	r.sky.Repost(harbor, theirs)
	posts := r.must().Posts
	if len(posts) != 31 {
		t.Fatalf("pulled %d posts", len(posts))
	}
	for _, p := range posts[:28] {
		r.sky.Delete(p.ID)
	}
	feeds := r.sky.Requests("app.bsky.feed.getAuthorFeed")
	looks, err := r.lookAgain(posts...)
	if n := r.sky.Requests("app.bsky.feed.getAuthorFeed") - feeds; err != nil || len(looks) != 30 || n != 1 {
		t.Errorf("%d looks, %v; the account was asked for %d times, want once", len(looks), err, n)
	}
}
