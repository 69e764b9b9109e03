package timeline

import (
	"bytes"
	"compress/zlib"
	_ "embed"
	"image"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"onrecord/statements/lang"
)

// ink is a colour that is drawn with, in shades down to the ground.
type ink int

const (
	bright ink = iota
	muted
	faint
	blue
	amber
	coral
)

const shades = 15 // of an ink, besides the ground

var (
	ground = color.NRGBA{0x23, 0x25, 0x2b, 0xff}
	inks   = [...]color.NRGBA{bright: {0xf2, 0xf3, 0xf5, 0xff}, muted: {0xa3, 0xaa, 0xb4, 0xff}, faint: {0x3d, 0x40, 0x48, 0xff}, blue: {0x5a, 0xa9, 0xff, 0xff}, amber: {0xf0, 0xb2, 0x32, 0xff}, coral: {0xff, 0x7a, 0x6b, 0xff}}
)

// canvas is a picture of few colours, which makes its file small.
type canvas struct{ *image.Paletted }

func newCanvas(width, height int) *canvas {
	colours := color.Palette{ground}
	for _, c := range inks {
		blend := func(from, to uint8, n int) uint8 { return uint8((int(from)*(shades-n) + int(to)*n) / shades) }
		for n := 1; n <= shades; n++ {
			colours = append(colours, color.NRGBA{blend(ground.R, c.R, n), blend(ground.G, c.G, n), blend(ground.B, c.B, n), 0xff})
		}
	}
	return &canvas{image.NewPaletted(image.Rect(0, 0, width, height), colours)}
}

// shade puts so much of an ink on a point; what is stronger there stays.
func (c *canvas) shade(x, y int, of ink, n int) {
	if n <= 0 || !(image.Point{X: x, Y: y}).In(c.Rect) {
		return
	}
	at := &c.Pix[c.PixOffset(x, y)]
	if there := (int(*at) - 1) % shades; *at == 0 || n > there+1 || n == shades {
		*at = uint8(int(of)*shades + n)
	}
}

func (c *canvas) level(from, to, y int, of ink, thick int) {
	for x := from; x <= to; x++ {
		for dy := range thick {
			c.shade(x, y-thick/2+dy, of, shades)
		}
	}
}

func (c *canvas) upright(x, from, to int, of ink) {
	for y := from; y <= to; y++ {
		c.shade(x, y, of, shades)
	}
}

// part is how much of a point an edge leaves that lies so far outside of it, in shades.
func part(outside float64) int { return int(min(max(.5-outside, 0), 1)*shades + .5) }

// disc draws a circle, of whose radius so much is filled from the rim.
func (c *canvas) disc(x, y, radius, rim int, of ink) {
	within(radius+3, func(dx, dy float64) {
		distance := math.Hypot(dx, dy)
		c.clear(x+int(dx), y+int(dy), distance-float64(radius+2))
		n := part(distance - float64(radius))
		if rim < radius {
			n = min(n, part(float64(radius-rim)-distance))
		}
		c.shade(x+int(dx), y+int(dy), of, n)
	})
}

func (c *canvas) diamond(x, y, radius int, of ink) {
	within(radius+3, func(dx, dy float64) {
		distance := math.Abs(dx) + math.Abs(dy)
		c.clear(x+int(dx), y+int(dy), distance-float64(radius+3))
		c.shade(x+int(dx), y+int(dy), of, part((distance-float64(radius))*.7))
	})
}

// within goes through the points around another.
func within(radius int, each func(dx, dy float64)) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			each(float64(dx), float64(dy))
		}
	}
}

// clear keeps a mark apart from what lies below it.
func (c *canvas) clear(x, y int, outside float64) {
	if outside < 0 && (image.Point{X: x, Y: y}).In(c.Rect) {
		c.Pix[c.PixOffset(x, y)] = 0
	}
}

// The letters are those of the Go font, by Bigelow & Holmes; its licence is in LICENSE.
//
//go:embed letters.bin
var packed []byte

// letter is one of them: where its shades stand, and how far the next one is.
type letter struct {
	advance, x, y, width, height int
	shades                       []byte // two of them in each
}

// letters reads what docs/picture/letters wrote.
var letters = sync.OnceValue(func() map[rune]letter {
	all := map[rune]letter{}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err) // it is embedded: every test would see it
	}
	data, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	for len(data) >= 7 {
		l := letter{int(data[2]), int(int8(data[3])), int(int8(data[4])), int(data[5]), int(data[6]), nil}
		size := (l.width*l.height + 1) / 2
		l.shades = data[7 : 7+size]
		all[rune(data[0])<<8|rune(data[1])] = l
		data = data[7+size:]
	}
	return all
})

// wide is how many pixels a text takes.
func wide(text string) (n int) {
	for _, r := range text {
		n += letters()[r].advance
	}
	return n
}

// fit cuts what has no room.
func fit(text string, most int) string {
	if wide(text) <= most {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && wide(string(runes)+"…") > most {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

func (c *canvas) write(x, y int, text string, of ink) {
	for _, r := range text {
		l := letters()[r]
		for i := range l.width * l.height {
			n := int(l.shades[i/2] >> 4)
			if i%2 == 1 {
				n = int(l.shades[i/2] & 15)
			}
			c.shade(x+l.x+i%l.width, y+l.y+i/l.width, of, n)
		}
		x += l.advance
	}
}

// written is a name in letters there are: what has none is romanized, and a name of which
// nothing is left that way is the handle, or a number.
func written(name, handle string, n int) string {
	for _, text := range []string{name, handle} {
		if text = plain(text); text != "" {
			return text
		}
	}
	return "speaker " + strconv.Itoa(n+1)
}

func plain(text string) string {
	var b strings.Builder
	begins := true // a word does
	for _, r := range text {
		sound := string(r)
		if _, there := letters()[r]; !there {
			sound = strings.ReplaceAll(lang.Romanized(sound), "[?]", "")
			if sound != "" && (unicode.IsUpper(r) || begins) {
				sound = strings.ToUpper(sound[:1]) + sound[1:]
			}
		}
		for _, r := range sound { // what is romanized to more than letters is left out
			if _, there := letters()[r]; there {
				b.WriteRune(r)
			} else {
				b.WriteByte(' ')
			}
		}
		begins = sound == "" && begins || strings.HasSuffix(sound, " ") || unicode.IsSpace(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
