package match

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"onrecord"
	"onrecord/internal/beside"
)

// labelled is a post with what a reader said about it: 1 a statement on the
// case, 0 not, 2 borderline and left out.
type labelled struct {
	ID      string    `json:"id"`
	Source  string    `json:"source"`
	Account string    `json:"account"`
	Created time.Time `json:"created_at"`
	Text    string    `json:"text"`
	Kind    string    `json:"kind"`
	Lang    string    `json:"lang"`
	ReplyTo *struct {
		Account string `json:"account"`
	} `json:"reply_to"`
	Label int    `json:"label"`
	Evi   string `json:"evidence"`
}

type stream struct {
	name     string
	cases    []onrecord.Case
	speakers map[string]string
	watched  map[string][]string
	posts    []labelled
}

// quotedDate is a date that is a string to YAML.
var quotedDate = regexp.MustCompile(`"(\d{4}-\d\d-\d\d)"`)

func loadStream(t testing.TB, dir string) stream {
	t.Helper()
	var file struct {
		Cases    []onrecord.Case `yaml:"cases"`
		Accounts []struct {
			Handle  string   `yaml:"handle"`
			Speaker string   `yaml:"speaker"`
			Cases   []string `yaml:"cases"`
		} `yaml:"accounts"`
	}
	data, err := os.ReadFile(filepath.Join(dir, "case.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	data = quotedDate.ReplaceAll(data, []byte("$1"))
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	s := stream{name: filepath.Base(dir), cases: file.Cases, speakers: map[string]string{}, watched: map[string][]string{}}
	for _, a := range file.Accounts {
		s.speakers[a.Handle], s.watched[a.Handle] = a.Speaker, a.Cases
	}
	f, err := os.Open(filepath.Join(dir, "posts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var p labelled
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		s.posts = append(s.posts, p)
	}
	slices.SortStableFunc(s.posts, func(a, b labelled) int { return a.Created.Compare(b.Created) })
	return s
}

func (p labelled) post() onrecord.Post {
	kind := map[string]onrecord.PostKind{"reply": onrecord.Reply, "quote": onrecord.Quote, "retweet": onrecord.Repost, "repost": onrecord.Repost}[p.Kind]
	if kind == "" {
		kind = onrecord.Original
	}
	post := onrecord.Post{Account: p.Source + ":" + p.Account, ID: p.ID, Author: onrecord.Author{Handle: p.Account}, Kind: kind, Text: p.Text, Lang: p.Lang, Created: p.Created, Dated: true}
	if p.ReplyTo != nil {
		post.ReplyTo = &onrecord.Ref{Account: p.ReplyTo.Account}
	}
	return post
}

// figures are the counts behind precision and recall.
type figures struct {
	hit, miss, wrong, reviewed, reviewedHit, posts, quiet, quietAccepted int
}

func (f *figures) add(o figures) {
	f.hit += o.hit
	f.miss += o.miss
	f.wrong += o.wrong
	f.reviewed += o.reviewed
	f.reviewedHit += o.reviewedHit
	f.posts += o.posts
	f.quiet += o.quiet
	f.quietAccepted += o.quietAccepted
}

func share(a, b int) float64 { return float64(a) / float64(max(1, b)) }

func (f figures) precision() float64    { return share(f.hit, f.hit+f.wrong) }
func (f figures) recall() float64       { return share(f.hit, f.hit+f.miss) }
func (f figures) recallReview() float64 { return share(f.hit+f.reviewedHit, f.hit+f.miss) }
func (f figures) load() float64         { return share(f.reviewed, f.posts) }
func (f figures) quietShare() float64   { return share(f.quietAccepted, f.quiet) }
func (f figures) String() string {
	p, r := f.precision(), f.recall()
	return fmt.Sprintf("P %.3f R %.3f F1 %.3f | R+review %.3f load %.3f | quiet %d of %d = %.4f | accepted right %d wrong %d missed %d",
		p, r, 2*p*r/max(1e-9, p+r), f.recallReview(), f.load(), f.quietAccepted, f.quiet, f.quietShare(), f.hit, f.wrong, f.miss)
}

// replay judges a stream in time order with past state only.
func (s stream) replay() figures {
	m := Compile(s.cases)
	states := map[string]State{}
	var f figures
	var positive []time.Time
	for _, p := range s.posts {
		if p.Label == 1 {
			positive = append(positive, p.Created)
		}
	}
	for _, p := range s.posts {
		who := s.speakers[p.Account]
		ds, next := m.Classify(Input{Post: p.post(), Speaker: who, Cases: s.watched[p.Account]}, states[who])
		states[who] = next
		d := ds[0]
		if d.Label == onrecord.Review {
			f.reviewed++
		}
		f.posts++
		quiet := p.Label == 0 && !slices.ContainsFunc(positive, func(at time.Time) bool { return p.Created.Sub(at).Abs() <= 24*time.Hour })
		if quiet {
			f.quiet++
		}
		switch {
		case p.Label == 1 && d.Label == onrecord.Accept:
			f.hit++
		case p.Label == 1:
			f.miss++
			if d.Label == onrecord.Review {
				f.reviewedHit++
			}
		case p.Label == 0 && d.Label == onrecord.Accept:
			f.wrong++
			if quiet {
				f.quietAccepted++
			}
		}
	}
	return f
}

// TestCorpus replays labelled streams in time order, each post judged with past
// state only, at the fixed lines.
func TestCorpus(t *testing.T) {
	var all figures
	for _, dir := range beside.Tuned(t) {
		s := loadStream(t, dir)
		f := s.replay()
		t.Logf("%-24s %s", s.name, f)
		all.add(f)
	}
	t.Logf("%-24s %s", "all", all)
	if all.precision() < .95 || all.recall() < .5 || all.recallReview() < .85 || all.load() > .08 || all.quietShare() > .005 {
		t.Error("below the figures this ruleset has reached")
	}
}
