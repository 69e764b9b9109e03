package store_test

import (
	"slices"
	"testing"

	"onrecord"
	"onrecord/internal/store/storetest"
	"onrecord/statements"
)

// answering is a post that replies to one post and quotes another.
func answering(id, parent, quoted string) onrecord.Post {
	p := post(id)
	p.Kind, p.ReplyTo, p.Quotes = onrecord.Reply, &onrecord.Ref{ID: parent}, &onrecord.Ref{ID: quoted}
	return p
}

// What posts refer to is asked for once: it outlives the program, and a post that
// nobody can read is remembered, too.
func TestWhatPostsReferToIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("ours"), answering("1", "theirs", "gone"), answering("2", "theirs", "ours"))
		owe(t, s)
		u := nextIs(t, s, "1")
		if !slices.Equal(u.Known.Unasked, []string{"theirs", "gone"}) {
			t.Fatalf("to be asked for: %q", u.Known.Unasked)
		}
		must(t, s.KeepContext(t.Context(), "feed", map[string]statements.Words{"theirs": {Text: "Why?\x00"}}, []string{"gone"}))
		must(t, s.KeepContext(t.Context(), "feed", map[string]statements.Words{"theirs": {Text: "Why not?"}, "gone": {Text: "Here again."}}, nil))
		must(t, s.KeepContext(t.Context(), "x", map[string]statements.Words{"gone": {Text: "Of another place."}}, nil))
		must(t, s.Close()) // dies before the post is judged
		s = open(t, where)
		u = nextIs(t, s, "1")
		if len(u.Known.Unasked) != 0 || u.Post.ReplyTo.Text != "Why?\uFFFD" || u.Post.Quotes.Text != "" {
			t.Errorf("after a restart it answers %+v and quotes %+v; to be asked for: %q", u.Post.ReplyTo, u.Post.Quotes, u.Known.Unasked)
		}
		owe(t, s)
		u = nextIs(t, s, "2")
		if len(u.Known.Unasked) != 0 || u.Post.ReplyTo.Text != "Why?\uFFFD" || u.Post.Quotes.Text != "Statement ours." || !slices.Equal(u.Known.Quotes, []string{"c"}) {
			t.Errorf("another post answers %+v and quotes %+v", u.Post.ReplyTo, u.Post.Quotes)
		}
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE referred SET asked_at = 0")
		must(t, err)
		more, err := s.Trim(t.Context())
		must(t, err)
		if u = nextIs(t, s, "2"); !more || len(u.Known.Unasked) != 0 || u.Post.ReplyTo.Text != "" {
			t.Errorf("after ninety days it answers %+v; to be asked for: %q", u.Post.ReplyTo, u.Known.Unasked)
		}
	})
}

// The earlier parts of an author's thread come from our posts and from what was asked
// for, as far back as either reaches.
func TestEarlierPartsOfAThread(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		part := func(id, after string) onrecord.Post {
			p := post(id)
			p.Kind, p.Thread, p.ReplyTo = onrecord.Thread, "root", &onrecord.Ref{ID: after}
			return p
		}
		arrive(t, s, part("3", "2"), part("4", "3"))
		said := func(k statements.Known) (texts []string) {
			for _, w := range k.Parts {
				texts = append(texts, w.Text)
			}
			return texts
		}
		if k := nextIs(t, s, "3").Known; len(k.Parts) != 0 || k.Missing != "2" {
			t.Errorf("before 3 stand %q; to be asked for: %q", said(k), k.Missing)
		}
		must(t, s.KeepContext(t.Context(), "feed", map[string]statements.Words{"2": {Text: "Two.", After: "1"}}, nil))
		must(t, s.Close())
		s = open(t, where)
		if k := nextIs(t, s, "3").Known; !slices.Equal(said(k), []string{"Two."}) || k.Missing != "1" {
			t.Errorf("before 3 stand %q; to be asked for: %q", said(k), k.Missing)
		}
		must(t, s.KeepContext(t.Context(), "feed", map[string]statements.Words{"1": {Text: "One."}}, nil))
		owe(t, s)
		if k := nextIs(t, s, "4").Known; !slices.Equal(said(k), []string{"One.", "Two.", "Statement 3."}) || k.Missing != "" {
			t.Errorf("before 4 stand %q; to be asked for: %q", said(k), k.Missing)
		}
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE referred SET text = NULL WHERE id = '2'")
		must(t, err)
		if k := nextIs(t, s, "4").Known; !slices.Equal(said(k), []string{"One.", "Statement 3."}) || k.Missing != "" {
			t.Errorf("with a part that nobody can read stand %q; to be asked for: %q", said(k), k.Missing)
		}
	})
}

// A thread that turns in a circle, or has no end, is read as far as one may be.
func TestAThreadIsBounded(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	p := post("3")
	p.Kind, p.Thread, p.ReplyTo = onrecord.Thread, "root", &onrecord.Ref{ID: "2"}
	arrive(t, s, p)
	must(t, s.KeepContext(t.Context(), "feed", map[string]statements.Words{"2": {Text: "Two.", After: "1"}, "1": {Text: "One.", After: "2"}}, nil))
	if k := nextIs(t, s, "3").Known; len(k.Parts) != statements.LongestThread || k.Missing != "" {
		t.Errorf("%d parts; to be asked for: %q", len(k.Parts), k.Missing)
	}
}

// The titles of linked pages are asked for once, and are those of addresses at no place.
func TestTitlesAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		linking := func(id string, addresses ...string) onrecord.Post {
			p := post(id)
			p.URL = "https://social.example/" + id
			for _, a := range addresses {
				p.Links = append(p.Links, onrecord.Link{URL: a, Shown: a})
			}
			return p
		}
		const answer, brief, own = "https://northwind.example/answer", "https://court.example/brief", "https://social.example/1/photo"
		arrive(t, s, linking("1", answer, own, brief, answer, "https://"+noise(2<<10)+".example/", "mailto:press@harbor.example"), linking("2", answer, brief))
		u := nextIs(t, s, "1")
		if !slices.Equal(u.Known.Untitled, []string{answer, brief}) {
			t.Fatalf("to be asked for: %q", u.Known.Untitled)
		}
		must(t, s.KeepContext(t.Context(), "", map[string]statements.Words{answer: {Text: "The answer of Harbor Labs"}}, []string{brief}))
		owe(t, s)
		if u := nextIs(t, s, "2"); len(u.Known.Untitled) != 0 || u.Post.Links[0].Title != "The answer of Harbor Labs" || u.Post.Links[1].Title != "" {
			t.Errorf("to be asked for: %q; links: %+v", u.Known.Untitled, u.Post.Links)
		}
	})
}
