package match

import (
	"slices"
	"testing"
	"time"

	"onrecord"
)

// TestManyCases: what is decided of a post does not depend on how many cases its
// account is watched for, but for what only rivals are held back by.
func TestManyCases(t *testing.T) {
	cases := manyCases(60)
	for i := range cases {
		if i%2 == 1 { // of whom nobody is another judge
			cases[i].Judge = ""
		}
	}
	m := Compile(cases)
	posts := append(slices.Clone(benchPosts),
		"Plaintiff17 v. Defendant17: see you in court on Monday.",
		"RT @defendant21works: the complaint is baseless",
		"https://defendant21works.example/press/lawsuit",
		"Judge Quist and Defendant17 Works in one courtroom, what a hearing.",
		"Judge Bonner has said what he thinks of such complaints.",
		"They had our source code and trade secrets and the injunction is granted, our lawyers filed it in court.",
	)
	for i, text := range posts {
		post := onrecord.Post{
			Account: "x:harborlabs", Kind: onrecord.Reply, Text: text, Created: filed.Add(time.Duration(i%3) * 300 * time.Hour),
			ReplyTo: &onrecord.Ref{Account: "x:someone", Text: "What does Defendant9 Works say about the keyword9 in court?"},
		}
		if i%2 == 0 {
			post.Kind, post.ReplyTo = onrecord.Original, nil
		}
		in := Input{Post: post, Speaker: "Harbor Labs", Quotes: []string{"case-3"}}
		for _, c := range cases {
			in.Cases = append(in.Cases, c.ID)
		}
		all, _ := m.Classify(in, State{})
		for n, c := range cases {
			in.Cases = []string{c.ID}
			alone, _ := m.Classify(in, State{})
			rival := func(e onrecord.Reason) bool { return e.Code == table[rivalCase].Code }
			if got := slices.DeleteFunc(slices.Clone(all[n].Reasons), rival); all[n].Case != c.ID || !slices.Equal(got, alone[0].Reasons) {
				t.Fatalf("%q on %s among many: %v\nby itself: %v", text, c.ID, got, alone[0].Reasons)
			}
		}
	}
}
