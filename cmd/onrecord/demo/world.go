package demo

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/bluesky/blueskytest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

const (
	database = "demo.db"
	channel  = "1180000000000000010"
	newsroom = "/news.xml"
	xToken   = "demo-x-token"
	botToken = "demo-bot-token"
	harbor   = "harborlabs.example"
)

// accounts is how many the configuration below watches.
const accounts = 5

// world is everything outside the program, and the program's process.
type world struct {
	Options
	ctx     context.Context
	dir     string
	x       *xtest.Server
	bluesky *blueskytest.Server
	site    *feedtest.Server
	discord *discordtest.Server
	servers []*http.Server
	process *exec.Cmd
	said    time.Time  // when the story began
	drawn   []int      // edits of each message when the audience last looked
	lost    func() int // how many answers of Discord were lost
}

// open serves the places and writes the configuration that names them.
func open(ctx context.Context, o Options, dir string) (*world, error) {
	w := &world{Options: o, ctx: ctx, dir: dir, said: time.Now(), x: xtest.New(xToken), bluesky: blueskytest.New(), site: feedtest.New(), discord: discordtest.New(channel)}
	for handle, name := range map[string]string{"northwind": "Northwind Data", "dreyes": "Dana Reyes", "ivolind": "Ivo Lind", "bystander": "A bystander"} {
		w.x.Account(handle, name)
	}
	w.discord.SetToken(botToken)
	w.bluesky.Join(harbor, "Harbor Labs")
	w.site.Open(newsroom)
	var urls []any
	for _, h := range []http.Handler{w.x, w.bluesky, w.site, w.discord} {
		url, err := w.serve(h)
		if err != nil {
			w.close()
			return nil, err
		}
		urls = append(urls, url)
	}
	settings := fmt.Sprintf(`
accounts:
  - {source: x, handle: northwind, speaker: Northwind Data, schedule: "@every 1s"}
  - {source: x, handle: dreyes, speaker: Dana Reyes, schedule: "@every 1s", backfill: 1h}
  - {source: x, handle: ivolind, speaker: Ivo Lind, schedule: "@every 1s"}
  - {source: bluesky, handle: %[5]s, speaker: Harbor Labs, schedule: "@every 1s"}
  - {source: feed, url: "%[3]s%[6]s", speaker: Northwind Data, schedule: "@every 1s"}
channels:
  - {id: readers, notifier: discord, channel: "%[7]s"}
sources:
  x: {bearer_token: %[8]s, base_url: "%[1]s", reposts: true}
  bluesky: {base_url: "%[2]s"}
  feed: {allow_private: true}
notifiers:
  discord: {token: %[9]s, api_url: "%[4]s/api/v10", gateway: false}
web: {listen: off}
database: %[10]s
`, append(urls, harbor, newsroom, channel, xToken, botToken, filepath.Join(dir, database))...)
	if err := os.WriteFile(w.config(), []byte(theCase+settings), 0o600); err != nil {
		w.close()
		return nil, fmt.Errorf("write the demo's configuration: %w", err)
	}
	return w, nil
}

func (w *world) config() string { return filepath.Join(w.dir, "config.yaml") }

// serve serves a place on a free port of this machine.
func (w *world) serve(h http.Handler) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(w.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("serve the demo's places: %w", err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	w.servers = append(w.servers, s)
	go s.Serve(l) //nolint:errcheck // ends with Close
	return "http://" + l.Addr().String(), nil
}

func (w *world) close() {
	w.kill()
	for _, s := range w.servers {
		s.Close()
	}
}

// start starts the program as a process of its own, with a clean environment.
func (w *world) start() {
	w.process = exec.CommandContext(w.ctx, w.Program, "run", "--config", w.config())
	w.process.Env = append(os.Environ(), "X_BEARER_TOKEN=", "DISCORD_TOKEN=")
	log, err := os.OpenFile(filepath.Join(w.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		w.process.Stderr = log
		defer log.Close()
	}
	if err := w.process.Start(); err != nil {
		w.tell("The program could not be started: %v", err)
		w.process = nil
	}
}

// kill ends the process as a power failure would.
func (w *world) kill() { w.end(syscall.SIGKILL) }

// stop asks it to end.
func (w *world) stop() { w.end(syscall.SIGTERM) }

func (w *world) end(signal syscall.Signal) {
	if w.process == nil {
		return
	}
	_ = w.process.Process.Signal(signal) // it may have ended already
	_ = w.process.Wait()                 // killed: never a clean exit
	w.process = nil
}

// until waits for something the audience should see.
func (w *world) until(what string, done func(*world) bool) error {
	for deadline := time.Now().Add(patience); !done(w); {
		if w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(w.dir, "log"))
			return fmt.Errorf("waited %s in vain for: %s\n%s", patience, what, log)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}

// status looks into the program's database from outside, as `onrecord latest` does.
func (w *world) status() (bot.Status, error) {
	database, err := store.OpenReading(w.ctx, filepath.Join(w.dir, database))
	if err != nil {
		return bot.Status{}, err
	}
	defer database.Close()
	return database.Status(w.ctx)
}

// watched: so many accounts have been pulled well at least once.
func (w *world) watched(n int) bool {
	s, err := w.status()
	for _, a := range s.Accounts {
		if !a.LastOK.IsZero() {
			n--
		}
	}
	return err == nil && n == 0
}

// settled: everything is read, and nothing is owed.
func (w *world) settled() bool {
	s, err := w.status()
	for _, c := range s.Channels {
		s.Unread += c.Owed
	}
	return err == nil && s.Unread == 0
}

func (w *world) onX(handle, text string) { w.x.Post(handle, xtest.Post{Text: text}) }

func (w *world) onBluesky(text string) { w.bluesky.Post(harbor, blueskytest.Draft{Text: text}) }

func (w *world) inNewsroom(title, text string) {
	w.site.Publish(newsroom, feedtest.Item{Title: title, Text: text, Link: "https://northwind.example/news/lawsuit"})
}

func (w *world) repostedOnX(handle, text string) {
	id := w.x.Post("bystander", xtest.Post{Text: text})
	w.x.Post(handle, xtest.Post{Reposts: id})
}

// threadOnX posts a thread that began a while ago.
func (w *world) threadOnX(handle string, parts []string, ago time.Duration) {
	at, parent := time.Now().Add(-ago), ""
	for _, text := range parts {
		parent = w.x.Post(handle, xtest.Post{Text: text, ReplyTo: parent, CreatedAt: at})
		at = at.Add(20 * time.Second)
	}
}

// tell is the narrator.
func (w *world) tell(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if w.Color {
		line = "\x1b[1m" + line + "\x1b[0m"
	}
	fmt.Fprintf(w.Out, "\n%s %s\n", w.dim(fmt.Sprintf("%4.1fs", time.Since(w.said).Seconds())), line)
}

func (w *world) dim(s string) string {
	if !w.Color {
		return s
	}
	return "\x1b[90m" + s + "\x1b[0m"
}

// shown: so many messages are in the channel.
func (w *world) shown(n int) bool { return len(w.discord.Messages(channel)) >= n }

// edited: the nth message was changed.
func (w *world) edited(n int) bool {
	m := w.discord.Messages(channel)
	return len(m) >= n && m[n-1].Edits > 0
}

// loseAnswer makes Discord post the next message without saying so.
func (w *world) loseAnswer() {
	w.lost = w.discord.Break(discordtest.Rule{Fault: discordtest.CutAfterDoing, Method: http.MethodPost, Route: "/channels/{c}/messages", Nth: 1})
}

// showNew draws what changed in the channel since the audience last looked.
func (w *world) showNew() {
	for i, m := range w.discord.Messages(channel) {
		if i < len(w.drawn) && w.drawn[i] == m.Edits {
			continue
		}
		if i < len(w.drawn) {
			w.drawn[i] = m.Edits
			fmt.Fprintf(w.Out, "\n%s\n", w.dim("  the first message, edited:"))
		} else {
			w.drawn = append(w.drawn, m.Edits)
		}
		fmt.Fprint(w.Out, "\n"+indent(draw(m, w.Width-4, w.Color)))
	}
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ") + "\n"
}
