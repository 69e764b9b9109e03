// Package web tells the outside how the program is doing: /healthz (it lives),
// /readyz (what is wrong, in words) and /metrics (for Prometheus). It keeps
// nothing: every answer is read from the database when it is asked for, so it
// is the same after a restart.
package web

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"onrecord/bot"
)

// Database is what the database knows of the program.
type Database interface {
	Status(ctx context.Context) (bot.Status, error)
}

// statusTimeout bounds one look into the database.
const statusTimeout = 5 * time.Second

// Handler serves health and metrics. Started is when the program began, by the
// clock of the database: an account not read yet is measured from there.
func Handler(database Database, version string, started time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		report := readiness(r.Context(), database, started)
		w.Header().Set("Content-Type", "application/json")
		if report.Status == unavailable {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(report) // fails only when the asker has gone
	})
	mux.Handle("GET /metrics", metrics(database, version, started))
	return mux
}

// The states of /readyz. Degraded is HTTP 200: the program does all it can, and
// restarting it would not make an account readable.
const (
	ok          = "ok"
	degraded    = "degraded"
	unavailable = "unavailable" // HTTP 503: nothing can be recorded
)

// health is the answer of /readyz.
type health struct {
	Status  string   `json:"status"`
	Reasons []string `json:"reasons"`
	Notes   []string `json:"notes,omitempty"` // what is in order and waits for a person
}

func readiness(ctx context.Context, database Database, started time.Time) health {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	s, err := database.Status(ctx)
	if err != nil {
		return health{Status: unavailable, Reasons: []string{"the database does not answer; the log says why"}}
	}
	h := health{Status: ok, Reasons: s.Reasons(started), Notes: s.Notes()}
	if len(h.Reasons) > 0 {
		h.Status = degraded
	}
	return h
}

// age is how long ago something began; 0 when it has not.
func age(since, now time.Time) time.Duration {
	if since.IsZero() {
		return 0
	}
	return max(now.Sub(since), 0)
}

// stopGrace is how long answers under way may take when the program stops.
const stopGrace = 2 * time.Second

// Serve listens at an address, port 0 for any, until the context ends. It
// returns the address it got. The channel then yields one value, nil unless
// serving failed.
func Serve(ctx context.Context, listen string, handler http.Handler, log *slog.Logger) (address string, done <-chan error, err error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served, ended := make(chan error, 1), make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	go func() {
		select {
		case err := <-served: // it never ends well by itself
			ended <- fmt.Errorf("serve %s: %w", listener.Addr(), err)
		case <-ctx.Done():
			grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
			defer cancel()
			if server.Shutdown(grace) != nil {
				server.Close() // who still asks must not hold the program up
			}
			<-served //nolint:errcheck // its error is that of the shutdown
			ended <- nil
		}
	}()
	return listener.Addr().String(), ended, nil
}
