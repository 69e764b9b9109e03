package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/store"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources"
	"onrecord/sources/feed/feedtest"
)

// secondary is another invented case, which a channel of its own publishes.
const secondary = `  - id: meridian-v-castor
    title: Meridian Foods v. Castor Freight
    parties:
      - {name: Meridian Foods, role: plaintiff}
      - {name: Castor Freight, role: defendant}
    keywords: [cold store, lease]
`

// announcement makes texts that are statements on it and nothing alike.
func announcement(i int) string {
	subjects := []string{"the cold store", "the spoiled harvest", "our lease", "the broken compressor", "the insurance payout", "the second audit", "the freight contract", "every pallet of plums"}
	verbs := []string{"told the court that", "ask the jury to see that", "swore before the judge that", "will show at trial that", "admit in this lawsuit that"}
	claims := []string{"stood empty all winter", "was never inspected", "cost eleven million dollars", "was handed over in May", "failed within a week", "belongs to Meridian Foods", "went up in flames"}
	return fmt.Sprintf("Announcement %03d: we %s %s %s. Meridian Foods v. Castor Freight, exhibit %d, page %d.",
		i, verbs[i%len(verbs)], subjects[i%len(subjects)], claims[i%len(claims)], 3000+i*41, 17+i*11)
}

const (
	forum     = "1180000000000000040"
	announced = "1180000000000000041"
	troubled  = "1180000000000000042" // where the operator is told
	rung      = "1180000000000000900" // a role

	// burst is more than are published within an hour.
	burst = 11
)

// errand is something that somebody wants of the program on Discord. Whoever is not answered, or refused, asks again.
type errand struct {
	ask     discordtest.Called
	call    *discordtest.Call
	asked   time.Time
	patient time.Duration
	done    time.Time // when the answer was that it is saved
	sure    int       // what was said from then on must be told; -1: nothing yet
}

// step goes on with it, and does not wait.
func (r *errand) step(e *edge) (done bool) {
	if r.done.IsZero() && r.call != nil {
		m := r.call.Answer(0)
		switch {
		case m == nil && time.Since(r.asked) < r.patient:
			return false
		case m == nil: // who heard it is dead, or slow
			r.patient *= 2
			r.call = nil
		case strings.Contains(m.Text(), "Saved") || strings.Contains(m.Text(), "already"):
			r.done = time.Now()
		default:
			save := r.call.Buttons()["Save"].CustomID
			if save == "" {
				r.call = nil
			} else {
				r.call, r.asked = e.gateway.Call(discordtest.Called{By: r.ask.By, Channel: r.ask.Channel, Press: save, On: r.call}), time.Now()
			}
		}
	}
	if r.done.IsZero() && r.call == nil && e.gateway.Sessions() > 0 {
		r.call, r.asked = e.gateway.Call(r.ask), time.Now()
	}
	return !r.done.IsZero()
}

// crowd is who follows the cases while the program is killed: those whom a role calls, a reader who is told in person, a channel that is subscribed on Discord,
// a forum, those who follow an announcement channel from elsewhere, and the operator, who is told of troubles.
type crowd struct {
	reader, keeper *errand
	announced      int
	troubles       []*trouble
	quiet          bool // what is miscounted is not logged
}

func (c *crowd) errands() []*errand { return []*errand{c.reader, c.keeper} }

// gather brings a crowd to an edge, for a long campaign or a short one.
func gather(e *edge, long bool) *crowd {
	e.discord.SetRole(discordtest.BotRole, discordtest.ViewChannel|discordtest.SendMessages|discordtest.EmbedLinks|discordtest.AttachFiles|discordtest.ReadMessageHistory|
		discordtest.SendMessagesInThreads|discordtest.CreatePrivateThreads, true)
	e.discord.AddRole(discordtest.Role{ID: rung, Name: "Northwind", Mentionable: true})
	e.discord.AddChannel(newsroom, discordtest.Text, "")
	e.discord.AddChannel(announced, discordtest.Announcement, "")
	e.discord.AddForum(forum, false, discordtest.Tag{ID: "1180000000000000801", Name: "Harbor Labs"})
	e.discord.AddChannel(troubled, discordtest.Text, "")
	e.site.Open(meridianFeed)
	e.head = strings.Replace(e.head, "notifier: discord,", fmt.Sprintf("notifier: discord, cases: [northwind-v-harbor], digest: \"@every 1h\", ops: %q, ping: [{role: %q, cooldown: 0s}],", troubled, rung), 1)
	e.head = strings.Replace(e.head, "\nsources:", fmt.Sprintf("\n  - {id: forum, notifier: discord, channel: %q}\n  - {id: announced, notifier: discord, cases: [meridian-v-castor], publish: true, digest: \"@every 1h\", channel: %q}\nsources:", forum, announced), 1)
	called := func(by discordtest.Member, channel, command string, values map[string]string) *errand {
		return &errand{ask: discordtest.Called{By: by, Channel: channel, Command: command, Values: values}, patient: 2 * time.Second, sure: -1}
	}
	c := &crowd{
		reader: called(member, readers, "notify add", map[string]string{"words": "+drive"}),
		keeper: called(keeper, newsroom, "subscribe", map[string]string{"case": "northwind-v-harbor", "speakers": "harbor labs", "digest": "daily"}),
	}
	c.troubles = troubles(e, long, func() { c.announce(e, castorFeed, 1) })
	return c
}

// faultsOfThreads are what goes wrong when threads are made, and messages published.
var faultsOfThreads = []discordtest.Rule{{Fault: discordtest.CutAfterDoing, Odds: .4}, {Fault: discordtest.ServerError, Odds: .1}, {Fault: discordtest.LimitedUser, Odds: .1, RetryAfter: .3}}

func (c *crowd) harass(e *edge) {
	for _, route := range []string{"/channels/{c}/threads", "/channels/{c}/messages/{m}/crosspost"} {
		for _, rule := range faultsOfThreads {
			rule.Method, rule.Route = http.MethodPost, route
			e.discord.Break(rule)
		}
	}
	e.discord.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Odds: .1, Method: http.MethodPost, Route: "/interactions/{i}/{token}/callback"})
}

// act goes on with what people do on Discord, of whom said so many things were said; running are the processes.
func (c *crowd) act(e *edge, said int, running []*process) {
	for _, r := range c.errands() {
		r.step(e)
		if r.sure < 0 && !r.done.IsZero() && !slices.ContainsFunc(running, func(p *process) bool { return p.started.Before(r.done) }) {
			r.sure = said // another replica may have taken a while to hear of it, but for those that began since
		}
	}
}

// announce says the next things on the second case.
func (c *crowd) announce(e *edge, feed string, n int) {
	for range n {
		e.site.Publish(feed, feedtest.Item{Title: "An announcement", Text: announcement(c.announced)})
		c.announced++
	}
}

// passes has so much time passed for digests, for what they tell of, for what is published, and for troubles.
func (e *edge) passes(t *testing.T, d time.Duration) {
	t.Helper()
	// By way of negative times: no two digests of a channel may end at the same time, not even while they are moved one by one.
	e.change(t, strings.ReplaceAll(`BEGIN; UPDATE digests SET from_at = from_at - $D, until_at = $D - until_at; UPDATE digests SET until_at = -until_at;
		UPDATE deliveries SET owed_at = owed_at - $D, sent_at = sent_at - $D; UPDATE deliveries SET next_at = next_at - $D WHERE state = 'pending';
		UPDATE channels SET digest_since = digest_since - $D WHERE digest_since > 0; UPDATE accounts SET next_at = next_at - $D;
		UPDATE accounts SET last_ok_at = last_ok_at - $D WHERE trouble = '`+string(sources.Gone)+`';
		UPDATE incidents SET began_at = began_at - $D, told_at = CASE WHEN told_at > 0 THEN told_at - $D ELSE 0 END WHERE ended_at IS NULL; COMMIT`, "$D", fmt.Sprint(d.Milliseconds())))
	e.discord.Later(d)
}

// owing counts what is owed to a channel.
func (e *edge) owing(t *testing.T, channel string) (n int64) {
	for _, c := range e.status(t).Channels {
		if c.ID == channel {
			n = c.Owed
		}
	}
	return n
}

// waits: whatever is to be published there has no room.
func (e *edge) waits(t *testing.T, publishing string) bool {
	waits := true
	e.rows(t, "SELECT state = 'pending' AND last_error LIKE 'as many %' FROM deliveries WHERE channel = '"+publishing+"' AND state IN ('pending', 'sending') ORDER BY turn, id LIMIT 1", func(row *sql.Rows) error {
		return row.Scan(&waits)
	})
	return waits
}

// settled: so many statements are on the record, none of them held any more, and nothing is owed to anybody, readers included, but what may wait to be published.
func (e *edge) settled(t *testing.T, statements int, waiting int64) bool {
	database, err := store.OpenReading(t.Context(), e.where)
	if err != nil {
		return false
	}
	defer database.Close()
	list, err := database.Latest(t.Context(), "", -1)
	if err != nil {
		t.Fatal(err)
	}
	list = slices.DeleteFunc(list, func(s onrecord.Statement) bool { return s.Held }) // nobody was told of those yet
	owed, err := database.Owed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	held := slices.ContainsFunc(list, func(s onrecord.Statement) bool { return s.No == 0 })
	return len(list) >= statements && !held && int64(owed) == waiting
}

var (
	digestNumber = regexp.MustCompile(`D-\d{4,}$`)
	shownNumber  = regexp.MustCompile(`S-\d{4,}`)
)

// ofGathered begins the digest of what could not be published one by one.
const ofGathered = "**More on the record**"

// apart takes digests and what else is no statement's from the messages of a channel.
func apart(messages []discordtest.Message) (statements, digests, gathered []discordtest.Message) {
	for _, m := range messages {
		switch {
		case digestNumber.MatchString(m.Content) && strings.HasPrefix(m.Content, ofGathered):
			gathered = append(gathered, m)
		case digestNumber.MatchString(m.Content):
			digests = append(digests, m)
		case shownNumber.MatchString(m.Content): // a trial, and the first message of a post, have none
			statements = append(statements, m)
		}
	}
	return statements, digests, gathered
}

// digested counts how often each statement stands in digests, apart from what became of it, and how many lines they had no room for.
func digested(digests []discordtest.Message) (told map[string]int, more int) {
	told = map[string]int{}
	for _, m := range digests {
		changes, embed := false, discordtest.Embed{}
		if len(m.Embeds) > 0 {
			embed = m.Embeds[0]
		}
		for line := range strings.Lines(embed.Description) {
			var left int
			switch n, _ := fmt.Sscanf(line, "and %d more", &left); {
			case n == 1:
				more += left
			case strings.HasPrefix(line, "**What became of it**"):
				changes = true
			case strings.HasPrefix(line, "• ") && !changes:
				told[shownNumber.FindString(line)]++
			}
		}
	}
	return told, more
}

// undigested counts the statements that are shown beside digests and stand in none, unless there was no room for them.
func undigested(shown, digests []discordtest.Message) (n int) {
	told, more := digested(digests)
	for _, m := range shown {
		if m.Answers == "" && told[shownNumber.FindString(m.Content)] == 0 {
			n++
		}
	}
	return max(n-more, 0)
}

// tally compares what stands where with what should.
type tally struct {
	t     *testing.T
	of    counts
	room  string
	quiet bool
}

// want is that something is shown so many times; -1: at most once.
func (c *tally) want(what string, times, want int) {
	if times == want || want < 0 && times <= 1 {
		return
	}
	c.log("%s is shown %d times, want %d", what, times, want)
	if times < want {
		c.of.lost += want - times
	} else {
		c.of.twice += times - max(want, 1)
		if want == 0 {
			c.of.wrong++
		}
	}
}

// holds is what else must be so.
func (c *tally) holds(is bool, format string, args ...any) {
	if !is {
		c.log(format, args...)
		c.of.wrong++
	}
}

func (c *tally) log(format string, args ...any) {
	if !c.quiet {
		c.t.Logf(c.room+": "+format, args...)
	}
}

// count says what everybody sees, when said many things were said on the first case.
func (c *crowd) count(t *testing.T, e *edge, person *editor, said int) counts {
	database, err := store.OpenReading(t.Context(), e.where)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	record, err := database.Latest(t.Context(), "", -1)
	if err != nil {
		t.Fatal(err)
	}
	subscriptions, err := database.Subscriptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	numbers, repeats := make([]int64, said), map[int64]bool{} // of what was said
	for _, s := range record {
		repeats[s.No] = s.Novelty == onrecord.Restates || s.Novelty == onrecord.Mirror || s.Rewords != nil
		var i int
		if n, _ := fmt.Sscanf(s.Words(), "Statement %03d:", &i); n == 1 && i < said {
			numbers[i] = s.No
		}
	}
	sum, owed := &tally{t: t, quiet: c.quiet}, e.ledger(t)

	sum.room = "readers"
	shown, toldOf, _ := apart(e.discord.Messages(readers))
	c.statements(sum, person, "readers", shown, numbers, func(int) int { return 1 })
	c.digests(sum, person, shown, toldOf)
	owed.compare(sum, "readers", e.discord.Messages(readers))
	c.calls(sum, e, person, shown, repeats)

	sum.room = "subscription"
	if sum.want("it", len(subscriptions), 1); len(subscriptions) == 1 {
		var daily []discordtest.Message
		shown, daily, _ = apart(e.discord.Messages(newsroom))
		c.digests(sum, person, shown, daily)
		owed.compare(sum, subscriptions[0].Channel(), e.discord.Messages(newsroom))
		c.statements(sum, person, subscriptions[0].Channel(), shown, numbers, func(i int) int {
			switch {
			case i%2 == 0: // not by whom it is for
				return 0
			case c.keeper.sure >= 0 && i >= c.keeper.sure:
				return 1
			}
			return -1
		})
	}

	sum.room = "forum"
	posts := e.discord.Threads(forum)
	names := map[string]int{}
	var inForum []discordtest.Message
	for _, p := range posts {
		names[p.Name]++
		inForum = append(inForum, e.discord.Messages(p.ID)...)
		shown, _, _ = apart(e.discord.Messages(p.ID))
		if p.Name == "Northwind Data v. Harbor Labs" {
			c.statements(sum, person, "forum", shown, numbers, func(int) int { return 1 })
			continue
		}
		if p.Name == "Meridian Foods v. Castor Freight" {
			c.announcements(sum, shown)
			continue
		}
		sum.holds(len(shown) == 0, "statements are shown in %q", p.Name) // it is of gaps
	}
	owed.compare(sum, "forum", inForum)
	sum.want("a post", names["Northwind Data v. Harbor Labs"], 1)
	sum.want("another post", names["Meridian Foods v. Castor Freight"], min(c.announced, 1))
	sum.want("the post of what is of no case", names["About these statements"], -1)
	sum.holds(len(names) <= 3, "posts %v", names)

	sum.room = "announced"
	shown, published, gathered := apart(e.discord.Messages(announced))
	c.announcements(sum, shown)
	c.digests(sum, person, shown, published)
	c.gathered(sum, shown, gathered, repeats)
	owed.compare(sum, "announced", e.discord.Messages(announced))
	for _, m := range append(published, gathered...) {
		sum.holds(m.Published, "%q is not published", m.Content)
	}

	c.operator(sum, e, owed)
	c.inPerson(sum, e, numbers, repeats)
	if !c.quiet {
		t.Logf("of everybody else: %d lost, %d shown twice, %d out of order, %d wrong; %d digests, %d more published, %d of what was gathered from %d announcements; %d gaps; the operator was told of %s; in person from %d, subscribed from %d",
			sum.of.lost, sum.of.twice, sum.of.inversions, sum.of.wrong, len(toldOf), len(published), len(gathered), c.announced, len(owed.of(onrecord.CaughtUp, "announced")), c.told(), c.reader.sure, c.keeper.sure)
	}
	return sum.of
}

// statements are those of the first case in a channel.
func (c *crowd) statements(sum *tally, person *editor, channel string, messages []discordtest.Message, numbers []int64, want func(i int) int) {
	shown, wrong := person.miscounted(sum.t, channel, messages)
	sum.of.wrong += wrong
	sum.of.inversions += inOrder(sum.t, shown)
	for i, no := range numbers {
		n := 0
		for _, m := range shown {
			if strings.Contains(m.Text(), fmt.Sprintf("Statement %03d:", i)) {
				n++
			}
		}
		sum.want(fmt.Sprintf("statement %03d", i), n, person.leaves(no, channel, want(i)))
	}
}

func (c *crowd) announcements(sum *tally, shown []discordtest.Message) {
	sum.of.inversions += inOrder(sum.t, shown)
	for i := range c.announced {
		sum.want(fmt.Sprintf("announcement %03d", i), strings.Count(texts(shown), fmt.Sprintf("Announcement %03d:", i)), 1)
	}
}

// digests tell of each message in exactly one. What was withdrawn is quoted in none.
func (c *crowd) digests(sum *tally, person *editor, shown, digests []discordtest.Message) {
	told, _ := digested(digests)
	for _, m := range shown {
		if no := shownNumber.FindString(m.Content); m.Answers == "" {
			sum.want(no+" in digests", told[no], -1)
		}
	}
	sum.want("what stands in no digest", undigested(shown, digests), 0)
	for _, m := range digests {
		for line := range strings.Lines(texts([]discordtest.Message{m})) {
			no, ok := onrecord.ParseStatementNumber(shownNumber.FindString(line))
			sum.holds(!ok || !person.withdrew[no] || !strings.Contains(line, "“"), "%q quotes what was withdrawn: %s", m.Content, line)
		}
	}
}

// gathered are the digests of what could not be published one by one: whoever follows the channel from elsewhere is told of each statement once.
func (c *crowd) gathered(sum *tally, shown, gathered []discordtest.Message, repeats map[int64]bool) {
	told, more := digested(gathered)
	sum.holds(len(gathered) > 0, "nothing was gathered")
	for _, m := range shown {
		if m.Published {
			told[shownNumber.FindString(m.Content)]++
		}
	}
	for _, m := range shown {
		no, want := shownNumber.FindString(m.Content), 1
		if repeats[int64(number(sum.t, m))] { // which is not passed on
			want = 0
		}
		if want == 1 && told[no] == 0 && more > 0 { // a digest that has no room for all says how many more there are
			more--
			continue
		}
		sum.want(no+" elsewhere", told[no], want)
	}
}

// calls are of the role: one with each message, but for what only says again what was said, or was withdrawn.
func (c *crowd) calls(sum *tally, e *edge, person *editor, shown []discordtest.Message, repeats map[int64]bool) {
	calling := 0
	for _, m := range shown {
		if m.Answers != "" {
			continue
		}
		var made struct {
			Content string `json:"content"`
		}
		if err := json.Unmarshal(m.Body, &made); err != nil {
			sum.t.Fatal(err)
		}
		calls := strings.Count(made.Content, "<@&"+rung+">")
		calling += calls
		no := int64(number(sum.t, m))
		sum.holds(calls == 1 && !repeats[no] || calls == 0 && (repeats[no] || person.withdrew[no] || person.unsure[no]), "%q calls %d times", m.Content, calls)
	}
	rings := 0
	for _, p := range e.discord.Pings() {
		if p == "role "+rung {
			rings++
		}
	}
	sum.want("a call of the role", rings, calling)
}

// inPerson is what the one reader is told: what they asked for, in their thread, with one call in ten minutes.
func (c *crowd) inPerson(sum *tally, e *edge, numbers []int64, repeats map[int64]bool) {
	sum.room = "in person"
	threads := e.discord.Threads(readers)
	if sum.holds(len(threads) <= 1, "%d threads", len(threads)); len(threads) == 0 {
		threads = append(threads, discordtest.Thread{})
	}
	shown, _, _ := apart(e.discord.Messages(threads[0].ID))
	sum.of.inversions += inOrder(sum.t, shown)
	times := map[string]int{}
	for _, m := range shown {
		times[shownNumber.FindString(m.Content)]++
		sum.holds(!strings.Contains(m.Text(), "Statement "), "words are shown: %s", m.Content)
	}
	for i, no := range numbers {
		want := 0
		if strings.Contains(saying(i), "drive") && !repeats[no] {
			want = -1
			if c.reader.sure >= 0 && i >= c.reader.sure {
				want = 1
			}
		}
		sum.want(fmt.Sprintf("statement %03d", i), times[onrecord.StatementNumber(no)], want)
	}
	calls := 0
	for _, p := range e.discord.Pings() {
		if p == "user "+member.ID {
			calls++
		}
	}
	most := 0
	if len(shown) > 0 {
		most = 1 + int(shown[len(shown)-1].At.Sub(shown[0].At)/(10*time.Minute))
	}
	sum.holds(calls <= most && (calls > 0) == (most > 0), "called %d times by %d messages", calls, len(shown))
}
