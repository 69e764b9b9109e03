package main

import (
	"fmt"
	"os"
	"time"

	"onrecord/internal/store"
)

type backupCommand struct {
	configFlag
	File string `arg:"" help:"The file to make; there must be none of that name." placeholder:"FILE"`
}

func (c backupCommand) Run(t *terminal) error {
	cfg, err := c.look()
	if err != nil {
		return err
	}
	fmt.Fprintf(t.errout, "copying %s\n", store.Redact(cfg.Database))
	began := time.Now()
	if err := store.Backup(t.ctx, cfg.Database, c.File); err != nil {
		return err
	}
	made, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s: %.1f MB in %s\n", c.File, float64(made.Size())/1e6, time.Since(began).Round(time.Millisecond))
	return nil
}

type restoreCommand struct {
	configFlag
	File string `arg:"" help:"What onrecord backup made." placeholder:"FILE"`
}

func (c restoreCommand) Run(t *terminal) error {
	cfg, err := c.look()
	if err != nil {
		return err
	}
	fmt.Fprintf(t.errout, "replacing %s\n", store.Redact(cfg.Database))
	r, err := store.Restore(t.ctx, cfg.Database, c.File)
	if err != nil {
		return err
	}
	if r.Aside != "" {
		fmt.Fprintf(t.out, "the database that was there is now %s\n", r.Aside)
	}
	if r.From.IsZero() {
		fmt.Fprintf(t.out, "restored; the backup holds no posts yet\n")
		return nil
	}
	fmt.Fprintf(t.out, "restored as of %s; what was published since is read again, and each channel is looked at before anything is repeated in it\n", when(r.From))
	return nil
}
