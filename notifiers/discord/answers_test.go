package discord_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/bot"
	counters "onrecord/bot/desk"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/discord/message"
)

// What commands answer, of a record on which something was said, as it is sent.
func TestAnswerBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		time.Sleep(30 * time.Second) // what is said as a pull begins may be seen by it or by the next
		for i := range 3 {
			d.say(i + 1)
			time.Sleep(7 * time.Minute)
		}
		on := trial
		on.Court, on.Docket, on.Filed = "U.S. District Court, Northern District of California", []string{"26-cv-00417"}, said.Add(-24*time.Hour)
		commands := map[string]notifiers.Command{}
		for _, c := range counters.Commands(counters.Setup{
			Visitor:  bot.Visitor{Record: d.database, Accounts: []onrecord.Account{speaker}, Cases: []onrecord.Case{on}},
			Operator: bot.Operator{Operations: d.database, Configured: []onrecord.Account{speaker}}, Questions: d.database, Now: time.Now,
		}) {
			commands[c.Name] = c
		}
		for name, asked := range map[string]struct {
			command string
			notifiers.Request
		}{
			"statements": {"statements", notifiers.Request{}},
			"statement":  {"statement", notifiers.Request{Values: map[string]string{"number": "S-0002"}}},
			"cite":       {"cite", notifiers.Request{Press: "S-0002"}},
			"case":       {"case", notifiers.Request{}},
			"sources":    {"sources", notifiers.Request{}},
		} {
			a, err := commands[asked.command].Run(t.Context(), asked.Request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := message.ReplyOf(a).Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if _, found := discordtest.Check(body); len(found) > 0 {
				t.Errorf("%s: Discord would refuse the body: %v", name, found)
			}
			file, got := filepath.Join("testdata", "answer_"+name+".json"), indented(t, body)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the body changed; if that is meant, run with -update (-want +got):\n%s", diff)
			}
		}
	})
}
