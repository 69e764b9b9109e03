package web

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"onrecord/bot"
)

// metrics serves a registry of its own: the state of the database, and little
// about the process.
func metrics(book Book, version string, started time.Time) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		&collector{book: book, version: version, started: started},
		collectors.NewGoCollector(collectors.WithGoCollectorMemStatsMetricsDisabled()),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// collector reads the status when Prometheus asks. Labels are ids of the
// configuration and fixed words, never addresses, texts or reasons.
type collector struct {
	book    Book
	version string
	started time.Time
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("onrecord_"+name, help, labels, nil)
}

var (
	buildInfo    = desc("build_info", "Always 1; the labels say which program runs.", "version", "goversion")
	databaseUp   = desc("database_up", "1 when the database answered this scrape; without it there are no further figures of the program.")
	pullAge      = desc("account_pull_age_seconds", "Time since the last good pull of the account, or since the program's start when there was none.", "account")
	pullFailures = desc("account_pull_failures", "Pulls of the account that failed since the last good one.", "account")
	stale        = desc("account_stale", "1 when the account has been unreadable for so long that readers could miss something.", "account")
	posts        = desc("posts_total", "Posts stored of the account.", "account")
	unread       = desc("posts_unread", "Posts that wait for review.")
	decisions    = desc("decisions_total", "Decisions by verdict.", "verdict")
	owed         = desc("deliveries_owed", "Deliveries owed to the channel.", "channel")
	oldest       = desc("delivery_oldest_age_seconds", "How long the oldest delivery owed to the channel has waited; 0 when none is.", "channel")
	settled      = desc("deliveries_total", "Deliveries no longer owed to the channel, by how they ended.", "channel", "state")
	paused       = desc("channel_paused", "1 when nothing is sent to the channel until its trouble is over.", "channel")
	spend        = desc("spend_today_dollars", "What reading the source, or asking the model, has cost in this UTC day.", "source")
	modelCalls   = desc("model_calls_total", "Questions to the language model since the program's start, by how they ended.", "ending")
)

// Describe sends all that Collect may.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{buildInfo, databaseUp, pullAge, pullFailures, stale, posts, unread, decisions, owed, oldest, settled, paused, spend, modelCalls} {
		ch <- d
	}
}

// Collect reads the status.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), statusTimeout)
	defer cancel()
	s, err := c.book.Status(ctx)
	out := sink(ch)
	out.gauge(buildInfo, 1, c.version, runtime.Version())
	out.gauge(databaseUp, flag(err == nil))
	if err != nil {
		return
	}
	c.accounts(out, s)
	out.gauge(unread, float64(s.Unread))
	for verdict, n := range s.Decisions {
		out.counter(decisions, n, verdict)
	}
	deliveries(out, s)
	for source, millionths := range s.Spend {
		out.gauge(spend, float64(millionths)/1e6, source)
	}
	for ending, n := range s.ModelCalls {
		out.counter(modelCalls, n, ending)
	}
}

func (c *collector) accounts(out sink, s bot.Status) {
	now := time.Now()
	for _, a := range s.Accounts {
		since := a.LastOK
		if since.IsZero() {
			since = c.started
		}
		out.gauge(pullAge, age(since, now).Seconds(), a.ID)
		out.gauge(pullFailures, float64(a.Fails), a.ID)
		out.gauge(stale, flag(a.Stale(now, c.started)), a.ID)
	}
	for account, n := range s.Posts {
		out.counter(posts, n, account)
	}
}

func deliveries(out sink, s bot.Status) {
	now := time.Now()
	for _, c := range s.Channels {
		out.gauge(owed, float64(c.Owed), c.ID)
		out.gauge(oldest, age(c.Oldest, now).Seconds(), c.ID)
		out.gauge(paused, flag(c.Paused != ""), c.ID)
	}
	for channel, states := range s.Settled {
		for state, n := range states {
			out.counter(settled, n, channel, state)
		}
	}
}

// sink sends metrics. Label values must be UTF-8, or the library would panic;
// those of an old database need not be.
type sink chan<- prometheus.Metric

func (s sink) gauge(d *prometheus.Desc, value float64, labels ...string) {
	s <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, valid(labels)...)
}

func (s sink) counter(d *prometheus.Desc, value int64, labels ...string) {
	s <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), valid(labels)...)
}

func valid(labels []string) []string {
	for i, l := range labels {
		labels[i] = strings.ToValidUTF8(l, "\ufffd")
	}
	return labels
}

func flag(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
