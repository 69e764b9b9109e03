package card

import (
	"slices"
	"strings"

	"github.com/clipperhouse/uax29/v2/words"
)

// Piece is a part of a text that was changed: it stayed, was taken out or was put in.
// Texts are clean, and those that stayed or were put in make up the new text, but for
// what was left out of it, which is marked by […].
type Piece struct {
	Change Change
	Text   string
}

// Change is what was done to a piece.
type Change string

// The changes.
const (
	Kept    Change = "kept"
	TookOut Change = "took out"
	PutIn   Change = "put in"
)

const (
	// aligned bounds the table in which two texts are laid side by side: the product of
	// their lengths in words. What differs in longer ones is shown as one change.
	aligned = 4 << 20
	// around is how many characters of what stayed are shown beside a change.
	around = 160
)

// Diff lays two texts side by side, word by word.
func Diff(was, now string) []Piece {
	a, b := tokens(Clean(was)), tokens(Clean(now))
	var head, tail []string
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head, a, b = append(head, a[0]), a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail, a, b = append(tail, a[len(a)-1]), a[:len(a)-1], b[:len(b)-1]
	}
	var d diff
	d.add(Kept, head...)
	d.between(a, b)
	for i := range tail {
		d.add(Kept, tail[len(tail)-1-i])
	}
	return d.shortened()
}

// tokens are the words of a text, its signs, and the white space between them.
func tokens(text string) (list []string) {
	for t := words.FromString(text); t.Next(); {
		list = append(list, t.Value())
	}
	return list
}

// diff is a list of pieces in the making.
type diff []Piece

func (d *diff) add(c Change, texts ...string) {
	text := strings.Join(texts, "")
	if text == "" {
		return
	}
	if n := len(*d); n > 0 && (*d)[n-1].Change == c {
		(*d)[n-1].Text += text
		return
	}
	*d = append(*d, Piece{c, text})
}

// between lays side by side what stands between the common ends of two texts. Changes
// with nothing but white space between them are one.
func (d *diff) between(a, b []string) {
	if len(a)*len(b) > aligned {
		d.add(TookOut, a...)
		d.add(PutIn, b...)
		return
	}
	width := len(b) + 1
	long := make([]int16, (len(a)+1)*width) // the longest common sequence of what is left of both
	for i := range slices.Backward(a) {
		for j := range slices.Backward(b) {
			if a[i] == b[j] {
				long[i*width+j] = long[(i+1)*width+j+1] + 1
			} else {
				long[i*width+j] = max(long[(i+1)*width+j], long[i*width+j+1])
			}
		}
	}
	var out, in []string
	settle := func() {
		d.add(TookOut, out...)
		d.add(PutIn, in...)
		out, in = nil, nil
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			if strings.TrimSpace(a[i]) == "" && len(out)+len(in) > 0 && i+1 < len(a) && j+1 < len(b) && a[i+1] != b[j+1] {
				out, in = append(out, a[i]), append(in, b[j])
			} else {
				settle()
				d.add(Kept, a[i])
			}
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && long[(i+1)*width+j] >= long[i*width+j+1]:
			out, i = append(out, a[i]), i+1
		default:
			in, j = append(in, b[j]), j+1
		}
	}
	settle()
}

// shortened leaves out what stayed far from every change.
func (d diff) shortened() []Piece {
	var list []Piece
	for i, p := range d {
		first, last := i == 0, i == len(d)-1
		most := 2 * around
		if first || last {
			most = around
		}
		if p.Change != Kept || Characters(p.Text) <= most+2*len(gap) {
			list = append(list, p)
			continue
		}
		text := ""
		if !first {
			text = begin(p.Text) + " " + gap
		}
		if !last {
			text = strings.TrimSpace(text) + " " + end(p.Text)
			if first {
				text = gap + text
			}
		}
		list = append(list, Piece{Kept, text})
	}
	return list
}

// begin is the beginning of a text, up to a word.
func begin(text string) string {
	cut := []rune(text)[:around]
	for n := len(cut) - 1; n > around/2; n-- {
		if cut[n] == ' ' || cut[n] == '\n' {
			return string(cut[:n])
		}
	}
	return string(cut)
}

// end is the end of a text, from a word on.
func end(text string) string {
	all := []rune(text)
	cut := all[len(all)-around:]
	for n := range around / 2 {
		if cut[n] == ' ' || cut[n] == '\n' {
			return string(cut[n+1:])
		}
	}
	return string(cut)
}
