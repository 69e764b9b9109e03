package novelty

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/beside"
)

type labelled struct {
	ID      string    `json:"id"`
	Account string    `json:"account"`
	Created time.Time `json:"created_at"`
	Text    string    `json:"text"`
	Kind    string    `json:"kind"`
	Label   int       `json:"label"`
	Novelty string    `json:"novelty"`
}

func streams(t *testing.T) map[string][]labelled {
	t.Helper()
	out := map[string][]labelled{}
	for _, dir := range beside.Tuned(t) {
		name := filepath.Base(dir)
		f, err := os.Open(filepath.Join(dir, "posts.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<22)
		for lines.Scan() {
			var p labelled
			if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			out[name] = append(out[name], p)
		}
		f.Close()
	}
	return out
}

// TestCorpus: on real statements in time order, those that a reader called new
// are not folded; and their generated variants are.
func TestCorpus(t *testing.T) {
	t.Parallel()
	wrong, news, right, dups := 0, 0, 0, 0
	kinds := map[string]int{}
	var tally variants
	for name, posts := range streams(t) {
		var record []Earlier
		var texts []string
		for _, p := range posts {
			if p.Label != 1 || p.Kind == "retweet" || p.Kind == "repost" {
				continue
			}
			v := Compare(p.Text, []string{p.ID}, record)
			fold := v.Novelty == onrecord.Mirror || v.Novelty == onrecord.Restates
			kinds[p.Novelty+" "+string(v.Novelty)]++
			switch p.Novelty {
			case "new":
				news++
				if v.Novelty == onrecord.Mirror {
					wrong++
					t.Logf("%s: %q folded into %q", name, p.Text, record[v.Of-1].Text)
				}
			case "dup":
				dups++
				if fold {
					right++
				}
			}
			record = append(record, Earlier{ID: int64(len(record) + 1), Posts: []string{p.ID}, Text: p.Text, At: p.Created, SameSide: true})
			texts = append(texts, p.Text)
		}
		tally.judge(t, texts)
	}
	tally.check(t)
	t.Logf("new statements folded: %d of %d; repeats folded: %d of %d; %v", wrong, news, right, dups, kinds)
	if wrong > 0 {
		t.Errorf("%d new statements are folded", wrong)
	}
}

// TestCorpusDistinct: every two different posts of an account, on whatever
// subject, the later against the earlier: only equal words are folded.
func TestCorpusDistinct(t *testing.T) {
	t.Parallel()
	posts, pairs, folded := 0, 0, map[string]bool{}
	for name, stream := range streams(t) {
		said := map[string][]known{}
		for _, p := range stream {
			if p.Kind == "retweet" || p.Kind == "repost" {
				continue
			}
			posts++
			k := know(Earlier{ID: 1, Text: p.Text, At: p.Created, SameSide: true})
			for _, e := range said[p.Account] {
				pairs++
				if words := k.shape.words; len(words) > 0 && inBoth(words, e.shape.words) == 0 {
					continue // nothing can make them alike
				}
				v, _ := compare(read(p.Text), []string{p.ID}, []known{e})
				if v.Novelty == onrecord.Mirror && v.Why != "the same words" {
					folded[p.ID] = true
					t.Logf("%s: %q folded into %q", name, p.Text, e.Text)
				}
			}
			said[p.Account] = append(said[p.Account], k)
		}
	}
	t.Logf("%d of %d posts, in %d pairs, are folded = %.4f", len(folded), posts, pairs, float64(len(folded))/float64(posts))
	if len(folded) > posts/500 {
		t.Error("more than 0.2 % are folded")
	}
}
