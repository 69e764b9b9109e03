package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
	"onrecord/sources"
	"onrecord/statements"
)

// What needs a person is listed with the command to type, and that command does it.
func TestOutboxSaysWhatToType(t *testing.T) {
	for name, c := range map[string]struct {
		state         bot.DeliveryState
		before, after string // of the command to type; what is listed afterwards
	}{
		"uncertain, and there":     {bot.Uncertain, "when it is there: ", ""},
		"uncertain, and not there": {bot.Uncertain, "when it is not: ", "pending"},
		"dead, and mended":         {bot.Dead, "mended: ", "pending"},
		"dead, and left out":       {bot.Dead, "leave it out: ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			config := e.config(t, fictional+"accounts:\n  - {source: feed, url: "+e.siteURL+"/news, speaker: Harbor Labs}\n")
			e.unsettled(t, c.state)
			list := command(t, "outbox", "--config", config)
			_, typed, ok := strings.Cut(list, c.before+"onrecord ")
			if !ok || !strings.Contains(list, string(c.state)) {
				t.Fatalf("no command after %q in:\n%s", c.before, list)
			}
			typed, _, _ = strings.Cut(typed, "\n")
			command(t, strings.Fields(typed)...)
			switch list := command(t, "outbox", "--config", config); {
			case c.after == "" && list != "everything is delivered\n", !strings.Contains(list, c.after), strings.Contains(list, "onrecord outbox"):
				t.Errorf("after %q:\n%s", typed, list)
			}
		})
	}
}

// command runs the program and returns all it says.
func command(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := execute(&terminal{ctx: t.Context(), out: &out, errout: &out}, args); code != good {
		t.Fatalf("onrecord %s ended with %d:\n%s", strings.Join(args, " "), code, out.String())
	}
	return out.String()
}

// unsettled leaves a database with one delivery that needs a person.
func (e *edge) unsettled(t *testing.T, state bot.DeliveryState) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	database, err := store.Open(t.Context(), e.where)
	must(err)
	defer database.Close()
	account := onrecord.Account{ID: "feed:a", Source: "feed", Speaker: "Harbor Labs"}
	must(database.Sync(t.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Hour }, map[string]string{"readers": "discord"}))
	claims, err := database.ClaimDue(t.Context(), time.Minute, 1)
	must(err)
	post := onrecord.Post{Account: account.ID, ID: "1", Text: "We deny it.", Created: time.Now(), Dated: true}
	_, err = database.StorePage(t.Context(), &claims[0], []bot.PulledPost{{Post: post}}, sources.Cursor("1"), time.Minute)
	must(err)
	st := onrecord.Statement{Case: "northwind-v-harbor", Speaker: account.Speaker, Account: account.ID, Lane: onrecord.Record, Parts: []onrecord.Post{post}, Seen: time.Now()}
	_, err = database.Record(t.Context(), statements.Reading{Post: post, Findings: []statements.Finding{{
		Decision: onrecord.Decision{Case: st.Case, Label: onrecord.Accept}, Effect: statements.Opens{Statement: st},
	}}}, bot.Audience{{Channel: "readers", Lane: onrecord.Record, Cases: []string{st.Case}}})
	must(err)
	heads, first, err := database.Due(t.Context(), 1)
	must(err)
	owed, err := database.ClaimDeliveries(t.Context(), time.Minute, heads, []bot.Rendered{{Delivery: first[0].Delivery, Message: notifiers.Message{Body: []byte("{}")}}})
	must(err)
	if len(owed) != 1 {
		t.Fatalf("%d deliveries are owed", len(owed))
	}
	must(database.FinishAttempt(t.Context(), owed[0], bot.AttemptResult{State: state, Error: "nobody can tell"}))
}
