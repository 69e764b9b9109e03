// Package summary says what a statement says in few words: quotations are
// spans of the sources' bytes. It owns the choice of the sentences that stand
// for a statement, and what a summary in other words may claim.
//
// Everything here is pure: no network, clock or chance. The same draft gives
// the same summary.
//
//	extract.go   Extract: all of a short statement, the best of a long one
//	rank.go      which sentences are best; vector.go: how alike they are
//	sentence.go  the sentences there are to choose from
//	chosen.go    what somebody else chose
//	claims.go    what a summary in other words states and no source does
package summary
