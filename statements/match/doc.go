// Package match says whether a post is its speaker's statement on a case, and
// why. It owns the ruleset: the table of evidence in evidence.go, over the words of
// courts that package lang holds by language. It is pure: no network,
// no database, no clock.
//
// A post is judged by adding evidence in log-odds, each piece with a name that
// people can read, its weight, and where possible the span of the post it
// stands on. The order of reading:
//
//	evidence.go   all kinds of evidence; weights.go: what they weigh, and the lines between the verdicts
//	judge.go      Judge: one post against the cases of its account; rival cases; learning
//	alike.go      cases that nothing tells apart share a score
//	score.go      what the post's own words say
//	around.go     what stands around it: thread, parent, quoted post, posts just before
//	state.go      what the speaker's stream has taught; profile.go: the words of its statements
//	signs.go      what the form of a text shows: that it goes on, quotes, names strangers
//	training.go   what a program that learns the weights sees
//	compile.go    the trie of all cases' terms; terms.go: what a case is recognised by
//	subject.go    what keywords are called in other languages
//	scan.go       one pass over a text; token.go, fold.go, skeleton.go: words, spellings, scripts
//	lexicon.go    language of courts, law, answers and promotion
//
// Three things are peculiar. A term counts less the more the speaker uses it
// on other things, so that the vocabulary of a trade is no signal. Only a
// post's own words teach the state, so that one wrong decision does not breed
// the next. And words of somebody else, a repost or a bare link, never make a
// statement, however much they are on the case: at most a person is asked.
package match
