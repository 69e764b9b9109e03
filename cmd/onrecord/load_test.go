package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onrecord/sources/feed/feedtest"
)

// longItems are single items as long as a feed may be, by what they repeat.
var longItems = []struct{ name, unit string }{
	{"words", "%s lantern harbour pricing ledger "},
	{"sentences", "We never opened the ledger of %s. "},
	{"numbers", "%[2]d "},
	{"addresses", "https://harbor.example/%[2]d "},
	{"quotations", "“We deny the %s,” Ivo Lind said. "},
	{"on the case", "We deny in court that Northwind Data %s owns the pricing model. "},
}

// BenchmarkLongItem publishes one item of nearly 4 MB beside a healthy account, and measures how long that account's statement is held up, what the item costs the
// processor, and how soon the program stops while another is read.
func BenchmarkLongItem(b *testing.B) {
	binary := release(b)
	for _, kind := range longItems {
		for _, speaker := range []string{"Northwind Data", `"*"`} {
			b.Run(kind.name+map[bool]string{true: ", press"}[speaker == `"*"`], func(b *testing.B) {
				for b.Loop() {
					loaded(b, binary, speaker, feedtest.Item{Title: "A long one", Text: long(kind.unit, 3_900_000)})
				}
			})
		}
	}
}

// BenchmarkLongDocument is 300 items of 13 kB in one document.
func BenchmarkLongDocument(b *testing.B) {
	binary := release(b)
	for b.Loop() {
		var items []feedtest.Item
		for i := range 300 {
			items = append(items, feedtest.Item{Title: fmt.Sprintf("Item %d", i), Text: saying(i) + " " + long("We never opened the ledger of %s. ", 13_000)})
		}
		loaded(b, binary, "Northwind Data", items...)
	}
}

func long(unit string, size int) string {
	var text strings.Builder
	for i := 0; text.Len() < size; i++ {
		name := fmt.Sprintf("w%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
		if strings.Contains(unit, "%[2]d") {
			fmt.Fprintf(&text, strings.ReplaceAll(unit, "%[2]d", "%d"), i)
		} else {
			fmt.Fprintf(&text, unit, name)
		}
	}
	return text.String()
}

func loaded(b *testing.B, binary, speaker string, items ...feedtest.Item) {
	e := newEdge(b)
	e.site.Open("/long.xml")
	e.site.Open("/healthy.xml")
	config := e.config(b, fictional+fmt.Sprintf("accounts:\n  - {source: feed, url: %q, speaker: %s, schedule: \"@every 1s\"}\n  - {source: feed, url: %q, speaker: Harbor Labs, schedule: \"@every 1s\"}\n", e.siteURL+"/long.xml", speaker, e.siteURL+"/healthy.xml"))
	run := exec.CommandContext(b.Context(), binary, "run", "--config", config)
	var said bytes.Buffer
	run.Stdout, run.Stderr = &said, &said
	if err := run.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if b.Failed() {
			b.Log(tail(said.String(), 20))
		}
	})
	until(b, patience, "every feed is watched", func() bool { return watched(e.status(b), 2) })
	cpu, began := cpuTime(b, run.Process.Pid), time.Now()
	for _, it := range items {
		e.site.Publish("/long.xml", it)
	}
	until(b, patience, "the long one is stored", func() bool { return posts(e.status(b)) >= int64(len(items)) })
	stored := time.Now()
	e.site.Publish("/healthy.xml", feedtest.Item{Title: "A short one", Text: saying(999)})
	until(b, 5*time.Minute, "the healthy account's statement is delivered", func() bool {
		for _, m := range e.discord.Messages(readers) {
			if strings.Contains(fmt.Sprint(m), "Statement 999") {
				return true
			}
		}
		return false
	})
	b.ReportMetric(time.Since(stored).Seconds(), "s-healthy")
	until(b, 5*time.Minute, "all is read", func() bool { return e.idle(b) })
	b.ReportMetric((cpuTime(b, run.Process.Pid) - cpu).Seconds(), "s-cpu")
	b.ReportMetric(time.Since(began).Seconds(), "s-all")
	b.ReportMetric(residentMB(b, run.Process.Pid), "MB-rss")
	e.site.Keep("/long.xml", 0) // two would be more than a document may hold
	for _, it := range items {
		it.Text, it.Title = strings.Map(turned, it.Text), it.Title+" again" // the same words would be the same item
		e.site.Publish("/long.xml", it)
	}
	until(b, patience, "it is stored again", func() bool { return posts(e.status(b)) > int64(len(items))+1 })
	asked := time.Now()
	if err := run.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := run.Wait(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(asked).Seconds(), "s-stop")
	b.ReportMetric(0, "ns/op")
}

// turned makes other words and numbers of a text.
func turned(r rune) rune {
	switch {
	case r >= 'a' && r < 'z', r >= '0' && r < '9':
		return r + 1
	case r == 'z':
		return 'a'
	}
	return r
}

// release builds the program as it is released, and returns where it lies.
func release(b *testing.B) string {
	if out, err := exec.CommandContext(b.Context(), "make", "-C", "../..", "build").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	binary, err := filepath.Abs("../../onrecord")
	if err != nil {
		b.Fatal(err)
	}
	return binary
}
