package card_test

import (
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements/card"
)

// shown is a diff on one line.
func shown(pieces []card.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		marks := map[card.Change][2]string{card.Kept: {"", ""}, card.TookOut: {"[-", "-]"}, card.PutIn: {"{+", "+}"}}[p.Change]
		b.WriteString(marks[0] + p.Text + marks[1])
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	t.Parallel()
	far := strings.Repeat("We have read the complaint with care. ", 20)
	for name, c := range map[string]struct{ was, now, want string }{
		"the same":        {"We deny it.", "We deny it.", "We deny it."},
		"a word":          {"The hearing is on Monday.", "The hearing is on Tuesday.", "The hearing is on [-Monday-]{+Tuesday+}."},
		"words in a row":  {"We have never seen it.", "We have found no sign of it.", "We have [-never seen-]{+found no sign of+} it."},
		"at the end":      {"We deny it.", "We deny it. All of it.", "We deny it.{+ All of it.+}"},
		"at the start":    {"It is false.", "Not so. It is false.", "{+Not so. +}It is false."},
		"taken out":       {"We deny it. All of it.", "We deny it.", "We deny it.[- All of it.-]"},
		"everything":      {"We deny it.", "没有评论", "[-We deny it.-]{+没有评论+}"},
		"emptied":         {"We deny it.", "", "[-We deny it.-]"},
		"two changes":     {"On Monday we answer the court in full.", "On Friday we answer the judge in full.", "On [-Monday-]{+Friday+} we answer the [-court-]{+judge+} in full."},
		"far from it":     {far + "It is false. " + far, far + "It is true. " + far, ""},
		"hidden letters":  {"We deny\u202e it.", "We deny it.", "We deny it."},
		"without spaces":  {"我们否认指控", "我们承认指控", "我们[-否-]{+承+}认指控"},
		"Markdown is ink": {"**We** deny it.", "**We** admit it.", "**We** [-deny-]{+admit+} it."},
	} {
		got := shown(card.Diff(c.was, c.now))
		if c.want == "" {
			if len(got) > 500 || !strings.Contains(got, "care. It is [-false-]{+true+}. We have") || !strings.HasPrefix(got, "[…] ") || !strings.HasSuffix(got, " […]") {
				t.Errorf("%s: %q", name, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What stayed and was put in is the new text, and what stayed and was taken out the old.
func FuzzDiff(f *testing.F) {
	f.Add("We deny it.", "We do not deny it.")
	f.Add("", "a b")
	f.Add("a  b\nc", "c\n\nb a")
	f.Fuzz(func(t *testing.T, was, now string) {
		if len(was) > 400 || len(now) > 400 {
			t.Skip("so long that what stayed is left out in part")
		}
		before, after := "", ""
		for _, p := range card.Diff(was, now) {
			if p.Change != card.PutIn {
				before += p.Text
			}
			if p.Change != card.TookOut {
				after += p.Text
			}
		}
		if strings.Contains(before+after, "[…]") {
			return
		}
		if before != card.Clean(was) || after != card.Clean(now) {
			t.Errorf("%q to %q is shown as %q to %q", was, now, before, after)
		}
	})
}

func TestFates(t *testing.T) {
	t.Parallel()
	at := func(clock string) time.Time {
		when, err := time.Parse(time.DateTime, "2026-10-05 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	when := func(t time.Time) string { return t.Format("15:04") }
	for kind, want := range map[onrecord.NoticeKind][2]string{
		onrecord.Edited:     {"Dana Reyes edited a statement · Post 2 of 3 · S-0042, change 2", "Edited by the author between 10:02 and 10:31."},
		onrecord.Deleted:    {"Dana Reyes deleted a statement · Post 2 of 3 · S-0042, change 2", "Deleted by the author between 10:02 and 10:31: the place says so."},
		onrecord.Gone:       {"Dana Reyes’s statement is gone from its place · Post 2 of 3 · S-0042, change 2", "Gone from the place since 10:31, last seen 10:02: two looks at least ten minutes apart, while the account can be read. The place does not say who removed it."},
		onrecord.Unreadable: {"Dana Reyes’s statement cannot be read · Post 2 of 3 · S-0042, change 2", "Cannot be read since 10:31, last seen 10:02: the account is protected, suspended or gone, or the post is withheld. It may well be there."},
		onrecord.Returned:   {"Dana Reyes’s statement can be read again · Post 2 of 3 · S-0042, change 2", "Can be read again since 10:31."},
	} {
		fate := onrecord.Fate{No: 2, Kind: kind, Parts: []int{1}, From: at("10:02:00"), Until: at("10:31:00"), Was: "We deny it.", Now: "We admit it."}
		f, err := card.FateOf(onrecord.FateNotice{Statement: statement("One.", "We deny it.", "Three."), Fate: fate})
		if err != nil {
			t.Fatal(err)
		}
		if h, s := f.Headline(func(s string) string { return s }), f.Sentence(fate, when); h != want[0] || s != want[1] {
			t.Errorf("%s: %q, %q", kind, h, s)
		}
		if (len(f.Diff) > 0) != (kind == onrecord.Edited) {
			t.Errorf("%s: differs by %v", kind, f.Diff)
		}
	}
	for parts, want := range map[string]string{"": "", "0,1,2": "", "0": "Post 1 of 3", "0,2": "Posts 1 and 3 of 3"} {
		fate := onrecord.Fate{No: 1, Kind: onrecord.Gone}
		for _, c := range parts {
			if c != ',' {
				fate.Parts = append(fate.Parts, int(c-'0'))
			}
		}
		f, err := card.FateOf(onrecord.FateNotice{Statement: statement("One.", "Two.", "Three."), Fate: fate})
		if err != nil || f.Which != want {
			t.Errorf("posts %q: %q, %v, want %q", parts, f.Which, err, want)
		}
	}
	if _, err := card.FateOf(onrecord.FateNotice{Statement: statement("One."), Fate: onrecord.Fate{Kind: "lost"}}); err == nil {
		t.Error("an unknown fate has words")
	}
}
