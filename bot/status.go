package bot

import (
	"time"

	"onrecord/sources"
)

// Status is how the program is doing, as the database knows it. Health checks,
// metrics and the command line show it; it is the same after a restart.
type Status struct {
	// Now is when it was read, by the clock that all times in it were taken from.
	Now       time.Time
	Accounts  []AccountStatus
	Channels  []ChannelStatus
	Posts     map[string]int64            // stored posts by account
	Decisions map[string]int64            // by verdict
	Settled   map[string]map[string]int64 // deliveries no longer owed, by channel and state: sent, dead, uncertain
	Spend     map[string]int64            // millionths of a dollar in this UTC day, by place
	Unread    int64                       // posts waiting for review
	// ModelCalls counts questions to the language model, Context the posts that
	// sources were asked for because others refer to them, by how they ended. These
	// figures begin anew with the program.
	ModelCalls, Context map[string]int64
}

// AccountStatus is the health of one account.
type AccountStatus struct {
	ID      string
	Every   time.Duration // the longest regular time between pulls
	LastOK  time.Time     // end of the last good pull; zero: none yet
	NextAt  time.Time
	Fails   int    // pulls failed since
	Trouble string // a sources.Trouble, "" when healthy
	Error   string // for people; holds no secrets
}

// Stale reports whether readers could miss something of the account: it has been
// unreadable for longer than three of its intervals and at least half an hour, it
// was tried and never read, or its trouble is none that passes by itself.
func (a AccountStatus) Stale(now, started time.Time) bool {
	if a.Trouble != "" && (a.LastOK.IsZero() || lasting[sources.Trouble(a.Trouble)]) {
		return true
	}
	since := a.LastOK
	if since.IsZero() || since.After(now) { // the clock was set back
		since = started
	}
	return now.Sub(since) > staleAfter(a.Every)
}

// lasting are the troubles that a person has to end.
var lasting = map[sources.Trouble]bool{sources.Gone: true, sources.Hidden: true, sources.Moved: true, sources.Denied: true, sources.Walled: true}

func staleAfter(every time.Duration) time.Duration { return max(3*every, 30*time.Minute) }

// ChannelStatus is the state of one channel's queue.
type ChannelStatus struct {
	ID     string
	Owed   int64     // deliveries not settled yet
	Oldest time.Time // when the oldest of them became owed; zero: none
	Paused string    // why nothing is sent, "" when open
}
