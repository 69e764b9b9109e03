package mastodon_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/sources"
	"onrecord/sources/mastodon"
	"onrecord/sources/mastodon/mastodontest"
	"onrecord/sources/sourcetest"
)

// Where the API wants a login, the account's feed is read, whether its server is
// like Mastodon or like GoToSocial; when the API can be read, posts stay the same.
func TestFeedWhereALoginIsWanted(t *testing.T) {
	for _, strict := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := openOn(t, strict)
			r.at.Break(mastodontest.LoginWanted)
			theirs := r.at.Post(northwind, mastodontest.Draft{Text: "They copied us."})
			r.post("Old.")
			page := r.Must()
			if got := sourcetest.Texts(page.Posts); !slices.Equal(got, []string{"Old."}) || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "login") {
				t.Fatalf("got %q, warnings %q", got, page.Warnings)
			}
			time.Sleep(time.Minute)
			id := r.at.Post(harbor, mastodontest.Draft{Text: "We answer <here>:\n\nhttps://harborlabs.example/answer", Warning: "legal & dry", Image: "https://cdn.example/p.png", Alt: "Page one"})
			r.at.Post(harbor, mastodontest.Draft{Text: "No.", ReplyTo: theirs})
			r.at.Post(harbor, mastodontest.Draft{Text: "For followers.", Visibility: "private"})
			r.at.Boost(harbor, theirs, "public")
			page = r.Must()
			if len(page.Posts) != 1 {
				t.Fatalf("got %q", sourcetest.Texts(page.Posts))
			}
			p := page.Posts[0]
			if p.ID != home+"/"+id || p.Text != "We answer <here>:\n\nhttps://harborlabs.example/answer" || !p.Dated || !p.Created.Equal(time.Now().Truncate(time.Second)) || p.Author.Handle != harbor+"@"+home || len(p.Raw) == 0 || len(p.Links) != 1 {
				t.Errorf("the post is %+v", p)
			}
			if !strict && (p.Warning != "legal & dry" || len(p.Media) != 1 || p.Media[0].Alt != "Page one") {
				t.Errorf("the warning is %q, the picture %v", p.Warning, p.Media)
			}
			if again := r.Must(); len(again.Posts)+len(again.Archive) != 0 {
				t.Errorf("again %q", sourcetest.Texts(again.Posts))
			}
			r.at.Edit(id, "We answer there.", "")
			if edited := r.Must().Posts; len(edited) != 1 || edited[0].Text != "We answer there." || edited[0].Revision == p.Revision {
				t.Errorf("the edit is %+v", edited)
			}
			if !strict {
				r.fired(mastodontest.LoginWanted)
				r.at.Mend()
				r.Want("what the feed left out", "No.", "They copied us.")
				r.post("New.")
				r.Want("and on", "New.")
				r.at.Break(mastodontest.LoginWanted)
				r.post("Newer.")
				if got := sourcetest.Texts(r.Must().Posts); !slices.Equal(got, []string{"Newer."}) {
					t.Errorf("closed again: %q", got)
				}
				r.at.Mend()
				r.post("Newest.")
				r.Want("open again", "Newest.")
			}
		})
	}
}

func TestNoFeedEither(t *testing.T) {
	t.Parallel()
	for fault, says := range map[mastodontest.Fault]string{mastodontest.NoFeed: "offers none", mastodontest.BadFeed: "read the feed at"} {
		r := open(t)
		r.Must()
		r.post("One.")
		r.at.Break(mastodontest.LoginWanted)
		r.at.Break(fault)
		_, err := r.Pull()
		r.fired(fault)
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != sources.Denied || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "sources.mastodon") {
			t.Errorf("%s: %v", fault, err)
		}
		r.at.Mend()
		r.Want("mended", "One.")
	}
}

// An account whose server shows nothing to strangers is read at the operator's, whose
// ids are others and whose posts come when they come.
func TestReadThroughTheOperatorsServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours := mastodontest.New("desk.example")
		ours.Join(harbor+"@"+home, "Harbor Labs")
		ours.Join("desk", "The desk")
		r := open(t, mastodon.Config{BaseURL: "https://desk.example", Token: mastodontest.Token})
		r.hosts["desk.example"] = ours
		r.at.Break(mastodontest.LoginWanted)
		ours.Post(harbor+"@"+home, mastodontest.Draft{Text: "Old."})
		page := r.Must()
		r.fired(mastodontest.LoginWanted)
		if got := sourcetest.Texts(page.Posts); !slices.Equal(got, []string{"Old."}) || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "desk.example") {
			t.Fatalf("got %q, warnings %q", got, page.Warnings)
		}
		time.Sleep(time.Hour)
		now := ours.Post(harbor+"@"+home, mastodontest.Draft{Text: "New."})
		r.Want("new", "New.")
		ours.Post(harbor+"@"+home, mastodontest.Draft{Text: "Late.", Created: time.Now().Add(-10 * time.Minute)})
		time.Sleep(31 * time.Minute)
		posts := r.Want("what came late", "Late.")
		if p := posts[0]; !strings.HasPrefix(p.ID, "desk.example/") || p.Author.Handle != harbor+"@"+home || !strings.HasPrefix(p.URL, "https://"+home+"/@"+harbor) {
			t.Errorf("the post is %+v", p)
		}
		ours.Edit(now, "New, corrected.", "")
		time.Sleep(31 * time.Minute)
		r.Want("an edit", "New, corrected.")
		ours.Break(mastodontest.LoginWanted)
		r.post("Not from there.")
		r.Want("with a token", nil...)
	})
}
