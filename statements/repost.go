package statements

import (
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/statements/novelty"
)

// lookHold is how long a statement is held that says again what its account said before with
// little changed: until somebody looked whether that is still there.
const lookHold = 30 * time.Second

// again are the posts of a statement that the account says again here, with little changed, one
// of them or all as a whole: a thread is posted again with other parts, too. Where they are not
// there any more, this one replaced them.
func (in input) again(of, held *onrecord.Statement, fresh onrecord.Statement) (posts []onrecord.PostID) {
	if of == nil || of.Held || in.account.Kind != onrecord.Own || unseen(*of, fresh) {
		return nil
	}
	said := []onrecord.Post{in.post}
	if held != nil {
		said = append(slices.Clone(held.Parts), in.post)
	}
	whole := novelty.Alike(wordsOf(of.Parts), wordsOf(said))
	for _, p := range of.Parts {
		if p.Account == in.post.Account && p.Key() != in.post.Key() && !in.post.Created.Before(p.Created) && (whole || novelty.Alike(p.Text, in.post.Text)) {
			posts = append(posts, onrecord.PostID{Account: p.Account, ID: p.ID})
		}
	}
	return posts
}

func wordsOf(parts []onrecord.Post) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, "\n\n")
}
