//go:build !linux

package statementstest

import "time"

var start = time.Now()

// processorTime is that of the clock, where no other is at hand.
func processorTime() time.Duration { return time.Since(start) }
