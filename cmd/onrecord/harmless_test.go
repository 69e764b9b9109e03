package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"onrecord"
)

// hostile is what a terminal obeys: titles, the clipboard, links, colours, C1,
// direction, letters that cannot be seen.
const hostile = "\x1b]0;owned\x07\x1b]52;c;Y3VybCBldmls\x07\x1b]8;;https://evil.example\x07here\x1b]8;;\x07\x1b[2J\x1b[8m\u009b31m\u202eevil\u202c\u2066x\u2069\u200b\x00\x7f\r\U000e0041\u2028"

func TestNothingFromOutsideReachesATerminalRaw(t *testing.T) {
	text := "We deny in court that the pricing model of Northwind Data " + hostile + " was taken; नहीं، 👩🏽‍💻."
	posts := []onrecord.Post{
		{Account: "x:harborlabs", ID: "1", Kind: onrecord.Original, Text: text, URL: "https://x.example/1" + hostile, Title: hostile, Author: onrecord.Author{Handle: "harborlabs", Name: hostile}, Created: time.Now(), Dated: true},
		{Account: "x:harborlabs", ID: "2", Kind: onrecord.Original, Text: "The river case." + hostile, URL: "https://x.example/2", Created: time.Now(), Dated: true},
	}
	_, config := remembered(t, oneAccount, posts)
	seen := 0
	for _, args := range [][]string{
		{"review"},
		{"explain", "S-0001"},
		{"explain", "https://x.example/2"},
		{"explain", text},
		{"latest", "--all"},
		{"export", "--all"},
		{"outbox"},
		{"status"},
		{"accounts"},
		{"check"},
		{"explain", "--account", hostile, "a text"},
		{"latest", "--case", hostile},
		{"accept", "S-9999" + hostile},
		{"review", "--json"},
		{"explain", "--json", "S-0001"},
	} {
		var out bytes.Buffer
		execute(&terminal{ctx: t.Context(), out: &out, errout: &out}, append(args, "--config", config))
		for _, r := range out.String() {
			if (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028') && !strings.ContainsRune("\n\t\u200d", r) {
				t.Errorf("%.40q writes %U:\n%.300q", args, r, out.String())
				break
			}
		}
		if strings.Contains(out.String(), "evil") {
			seen++
		}
		if args[0] == "export" {
			var e struct{ Posts []struct{ Text string } }
			line, _, _ := strings.Cut(out.String(), "\n")
			if err := json.Unmarshal([]byte(line), &e); err != nil || len(e.Posts) == 0 || e.Posts[0].Text != text {
				t.Errorf("export says %q, %v", e.Posts, err)
			}
		}
	}
	if seen < 5 {
		t.Errorf("the text was shown by %d commands only", seen)
	}
}

// Characters may come in pieces.
func TestHarmlessInPieces(t *testing.T) {
	var out bytes.Buffer
	h := &harmless{to: &out}
	const text = "é\u009b裁\U000e0041 नहीं👩🏽‍💻\n"
	for b := range strings.SplitSeq(text, "") {
		for i := range len(b) {
			if _, err := h.Write([]byte{b[i]}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if want := `é\u009b裁\udb40\udc41 नहीं👩🏽‍💻` + "\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
