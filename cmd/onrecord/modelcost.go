package main

import (
	"fmt"
	"math"
	"time"

	"onrecord"
	"onrecord/internal/config"
	"onrecord/statements/model"
)

// modelCost says what a day of reading costs with the model of a configuration, as far as
// the stored posts tell how many there are.
func modelCost(t *terminal, cfg *config.Config, recent []onrecord.Post, now time.Time) {
	s := cfg.Summary
	if s.Provider == config.Extract {
		return
	}
	candidates := s.Read == config.Likely
	each := model.Estimate(s.Model, s.APIKey, 1000, candidates)
	if each == 0 {
		fmt.Fprintf(t.out, "%s costs nothing that we could count: it is asked without a key\n", s.Model)
		return
	}
	if len(recent) == 0 {
		fmt.Fprintf(t.out, "%s: about $%.2f for a thousand posts by list prices, at most $%.2f a day; how many there are is not known yet\n", s.Model, each, s.DailyBudgetUSD)
		return
	}
	oldest := now
	for _, p := range recent {
		if p.Created.Before(oldest) {
			oldest = p.Created
		}
	}
	daily := max(1, int(math.Round(float64(len(recent))/max(1, now.Sub(oldest).Hours()/24))))
	cost := model.Estimate(s.Model, s.APIKey, daily, candidates)
	fmt.Fprintf(t.out, "about %s a day in the last %d days, $%.2f a day with %s by list prices", counted(daily, "post"), max(1, int(now.Sub(oldest).Hours()/24)), cost, s.Model)
	if cost <= s.DailyBudgetUSD {
		fmt.Fprintf(t.out, ", of the $%.2f it may cost\n", s.DailyBudgetUSD)
		return
	}
	fmt.Fprintf(t.out, "; more than summary.daily_budget_usd, $%.2f: likely posts come first, and when it is spent our own evidence decides alone\n", s.DailyBudgetUSD)
}
