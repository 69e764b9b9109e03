package mastodon

import (
	"cmp"
	"context"
	"net/url"

	"onrecord"
)

// threads finds where the threads of a page's statuses begin. The API names no
// conversations: a status says what it answers, and a server tells what stands
// before it.
type threads struct {
	*round
	page  map[string]*status
	roots map[string]string
}

func newThreads(r *round, page []*status) *threads {
	t := &threads{round: r, page: map[string]*status{}, roots: map[string]string{}}
	for _, st := range page {
		t.page[st.ID] = st
	}
	return t
}

// root is the id of the status that begins the thread; "" is the status itself. The
// page is taken in from its oldest on, so that what a post answers comes first.
func (t *threads) root(ctx context.Context, st *status) (string, error) {
	if st.ReplyTo == "" {
		return "", nil
	}
	if root, ok := t.roots[st.ReplyTo]; ok {
		t.roots[st.ID] = root
		return root, nil
	}
	root := st.ReplyTo
	if before, known := t.mark.known(st.ReplyTo); known {
		root = cmp.Or(before.Root, root)
	} else if before, known := t.mark.known(st.ID); known && before.Root != "" {
		root = before.Root
	} else if parent := t.page[st.ReplyTo]; parent == nil || parent.ReplyTo != "" {
		root = cmp.Or(t.ancestor(ctx, st), root)
	}
	t.roots[st.ID] = root
	return root, ctx.Err()
}

// ancestor asks for what stands before a status. Servers show a part of it to
// strangers; a server that does not answer leaves the thread to begin with what
// the status answers.
func (t *threads) ancestor(ctx context.Context, st *status) (id string) {
	if t.asides--; t.asides < 0 {
		return ""
	}
	var around struct {
		Ancestors []*status `json:"ancestors"`
	}
	if err := t.server.get(ctx, "/api/v1/statuses/"+url.PathEscape(st.ID)+"/context", nil, &around); err != nil {
		t.log.Debug("what stands before a post could not be read", "account", t.account.ID, "post", st.ID, "error", err)
		return ""
	}
	for _, before := range around.Ancestors {
		if before == nil || before.ID == "" {
			continue
		}
		if id == "" {
			id = cmp.Or(before.ReplyTo, before.ID)
		}
		if t.page[before.ID] == nil {
			t.page[before.ID] = before
		}
	}
	return id
}

// place puts a post into its thread, with the words that it answers where the page
// or what was asked for shows them.
func (t *threads) place(p *onrecord.Post, st *status, root string) {
	if root != "" && p.Kind != onrecord.Repost {
		p.Thread = t.server.name(root)
	}
	if parent := t.page[st.ReplyTo]; p.ReplyTo != nil && parent != nil {
		p.ReplyTo = t.server.ref(parent)
	}
}
