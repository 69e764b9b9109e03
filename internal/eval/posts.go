package eval

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"onrecord"
)

// LabelledPost is a post with what a person found in it.
type LabelledPost struct {
	onrecord.Post
	Label    *int   // 1 a statement on the case, 0 not, anything else is not scored
	Novelty  string // new or dup, for label 1
	Evidence string // context: the post alone does not show that it is a statement
}

// line is a post as files hold it; docs/configuration.md describes the form.
type line struct {
	ID      string     `json:"id"`
	Source  string     `json:"source"`
	Account string     `json:"account"`
	Created time.Time  `json:"created_at"`
	Text    string     `json:"text"`
	Kind    string     `json:"kind"`
	Lang    string     `json:"lang"`
	Thread  string     `json:"thread"`
	ReplyTo *reference `json:"reply_to"`
	Quotes  *reference `json:"quotes"`
	Links   []struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	} `json:"links"`
	HasMedia bool   `json:"has_media"`
	Label    *int   `json:"label"`
	Novelty  string `json:"novelty"`
	Evidence string `json:"evidence"`
}

type reference struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Text    string `json:"text"`
}

func (r *reference) ref() *onrecord.Ref {
	if r == nil {
		return nil
	}
	return &onrecord.Ref{ID: r.ID, Account: r.Account, Text: r.Text}
}

// press is the source of a line whose account is named by its handle alone.
const press = "press"

// ReadPosts reads a file of posts, one JSON object a line, and finds their
// accounts in a configuration, which is named for those that are not there. The
// oldest comes first.
func ReadPosts(path string, accounts []onrecord.Account, configuration string) ([]LabelledPost, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	defer f.Close()
	byHandle := map[string]string{}
	for _, a := range accounts {
		name := strings.ToLower(cmp.Or(a.Handle, a.URL))
		byHandle[a.Source+"\n"+name] = a.ID
		if byHandle[press+"\n"+name] == "" || a.Kind == onrecord.Press {
			byHandle[press+"\n"+name] = a.ID
		}
	}
	var posts []LabelledPost
	var errs []error
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 8<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", path, n, err))
			continue
		}
		account, ok := byHandle[l.Source+"\n"+strings.ToLower(l.Account)]
		if !ok {
			errs = append(errs, fmt.Errorf("%s:%d: account %s of source %s is not in %s", path, n, l.Account, l.Source, configuration))
			continue
		}
		posts = append(posts, LabelledPost{Post: l.post(account), Label: l.Label, Novelty: l.Novelty, Evidence: l.Evidence})
	}
	if err := errors.Join(append(errs, lines.Err())...); err != nil {
		return nil, err
	}
	slices.SortStableFunc(posts, func(a, b LabelledPost) int { return a.Created.Compare(b.Created) })
	return posts, nil
}

// kinds are the words of files, which are those of the places they come from.
var kinds = map[string]onrecord.PostKind{
	"post": onrecord.Original, "media": onrecord.Original, "reply": onrecord.Reply, "thread": onrecord.Thread,
	"quote": onrecord.Quote, "retweet": onrecord.Repost, "repost": onrecord.Repost, "article": onrecord.Article,
}

// post is the line as its source would have given it.
func (l line) post(account string) onrecord.Post {
	p := onrecord.Post{
		Account: account, ID: l.ID, Author: onrecord.Author{Handle: l.Account}, Kind: cmp.Or(kinds[l.Kind], onrecord.Original), Text: l.Text, Lang: l.Lang,
		Created: l.Created, Dated: true, Thread: l.Thread, ReplyTo: l.ReplyTo.ref(), Quotes: l.Quotes.ref(),
	}
	if p.Kind == onrecord.Article {
		p.Author = onrecord.Author{} // the account is a feed's address and nobody's name
	}
	if p.Kind == onrecord.Reply && l.ReplyTo != nil && strings.EqualFold(l.ReplyTo.Account, l.Account) {
		p.Kind = onrecord.Thread
	}
	if of, ok := strings.CutPrefix(l.Text, "RT @"); ok && p.Kind == onrecord.Repost {
		by, words, _ := strings.Cut(of, ":")
		p.Reposts = &onrecord.Ref{Account: by, Text: strings.TrimSpace(words)}
	}
	for _, link := range l.Links {
		p.Links = append(p.Links, onrecord.Link{URL: link.URL, Shown: link.URL, Title: link.Title})
	}
	if l.HasMedia {
		p.Media = []onrecord.Media{{Kind: "image"}}
	}
	return p
}
