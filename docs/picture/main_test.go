package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The pages in docs/pictures are those of the bodies that are sent.
func TestPagesAreOfTheBodies(t *testing.T) {
	pages, err := Pages("../../notifiers/discord/testdata")
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range pages {
		if kept, err := os.ReadFile(filepath.Join("../pictures", name+".html")); err != nil || !bytes.Equal(kept, page) {
			t.Errorf("%s is not what would be drawn: run `make pictures`, and look at the picture (%v)", name, err)
		}
		if picture, err := os.ReadFile(filepath.Join("../pictures", name+".png")); err != nil || len(picture) < 5000 {
			t.Errorf("%s has no picture: run `make pictures` (%v)", name, err)
		}
	}
}

func TestMarkdownIsDrawn(t *testing.T) {
	got := string(markdown("**Bold** *it* ~~out~~ `a` [S-1](https://a.example/x) \\*as it is\\* <b> <@7>\n> quoted\n-# small\n```\n*raw*\n```"))
	for _, want := range []string{"<b>Bold</b>", "<i>it</i>", "<s>out</s>", "<code>a</code>", "<a>S-1</a>", "*as it is*", "&lt;b&gt;", `<span class="call">@Ann</span>`, "<blockquote>quoted<br>", "<small>small</small>", "<pre>*raw*\n</pre>"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}

func TestTrim(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 20, 100))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.Set(3, 30, color.Black)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := trim(file); err != nil {
		t.Fatal(err)
	}
	in, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	small, err := png.Decode(bytes.NewReader(in))
	if err != nil || small.Bounds().Dy() != 39 || small.At(3, 30) != (color.RGBA{0, 0, 0, 255}) {
		t.Errorf("%v, %v", small.Bounds(), err)
	}
}
