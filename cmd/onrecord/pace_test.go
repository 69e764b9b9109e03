package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// What is given back of the program's file is not resident any more, and is there when it is needed.
func TestPagesAreReturned(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux says which pages are whose")
	}
	resident := func() (kb int) {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		_, of, _ := strings.Cut(string(status), "RssFile:")
		if _, err := fmt.Sscan(of, &kb); err != nil {
			t.Fatal(err)
		}
		return kb
	}
	before := resident()
	if err := returnPages(); err != nil {
		t.Fatal(err)
	}
	if after := resident(); after > before*3/4 {
		t.Errorf("%d kB of files are resident, %d before", after, before)
	}
}
