package web

import (
	"context"
	"net/http"
	"runtime"
	"time"

	"onrecord/bot"
)

// maxScrapes is how many scrapes may be under way: each reads the database.
const maxScrapes = 4

// metrics serves the state of the database, and little about the process.
// Labels are ids of the configuration and fixed words, never addresses, texts
// or reasons.
func metrics(database Database, version string, started time.Time) http.Handler {
	places := make(chan struct{}, maxScrapes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
		default:
			http.Error(w, "too many scrapes at once; try again later", http.StatusServiceUnavailable)
			return
		}
		out := exposition{}
		out.add(buildInfo, 1, runtime.Version(), version)
		process(out, started)
		state(r.Context(), out, database, started)
		w.Header().Set("Content-Type", expositionType)
		_, _ = out.WriteTo(w) // fails only when the asker has gone
	})
}

// The order of labels is that of the alphabet.
var (
	buildInfo    = gauge("onrecord_build_info", "Always 1; the labels say which program runs.", "goversion", "version")
	databaseUp   = gauge("onrecord_database_up", "1 when the database answered this scrape; without it there are no further figures of the program.")
	pullAge      = gauge("onrecord_account_pull_age_seconds", "Time since the last good pull of the account, or since the program's start when there was none.", "account")
	pullFailures = gauge("onrecord_account_pull_failures", "Pulls of the account that failed since the last good one.", "account")
	stale        = gauge("onrecord_account_stale", "1 when the account has been unreadable for so long that readers could miss something.", "account")
	reads        = gauge("onrecord_account_reads_today", "Posts and users that were paid for to read the account in this UTC day, each once.", "account")
	cost         = gauge("onrecord_account_spend_today_dollars", "What reading the account has cost in this UTC day, at most.", "account")
	posts        = counter("onrecord_posts_total", "Posts stored of the account.", "account")
	unread       = gauge("onrecord_posts_unread", "Posts that wait for review.")
	waiting      = gauge("onrecord_review_waiting", "Borderline statements that nobody has decided about.")
	decisions    = counter("onrecord_decisions_total", "Decisions by verdict.", "verdict")
	owed         = gauge("onrecord_deliveries_owed", "Deliveries owed to the channel.", "channel")
	oldest       = gauge("onrecord_delivery_oldest_age_seconds", "How long the oldest delivery owed to the channel has waited; 0 when none is.", "channel")
	settled      = counter("onrecord_deliveries_total", "Deliveries no longer owed to the channel, by how they ended.", "channel", "state")
	paused       = gauge("onrecord_channel_paused", "1 when nothing is sent to the channel until its trouble is over.", "channel")
	spend        = gauge("onrecord_spend_today_dollars", "What reading the source, or asking the model, has cost in this UTC day.", "source")
	contextPosts = counter("onrecord_context_posts_total", "Posts that sources were asked for since the program's start, because a borderline post answers or quotes them, by how it ended.", "ending")
	modelCalls   = counter("onrecord_model_calls_total", "Questions to the language model since the program's start, by how they ended.", "ending")
)

// state adds what the database knows at this moment.
func state(ctx context.Context, out exposition, database Database, started time.Time) {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	s, err := database.Status(ctx)
	out.add(databaseUp, flag(err == nil))
	if err != nil {
		return
	}
	accounts(out, s, started)
	out.add(unread, float64(s.Unread))
	out.add(waiting, float64(s.Waiting))
	for verdict, n := range s.Decisions {
		out.add(decisions, float64(n), verdict)
	}
	deliveries(out, s)
	for source, millionths := range s.Spend {
		out.add(spend, float64(millionths)/1e6, source)
	}
	for ending, n := range s.Context {
		out.add(contextPosts, float64(n), ending)
	}
	for ending, n := range s.ModelCalls {
		out.add(modelCalls, float64(n), ending)
	}
}

func accounts(out exposition, s bot.Status, started time.Time) {
	for _, a := range s.Accounts {
		since := a.LastOK
		if since.IsZero() {
			since = started
		}
		out.add(pullAge, age(since, s.Now).Seconds(), a.ID)
		out.add(pullFailures, float64(a.Fails), a.ID)
		out.add(stale, flag(a.Stale(s.Now, started)), a.ID)
	}
	for account := range s.Reads {
		today := s.Spent(account)
		out.add(reads, float64(today.Reads), account)
		out.add(cost, today.Spend, account)
	}
	for account, n := range s.Posts {
		out.add(posts, float64(n), account)
	}
}

func deliveries(out exposition, s bot.Status) {
	for _, c := range s.Channels {
		out.add(owed, float64(c.Owed), c.ID)
		out.add(oldest, age(c.Oldest, s.Now).Seconds(), c.ID)
		out.add(paused, flag(c.Paused != ""), c.ID)
	}
	for channel, states := range s.Settled {
		for state, n := range states {
			out.add(settled, float64(n), channel, state)
		}
	}
}

func flag(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
