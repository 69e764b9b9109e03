package bluesky_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"onrecord/sources"
	"onrecord/sources/bluesky/blueskytest"
)

func TestTroubles(t *testing.T) {
	t.Parallel()
	for fault, want := range map[blueskytest.Fault]struct {
		trouble sources.Trouble
		says    string
	}{
		blueskytest.AllWalled:   {sources.Walled, "page for people"},
		blueskytest.Page:        {sources.Walled, "page for people"},
		blueskytest.RateLimited: {sources.Limited, "RateLimitExceeded"},
		blueskytest.ServerError: {sources.Unreached, "503"},
		blueskytest.CutBody:     {sources.Unreached, "cut"},
		blueskytest.CutJSON:     {sources.Nonsense, "unexpected end"},
		blueskytest.Garbage:     {sources.Nonsense, "invalid character"},
		blueskytest.EmptyBody:   {sources.Nonsense, "unexpected end"},
		blueskytest.NoFeed:      {sources.Nonsense, "no posts"},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			r := open(t)
			r.must()
			r.post("One.")
			r.sky.Break(fault)
			_, err := r.pull()
			r.fired(fault)
			var told *sources.Error
			if !errors.As(err, &told) || told.Trouble != want.trouble || !strings.Contains(err.Error(), want.says) {
				t.Fatalf("got %v, want trouble %q that says %q", err, want.trouble, want.says)
			}
			if fault == blueskytest.RateLimited && (!told.Place || time.Until(told.Retry) > blueskytest.Reset || time.Until(told.Retry) < blueskytest.Reset-time.Minute) {
				t.Errorf("ask again at %v (place: %v), want in %s, and for the whole place", told.Retry, told.Place, blueskytest.Reset)
			}
			r.sky.Mend()
			r.want("mended", "One.")
		})
	}
}

func TestTheSecondHostIsAskedOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.post("One.")
	r.sky.Break(blueskytest.FirstWalled)
	r.want("from the second host", "One.")
	r.fired(blueskytest.FirstWalled)
	if n := r.sky.Requests("app.bsky.feed.getAuthorFeed"); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestAccountsThatAreNotThere(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]sources.Trouble{
		"deactivated": sources.Hidden, "suspended": sources.Hidden, "takendown": sources.Hidden, "deleted": sources.Gone,
	} {
		r := open(t)
		r.post("One.")
		r.must()
		r.sky.SetStatus(harbor, status)
		_, err := r.pull()
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != want || !strings.Contains(err.Error(), status) {
			t.Errorf("%s: got %v, want trouble %q", status, err, want)
		}
		r.sky.SetStatus(harbor, "")
		r.post("Back.")
		r.want("it came back", "Back.")
	}
	r := open(t)
	r.must()
	r.sky.Break(blueskytest.NoStatus)
	r.sky.SetStatus(harbor, "deactivated")
	_, err := r.pull()
	r.fired(blueskytest.NoStatus)
	var told *sources.Error
	if !errors.As(err, &told) || told.Trouble != sources.Gone {
		t.Errorf("got %v, want gone", err)
	}
	r.account.Handle, r.cursor = "nobody.example", ""
	if _, err := r.pull(); !errors.As(err, &told) || told.Trouble != sources.Gone || !strings.Contains(err.Error(), "nobody.example") {
		t.Errorf("got %v, want gone", err)
	}
}

func TestPostsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, fault := range []blueskytest.Fault{blueskytest.Unreadable, blueskytest.Foreign} {
		r := open(t)
		r.must()
		r.post("One.", "Two.")
		r.sky.Break(fault)
		page := r.must()
		r.fired(fault)
		if len(page.Posts) != 1 || page.Posts[0].Text != "One." || len(page.Warnings) != 1 {
			t.Errorf("%s: %d posts, warnings %q", fault, len(page.Posts), page.Warnings)
		}
		r.sky.Mend()
		r.want("it is tried again", "Two.")
	}
}

func TestPagesWithoutPosts(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.must()
	r.post("One.")
	r.sky.Break(blueskytest.Hidden)
	r.want("behind an empty page", "One.")
	r.fired(blueskytest.Hidden)
	r.sky.Mend()
	r.sky.Break(blueskytest.LoopCursor)
	r.post("Two.")
	r.want("a cursor that never moves", "Two.")
	r.fired(blueskytest.LoopCursor)
	if n := r.sky.Requests("app.bsky.feed.getAuthorFeed"); n > 6 {
		t.Errorf("%d requests", n)
	}
}

func TestBrokenCursor(t *testing.T) {
	t.Parallel()
	for _, c := range []sources.Cursor{"x", "{}", `{"did":"did:plc:a","seen":["x"]}`} {
		r := open(t)
		r.cursor = c
		if _, err := r.pull(); err == nil {
			t.Errorf("cursor %q was accepted", c)
		}
	}
}
