package bot

import (
	"fmt"
	"strings"
	"time"

	"onrecord"
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
	Reads     map[string][]DaySpend       // what reading cost by account, the newest day first; a few
	Unread    int64                       // posts waiting for review
	Waiting   int64                       // borderline statements that nobody has decided about
	Quiet     int64                       // of those: a model thinks that they are none, and no channel is told
	Damaged   []DamagedRow                // what was set aside, or could not be judged
	// ModelCalls counts questions to the language model, Context the posts that
	// sources were asked for because others refer to them, by how they ended. These
	// figures begin anew with the program.
	ModelCalls, Context map[string]int64
}

// late is how long a delivery may be owed before a person should look. Discord's
// own pace is about one message a second, so an ordinary queue is far shorter.
const late = 10 * time.Minute

// Reasons say, in words, why a person should look: nothing when all is well.
// Started is when the program began; an account not read yet is measured from there.
func (s Status) Reasons(started time.Time) []string {
	reasons := []string{}
	for _, a := range s.Accounts {
		if a.Stale(s.Now, started) {
			reasons = append(reasons, a.staleness())
		}
	}
	if n := len(s.Damaged); n > 0 {
		reasons = append(reasons, fmt.Sprintf("%d posts or statements are damaged or could not be judged; `onrecord outbox` lists them", n))
	}
	reviewed := false
	for _, c := range s.Channels {
		reviewed = reviewed || strings.HasSuffix(c.ID, reviewLane)
		if isSubscription(c.ID) {
			continue
		}
		if c.Paused != "" {
			reasons = append(reasons, fmt.Sprintf("channel %s is paused: %s", c.ID, c.Paused))
		}
		if waited := c.waited(s.Now); waited >= late {
			reasons = append(reasons, fmt.Sprintf("channel %s: %d deliveries are owed, the oldest for %s", c.ID, c.Owed, waited.Round(time.Second)))
		}
	}
	if s.Waiting > s.Quiet && !reviewed {
		reasons = append(reasons, fmt.Sprintf("%s, and no channel has a review lane to show them; `onrecord review` lists them", s.waiting()))
	}
	return reasons
}

// waited is for how long the oldest delivery could have been delivered: while people hold a
// channel, nothing is late, nor while an hour has no room for what is to be published.
func (c ChannelStatus) waited(now time.Time) time.Duration {
	if c.Oldest.IsZero() {
		return 0
	}
	since := later(c.Oldest, c.Held)
	if strings.HasSuffix(c.ID, PublishLane) {
		since = since.Add(publishEvery)
	}
	return age(since, now)
}

// reviewLane ends the id of a channel's review lane.
const reviewLane = "/review"

// Notes say what is in order and should not be forgotten.
func (s Status) Notes() []string {
	if s.Waiting == 0 {
		return nil
	}
	note := s.waiting() + "; `onrecord review` lists them"
	if s.Quiet > 0 {
		note += fmt.Sprintf("; no channel was told of %d, of which a model thinks that they are none", s.Quiet)
	}
	return []string{note}
}

func (s Status) waiting() string {
	if s.Waiting == 1 {
		return "1 borderline statement waits for a person"
	}
	return fmt.Sprintf("%d borderline statements wait for a person", s.Waiting)
}

func (a AccountStatus) staleness() string {
	since := "never yet"
	if !a.LastOK.IsZero() {
		since = "last at " + a.LastOK.UTC().Format(time.RFC3339)
	}
	text := fmt.Sprintf("account %s is stale: read %s", a.ID, since)
	switch {
	case a.Trouble == "":
		return text
	case strings.HasPrefix(a.Error, a.Trouble): // as an error of a source says it
		return text + " (" + a.Error + ")"
	}
	return text + fmt.Sprintf(" (%s: %s)", a.Trouble, a.Error)
}

// age is how long ago something began; 0 when it has not.
func age(since, now time.Time) time.Duration {
	if since.IsZero() {
		return 0
	}
	return max(now.Sub(since), 0)
}

// Activity is what accounts and channels did last. It takes a look at every post, and
// is asked for when a person looks.
type Activity struct {
	Newest     map[string]time.Time // post, by account
	Oldest     map[string]time.Time // likewise
	Since      map[string]time.Time // when its first post was stored, by account
	Statements map[string]int64     // on the record, by account
	First      map[string]time.Time // when the first of them was seen, by account
	Last       map[string]time.Time // likewise the last
	Sent       map[string]time.Time // last message, by channel
	Gaps       []onrecord.Gap       // newest first; a few

	Corrections []StoredCorrection // newest first; a few

	Subscriptions []Subscription // those that stand
}

// StoredCorrection is a correction with the number of its statement.
type StoredCorrection struct {
	Statement int64
	onrecord.Correction
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
	Handle  string // at its place, as its source said last; "": it says nothing
}

// DaySpend is what reading an account cost in a UTC day. Places may charge for a post once a
// day, or once for each way it was read: the money is what it costs at most.
type DaySpend struct {
	Day   string  `json:"day"`
	Reads int64   `json:"reads"` // posts and users that were paid for, each once
	Spend float64 `json:"dollars"`
}

// Spent returns what reading an account cost today.
func (s Status) Spent(account string) (today DaySpend) {
	if days := s.Reads[account]; len(days) > 0 && days[0].Day == s.Now.UTC().Format(time.DateOnly) {
		today = days[0]
	}
	return today
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
var lasting = map[sources.Trouble]bool{sources.Gone: true, sources.Hidden: true, sources.Denied: true, sources.Walled: true}

func staleAfter(every time.Duration) time.Duration { return max(3*every, 30*time.Minute) }

// ChannelStatus is the state of one channel's queue.
type ChannelStatus struct {
	ID     string
	Owed   int64     // deliveries not settled yet
	Oldest time.Time // when the oldest of them became owed; zero: none
	Paused string    // why nothing is sent, "" when open
	Held   time.Time // until when people hold what is owed; zero, or past: they do not
	Digest string    // when people want its digest, see [DigestPlan]; "": as the configuration has it
}
