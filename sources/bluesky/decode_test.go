package bluesky

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"onrecord"
)

const someDID = "did:plc:harbor"

func FuzzReadView(f *testing.F) {
	for _, s := range []string{
		`{"post":{"uri":"at://did:plc:harbor/app.bsky.feed.post/1","cid":"c","record":{"text":"📄 a","createdAt":"2026-01-02T03:04:05Z","facets":[{"index":{"byteStart":0,"byteEnd":4},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://a.example"}]}]},"indexedAt":"x"}}`,
		`{"post":{"uri":"at://did:plc:harbor/app.bsky.feed.post/1","cid":"c","record":{"reply":{"root":{"uri":""},"parent":{"uri":"at://x"}}},"embed":{"record":{"record":{"uri":"at://did:plc:x/app.bsky.feed.post/2","value":7}},"media":{"media":{},"images":[{}],"external":{"uri":":"}}}}}`,
		`{"post":{"uri":"at://did:plc:x/app.bsky.feed.post/1","cid":"c"},"reason":{"$type":"app.bsky.feed.defs#reasonRepost","by":{"did":"did:plc:harbor"}}}`,
		`{"post":{"uri":"at://did:plc:harbor/app.bsky.feed.post/1","cid":"c","embed":{"record":{"uri":"at://did:plc:x/app.bsky.graph.list/2"}}},"reason":null,"reply":"x"}`,
		`{}`, `null`, `[]`, `{"post":null}`,
	} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := readView(raw, someDID)
		if err != nil {
			return
		}
		p := v.post(onrecord.Account{ID: "bluesky:harbor"}, now)
		if p.ID == "" || p.Kind == "" || p.Created.IsZero() || !strings.HasPrefix(p.URL, "https://bsky.app/profile/") {
			t.Errorf("post %+v", p)
		}
		if (p.Kind == onrecord.Repost) != (p.Reposts != nil) || p.Kind == onrecord.Quote && p.Quotes == nil {
			t.Errorf("kind %s of %+v", p.Kind, p)
		}
		for _, l := range p.Links {
			if !strings.HasPrefix(l.URL, "http") || !strings.Contains(p.Text, l.Shown) {
				t.Errorf("link %+v of %q", l, p.Text)
			}
		}
	})
}

func TestEmbedsThatAreNoPosts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		embed string
		kind  onrecord.PostKind
	}{
		"list":             {`{"record":{"uri":"at://did:plc:x/app.bsky.graph.list/1","cid":"c","name":"n"}}`, onrecord.Original},
		"starter pack":     {`{"record":{"uri":"at://did:plc:x/app.bsky.graph.starterpack/1","record":{"name":"n"}}}`, onrecord.Original},
		"detached post":    {`{"record":{"uri":"at://did:plc:x/app.bsky.feed.post/1","detached":true}}`, onrecord.Quote},
		"post and film":    {`{"record":{"record":{"uri":"at://did:plc:x/app.bsky.feed.post/1"}},"media":{"playlist":"https://v.example/1.m3u8","alt":"The hearing"}}`, onrecord.Quote},
		"unknown embed":    {`{"$type":"example.new#view","record":null}`, onrecord.Original},
		"media in media":   {`{"media":{"media":{"external":{"uri":"https://deep.example/"}}}}`, onrecord.Original},
		"card with script": {`{"external":{"uri":"javascript:alert(1)","title":"x"}}`, onrecord.Original},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := `{"post":{"uri":"at://did:plc:harbor/app.bsky.feed.post/1","cid":"c","record":{"text":"a"},"embed":` + c.embed + `}}`
			if !json.Valid([]byte(raw)) {
				t.Fatal("the case itself is broken")
			}
			v, err := readView([]byte(raw), someDID)
			if err != nil {
				t.Fatal(err)
			}
			p := v.post(onrecord.Account{}, time.Now())
			if p.Kind != c.kind || len(p.Links) != 0 {
				t.Errorf("kind %s, links %v; want %s and none", p.Kind, p.Links, c.kind)
			}
			if name == "post and film" && (len(p.Media) != 1 || p.Media[0] != (onrecord.Media{Kind: "video", URL: "https://v.example/1.m3u8", Alt: "The hearing"})) {
				t.Errorf("media %+v", p.Media)
			}
		})
	}
}

// Without the AppView's view, the author's own record still says what is quoted.
func TestTheRecordSpeaksForItself(t *testing.T) {
	t.Parallel()
	raw := `{"post":{"uri":"at://did:plc:harbor/app.bsky.feed.post/1","cid":"c","author":{"handle":"handle.invalid"},"record":{"text":"a","embed":{"record":{"uri":"at://did:plc:x/app.bsky.feed.post/2","cid":"d"}}}}}`
	v, err := readView([]byte(raw), someDID)
	if err != nil {
		t.Fatal(err)
	}
	p := v.post(onrecord.Account{}, time.Now())
	if p.Kind != onrecord.Quote || p.Quotes.URL != "https://bsky.app/profile/did:plc:x/post/2" || p.URL != "https://bsky.app/profile/did:plc:harbor/post/1" {
		t.Errorf("got %+v", p)
	}
}

func TestOthersWordsAreRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"a post of somebody else":   `{"post":{"uri":"at://did:plc:x/app.bsky.feed.post/1","cid":"c"}}`,
		"a repost by somebody else": `{"post":{"uri":"at://did:plc:x/app.bsky.feed.post/1","cid":"c"},"reason":{"$type":"app.bsky.feed.defs#reasonRepost","by":{"did":"did:plc:x"}}}`,
		"an unknown reason":         `{"post":{"uri":"at://did:plc:x/app.bsky.feed.post/1","cid":"c"},"reason":{"$type":"app.bsky.feed.defs#reasonPin"}}`,
		"no version":                `{"post":{"uri":"at://did:plc:harbor/app.bsky.feed.post/1"}}`,
		"another record":            `{"post":{"uri":"at://did:plc:harbor/app.bsky.graph.list/1","cid":"c"}}`,
	} {
		if v, err := readView([]byte(raw), someDID); err == nil {
			t.Errorf("%s was read: %+v", name, v)
		}
	}
}

func TestTheMarkMovesOn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	known := mark{DID: someDID, Since: now.Add(-72 * time.Hour), Swept: now.Add(-time.Minute), Seen: []sighting{sight("0", "")}}
	for name, c := range map[string]struct {
		before mark
		newest time.Time
		since  time.Time
	}{
		"first":               {mark{DID: someDID}, now.Add(-time.Hour), now.Add(-time.Hour - time.Minute)},
		"first, nothing":      {mark{DID: someDID}, time.Time{}, time.Time{}},
		"later":               {known, now.Add(-time.Hour), now.Add(-time.Hour - lag)},
		"later, nothing new":  {known, now.Add(-71 * time.Hour), known.Since},
		"a clock that is off": {known, now.Add(1000 * time.Hour), now.Add(-lag)},
	} {
		r := newRound(c.before, onrecord.Account{}, now)
		r.newest = c.newest
		r.seen = []sighting{sight("2", ""), sight("1", "")} // as the feed shows them, newest first
		m := r.next()
		if !m.Since.Equal(c.since) {
			t.Errorf("%s: since %v, want %v", name, m.Since, c.since)
		}
		if last := m.Seen[len(m.Seen)-1]; last != sight("2", "") {
			t.Errorf("%s: the newest post is not the last one to be forgotten", name)
		}
	}
}
