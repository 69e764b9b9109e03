package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

// BenchmarkStatements reads the statements of a busy case.
func BenchmarkStatements(b *testing.B) {
	s, err := store.OpenScratch(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	check(s.Sync(b.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Minute }, nil))
	claims, err := s.ClaimDue(b.Context(), time.Hour, 1)
	check(err)
	var page []bot.PulledPost
	for i := range 500 {
		p := post(fmt.Sprint(i))
		p.Author = onrecord.Author{ID: "7", Handle: "harborlabs", Name: "Harbor Labs"}
		p.Text = fmt.Sprintf("On count %d of the complaint: ", i) + strings.Repeat("our answer to the court is in every textbook. ", 6)
		p.URL = "https://social.example/@harborlabs/" + p.ID
		page = append(page, bot.PulledPost{Post: p})
	}
	_, err = s.StorePage(b.Context(), &claims[0], page, "", time.Hour)
	check(err)
	var reasons []onrecord.Reason
	for i := range 8 {
		reasons = append(reasons, onrecord.Reason{Name: "names the other side", Weight: 1.25, Text: "the complaint", Start: i, End: i + 9})
	}
	for range page {
		u, err := s.NextUnread(b.Context())
		check(err)
		st := statement(u)
		st.Reasons, st.Summary.Quotes, st.Summary.Origin = reasons, []onrecord.Span{{End: 20}}, "extract"
		_, err = s.Record(b.Context(), opens(u, onrecord.Accept, st, time.Time{}), nil)
		check(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		list, err := s.Latest(b.Context(), "c", -1)
		check(err)
		if len(list) != len(page) {
			b.Fatalf("%d statements", len(list))
		}
	}
}
