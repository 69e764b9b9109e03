package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"
)

// writer is the one goroutine that writes. It puts everything that waits into
// one transaction: the disk is waited for once for all of them.
type writer struct {
	engine
	db   *sql.DB
	jobs chan job
	done sync.WaitGroup

	boundary func(string) // nil in production; see Store.AtBoundaries
}

// job is a step that wants to be stored. It must be possible to run it again:
// when one of a batch fails, the batch is undone and each is run alone.
type job struct {
	name   step
	run    func(*sql.Tx) error
	stored chan error
}

const (
	batchLimit = 64 // bounds how much one commit carries
	// A step that met another replica's is run again, so often at most.
	collisions = 10
)

func newWriter(db *sql.DB, e engine) *writer {
	w := &writer{engine: e, db: db, jobs: make(chan job)}
	w.done.Go(w.work)
	return w
}

// write stores a step and returns when it is on the disk.
func (w *writer) write(ctx context.Context, j job) error {
	select {
	case w.jobs <- j:
		return <-j.stored // a commit under way is waited for, whatever the context says
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) work() {
	for j := range w.jobs {
		w.store(w.waiting(j))
	}
}

// waiting collects what else waits to be written now.
func (w *writer) waiting(first job) []job {
	batch := []job{first}
	for len(batch) < batchLimit {
		select {
		case j, open := <-w.jobs:
			if !open {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

func (w *writer) store(batch []job) {
	if len(batch) > 1 && w.transaction(batch) == nil {
		for _, j := range batch {
			j.stored <- nil
		}
		return
	}
	for i := range batch {
		batch[i].stored <- w.patiently(batch[i : i+1])
	}
}

// patiently runs a step again when it met another replica's.
func (w *writer) patiently(step []job) error {
	for try := range collisions {
		err := w.transaction(step)
		if err == nil || !w.transient(err) {
			return err
		}
		time.Sleep(rand.N(time.Millisecond << try))
	}
	return w.transaction(step)
}

func (w *writer) transaction(batch []job) error {
	tx, err := w.db.Begin() //nolint:noctx // no single job's context may end the others
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit this does nothing
	for _, j := range batch {
		if err := j.safely(tx); err != nil {
			return err
		}
	}
	w.at(batch, BeforeCommit)
	if err := tx.Commit(); err != nil {
		w.unsure()
		return err
	}
	w.at(batch, AfterCommit)
	return nil
}

// safely runs a step; one that panics fails. On this goroutine it would end the
// process, and every later start that tries the step again.
func (j job) safely(tx *sql.Tx) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("%s: the step broke: %v; please report it\n%s", j.name, broken, debug.Stack())
		}
	}()
	return j.run(tx)
}

// at passes a boundary of each step of a batch.
func (w *writer) at(batch []job, where string) {
	if w.boundary == nil {
		return
	}
	for _, j := range batch {
		w.boundary(string(j.name) + where)
	}
}

// close ends the goroutine once everything handed to it is stored. Nobody may
// write afterwards.
func (w *writer) close() error {
	close(w.jobs)
	w.done.Wait()
	return w.db.Close()
}
