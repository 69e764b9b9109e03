package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/bot"
	"onrecord/sources/x/xtest"
)

// status says how accounts and channels are, before the first run, beside a running
// program and after it; the program shows the same at /.
func TestStatus(t *testing.T) {
	t.Parallel()
	e := newEdgeOn(t, filepath.Join(t.TempDir(), "test.db"))
	e.x.Account("harborlabs", "Harbor Labs")
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now().Add(-3 * time.Hour), Text: denial})
	path := e.config(t, fictional+"accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs, backfill: 1d}\n"+
		fmt.Sprintf("  - {source: feed, url: %q, speaker: Ivo Lind}\n", e.siteURL+"/gone.xml"))
	if said := command(t, "status", "--config", path); !strings.Contains(said, "has not been started") || !strings.Contains(said, "x:harborlabs") {
		t.Errorf("before the first run:\n%s", said)
	}
	command(t, "run", "--once", "--config", path)
	said := command(t, "status", "--config", path)
	for _, want := range []string{"look: account feed:", "gone.xml is stale: read never yet (gone: ", "ACCOUNT", "x:harborlabs", "Harbor Labs", "1      1           none", "readers  0", "0 borderline statements wait for a person"} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %q:\n%s", want, said)
		}
	}
	if accounts := command(t, "accounts", "--config", path); !strings.Contains(said, accounts) {
		t.Errorf("accounts are no part of status:\n%s", accounts)
	}
	var v bot.Overview
	if err := json.Unmarshal([]byte(command(t, "status", "--json", "--config", path)), &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Accounts) != 2 || v.Accounts[1].Statements != 1 || v.Accounts[1].Newest.IsZero() || v.Accounts[1].LastOK.IsZero() || len(v.Channels) != 1 || v.Channels[0].Sent.IsZero() || len(v.Reasons) != 1 {
		t.Errorf("as JSON: %+v", v)
	}

	var covered bot.Coverage
	if err := json.Unmarshal([]byte(command(t, "coverage", "--json", "--config", path)), &covered); err != nil {
		t.Fatal(err)
	}
	if same := v.Coverage; covered.Ruleset == "" || covered.Ruleset != same.Ruleset || covered.First.IsZero() || !covered.First.Equal(same.First) || !covered.Since.Equal(same.Since) || len(covered.Accounts) != len(same.Accounts) {
		t.Errorf("what is covered is in coverage %+v, in status %+v", covered, same)
	}
	said = command(t, "coverage", "--case", "northwind-v-harbor", "--config", path)
	for _, want := range []string{"2 accounts, read since", "x:harborlabs", "0 borderline statements wait for a person", "All that was read is kept, but for the words of posts that are gone from x", "ruleset " + covered.Ruleset} {
		if !strings.Contains(said, want) {
			t.Errorf("coverage lacks %q:\n%s", want, said)
		}
	}
	if said, code := output(t, "coverage", "--case", "another", "--config", path); code != wrong || !strings.Contains(said, "no case") {
		t.Errorf("exit %d:\n%s", code, said)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "listen: off", `listen: "127.0.0.1:0"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	log := &lockedBuffer{}
	stop := runLogging(t, log, path)
	var address string
	until(t, patience, "the page is served", func() bool {
		_, rest, found := strings.Cut(log.String(), `"status":"`)
		address, _, _ = strings.Cut(rest, `"`)
		return found
	})
	resp, err := http.Get(address) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), "<td>x:harborlabs</td><td>Harbor Labs</td>") {
		t.Errorf("the page, HTTP %d, %v:\n%s", resp.StatusCode, err, body)
	}
	stop()
}
