package statements_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements"
	"onrecord/statements/statementstest"
)

// The longest post there can be holds up those behind it for less than two seconds, whatever
// it is full of.
func TestTheLongestPost(t *testing.T) {
	const longest, most = 256 << 10, 2 * time.Second
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
		took := time.Hour
		for range 2 { // a busy machine slows one down
			took = min(took, statementstest.Took(func() {
				if r, err := reader.Read(t.Context(), p, tc.by, statements.Known{}, statements.Offline{}); err != nil || r.Fault != nil || len(r.Findings) == 0 {
					t.Errorf("%s: %v, %v, %d findings", name, err, r.Fault, len(r.Findings))
				}
			}))
			if took < most {
				break
			}
		}
		if t.Logf("%s: %v", name, took); took > most {
			t.Errorf("%s: %v, want at most %v", name, took, most)
		}
	}
}
