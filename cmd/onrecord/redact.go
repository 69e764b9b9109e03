package main

import (
	"fmt"
	"log/slog"
	"strings"
)

// redactor returns a function that replaces secrets in whatever is logged.
// Adapters keep secrets out of their errors themselves; this is for what
// a library puts there.
func redactor(secrets []string) func([]string, slog.Attr) slog.Attr {
	var pairs []string
	for _, s := range secrets {
		if len(s) >= 4 { // shorter ones would take ordinary words away
			pairs = append(pairs, s, "[secret]")
		}
	}
	if pairs == nil {
		return nil
	}
	r := strings.NewReplacer(pairs...)
	return func(_ []string, a slog.Attr) slog.Attr {
		if k := a.Value.Kind(); k == slog.KindString || k == slog.KindAny {
			plain := fmt.Sprint(a.Value.Any())
			if redacted := r.Replace(plain); redacted != plain {
				a.Value = slog.StringValue(redacted)
			}
		}
		return a
	}
}
