package store_test

import (
	"slices"
	"testing"

	"onrecord"
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
		must(t, s.KeepContext(t.Context(), "feed", map[string]string{"theirs": "Why?\x00"}, []string{"gone"}))
		must(t, s.KeepContext(t.Context(), "feed", map[string]string{"theirs": "Why not?", "gone": "Here again."}, nil))
		must(t, s.KeepContext(t.Context(), "x", map[string]string{"gone": "Of another place."}, nil))
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
