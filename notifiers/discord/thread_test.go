package discord_test

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"onrecord"
	"onrecord/internal/beside"
	"onrecord/notifiers"
	"onrecord/notifiers/discord"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
)

const forum = "1180000000000000020"

// again is the bot after it was killed: it knows nothing of before.
func (w bench) again(t *testing.T) bench {
	t.Helper()
	n, err := discord.Over(w.road, secret).Open(notifiers.Env{Version: "v1.2.3", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w.notifier = n
	return w
}

var docketed = onrecord.Case{
	ID: northwind.ID, Title: northwind.Title, Docket: northwind.Docket, URL: northwind.URL, Filed: said.AddDate(0, -1, 0),
	Parties: []onrecord.Person{{Name: "Northwind Data", Role: "plaintiff", Aliases: []string{"Northwind"}}, {Name: "Harbor Labs", Role: "defendant"}, {Name: "Ivo Lind", Role: "defendant"}},
	People:  []onrecord.Person{{Name: "Dana Reyes", Role: "chief executive of Harbor Labs"}},
}

// on is a forum, for a statement.
func on(k onrecord.Case, speaker string, kind onrecord.NoticeKind) notifiers.Target {
	return notifiers.Target{ID: forum, Address: forum, Topic: &notifiers.Topic{Case: k, Speaker: speaker, Kind: kind}}
}

func forumKey(number string) string { return notifiertest.Key(forum, number, "n") }

// In a forum each case has one post, which is tagged with who spoke; its messages are changed
// and answered there, also after it was archived.
func TestForum(t *testing.T) {
	spec := beside.Specification(t, "discord-openapi.json")
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		sent := &recorder{bodies: map[string][][]byte{}, next: w.road.next}
		w.road.next = sent
		const northwindTag, harborTag, editedTag, handTag = "1180000000000000801", "1180000000000000802", "1180000000000000803", "1180000000000000804"
		w.AddForum(forum, true, discordtest.Tag{ID: northwindTag, Name: "northwind"}, discordtest.Tag{ID: harborTag, Name: "Harbor Labs"}, discordtest.Tag{ID: editedTag, Name: "Edited"}, discordtest.Tag{ID: handTag, Name: "by hand", Moderated: true})
		other := onrecord.Case{ID: "other", Title: "Calder v. Harbor Labs", Parties: []onrecord.Person{{Name: "Harbor Labs"}}}
		send := func(to notifiers.Target, id int64) notifiers.Receipt {
			t.Helper()
			n := suit(number(id))
			r, err := w.notifier.Send(t.Context(), to, render(t, w, n), forumKey(n.Statement.Number()))
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		first := send(on(docketed, "Northwind Data", onrecord.NewStatement), 1)
		send(on(other, "Harbor Labs", onrecord.NewStatement), 2)
		posts := w.Threads(forum)
		if len(posts) != 2 || posts[0].Name != "Northwind Data v. Harbor Labs — 26-cv-00417" || posts[1].Name != "Calder v. Harbor Labs" || !slices.Equal(posts[0].Tags, []string{northwindTag}) {
			t.Fatalf("posts %+v", posts)
		}
		w.SetTags(posts[0].ID, northwindTag, handTag) // by a person, who manages threads
		w.AddRole(discordtest.Role{ID: discordtest.BotRole, Ours: true, Permissions: discordtest.ViewChannel | discordtest.SendMessages | discordtest.EmbedLinks | discordtest.ReadMessageHistory | discordtest.SendMessagesInThreads | discordtest.ManageThreads})
		send(on(docketed, "Harbor Labs", onrecord.NewStatement), 3)
		shown := w.Messages(posts[0].ID)
		if got := w.Threads(forum)[0].Tags; len(shown) != 3 || !slices.Equal(got, []string{northwindTag, handTag, harborTag}) {
			t.Fatalf("%d messages, tags %v", len(shown), got)
		}
		opening := shown[0].Text()
		for _, want := range []string{"Case opened: *Northwind Data v. Harbor Labs*", "**plaintiff** — Northwind Data", "**defendant** — Harbor Labs, Ivo Lind", "Dana Reyes (chief executive of Harbor Labs)", "C-northwind-v-harbor", "Docket: https://court.example/dockets/26-cv-00417"} {
			if !strings.Contains(opening, want) {
				t.Errorf("no %q in\n%s", want, opening)
			}
		}
		// Threads are archived after a while.
		w.Archive(posts[0].ID, false)
		again := w.again(t)
		edited := suit(number(1))
		edited.Statement.Mirrors = []onrecord.Mention{{URL: "https://harbor.example/1", At: said}}
		change := render(t, w, onrecord.AlsoSaidNotice{Statement: edited.Statement, Case: northwind})
		editor := again.notifier.(notifiers.Editor)
		if err := editor.Edit(t.Context(), on(docketed, "", onrecord.AlsoSaid), first, change); err == nil {
			t.Error("an archived thread is edited")
		}
		if err := editor.Edit(t.Context(), on(docketed, "", onrecord.AlsoSaid), first, change); err != nil || !strings.Contains(w.Messages(posts[0].ID)[1].Text(), "harbor.example") {
			t.Errorf("not edited: %v", err)
		}
		w.Archive(posts[0].ID, false)
		answer := suit(number(4))
		r, err := again.notifier.(notifiers.Answerer).Answer(t.Context(), on(docketed, "", onrecord.Edited), first, render(t, w, answer), forumKey("S-0001e"))
		if err != nil || w.Threads(forum)[0].Archived {
			t.Errorf("answered: %v; archived %v", err, w.Threads(forum)[0].Archived)
		}
		if list := w.Messages(posts[0].ID); len(list) != 4 || list[3].Answers != list[1].ID || r.ID != posts[0].ID+"/"+list[3].ID {
			t.Errorf("receipt %v, messages %d", r, len(list))
		}
		if link := again.notifier.(notifiers.Linker).Link(t.Context(), on(docketed, "", ""), r); link != "https://discord.com/channels/"+discordtest.GuildID+"/"+r.ID {
			t.Errorf("it is at %s", link)
		}
		// What is on no case has a post of its own, too.
		if _, err := w.notifier.Send(t.Context(), notifiers.Target{ID: forum, Address: forum}, render(t, w, notices()["gap"]), forumKey("G-0001")); err != nil || len(w.Threads(forum)) != 3 {
			t.Errorf("%d posts, %v", len(w.Threads(forum)), err)
		}
		if pings := w.Pings(); len(pings) > 0 {
			t.Errorf("notified %v", pings)
		}
		follows(t, spec, sent, map[string]string{"POST threads": "CreateForumThreadRequest", "PATCH " + posts[0].ID: "UpdateThreadRequestPartial"})
	})
}

// follows holds bodies that were sent to Discord's own description of its API.
func follows(t *testing.T, spec []byte, sent *recorder, schemas map[string]string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(spec))
	if err != nil {
		t.Fatal(err)
	}
	closeObjects(doc)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	for request, name := range schemas {
		schema, err := compiler.Compile("discord.json#/components/schemas/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if len(sent.bodies[request]) == 0 {
			t.Errorf("%s was never sent", request)
		}
		for _, body := range sent.bodies[request] {
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
			if err == nil {
				err = schema.Validate(value)
			}
			if err != nil {
				t.Errorf("%s: %s\n%v", request, body, err)
			}
		}
		if wrong, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"nam":"x"}`)); schema.Validate(wrong) == nil {
			t.Errorf("%s is not closed", name)
		}
	}
}

// A case has one post, whatever happens while it is made, and whatever people do with it.
func TestOnePostForACase(t *testing.T) {
	for name, c := range map[string]struct {
		fault discordtest.Fault
		then  func(w bench, post string)
		lost  bool // the first attempt fails
	}{
		"lost before":     {discordtest.CutBeforeDoing, nil, true},
		"answer lost":     {discordtest.CutAfterDoing, nil, true},
		"answer cut":      {discordtest.CutMidBody, nil, true},
		"502 after":       {discordtest.BadGateway, nil, true},
		"then archived":   {discordtest.CutAfterDoing, func(w bench, post string) { w.Archive(post, false) }, true},
		"archived":        {"", func(w bench, post string) { w.Archive(post, false) }, false},
		"renamed":         {"", func(w bench, post string) { w.Rename(post, "Harbor Labs!") }, false},
		"renamed, closed": {"", func(w bench, post string) { w.Rename(post, "Harbor Labs!"); w.Archive(post, false) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				w.AddForum(forum, false)
				fired := func() int { return 1 }
				if c.fault != "" {
					fired = w.Break(discordtest.Rule{Fault: c.fault, Method: "POST", Route: "/channels/{c}/threads", Nth: 1})
				}
				to, n := on(docketed, "Northwind Data", onrecord.NewStatement), suit(number(1))
				began := time.Now()
				_, err := w.notifier.Send(t.Context(), to, render(t, w, n), forumKey("S-0001"))
				if (err != nil) != c.lost || fired() == 0 {
					t.Fatalf("the first attempt: %v; the fault happened %d times", err, fired())
				}
				if posts := w.Threads(forum); c.then != nil {
					c.then(w, posts[0].ID)
				}
				time.Sleep(10 * time.Minute) // no nonce is known any more
				w = w.again(t)
				if c.lost {
					_, found, err := w.notifier.(notifiers.Finder).Find(t.Context(), to, notifiers.Query{Message: render(t, w, n), Key: forumKey("S-0001"), Since: began})
					if err != nil || found {
						t.Fatalf("found %v, %v", found, err)
					}
					if _, err := w.notifier.Send(t.Context(), to, render(t, w, n), forumKey("S-0001")); err != nil {
						t.Fatal(err)
					}
				}
				r, found, err := w.again(t).notifier.(notifiers.Finder).Find(t.Context(), to, notifiers.Query{Message: render(t, w, n), Key: forumKey("S-0001"), Since: began})
				if err != nil || !found {
					t.Errorf("not found: %v", err)
				}
				if _, err := w.notifier.Send(t.Context(), to, render(t, w, suit(number(2))), forumKey("S-0002")); err != nil {
					t.Fatal(err)
				}
				posts := w.Threads(forum)
				if len(posts) != 1 || len(w.Messages(posts[0].ID)) != 3 || posts[0].Archived || r.ID != posts[0].ID+"/"+w.Messages(posts[0].ID)[1].ID {
					t.Errorf("%d posts, receipt %v", len(posts), r)
				}
			})
		})
	}
}

// What is wrong with one post is no matter of the others, and one that is deleted is made anew.
func TestPostsGoWrongAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.AddForum(forum, false)
		send := func(id int64, k onrecord.Case) error {
			n := suit(number(id))
			_, err := w.notifier.Send(t.Context(), on(k, "", onrecord.NewStatement), render(t, w, n), forumKey(n.Statement.Number()))
			return err
		}
		if err := send(1, docketed); err != nil {
			t.Fatal(err)
		}
		post := w.Threads(forum)[0].ID
		w.Archive(post, true)
		failed, ok := errors.AsType[*notifiers.Error](send(2, docketed))
		if !ok || failed.Outcome != notifiers.Permanent || failed.Scope != notifiers.OneDelivery {
			t.Errorf("locked: %+v", failed)
		}
		if err := send(3, onrecord.Case{ID: "other", Title: "Calder v. Harbor Labs"}); err != nil {
			t.Errorf("another case suffers: %v", err)
		}
		w.DeleteChannel(post)
		if failed, ok := errors.AsType[*notifiers.Error](send(4, docketed)); !ok || failed.Outcome != notifiers.Retry || failed.Scope != notifiers.OneDelivery {
			t.Errorf("deleted: %+v", failed)
		}
		if err := send(4, docketed); err != nil || len(w.Threads(forum)) != 2 {
			t.Errorf("not made anew: %v, %d posts", err, len(w.Threads(forum)))
		}
	})
}

// A forum that demands a tag gets one that says something, or none at all.
func TestForumDemandsATag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.AddForum(forum, true, discordtest.Tag{ID: "1180000000000000801", Name: "solved"})
		send := func() error {
			_, err := w.notifier.Send(t.Context(), on(docketed, "Dana Reyes", onrecord.NewStatement), render(t, w, suit(number(1))), forumKey("S-0001"))
			return err
		}
		failed, ok := errors.AsType[*notifiers.Error](send())
		if !ok || failed.Scope != notifiers.WholeChannel || !strings.Contains(failed.Error(), "add one, or lift the demand") || len(w.Threads(forum)) != 0 {
			t.Fatalf("error %v, posts %+v", failed, w.Threads(forum))
		}
		w.AddForum(forum, true, discordtest.Tag{ID: "1180000000000000801", Name: "solved"}, discordtest.Tag{ID: "1180000000000000802", Name: "HARBOR LABS"})
		time.Sleep(15 * time.Minute) // until the channel is asked again
		if err := send(); err != nil || !slices.Equal(w.Threads(forum)[0].Tags, []string{"1180000000000000802"}) {
			t.Errorf("error %v, posts %+v", err, w.Threads(forum))
		}
	})
}
