package x

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources"
)

// maxRaw bounds what is kept of a post as X sent it.
const maxRaw = 64 << 10

// answer is what a timeline answers. Its newest_id is not read: it may be
// missing or empty.
type answer struct {
	Data   []json.RawMessage `json:"data"`
	Errors []problem         `json:"errors"`
	Meta   *struct {
		NextToken string `json:"next_token"`
	} `json:"meta"`
}

// billed returns the ids of what was returned.
func billed(data []json.RawMessage) []string {
	var ids []string
	for _, raw := range data {
		var p struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &p) == nil && p.ID != "" {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// page decodes the posts. A post that cannot be read fails the whole page:
// the cursor must not move past it.
func (a answer) page(now time.Time) (page, error) {
	if i := slices.IndexFunc(a.Errors, problem.ofAccount); i >= 0 {
		return page{}, a.Errors[i].health(now)
	}
	if a.Data == nil && a.Meta == nil {
		if len(a.Errors) > 0 {
			return page{}, a.Errors[0].health(now)
		}
		return page{}, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("X answered a timeline with neither posts nor their number")}
	}
	posts, err := readPosts(a.Data)
	p := page{posts: posts}
	if a.Meta != nil {
		p.next = a.Meta.NextToken
	}
	return p, err
}

// readPosts decodes posts as X returned them, all or none.
func readPosts(data []json.RawMessage) (posts []wire, err error) {
	for _, raw := range data {
		w, err := readPost(raw)
		if err != nil {
			return nil, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("read a post of X: %w; look for a newer onrecord", err)}
		}
		posts = append(posts, w)
	}
	return posts, checkVocabulary(posts)
}

// checkVocabulary fails when no post of a page has one of the fields that X
// always sends. That is how a change of names shows: HTTP 200, billed, and the
// data silently missing.
func checkVocabulary(posts []wire) error {
	for _, f := range []struct {
		name string
		has  func(wire) bool
	}{
		{"author_id", func(w wire) bool { return w.AuthorID != "" }},
		{"created_at", func(w wire) bool { return w.CreatedAt != "" }},
		{"edit_history_tweet_ids", func(w wire) bool { return len(w.chain()) > 0 }},
	} {
		if len(posts) > 0 && !slices.ContainsFunc(posts, f.has) {
			return &sources.Error{
				Trouble: sources.Nonsense, Retry: time.Now().Add(slow), Place: true,
				Err: fmt.Errorf("X changed its vocabulary: no post has %s any more; nothing was skipped, look for a newer onrecord", f.name),
			}
		}
	}
	return nil
}

// wire is a post as X sends it. X has two vocabularies; where they differ,
// both names are decoded, into two fields.
type wire struct {
	id  uint64
	raw []byte

	ID             string          `json:"id"`
	Text           string          `json:"text"`
	AuthorID       string          `json:"author_id"`
	CreatedAt      string          `json:"created_at"`
	ConversationID string          `json:"conversation_id"`
	ReplyUserID    string          `json:"in_reply_to_user_id"`
	Lang           string          `json:"lang"`
	Entities       entities        `json:"entities"`
	Article        json.RawMessage `json:"article"` // its shape is not documented; only a title is looked for
	Withheld       *withheld       `json:"withheld"`

	NoteTweet *note `json:"note_tweet"`
	NotePost  *note `json:"note_post"`

	ReferencedTweets []reference `json:"referenced_tweets"`
	ReferencedPosts  []reference `json:"referenced_posts"`

	EditHistoryTweetIDs []string `json:"edit_history_tweet_ids"`
	EditHistoryPostIDs  []string `json:"edit_history_post_ids"`
}

// note is the whole text of a long post; its entities belong to that text.
type note struct {
	Text     string   `json:"text"`
	Entities entities `json:"entities"`
}

type entities struct {
	URLs     []link    `json:"urls"`
	Mentions []mention `json:"mentions"`
}

// link is a t.co address in a text. Its indices count code points and are not
// used: the address itself is looked for.
type link struct {
	URL      string `json:"url"`
	Expanded string `json:"expanded_url"`
	Display  string `json:"display_url"`
	Unwound  string `json:"unwound_url"`
	Title    string `json:"title"`
	MediaKey string `json:"media_key"`
}

type mention struct {
	ID       string `json:"id"`
	Username string `json:"username"`
}

type reference struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type withheld struct {
	Countries []string `json:"country_codes"`
}

func readPost(raw []byte) (wire, error) {
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil {
		return wire{}, err
	}
	id, err := parseID(w.ID)
	w.id = id
	w.raw = bytes.Clone(raw[:min(len(raw), maxRaw)]) // the answer it is part of can be let go
	return w, err
}

func (w wire) chain() []string {
	if w.EditHistoryTweetIDs != nil {
		return w.EditHistoryTweetIDs
	}
	return w.EditHistoryPostIDs
}

func (w wire) note() *note { return cmp.Or(w.NoteTweet, w.NotePost) }

// reference returns the id of the post this one refers to in that way, or "".
func (w wire) reference(kind string) string {
	for _, r := range slices.Concat(w.ReferencedTweets, w.ReferencedPosts) {
		if r.Type == kind {
			return r.ID
		}
	}
	return ""
}

// first is the id of the first version: the post's identity, since every edit
// has an id of its own.
func (w wire) first() uint64 {
	if chain := w.chain(); len(chain) > 0 {
		if id, err := parseID(chain[0]); err == nil {
			return id
		}
	}
	return w.id
}

// founded is the year of the first post.
const founded = 2006

// created is when the first version was made. An edit's created_at is the time
// of the edit; the first version's is in its id, to the second as X gives it.
func (w wire) created() time.Time {
	at, err := time.Parse(time.RFC3339, w.CreatedAt)
	if at = at.UTC(); err == nil && w.first() == w.id && at.Year() >= founded && at.Year() <= 9999 { // no other can be stored
		return at
	}
	return timeOf(w.first()).Truncate(time.Second)
}

// language drops X's marks for "none", "unknown" and kinds of posts without
// words, which are not languages.
func (w wire) language() string {
	if w.Lang == "und" || w.Lang == "zxx" || w.Lang == "art" || len(w.Lang) == 3 && w.Lang[0] == 'q' {
		return ""
	}
	return w.Lang
}

func (w wire) title() string {
	var a struct {
		Title string `json:"title"`
	}
	if len(w.Article) == 0 || json.Unmarshal(w.Article, &a) != nil {
		return ""
	}
	return unescape(a.Title)
}

func (w wire) kind() onrecord.PostKind {
	switch {
	case w.reference("retweeted") != "":
		return onrecord.Repost
	case w.ReplyUserID != "" && w.ReplyUserID == w.AuthorID:
		return onrecord.Thread
	case w.ReplyUserID != "" || w.reference("replied_to") != "":
		return onrecord.Reply
	case w.reference("quoted") != "":
		return onrecord.Quote
	case w.title() != "":
		return onrecord.Article
	}
	return onrecord.Original
}

// post turns what X sent into a post of the account.
func (w wire) post(account string, author onrecord.Author) onrecord.Post {
	t := w.readText()
	p := onrecord.Post{
		Account:  account,
		ID:       formatID(w.first()),
		Revision: w.ID,
		URL:      permalink(author.Handle, w.ID),
		Author:   author,
		Kind:     w.kind(),
		Title:    w.title(),
		Text:     t.text,
		Lang:     w.language(),
		Created:  w.created(),
		Dated:    true,
		Thread:   w.ConversationID,
		Links:    t.links,
		Media:    t.media,
		Cut:      t.cut,
		Raw:      w.raw,
	}
	if id := w.reference("replied_to"); id != "" {
		p.ReplyTo = ref(id, w.username(w.ReplyUserID), "")
	}
	if id := w.reference("quoted"); id != "" {
		p.Quotes = ref(id, w.quotedHandle(id), "")
	}
	if id := w.reference("retweeted"); id != "" {
		by, words := splitRepost(t.text)
		p.Reposts = ref(id, by, words)
	}
	return p
}

// username finds a user among those the text mentions; a reply mentions whom
// it answers.
func (w wire) username(id string) string {
	for _, m := range w.mentions() {
		if m.ID == id && id != "" {
			return m.Username
		}
	}
	return ""
}

func (w wire) mentions() []mention {
	if n := w.note(); n != nil {
		return slices.Concat(n.Entities.Mentions, w.Entities.Mentions)
	}
	return w.Entities.Mentions
}

func ref(id, handle, text string) *onrecord.Ref {
	return &onrecord.Ref{ID: id, Account: handle, URL: permalink(handle, id), Text: text}
}

// permalink is a post's address. X goes by the id alone, so the link survives
// a new handle, and "i" stands for an unknown one.
func permalink(handle, id string) string {
	return "https://x.com/" + cmp.Or(handle, "i") + "/status/" + id
}
