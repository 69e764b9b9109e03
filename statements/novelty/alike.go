package novelty

// Alike reports whether a text is another with little changed: at most a quarter of the
// words that may carry meaning, which is a name, a date or a clause of a post, and not so
// little is left that it could be chance. Then the one can be read in the other.
func Alike(was, now string) bool {
	most, differ := max(carry(was), carry(now)), Differences(was, now)
	if differ == 0 {
		return most >= tooFew
	}
	return most-differ >= enough && float64(differ) <= fewShare*float64(most)
}

// Brief reports whether a text says too little to be known by, as what announces a thread
// does: other texts are announced in the same words.
func Brief(text string) bool { return carry(text) < enough }

// carry is how many words of a text may carry meaning.
func carry(text string) (n int) {
	for _, w := range read(text).words {
		if meaning(w) || denies(w) {
			n++
		}
	}
	return n
}
