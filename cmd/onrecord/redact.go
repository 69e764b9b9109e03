package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
)

const redacted = "[secret]"

// redactor returns a function that replaces secrets in a text. Adapters keep
// secrets out of their errors themselves; this is for what a library puts there,
// and for servers that repeat what they were asked with.
func redactor(secrets []string) func(string) string {
	var all []string
	for _, s := range secrets {
		if len(s) >= 4 { // shorter ones would take ordinary words away
			all = append(all, s, url.QueryEscape(s), url.PathEscape(s))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }) // of two that begin alike the longer one
	all = slices.Compact(all)
	var pairs []string
	for _, s := range all {
		pairs = append(pairs, s, redacted)
	}
	whole := strings.NewReplacer(pairs...)
	return func(text string) string {
		text = whole.Replace(text)
		before, after, cut := strings.Cut(text, "…")
		for _, s := range all {
			if !cut {
				break
			}
			for n := len(s) - 1; n >= 6; n-- { // what was cut short within a secret
				if strings.HasSuffix(before, s[:n]) {
					return before[:len(before)-n] + redacted + "…" + after
				}
			}
		}
		return text
	}
}

// attributes redacts what is logged.
func attributes(redact func(string) string) func([]string, slog.Attr) slog.Attr {
	return func(_ []string, a slog.Attr) slog.Attr {
		if k := a.Value.Kind(); k == slog.KindString || k == slog.KindAny {
			plain := fmt.Sprint(a.Value.Any())
			if clean := redact(plain); clean != plain {
				a.Value = slog.StringValue(clean)
			}
		}
		return a
	}
}
