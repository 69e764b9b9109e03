package bot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/sources"
)

// What a look means, given what was seen before.
func TestWeigh(t *testing.T) {
	t.Parallel()
	told := time.Date(2026, 10, 5, 14, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return told.Add(time.Duration(minutes) * time.Minute) }
	says := func(revision, text string) onrecord.Post {
		return onrecord.Post{Account: "square:harborlabs", ID: "1", Revision: revision, Text: text, URL: "https://social.example/1"}
	}
	first, second, comma := says("r1", "The hearing is on Monday."), says("r2", "The hearing is on Tuesday."), says("r3", "The hearing is on Monday!")
	present := func(p onrecord.Post) sources.Look { return sources.Look{Sight: sources.Present, Post: &p} }
	since := func(s sources.Sight, minutes int, fate onrecord.NoticeKind) Standing {
		return Standing{Seen: told, Sight: s, Since: at(minutes), Fate: fate}
	}
	is := Standing{Seen: told, Sight: sources.Present}
	after := func(edits, seen, edited int) Standing {
		return Standing{Seen: at(seen), Sight: sources.Present, Edits: edits, Edited: at(edited)}
	}
	edit := func(until int) *onrecord.Fate {
		return &onrecord.Fate{Kind: onrecord.Edited, From: told, Until: at(until), Was: first.Text, Now: second.Text, URL: second.URL}
	}
	lost := func(kind onrecord.NoticeKind, until int) *onrecord.Fate {
		return &onrecord.Fate{Kind: kind, From: told, Until: at(until)}
	}
	for name, c := range map[string]struct {
		before  Standing
		post    onrecord.Post // as it was seen last
		changed int           // when it was first seen so
		quoted  bool
		look    sources.Look
		now     int
		want    Standing
		due     int // minutes after it was told; 0: never
		fate    *onrecord.Fate
		keeps   bool
	}{
		"as it was":                            {before: is, post: first, look: present(first), now: 10, want: Standing{Seen: at(10), Sight: sources.Present}, due: 61},
		"there, and nobody says what it says":  {before: is, post: first, look: sources.Look{Sight: sources.Present}, now: 61, want: Standing{Seen: at(61), Sight: sources.Present}, due: 360},
		"not looked at":                        {before: is, post: first, now: 10, want: is, due: 61},
		"after the last look":                  {before: is, post: first, look: present(first), now: 43200, want: Standing{Seen: at(43200), Sight: sources.Present}},
		"edited, says the look":                {before: is, post: first, look: present(second), now: 10, want: after(1, 10, 10), due: 61, fate: edit(10), keeps: true},
		"edited, said a pull":                  {before: is, post: second, changed: 7, now: 8, want: after(1, 7, 8), due: 10, fate: edit(7)},
		"edited, said a pull, and looked at":   {before: is, post: second, changed: 7, look: present(second), now: 8, want: after(1, 7, 8), due: 10, fate: edit(7)},
		"edited again, too soon":               {before: after(1, 0, 65), post: second, changed: 66, now: 66, want: after(1, 0, 65), due: 125},
		"edited again, an hour later":          {before: after(1, 0, 65), post: second, changed: 66, now: 125, want: after(2, 66, 125), due: 360, fate: edit(66)},
		"edited for the fourth time":           {before: after(3, 0, 400), post: second, changed: 410, now: 460, want: after(3, 0, 400), due: 640},
		"edited for the hundredth time":        {before: after(99, 0, 1500), post: second, changed: 1510, now: 1510, want: after(99, 0, 1500), due: 2940},
		"after the last look, edited too soon": {before: after(1, 0, 43190), post: second, changed: 43195, now: 43200, want: after(1, 0, 43190), due: 43250},
		"a comma":                              {before: is, post: first, look: present(comma), now: 10, want: is, due: 61, keeps: true},
		"an article that changed":              {before: is, post: first, quoted: true, look: present(second), now: 10, want: is, due: 61, keeps: true},
		"absent once":                          {before: is, post: first, look: sources.Look{Sight: sources.Absent}, now: 61, want: since(sources.Absent, 61, ""), due: 71},
		"absent, and again too soon":           {before: since(sources.Absent, 61, ""), post: first, look: sources.Look{Sight: sources.Absent}, now: 65, want: since(sources.Absent, 61, ""), due: 71},
		"absent twice":                         {before: since(sources.Absent, 61, ""), post: first, look: sources.Look{Sight: sources.Absent}, now: 71, want: since(sources.Absent, 61, onrecord.Gone), due: 360, fate: lost(onrecord.Gone, 61)},
		"absent twice, the last look":          {before: since(sources.Absent, 43200, ""), post: first, look: sources.Look{Sight: sources.Absent}, now: 43210, want: since(sources.Absent, 43200, onrecord.Gone), fate: lost(onrecord.Gone, 43200)},
		"absent in the last look":              {before: is, post: first, look: sources.Look{Sight: sources.Absent}, now: 43200, want: since(sources.Absent, 43200, ""), due: 43210},
		"absent for long":                      {before: since(sources.Absent, 61, onrecord.Gone), post: first, look: sources.Look{Sight: sources.Absent}, now: 360, want: since(sources.Absent, 61, onrecord.Gone), due: 1440},
		"absent, then not answered for":        {before: since(sources.Absent, 61, ""), post: first, now: 71, want: since(sources.Absent, 61, ""), due: 360},
		"absent, then there":                   {before: since(sources.Absent, 61, ""), post: first, look: present(first), now: 71, want: Standing{Seen: at(71), Sight: sources.Present}, due: 360},
		"absent, then hidden":                  {before: since(sources.Absent, 61, ""), post: first, look: sources.Look{Sight: sources.Unreadable}, now: 71, want: since(sources.Unreadable, 71, ""), due: 81},
		"hidden twice":                         {before: since(sources.Unreadable, 61, ""), post: first, look: sources.Look{Sight: sources.Unreadable}, now: 71, want: since(sources.Unreadable, 61, onrecord.Unreadable), due: 360, fate: lost(onrecord.Unreadable, 61)},
		"gone, then hidden":                    {before: since(sources.Unreadable, 61, onrecord.Gone), post: first, look: sources.Look{Sight: sources.Unreadable}, now: 71, want: since(sources.Unreadable, 61, onrecord.Gone), due: 360},
		"hidden, then gone":                    {before: since(sources.Absent, 61, onrecord.Unreadable), post: first, look: sources.Look{Sight: sources.Absent}, now: 71, want: since(sources.Absent, 61, onrecord.Gone), due: 360, fate: lost(onrecord.Gone, 61)},
		"deleted, says the place, once":        {before: is, post: first, look: sources.Look{Sight: sources.Deleted}, now: 61, want: since(sources.Deleted, 61, ""), due: 71},
		"deleted, says the place":              {before: since(sources.Deleted, 61, ""), post: first, look: sources.Look{Sight: sources.Deleted}, now: 71, want: since(sources.Deleted, 61, onrecord.Deleted), due: 360, fate: lost(onrecord.Deleted, 61)},
		"deleted, was heard, and not there":    {before: since(sources.Deleted, 61, ""), post: first, look: sources.Look{Sight: sources.Absent}, now: 71, want: since(sources.Deleted, 61, onrecord.Deleted), due: 360, fate: lost(onrecord.Deleted, 61)},
		"deleted, was heard, and there":        {before: since(sources.Deleted, 61, ""), post: first, look: present(first), now: 71, want: Standing{Seen: at(71), Sight: sources.Present}, due: 360},
		"deleted, was heard, and hidden":       {before: since(sources.Deleted, 61, ""), post: first, look: sources.Look{Sight: sources.Unreadable}, now: 71, want: since(sources.Unreadable, 71, ""), due: 81},
		"gone, then deleted":                   {before: since(sources.Deleted, 61, onrecord.Gone), post: first, look: sources.Look{Sight: sources.Deleted}, now: 71, want: since(sources.Deleted, 61, onrecord.Deleted), due: 360, fate: lost(onrecord.Deleted, 61)},
		"there again, after readers were told": {before: since(sources.Absent, 61, onrecord.Gone), post: first, look: present(first), now: 360, want: Standing{Seen: at(360), Sight: sources.Present}, due: 1440, fate: &onrecord.Fate{Kind: onrecord.Returned, From: at(61), Until: at(360), URL: first.URL}},
		"there again, and edited: one at once": {before: since(sources.Absent, 61, onrecord.Gone), post: first, look: present(second), now: 360, want: Standing{Seen: told, Sight: sources.Present}, due: 361, fate: &onrecord.Fate{Kind: onrecord.Returned, From: at(61), Until: at(360), URL: second.URL}, keeps: true},
		"the clock was set back":               {before: since(sources.Absent, 100, ""), post: first, look: sources.Look{Sight: sources.Absent}, now: 61, want: since(sources.Absent, 61, ""), due: 71},
	} {
		w := Watched{ID: 7, Told: first, Post: c.post, Changed: at(c.changed), At: told, Quoted: c.quoted, Standing: c.before}
		f := weigh(w, c.look, at(c.now))
		if diff := cmp.Diff(c.want, f.Next); diff != "" {
			t.Errorf("%s: stands (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(c.fate, f.Fate); diff != "" {
			t.Errorf("%s: readers are told (-want +got):\n%s", name, diff)
		}
		var due time.Time
		if c.due != 0 {
			due = at(c.due)
		}
		if !f.Due.Equal(due) {
			t.Errorf("%s: looked at again %s, want %s", name, f.Due, due)
		}
		if (f.Keeps != nil) != c.keeps {
			t.Errorf("%s: keeps %+v", name, f.Keeps)
		}
		if known := c.fate != nil && c.fate.Kind == onrecord.Edited; (f.Told.Revision == second.Revision) != known || f.Was != first.Revision {
			t.Errorf("%s: readers know %s, and knew %s", name, f.Told.Revision, f.Was)
		}
	}
}

func TestPutOff(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 5, 14, 0, 0, 0, time.UTC)
	if until, place := putOff(&sources.Error{Trouble: sources.NoMoney, Retry: now.Add(10 * time.Hour), Place: true}, now); !place || !until.Equal(now.Add(10*time.Hour)) {
		t.Errorf("told to wait: until %s, the place %v", until, place)
	}
	if until, place := putOff(&sources.Error{Trouble: sources.Unreached}, now); place || until.Before(now.Add(recheckBackoff/2)) || until.After(now.Add(recheckBackoff)) {
		t.Errorf("a failure: until %s, the place %v", until, place)
	}
}
