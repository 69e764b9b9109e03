package schedule

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longUnits are those that [time.ParseDuration] lacks, since a day may have 23 or 25
// hours. How far back to look is not that exact: a day here is 24 hours.
var longUnits = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?)(d|w)`)

// ParseDuration reads a length of time as people write it: 90s, 15m, 24h, and 7d or 2w.
func ParseDuration(text string) (time.Duration, error) {
	hours := longUnits.ReplaceAllStringFunc(strings.TrimSpace(text), func(part string) string {
		n, _ := strconv.ParseFloat(part[:len(part)-1], 64) // digits, by the pattern
		if part[len(part)-1] == 'w' {
			n *= 7
		}
		return strconv.FormatFloat(n*24, 'f', -1, 64) + "h"
	})
	d, err := time.ParseDuration(hours)
	if err != nil {
		return 0, errors.New("must be a duration such as 90s, 15m, 24h, 7d or 2w")
	}
	return d, nil
}
