// Package all lists the places the program can watch. A new source is one
// folder and one line here.
package all

import (
	"onrecord/sources"
	"onrecord/sources/bluesky"
	"onrecord/sources/courtlistener"
	"onrecord/sources/feed"
	"onrecord/sources/hackernews"
	"onrecord/sources/mastodon"
	"onrecord/sources/page"
	"onrecord/sources/twitter"
	"onrecord/sources/x"
)

// Kinds returns every source kind, in the order help and documentation show them.
func Kinds() []sources.Kind {
	return []sources.Kind{x.Kind(), bluesky.Kind(), mastodon.Kind(), hackernews.Kind(), feed.Kind(), page.Kind(), courtlistener.Kind(), twitter.Kind()}
}
