package bluesky_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onrecord/sources"
	"onrecord/sources/bluesky"
	"onrecord/sources/bluesky/blueskytest"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	r := open(t)
	lookup := r.source.(sources.Lookup)
	var ids []string
	for i := range 30 { // more than one request may ask for
		ids = append(ids, r.sky.Post(northwind, blueskytest.Draft{Text: fmt.Sprintf("Why did you take file %d?", i)}))
	}
	deleted := r.sky.Post(northwind, blueskytest.Draft{Text: "Never mind."})
	r.sky.Delete(deleted)
	found, gone, err := lookup.Posts(t.Context(), append(slices.Clone(ids), deleted, "12345", r.sky.Repost(harbor, ids[0])))
	if err != nil || len(found) != 30 || !slices.Equal(gone, []string{deleted}) {
		t.Fatalf("found %d, gone %q, %v", len(found), gone, err)
	}
	for i, id := range ids {
		if p := found[id]; p.ID != id || p.Text != fmt.Sprintf("Why did you take file %d?", i) || p.Account != "" || p.Author.Handle != northwind {
			t.Errorf("post %d is %+v", i, p)
		}
	}
	if n := r.sky.Requests("app.bsky.feed.getPosts"); n != 2 {
		t.Errorf("%d requests for 31 posts, want 2", n)
	}
	r.sky.SetStatus(northwind, "deactivated")
	if _, gone, err := lookup.Posts(t.Context(), ids[:1]); err != nil || !slices.Equal(gone, ids[:1]) {
		t.Errorf("of an account that rests, %q are gone, %v", gone, err)
	}
}

// A person's address names the author by handle, which may lead nowhere.
func TestLookupByHandle(t *testing.T) {
	t.Parallel()
	r := open(t)
	id := r.sky.Post(northwind, blueskytest.Draft{Text: "Why did you take the files?"})
	byHandle := func(handle string) string {
		page, err := url.Parse("https://bsky.app/profile/" + handle + "/post/" + id[strings.LastIndex(id, "/")+1:])
		if err != nil {
			t.Fatal(err)
		}
		named, ok := bluesky.Kind().Post(page)
		if !ok {
			t.Fatalf("%s is no post's", page)
		}
		return named
	}
	ours, nobodys := byHandle(northwind), byHandle("nobody.example")
	found, gone, err := r.source.(sources.Lookup).Posts(t.Context(), []string{nobodys, ours})
	if err != nil || len(found) != 1 || found[ours].ID != id || !slices.Equal(gone, []string{nobodys}) {
		t.Errorf("found %v, gone %q, %v", found, gone, err)
	}
	if named, ok := bluesky.Kind().Post(&url.URL{Scheme: "at", Host: "did:plc:harbor", Path: "/app.bsky.feed.post/3k"}); !ok || named != "at://did:plc:harbor/app.bsky.feed.post/3k" {
		t.Errorf("the post's own address is taken for %q, %v", named, ok)
	}
	for _, address := range []string{"https://bsky.app/profile/" + northwind, "https://bsky.app/profile/" + northwind + "/post/", "https://bsky.app/profile/" + northwind + "/feed/x", "https://example.com/profile/" + northwind + "/post/x"} {
		page, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if named, ok := bluesky.Kind().Post(page); ok {
			t.Errorf("%s is taken for the post %s", address, named)
		}
	}
}

func TestLookupTrouble(t *testing.T) {
	t.Parallel()
	for fault, want := range map[blueskytest.Fault]sources.Trouble{
		blueskytest.RateLimited: sources.Limited, blueskytest.ServerError: sources.Unreached, blueskytest.AllWalled: sources.Walled,
		blueskytest.Garbage: sources.Nonsense, blueskytest.EmptyBody: sources.Nonsense, blueskytest.NoFeed: sources.Nonsense, blueskytest.CutBody: sources.Unreached,
	} {
		r := open(t)
		id := r.sky.Post(northwind, blueskytest.Draft{Text: "Why?"})
		r.sky.Break(fault)
		found, gone, err := r.source.(sources.Lookup).Posts(t.Context(), []string{id})
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != want || len(found)+len(gone) != 0 {
			t.Errorf("%s: found %v, gone %v, %v", fault, found, gone, err)
		}
		r.fired(fault)
	}
}
