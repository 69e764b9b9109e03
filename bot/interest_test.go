package bot_test

import (
	"fmt"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
)

// What a reader asks for is met by whole words in any script, one of them at least and none
// of those with a minus, and by the speaker.
func TestInterests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words, speaker, text string
		want                 bool
	}{
		{"+appeal", "", "We will appeal the ruling.", true},
		{"+appeal", "", "We are appealing.", true}, // a form of it
		{"+appeal", "", "We are appalled.", false},
		{"appeal, hiring", "", "We are hiring.", true},
		{"+appeal -hiring", "", "We appeal, and we are hiring.", false},
		{"+APPEAL", "", "The Appeal is filed.", true},
		{`+"trade secrets" -hiring`, "", "They took trade secrets.", true},
		{`+"trade secrets"`, "", "Secrets of the trade.", false},
		{`“trade secrets”`, "", "The trade secrets are ours.", true},
		{"-hiring", "Dana Reyes", "We filed a brief.", true},
		{"-hiring", "Dana Reyes", "We are hiring.", false},
		{"", "Dana Reyes", "We filed a brief.", true},
		{"", "Ivo Lind", "We filed a brief.", false},
		{"+appeal", "Ivo Lind", "We appeal.", false},
		{"+अपील", "", "हम अपील करेंगे।", true},
		{"+апелляция", "", "Подана апелляция на решение.", true},
		{"+استئناف", "", "قدمنا استئناف الحكم.", true},
		{"+控訴", "", "当社は控訴する方針です。", true},
		{"+控訴 −採用", "", "当社は控訴し、採用も続けます。", false},
		{"+école", "", "L’ÉCOLE est fermée.", true},
	} {
		s := onrecord.Statement{Speaker: "Dana Reyes", Parts: []onrecord.Post{{Text: c.text}}, Summary: onrecord.Summary{Quotes: []onrecord.Span{{End: len(c.text)}}}}
		if got := (bot.Interest{Words: c.words, Speaker: c.speaker}).Wants(s); got != c.want {
			t.Errorf("%q by %q and %q: %v, want %v", c.words, c.speaker, c.text, got, c.want)
		}
	}
}

// How often somebody would have been called goes by the same rules as calling them.
func TestCallsAreCountedBefore(t *testing.T) {
	t.Parallel()
	at := func(clock, text string, n onrecord.Novelty) onrecord.Statement {
		seen, err := time.Parse(time.DateTime, "2026-10-05 "+clock+":00")
		if err != nil {
			t.Fatal(err)
		}
		return onrecord.Statement{Case: "c", Lane: onrecord.Record, Novelty: n, Seen: seen, Parts: []onrecord.Post{{Text: text}}}
	}
	list := []onrecord.Statement{
		at("08:00", "we appeal", onrecord.New), at("08:05", "we appeal again", onrecord.New), at("08:11", "the appeal", onrecord.Expands), at("12:00", "we appeal", onrecord.Restates),
		at("13:00", "nothing", onrecord.New), at("22:30", "an appeal at night", onrecord.New),
	}
	called, silent := bot.Interest{Words: "+appeal", Quiet: "22:00-07:00 UTC"}.Calls(list)
	if fmt.Sprint(called, silent) != "2 2" {
		t.Errorf("called %d times, silent %d", called, silent)
	}
}
