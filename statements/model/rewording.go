package model

import (
	"slices"

	"onrecord"
	"onrecord/statements/quote"
	"onrecord/statements/summary"
)

// rewords is what a model says of a draft beside the earlier statements it is shown.
type rewords struct {
	Novelty   string `json:"novelty"`
	PriorID   string `json:"prior_id"`
	PriorSpan string `json:"prior_span"`
	OwnSpan   string `json:"own_span"`
}

// restates is the novelty of which passages are asked for.
const restates = "restates"

// rewording is what of that stands in the texts letter by letter, on both sides; nil:
// nothing, which costs the rest of an answer nothing.
func (j judgement) rewording(d summary.Draft, a rewords, f fence) *onrecord.Rewording {
	i := slices.Index(j.ids("E"), a.PriorID)
	if a.Novelty != restates || i < 0 {
		return nil
	}
	of := lately(d)[i]
	own, found := in(d.Parts, summary.Own(d), f.lift(a.OwnSpan))
	prior, stands := in(of.Parts, of.Said(), f.lift(a.PriorSpan))
	if !found || !stands {
		return nil
	}
	return &onrecord.Rewording{Of: of.ID, Words: own, Prior: prior}
}

// in finds words in spans of posts.
func in(posts []onrecord.Post, spans []onrecord.Span, words string) (onrecord.Span, bool) {
	for _, s := range spans {
		if start, end, ok := quote.Verify(words, posts[s.Part].Text[s.Start:s.End]); ok {
			return onrecord.Span{Part: s.Part, Start: s.Start + start, End: s.Start + end}, true
		}
	}
	return onrecord.Span{}, false
}
