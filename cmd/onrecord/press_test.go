package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/eval"
	"onrecord/internal/store"
)

const oneOutlet = `cases:
  - id: northwind-v-harbor
    title: Northwind Data v. Harbor Labs
    parties:
      - {name: Northwind Data, role: plaintiff, aliases: [Northwind]}
      - {name: Harbor Labs, role: defendant}
    people:
      - {name: Dana Reyes, role: chief executive of Harbor Labs}
    keywords: [pricing model, personal drive]
accounts:
  - {source: feed, url: "https://courier.example/feed.xml", speaker: "*"}
`

const (
	sued    = "Northwind Data sued Harbor Labs in court on Monday over its pricing model.\n\n"
	never   = "“We never opened the personal drive that Northwind complains about in court,” "
	named   = sued + never + "Dana Reyes, chief executive of Harbor Labs, told The Courier."
	unnamed = sued + never + "a person close to the company told The Courier."
)

// articles are what the outlet of [oneOutlet] prints, a day apart.
func articles(texts ...string) (posts []onrecord.Post) {
	for i, text := range texts {
		posts = append(posts, onrecord.Post{ID: string(rune('a' + i)), Kind: onrecord.Article, Created: time.Date(2026, 10, 5+i, 9, 0, 0, 0, time.UTC), Text: text})
	}
	return posts
}

// refused runs a command that must fail and returns what it says.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := execute(&terminal{ctx: t.Context(), out: &out, errout: &out}, args); code != failed {
		t.Errorf("onrecord %s exits with %d:\n%s", strings.Join(args, " "), code, out.String())
	}
	return out.String()
}

// A borderline article that names nobody waits for a person, who can reject it
// and is told why it cannot be accepted.
func TestNobodysWordsAreNotPutOnRecord(t *testing.T) {
	t.Parallel()
	_, path := remembered(t, oneOutlet, articles(unnamed))
	if got := command(t, "review", "--config", path); !strings.Contains(got, "S-0001  somebody it does not name, as quoted by courier.example, ") {
		t.Fatalf("nothing waits, or nobody says whose words they are:\n%s", got)
	}
	if got := refused(t, "accept", "--config", path, "S-0001"); !strings.Contains(got, "names nobody") || !strings.Contains(got, "onrecord reject S-0001") {
		t.Errorf("refused with\n%s", got)
	}
	command(t, "reject", "--config", path, "S-0001")
}

// Whom an article quotes and who prints it is shown with each decision on it,
// whether or not a statement came of it.
func TestDecisionsOnArticlesNameTheSpeaker(t *testing.T) {
	t.Parallel()
	_, path := remembered(t, oneOutlet, articles(named, unnamed, named))
	const reyes = "Dana Reyes, as quoted by courier.example\n"
	for what, want := range map[string]string{"S-0001": reyes, "S-0002": "somebody it does not name, as quoted by courier.example\n"} {
		if got := command(t, "explain", "--config", path, what); !strings.Contains(got, "\n  "+want) {
			t.Errorf("%s is explained by\n%s", what, got)
		}
	}
	got := command(t, "explain", "--config", path, named)
	if !strings.Contains(got, "\n  "+reyes) || !strings.Contains(got, "northwind-v-harbor: accept") || strings.Contains(got, "on the record") {
		t.Errorf("a text is explained by\n%s", got)
	}
	var lines []exported
	decoder := json.NewDecoder(strings.NewReader(command(t, "export", "--all", "--config", path)))
	for decoder.More() {
		var e exported
		if err := decoder.Decode(&e); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, e)
	}
	if len(lines) != 2 || lines[0].Speaker != "Dana Reyes" || lines[0].Via != "courier.example" || lines[1].Speaker != "" || lines[1].Via != "courier.example" {
		t.Errorf("exported %+v", lines)
	}

	posts, decisions := filepath.Join(t.TempDir(), "posts.jsonl"), filepath.Join(t.TempDir(), "decisions.jsonl")
	var file bytes.Buffer
	for _, p := range articles(named, "Sailing lessons begin at noon.") {
		line := map[string]any{"id": p.ID, "source": "feed", "account": "https://courier.example/feed.xml", "created_at": p.Created, "kind": "article", "text": p.Text}
		if err := json.NewEncoder(&file).Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(posts, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "eval", "--config", path, "--posts", posts, "--decisions", decisions)
	wrote, err := os.ReadFile(decisions)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`"speaker":"Dana Reyes","via":"courier.example","decision":"accept"`, `"case":"northwind-v-harbor","via":"courier.example","decision":"reject"`} {
		if line := strings.Split(string(wrote), "\n")[i]; !strings.Contains(line, want) {
			t.Errorf("decision %d is %s", i, line)
		}
	}
}

// What was decided on articles is decided again, whom they quote included.
func TestArticlesCanBeReplayed(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, _ := configured(t, oneOutlet, database(t))
			posts := articles(named, unnamed, "Sailing lessons begin at noon.", named)
			review(t, cfg, nil, posts)
			decisions := reading(t, cfg, func(database *store.Store, ctx context.Context) ([]bot.Explanation, error) {
				return bot.Visitor{Record: database, Accounts: cfg.Accounts}.Decisions(ctx)
			})
			lines := make([]eval.LabelledPost, len(posts))
			for i, p := range posts {
				lines[i].Post = p
			}
			again, err := eval.Replay(t.Context(), cfg.Cases, cfg.Accounts, lines, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, list := range [][]bot.Explanation{decisions, again} {
				for i := range list {
					list[i].Made = time.Time{}
				}
			}
			if diff := cmp.Diff(decisions, again); diff != "" || len(decisions) != len(posts) {
				t.Errorf("%d decisions are not the same again:\n%s", len(decisions), diff)
			}
		})
	}
}
