package match

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"onrecord"
)

// manyCases invents cases that share words, as real ones do.
func manyCases(n int) []onrecord.Case {
	cases := []onrecord.Case{northwind()}
	for i := 1; i < n; i++ {
		c := northwind()
		c.ID = fmt.Sprintf("case-%d", i)
		c.Title = fmt.Sprintf("Plaintiff%d Systems v. Defendant%d Works", i, i)
		c.Docket = []string{fmt.Sprintf("3:25-cv-%05d-ABC", i)}
		c.Parties = []onrecord.Person{
			{Name: fmt.Sprintf("Plaintiff%d Systems", i), Role: "plaintiff", Aliases: []string{fmt.Sprintf("Plaintiff%d", i)}},
			{Name: fmt.Sprintf("Defendant%d Works", i), Role: "defendant"},
		}
		c.Keywords = []string{"trade secrets", "court", fmt.Sprintf("keyword%d", i), "source code", "injunction"}
		cases = append(cases, c)
	}
	return cases
}

var benchPosts = []string{
	"Northwind sued us today in federal court. We have never used their source code and we will say so before the judge.",
	"Our new routing engine is out. Try it and tell us what breaks, we read every report that comes in.",
	"Thank you all for coming to the meetup last night! Photos are up on the blog: https://harbor.example/blog/meetup-photos",
	"La demanda de Northwind no tiene fundamento y así lo diremos ante el tribunal, con los documentos en la mano.",
	"Ok",
	"@someone I do not think that is how tides work, but happy to be shown wrong. The harbour here is deep enough for anything.",
}

// BenchmarkScore judges posts of a speaker with a past, on one core, and
// compares that with what it replaces: an expression for each case, on the same
// posts. An account is watched for one case; watched=all is one for all of them,
// as a newspaper's may be.
func BenchmarkScore(b *testing.B) {
	for _, n := range []int{1, 10, 100, 200, 1000} {
		b.Run(fmt.Sprintf("cases=%d", n), func(b *testing.B) { benchScore(b, n, 1) })
	}
	b.Run("cases=200/watched=all", func(b *testing.B) { benchScore(b, 200, 200) })
}

// pastPosts are what a speaker said before anything is measured.
const pastPosts = 500

func benchScore(b *testing.B, n, watched int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	resident, heap := memory(b)
	cases := manyCases(n)
	m, s := Compile(cases), State{}
	var ids []string
	for _, c := range cases[:watched] {
		ids = append(ids, c.ID)
	}
	at := time.Date(2025, 9, 3, 12, 0, 0, 0, time.UTC)
	post := func(i int) Input {
		return Input{Speaker: "Harbor Labs", Cases: ids, Post: onrecord.Post{
			Account: "x:harborlabs", Text: benchPosts[i%len(benchPosts)], Created: at.Add(time.Duration(i) * time.Minute),
		}}
	}
	for i := range pastPosts {
		_, s = m.Classify(post(i), s)
	}
	grown, _ := residentSize(b) // with the garbage of building and judging
	_, live := memory(b)

	var took []time.Duration
	busy := processorTime(b)
	for b.Loop() {
		in := post(pastPosts + len(took))
		began := time.Now()
		_, s = m.Classify(in, s)
		took = append(took, time.Since(began))
	}
	busy = processorTime(b) - busy
	each := b.Elapsed() / time.Duration(b.N)
	slices.Sort(took)
	micro := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
	b.ReportMetric(micro(took[len(took)/2]), "µs-p50")
	b.ReportMetric(micro(took[len(took)*99/100]), "µs-p99")
	b.ReportMetric(float64(time.Second/each), "posts/s")
	b.ReportMetric(float64(b.N)/busy.Seconds(), "posts/cpu-s")
	b.ReportMetric(float64(grown-resident)/1e6, "MB-resident")
	b.ReportMetric(float64(live-heap)/1e6, "MB-live")
	b.ReportMetric(float64(byExpressions(cases))/float64(each), "times-regexp")
	runtime.KeepAlive(m)
}

// byExpressions is how long an expression for each case takes over a post.
func byExpressions(cases []onrecord.Case) time.Duration {
	var all []*regexp.Regexp
	for _, c := range cases {
		words := append([]string{}, c.Keywords...)
		for _, p := range c.Everyone() {
			words = append(words, namesOf(p)...)
		}
		for i := range words {
			words[i] = regexp.QuoteMeta(words[i])
		}
		all = append(all, regexp.MustCompile(`(?i)\b(`+strings.Join(words, "|")+`)\b`))
	}
	began, posts := time.Now(), 0
	for ; posts < len(benchPosts) || time.Since(began) < time.Second; posts++ {
		for _, re := range all {
			re.FindAllStringIndex(benchPosts[posts%len(benchPosts)], -1)
		}
	}
	return time.Since(began) / time.Duration(posts)
}

// memory is what the process has and what of it is in use, in bytes, once
// everything that can be given back is.
func memory(b *testing.B) (resident, live int64) {
	debug.FreeOSMemory()
	return residentSize(b)
}

func residentSize(b *testing.B) (resident, live int64) {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("the memory of a process is read from /proc: ", err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscanf(after, "%d kB", &resident); err != nil {
		b.Fatalf("read VmRSS: %v", err)
	}
	return resident << 10, int64(stats.HeapAlloc)
}

// processorTime is what the process has used, all its threads together.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
