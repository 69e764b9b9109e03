package main

import (
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
	"onrecord/sources/x/xtest"
)

// secondary is another invented case, which a channel of its own publishes.
const secondary = `  - id: meridian-v-castor
    title: Meridian Foods v. Castor Freight
    parties:
      - {name: Meridian Foods, role: plaintiff}
      - {name: Castor Freight, role: defendant}
    keywords: [cold store, lease]
`

// announcements are statements on it: fewer than may be published within an hour, with as many digests.
var announcements = []string{
	"Announcement 000: we told the court that the cold store was empty all winter. Meridian Foods v. Castor Freight, exhibit 7.",
	"Announcement 001: Castor Freight never answered our complaint about the spoiled harvest, and the judge knows it.",
	"Announcement 002: our lawsuit asks for eleven million dollars. Meridian Foods v. Castor Freight goes to the jury in May.",
}

const (
	forum     = "1180000000000000040"
	announced = "1180000000000000041"
	rung      = "1180000000000000900" // a role
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
// a forum, and those who follow an announcement channel from elsewhere.
type crowd struct {
	reader, keeper *errand
	announced      int
}

func (c *crowd) errands() []*errand { return []*errand{c.reader, c.keeper} }

// gather brings a crowd to an edge.
func gather(e *edge) *crowd {
	e.discord.SetRole(discordtest.BotRole, discordtest.ViewChannel|discordtest.SendMessages|discordtest.EmbedLinks|discordtest.AttachFiles|discordtest.ReadMessageHistory|
		discordtest.SendMessagesInThreads|discordtest.CreatePrivateThreads, true)
	e.discord.AddRole(discordtest.Role{ID: rung, Name: "Northwind", Mentionable: true})
	e.discord.AddChannel(newsroom, discordtest.Text, "")
	e.discord.AddChannel(announced, discordtest.Announcement, "")
	e.discord.AddForum(forum, false, discordtest.Tag{ID: "1180000000000000801", Name: "Harbor Labs"})
	e.x.Account("meridian", "Meridian Foods")
	e.head = strings.Replace(e.head, "notifier: discord,", fmt.Sprintf("notifier: discord, cases: [northwind-v-harbor], digest: \"@every 1h\", ping: [{role: %q, cooldown: 0s}],", rung), 1)
	e.head = strings.Replace(e.head, "\nsources:", fmt.Sprintf("\n  - {id: forum, notifier: discord, channel: %q}\n  - {id: announced, notifier: discord, cases: [meridian-v-castor], publish: true, digest: \"@every 1h\", channel: %q}\nsources:", forum, announced), 1)
	called := func(by discordtest.Member, channel, command string, values map[string]string) *errand {
		return &errand{ask: discordtest.Called{By: by, Channel: channel, Command: command, Values: values}, patient: 2 * time.Second, sure: -1}
	}
	return &crowd{
		reader: called(member, readers, "notify add", map[string]string{"words": "+drive"}),
		keeper: called(keeper, newsroom, "subscribe", map[string]string{"case": "northwind-v-harbor", "speakers": "harbor labs"}),
	}
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

// announce says the next thing on the second case.
func (c *crowd) announce(e *edge) {
	if c.announced < len(announcements) {
		e.x.Post("meridian", xtest.Post{Text: announcements[c.announced]})
		c.announced++
	}
}

// An hour passes for digests, and for what they tell of: they are due.
func (e *edge) hour(t *testing.T) {
	t.Helper()
	// By way of negative times: no two digests of a channel may end at the same time, not even while they are moved one by one.
	e.change(t, `BEGIN; UPDATE digests SET from_at = from_at - 3600000, until_at = 3600000 - until_at; UPDATE digests SET until_at = -until_at;
		UPDATE deliveries SET owed_at = owed_at - 3600000; COMMIT`)
}

// settled: so many statements are on the record, none of them held any more, and nothing is owed to anybody, readers included.
func (e *edge) settled(t *testing.T, statements int) bool {
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
	return len(list) >= statements && owed == 0
}

var (
	digestNumber = regexp.MustCompile(`D-\d{4,}$`)
	shownNumber  = regexp.MustCompile(`S-\d{4,}`)
)

// apart takes digests and what else is no statement's from the messages of a channel.
func apart(messages []discordtest.Message) (statements, digests []discordtest.Message) {
	for _, m := range messages {
		switch {
		case digestNumber.MatchString(m.Content):
			digests = append(digests, m)
		case shownNumber.MatchString(m.Content): // a trial, and the first message of a post, have none
			statements = append(statements, m)
		}
	}
	return statements, digests
}

// digested counts how often each statement stands in digests, apart from what became of it, and how many lines they had no room for.
func digested(digests []discordtest.Message) (told map[string]int, more int) {
	told = map[string]int{}
	for _, m := range digests {
		changes := false
		for line := range strings.Lines(m.Embeds[0].Description) {
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
	t    *testing.T
	of   counts
	room string
}

// want is that something is shown so many times; -1: at most once.
func (c *tally) want(what string, times, want int) {
	if times == want || want < 0 && times <= 1 {
		return
	}
	c.t.Logf("%s: %s is shown %d times, want %d", c.room, what, times, want)
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
		c.t.Logf(c.room+": "+format, args...)
		c.of.wrong++
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
	sum := &tally{t: t}

	sum.room = "readers"
	shown, toldOf := apart(e.discord.Messages(readers))
	c.statements(sum, person, "readers", shown, numbers, func(int) int { return 1 })
	c.digests(sum, shown, toldOf)
	c.calls(sum, e, person, shown, repeats)

	sum.room = "subscription"
	if sum.want("it", len(subscriptions), 1); len(subscriptions) == 1 {
		shown, _ = apart(e.discord.Messages(newsroom))
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
	for _, p := range posts {
		names[p.Name]++
		shown, _ = apart(e.discord.Messages(p.ID))
		if p.Name == "Northwind Data v. Harbor Labs" {
			c.statements(sum, person, "forum", shown, numbers, func(int) int { return 1 })
			continue
		}
		c.announcements(sum, shown)
	}
	sum.want("a post", names["Northwind Data v. Harbor Labs"], 1)
	sum.want("another post", names["Meridian Foods v. Castor Freight"], min(c.announced, 1))
	sum.holds(len(names) <= 2, "posts %v", names)

	sum.room = "announced"
	shown, published := apart(e.discord.Messages(announced))
	c.announcements(sum, shown)
	c.digests(sum, shown, published)
	for _, m := range append(shown, published...) {
		sum.holds(m.Published, "%q is not published", m.Content)
	}

	c.inPerson(sum, e, numbers, repeats)
	t.Logf("of everybody else: %d lost, %d shown twice, %d out of order, %d wrong; %d digests, %d more published; in person from %d, subscribed from %d", sum.of.lost, sum.of.twice, sum.of.inversions, sum.of.wrong,
		len(toldOf), len(published), c.reader.sure, c.keeper.sure)
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

// digests tell of each message in exactly one, and each is there once.
func (c *crowd) digests(sum *tally, shown, digests []discordtest.Message) {
	seen := map[string]int{}
	for _, m := range digests {
		seen[digestNumber.FindString(m.Content)]++
	}
	told, _ := digested(digests)
	for _, m := range shown {
		if no := shownNumber.FindString(m.Content); m.Answers == "" {
			sum.want(no+" in digests", told[no], -1)
		}
	}
	sum.want("what stands in no digest", undigested(shown, digests), 0)
	for no, times := range seen {
		sum.want(no, times, 1)
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
	shown, _ := apart(e.discord.Messages(threads[0].ID))
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
