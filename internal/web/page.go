package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"onrecord/bot"
)

// moment is a time to the minute, in UTC; a dash for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}

// Page serves the state of everything: for people, without scripts, at /, and for
// programs at /status.json. It is read from the database when it is asked for.
func Page(overview func(context.Context) (bot.Overview, error)) http.Handler {
	mux := http.NewServeMux()
	looks := make(chan struct{}, maxScrapes)
	serve := func(pattern, kind string, write func(http.ResponseWriter, bot.Overview) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			select {
			case looks <- struct{}{}:
				defer func() { <-looks }()
			default:
				http.Error(w, "too many look at once; try again later", http.StatusServiceUnavailable)
				return
			}
			ctx, cancel := context.WithTimeout(r.Context(), statusTimeout)
			defer cancel()
			v, err := overview(ctx)
			if err != nil {
				http.Error(w, "the database does not answer; the log says why", http.StatusServiceUnavailable)
				return
			}
			for key, value := range map[string]string{
				"Content-Type": kind, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
				"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
			} {
				w.Header().Set(key, value)
			}
			_ = write(w, v) // fails only when the asker has gone
		})
	}
	serve("GET /{$}", "text/html; charset=utf-8", func(w http.ResponseWriter, v bot.Overview) error {
		_, err := io.WriteString(w, overviewPage(v))
		return err
	})
	serve("GET /status.json", "application/json", func(w http.ResponseWriter, v bot.Overview) error { return json.NewEncoder(w).Encode(v) })
	return mux
}
