package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strings"

	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
)

// read opens the record beside a program that may be running.
func (f configFlag) read(t *terminal) (*config.Config, *store.Store, error) {
	cfg, err := f.look()
	if err != nil {
		return nil, nil, err
	}
	database, err := store.OpenReading(t.ctx, cfg.Database)
	if err == nil {
		_, err = track(t.ctx, database, cfg)
	}
	return cfg, database, err
}

// existing opens a database that is there; nil: the program was never run.
func existing(t *terminal, cfg *config.Config, open func(context.Context, string) (*store.Store, error)) (*store.Store, error) {
	if !strings.Contains(cfg.Database, "://") {
		if _, err := os.Stat(cfg.Database); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	return open(t.ctx, cfg.Database)
}

// visitor is who types a command that asks about the record.
func (f configFlag) visitor(t *terminal) (bot.Visitor, *store.Store, error) {
	cfg, database, err := f.read(t)
	if err != nil {
		return bot.Visitor{}, nil, err
	}
	return bot.Visitor{Record: database, Accounts: cfg.Accounts, Cases: cfg.Cases}, database, nil
}

// beside stores a person's decision beside a program that may be running.
func (f configFlag) beside(t *terminal, decide func(*store.Store) error) error {
	cfg, err := f.look()
	if err != nil {
		return err
	}
	database, err := store.OpenBeside(t.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer database.Close()
	database.AtBoundaries(t.boundary)
	return decide(database)
}

// typist names who decides at the command line. A container may know no users.
func typist() string {
	const nobody = "the command line"
	u, err := user.Current()
	if err != nil {
		return nobody
	}
	return cmp.Or(u.Username, nobody)
}
