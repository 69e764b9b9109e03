// Package quote says whether a quotation is a span of its source. It owns what
// typesetting may change of one, where it may begin and end, what an ellipsis
// may stand for, and which quotation marks belong together.
package quote
