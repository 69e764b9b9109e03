// Package summary says what a statement says in few words: quotations are
// spans of the sources' bytes. It owns the choice of what is quoted, who the
// words of an article belong to, and the check that a quotation really stands
// in its source.
//
// Everything here is pure: no network, clock or chance. The same draft gives
// the same summary.
package summary
