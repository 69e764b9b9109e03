package sourcetest

import (
	"slices"
	"testing"

	"onrecord"
	"onrecord/sources"
)

// Reader reads one account as the poll loop does, for the tests of a source.
type Reader struct {
	*testing.T
	Source  sources.Source
	Account onrecord.Account
	Cursor  sources.Cursor
}

// Pull pulls until there is no more.
func (r *Reader) Pull() (all sources.Page, err error) {
	r.Helper()
	for range 100 {
		page, err := r.Source.Pull(r.Context(), r.Account, r.Cursor)
		if err != nil {
			return all, err
		}
		r.Cursor = page.Next
		all.Posts, all.Archive, all.Warnings = append(all.Posts, page.Posts...), append(all.Archive, page.Archive...), append(all.Warnings, page.Warnings...)
		if !page.More {
			return all, nil
		}
	}
	r.Fatal("a hundred pages and still more")
	return all, nil
}

// Must is Pull where nothing can go wrong.
func (r *Reader) Must() sources.Page {
	r.Helper()
	page, err := r.Pull()
	if err != nil {
		r.Fatal(err)
	}
	return page
}

// Want pulls and compares the texts of what is new. Nothing may be warned of.
func (r *Reader) Want(what string, want ...string) []onrecord.Post {
	r.Helper()
	page := r.Must()
	if got := Texts(page.Posts); !slices.Equal(got, want) {
		r.Errorf("%s: got %q, want %q", what, got, want)
	}
	if len(page.Warnings) > 0 {
		r.Errorf("%s: warnings %q", what, page.Warnings)
	}
	return page.Posts
}

// Texts are those of posts.
func Texts(posts []onrecord.Post) (list []string) {
	for _, p := range posts {
		list = append(list, p.Text)
	}
	return list
}
