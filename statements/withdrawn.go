package statements

import (
	"slices"

	"onrecord"
	"onrecord/statements/novelty"
)

// A person withdrew a statement because it should not stand as it does. What says the same
// later is no repetition of it: it is judged as if the other had never been said, and
// says that it was. The post that led to the statement does not lead to it again.

// takeOut takes what was withdrawn out of what a post is compared with, but for what
// the post itself led to.
func (in *input) takeOut() {
	gone := func(s onrecord.Statement) bool { return s.Withdrawn() && !slices.ContainsFunc(s.Parts, is(in.post)) }
	all := in.Earlier
	in.Earlier, in.withdrawn = map[string][]onrecord.Statement{}, map[string][]onrecord.Statement{}
	for id, list := range all { // they are shared
		if slices.ContainsFunc(list, gone) {
			stands := func(s onrecord.Statement) bool { return !gone(s) }
			in.withdrawn[id] = slices.DeleteFunc(slices.Clone(list), stands)
			list = slices.DeleteFunc(slices.Clone(list), gone)
		}
		in.Earlier[id] = list
	}
}

// saidWithdrawn is a comparison that found nothing, with the withdrawn statement of the
// speaker's that said the same; nil: none did.
func (r *Reader) saidWithdrawn(v novelty.Comparison, fresh onrecord.Statement, withdrawn []onrecord.Statement) (novelty.Comparison, *onrecord.Statement) {
	theirs := slices.DeleteFunc(slices.Clone(withdrawn), func(s onrecord.Statement) bool { return s.Speaker != fresh.Speaker })
	if v.Novelty != onrecord.New || len(theirs) == 0 {
		return v, nil
	}
	said := r.memory.Compare(fresh.Words(), nil, r.comparable(fresh, theirs, nil))
	i := slices.IndexFunc(theirs, func(s onrecord.Statement) bool { return s.ID == said.Of })
	if i < 0 || said.Novelty == onrecord.New {
		return v, nil
	}
	v.Of, v.Why = theirs[i].ID, "said before in "+theirs[i].Number()+", which was withdrawn"
	return v, &theirs[i]
}
