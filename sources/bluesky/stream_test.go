package bluesky_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/bluesky"
	"onrecord/sources/bluesky/blueskytest"
)

// listener hears Harbor Labs, and an account whose handle leads nowhere.
func (r *reader) listen(ctx context.Context, config bluesky.Config) (heard func() []string, ended chan error) {
	source, err := config.Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: r.sky}} }, Stream: r.sky.Stream})
	if err != nil {
		r.Fatal(err)
	}
	var list []string
	ended = make(chan error, 1)
	lost := onrecord.Account{ID: "bluesky:lost", Source: "bluesky", Handle: "nobody.example"}
	go func() {
		ended <- source.(sources.Streamer).Hear(ctx, []onrecord.Account{lost, r.account}, func(n sources.News) { list = append(list, strings.TrimSuffix(n.Account+" "+n.Deleted, " ")) })
	}()
	synctest.Wait()
	return func() []string {
		synctest.Wait()
		defer func() { list = nil }()
		return list
	}, ended
}

const own = "https://public.api.bsky.app"

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		theirs := r.sky.Post(northwind, blueskytest.Draft{Text: "They copied us."})
		ctx, cancel := context.WithCancel(t.Context())
		heard, ended := r.listen(ctx, bluesky.Config{BaseURL: own})
		want := func(what string, n int) {
			t.Helper()
			if got := heard(); len(got) != n || slices.ContainsFunc(got, func(id string) bool { return id != r.account.ID }) {
				t.Errorf("%s: heard %q, want news of Harbor Labs %d times", what, got, n)
			}
		}
		r.sky.Post(northwind, blueskytest.Draft{Text: "All of it."})
		want("what another says", 0)
		mine := r.post("No.")
		want("a post", 1)
		r.sky.Repost(harbor, theirs)
		r.sky.Edit(mine, "Not at all.")
		want("a repost and an edit", 2)
		r.sky.Delete(mine)
		if got := heard(); !slices.Equal(got, []string{r.account.ID + " " + mine}) {
			t.Errorf("of a deletion of %s: %q", mine, got)
		}
		r.sky.SetStatus(harbor, "deactivated")
		want("it rests", 1)
		r.sky.SetStatus(harbor, "")
		want("it is back", 1)
		r.sky.Break(blueskytest.Repeats)
		r.sky.Break(blueskytest.BadMessage)
		r.post("Again.")
		want("repeated, among what is no message", 2)
		r.fired(blueskytest.Repeats)
		r.fired(blueskytest.BadMessage)
		cancel()
		if err := <-ended; err == nil {
			t.Error("it ended without a reason")
		}
	})
}

// A stream that ends, or cannot be opened, says so, and so does one of nobody; whoever
// wants none waits without one.
func TestStreamsThatEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		_, ended := r.listen(t.Context(), bluesky.Config{BaseURL: own})
		r.sky.Drop()
		if err := <-ended; err == nil {
			t.Error("dropped without a word")
		}
		r.sky.Break(blueskytest.NoStream)
		_, ended = r.listen(t.Context(), bluesky.Config{BaseURL: own})
		if err := <-ended; err == nil || r.sky.Fired(blueskytest.NoStream) != 2 {
			t.Errorf("not opened: %v, after %d tries", err, r.sky.Fired(blueskytest.NoStream))
		}
		r.sky.Mend()
		_, ended = r.listen(t.Context(), bluesky.Config{BaseURL: own})
		time.Sleep(7 * time.Hour)
		if err := <-ended; err == nil {
			t.Error("it is not opened anew in time")
		}
		r.account.Handle = "nobody.else.example"
		_, ended = r.listen(t.Context(), bluesky.Config{BaseURL: own})
		if err := <-ended; err == nil {
			t.Error("nobody is heard, and nobody says so")
		}
		before := r.sky.Requests("subscribe")
		for _, none := range []bluesky.Config{{BaseURL: own, StreamURL: "off"}, {BaseURL: "http://127.0.0.1:2584"}} {
			ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
			_, ended = r.listen(ctx, none)
			if err := <-ended; err == nil || ctx.Err() == nil {
				t.Errorf("%+v: %v", none, err)
			}
			cancel()
		}
		if n := r.sky.Requests("subscribe") - before; n != 0 {
			t.Errorf("%d streams were opened that nobody wants", n)
		}
	})
}

func TestStreamConfiguration(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{"": true, "off": true, "wss://jetstream.example/subscribe": true, "ws://localhost:6008/subscribe": true, "https://jetstream.example": false, "wss://a:b@jetstream.example": false, "wss://jetstream.example/?cursor=1": false, "on": false} {
		if err := (&bluesky.Config{BaseURL: own, StreamURL: address}).Validate(); (err == nil) != good {
			t.Errorf("stream_url %q: %v", address, err)
		}
	}
}

// An account that is renamed is told of, and heard when the stream is opened again.
func TestStreamOfARenamedAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		config := bluesky.Config{BaseURL: own}
		source, err := config.Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: r.sky}} }, Stream: r.sky.Stream})
		if err != nil {
			t.Fatal(err)
		}
		r.source = source
		r.must()
		for _, handle := range []string{harbor, "harbor.example"} {
			ctx, cancel := context.WithCancel(t.Context())
			ended, heard := make(chan error, 1), 0
			go func() {
				ended <- source.(sources.Streamer).Hear(ctx, []onrecord.Account{r.account}, func(sources.News) { heard++ })
			}()
			synctest.Wait()
			r.sky.Post(handle, blueskytest.Draft{Text: "No."})
			r.sky.Rename(handle, "harbor.example")
			synctest.Wait()
			if heard != 2 {
				t.Errorf("as %s: heard %d times, want of a post and of the handle", handle, heard)
			}
			cancel()
			if err := <-ended; err == nil {
				t.Error("it ended without a reason")
			}
		}
	})
}
