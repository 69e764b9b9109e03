package bot

import (
	"slices"
	"time"

	"onrecord"
)

// Coverage is what a list or a count of statements covers.
type Coverage struct {
	Accounts []TrackedAccount
	Since    time.Time     // when the first of them was read first; zero: none was yet
	Gaps     []OverviewGap // in which something could be missed, newest first; a few
	Waiting  int64         // borderline statements, of all cases, that nobody has decided about
}

// Unread are the accounts that are not read, or not as often as they should be.
func (c Coverage) Unread() (list []TrackedAccount) {
	for _, a := range c.Accounts {
		if !a.Watched || a.Stale || a.LastOK.IsZero() {
			list = append(list, a)
		}
	}
	return list
}

// CoverageIn returns what the statements of a case cover, or all of them with an empty
// case, as an overview shows it. An account without cases is watched for every one that
// names its speaker.
func (o Operator) CoverageIn(v Overview, caseID string) Coverage {
	c := Coverage{Gaps: v.Gaps, Waiting: v.Waiting}
	for _, t := range v.Accounts {
		i := slices.IndexFunc(o.Configured, func(a onrecord.Account) bool { return a.ID == t.ID })
		if i >= 0 && caseID != "" && len(o.Configured[i].Cases) > 0 && !slices.Contains(o.Configured[i].Cases, caseID) {
			continue
		}
		c.Accounts = append(c.Accounts, t)
		if !t.Since.IsZero() && (c.Since.IsZero() || t.Since.Before(c.Since)) {
			c.Since = t.Since
		}
	}
	return c
}
