// Command train learns the weights of the evidence that statements/match goes by,
// from labelled posts, and says how well they hold on cases that they were not
// learned from.
//
//	go run ./cmd/train -corpus DIR
//
// Each folder of DIR is a case: case.yaml and posts.jsonl, in the form of
// `onrecord eval`. The streams are replayed through the matcher, a regularised
// logistic regression is fitted to what it found in each post, and both are
// repeated, since what a stream teaches depends on what was accepted before. Each
// case counts the same, however many posts it has. Then the same is done with each
// case left out in turn: the figures of the left-out cases are the ones to
// believe. No chance is involved; the same posts give the same weights.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync"

	allnotifiers "onrecord/notifiers/all"
	allsources "onrecord/sources/all"

	"onrecord/internal/config"
	"onrecord/internal/eval"
	"onrecord/statements/match"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	corpus := flags.String("corpus", os.Getenv("ONRECORD_CORPUS"), "the folder of labelled cases")
	write := flags.String("write", "", "write the weights to this file")
	posts := flags.String("posts", "", "write what the left-out weights made of each post to this file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	streams, err := load(*corpus)
	if err != nil {
		return err
	}
	w := learn(streams)
	inSample := make([]figures, len(streams))
	for i, s := range streams {
		inSample[i] = s.measure(w)
	}
	leftOut := make([]figures, len(streams))
	each(len(streams), func(i int) {
		if ctx.Err() == nil {
			leftOut[i] = streams[i].measure(learn(without(streams, i)))
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	report(out, streams, inSample, leftOut)
	if *posts != "" {
		if err := writePosts(*posts, streams, leftOut); err != nil {
			return err
		}
	}
	if *write == "" {
		return nil
	}
	f, err := os.Create(*write)
	if err != nil {
		return fmt.Errorf("write the weights: %w", err)
	}
	fmt.Fprintf(f, "# Learned by `make train` from %d cases. Log-odds of the strongest match, the second and so on.\n", len(streams))
	return cmp.Or(w.Write(f), f.Close())
}

// load reads the cases of a corpus.
func load(corpus string) (streams []*stream, err error) {
	if corpus == "" {
		return nil, fmt.Errorf("no labelled cases: name their folder with -corpus or ONRECORD_CORPUS")
	}
	files, err := filepath.Glob(filepath.Join(corpus, "*", "posts.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		dir := filepath.Dir(file)
		configuration := filepath.Join(dir, "case.yaml")
		cfg, err := config.Load(configuration, config.Kinds{Sources: allsources.Kinds(), Notifiers: allnotifiers.Kinds()})
		if err != nil {
			return nil, err
		}
		posts, err := eval.ReadPosts(file, cfg.Accounts, configuration)
		if err != nil {
			return nil, err
		}
		streams = append(streams, newStream(filepath.Base(dir), match.Compile(cfg.Cases, cfg.Accounts...), cfg.Accounts, posts))
	}
	if len(streams) < 2 {
		return nil, fmt.Errorf("%d labelled cases in %s, and one is to be left out at a time: want two or more", len(streams), corpus)
	}
	return streams, nil
}

func without(streams []*stream, i int) []*stream {
	return append(append([]*stream(nil), streams[:i]...), streams[i+1:]...)
}

// each calls f for 0 to n-1, a few at a time.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	work := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range work {
				f(i)
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	wg.Wait()
}

const workers = 4
