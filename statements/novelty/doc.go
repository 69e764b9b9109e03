// Package novelty says what a post adds to its speaker's record on a case:
// nothing (a mirror), the same claim again (restates), the same words with a
// changed fact (changed), the same words and more (expands), or news. It is
// pure: no network, no database, no clock.
//
// The order of caution is that of the readers: to show a repeat is a nuisance,
// to fold a new fact away is a loss. Hence words are only folded when laying
// them beside the earlier ones shows no difference that could carry a fact.
//
//	novelty.go   Judge: the ladder
//	align.go     two texts side by side, and what their differences are worth
//	again.go     what speaks against taking a text for another in other words
//	nearest.go   the texts most like one
//	measure.go   how much two texts overlap
//	shape.go     what a text is compared by
//	read.go      a text as words
package novelty
