package mastodon_test

import (
	"errors"
	"strings"
	"testing"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/mastodon"
	"onrecord/sources/mastodon/mastodontest"
)

func (r *reader) recheck(posts ...onrecord.Post) (map[string]sources.Look, error) {
	return r.Source.(sources.Rechecker).Recheck(r.Context(), r.Account, posts)
}

// That a post is not there says something at the server where it was published alone,
// and while that one shows the account.
func TestRecheckOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	ours := mastodontest.New("desk.example")
	ours.Join(harbor+"@"+home, "Harbor Labs")
	r := open(t, mastodon.Config{BaseURL: "https://desk.example", Token: mastodontest.Token})
	r.hosts["desk.example"] = ours
	here, there := r.post("At home."), ours.Post(harbor+"@"+home, mastodontest.Draft{Text: "Elsewhere."})
	posts := []onrecord.Post{{ID: home + "/" + here}, {ID: "desk.example/" + there}, {ID: "no id"}}
	r.at.Delete(here)
	ours.Delete(there)
	want := func(what string, sights ...sources.Sight) {
		t.Helper()
		looks, err := r.recheck(posts...)
		if err != nil || len(looks) != len(sights) {
			t.Fatalf("%s: %v, %v", what, looks, err)
		}
		for i, sight := range sights {
			if look := looks[posts[i].ID]; look.Sight != sight || (sight == sources.Unreadable) != (look.Why != "") {
				t.Errorf("%s: %s is looked at as %+v, want %s", what, posts[i].ID, look, sight)
			}
		}
	}
	want("deleted", sources.Absent, sources.Unreadable)
	r.at.SetState(harbor, "suspended")
	want("suspended", sources.Unreadable, sources.Unreadable)
	r.at.SetState(harbor, "deleted")
	want("the account is deleted", sources.Unreadable, sources.Unreadable)
	r.at.SetState(harbor, "")
	r.at.Break(mastodontest.LoginWanted)
	if looks, err := r.recheck(posts[:1]...); err == nil || len(looks) != 0 {
		t.Errorf("a login is wanted: %v, %v", looks, err)
	}
	r.fired(mastodontest.LoginWanted)
}

func TestRecheckKeepsWhereAPostStands(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.Must()
	first := r.post("One.")
	last := r.at.Post(harbor, mastodontest.Draft{Text: "Two.", ReplyTo: first})
	r.at.Post(harbor, mastodontest.Draft{Text: "Three.", ReplyTo: last})
	posts := r.Want("a thread", "One.", "Two.", "Three.")
	r.at.Edit(last, "Two, corrected.", "")
	looks, err := r.recheck(posts...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range posts[1:] {
		now := looks[p.ID].Post
		if now == nil || now.Thread != posts[0].ID || now.Kind != onrecord.Thread || now.ReplyTo == nil || now.ReplyTo.ID != p.ReplyTo.ID {
			t.Errorf("%s is looked at as %+v", p.Text, looks[p.ID])
		}
	}
	private := r.at.Post(harbor, mastodontest.Draft{Text: "For followers.", Visibility: "local"})
	if looks, err := r.recheck(onrecord.Post{ID: home + "/" + private}); err != nil || looks[home+"/"+private].Sight != sources.Unreadable {
		t.Errorf("what is not for everybody is looked at as %+v, %v", looks, err)
	}
}

// What was read from a feed has no date of an edit: the API's look at it must not seem one.
func TestRecheckOfWhatAFeedShowed(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.at.Break(mastodontest.LoginWanted)
	id := r.at.Post(harbor, mastodontest.Draft{Text: "We deny it, <all> of it.", Warning: "legal"})
	posts := r.Must().Posts
	var told *sources.Error
	if _, err := r.recheck(posts...); !errors.As(err, &told) || told.Trouble != sources.Denied || strings.Contains(err.Error(), mastodontest.Token) {
		t.Errorf("closed: %v", err)
	}
	r.fired(mastodontest.LoginWanted)
	r.at.Mend()
	looks, err := r.recheck(posts...)
	if now := looks[posts[0].ID].Post; err != nil || now == nil || now.Revision != posts[0].Revision || now.Text != posts[0].Text {
		t.Errorf("unchanged: %+v, %v", looks, err)
	}
	r.at.Edit(id, "We deny some of it.", "legal")
	looks, err = r.recheck(posts...)
	if now := looks[posts[0].ID].Post; err != nil || now == nil || now.Revision == posts[0].Revision || now.Text != "We deny some of it." {
		t.Errorf("edited: %+v, %v", looks, err)
	}
}
