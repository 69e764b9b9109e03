package bot

import (
	"context"
	"slices"
	"time"

	"onrecord"
)

// Filings is where it is kept what channels were told of dockets.
type Filings interface {
	// OweFilings makes owed, in one transaction, what the dockets of a case got since the
	// channel was told last, as far as it was seen before a time; nothing when they got
	// nothing. What was there when the channel asked first is told nowhere.
	OweFilings(ctx context.Context, channel, on string, dockets []string, before time.Time) (owed bool, err error)
}

// FilingsLane is in the names under which it is kept what channels were told of dockets.
const FilingsLane = "/filings"

// filingsEvery is how often dockets are looked at for channels that ask for it, and how long
// an entry waits for those that come with it.
const filingsEvery = time.Minute

// filer makes owed what was filed.
type filer struct {
	loop
	filings Filings
	asking  []Channel
	dockets map[string][]string // by case: its accounts that are dockets
	owed    bell
}

func newFiler(s Setup, l loop, owed bell) *filer {
	f := &filer{loop: l, filings: s.Filings, dockets: s.dockets(), owed: owed}
	for _, c := range s.Channels {
		if c.Filings && c.Notifier != nil && slices.ContainsFunc(c.Cases, func(id string) bool { return len(f.dockets[id]) > 0 }) {
			f.asking = append(f.asking, c)
		}
	}
	return f
}

// run makes filings owed until the context ends.
func (f *filer) run(ctx context.Context) {
	if len(f.asking) == 0 {
		return
	}
	for ctx.Err() == nil {
		if err := f.owe(ctx, f.clock.Now().Add(-filingsEvery)); err != nil {
			f.storeTrouble(ctx, "tell what was filed", err)
			continue
		}
		f.wake.wait(ctx, filingsEvery)
	}
}

// owe makes owed what was seen before a time.
func (f *filer) owe(ctx context.Context, before time.Time) error {
	if f.filings == nil {
		return nil
	}
	for _, ch := range f.asking {
		for _, id := range ch.Cases {
			if len(f.dockets[id]) == 0 {
				continue
			}
			owed, err := f.filings.OweFilings(ctx, ch.ID, id, f.dockets[id], before)
			if err != nil {
				return err
			}
			if owed {
				f.owed.ring()
			}
		}
	}
	return nil
}

// dockets are the accounts that are dockets, by the cases they are of.
func (s Setup) dockets() map[string][]string {
	by := map[string][]string{}
	for _, a := range s.Accounts {
		for _, id := range a.Cases {
			if a.Kind == onrecord.Docket {
				by[id] = append(by[id], a.ID)
			}
		}
	}
	return by
}
