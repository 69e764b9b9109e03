package bluesky

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"time"

	"onrecord"
	"onrecord/sources"
)

// streams are Bluesky's own servers of Jetstream, a stream of all that is published,
// in JSON and chosen by account: https://github.com/bluesky-social/jetstream
var streams = []string{"wss://jetstream2.us-east.bsky.network/subscribe", "wss://jetstream1.us-west.bsky.network/subscribe"}

const (
	noStream = "off"
	// mostHeard is how many accounts are named in an address; the rest is pulled as ever.
	mostHeard = 100
	// refresh is how long a stream is heard before it is opened anew, on which handles that
	// led nowhere are looked up again.
	refresh = 6 * time.Hour
)

// heard is a message of Jetstream. It says who did something, and what kind of thing;
// what was said is pulled, where it comes in order and with all that stands around it.
type heard struct {
	DID    string `json:"did"`
	Kind   string `json:"kind"` // commit, account, identity
	Commit struct {
		Operation  string `json:"operation"`
		Collection string `json:"collection"`
		Key        string `json:"rkey"`
	} `json:"commit"`
}

// news reports a message after which the account's feed may be another one, or its handle.
func (h heard) news() bool {
	return h.Kind == "account" || h.Kind == "identity" || h.Kind == "commit" && (h.Commit.Collection == postType || h.Commit.Collection == repostType)
}

const repostType = "app.bsky.feed.repost"

// deleted is the id of a post that its author deleted; "": it is none.
func (h heard) deleted() string {
	if h.Commit.Operation != "delete" || h.Commit.Collection != postType || h.Commit.Key == "" {
		return ""
	}
	return "at://" + h.DID + "/" + postType + "/" + h.Commit.Key
}

// Hear tells of accounts whose posts or state changed, from the moment it is called.
// What was published before is in their feeds.
func (s *source) Hear(ctx context.Context, accounts []onrecord.Account, news func(sources.News)) error {
	if len(s.streams) == 0 || s.open == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	query := url.Values{"wantedCollections": {postType, repostType}}
	ids := map[string]string{} // of accounts by DID
	for _, a := range accounts[:min(len(accounts), mostHeard)] {
		did, err := s.did(ctx, a)
		if err != nil {
			s.log.Debug("an account is not heard", "account", a.ID, "error", err)
			continue
		}
		ids[did] = a.ID
		query.Add("wantedDids", did)
	}
	if len(ids) == 0 {
		return sources.NonsenseError("none of %d accounts can be heard: their handles lead nowhere", len(accounts))
	}
	ctx, cancel := context.WithTimeout(ctx, refresh)
	defer cancel()
	stream, err := s.connect(ctx, query)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { stream.Close() })()
	defer stream.Close()
	for {
		message, err := stream.Next()
		if err != nil {
			return cmp.Or(ctx.Err(), err)
		}
		var h heard
		if json.Unmarshal(message, &h) == nil && h.news() && ids[h.DID] != "" {
			news(sources.News{Account: ids[h.DID], Deleted: h.deleted()})
		}
	}
}

// did is the DID of an account, asked for where no pull has learned it yet.
func (s *source) did(ctx context.Context, a onrecord.Account) (string, error) {
	if did, ok := s.known.Load(a.ID); ok {
		return did.(string), nil
	}
	return s.client.resolve(ctx, a.Handle)
}

// connect opens a stream at the first server that answers.
func (s *source) connect(ctx context.Context, query url.Values) (stream sources.Stream, err error) {
	for _, address := range s.streams {
		if stream, err = s.open(ctx, address+"?"+query.Encode(), address != streams[0] && address != streams[1]); err == nil {
			return stream, nil
		}
	}
	return nil, err
}
