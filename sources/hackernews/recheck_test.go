package hackernews_test

import (
	"strconv"
	"testing"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/hackernews/hackernewstest"
)

func TestRecheck(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.Must()
	story := r.news.Post(northwind, hackernewstest.Draft{Title: "They copied us"})
	r.news.Post(harbor, hackernewstest.Draft{Text: "None of it.", Parent: story})
	dead, hidden := r.post("Dead."), r.post("Hidden.")
	posts := r.Must().Posts
	r.news.Kill(dead, true)
	r.news.Hide(hidden, true)
	recheck := func() map[string]sources.Look {
		looks, err := r.Source.(sources.Rechecker).Recheck(t.Context(), r.Account, append(posts, onrecord.Post{ID: "x"}))
		if err != nil {
			t.Fatal(err)
		}
		return looks
	}
	looks := recheck()
	if now := looks[posts[0].ID].Post; now == nil || now.Thread != posts[0].Thread || now.ReplyTo == nil || now.ReplyTo.Text != "They copied us" {
		t.Errorf("the comment is looked at as %+v", looks[posts[0].ID])
	}
	if look := looks[strconv.FormatInt(dead, 10)]; look.Sight != sources.Unreadable || look.Why == "" {
		t.Errorf("what is dead is looked at as %+v", look)
	}
	if look := looks[strconv.FormatInt(hidden, 10)]; look.Sight != sources.Absent {
		t.Errorf("what is null is looked at as %+v", look)
	}
	r.news.Leave(harbor, true)
	if look := recheck()[strconv.FormatInt(hidden, 10)]; look.Sight != sources.Unreadable {
		t.Errorf("of a user who is not there, what is null is looked at as %+v", look)
	}
}
