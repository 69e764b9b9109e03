package sources_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/sources"
)

// counted counts how many answers are decoded at once.
type counted struct{ now, most *atomic.Int32 }

func (c *counted) UnmarshalJSON([]byte) error {
	n := c.now.Add(1)
	for most := c.most.Load(); n > most && !c.most.CompareAndSwap(most, n); most = c.most.Load() {
	}
	time.Sleep(5 * time.Millisecond)
	c.now.Add(-1)
	return nil
}

// What a large answer becomes takes several times its bytes: of all places' answers one is decoded at a time.
func TestLargeAnswersAreDecodedOneAtATime(t *testing.T) {
	var now, most atomic.Int32
	var decoding sync.WaitGroup
	for range 8 {
		decoding.Go(func() {
			d := sources.Document{Header: http.Header{}, Body: []byte(`"` + strings.Repeat("a", 2<<20) + `"`)}
			if err := d.JSON(&http.Request{URL: &url.URL{}}, &counted{&now, &most}); err != nil {
				t.Error(err)
			}
		})
	}
	decoding.Wait()
	if most.Load() != 1 {
		t.Errorf("%d were decoded at once", most.Load())
	}
}
