package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"onrecord/internal/store"
	"onrecord/internal/store/pgtest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/x/xtest"
)

// upgrade holds databases of an earlier version, and what it said of them; see
// the README there.
const upgrade = "../../internal/store/testdata/upgrade"

// earlier puts a database of the earlier version in place, as its process left it.
var earlier = map[string]func(*testing.T) string{
	"sqlite": func(t *testing.T) string {
		where := filepath.Join(t.TempDir(), "onrecord.db")
		if err := os.WriteFile(where, kept(t, "onrecord.db"), 0o600); err != nil {
			t.Fatal(err)
		}
		return where
	},
	"postgres": func(t *testing.T) string {
		where := pgtest.Database(t)
		pgtest.Load(t, where, string(kept(t, "onrecord.sql")))
		return where
	},
}

// A database that an earlier version left in the middle of everything opens,
// explains itself as before, and is worked on as that version would have: what
// was owed is delivered once, in order and under the same keys.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for engine, database := range earlier {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			where := database(t)
			opened, err := store.Open(t.Context(), where)
			if err != nil {
				t.Fatal(err)
			}
			if err := opened.Close(); err != nil {
				t.Fatal(err)
			}
			discord := asLeft(t)
			config := configOf(t, where, discord)
			says(t, "opened.txtar", config)

			want, stop := string(kept(t, "shown.txt")), run(t, config)
			for end := time.Now().Add(time.Minute); shown(discord) != want && time.Now().Before(end); {
				time.Sleep(50 * time.Millisecond)
			}
			stop()
			command(t, "run", "--once", "--config", config) // it ends well when nothing is owed, and repeats nothing
			if diff := cmp.Diff(want, shown(discord)); diff != "" {
				t.Errorf("readers see other messages:\n%s", diff)
			}
			says(t, "worked.txtar", config)
		})
	}
}

func kept(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(upgrade, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// asLeft is Discord as the earlier process last saw it.
func asLeft(t *testing.T) *discordtest.Server {
	t.Helper()
	var messages []struct {
		Channel, ID string
		Body        json.RawMessage
	}
	if err := json.Unmarshal(kept(t, "channels.json"), &messages); err != nil {
		t.Fatal(err)
	}
	s := discordtest.New(upgradeChannels...)
	for _, m := range messages {
		s.Restore(m.Channel, m.ID, m.Body)
	}
	return s
}

// upgradeChannels are those of the kept configuration.
var upgradeChannels = []string{"1180000000000000010", "1180000000000000011", "1180000000000000012"}

// configOf is the kept configuration, with the database and the places at their
// present addresses. The feeds are at none: what they said is stored.
func configOf(t *testing.T, where string, discord *discordtest.Server) string {
	t.Helper()
	x := xtest.New(xToken)
	for _, a := range [][2]string{{"northwind", "Northwind Data"}, {"harborlabs", "Harbor Labs"}, {"dreyes", "Dana Reyes"}} {
		x.Account(a[0], a[1])
	}
	atX, atDiscord := httptest.NewServer(x), httptest.NewServer(discord)
	t.Cleanup(atX.Close)
	t.Cleanup(atDiscord.Close)
	text := strings.NewReplacer("X_URL", atX.URL, "DISCORD_URL", atDiscord.URL, "DATABASE", where).Replace(string(kept(t, "config.yaml")))
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rules names the rules that decided: they are this version's where it decided.
var rules = regexp.MustCompile(`\(rules [0-9a-f]+\)`)

// weights are the present ones where this version decided: they are learned anew now and then.
var weights = regexp.MustCompile(`"(?:weight|score)":-?[\d.]+|[+-]\d*\.\d+`)

// lines are where the present weights draw them.
var lines = regexp.MustCompile(`review from [+-]\d\.\d\d`)

// codes of reasons are since that version.
var codes = regexp.MustCompile(`"code":"\w+",`)

// neighbours of a statement are told since that version.
var neighbours = regexp.MustCompile(`(?m)^most like it, .*\n(  S-.*\n)+`)

// sums of texts in an export are since that version.
var sums = regexp.MustCompile(`,"sha256":"[0-9a-f]{64}"`)

// seconds of times that people read are not shown any more; their zone is.
var seconds = regexp.MustCompile(`((?:since|,|by a person on) \d{4}-\d\d-\d\d \d\d:\d\d):\d\d(,|\n)`)

// says compares what commands print with what the earlier version printed: the
// name of each file of the archive is a command.
func says(t *testing.T, name, config string) {
	t.Helper()
	for _, f := range txtar.Parse(kept(t, name)).Files {
		asked := f.Name
		if strings.HasPrefix(asked, "latest") || strings.HasPrefix(asked, "export") {
			asked += " --all" // that version knew no other way
		}
		want, got := seconds.ReplaceAllString(string(f.Data), "${1}Z$2"), sums.ReplaceAllString(neighbours.ReplaceAllString(printed(t, asked, config), ""), "")
		want, got = lines.ReplaceAllString(want, ""), lines.ReplaceAllString(got, "")
		if name == "worked.txtar" {
			want, got = rules.ReplaceAllString(want, ""), codes.ReplaceAllString(rules.ReplaceAllString(got, ""), "")
			want, got = weights.ReplaceAllString(want, "…"), weights.ReplaceAllString(got, "…")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("onrecord %s says something else than before (%s):\n%s", f.Name, name, diff)
		}
	}
}

func printed(t *testing.T, command, config string) string {
	var out bytes.Buffer
	args := strings.Fields(command)
	code := execute(&terminal{ctx: t.Context(), out: &out, errout: &out}, append(args, "--config", config))
	if code != good {
		fmt.Fprintf(&out, "exit %d\n", code)
	}
	return strings.ReplaceAll(out.String(), config, "config.yaml")
}

// shown is all that readers see, with the nonce of each message.
func shown(s *discordtest.Server) string {
	var b strings.Builder
	for _, channel := range upgradeChannels {
		for _, m := range s.Messages(channel) {
			fmt.Fprintf(&b, "-- %s, nonce %s --\n%s\n", channel, m.Nonce, m.Text())
		}
	}
	return b.String()
}
