package statements_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements"
)

// BenchmarkTheLongestPost reads the longest post there can be, which holds up those behind it,
// whatever it is full of.
func BenchmarkTheLongestPost(b *testing.B) {
	const longest = 256 << 10
	press := onrecord.Account{ID: "feed:paper", Source: "feed", Kind: onrecord.Press, Speaker: "*", Cases: []string{northwind.ID}}
	own := onrecord.Account{ID: "feed:harbor", Source: "feed", Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
	for name, tc := range map[string]struct {
		unit string
		by   onrecord.Account
	}{
		"sentences on the case": {"We deny in court that Northwind Data w%d owns the source code. ", own},
		"numbers":               {"%d ", own},
		"quotations":            {"“We deny the w%d,” Ivo Lind said. ", press},
	} {
		var text strings.Builder
		for i := 0; text.Len() < longest; i++ {
			fmt.Fprintf(&text, tc.unit, i)
		}
		p := onrecord.Post{Account: tc.by.ID, ID: name, Kind: onrecord.Article, Created: time.Unix(1e9, 0), Title: "Northwind in court", Text: "Northwind sued us in court. " + text.String()[:longest-100]}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if r, err := reader.Read(b.Context(), p, tc.by, statements.Known{}, statements.Offline{}); err != nil || r.Fault != nil || len(r.Findings) == 0 {
					b.Fatalf("%v, %v, %d findings", err, r.Fault, len(r.Findings))
				}
			}
		})
	}
}
