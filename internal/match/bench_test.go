package match

import (
	"fmt"
	"regexp"
	"strings"
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

func BenchmarkJudge(b *testing.B) {
	for _, n := range []int{1, 10, 200, 1000} {
		b.Run(fmt.Sprintf("cases=%d", n), func(b *testing.B) {
			m := Compile(manyCases(n))
			s, at := State{}, time.Date(2025, 9, 3, 12, 0, 0, 0, time.UTC)
			post := func(i int) Input {
				return Input{Speaker: "Harbor Labs", Cases: []string{"northwind-v-harbor"}, Post: onrecord.Post{
					Account: "x:harborlabs", Text: benchPosts[i%len(benchPosts)], Created: at.Add(time.Duration(i) * time.Minute),
				}}
			}
			for i := range 500 { // a speaker with a past
				_, s = m.Judge(post(i), s)
			}
			b.ReportAllocs()
			i := 500
			for b.Loop() {
				_, s = m.Judge(post(i), s)
				i++
			}
		})
	}
}

// BenchmarkRegexpPerCase is what it replaces: one expression a case.
func BenchmarkRegexpPerCase(b *testing.B) {
	for _, n := range []int{1, 10, 200, 1000} {
		b.Run(fmt.Sprintf("cases=%d", n), func(b *testing.B) {
			var res []*regexp.Regexp
			for _, c := range manyCases(n) {
				words := append([]string{}, c.Keywords...)
				for _, p := range c.Everyone() {
					words = append(words, namesOf(p)...)
				}
				for i := range words {
					words[i] = regexp.QuoteMeta(words[i])
				}
				res = append(res, regexp.MustCompile(`(?i)\b(`+strings.Join(words, "|")+`)\b`))
			}
			i := 0
			for b.Loop() {
				for _, re := range res {
					re.FindAllStringIndex(benchPosts[i%len(benchPosts)], -1)
				}
				i++
			}
		})
	}
}
