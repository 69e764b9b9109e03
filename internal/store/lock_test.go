package store_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"onrecord/internal/store/storetest"
)

// A process that is being started while the database is closed still has its files for a
// moment, as their duplicates: that does not keep the database from being opened again.
func TestALockIsGivenUpWithItsDuplicates(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path)
	duplicates := 0
	list, _ := os.ReadDir("/proc/self/fd")
	for _, e := range list {
		if to, _ := os.Readlink(filepath.Join("/proc/self/fd", e.Name())); to == path+".lock" {
			fd, err := strconv.Atoi(e.Name())
			must(t, err)
			duplicate, err := syscall.Dup(fd)
			must(t, err)
			defer syscall.Close(duplicate)
			duplicates++
		}
	}
	if duplicates != 1 {
		t.Fatalf("the lock is open %d times", duplicates)
	}
	must(t, s.Close())
	open(t, path)
}
