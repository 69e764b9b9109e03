// Package demo runs the whole pipeline on an invented case: the real program as
// a process of its own, against an X, a Bluesky, a newsroom and a Discord that
// are served from here over real HTTP.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

// Options say how the demo is shown.
type Options struct {
	Program string // path of the program
	Out     io.Writer
	Width   int
	Color   bool
}

// patience is how long the audience waits for one beat of the story.
const patience = 15 * time.Second

// Run tells the story. It ends by itself, in under twenty seconds.
func Run(ctx context.Context, o Options) error {
	dir, err := os.MkdirTemp("", "onrecord-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer os.RemoveAll(dir)
	w, err := open(ctx, o, dir)
	if err != nil {
		return err
	}
	defer w.close()
	w.tell("An invented case, Northwind Data v. Harbor Labs, on servers inside this process. Nothing leaves this machine.")
	w.start()
	if err := w.until("every account is watched", func(w *world) bool { return w.watched(accounts) }); err != nil {
		return err
	}
	for _, b := range story {
		w.tell("%s", b.says)
		b.do(w)
		if b.wait != nil {
			if err := w.until(b.says, b.wait); err != nil {
				return err
			}
		}
		w.showNew()
	}
	if err := w.until("everything is read", func(w *world) bool { return w.settled() }); err != nil {
		return err
	}
	w.stop()
	return w.account(filepath.Join(dir, database))
}

// account tells at the end what became of every post, from the program's own record.
func (w *world) account(path string) error {
	database, err := store.OpenReading(w.ctx, path)
	if err != nil {
		return err
	}
	defer database.Close()
	entries, err := database.Decisions(w.ctx)
	if err != nil {
		return err
	}
	w.tell("What became of each post, and why:")
	for _, e := range entries {
		fmt.Fprintf(w.Out, "  %-9s %-27s %s\n", fate(e), clip(e.Post.Account, 26), clip(e.Post.Text, w.Width-42))
		fmt.Fprintf(w.Out, "  %-9s %s\n", "", w.dim(why(e)))
	}
	posted, recorded, pings := len(w.discord.Messages(channel)), statements(entries), len(w.discord.Pings())
	w.tell("%d statements, %d messages in the channel: none lost, none twice. %d answer was lost on the way, %d people were pinged.", recorded, posted, w.lost(), pings)
	if posted != recorded || pings != 0 || w.lost() != 1 {
		return errors.New("the demo did not end as it should have: please report this")
	}
	return nil
}

func statements(entries []bot.StoredDecision) int {
	seen := map[int64]bool{}
	for _, e := range entries {
		if e.Statement != 0 {
			seen[e.Statement] = true
		}
	}
	return len(seen)
}

func fate(e bot.StoredDecision) string {
	switch {
	case e.Held:
		return "held"
	case e.Statement == 0:
		return "ignored"
	case e.Novelty == onrecord.Mirror:
		return "folded"
	}
	return onrecord.StatementNumber(e.Statement)
}

// usual is the matcher's name for what it expects of a speaker before reading;
// it stands in every decision and tells an audience nothing.
const usual = "how often this speaker speaks on the case"

// why names the strongest reasons on the side of the verdict.
func why(e bot.StoredDecision) string {
	if e.Novelty == onrecord.Mirror {
		return "same words as " + onrecord.StatementNumber(e.Statement) + ", named there"
	}
	text, n := "", 0
	for _, r := range e.Decision.Reasons {
		if (r.Weight > 0) != (e.Decision.Label != onrecord.Reject) || r.Name == usual || n == 3 {
			continue
		}
		if n++; text != "" {
			text += "; "
		}
		text += r.Name
		if r.Text != "" {
			text += " (" + r.Text + ")"
		}
	}
	if text == "" {
		text = "nothing in it speaks for the case"
	}
	return text
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n && n > 1 {
		return string(r[:n-1]) + "…"
	}
	return s
}
