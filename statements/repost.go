package statements

import (
	"time"

	"onrecord"
	"onrecord/statements/novelty"
)

// lookHold is how long a statement is held that says again what its account said before with
// little changed: until somebody looked whether that is still there.
const lookHold = 30 * time.Second

// again is the post of a statement that the account says again here, with little changed.
// Where it is not there any more, this one replaced it.
func (in input) again(of *onrecord.Statement, fresh onrecord.Statement) (posts []onrecord.PostID) {
	if of == nil || of.Held || in.account.Kind != onrecord.Own || unseen(*of, fresh) {
		return nil
	}
	for _, p := range of.Parts {
		if p.Account == in.post.Account && p.Key() != in.post.Key() && !in.post.Created.Before(p.Created) && novelty.Alike(p.Text, in.post.Text) {
			posts = append(posts, onrecord.PostID{Account: p.Account, ID: p.ID})
		}
	}
	return posts
}
