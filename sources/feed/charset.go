package feed

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"

	"onrecord/sources"
)

// declared finds the encoding an XML declaration names.
var declared = lazily(`^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// declaration is what must go once the bytes are UTF-8: it may say otherwise.
var declaration = lazily(`^\s*<\?xml\s[^>]*\?>`)

// transcode returns the document in UTF-8. A byte order mark decides alone. What
// the HTTP header or the XML declaration says is believed as far as the bytes can
// be that: what is written in UTF-8 is by chance nothing else, whatever it is
// called, and what is not, is not UTF-8.
func transcode(body []byte, contentType string) ([]byte, error) {
	if text, label := marked(body); label != "" {
		return decode(text, label)
	}
	labels := labelled(body, contentType)
	label := first(labels)
	switch {
	case strings.HasPrefix(label, "utf-16") && bytes.IndexByte(body, 0) >= 0, label == "iso-2022-jp":
		return decode(body, label)
	case inUTF8(body):
		return repair(body), nil
	}
	labels = slices.DeleteFunc(labels, func(l string) bool { return strings.HasPrefix(l, "utf-") })
	return decode(body, likely(body, first(labels)))
}

func first(labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	return labels[0]
}

// marked takes off a byte order mark, or sees UTF-16 by the zeros around the
// first sign of a document, and says what it means.
func marked(body []byte) (text []byte, label string) {
	for _, m := range []struct{ mark, label string }{{"\xef\xbb\xbf", "utf-8"}, {"\xfe\xff", "utf-16be"}, {"\xff\xfe", "utf-16le"}} {
		if bytes.HasPrefix(body, []byte(m.mark)) {
			return body[len(m.mark):], m.label
		}
	}
	switch {
	case bytes.HasPrefix(body, []byte("\x00<")):
		return body, "utf-16be"
	case bytes.HasPrefix(body, []byte("<\x00")):
		return body, "utf-16le"
	}
	return body, ""
}

// labelled are the encodings that the header and the declaration name, by their
// names in the standard. UTF-16 is read of a header only: a declaration that can
// be read byte by byte is not in UTF-16.
func labelled(body []byte, contentType string) (labels []string) {
	_, params, _ := mime.ParseMediaType(contentType)
	if name := standard(params["charset"]); name != "" {
		labels = append(labels, name)
	}
	if m := declared().FindSubmatch(body[:min(len(body), 1024)]); m != nil {
		if name := standard(string(m[1])); name != "" && !strings.HasPrefix(name, "utf-16") {
			labels = append(labels, name)
		}
	}
	return labels
}

func standard(label string) string {
	_, name := charset.Lookup(label)
	return name
}

// inUTF8 reports whether a document is in UTF-8 but for single faults: characters of
// several bytes hardly come about by chance, so few of them outweigh bytes that belong to none.
func inUTF8(body []byte) bool {
	whole, broken := 0, 0
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && size == 1 {
			broken++
		} else {
			whole++
		}
		i += size
	}
	return broken == 0 || 2*whole > broken
}

// repair reads bytes that are no UTF-8 in a document that is: one that stands
// alone was pasted from a Windows program, the rest is beyond repair.
func repair(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	alone := func(i int) bool {
		return (i == 0 || body[i-1] < utf8.RuneSelf) && (i+1 == len(body) || body[i+1] < utf8.RuneSelf) && body[i] >= utf8.RuneSelf
	}
	var out []byte
	for i := 0; i < len(body); {
		r, size := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && size == 1 && alone(i) {
			r = charmap.Windows1252.DecodeByte(body[i])
		}
		out = utf8.AppendRune(out, r)
		i += size
	}
	return out
}

const (
	// sampled is how much of the text is looked at to guess its encoding.
	sampled = 16 << 10
	// sure and surer are how confident a guess must be, out of a hundred, and by
	// how much more than for what the document says of itself.
	sure, surer = 35, 10
	// few bytes beyond ASCII say nothing: a guess from them is one in name only.
	few = 6
)

// kin are encodings that differ in a few signs: the guess between them is the label's.
var kin = map[string]string{
	"iso-8859-2": "windows-1250", "iso-8859-7": "windows-1253", "iso-8859-8": "windows-1255", "iso-8859-8-i": "windows-1255",
	"iso-8859-6": "windows-1256", "gb18030": "gbk", "koi8-u": "koi8-r",
}

func family(name string) string {
	if k := kin[name]; k != "" {
		return k
	}
	return name
}

// likely is the encoding of a document that is not in UTF-8. Its label is
// believed unless the words say clearly that they are in another; without one
// that can be right it is the most common encoding of old pages.
func likely(body []byte, label string) string {
	text := sample(body)
	guesses, err := chardet.NewTextDetector().DetectAll(text)
	if high := len(text) - ascii(text); err != nil || high < few {
		guesses = nil
	}
	named, best, confidence := 0, "", 0
	for _, g := range guesses {
		name := standard(g.Charset)
		if family(name) == family(label) {
			named = max(named, g.Confidence)
		}
		if g.Confidence > confidence && name != "" && !strings.HasPrefix(name, "utf-") {
			best, confidence = name, g.Confidence
		}
	}
	switch {
	case best != "" && family(best) == family(label), label != "" && !guessable[family(label)] && clean(body, label):
		return label
	case confidence >= sure && (label == "" || confidence >= named+surer) && clean(body, best):
		return best
	case label != "":
		return label
	}
	return "windows-1252"
}

// guessable are the families of encodings that a guess may come to. Another one
// is what its document says.
var guessable = map[string]bool{
	"windows-1250": true, "windows-1251": true, "windows-1252": true, "windows-1253": true, "windows-1254": true, "windows-1255": true, "windows-1256": true,
	"iso-8859-5": true, "koi8-r": true, "shift_jis": true, "euc-jp": true, "gbk": true, "big5": true, "euc-kr": true,
}

// clean reports whether all of a document can be read in an encoding.
func clean(body []byte, label string) bool {
	r, err := charset.NewReaderLabel(label, bytes.NewReader(body))
	if err != nil {
		return false
	}
	for text := bufio.NewReader(r); ; { // without keeping it
		switch c, _, err := text.ReadRune(); {
		case err != nil:
			return errors.Is(err, io.EOF)
		case c == utf8.RuneError:
			return false
		}
	}
}

// sample is the words that are beyond ASCII: markup, and names in Latin letters,
// would outweigh them.
func sample(body []byte) []byte {
	var out []byte
	for part := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '<' || r == '>' || r <= ' ' }) {
		if ascii(part) < len(part) && len(out) < sampled {
			out = append(append(out, part[:min(len(part), sampled)]...), ' ')
		}
	}
	return out
}

func ascii(text []byte) (n int) {
	for _, b := range text {
		if b < utf8.RuneSelf {
			n++
		}
	}
	return n
}

func decode(body []byte, label string) ([]byte, error) {
	r, err := charset.NewReaderLabel(label, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("decode %q: %w", label, err)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err == nil && len(text) > maxBytes {
		err = sources.ErrTooLarge // one byte may become three
	}
	return text, err
}

// damage says that there are bytes nobody could read.
func damage(items []item) []string {
	for _, it := range items {
		if strings.ContainsRune(it.Title+it.Text, utf8.RuneError) {
			return []string{"some characters of the feed cannot be read in the encoding it names, nor in another; quotations show � for them"}
		}
	}
	return nil
}
