// Command picture draws messages as Discord shows them, from the very bytes that are
// sent, as pages that a browser can photograph: docs/pictures.
//
//	make pictures
//
// Beside each message on a wide screen stands the same on a phone of 360 pixels, of which
// the first 640 are marked: what a reader sees before scrolling.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sheets are the designs, by page, each with the file of its body.
var sheets = []struct {
	name    string
	designs []design
}{
	{"statements", []design{
		{"New", "short"},
		{"New, long", "long"},
		{"Thread", "thread"},
		{"Thread that is too long", "long_thread"},
		{"The same in full, in the thread below: the first part", "whole"},
		{"Quoted by the press", "quoted"},
		{"An article of the speaker's own", "article"},
		{"Translated", "translated"},
		{"Also said: the card is changed", "also_said"},
		{"Adds to an earlier one", "adds"},
		{"Changes an earlier one", "changes"},
		{"In other words", "in_other_words"},
		{"Reply, with the author's content warning", "reply"},
	}},
	{"cards", []design{{"New", "cards_short"}, {"New, long", "cards_long"}, {"Thread", "cards_thread"}, {"Translated", "cards_translated"}, {"Also said: the card is changed", "cards_also_said"}, {"Corrected: the card is changed", "cards_corrected"}}},
	{"since", []design{
		{"Edited", "edited"},
		{"Deleted by the author", "deleted"},
		{"Gone from its place", "gone"},
		{"Cannot be read", "unreadable"},
		{"Can be read again", "returned"},
		{"Taken away and posted again", "replaced"},
		{"Taken out: the card is changed", "taken_out"},
		{"Corrected: the card is changed", "corrected"},
		{"Corrected: the answer", "correction"},
		{"Withdrawn: the card is changed", "withdrawn"},
		{"Withdrawn: the answer", "withdrawal"},
	}},
	{"digest", []design{{"Digest", "digest"}, {"What could not be published one by one", "gathered"}, {"A gap", "gap"}}},
	{"operator", []design{{"For review", "review"}, {"For review: nobody is named", "unnamed"}, {"Incident", "incident"}, {"Incident, over", "incident_over"}}},
	{"answers", []design{{"/statements", "answer_statements"}, {"/statement", "answer_statement"}, {"/statement: Cite", "answer_cite"}, {"/case", "answer_case"}, {"/sources", "answer_sources"}}},
	{"subscribe", []design{
		{"/subscribe: something is missing", "answer_subscribe_lacks"},
		{"/subscribe: what it would have brought", "answer_subscribe"},
		{"/subscribe: saved", "answer_subscribed"},
		{"What is said next, in the channel", "followed"},
	}},
	{"notify", []design{
		{"/notify add: how often it would have called", "answer_notify"},
		{"/notify add: saved", "answer_notified"},
		{"What is said next, in a private thread", "called"},
	}},
}

type design struct{ Caption, body string }

func main() {
	log.SetFlags(0)
	if len(os.Args) == 3 && os.Args[1] == "trim" {
		if err := trim(os.Args[2]); err != nil {
			log.Fatalf("trim the picture: %v", err)
		}
		return
	}
	if len(os.Args) != 3 {
		log.Fatal("usage: picture BODIES PAGES, or picture trim PICTURE.png")
	}
	pages, err := Pages(os.Args[1])
	if err != nil {
		log.Fatalf("draw the messages: %v", err)
	}
	for name, page := range pages {
		if err := os.WriteFile(filepath.Join(os.Args[2], name+".html"), page, 0o644); err != nil {
			log.Fatalf("write the page: %v", err)
		}
	}
}

// Pages draws all sheets, and the message of the README, from the bodies in a folder.
func Pages(bodies string) (map[string][]byte, error) {
	pages := map[string][]byte{}
	for _, s := range sheets {
		var drawn []template.HTML
		for _, d := range s.designs {
			m, err := read(filepath.Join(bodies, d.body+".json"))
			if err != nil {
				return nil, err
			}
			m.Caption = d.Caption
			if strings.HasPrefix(d.Caption, "/") {
				m.Asked, _, _ = strings.Cut(d.Caption, ":")
			}
			html, err := rowOf(m)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.body, err)
			}
			drawn = append(drawn, html)
		}
		var page bytes.Buffer
		if err := sheet.Execute(&page, drawn); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		pages[s.name] = page.Bytes()
	}
	m, err := read(filepath.Join(bodies, "short.json"))
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = single.Execute(&page, m)
	pages["message"] = page.Bytes()
	return pages, err
}

func read(file string) (m message, err error) {
	body, err := os.ReadFile(file)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return m, fmt.Errorf("%s: %w", file, err)
	}
	if alt, err := os.ReadFile(strings.TrimSuffix(file, "json") + "txt"); err == nil {
		m.Files = []picture{{"../../" + filesOf + strings.TrimSuffix(filepath.Base(file), "json") + "png", strings.TrimSpace(string(alt))}}
	}
	return m, nil
}

// filesOf is where the pictures lie that go with bodies.
const filesOf = "notifiers/discord/testdata/"

func rowOf(m message) (template.HTML, error) {
	var b bytes.Buffer
	err := row.Execute(&b, m)
	return template.HTML(b.String()), err
}

// trim cuts what is empty below a photograph, and keeps 16 colours of it: these are pages
// of text, and a small file is compared sooner.
func trim(file string) error {
	in, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	img, err := png.Decode(bytes.NewReader(in))
	if err != nil {
		return err
	}
	b := img.Bounds()
	ground := img.At(b.Min.X, b.Max.Y-1)
	bottom := b.Max.Y
	for bottom > b.Min.Y+1 && empty(img, bottom-1, ground) {
		bottom--
	}
	b.Max.Y = min(b.Max.Y, bottom+8)
	small := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), palette(img, b))
	draw.Draw(small, small.Bounds(), img, b.Min, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}

func empty(img image.Image, y int, ground color.Color) bool {
	for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
		if img.At(x, y) != ground {
			return false
		}
	}
	return true
}

const colours = 16

// palette are the colours of a picture that are used most, so far apart that they differ.
func palette(img image.Image, b image.Rectangle) color.Palette {
	count := map[color.RGBA]int{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			count[c]++
		}
	}
	all := make([]color.RGBA, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, c color.RGBA) int {
		if n := count[c] - count[a]; n != 0 {
			return n
		}
		return (int(a.R)<<16 | int(a.G)<<8 | int(a.B)) - (int(c.R)<<16 | int(c.G)<<8 | int(c.B))
	})
	var p color.Palette
	apart := func(c color.RGBA) bool {
		return !slices.ContainsFunc(p, func(o color.Color) bool {
			k := o.(color.RGBA)
			d := func(x, y uint8) int { return (int(x) - int(y)) * (int(x) - int(y)) }
			return d(c.R, k.R)+d(c.G, k.G)+d(c.B, k.B) < 900
		})
	}
	for _, c := range all {
		if len(p) == colours {
			break
		}
		if apart(c) {
			p = append(p, c)
		}
	}
	return p
}
