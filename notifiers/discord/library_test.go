package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	dg "github.com/bwmarrin/discordgo"

	"onrecord/internal/loopback"
	"onrecord/notifiers"
	"onrecord/notifiers/discord"
	"onrecord/notifiers/discord/discordtest"
)

// The faults of discordgo 0.29.0 that this package works around. A test that
// fails here after an upgrade says that a work-around may go.
func TestFaultsOfTheLibrary(t *testing.T) {
	post := func(ctx context.Context, s *dg.Session) error {
		_, err := s.Request(http.MethodPost, dg.EndpointChannelMessages(room), json.RawMessage(`{"content":"x","allowed_mentions":{"parse":[]}}`), dg.WithContext(ctx))
		return err
	}
	for name, c := range map[string]struct {
		rule discordtest.Rule
		test func(t *testing.T, f *discordtest.Server, s *dg.Session)
	}{
		"a post is repeated after 502": {discordtest.Rule{Fault: discordtest.BadGateway}, func(t *testing.T, f *discordtest.Server, s *dg.Session) {
			err := post(t.Context(), s)
			var rest *dg.RESTError
			if n := len(f.Messages(room)); n != 4 || err == nil || errors.As(err, &rest) {
				t.Errorf("%d messages, error %v; known: 4, without a status", n, err)
			}
		}},
		"a page for people is no rate limit": {discordtest.Rule{Fault: discordtest.Wall}, func(t *testing.T, f *discordtest.Server, s *dg.Session) {
			var limit *dg.RateLimitError
			if err := post(t.Context(), s); err == nil || errors.As(err, &limit) {
				t.Errorf("error %v; known: one of the JSON decoder", err)
			}
		}},
		"the wait of a 429 ignores the context": {discordtest.Rule{Fault: discordtest.LimitedUser, RetryAfter: 3, Nth: 1}, func(t *testing.T, f *discordtest.Server, s *dg.Session) {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			start := time.Now()
			if _ = post(ctx, s); time.Since(start) < 3*time.Second {
				t.Errorf("returned after %s; known: 3 s", time.Since(start))
			}
		}},
		"a global limit stops nothing": {discordtest.Rule{Fault: discordtest.LimitedGlobal, RetryAfter: 60, Nth: 1}, func(t *testing.T, f *discordtest.Server, s *dg.Session) {
			s.ShouldRetryOnRateLimit = false
			start := time.Now()
			_ = post(t.Context(), s)
			if err := post(t.Context(), s); err != nil || time.Since(start) > 30*time.Second {
				t.Errorf("error %v after %s; known: posts at once", err, time.Since(start))
			}
		}},
		"an odd rate limit header fails a success": {discordtest.Rule{Fault: discordtest.BadRateHeader}, func(t *testing.T, f *discordtest.Server, s *dg.Session) {
			if err := post(t.Context(), s); err == nil || len(f.Messages(room)) != 1 {
				t.Errorf("%d messages, error %v; known: one and an error", len(f.Messages(room)), err)
			}
		}},
		"an unknown component fails a success": {discordtest.Rule{Fault: discordtest.UnknownComponent}, func(t *testing.T, f *discordtest.Server, s *dg.Session) {
			if _, err := s.ChannelMessage(room, f.Say(room, "x")); !errors.Is(err, dg.ErrJSONUnmarshal) {
				t.Errorf("error %v; known: ErrJSONUnmarshal", err)
			}
		}},
		"an error holds the token": {discordtest.Rule{Fault: discordtest.Refuse, Status: 403, Code: 50013}, func(t *testing.T, f *discordtest.Server, s *dg.Session) {
			var rest *dg.RESTError
			if err := post(t.Context(), s); !errors.As(err, &rest) || !strings.Contains(rest.Request.Header.Get("Authorization"), discordtest.DefaultToken) {
				t.Errorf("error %v; known: it carries the request", err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := discordtest.New(room)
				fired := f.Break(c.rule)
				s, err := dg.New("Bot " + discordtest.DefaultToken)
				if err != nil {
					t.Fatal(err)
				}
				s.Client = &http.Client{Transport: loopback.Transport{Handler: f}}
				c.test(t, f, s)
				if fired() == 0 {
					t.Error("the fault never happened")
				}
			})
		})
	}
}

// Mentions that are not set are not the same as none.
func TestLibraryMarshalsNullMentions(t *testing.T) {
	t.Parallel()
	data, err := dg.Marshal(&dg.MessageAllowedMentions{})
	if err != nil || !strings.Contains(string(data), `"parse":null`) {
		t.Errorf("%s, %v; known: null", data, err)
	}
}

// The library is shown an empty success whatever happens, so a change in how it
// treats answers cannot change an outcome.
func TestLibrarySeesNothing(t *testing.T) {
	t.Parallel()
	var seen []string
	w := world(t)
	w.road.next = spy(func(req *http.Request) (*http.Response, error) {
		seen = append(seen, req.Method+" "+req.URL.String())
		if req.GetBody != nil {
			t.Error("net/http could repeat the request")
		}
		for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
			if req.Header.Get(name) != "" {
				t.Errorf("%s would make net/http repeat the request", name)
			}
		}
		if ua := req.Header.Get("User-Agent"); ua != "DiscordBot (https://newsroom.example/bot, v1.2.3)" {
			t.Errorf("User-Agent %q", ua)
		}
		return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"https://evil.example/"}}, Body: io.NopCloser(strings.NewReader(""))}, nil
	})
	_, err := w.send(t, suit(nil))
	check(t, err, permanent, place, 0)
	if len(seen) != 1 || seen[0] != "POST https://discord.com/api/v10/channels/"+room+"/messages" {
		t.Errorf("requests %q, want one, which follows no redirect", seen)
	}
}

// Discord is told the operator's page, or else the library alone: no address of
// anybody who has nothing to do with the requests.
func TestUserAgent(t *testing.T) {
	t.Parallel()
	const library = "DiscordBot (https://github.com/bwmarrin/discordgo, v" + dg.VERSION + ") onrecord/v1.2.3"
	for contact, want := range map[string]string{
		"": library, "mailto:desk@newsroom.example": library, "https://newsroom.example/a,b": library,
		"https://newsroom.example/bot": "DiscordBot (https://newsroom.example/bot, v1.2.3)",
	} {
		got := ""
		way := spy(func(req *http.Request) (*http.Response, error) {
			got = req.Header.Get("User-Agent")
			return nil, io.ErrUnexpectedEOF
		})
		n, err := discord.Over(way, secret).Open(notifiers.Env{Version: "v1.2.3", Contact: contact})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Send(t.Context(), notifiers.Target{Address: room}, notifiers.Message{Body: []byte(`{"content":"x"}`)}, key("S-0001")); err == nil || got != want {
			t.Errorf("with the contact %q Discord is told %q, want %q", contact, got, want)
		}
	}
}

type spy func(*http.Request) (*http.Response, error)

func (s spy) RoundTrip(req *http.Request) (*http.Response, error) { return s(req) }
