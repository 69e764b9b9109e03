package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Hours is a part of every day, by the clocks of a zone: "22:00-07:00 Europe/Berlin". Zero
// is no part of it.
type Hours struct {
	from, until int // minutes of a day
	zone        *time.Location
}

var hoursForm = regexp.MustCompile(`^([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-–]\s*([01]?[0-9]|2[0-3]):([0-5][0-9])(?:\s+(\S+))?$`)

var errHours = errors.New("must be two times of the day and a zone, such as 22:00-07:00 Europe/Berlin")

// ParseHours reads a part of the day. Without a zone it is UTC.
func ParseHours(text string) (Hours, error) {
	m := hoursForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return Hours{}, errHours
	}
	minutes := func(hour, minute string) int {
		t, _ := time.Parse("15:04", fmt.Sprintf("%02s:%s", hour, minute)) // of this form, by the pattern
		return t.Hour()*60 + t.Minute()
	}
	h := Hours{from: minutes(m[1], m[2]), until: minutes(m[3], m[4]), zone: time.UTC}
	if h.from == h.until {
		return Hours{}, errors.New("begins when it ends: that is no part of a day")
	}
	if m[5] != "" {
		zone, err := time.LoadLocation(m[5])
		if err != nil || m[5] == "Local" {
			return Hours{}, fmt.Errorf("names the zone %q, which is not known; zones are called as in Europe/Berlin or Asia/Kolkata", m[5])
		}
		h.zone = zone
	}
	return h, nil
}

// Contain reports whether a moment is in the hours.
func (h Hours) Contain(t time.Time) bool {
	if h.zone == nil {
		return false
	}
	local := t.In(h.zone)
	at := local.Hour()*60 + local.Minute()
	if h.from < h.until {
		return h.from <= at && at < h.until
	}
	return h.from <= at || at < h.until
}

// String is the text that [ParseHours] reads.
func (h Hours) String() string {
	if h.zone == nil {
		return ""
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d %s", h.from/60, h.from%60, h.until/60, h.until%60, h.zone)
}
