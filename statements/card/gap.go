package card

import (
	"fmt"
	"strings"
	"time"

	"onrecord"
)

// Gap is the line that comes before the first statement recovered from a gap,
// where mark sets off a name and when writes a time. It ends in the gap's number,
// by which a message is found again.
func Gap(g onrecord.Gap, mark func(string) string, when func(time.Time) string) string {
	facts := []string{mark("onrecord") + " was away"}
	if g.Place != "" {
		facts = []string{"The source " + mark(Line(g.Place, nameLength)) + " could not be read"}
	}
	facts[0] += " for " + length(g.Until.Sub(g.From)) + " (" + when(g.From) + " – " + when(g.Until) + ")"
	recovered := "1 post was recovered; what it says"
	if g.Posts != 1 {
		recovered = fmt.Sprintf("%d posts were recovered; what they say", g.Posts)
	}
	return strings.Join(append(facts, recovered+" on the case follows", g.Number()), Sep)
}

// length says how long something took: "3 h 12 min".
func length(d time.Duration) string {
	d = max(d, 0)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0:
		return Plural(days, "day") + fmt.Sprintf(" %d h", hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	default:
		return fmt.Sprintf("%d min", minutes)
	}
}
