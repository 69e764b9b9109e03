package x

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Recheck looks posts up by the ids of their versions. X returns the version it is asked
// for, with the ids of all: of one that was edited since, the newest is looked up as
// well. A post that X does not find is absent only while X shows the account; an
// account's posts that X does not find together say more of the account.
func (s *source) Recheck(ctx context.Context, account onrecord.Account, posts []onrecord.Post) (map[string]sources.Look, error) {
	version := map[string]string{} // to look up, by post
	for _, p := range posts {
		if id := p.Revision; numeric(id) {
			version[p.ID] = id
		} else if numeric(p.ID) {
			version[p.ID] = p.ID
		}
	}
	looks := map[string]sources.Look{}
	var missing []onrecord.Post
	for range 2 { // as they were seen last, then the newest versions
		answers, err := s.versions(ctx, account.ID, version)
		if err != nil {
			return looks, err
		}
		newer := map[string]string{}
		for _, p := range posts {
			a, asked := answers[version[p.ID]]
			switch {
			case !asked:
			case a.post == nil && a.kind() == "resource-not-found":
				missing = append(missing, p)
			case a.post == nil:
				looks[p.ID] = sources.Look{Sight: sources.Unreadable, Why: a.said()}
			case a.post.Withheld != nil:
				looks[p.ID] = sources.Look{Sight: sources.Unreadable, Why: "withheld in " + strings.Join(a.post.Withheld.Countries, ", ")}
			case a.post.newest() != a.post.ID:
				newer[p.ID] = a.post.newest()
			default:
				now := a.post.post(account.ID, p.Author)
				now.ID = p.ID
				looks[p.ID] = sources.Look{Sight: sources.Present, Post: &now}
			}
		}
		if version = newer; len(newer) == 0 {
			break
		}
	}
	if len(missing) == 0 {
		return looks, nil
	}
	return looks, s.whyMissing(ctx, missing, looks)
}

// newest is the id of the newest version that a version names.
func (w wire) newest() string {
	newest := w.ID
	for _, id := range w.chain() {
		if n, err := parseID(id); err == nil && n > w.id {
			if m, _ := parseID(newest); n > m {
				newest = id
			}
		}
	}
	return newest
}

// found is what X answers about one version: the post, or why there is none.
type found struct {
	problem
	post *wire
}

// versions looks versions of posts up.
func (s *source) versions(ctx context.Context, account string, version map[string]string) (map[string]found, error) {
	answers := map[string]found{}
	var ids []string
	for _, id := range version {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for asked := range slices.Chunk(slices.Compact(ids), mostIDs) {
		if err := s.budget.spare(ctx, "looking at posts again"); err != nil {
			return nil, err
		}
		var answer struct {
			Data   []json.RawMessage `json:"data"`
			Errors []absent          `json:"errors"`
		}
		if err := s.client.get(ctx, "/2/tweets", url.Values{"ids": {strings.Join(asked, ",")}, "tweet.fields": {postFields}}, &answer); err != nil {
			return nil, err
		}
		if err := s.budget.charge(context.WithoutCancel(ctx), lookupClass, account, postPrice, billed(answer.Data)); err != nil {
			return nil, err
		}
		posts, err := readPosts(answer.Data)
		if err != nil {
			return nil, err
		}
		for _, a := range answer.Errors {
			if id := a.id(); a.final() && slices.Contains(asked, id) {
				answers[id] = found{problem: a.problem}
			}
		}
		for _, w := range posts {
			if slices.Contains(asked, w.ID) {
				answers[w.ID] = found{post: &w}
			}
		}
	}
	return answers, nil
}

// whyMissing asks for what an account will say in an hour, which is nothing and so free
// of charge: X answers that with what is wrong with the account.
func (s *source) whyMissing(ctx context.Context, missing []onrecord.Post, looks map[string]sources.Look) error {
	health := map[string]sources.Look{} // by account
	for _, p := range missing {
		look, known := health[p.Author.ID]
		if !known && numeric(p.Author.ID) {
			_, err := s.timelinePage(ctx, p.Account, p.Author.ID, window{Since: idAt(time.Now().Add(time.Hour))}, "")
			told, _ := errors.AsType[*sources.Error](err)
			switch {
			case err == nil:
				look = sources.Look{Sight: sources.Absent}
			case told != nil && !told.Place && (told.Trouble == sources.Gone || told.Trouble == sources.Hidden):
				look = sources.Look{Sight: sources.Unreadable, Why: told.Err.Error()}
			default:
				return err
			}
			health[p.Author.ID] = look
		}
		if look.Sight != "" {
			looks[p.ID] = look
		}
	}
	return nil
}
