package sources

import (
	"net/http"
	"time"
)

// Validators are what a place says of a document, by which it can be asked whether that has
// changed since it came whole. They are part of a cursor.
type Validators struct {
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"modified,omitempty"` // Last-Modified as it came
	Whole    time.Time `json:"whole"`              // when it came whole last
}

// wholeEvery is how often a document is asked for without validators: a server that says
// "unchanged" for ever would blind us.
const wholeEvery = 24 * time.Hour

// ValidatorsOf are those of a document that came whole.
func ValidatorsOf(h http.Header, now time.Time) Validators {
	return Validators{ETag: h.Get("ETag"), Modified: h.Get("Last-Modified"), Whole: now}
}

// Read is [Read] of a document that may have come before. asked reports whether the place
// could say "unchanged" (304); where it was not asked, that is an error.
func (v Validators) Read(client *http.Client, req *http.Request, limit int64, now time.Time) (d Document, asked bool, err error) {
	if now.Sub(v.Whole) < wholeEvery {
		for name, value := range map[string]string{"If-None-Match": v.ETag, "If-Modified-Since": v.Modified} {
			if value != "" {
				req.Header.Set(name, value)
				asked = true
			}
		}
	}
	d, err = Read(client, req, limit)
	if err == nil && d.Status == http.StatusNotModified && !asked {
		err = NonsenseError("GET %s: the server says that it is unchanged, although it was not asked that; its cache is broken", Redact(req.URL))
	}
	return d, asked, err
}
