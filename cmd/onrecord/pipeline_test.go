package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/beside"
	"onrecord/internal/eval"
	"onrecord/internal/store"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// TestTwoHundredStatements publishes statements on twenty feeds that are read
// every second, against a Discord that takes 5 messages in 2 s and loses one
// answer in ten. By default it is a fifth of that; ONRECORD_STATEMENTS=200 is
// the whole.
func TestTwoHundredStatements(t *testing.T) {
	t.Parallel()
	const feeds = 20
	statements := 40
	if n, err := strconv.Atoi(os.Getenv("ONRECORD_STATEMENTS")); err == nil {
		statements = n
	}
	e := newEdge(t)
	e.discord.SetLimit(5, 2*time.Second)
	lost := e.discord.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: "POST", Route: "/channels/{c}/messages", Odds: .1})
	var accounts strings.Builder
	for i := range feeds {
		path := fmt.Sprintf("/%02d.xml", i)
		e.site.Open(path)
		fmt.Fprintf(&accounts, "  - {source: feed, url: %q, speaker: %s, schedule: \"@every 1s\"}\n", e.siteURL+path, []string{"Northwind Data", "Harbor Labs", "Ivo Lind"}[i%3])
	}
	stop := run(t, e.config(t, fictional+"accounts:\n"+accounts.String()))
	until(t, patience, "every feed is watched", func() bool { return watched(e.status(t), feeds) })

	began := time.Now()
	for i := range statements {
		e.site.Publish(fmt.Sprintf("/%02d.xml", i%feeds), feedtest.Item{Title: fmt.Sprintf("Statement %03d", i), Text: saying(i)})
	}
	until(t, 5*time.Minute, "everything is delivered", func() bool {
		return posts(e.status(t)) == int64(statements) && e.idle(t)
	})
	took := time.Since(began)
	stop()

	messages := e.discord.Messages(readers)
	seen := map[string]int{}
	for _, m := range messages {
		for i := range statements {
			if strings.Contains(m.Text(), fmt.Sprintf("Statement %03d:", i)) {
				seen[strconv.Itoa(i)]++
			}
		}
	}
	twice := 0
	for _, n := range seen {
		twice += n - 1
	}
	inversions := inOrder(t, messages)
	// A repeated request uses up the limit like any other.
	requests := e.discord.Requests("POST", "/channels/{c}/messages")
	allowed := time.Duration(requests) * 2 * time.Second / 5
	t.Logf("%d statements: %d delivered, %d twice, %d out of order, in %.1fs (the limit allows %d requests in %.1fs); %d answers lost, %d settled by their nonce",
		statements, len(seen), twice, inversions, took.Seconds(), requests, allowed.Seconds(), lost(), e.discord.NonceHits())
	if len(seen) != statements || twice != 0 || inversions != 0 {
		t.Errorf("delivered %d of %d, %d twice, %d out of order", len(seen), statements, twice, inversions)
	}
	if lost() == 0 {
		t.Error("no answer was lost: the test proves nothing")
	}
}

// TestRevokedToken: what the place refuses to the token, it refuses in every lane
// of every channel there; other places go on.
func TestRevokedToken(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.site.Open("/news.xml")
	config := e.config(t, fictional+fmt.Sprintf("accounts:\n  - {source: feed, url: %q, speaker: Harbor Labs, schedule: \"@every 1s\"}\n", e.siteURL+"/news.xml"))
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	lanes := strings.Replace(string(text), fmt.Sprintf("channel: %q}", readers), fmt.Sprintf("channel: %q, review: \"1180000000000000020\"}\n  - {id: screen, notifier: console}", readers), 1)
	if err := os.WriteFile(config, []byte(lanes), 0o600); err != nil {
		t.Fatal(err)
	}
	stop := run(t, config)
	until(t, patience, "the feed is watched", func() bool { return watched(e.status(t), 1) })
	e.discord.SetToken("another-token")
	e.site.Publish("/news.xml", feedtest.Item{Title: "A statement", Text: saying(1)})
	paused := map[string]bool{}
	until(t, patience, "the channel is paused", func() bool {
		for _, c := range e.status(t).Channels {
			paused[c.ID] = c.Paused != ""
		}
		return paused["readers"]
	})
	stop()
	if !paused["readers/review"] || paused["screen"] || len(paused) != 3 {
		t.Errorf("paused: %v; want both lanes on Discord and nothing else", paused)
	}
}

// TestReplay puts real labelled posts on the fake X, which the program reads by
// its schedule, and reads what arrived on the fake Discord.
func TestReplay(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(beside.Corpus(t), "twitter-v-musk")
	given, err := os.ReadFile(filepath.Join(dir, "case.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	// The case as its user wrote it; only when to read, and how far back.
	config := strings.Replace(string(given), `cases: ["twitter-v-musk"]}`, `cases: ["twitter-v-musk"], schedule: "@every 1s", backfill: 87000h}`, 1)
	e := newEdge(t)
	written := e.config(t, config)
	cfg, err := configFlag{Config: written}.load()
	if err != nil {
		t.Fatal(err)
	}
	labelled, err := eval.ReadPosts(filepath.Join(dir, "posts.jsonl"), cfg.Accounts, written)
	if err != nil {
		t.Fatal(err)
	}
	e.x.Account(labelled[0].Author.Handle, labelled[0].Author.Handle)
	stop := run(t, written)
	for batch := range slices.Chunk(labelled, 150) {
		for _, p := range batch {
			e.x.Post(p.Author.Handle, onX(p))
		}
		time.Sleep(1500 * time.Millisecond) // at least one pull between two batches
	}
	own := 0
	for _, p := range labelled {
		if onX(p).Reposts == "" {
			own++ // reposts are not asked for: they are nobody's statement
		}
	}
	until(t, 8*time.Minute, "everything is read and delivered", func() bool {
		return posts(e.status(t)) >= int64(own) && e.idle(t)
	})
	status := e.status(t)
	stop()
	if got := posts(status); got != int64(own) {
		t.Errorf("%d posts stored, want each of %d once", got, own)
	}
	if reads := e.x.Reads(); reads != own {
		t.Errorf("%d reads billed for %d posts: %.2f a post", reads, own, float64(reads)/float64(own))
	}
	if spent := status.Spend["x"]; spent != e.x.Spent() {
		t.Errorf("we count %d millionths of a dollar, X %d", spent, e.x.Spent())
	}
	measureReplay(t, e, labelled)
}

func measureReplay(t *testing.T, e *edge, labelled []eval.LabelledPost) {
	database, err := store.OpenReading(t.Context(), e.where)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	decisions, err := bot.Visitor{Record: database}.Decisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := eval.Measure(eval.Compare(labelled, decisions, nil))
	got := all[len(all)-1]
	recorded := map[int64]bool{}
	for _, d := range decisions {
		if d.Statement != 0 && d.Decision.Label == "accept" {
			recorded[d.Statement] = true
		}
	}
	messages := e.discord.Messages(readers)
	t.Logf("%d posts, %d statements labelled: precision %.2f, recall %.2f, accept+review recall %.2f, review load %.1f%%; %d messages",
		got.Posts, got.Statement, got.Precision, got.Recall, got.Reached, 100*got.Review, len(messages))
	if len(messages) != len(recorded) {
		t.Errorf("%d messages for %d statements on the record", len(messages), len(recorded))
	}
	if n := inOrder(t, messages); n != 0 {
		t.Errorf("%d messages out of order", n)
	}
	if pings := e.discord.Pings(); len(pings) != 0 {
		t.Errorf("pinged %q", pings)
	}
	if got.Statement == 0 || got.Posts == 0 {
		t.Error("nothing was measured")
	}
}

// onX is a labelled post as X would have had it.
func onX(p eval.LabelledPost) xtest.Post {
	post := xtest.Post{ID: p.ID, CreatedAt: p.Created, Text: p.Text, Lang: p.Lang}
	switch {
	case p.Kind == onrecord.Repost:
		post.Reposts = elsewhere(p.ID)
	case p.Kind == onrecord.Quote:
		post.Quotes = elsewhere(p.ID)
	case p.ReplyTo != nil:
		post.ReplyTo = elsewhere(p.ID)
	}
	if len(p.Media) > 0 {
		post.Pictures = 1
	}
	return post
}

// elsewhere is the id of a post that nobody here has, another one for each post:
// what they answer and quote is not in the data.
func elsewhere(id string) string {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatUint(n-1, 10)
}
