package bot_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
)

// sink takes everything at once.
type sink struct{ taken atomic.Int64 }

func (*sink) Render(n onrecord.Notice) (notifiers.Message, error) {
	return notifiers.Message(n.Statement.First().Text), nil
}

func (s *sink) Send(context.Context, notifiers.Target, notifiers.Message, string) (notifiers.Receipt, error) {
	return notifiers.Receipt{ID: fmt.Sprint(s.taken.Add(1))}, nil
}

// BenchmarkBurst delivers 5,000 messages to 16 channels of an unlimited sink, in
// order in each channel, from a database on disk that syncs every commit.
func BenchmarkBurst(b *testing.B) {
	const channels, owed = 16, 5000
	for b.Loop() {
		b.StopTimer()
		book, err := store.Open(b.Context(), b.TempDir()+"/burst.db")
		if err != nil {
			b.Fatal(err)
		}
		to, names := &sink{}, map[string]string{}
		setup := bot.Setup{Book: book, Cases: []onrecord.Case{northwind}, Summarizer: extract{}}
		for i := range channels {
			id := fmt.Sprintf("channel-%02d", i)
			names[id] = "sink"
			setup.Channels = append(setup.Channels, bot.Channel{Target: notifiers.Target{ID: id, Lane: onrecord.Record}, Notifier: to, Cases: []string{northwind.ID}})
		}
		if err := book.Sync(b.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Hour }, names); err != nil {
			b.Fatal(err)
		}
		owe(b, book, setup.Channels, owed)
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan struct{})
		b.StartTimer()
		began := time.Now()
		go func() { bot.New(setup).Run(ctx); close(done) }()
		for n := owed; n > 0; time.Sleep(5 * time.Millisecond) {
			if n, err = book.Owed(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(owed/time.Since(began).Seconds(), "deliveries/s")
		b.StopTimer()
		cancel()
		<-done
		book.Close()
		b.StartTimer()
	}
}

// owe records statements until so many deliveries are owed.
func owe(b *testing.B, book *store.Store, channels []bot.Channel, owed int) {
	b.Helper()
	claims, err := book.ClaimDue(b.Context(), time.Minute, 1)
	if err != nil {
		b.Fatal(err)
	}
	one := 0 // a statement is owed to one channel in turn
	turn := func(n onrecord.Notice) []bot.Due {
		return []bot.Due{{Channel: channels[one%len(channels)].ID, Message: notifiers.Message(n.Statement.First().Text)}}
	}
	page := make([]bot.Arrival, owed)
	for i := range page {
		page[i] = bot.Arrival{Post: onrecord.Post{Account: account.ID, ID: fmt.Sprint(i), Text: said(i), Created: time.Now()}}
	}
	if _, err := book.StorePage(b.Context(), &claims[0], page, "all", time.Minute); err != nil {
		b.Fatal(err)
	}
	for one = range owed {
		u, err := book.NextUnread(b.Context())
		if err != nil || u == nil {
			b.Fatal(u, err)
		}
		st := &onrecord.Statement{Case: northwind.ID, Speaker: account.Speaker, Account: account.ID, Lane: onrecord.Record, Parts: []onrecord.Post{u.Post}, Seen: u.Seen}
		r := bot.Reading{Post: u.Post, Decisions: []bot.Judged{{Decision: onrecord.Decision{Case: northwind.ID, Verdict: onrecord.Accept}, Statement: st, Notice: onrecord.NewStatement}}}
		if err := book.Record(b.Context(), r, turn); err != nil {
			b.Fatal(err)
		}
	}
}
