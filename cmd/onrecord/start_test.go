package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Every command pays for what packages make when the program starts, the health check of a container every half minute. Bytes are counted, which unlike time are
// the same on every machine.
func TestStartMakesLittle(t *testing.T) {
	t.Parallel()
	const most = 6 << 20
	version := exec.CommandContext(t.Context(), os.Args[0], "version")
	version.Env = append(os.Environ(), asProgram+"=1", "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	version.Stderr = &trace
	if err := version.Run(); err != nil {
		t.Fatal(err)
	}
	sum, packages := 0, 0
	for line := range strings.Lines(trace.String()) {
		var name string
		var at, clock float64
		var size int
		if n, _ := fmt.Sscanf(line, "init onrecord/%s @%f ms, %f ms clock, %d bytes", &name, &at, &clock, &size); n == 4 {
			sum, packages = sum+size, packages+1
		}
	}
	if packages < 10 {
		t.Fatalf("the trace tells of %d packages:\n%s", packages, trace.String())
	}
	if sum > most {
		t.Errorf("starting makes %d bytes, at most %d:\n%s", sum, most, trace.String())
	}
}
