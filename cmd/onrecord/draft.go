package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	"onrecord/internal/config"
	"onrecord/internal/fetch"
	"onrecord/sources"
	"onrecord/sources/markup"
	"onrecord/statements/outline"
)

const maxStory = 4 << 20 // bytes of a page or a file

// draft reads a story and returns the configuration it suggests, with what to say of it.
func draft(t *terminal, from string) (text []byte, said string, err error) {
	story, err := readStory(t, from)
	if err != nil {
		return nil, "", err
	}
	if len(strings.Fields(story.Text)) < 5 {
		return nil, "", usageError{fmt.Errorf("%s holds no text to read a case from; save the story as plain text and name the file", from)}
	}
	o := outline.Read(story)
	text = []byte(o.Config())
	cfg, err := config.Parse("config.yaml", text, kinds(), os.LookupEnv, os.ReadFile)
	if err != nil {
		return nil, "", fmt.Errorf("the draft has mistakes, which is a fault of the program; please report it:\n%w", err)
	}
	said = fmt.Sprintf("read %q: %s, %d people, %s, %s, %s",
		cfg.Cases[0].Title, plural(len(o.Parties), "party", "parties"), len(o.People), counted(len(o.Keywords), "keyword"), counted(len(o.Events), "date"), counted(len(cfg.Accounts), "account"))
	return text, said, nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// readStory fetches an address, or reads a file; either may be HTML.
func readStory(t *terminal, from string) (outline.Story, error) {
	u, err := url.Parse(from)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		data, err := os.ReadFile(from)
		if err != nil {
			return outline.Story{}, fmt.Errorf("read a story: %w", err)
		}
		return storyOf(string(data[:min(len(data), maxStory)]), nil), nil
	}
	req, err := sources.NewGet(t.ctx, from)
	if err != nil {
		return outline.Story{}, err
	}
	d, err := sources.Read(fetch.New(fetch.Options{Version: version}).Client(true), req, maxStory)
	if err != nil {
		return outline.Story{}, fmt.Errorf("read a story: %w; save it as a file when the site wants a browser", err)
	}
	return storyOf(string(d.Body), d.URL), nil
}

func storyOf(text string, base *url.URL) outline.Story {
	s := outline.Story{Text: text}
	if base != nil {
		s.URL = base.String()
	}
	if head := strings.ToLower(text[:min(len(text), 1024)]); strings.Contains(head, "<html") || strings.Contains(head, "<!doctype html") || strings.Contains(head, "<p>") {
		s.Title = markup.Line(element(text, "title"))
		body := markup.Read(storyElement(text), base)
		s.Text, s.Links = body.Text, body.Links
	}
	return s
}

// storyElement is the part of a page that holds the story: its longest article, or its
// main part, or all of it.
func storyElement(page string) string {
	for _, name := range []string{"article", "main", "body"} {
		if in := element(page, name); in != "" {
			return in
		}
	}
	return page
}

// element is the longest content of an element that no other of its name stands in.
func element(page, name string) (longest string) {
	lower := strings.ToLower(page)
	if len(lower) != len(page) { // letters whose small form has another length
		lower = page
	}
	for at := 0; ; {
		start := strings.Index(lower[at:], "<"+name)
		if start < 0 {
			return longest
		}
		start += at
		open := strings.IndexByte(lower[start:], '>')
		end := strings.Index(lower[start:], "</"+name)
		if open < 0 || end < open {
			return longest
		}
		if in := page[start+open+1 : start+end]; len(in) > len(longest) {
			longest = in
		}
		at = start + end + 1
	}
}
