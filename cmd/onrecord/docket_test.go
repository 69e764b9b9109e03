package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"onrecord/sources/courtlistener/courtlistenertest"
	"onrecord/sources/x/xtest"
)

// An order on the docket makes what is said that day likelier to be about the case; it is
// no statement itself, and reaches no channel.
func TestADocketIsAnEvent(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	court := courtlistenertest.New()
	id := court.Open("3:26-cv-00417", "Northwind Data v. Harbor Labs")
	web := httptest.NewServer(court)
	t.Cleanup(web.Close)
	e.x.Account("harborlabs", "Harbor Labs")
	path := e.config(t, fictional+"accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs}\n")
	with := func(old, now string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, now, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	with("sources:\n", fmt.Sprintf("sources:\n  courtlistener: {base_url: %q}\n", web.URL))
	// The page of the real place leads to the docket of that number.
	if said := command(t, "add", "--config", path, "https://www.courtlistener.com/docket/"+id+"/northwind-data-v-harbor-labs/"); !strings.Contains(said, fmt.Sprintf("- {source: courtlistener, handle: %q}", id)) {
		t.Errorf("add says:\n%s", said)
	}
	if said := command(t, "check", "--live", "--config", path); !strings.Contains(said, "2 accounts") || !strings.Contains(said, "without a token") {
		t.Errorf("check says:\n%s", said)
	}
	const said = "We told the judge the truth about the files."
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now().Add(-time.Hour), Text: "Good morning."})
	command(t, "run", "--once", "--config", path)
	court.File("3:26-cv-00417", courtlistenertest.Draft{Text: "ORDER by Judge A. Chan denying 12 Motion to Dismiss. Northwind Data v. Harbor Labs."})
	command(t, "run", "--once", "--config", path)
	post := e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now(), Text: said})
	command(t, "run", "--once", "--config", path)
	if explained := command(t, "explain", "--config", path, "https://x.com/harborlabs/status/"+post); !strings.Contains(explained, "near an event of the case") {
		t.Errorf("explained:\n%s", explained)
	}
	if n := posts(e.status(t)); n != 2 {
		t.Errorf("%d posts are kept, want the entry and the post", n)
	}
	for _, m := range e.discord.Messages(readers) {
		if strings.Contains(m.Content, "ORDER") {
			t.Errorf("the entry was posted: %s", m.Content)
		}
	}

	// A channel that asks for it is told what is filed from then on: as a fact of the docket, with who
	// filed it, and what is filed every day by its number.
	with("notifier: discord,", "notifier: discord, filings: true,")
	command(t, "run", "--once", "--config", path)
	for _, text := range []string{"MOTION to Dismiss filed by Harbor Labs. (Attachments: # 1 Declaration)", "NOTICE of Appearance by Ada Lee", "MOTION for leave to appear in Pro Hac Vice filed by Harbor Labs.", "MOTION for leave to appear in Pro Hac Vice filed by Harbor Labs."} {
		court.File("3:26-cv-00417", courtlistenertest.Draft{Text: text})
	}
	command(t, "run", "--once", "--config", path)
	command(t, "run", "--once", "--config", path)
	told := 0
	for _, m := range e.discord.Messages(readers) {
		if !strings.HasPrefix(m.Content, "**Filed in ") {
			continue
		}
		told++
		if said := m.Embeds[0].Description; !strings.Contains(said, "MOTION to Dismiss") || !strings.Contains(said, "filed by Harbor Labs") || !strings.Contains(said, "3 folded\\: 2 pro hac vice, 1 appearance") || strings.ContainsAny(said, "“>") {
			t.Errorf("told is %q", said)
		}
	}
	if told != 1 {
		t.Errorf("%d messages tell what was filed, want 1", told)
	}
}
