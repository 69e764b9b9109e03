//go:build ignore

// Command letters writes statements/card/timeline/letters.bin: those of the Go font that names are written in, in shades
// of one colour. It needs golang.org/x/image, which the program does not; so it is run in a
// module of its own:
//
//	cp main.go DIR && cd DIR && go mod init letters && go get golang.org/x/image@v0.48.0 && go run main.go letters.bin
package main

import (
	"bytes"
	"compress/zlib"
	"image"
	"log"
	"os"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const size = 24 // pixels

func main() {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		log.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	letter := func(r rune) {
		box, mask, at, advance, ok := face.Glyph(fixed.P(0, 0), r)
		if !ok {
			log.Fatalf("the font has no %q", r)
		}
		if box.Empty() {
			box, mask = image.Rectangle{}, image.NewAlpha(image.Rectangle{})
		}
		out.Write([]byte{byte(r >> 8), byte(r), byte(advance.Round()), byte(int8(box.Min.X)), byte(int8(box.Min.Y)), byte(box.Dx()), byte(box.Dy())})
		var shades []byte
		for y := range box.Dy() {
			for x := range box.Dx() {
				_, _, _, a := mask.At(at.X+x, at.Y+y).RGBA()
				shades = append(shades, byte((a+0x888)/0x1111))
			}
		}
		for i := 0; i < len(shades); i += 2 {
			b := shades[i] << 4
			if i+1 < len(shades) {
				b |= shades[i+1]
			}
			out.WriteByte(b)
		}
	}
	for r := rune(' '); r <= '~'; r++ {
		letter(r)
	}
	for r := rune(0xc0); r <= 0xff; r++ {
		letter(r)
	}
	for _, r := range "…–’“”·" {
		letter(r)
	}
	var packed bytes.Buffer
	w, _ := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	w.Write(out.Bytes())
	w.Close()
	if err := os.WriteFile(os.Args[1], packed.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d bytes, %d packed", out.Len(), packed.Len())
}
