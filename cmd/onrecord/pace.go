package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

// settling is how long the program is at rest before it gives back what it does not need
// there: the first pulls after a start are over by then.
const settling = 5 * time.Second

// newPace sets how early memory is collected by a program that runs for long. At rest, early,
// and what is free is given back: that keeps the resident set near the live heap at no cost
// anyone can see. While many posts are reviewed that would be a third of the work.
func newPace() func(busy bool) {
	rest := time.AfterFunc(settling, func() {
		debug.FreeOSMemory()
		_ = returnPages() // they are only more memory than there need be
	})
	rest.Stop() // most commands are over soon
	return func(busy bool) {
		if busy {
			rest.Stop()
			debug.SetGCPercent(100)
			return
		}
		rest.Reset(settling)
		debug.SetGCPercent(20)
	}
}

// returnPages unmaps the pages of the program's own file: three quarters of them were read by
// the start alone, or mapped because they lie beside what was read. What is called again is
// mapped again. Pages that can be written are no copy of the file and stay (madvise(2)).
func returnPages() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	maps, err := os.ReadFile("/proc/self/maps") // address, permissions, offset, device, inode, path: proc_pid_maps(5)
	for line := range strings.Lines(string(maps)) {
		var from, to uintptr
		var may string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &may); err != nil || strings.Contains(may, "w") || !strings.HasSuffix(line, " "+self+"\n") {
			continue
		}
		if _, _, errno := syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED); errno != 0 {
			return errno
		}
	}
	return err
}
