package schedule

import (
	"testing"
	"time"
)

func TestHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"22:00-07:00 Europe/Berlin": "22:00-07:00 Europe/Berlin", "7:30 – 9:05": "07:30-09:05 UTC", " 0:00-23:59 Asia/Kolkata ": "00:00-23:59 Asia/Kolkata",
		"": "", "22-7": "", "24:00-07:00": "", "22:00-22:00": "", "22:00-07:00 Berlin": "", "22:00-07:00 Local": "", "22:60-07:00": "", "22:00-07:00 Europe/Berlin x": "",
	} {
		h, err := ParseHours(text)
		if (err == nil) != (want != "") || h.String() != want {
			t.Errorf("%q is %q, %v; want %q", text, h, err, want)
		}
	}
	// By the clocks there: in summer Berlin is two hours ahead, in winter one.
	h, err := ParseHours("22:00-07:00 Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{
		"2026-07-01T19:59:00Z": false, "2026-07-01T20:00:00Z": true, "2026-07-02T04:59:59Z": true, "2026-07-02T05:00:00Z": false,
		"2026-12-01T20:59:00Z": false, "2026-12-01T21:00:00Z": true, "2026-12-02T05:59:00Z": true, "2026-12-02T06:00:00Z": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if h.Contain(moment) != want {
			t.Errorf("%s lies within: %v, want %v", at, !want, want)
		}
	}
	if (Hours{}).Contain(time.Now()) {
		t.Error("no hours contain a moment")
	}
}
