package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// A preview says what would have been shown, what each word brought in, and which
// account is dead; it leaves no database and posts nothing.
func TestPreview(t *testing.T) {
	t.Parallel()
	e := newEdgeOn(t, filepath.Join(t.TempDir(), "test.db"))
	at := time.Now().Add(-30 * time.Hour)
	e.x.Account("harborlabs", "Harbor Labs")
	for i, text := range []string{
		"Our office kitchen is open again.", "We build every pricing model ourselves, come and see one at the fair.", denial, "The judge read our answer this morning.", denial,
	} {
		e.x.Post("harborlabs", xtest.Post{CreatedAt: at.Add(time.Duration(i) * 5 * time.Hour), Text: text})
	}
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now().Add(-40 * 24 * time.Hour), Text: "Long before: " + denial})
	e.site.Publish("/northwind.xml", feedtest.Item{Published: at, Title: "A new office", Text: "Northwind opens an office. It has a kitchen."})
	path := e.config(t, fictional+"accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs}\n"+
		fmt.Sprintf("  - {source: feed, url: %q, speaker: Northwind Data}\n  - {source: feed, url: %q, speaker: Ivo Lind}\n", e.siteURL+"/northwind.xml", e.siteURL+"/gone.xml"))

	got := command(t, "preview", "--config", path)
	for _, want := range []string{
		": 6 posts\n", "ok: x:harborlabs, 5 posts, the newest 10 hours ago\n", "ok: feed:", "/northwind.xml, 1 post, the newest 30 hours ago\n",
		"/gone.xml: gone: GET ", "would have been posted: 1\n", "  Harbor Labs (x:harborlabs)  " + fmt.Sprintf("%q", denial[:60]+"…"), "names the other side: Northwind",
		"and 1 more post that continue or repeat a statement", "https://x.com/harborlabs/status/", "would wait for a person: ", "rejected: ",
		`northwind-v-harbor: the keyword "pricing model"`, `in no post: "Harbor Labs", "Ivo Lind", "personal drive"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	if _, err := os.Stat(e.where); err == nil {
		t.Error("it made a database")
	}
	if n := len(e.discord.Messages(readers)); n > 0 {
		t.Errorf("it posted %d messages", n)
	}

	var p previewed
	if err := json.Unmarshal([]byte(command(t, "preview", "--config", path, "--json")), &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Posted) != 1 || p.Posted[0].Text != denial || p.Repeated != 1 || len(p.Waiting)+len(p.Rejected) != 4 || len(p.Accounts) != 3 || p.Accounts[2].Trouble != "gone" {
		t.Errorf("as JSON: %+v", p)
	}
}

// What was judged before a word was added is judged with it, and what would be
// decided otherwise is named.
func TestPreviewOfAChange(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.x.Account("harborlabs", "Harbor Labs")
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now().Add(-5 * time.Hour), Text: "We deny in court that we hold the Larkspur ledger."})
	accounts := "accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs, backfill: 1d}\n"
	path := e.config(t, fictional+accounts)
	command(t, "run", "--once", "--config", path)
	read := e.x.Reads()
	if got := command(t, "preview", "--stored", "--config", path); strings.Contains(got, "judged otherwise") {
		t.Errorf("with the same words:\n%s", got)
	}
	path = e.config(t, strings.Replace(fictional, "[pricing model,", "[Larkspur ledger, pricing model,", 1)+accounts)
	got := command(t, "preview", "--stored", "--config", path)
	if want := "was reject, would be review"; !strings.Contains(got, want) || !strings.Contains(got, `the keyword "Larkspur ledger"`) {
		t.Errorf("after a keyword was added it lacks %q:\n%s", want, got)
	}
	if n := e.x.Reads(); n != read {
		t.Errorf("--stored read the account: %d reads, then %d", read, n)
	}
}

// Where no account can be read, the command fails and says why.
func TestPreviewOfNothing(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	path := e.config(t, fictional+fmt.Sprintf("accounts:\n  - {source: feed, url: %q, speaker: Ivo Lind}\n", e.siteURL+"/gone.xml"))
	var out bytes.Buffer
	if code := execute(&terminal{ctx: t.Context(), out: &out, errout: &out}, []string{"preview", "--config", path}); code != failed {
		t.Errorf("it ends with %d", code)
	}
	if said := out.String(); !strings.Contains(said, "no account could be read") || !strings.Contains(said, "HTTP 404") {
		t.Errorf("it says:\n%s", said)
	}
}
