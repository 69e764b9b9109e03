package web

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// The names are those every Prometheus dashboard knows.
var (
	goroutines = gauge("go_goroutines", "Number of goroutines that currently exist.")
	startTime  = gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
	cpuTime    = counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
	resident   = gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
	openFiles  = gauge("process_open_fds", "Number of open file descriptors.")
)

// process adds the few figures that show a leak or a restart. What is read
// from /proc is missing where there is none.
func process(out exposition, started time.Time) {
	out.add(goroutines, float64(runtime.NumGoroutine()))
	out.add(startTime, float64(started.UnixMilli())/1e3)
	if stat, err := os.ReadFile("/proc/self/stat"); err == nil {
		usage(out, stat)
	}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		out.add(openFiles, float64(len(files)-1)) // one is the look itself
	}
}

// ticks is USER_HZ, which Linux fixes at 100 for all that programs see.
const ticks = 100

// usage reads /proc/self/stat, see proc_pid_stat(5). The second field, the
// program's name, may hold anything: counting begins behind its last bracket.
func usage(out exposition, stat []byte) {
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	field := func(n int) (float64, bool) { // by its number in the manual
		if n -= 3; n >= len(fields) {
			return 0, false
		}
		v, err := strconv.ParseFloat(fields[n], 64)
		return v, err == nil
	}
	user, ok1 := field(14)
	system, ok2 := field(15)
	if ok1 && ok2 {
		out.add(cpuTime, (user+system)/ticks)
	}
	if pages, ok := field(24); ok {
		out.add(resident, pages*float64(os.Getpagesize()))
	}
}
