package discord_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/notifiers"
	"onrecord/notifiers/discord"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
)

// Published nonces: they must never change, or a delivery that is under way
// over an update is posted twice.
func TestNonce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ channel, subject, kind, want string }{
		{room, "S-0042", "n", "or1-284fb7c1145f00d6-n"},
		{room, "S-0042", "a2", "or1-6c7559971706c88d-a2"},
		{room, "S-0043", "e2", "or1-5cd58d95657020db-e2"},
		{room, "S-0044", "d1", "or1-f577dd2b9e18e9b8-d1"},
		{room, "S-0045", "n", "or1-272c729547d85e36-n"},
		{room, "digest/2026-10-05", "g", "or1-20f11e6bffeeb4a8-g"},
		{"1180000000000000030", "I-7", "i", "or1-9f782fe7712be128-i"},
		{room, "S-0042", "p", "or1-ea8ad397b8c5468a-p"},
	} {
		got, err := discord.NonceOf(notifiertest.Key(c.channel, c.subject, c.kind))
		if err != nil || got != c.want || len(got) > 25 {
			t.Errorf("nonce of %s %s is %q, %v; want %q", c.subject, c.kind, got, err, c.want)
		}
	}
	for _, key := range []string{"", "a\nb\nc\nd", "a\nb\nc\n\"}\ne", "a\nb\nc\nlonger\ne"} {
		if got, err := discord.NonceOf(key); err == nil {
			t.Errorf("key %q gave %q", key, got)
		}
	}
}

func key(number string) string { return notifiertest.Key(room, number, "n") }

func (w bench) send(t *testing.T, n onrecord.StatementNotice) (notifiers.Receipt, error) {
	t.Helper()
	return w.notifier.Send(t.Context(), target, render(t, w, n), key(n.Statement.Number()))
}

// What is sent is what was stored, with the nonce added.
func TestSendsWhatWasStored(t *testing.T) {
	t.Parallel()
	w := world(t)
	stored := render(t, w, suit(nil))
	r, err := w.send(t, suit(nil))
	if err != nil {
		t.Fatal(err)
	}
	m := w.Messages(room)[0]
	want, got := fields(t, stored.Body), fields(t, m.Body)
	want["nonce"], want["enforce_nonce"] = `"or1-284fb7c1145f00d6-n"`, "true"
	if diff := gocmp.Diff(want, got); m.ID != r.ID || diff != "" {
		t.Errorf("message %s, want %s (-want +got):\n%s", m.ID, r.ID, diff)
	}
	if pings := w.Pings(); len(pings) > 0 {
		t.Errorf("notified %v", pings)
	}
}

// fields are the values of an object, byte for byte.
func fields(t *testing.T, body []byte) map[string]string {
	t.Helper()
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for name, v := range raw {
		values[name] = string(v)
	}
	return values
}

// withFiles is a notice's message with two files.
func withFiles(t *testing.T, w bench, n onrecord.Notice) notifiers.Message {
	m := render(t, w, n)
	m.Files = []notifiers.File{
		{Name: "résumé \"a\".png", Type: "image/png", Alt: "A letter of @everyone & <two> lines", Data: []byte("\x89PNG\r\n--\x00")},
		{Name: "docket.txt", Type: "text/plain; charset=utf-8", Data: []byte("26-cv-00417")},
	}
	return m
}

func shownFiles(m discordtest.Message) (list []notifiers.File) {
	for _, f := range m.Files {
		list = append(list, notifiers.File{Name: f.Name, Type: f.Type, Alt: f.Alt, Data: f.Data})
	}
	return list
}

// A message with files is one message, however its answer was lost, and its
// fields are those of one without.
func TestFiles(t *testing.T) {
	for _, fault := range []discordtest.Fault{"", discordtest.CutBeforeReading, discordtest.CutAfterDoing, discordtest.CutMidBody, discordtest.BadGateway, discordtest.Slow} {
		t.Run(cmp.Or(string(fault), "none"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				m, since := withFiles(t, w, suit(nil)), time.Now()
				wanted := slices.Clone(m.Files)
				wanted[1].Type = "text/plain"
				if fault != "" {
					fired := w.Break(discordtest.Rule{Fault: fault, Method: "POST", Nth: 1, Delay: time.Minute})
					var told *notifiers.Error
					if _, err := w.notifier.Send(t.Context(), target, m, key("S-0042")); !errors.As(err, &told) || told.Outcome != notifiers.Unknown || fired() != 1 {
						t.Fatalf("error %v after %d faults, want unknown after one", err, fired())
					}
				}
				r, err := w.notifier.Send(t.Context(), target, m, key("S-0042"))
				if err != nil {
					t.Fatal(err)
				}
				shown := w.Messages(room)
				if len(shown) != 1 || shown[0].ID != r.ID {
					t.Fatalf("%d messages, want the one of the receipt %v", len(shown), r)
				}
				if diff := gocmp.Diff(wanted, shownFiles(shown[0])); diff != "" {
					t.Errorf("files (-want +got):\n%s", diff)
				}
				got := fields(t, shown[0].Body)
				delete(got, "attachments")
				want := fields(t, m.Body)
				want["nonce"], want["enforce_nonce"] = `"or1-284fb7c1145f00d6-n"`, "true"
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("body (-want +got):\n%s", diff)
				}
				found, ok, err := w.notifier.(notifiers.Finder).Find(t.Context(), target, notifiers.Query{Message: m, Key: key("S-0042"), Since: since})
				if err != nil || !ok || found != r {
					t.Errorf("found %v, %v, %v; want %v", found, ok, err, r)
				}
			})
		})
	}
}

// An edit with files puts them in the place of the old ones, however often it is
// made; one without leaves them.
func TestEditOfFiles(t *testing.T) {
	t.Parallel()
	w := world(t)
	posted, err := w.notifier.Send(t.Context(), target, withFiles(t, w, suit(nil)), key("S-0042"))
	if err != nil {
		t.Fatal(err)
	}
	edit := func(files ...notifiers.File) []notifiers.File {
		m := render(t, w, notices()["also said"])
		m.Files = files
		if err := w.notifier.(notifiers.Editor).Edit(t.Context(), target, posted, m); err != nil {
			t.Fatal(err)
		}
		return shownFiles(w.Messages(room)[0])
	}
	if got := edit(); len(got) != 2 {
		t.Errorf("an edit without files leaves %d, want the two", len(got))
	}
	other := notifiers.File{Name: "other.png", Type: "image/png", Data: []byte("x")}
	for range 2 {
		if diff := gocmp.Diff([]notifiers.File{other}, edit(other)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	}
}

func TestRefusesFilesDiscordWould(t *testing.T) {
	t.Parallel()
	w := world(t)
	good := notifiers.File{Name: "letter.png", Type: "image/png", Data: []byte("x")}
	change := func(f func(*notifiers.File)) []notifiers.File {
		bad := good
		f(&bad)
		return []notifiers.File{good, bad}
	}
	for name, files := range map[string][]notifiers.File{
		"eleven":         slices.Repeat([]notifiers.File{good}, 11),
		"no name":        change(func(f *notifiers.File) { f.Name = "" }),
		"a folder":       change(func(f *notifiers.File) { f.Name = "../letter.png" }),
		"a line break":   change(func(f *notifiers.File) { f.Name = "letter\r\n.png" }),
		"no type":        change(func(f *notifiers.File) { f.Type = "" }),
		"a header":       change(func(f *notifiers.File) { f.Type = "image/png\r\nX: y" }),
		"many words":     change(func(f *notifiers.File) { f.Alt = strings.Repeat("x", 1025) }),
		"many bytes":     change(func(f *notifiers.File) { f.Data = make([]byte, 25<<20) }),
		"a long name":    change(func(f *notifiers.File) { f.Name = strings.Repeat("x", 1025) }),
		"no name, twice": {{}, {}},
	} {
		m := render(t, w, suit(nil))
		m.Files = files
		var told *notifiers.Error
		if _, err := w.notifier.Send(t.Context(), target, m, key("S-0042")); !errors.As(err, &told) || told.Outcome != notifiers.Permanent || told.Scope == notifiers.WholeChannel {
			t.Errorf("%s: error %v, want a permanent one of this delivery", name, err)
		}
	}
	if n := w.Requests("POST", messages); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestRefusesWhatIsNoMessage(t *testing.T) {
	t.Parallel()
	w := world(t)
	for name, send := range map[string]func() error{
		"channel": func() error {
			_, err := w.notifier.Send(t.Context(), notifiers.Target{Address: "../../users/@me"}, notifiers.Message{Body: []byte(`{"content":"x"}`)}, key("S-0001"))
			return err
		},
		"key": func() error {
			_, err := w.notifier.Send(t.Context(), target, notifiers.Message{Body: []byte(`{"content":"x"}`)}, "k")
			return err
		},
		"body": func() error {
			_, err := w.notifier.Send(t.Context(), target, notifiers.Message{Body: []byte(`"x"`)}, key("S-0001"))
			return err
		},
		"size": func() error {
			_, err := w.notifier.Send(t.Context(), target, notifiers.Message{Body: []byte(`{"content":"` + strings.Repeat("x", 25<<20) + `"}`)}, key("S-0001"))
			return err
		},
		"receipt": func() error {
			return w.notifier.(notifiers.Editor).Edit(t.Context(), target, notifiers.Receipt{ID: "1/2"}, notifiers.Message{Body: []byte(`{}`)})
		},
	} {
		var told *notifiers.Error
		if err := send(); !errors.As(err, &told) || told.Outcome != notifiers.Permanent {
			t.Errorf("%s: error %v, want a permanent one", name, err)
		}
	}
	if n := w.Requests("POST", messages) + w.Requests("PATCH", messages+"/{m}"); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Every way to lose an answer ends with one message when the same is sent again.
func TestLostAnswers(t *testing.T) {
	for _, fault := range []discordtest.Fault{
		discordtest.CutBeforeReading, discordtest.CutBeforeDoing, discordtest.ServerError, discordtest.CutAfterDoing,
		discordtest.CutMidBody, discordtest.BadGateway, discordtest.GatewayTimeout, discordtest.Slow, discordtest.Gibberish,
	} {
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := world(t)
				fired := w.Break(discordtest.Rule{Fault: fault, Method: "POST", Nth: 1, Delay: time.Minute})
				_, err := w.send(t, suit(nil))
				var told *notifiers.Error
				if !errors.As(err, &told) || told.Outcome != notifiers.Unknown || fired() != 1 {
					t.Fatalf("error %v after %d faults, want unknown after one", err, fired())
				}
				if n := w.Requests("POST", messages); n != 1 {
					t.Fatalf("%d requests for one attempt", n)
				}
				if _, err := w.send(t, suit(nil)); err != nil {
					t.Fatal(err)
				}
				if n := len(w.Messages(room)); n != 1 {
					t.Errorf("%d messages, want 1", n)
				}
			})
		})
	}
}

// The same over a socket, where connections really break.
func TestLostAnswersOverSocket(t *testing.T) {
	t.Parallel()
	s := discordtest.New(room)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := discord.Kind().Config()
	configure(t, c, map[string]any{"Token": discordtest.DefaultToken, "APIURL": server.URL + "/behind/a/gateway/api/v10"})
	n, err := c.Open(notifiers.Env{})
	if err != nil {
		t.Fatal(err)
	}
	w := bench{Server: s, notifier: n}
	if _, err := w.send(t, suit(func(s *onrecord.Statement) { s.No = 1 })); err != nil { // the connection is used again
		t.Fatal(err)
	}
	for i, fault := range []discordtest.Fault{discordtest.CutBeforeReading, discordtest.CutBeforeDoing, discordtest.CutAfterDoing, discordtest.CutMidBody} {
		notice := suit(func(s *onrecord.Statement) { s.No = int64(10 + i) })
		before := s.Requests("POST", messages)
		fired := s.Break(discordtest.Rule{Fault: fault, Method: "POST", Nth: 1})
		_, err := w.send(t, notice)
		var told *notifiers.Error
		if !errors.As(err, &told) || told.Outcome != notifiers.Unknown || fired() != 1 {
			t.Errorf("%s: error %v after %d faults, want unknown", fault, err, fired())
		}
		if n := s.Requests("POST", messages) - before; n != 1 {
			t.Errorf("%s: %d requests for one attempt", fault, n)
		}
		s.Mend()
		if _, err := w.send(t, notice); err != nil {
			t.Errorf("%s: %v", fault, err)
		}
	}
	if n := len(s.Messages(room)); n != 5 {
		t.Errorf("%d messages, want 5", n)
	}
	server.Close()
	gone := suit(func(s *onrecord.Statement) { s.No = 99 })
	_, _ = w.send(t, gone) // may still go out on the old connection
	_, err = w.send(t, gone)
	var told *notifiers.Error
	if !errors.As(err, &told) || told.Outcome != notifiers.Retry || !told.Free {
		t.Errorf("nobody listens: error %v, want a free retry", err)
	}
}

// configure sets fields of a configuration as the decoder would, by JSON.
func configure(t *testing.T, c notifiers.Config, fields map[string]any) {
	t.Helper()
	data, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, c); err != nil {
		t.Fatal(err)
	}
}

// Answers that make the library stumble are successes.
func TestOddAnswersAreSuccesses(t *testing.T) {
	t.Parallel()
	for _, fault := range []discordtest.Fault{discordtest.UnknownComponent, discordtest.BadRateHeader, discordtest.NumericID} {
		w := world(t)
		fired := w.Break(discordtest.Rule{Fault: fault, Method: "POST"})
		if r, err := w.send(t, suit(nil)); err != nil || r.ID != w.Messages(room)[0].ID || fired() != 1 {
			t.Errorf("%s: receipt %v, error %v", fault, r, err)
		}
	}
}

func TestNonceIsOfTheAuthor(t *testing.T) {
	t.Parallel()
	w := world(t)
	const other = "1180000000000000020"
	w.AddChannel(other, discordtest.Text, "")
	for _, c := range []string{room, other} {
		if _, err := w.notifier.Send(t.Context(), notifiers.Target{ID: c, Address: c}, render(t, w, suit(nil)), notifiertest.Key(c, "S-0042", "n")); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := len(w.Messages(room)), len(w.Messages(other)); a != 1 || b != 1 {
		t.Errorf("%d and %d messages: one channel swallowed the other's", a, b)
	}
}

// A moderator deletes a message whose answer was lost: it is not posted again.
func TestDeletedSinceIsSettled(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: "POST", Nth: 1})
	if _, err := w.send(t, suit(nil)); err == nil {
		t.Fatal("the answer was not lost")
	}
	w.DeleteMessage(room, w.Messages(room)[0].ID)
	_, err := w.send(t, suit(nil))
	var told *notifiers.Error
	if !errors.As(err, &told) || told.Outcome != notifiers.Settled || told.Code != "10008" {
		t.Errorf("error %v, want settled with code 10008", err)
	}
	if n := len(w.Messages(room)); n != 0 {
		t.Errorf("%d messages: the moderator's deletion was undone", n)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	w := world(t)
	editor := w.notifier.(notifiers.Editor)
	posted, err := w.send(t, suit(nil))
	if err != nil {
		t.Fatal(err)
	}
	also := render(t, w, notices()["also said"])
	w.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: "PATCH", Nth: 1})
	var told *notifiers.Error
	if err := editor.Edit(t.Context(), target, posted, also); !errors.As(err, &told) || told.Outcome != notifiers.Unknown {
		t.Errorf("error %v, want unknown", err)
	}
	if err := editor.Edit(t.Context(), target, posted, also); err != nil {
		t.Error(err)
	}
	m := w.Messages(room)[0]
	if !strings.HasSuffix(m.Content, "S-0042") || len(m.Components) != 1 {
		t.Errorf("the edit took the content or the buttons away: %+v", m)
	}
	w.DeleteMessage(room, posted.ID)
	if err := editor.Edit(t.Context(), target, posted, also); err != nil {
		t.Errorf("editing a deleted message: %v, want done", err)
	}
	if n := len(w.Messages(room)); n != 0 {
		t.Errorf("%d messages: the edit made a new one", n)
	}
}

// A thread that was archived is opened for the next attempt.
func TestArchivedThread(t *testing.T) {
	t.Parallel()
	w := world(t)
	const thread = "1180000000000000050"
	w.AddChannel(thread, discordtest.PublicThread, room)
	to := notifiers.Target{ID: thread, Address: thread}
	editor := w.notifier.(notifiers.Editor)
	posted, err := w.notifier.Send(t.Context(), to, render(t, w, suit(nil)), notifiertest.Key(thread, "S-0042", "n"))
	if err != nil {
		t.Fatal(err)
	}
	w.Archive(thread, false)
	also := render(t, w, notices()["also said"])
	var told *notifiers.Error
	if err := editor.Edit(t.Context(), to, posted, also); !errors.As(err, &told) || told.Outcome != notifiers.Retry || told.Free {
		t.Errorf("error %v, want a retry that counts", err)
	}
	if err := editor.Edit(t.Context(), to, posted, also); err != nil {
		t.Errorf("after opening the thread: %v", err)
	}
	w.Archive(thread, true)
	if err := editor.Edit(t.Context(), to, posted, also); !errors.As(err, &told) || told.Outcome != notifiers.Permanent || told.Scope != notifiers.WholeChannel {
		t.Errorf("locked: error %v, want the channel paused", err)
	}
}

func TestCancelledSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.Break(discordtest.Rule{Fault: discordtest.Slow, Method: "POST", Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := w.notifier.Send(ctx, target, render(t, w, suit(nil)), key("S-0042"))
		var told *notifiers.Error
		if !errors.As(err, &told) || told.Outcome != notifiers.Unknown || time.Since(start) != 200*time.Millisecond {
			t.Errorf("error %v after %s, want unknown after 200 ms", err, time.Since(start))
		}
	})
}

// TestSecrets runs every fault with a marked token, which may show up nowhere.
func TestSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var log strings.Builder
		for _, fault := range allFaults {
			s := discordtest.New(room)
			s.SetToken(secret)
			n, err := discord.Over(loopback.Transport{Handler: s}, secret).Open(notifiers.Env{Log: slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			if err != nil {
				t.Fatal(err)
			}
			fired := s.Break(discordtest.Rule{Fault: fault, Status: 403, Code: 50013, RetryAfter: 3, Delay: time.Hour})
			w := bench{Server: s, notifier: n}
			_, sending := w.send(t, suit(nil))
			probing := n.(notifiers.Prober).Probe(t.Context(), target)
			_, _, finding := n.(notifiers.Finder).Find(t.Context(), target, notifiers.Query{Key: key("S-0042"), Since: time.Now()})
			if fired() == 0 {
				t.Errorf("%s never happened", fault)
			}
			for _, err := range []error{sending, probing, finding} {
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("%s: the error shows the token: %v", fault, err)
				}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(log.String(), secret) || log.Len() == 0 {
			t.Errorf("the log is empty or shows the token: %s", log.String())
		}
	})
}

type lockedWriter struct {
	mu *sync.Mutex
	to *strings.Builder
}

func (w lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(b)
}

var allFaults = []discordtest.Fault{
	discordtest.CutBeforeReading, discordtest.CutBeforeDoing, discordtest.ServerError, discordtest.Refuse, discordtest.LimitedUser, discordtest.LimitedShared,
	discordtest.LimitedGlobal, discordtest.LimitedApart, discordtest.Wall, discordtest.CutAfterDoing, discordtest.CutMidBody, discordtest.Slow,
	discordtest.BadGateway, discordtest.GatewayTimeout, discordtest.BadRateHeader, discordtest.UnknownComponent, discordtest.NumericID, discordtest.Gibberish,
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		token, api string
		wrong      string // in the error of Validate; "": valid
	}{
		{"MTE.a.b", "https://discord.com/api/v10", ""},
		{"t", "https://discord.com/api/v10", ""},
		{"1200000000000000000", "https://discord.com/api/v10", "three parts"},
		{"0123456789abcdef0123456789abcdef", "https://discord.com/api/v10", "client secret"},
		{"https://discord.com/api/webhooks/1200000000000000000/aBc", "https://discord.com/api/v10", "notifier: webhook"},
		{"", "https://discord.com/api/v10", ""},
		{"t", "http://127.0.0.1:8080/api/v10", ""},
		{"t", "http://[::1]/api/v10", ""},
		{"t", "http://localhost/api/v10", ""},
		{"t", "http://discord.com/api/v10", "https"},
		{"t", "ftp://127.0.0.1/", "https"},
		{"t", "discord.com", "api_url"},
		{"t", "https://user:pw@discord.com/api/v10", "api_url"},
		{"t", "https://discord.com/api/v10?x=1", "api_url"},
		{secret + " ", "https://discord.com/api/v10", "token"},
	} {
		config := discord.Kind().Config()
		configure(t, config, map[string]any{"Token": c.token, "APIURL": c.api})
		err := config.Validate()
		if (err == nil) != (c.wrong == "") || err != nil && (!strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), secret)) {
			t.Errorf("token %q, api_url %q: %v, want %q", c.token, c.api, err, c.wrong)
		}
	}
	for window, valid := range map[time.Duration]bool{-1: false, 0: true, time.Second: true, time.Minute: true, time.Minute + 1: false} {
		config := discord.Over(nil, "MTE.a.b")
		configure(t, config, map[string]any{"NonceWindow": window})
		if err := config.Validate(); (err == nil) != valid || err != nil && !strings.Contains(err.Error(), "nonce_window") {
			t.Errorf("nonce_window %s: %v", window, err)
		}
		n, err := config.Open(notifiers.Env{})
		if err != nil || n.(notifiers.Finder).Window() != window {
			t.Errorf("nonce_window %s is not the one used, or %v", window, err)
		}
	}
	for address, says := range map[string]string{
		"1200000000000000000": "",
		"https://discord.com/channels/1100000000000000009/1200000000000000000":                      `write "1200000000000000000"`,
		"https://ptb.discord.com/channels/1100000000000000009/1200000000000000000/1300000000000000": `write "1200000000000000000"`,
		"<#1200000000000000000>":                                    `write "1200000000000000000"`,
		"https://discord.com/api/webhooks/1200000000000000000/hush": "notifier: webhook",
		"#newsroom": "Copy Channel ID", "newsroom": "Copy Channel ID", "": "Copy Channel ID",
	} {
		err := discord.Kind().Channel(notifiers.Target{ID: "newsroom", Address: address})
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hush")) {
			t.Errorf("channel %q: %v, want %q", address, err, says)
		}
	}
	if _, err := discord.Over(nil, "").Open(notifiers.Env{}); !errors.Is(err, notifiers.ErrNoCredentials) {
		t.Errorf("without a token: %v", err)
	}
	if err := discord.Kind().Config().Validate(); err != nil {
		t.Errorf("the defaults are invalid: %v", err)
	}
	channel := discord.Kind().Channel
	if err := channel(notifiers.Target{Address: room}); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{"", "#general", "123", "https://discord.com/api/webhooks/1/x"} {
		if channel(notifiers.Target{Address: wrong}) == nil {
			t.Errorf("channel %q passes", wrong)
		}
	}
}

// A digest comes with its picture, described, once, however its sending goes; where the bot
// may attach nothing it comes without.
func TestTheDigestsPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		w := world(t)
		n := notices()["digest"]
		if m := render(t, answering(t).bench, n); len(m.Files) != 1 {
			t.Errorf("where commands are answered it has %d pictures", len(m.Files))
		}
		for range 2 { // the same delivery again
			if _, err := w.notifier.Send(t.Context(), target, render(t, w, n), answerKey("s")); err != nil {
				t.Fatal(err)
			}
		}
		list := w.Messages(room)
		if len(list) != 1 || len(list[0].Files) != 1 || list[0].Files[0].Type != "image/png" || !strings.Contains(list[0].Files[0].Alt, "Northwind Data: 2 statements, 1 change") {
			t.Fatalf("shown: %+v", list)
		}
		w.Deny(room, discordtest.AttachFiles)
		if _, err := w.notifier.Send(t.Context(), target, render(t, w, n), answerKey("s2")); err != nil {
			t.Fatal(err)
		}
		if list = w.Messages(room); len(list) != 2 || len(list[1].Files) != 0 || !strings.Contains(list[1].Text(), "D-0007") {
			t.Errorf("without Attach Files: %+v", list)
		}
	})
}
