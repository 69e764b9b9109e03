package summary

// Opinion is what somebody outside, such as a model, thinks of a draft being
// on its case. What it may change is for package match to say.
type Opinion struct {
	Lean float64 // from -1, surely not, to 1, surely
	Text string  // the same for people
}
