package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"onrecord/internal/store/pgtest"
)

// TestMain lets the test binary be the program: scripts call `onrecord`, and
// campaigns that kill a process start it with asProgram.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		t := theTerminal()
		if boundary := os.Getenv(dieAt); boundary != "" {
			boundary, nth, counted := strings.Cut(boundary, " #")
			left := 1
			if counted {
				left, _ = strconv.Atoi(nth)
			}
			t.boundary = func(passed string) {
				if passed == boundary {
					left--
				}
				if left == 0 {
					_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
					select {} // nothing more is done until the signal comes
				}
			}
		}
		os.Exit(execute(t, os.Args[1:]))
	}
	testscript.Main(serving{m}, map[string]func(){"onrecord": main})
}

// serving ends the tests' PostgreSQL server with the tests.
type serving struct{ *testing.M }

func (s serving) Run() int {
	defer pgtest.Done()
	return s.M.Run()
}

// asProgram in the environment makes the test binary behave as onrecord.
const asProgram = "ONRECORD_TEST_AS_PROGRAM"

// dieAt names the boundary of a commit at which that program kills itself: the first time
// it is passed, or with " #2" the second.
const dieAt = "ONRECORD_TEST_DIE_AT"

func TestCommands(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// waitfor FILE: until a program in the background has made it.
			"waitfor": func(ts *testscript.TestScript, _ bool, args []string) {
				for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
					if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
						return
					}
					if time.Now().After(deadline) {
						ts.Fatalf("%s did not appear", args[0])
					}
				}
			},
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			return nil
		},
	})
}
