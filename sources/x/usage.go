package x

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// lateCount is how long after the end of a day X may still count its posts.
	lateCount = time.Hour
	// A count of X that is this much above ours, in percent and in posts, is no matter of
	// what each side calls the same day.
	driftShare, driftPosts = 120, 20
	planDays               = 7
)

// Probe asks how much was read, which is free of charge and needs the same
// token as reading.
func (s *source) Probe(ctx context.Context) error {
	if _, err := s.usage(ctx, 1); err != nil {
		return fmt.Errorf("try the token of x: %w", err)
	}
	return nil
}

// Plan implements [sources.Planner]. How often X is asked does not change what it costs.
func (s *source) Plan(ctx context.Context, accounts int) (string, error) {
	days, err := s.usage(ctx, planDays)
	if err != nil {
		return "", err
	}
	var posts int64
	for _, n := range days {
		posts += n
	}
	if posts == 0 {
		return fmt.Sprintf("accounts of x: %d; $0.005 for each of their posts, and X counts none for this developer app in the last week", accounts), nil
	}
	month := float64(posts) * postPrice / dollar * 30 / planDays
	return fmt.Sprintf("accounts of x: %d; about $%.2f a month at last week's rate, in which X counted %d posts for this developer app; asking more often costs nothing more", accounts, month, posts), nil
}

// drift is a line for the operator, once a day, when X has counted far more posts than we
// have of the day before: then something is paid for that nobody knows of.
func (s *source) drift(ctx context.Context, now time.Time) string {
	today := now.UTC().Truncate(day)
	if now.Before(today.Add(lateCount)) || !s.compares(today) {
		return ""
	}
	yesterday := today.Add(-day)
	days, err := s.usage(ctx, 2)
	if err != nil {
		return fmt.Sprintf("could not compare what reading x costs with what X counts: %v", err)
	}
	ours, err := s.budget.meter.Reads(ctx, place, yesterday, timelineClass, lookupClass, heardClass, deletedClass)
	counted := days[yesterday.Format(time.DateOnly)]
	if err != nil || counted*100 <= ours*driftShare+100*driftPosts {
		return ""
	}
	return fmt.Sprintf("X counts %d posts read on %s, and this program %d: something else reads with the same developer app, or X charges for each way in which a post comes; set a spending limit in X's developer console", counted, yesterday.Format(time.DateOnly), ours)
}

// compares reports whether a day's comparison is still to be made, and notes it.
func (s *source) compares(today time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	due := !s.compared.Equal(today)
	s.compared = today
	return due
}

// usage is how many posts X counts for each of the last days, by the day.
func (s *source) usage(ctx context.Context, days int) (map[string]int64, error) {
	var answer struct {
		Data json.RawMessage `json:"data"`
	}
	if err := s.client.get(ctx, "/2/usage/tweets", url.Values{"days": {strconv.Itoa(days)}, "usage.fields": {"daily_project_usage"}}, &answer); err != nil {
		return nil, err
	}
	var said any
	if len(answer.Data) > 0 {
		if err := json.Unmarshal(answer.Data, &said); err != nil {
			return nil, err // of what was decoded once: cannot fail
		}
	}
	if o, ok := said.(map[string]any); ok && o["daily_project_usage"] != nil { // what each app read is a part of it
		said = o["daily_project_usage"]
	}
	counts := map[string]int64{}
	addCounts(said, counts)
	return counts, nil
}

// addCounts finds numbers beside dates. Three forms of the answer are documented, with
// numbers in them or strings.
func addCounts(v any, counts map[string]int64) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			addCounts(e, counts)
		}
	case map[string]any:
		date, _ := v["date"].(string)
		for name, e := range v {
			if n, ok := count(e); ok && date != "" && (name == "usage" || name == "tweets_consumed" || name == "posts_consumed") {
				date, _, _ = strings.Cut(date, "T")
				counts[date] += n
			} else {
				addCounts(e, counts)
			}
		}
	}
}

func count(v any) (int64, bool) {
	switch v := v.(type) {
	case float64:
		return int64(v), v >= 0 && v < math.MaxInt32
	case string:
		n, err := strconv.ParseInt(v, 10, 32)
		return n, err == nil && n >= 0
	}
	return 0, false
}
