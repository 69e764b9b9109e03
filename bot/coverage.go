package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Coverage is what a list or a count of statements covers: it is the same wherever it is
// asked for.
type Coverage struct {
	Case     string           `json:"case,omitempty"` // its id; "": all of them
	Accounts []TrackedAccount `json:"accounts"`
	Since    time.Time        `json:"since,omitzero"`           // when the first of them was read first; zero: none was yet
	First    time.Time        `json:"first_statement,omitzero"` // when the first statement on the record was seen, and the last
	Last     time.Time        `json:"last_statement,omitzero"`
	Gaps     []OverviewGap    `json:"gaps"`               // in which something could be missed, newest first; a few
	Waiting  int64            `json:"review_waiting"`     // borderline statements, of all cases, that nobody has decided about
	Excluded []string         `json:"excluded,omitempty"` // words of other matters, by which the configuration leaves posts out
	Redacted []string         `json:"redacted,omitempty"` // sources of which the words of posts that are gone are taken out; all else is kept
	Ruleset  string           `json:"ruleset,omitempty"`  // hash of the rules that decide now
	Version  string           `json:"version"`
}

// Unread are the accounts that are not read, or not as often as they should be.
func (c Coverage) Unread() (list []TrackedAccount) {
	for _, a := range c.Accounts {
		if !a.Watched || a.Stale || a.LastOK.IsZero() {
			list = append(list, a)
		}
	}
	return list
}

// Limits say in words what the coverage leaves out by choice, and by which rules it was made.
func (c Coverage) Limits() (lines []string) {
	if len(c.Excluded) > 0 {
		lines = append(lines, "Left out by the configuration: what names "+strings.Join(c.Excluded, ", "))
	}
	kept := "All that was read is kept"
	if len(c.Redacted) > 0 {
		kept += ", but for the words of posts that are gone from " + strings.Join(c.Redacted, ", ")
	}
	made := strings.TrimSpace("onrecord " + c.Version)
	if c.Ruleset != "" {
		made += ", ruleset " + c.Ruleset
	}
	return append(lines, kept, made)
}

// CoverageIn returns what the statements of a case cover, or all of them with an empty
// case, as an overview shows it. An account without cases is watched for every one that
// names its speaker.
func (o Operator) CoverageIn(v Overview, caseID string) Coverage {
	c := Coverage{Case: caseID, Accounts: []TrackedAccount{}, Gaps: v.Gaps, Waiting: v.Waiting, Ruleset: o.Ruleset, Version: v.Version}
	places := map[string]bool{}
	for _, t := range v.Accounts {
		i := slices.IndexFunc(o.Configured, func(a onrecord.Account) bool { return a.ID == t.ID })
		if i >= 0 && caseID != "" && len(o.Configured[i].Cases) > 0 && !slices.Contains(o.Configured[i].Cases, caseID) {
			continue
		}
		c.Accounts = append(c.Accounts, t)
		c.Since, c.First, c.Last = earlier(c.Since, t.Since), earlier(c.First, t.First), later(c.Last, t.Last)
		places[t.Source] = true
	}
	for _, k := range o.Cases {
		if caseID == "" || k.ID == caseID {
			c.Excluded = append(c.Excluded, k.Exclude...)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(places)) {
		if o.Deletion[place] == sources.RedactDeleted {
			c.Redacted = append(c.Redacted, place)
		}
	}
	return c
}

// earlier and later are one of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

const (
	// fewPosts tell no rhythm, and nobody is quiet within quietTime or ten times their own.
	fewPosts, quietTime, quietRhythms = 5, 7 * 24 * time.Hour, 10
	// oldNews is how old the newest post of an account may be that is read well.
	oldNews = 365 * 24 * time.Hour
)

// doubt says why what is read of an account may not be what it says, although reading it
// goes well: it is empty, of long ago, or ended against its own rhythm. "": nothing does.
func (t TrackedAccount) doubt(oldest, now time.Time) string {
	silent := now.Sub(t.Newest)
	switch {
	case !t.Watched || t.Trouble != "" || t.LastOK.IsZero():
		return ""
	case t.Posts == 0:
		return "nothing was ever read of it"
	case silent > oldNews:
		return "its newest post is older than a year"
	case t.Posts < fewPosts || silent <= max(quietTime, quietRhythms*t.Newest.Sub(oldest)/time.Duration(t.Posts-1)):
		return ""
	}
	return fmt.Sprintf("silent for %d days, which is long for it", int(silent.Hours()/24))
}

// Health is how reading an account goes, in a word or two: what is wrong, or "" when nothing is.
func (t TrackedAccount) Health() string {
	switch {
	case !t.Watched:
		return "not watched"
	case t.Trouble == "" && t.Stale:
		return "not read for long"
	}
	return cmp.Or(t.Error, t.Trouble, t.Doubt, called(t.Handle))
}

// renamed is what an account is called at its place by now, if that is not the handle that
// it was given in the configuration; "": it is.
func renamed(a onrecord.Account, h AccountStatus) string {
	if a.Handle == "" || strings.EqualFold(a.Handle, h.Handle) {
		return ""
	}
	return h.Handle
}

func called(handle string) string {
	if handle == "" {
		return ""
	}
	return "is called @" + handle + " there now"
}
