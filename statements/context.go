package statements

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"onrecord"
)

// What stands around a post is known before it is judged: what it answers and
// quotes, the earlier parts of its author's own thread, and what the pages are called
// that it links to. It is context and no more: others' words are not the speaker's,
// and the record takes no part in that was not seen as a post of the account.

const (
	// LongestThread is how many parts of an author's own thread before a post are
	// read with it.
	LongestThread = 10
	// mostPages is of how many pages that a post links to the titles are asked for, and
	// longestAddress how long their addresses are at most: they are keys of the database.
	mostPages      = 3
	longestAddress = 1 << 10
)

// WordsOf are the words of a post.
func WordsOf(p onrecord.Post) Words {
	w := Words{Text: p.Text}
	if p.Kind == onrecord.Thread && p.ReplyTo != nil {
		w.After = p.ReplyTo.ID
	}
	return w
}

// completeThread asks for the earlier parts of the author's own thread that nobody has
// seen, one after the other, since only a part tells which one it goes on from.
func (in *input) completeThread(ctx context.Context) error {
	for in.Missing != "" && len(in.Parts) < LongestThread {
		id := in.Missing
		words, err := in.ask.Words(ctx, []string{id})
		if err != nil {
			return err
		}
		part, found := words[id]
		if in.Missing = part.After; found && part.Text != "" {
			in.Parts = slices.Insert(slices.Clone(in.Parts), 0, part)
		}
		in.Unasked = slices.DeleteFunc(slices.Clone(in.Unasked), func(o string) bool { return o == id })
	}
	in.post = threaded(in.post, in.Parts)
	return nil
}

// askAround asks for what a post answers and quotes, and for the titles of the pages
// it links to, where that is not known, and reports whether anything came of it.
func (in *input) askAround(ctx context.Context) (more bool, err error) {
	if len(in.Unasked) > 0 {
		words, err := in.ask.Words(ctx, in.Unasked)
		if err != nil {
			return false, err
		}
		more = len(words) > 0
		in.post = answered(in.post, words)
	}
	if len(in.Untitled) > 0 {
		titles, err := in.ask.Titles(ctx, in.Untitled)
		if err != nil {
			return false, err
		}
		more = more || len(titles) > 0
		in.post = Titled(in.post, titles)
	}
	return more, nil
}

// answered is a post with what it answers and quotes, where that was not known.
func answered(p onrecord.Post, words map[string]Words) onrecord.Post {
	for _, ref := range []**onrecord.Ref{&p.ReplyTo, &p.Quotes} {
		if *ref != nil && (*ref).Text == "" {
			filled := **ref
			filled.Text = words[filled.ID].Text
			*ref = &filled
		}
	}
	return p
}

// threaded is a post that goes on from all its author said before it in the thread.
func threaded(p onrecord.Post, parts []Words) onrecord.Post {
	if len(parts) == 0 || p.ReplyTo == nil {
		return p
	}
	var texts []string
	for _, part := range parts {
		texts = append(texts, part.Text)
	}
	whole := *p.ReplyTo
	whole.Text = strings.Join(texts, "\n\n")
	p.ReplyTo = &whole
	return p
}

// wrapper is X's own for addresses. Where X has not told what is behind one, nothing is.
const wrapper = "t.co"

// LinkedPages are the addresses a post links to whose titles may tell what it is on.
// What the place itself shows behind a link, such as a picture, the place has told.
func LinkedPages(p onrecord.Post) (addresses []string) {
	home, err := url.Parse(p.URL)
	for _, l := range p.Links {
		page, wrong := url.Parse(l.URL)
		if l.Title != "" || wrong != nil || page.Host == "" || page.Host == wrapper || len(l.URL) > longestAddress || err == nil && page.Host == home.Host || slices.Contains(addresses, l.URL) {
			continue
		}
		if addresses = append(addresses, l.URL); len(addresses) == mostPages {
			break
		}
	}
	return addresses
}

// Titled is a post with the titles of pages it links to.
func Titled(p onrecord.Post, titles map[string]string) onrecord.Post {
	p.Links = slices.Clone(p.Links)
	for i, l := range p.Links {
		if l.Title == "" {
			p.Links[i].Title = titles[l.URL]
		}
	}
	return p
}
