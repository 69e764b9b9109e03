package bot_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// holding are the files of the database that hold a text, and how often its log does.
func (w *world) holding(text string) (files []string, logged int) {
	w.t.Helper()
	for _, end := range []string{"", "-wal", "-shm"} {
		b, err := os.ReadFile(w.path + end)
		if err != nil && !os.IsNotExist(err) {
			w.t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			files = append(files, w.path+end)
		}
	}
	return files, w.log.count(text)
}

// Where the rules of a place ask for it, what was deleted there is nowhere any more: not
// in the files of the database, not in the log, not in a message. Its number, its times
// and its hash stay.
func TestWordsAreTakenOut(t *testing.T) {
	const secret, later = "the pricing model of Northwind Data was on a personal drive in the harbour office", "the pricing model of Northwind Data was on a personal drive in the lighthouse"
	for _, sight := range []sources.Sight{sources.Absent, sources.Deleted, sources.Unreadable} {
		synctest.Test(t, func(t *testing.T) {
			w := newJudgingWorld(t)
			w.deletion = map[string]sources.Deletion{"square": sources.RedactDeleted}
			w.every = 10 * time.Minute
			w.start()
			w.sleep(time.Minute)
			first := onrecord.Post{ID: "1", Revision: "r1", Text: "We deny in court that " + secret + ".", Raw: []byte("raw: " + secret)}
			w.square.say(first)
			w.square.say(onrecord.Post{ID: "2", Kind: onrecord.Reply, Text: said(2), ReplyTo: &onrecord.Ref{ID: "1", Text: first.Text}, Raw: []byte("raw: " + secret)})
			w.sleep(25 * time.Minute)
			w.square.edits("r2", "We deny in court that "+later+".")
			w.sleep(2 * time.Hour)
			before, err := w.database.Latest(t.Context(), "", -1)
			if err != nil || len(before) != 2 || len(w.fates()) != 1 {
				t.Fatalf("on the record: %d, %v; readers are told %q", len(before), err, w.fates())
			}
			if files, _ := w.holding(secret); len(files) == 0 {
				t.Fatal("the words are nowhere before they are taken out: the test proves nothing")
			}
			w.square.shows("1", sources.Look{Sight: sight})
			w.away(3 * time.Hour)
			w.sleep(time.Hour)
			for _, words := range []string{secret, later, "drive in the harbour", "harbour office", "in the lighthouse"} { // no piece of them either
				if files, logged := w.holding(words); len(files) != 0 || logged != 0 {
					t.Errorf("%s: the words are in %q, and %d times in the log", sight, files, logged)
				}
			}
			w.wall.mu.Lock()
			taken := 0
			for _, n := range w.wall.shown {
				if strings.Contains(n.also, secret) {
					t.Errorf("%s: a message was changed to %q", sight, n.also)
				}
				if n.also == `taken out ""` {
					taken++
				}
			}
			w.wall.mu.Unlock()
			if taken != 2 { // the statement's, and the one about its edit
				t.Errorf("%s: %d messages were changed, want 2", sight, taken)
			}
			if got := w.fates(); len(got) != 2 {
				t.Errorf("%s: readers are told %q", sight, got)
			}
			list, err := w.database.Latest(t.Context(), "", -1)
			if err != nil || len(list) != 2 {
				t.Fatal(list, err)
			}
			sum := sha256.Sum256([]byte(first.Text))
			for i, st := range list {
				was := before[i]
				if st.First().ID == "2" {
					if st.First().Text != was.First().Text {
						t.Errorf("the answer says %q", st.First().Text)
					}
					continue
				}
				if p := st.First(); st.No != was.No || !st.Seen.Equal(was.Seen) || !p.Created.Equal(was.First().Created) || p.Text != "" || p.Hash() != hex.EncodeToString(sum[:]) || p.URL != was.First().URL {
					t.Errorf("%s: it stands as %+v, hash %s", sight, st, p.Hash())
				}
			}
			w.away(17 * time.Hour) // it can be read for good
			if _, _, err := w.database.Statement(t.Context(), 1); err != nil {
				t.Error(err)
			}
			w.sleep(2 * time.Hour)
			if got := w.fates(); len(got) != 2 {
				t.Errorf("%s: later readers are told %q", sight, got)
			}
		})
	}
}

// Where the operator keeps what was said, nobody is told that it is not there.
func TestWordsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.deletion = map[string]sources.Deletion{"square": sources.KeepDeleted}
		w.begin()
		w.square.shows("1", sources.Look{Sight: sources.Absent})
		w.sleep(75 * time.Minute)
		w.square.shows("1", sources.Look{})
		w.away(4 * time.Hour)
		w.sleep(time.Hour)
		if got := w.fates(); len(got) != 0 {
			t.Errorf("readers are told %q", got)
		}
	})
}

// A digest shows words of what it tells of. They are taken out of its message, too, and what
// it covers stays as it was; who withdraws what it tells of changes it as well.
func TestWordsAreTakenOutOfDigests(t *testing.T) {
	const secret = "the pricing model of Northwind Data was on a personal drive in the harbour office"
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.deletion = map[string]sources.Deletion{"square": sources.RedactDeleted}
		w.digest, w.every = "0 * * * *", 10*time.Minute
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Revision: "r1", Text: "We deny in court that " + secret + "."})
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(65 * time.Minute)
		if files, _ := w.holding(secret); len(files) == 0 || len(w.digests()) != 1 {
			t.Fatalf("the words are in %q, and there are the digests %q", files, w.digests())
		}
		w.square.shows("1", sources.Look{Sight: sources.Deleted})
		w.away(3 * time.Hour)
		w.sleep(time.Hour)
		if files, logged := w.holding(secret); len(files) != 0 || logged != 0 {
			t.Errorf("the words are in %q, and %d times in the log", files, logged)
		}
		digest := func() (words string, edits int) {
			w.wall.mu.Lock()
			defer w.wall.mu.Unlock()
			for _, n := range w.wall.shown {
				if strings.HasPrefix(n.text, "D-0002") {
					return n.also, n.edits
				}
			}
			return "", 0
		}
		if got, edits := digest(); edits != 1 || strings.Contains(got, secret) || !strings.Contains(got, said(2)) {
			t.Errorf("the digest was changed to %q", got)
		}
		if _, err := (bot.Moderator{Queue: w.database, Name: "Ada"}).Retract(t.Context(), 2, "a parody"); err != nil {
			t.Fatal(err)
		}
		w.sleep(5 * time.Minute)
		if _, edits := digest(); edits != 2 {
			t.Errorf("the digest was changed %d times", edits)
		}
	})
}
