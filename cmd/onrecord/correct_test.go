package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/x/xtest"
)

// TestCorrectionsAtEveryBoundary ends the real process on either side of every commit on
// the way of a correction, and the command that stores it: in the end the message of the
// statement is changed, and there is one answer to it.
func TestCorrectionsAtEveryBoundary(t *testing.T) {
	t.Parallel()
	boundaries := []string{typing + store.BeforeCommit, typing + store.AfterCommit}
	for _, step := range []string{"claim deliveries", "finish attempt"} {
		for nth := 1; nth <= 2; nth++ { // the change of the message, and the answer
			boundaries = append(boundaries, fmt.Sprintf("%s%s #%d", step, store.BeforeCommit, nth), fmt.Sprintf("%s%s #%d", step, store.AfterCommit, nth))
		}
	}
	atEach(t, boundaries, correctAndDie)
}

// typing is the one step of these that the command makes.
const typing = "keep a person's correction"

func correctAndDie(t *testing.T, where, boundary string) {
	e := newEdgeOn(t, where)
	e.x.Account("northwind", "Northwind Data")
	config := e.config(t, fictional+`accounts:
  - {source: x, handle: northwind, speaker: Northwind Data, schedule: "@every 1s"}
`)
	p := start(t, config)
	until(t, patience, "the account is watched", func() bool { return watched(e.status(t), 1) })
	e.x.Post("northwind", xtest.Post{Text: saying(1)})
	until(t, patience, "the statement is delivered", func() bool { s := e.status(t); return idle(s) && s.Settled["readers"]["sent"] == 1 })
	p.kill()

	args := []string{"correct", "--config", config, "S-0001", "--speaker", "Ivo Lind", "--note", "the account is his"}
	died := func(p *process) {
		t.Helper()
		until(t, patience, "the process dies at the boundary", p.ended)
		if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
			t.Fatalf("the process ended with %s, not at the boundary", p.cmd.ProcessState)
		}
	}
	if strings.HasPrefix(boundary, typing) {
		died(startCommand(t, args, dieAt+"="+boundary))
		again := startCommand(t, args) // nobody knows what became of it
		until(t, patience, "the command ends", again.ended)
	} else {
		command(t, args...)
		died(start(t, config, dieAt+"="+boundary))
	}
	p = start(t, config)
	until(t, patience, "everything is delivered", func() bool { s := e.status(t); return idle(s) && s.Settled["readers"]["sent"] == 3 })
	p.kill()
	list := e.discord.Messages(readers)
	if len(list) != 2 {
		t.Fatalf("%d messages are shown: %s", len(list), texts(list))
	}
	if m := list[0]; !strings.HasPrefix(m.Content, "**Ivo Lind** spoke on") || !strings.Contains(m.Text(), "the speaker is Ivo Lind, not Northwind Data; the account is his") || !strings.Contains(m.Text(), "Statement 001:") {
		t.Errorf("the message is not changed: %s", m.Text())
	}
	if m := list[1]; m.Answers != list[0].ID || !strings.HasSuffix(m.Content, "S-0001, correction 1") {
		t.Errorf("the answer is %+v", m)
	}
	for _, asked := range [][]string{{"latest", "--config", config}, {"export", "--config", config}, {"explain", "--config", config, "S-0001"}, {"status", "--config", config}} {
		if out := strings.Join(strings.Fields(command(t, asked...)), " "); !strings.Contains(out, "Ivo Lind") || !strings.Contains(out, "Northwind Data") || !strings.Contains(out, "the account is his") {
			t.Errorf("onrecord %s does not show both:\n%s", asked[0], out)
		}
	}
}

// faultsOfChanges are what goes wrong with changes of messages in a campaign.
var faultsOfChanges = []discordtest.Rule{
	{Fault: discordtest.LimitedUser, Odds: .05, RetryAfter: .3},
	{Fault: discordtest.ServerError, Odds: .05},
	{Fault: discordtest.CutAfterDoing, Odds: .1},
	{Fault: discordtest.CutBeforeDoing, Odds: .05},
}

// editor corrects statements while the program is being killed.
type editor struct {
	corrected map[int64][]string // the channels whose readers are told, by number
	withdrew  map[int64]bool
	unsure    map[int64]bool // the server was cut off before it said what became of it
}

// correct corrects or withdraws a statement that nobody has corrected yet. What a server
// that is restarted refuses is tried another time.
func (c *editor) correct(t *testing.T, e *edge, random *rand.Rand) {
	database, err := store.OpenBeside(t.Context(), e.where)
	if err != nil {
		return
	}
	defer database.Close()
	list, err := database.OnRecord(t.Context(), "northwind-v-harbor", -1)
	if err != nil || len(list) == 0 {
		return
	}
	st := list[random.IntN(len(list))]
	if len(st.Corrections) > 0 {
		return
	}
	m := bot.Moderator{Queue: database, Name: "Ada"}
	withdraw := random.IntN(3) == 0
	var channels []string
	if withdraw {
		channels, err = m.Retract(t.Context(), st.No, "a parody")
	} else {
		channels, err = m.Correct(t.Context(), st.No, "", "a note")
	}
	if err != nil {
		c.unsure[st.No] = true
		return
	}
	c.corrected[st.No], c.withdrew[st.No] = channels, withdraw
}

// leaves says how often a statement is to be shown in a channel, where it would be so many times otherwise:
// withdrawn before, it never is. -1: nobody can tell.
func (c *editor) leaves(no int64, channel string, want int) int {
	switch {
	case c.unsure[no]:
		return min(want, -want)
	case c.withdrew[no] && !slices.Contains(c.corrected[no], channel):
		return min(want, 0)
	}
	return want
}

// miscounted counts the corrected statements whose message in a channel is not changed, or not answered
// once. Answers do not count as messages of statements: it returns the others.
func (c *editor) miscounted(t *testing.T, channel string, messages []discordtest.Message) (others []discordtest.Message, wrong int) {
	answers := map[string]int{}
	for _, m := range messages {
		if m.Answers == "" {
			others = append(others, m)
		} else {
			answers[m.Answers]++
		}
	}
	for _, m := range others {
		no := int64(number(t, m))
		changed := strings.Contains(m.Text(), "Corrected") || strings.Contains(m.Text(), "Withdrawn")
		want := slices.Contains(c.corrected[no], channel) || c.unsure[no] && changed
		if changed != want || (answers[m.ID] == 1) != want || answers[m.ID] > 1 {
			t.Logf("%s: S-%04d: corrected %t, its message changed %t, answered %d times", channel, no, want, changed, answers[m.ID])
			wrong++
		}
	}
	return others, wrong
}

func breakChanges(e *edge) {
	for _, rule := range faultsOfChanges {
		rule.Method, rule.Route = http.MethodPatch, "/channels/{c}/messages/{m}"
		e.discord.Break(rule)
	}
}
