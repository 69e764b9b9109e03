package statementstest

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// Monsters are texts nobody writes, by what they repeat: each of them once made
// some rule go over the whole text again for every sign of it.
var Monsters = []string{
	"2041 ", "https://harborlabs.example/x ", "www.", "“", "“a ", "\n", "a\n", "\n\n.\n", "\u2028", "! ", ".", "*.", "1. ", "Dr. ", "@northwind_data ", "#NorthwindData ", "#",
	"Northwind v. Harbor Labs versus ", "source code ", "code ", "a-", "'", "a's ", ", ", "1/ ", "(", "\u200d", "e\u0301\u0301", "👩🏽‍💻", "裁判。", "not ", "&amp;", "a@b.c ", "RT @a: ", "a... ", "\xff", "\x00",
}

// Monster repeats a piece up to a size in bytes, with a number in every tenth
// piece, so that there are many different words.
func Monster(piece string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(piece)
		if i%10 == 9 && strings.HasSuffix(piece, " ") {
			b.WriteString("word" + strings.Repeat("x", i%7) + string(rune('a'+i/10%26)) + string(rune('a'+i/260%26)) + string(rune('a'+i/6760%26)) + " ")
		}
	}
	return b.String()
}

// Linear fails a test when work grows faster than the text it is done on. Eight
// times the text may take twenty-four times as long, since memory is slower than
// caches are; what goes over the whole text again for each sign takes sixty-four
// times. Time is that of the processor, and the best of several tries counts: a busy
// machine slows one down, not all.
func Linear(t *testing.T, work func(text string)) {
	t.Helper()
	const size, times, most, tries = 8 << 10, 8, 24, 8
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, piece := range Monsters {
		small, large := Monster(piece, size), Monster(piece, times*size)
		short, long := took(work, small), took(work, large)
		for n := 0; n < tries && long > most*short; n++ {
			runtime.GC() // memory that is used again costs less than fresh one
			short, long = min(short, took(work, small)), min(long, took(work, large))
		}
		if long > most*short {
			t.Errorf("%q: %d times the text takes %d times as long (%v, %v)", piece, times, long/short, short, long)
		}
	}
}

func took(work func(string), text string) time.Duration {
	return Took(func() { work(text) })
}

// Took is how long work takes the processor, as it runs in this thread alone.
func Took(work func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := processorTime()
	work()
	return processorTime() - start
}
