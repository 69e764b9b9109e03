package timeline

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"onrecord"
)

var (
	update = flag.Bool("update", false, "draw the golden pictures anew")
	from   = time.Date(2026, 10, 4, 18, 0, 0, 0, time.UTC)
)

// by is a statement of somebody, so many minutes after the beginning.
func by(who, handle string, minutes int, novelty onrecord.Novelty) onrecord.DigestLine {
	at := from.Add(time.Duration(minutes) * time.Minute)
	s := onrecord.Statement{No: 1, Case: "nh", Speaker: who, Novelty: novelty, Parts: []onrecord.Post{{Created: at, Dated: true, Author: onrecord.Author{Handle: handle}}}}
	if novelty == onrecord.Restates {
		s.Prior = 7
	}
	return onrecord.DigestLine{Statement: s, Kind: onrecord.NewStatement, At: at.Add(time.Minute)}
}

func digests() map[string]onrecord.Digest {
	day := onrecord.Digest{ID: 7, From: from, Until: from.Add(24 * time.Hour), Events: []onrecord.Event{{Date: from.Add(15 * time.Hour), What: "hearing on the motion to seal"}}, Gaps: []onrecord.Gap{{From: from.Add(6 * time.Hour), Until: from.Add(8 * time.Hour)}}}
	day.Statements = []onrecord.DigestLine{
		by("Northwind Data", "northwind", 30, onrecord.New), by("Northwind Data", "northwind", 32, onrecord.New), by("Northwind Data", "northwind", 35, onrecord.Restates),
		by("Northwind Data", "northwind", 700, onrecord.Expands), by("Harbor Labs", "harborlabs", 300, onrecord.New), by("Harbor Labs", "harborlabs", 960, onrecord.Restates),
		by("Ивана Петрова", "ipetrova", 980, onrecord.New), by("Łukasz Żółć-Müller", "", 1200, onrecord.New), by("𐍈𐍉", "ivolind", 1300, onrecord.New),
	}
	change := by("Harbor Labs", "harborlabs", 0, onrecord.New)
	change.Kind, change.At = onrecord.Edited, from.Add(18*time.Hour)
	day.Changes = []onrecord.DigestLine{change}
	week := onrecord.Digest{ID: 8, From: from, Until: from.Add(7 * 24 * time.Hour)}
	for i := range 60 {
		week.Statements = append(week.Statements, by([]string{"Northwind Data", "Harbor Labs", "A company with a name that is longer than there is room for"}[i%3], "", i*i*2+i*40, onrecord.New))
	}
	docket := week
	docket.Statements = week.Statements[:20]
	for at, what := range []string{"ORDER granting in part the motion to compel", "MOTION for a preliminary injunction", "Memorandum of points", "OPPOSITION to the motion"} {
		docket.Events = append(docket.Events, onrecord.Event{Date: from.Truncate(24*time.Hour).AddDate(0, 0, at*(at-1)), What: what}) // the first two are of the day it begins
	}
	return map[string]onrecord.Digest{"docket": docket, "day": day, "week": week, "one": {ID: 9, From: from, Until: from.Add(time.Hour), Statements: []onrecord.DigestLine{by("Ivo Lind", "", 20, onrecord.New)}}}
}

// The pictures are to be looked at: testdata/*.png. They compare by their points, since a
// library may pack the same ones differently.
func TestPictures(t *testing.T) {
	t.Parallel()
	for name, d := range digests() {
		picture, alt, err := Of(d)
		if err != nil {
			t.Fatal(err)
		}
		file := "testdata/" + name
		if *update {
			if err := os.WriteFile(file+".png", picture, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file+".txt", []byte(alt+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(file + ".png")
		if err != nil {
			t.Fatal(err)
		}
		words, err := os.ReadFile(file + ".txt")
		if err != nil || string(words) != alt+"\n" {
			t.Errorf("%s is described as\n%s\nwant\n%s", name, alt, words)
		}
		want, err := png.Decode(bytes.NewReader(kept))
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(picture))
		if err != nil || got.Bounds() != want.Bounds() {
			t.Fatalf("%s is %v large, want %v (%v)", name, got.Bounds(), want.Bounds(), err)
		}
		different := 0
		for y := range got.Bounds().Dy() {
			for x := range got.Bounds().Dx() {
				if got.At(x, y) != want.At(x, y) {
					different++
				}
			}
		}
		if different > 0 {
			t.Errorf("%s: %d points are others; if that is meant, run with -update and look at it", name, different)
		}
		if len(picture) > 30_000 {
			t.Errorf("%s has %d bytes", name, len(picture))
		}
	}
}

// Whatever a name is written in, it stands there in letters, and the words say it as it is.
func TestNamesAreWritten(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Harbor Labs": "Harbor Labs", "Société Générale": "Société Générale", "Łukasz Żółć-Müller": "Lukasz Zólc-Müller", "王小明": "Wang Xiao Ming", "Иван Петров": "Ivan Petrov", "محمد": "Mhmd",
		"𐍈𐍉": "lind", "\u202e": "lind", "": "lind", "🙂": "lind", "Lind 🙂": "Lind",
	} {
		got := written(name, "lind", 2)
		if got != want {
			t.Errorf("%q is written %q, want %q", name, got, want)
		}
		for _, r := range got {
			if _, there := letters()[r]; !there {
				t.Errorf("%q is written %q, of which %q has no letter", name, got, r)
			}
		}
	}
	if got := written("🙂", "🙂", 2); got != "speaker 3" {
		t.Errorf("written %q", got)
	}
	if _, alt, err := Of(onrecord.Digest{From: from, Until: from.Add(time.Hour), Statements: []onrecord.DigestLine{by("王小明", "", 5, onrecord.New)}}); err != nil || !strings.Contains(alt, "王小明: 1 statement") {
		t.Errorf("described as %q, %v", alt, err)
	}
}

// Nobody spoke: there is nothing to draw. And whatever the times are, it is drawn.
func TestOddDigests(t *testing.T) {
	t.Parallel()
	if picture, _, err := Of(onrecord.Digest{From: from, Until: from.Add(time.Hour)}); picture != nil || err != nil {
		t.Errorf("%d bytes, %v", len(picture), err)
	}
	var many []onrecord.DigestLine
	for i := range 40 {
		many = append(many, by(strings.Repeat("W", i+1), "", -i, onrecord.New))
	}
	many[0].At, many[0].Statement.Parts[0].Dated = time.Time{}, false
	for _, length := range []time.Duration{-time.Hour, 0, time.Second, time.Minute, 13 * time.Hour, 400 * 24 * time.Hour, 20 * 365 * 24 * time.Hour} {
		d := onrecord.Digest{From: from, Until: from.Add(length), Statements: many, Events: []onrecord.Event{{Date: from.Add(-time.Hour), What: strings.Repeat("w", 500)}, {Date: from.AddDate(90, 0, 0)}}, Gaps: []onrecord.Gap{{From: from.Add(-time.Hour), Until: from.AddDate(90, 0, 0)}}}
		if picture, alt, err := Of(d); err != nil || (picture == nil) != (length <= 0) || len(alt) > 4*longestAlt {
			t.Errorf("%s: %d bytes, %d of words, %v", length, len(picture), len(alt), err)
		}
	}
}

func FuzzWritten(f *testing.F) {
	f.Add("Harbor Labs", "x")
	f.Fuzz(func(t *testing.T, name, handle string) {
		for _, r := range written(name, handle, 0) {
			if _, there := letters()[r]; !there {
				t.Errorf("%q has no letter", r)
			}
		}
	})
}
