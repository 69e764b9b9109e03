package twitter_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/sources"
	"onrecord/sources/twitter/twittertest"
)

// lookUp asks for posts by number and returns what they say.
func (b *bench) lookUp(ids ...string) (texts map[string]string, gone []string, err error) {
	b.Helper()
	found, gone, err := b.source.(sources.Lookup).Posts(b.Context(), ids)
	texts = map[string]string{}
	for id, p := range found {
		if p.ID != id || p.Author.Handle == "" || !strings.HasPrefix(p.URL, "https://social.example/") {
			b.Errorf("under %s stands %+v", id, p)
		}
		texts[id] = p.Text
	}
	return texts, gone, err
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for name, manners := range map[string]func(*twittertest.Server){
		"Friendica":  func(*twittertest.Server) {},
		"GNU social": func(s *twittertest.Server) { s.GNUSocial = true },
		"Twitter":    func(s *twittertest.Server) { s.Escape = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			within(t, func(b *bench) {
				manners(b.server)
				b.server.Account("ivo")
				id := func(handle string, p twittertest.Post) string { return fmt.Sprint(b.server.Post(handle, p)) }
				claim := id("ivo", twittertest.Post{Text: "R&D files were taken. " + strings.Repeat("All of them. ", 20)})
				answer := b.server.Post("dana", twittertest.Post{Text: "No."})
				deleted := b.server.Post("ivo", twittertest.Post{Text: "Never mind."})
				b.server.Delete(deleted)
				private := id("ivo", twittertest.Post{Text: "For friends only.", Private: true})
				withheld := id("ivo", twittertest.Post{Text: "Not in XY.", Withheld: []string{"XY"}})
				asked := []string{claim, fmt.Sprint(answer), fmt.Sprint(deleted), private, withheld, claim, "", "x", "-1", "01001", "99999999999999999999"}
				texts, gone, err := b.lookUp(asked...)
				if err != nil {
					b.Fatal(err)
				}
				if diff := cmp.Diff(map[string]string{claim: "R&D files were taken. " + strings.Repeat("All of them. ", 20), fmt.Sprint(answer): "No."}, texts); diff != "" {
					b.Error(diff)
				}
				if !slices.Equal(gone, []string{fmt.Sprint(deleted), private, withheld}) {
					b.Errorf("gone: %q", gone)
				}
				if n := b.server.Requests(); n != 5 {
					b.Errorf("%d requests, want one for each number", n)
				}
			})
		})
	}
}

// A post is gone where the server says so; whatever else fails is no answer.
func TestLookupThatFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		fault   twittertest.Fault
		trouble sources.Trouble // "": the post is gone
		says    string
	}{
		{"deleted at Twitter", twittertest.Says(404, `{"errors":[{"code":144,"message":"No status found with that ID."}]}`), "", ""},
		{"protected at Twitter", twittertest.Says(403, `{"errors":[{"code":179,"message":"Sorry, you are not authorized to see this status."}]}`), "", ""},
		{"suspended", twittertest.Suspended, "", ""},
		{"410", twittertest.Says(410, `{"error":"Notice deleted."}`), "", ""},
		{"no such method", twittertest.Says(404, ``), sources.Gone, "HTTP 404"},
		{"no such method, with a page", twittertest.Says(404, `<!doctype html><h1>Not Found</h1>`), sources.Gone, "HTTP 404"},
		{"401", twittertest.Says(401, `{"error":"This api requires login"}`), sources.Denied, "renew user and password"},
		{"403 no access", twittertest.NoAccess, sources.Denied, "use source: x"},
		{"403 without a list", twittertest.Problem, sources.Denied, "HTTP 403"},
		{"429", twittertest.TooMany(time.Time{}), sources.Limited, "Rate limit exceeded"},
		{"502", twittertest.Unavailable, sources.Unreached, "HTTP 502"},
		{"page for people", twittertest.Says(200, `<!doctype html><title>Log in</title>`), sources.Walled, "a page for people"},
		{"empty", twittertest.Empty, sources.Nonsense, "not compatible"},
		{"garbage", twittertest.Garbage, sources.Nonsense, "not compatible"},
		{"cut body", twittertest.CutBody, sources.Unreached, "connection cut"},
		{"cut JSON", twittertest.CutJSON, sources.Nonsense, "not compatible"},
		{"empty number", twittertest.EmptyNumber, sources.Nonsense, "not compatible"},
		{"an error with 200", twittertest.Says(200, `{"error":"Not today."}`), sources.Nonsense, "a post has no id"},
		{"another post", twittertest.Says(200, `{"id":1,"full_text":"Not what you asked for."}`), sources.Nonsense, "which nobody asked for"},
		{"a list", twittertest.Says(200, `[{"id":1002}]`), sources.Nonsense, "not compatible"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			within(t, func(b *bench) {
				first := fmt.Sprint(b.server.Post("dana", twittertest.Post{Text: "One."}))
				second := fmt.Sprint(b.server.Post("dana", twittertest.Post{Text: "Two."}))
				if texts, _, err := b.lookUp(first); err != nil || texts[first] != "One." {
					b.Fatalf("got %q, %v", texts, err)
				}
				fault := b.server.Fail(c.fault)
				texts, gone, err := b.lookUp(second, first)
				if fault.Fired() != 1 {
					b.Fatalf("the fault fired %d times", fault.Fired())
				}
				if c.trouble == "" {
					if err != nil || !slices.Equal(gone, []string{second}) || texts[first] != "One." {
						b.Errorf("got %q, gone %q, %v", texts, gone, err)
					}
					return
				}
				var told *sources.Error
				if !errors.As(err, &told) || told.Trouble != c.trouble || !strings.Contains(err.Error(), c.says) {
					b.Errorf("got %v, want %q with %q", err, c.trouble, c.says)
				}
				if len(texts)+len(gone) != 0 {
					b.Errorf("got %q and gone %q beside the error", texts, gone)
				}
				if strings.Contains(fmt.Sprint(err), password) {
					b.Errorf("the error shows the password: %v", err)
				}
				if texts, _, err := b.lookUp(second, first); err != nil || !slices.Equal(slices.Sorted(maps.Keys(texts)), []string{first, second}) {
					b.Errorf("afterwards got %q, %v", texts, err)
				}
			})
		})
	}
}
