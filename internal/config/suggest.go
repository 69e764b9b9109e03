package config

import (
	"fmt"
	"slices"
	"strings"
)

// Suggest ends a message about an unknown name: with the nearest known one, or
// with all when they are few.
func Suggest(unknown string, known []string) string {
	if best := nearest(unknown, known); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	if len(known) == 0 || len(known) > 12 {
		return ""
	}
	return "; there are: " + strings.Join(known, ", ")
}

// closed are places that show others' posts to no program without a contract.
var closed = []string{"linkedin", "facebook", "instagram", "tiktok", "truthsocial", "truth", "telegram", "reddit", "snapchat", "weibo"}

// instead answers a source that is meant for a place and is no name of one.
func instead(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if slices.Contains(closed, name) {
		return "; that place lets no program read others' posts; where somebody mirrors them as a feed, use source: feed with its address"
	}
	return ""
}

// nearest returns the known name that is a slip away from an unknown one, or "".
func nearest(unknown string, known []string) string {
	best, least := "", 1+min(len(unknown)+1, 9)/3
	for _, k := range known {
		if d := distance(strings.ToLower(unknown), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is how many letters must be added, dropped, replaced or swapped with
// their neighbour (optimal string alignment). Names far apart in length, or
// long, are not compared: they are no slips of each other.
func distance(a, b string) int {
	const tooFar = 100
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return tooFar
	}
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row := make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			change := last[j]
			if x[i] != y[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
