package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
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
func articles(texts ...string) (posts []replayed) {
	for i, text := range texts {
		posts = append(posts, replayed{ID: string(rune('a' + i)), Kind: "article", Created: time.Date(2026, 10, 5+i, 9, 0, 0, 0, time.UTC), Text: text})
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
