// Package model asks a language model about statements: a summary, a
// translation, and an opinion on whether a borderline post is on its case. It
// owns what is sent and to whom, the closed form of the answer, the checks an
// answer must pass, and the limits of time and money.
//
// What the model reads was written by people who may want to instruct it, so
// nothing it says is taken on trust. A quotation becomes a span of the source's
// bytes or is refused; a name, number or quotation in its own words must stand
// in what it was shown, or a name in its translation beside it; addresses, mentions and markup are refused. An answer
// that fails is asked for once more and then done without: whatever goes wrong,
// the offline summary is what is shown.
//
// Reading order: reader.go (what is offered), question.go (what is sent),
// answer.go (the closed form), check.go (what is believed), ask.go (one
// request), anthropic.go and openai.go (the two ways to put it), budget.go and
// breaker.go (when nothing is asked).
package model
