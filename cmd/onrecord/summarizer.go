package main

import (
	"context"
	"log/slog"
	"time"

	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/fetch"
	"onrecord/sources"
	"onrecord/statements/model"
)

// Without its opinion a model would be asked for none, and nobody would see it.
var _ bot.Classifier = (*model.Reader)(nil)

// openModel opens the language model of a configuration. Its address is the
// operator's own, so it may be a private one.
func openModel(cfg *config.Config, p model.Budget, log *slog.Logger) (*model.Reader, error) {
	s := cfg.Summary
	client := fetch.New(fetch.Options{Version: version, Contact: cfg.Contact, Patience: s.Timeout}).Client(true)
	return model.Open(model.Config{
		API: s.Provider, Model: s.Model, Key: s.APIKey, BaseURL: s.BaseURL,
		DailyBudget: s.DailyBudgetUSD, Timeout: s.Timeout, Translate: s.TranslateTo,
	}, model.Env{Client: client, Budget: p, Log: log})
}

// budget keeps what the model costs beside what sources cost.
type budget struct{ sources.SpendLog }

// place is the name of the model among what costs money.
const place = "model"

func (p budget) Spent(ctx context.Context, at time.Time) (int64, error) {
	return p.SpendLog.Spent(ctx, place, at)
}

func (p budget) Spend(ctx context.Context, id string, cost int64) error {
	return p.Record(ctx, place, "calls", []sources.Charge{{ID: id, Price: cost}})
}
