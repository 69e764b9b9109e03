package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// A forum takes no messages, but posts, which are threads: each case has one. Making a thread
// takes no nonce, so before one is made it is looked for: by who made it and its name, or by
// the mark of the case in its first message, since people give threads other names.
// https://discord.com/developers/docs/topics/threads

const (
	forumChannel = 15
	mediaChannel = 16

	// requireTag is the flag of a forum whose posts must have a tag.
	requireTag = 1 << 4
	mostTags   = 5
	// forumAge is how long is believed what a forum was like.
	forumAge = 10 * time.Minute
	// mostThreadPages bounds a look at what is archived, mostOpened at how many posts' first
	// messages are read.
	mostThreadPages, mostOpened = 20, 50
	weekLong                    = 10080 // minutes after which a thread that nobody writes in is archived
)

// Discord's own codes about threads.
const (
	codeUnknownChannel = 10003
	codeNotText        = 50008
	codeThreadLocked   = 160005
)

// forum is what is read of one.
type forum struct {
	channel
	Flags int   `json:"flags"`
	Tags  []tag `json:"available_tags"`
	read  time.Time
}

type tag struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Moderated bool   `json:"moderated"` // only who manages threads sets it
}

// thread is what is read of one.
type thread struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Parent string   `json:"parent_id"`
	Owner  string   `json:"owner_id"`
	Tags   []string `json:"applied_tags"`
	Meta   struct {
		ArchivedAt string `json:"archive_timestamp"`
	} `json:"thread_metadata"`
}

// sorting is what is known of channels that are no list of messages.
type sorting struct {
	turn   chan struct{}      // who looks for a thread, or makes one
	forums map[string]*forum  // by address; nil: it is none
	posts  map[string]*thread // by forum and case
}

func newSorting() sorting {
	return sorting{turn: make(chan struct{}, 1), forums: map[string]*forum{}, posts: map[string]*thread{}}
}

// placeOf is where a message stands: in its channel, or in a thread that its receipt names.
func placeOf(to notifiers.Target, posted notifiers.Receipt) (channel, id string) {
	if thread, id, ok := strings.Cut(posted.ID, "/"); ok && snowflake.MatchString(thread) {
		return thread, id
	}
	return to.Address, posted.ID
}

// receiptOf names a message of a channel, or of a thread in it.
func receiptOf(to notifiers.Target, channel, id string) notifiers.Receipt {
	if channel != to.Address {
		id = channel + "/" + id
	}
	return notifiers.Receipt{ID: id}
}

// asForum returns the forum at an address, or nil when it is none. Unless it is to be asked,
// what is not known to be one is taken for none.
func (n *notifier) asForum(ctx context.Context, address string, ask bool) (*forum, error) {
	n.mu.Lock()
	f, known := n.sorting.forums[address]
	n.mu.Unlock()
	if known && (f == nil || time.Since(f.read) < forumAge) || !known && !ask {
		return f, nil
	}
	f = &forum{read: time.Now()}
	if err := n.get(ctx, getChannel(address), f, sendPatience); err != nil {
		return nil, err
	}
	if !f.sorted() {
		f = nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sorting.forums[address] = f
	return f, nil
}

// postOf returns the post of a topic in a forum; nil, when there is none and it is not to be
// made.
func (n *notifier) postOf(ctx context.Context, f *forum, to notifiers.Target, make bool) (*thread, error) {
	done, err := n.sorting.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	topic := to.Topic
	if topic == nil {
		topic = &notifiers.Topic{}
	}
	post, err := n.only(to.Address+"\n"+topic.Case.ID, func() (*thread, error) {
		found, err := n.findPost(ctx, f, to.Address, topic.Case)
		switch {
		case err != nil:
			return nil, fmt.Errorf("look for the post of a case in Discord forum %s: %w", to.Address, err)
		case found == nil && make:
			return n.makePost(ctx, f, to.Address, *topic)
		}
		return found, nil
	})
	if post != nil && make {
		n.tag(ctx, f, post, *topic)
	}
	return post, err
}

// enter waits for its turn to look for a thread, or to make one.
func (s *sorting) enter(ctx context.Context) (done func(), err error) {
	select {
	case s.turn <- struct{}{}:
		return func() { <-s.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// only is the one thread of a key: the one that is known, or else what a search comes to,
// which is remembered. nil: there is none.
func (n *notifier) only(key string, search func() (*thread, error)) (*thread, error) {
	n.mu.Lock()
	known := n.sorting.posts[key]
	n.mu.Unlock()
	if known != nil {
		return known, nil
	}
	found, err := search()
	if err != nil || found == nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sorting.posts[key] = found
	return found, nil
}

// forget drops a thread that is not there any more.
func (n *notifier) forget(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for key, t := range n.sorting.posts {
		if t.ID == id {
			delete(n.sorting.posts, key)
		}
	}
}

// findPost looks for the post of a case.
func (n *notifier) findPost(ctx context.Context, f *forum, address string, k onrecord.Case) (*thread, error) {
	ours, err := n.ownThreads(ctx, f.Guild, address, func(before string) route { return archivedThreads(address, before) }, func(t thread) string { return t.Meta.ArchivedAt })
	if err != nil {
		return nil, err
	}
	name := message.PostName(k)
	for _, t := range ours {
		if t.Name == name {
			return &t, nil
		}
	}
	for _, t := range ours[:min(len(ours), mostOpened)] { // somebody may have renamed it
		var first entry
		err := n.get(ctx, getMessage(t.ID, t.ID), &first, findPatience)
		if err == nil && first.about(message.PostMark(k)) {
			return &t, nil
		}
	}
	return nil, nil
}

// ownThreads are the bot's own in a channel, archived ones last.
func (n *notifier) ownThreads(ctx context.Context, guild, parent string, archived func(before string) route, next func(thread) string) (ours []thread, err error) {
	self, err := n.whoAmI(ctx, findPatience)
	if err != nil {
		return nil, err
	}
	keep := func(list []thread) {
		for _, t := range list {
			if t.Parent == parent && t.Owner == self && snowflake.MatchString(t.ID) {
				ours = append(ours, t)
			}
		}
	}
	type page struct {
		Threads []thread `json:"threads"`
		More    bool     `json:"has_more"`
	}
	var active page
	if err := n.get(ctx, activeThreads(guild), &active, findPatience); err != nil {
		return nil, err
	}
	keep(active.Threads)
	before := ""
	for range mostThreadPages {
		var old page
		if err := n.get(ctx, archived(before), &old, findPatience); err != nil {
			return nil, err
		}
		keep(old.Threads)
		if !old.More || len(old.Threads) == 0 {
			return ours, nil
		}
		before = next(old.Threads[len(old.Threads)-1])
	}
	return nil, fmt.Errorf("%d pages of archived threads were not enough", mostThreadPages)
}

// makePost makes the post of a case.
func (n *notifier) makePost(ctx context.Context, f *forum, address string, topic notifiers.Topic) (*thread, error) {
	tags := f.tagged(nil, wordsOf(topic))
	if len(tags) == 0 && f.Flags&requireTag != 0 {
		if tags = f.tagged(nil, allWords(topic.Case)); len(tags) == 0 && topic.Case.ID == "" {
			tags = f.any() // it says nothing of any case
		}
		if len(tags) == 0 {
			return nil, malformed(notifiers.WholeChannel, makeThread(address), errNoTag)
		}
	}
	post, err := n.startThread(ctx, address, newPost{message.PostName(topic.Case), weekLong, tags, message.Opening(topic.Case)})
	if err != nil {
		return nil, err
	}
	post.Tags = tags
	return post, nil
}

// startThread makes a thread in a channel, as told.
func (n *notifier) startThread(ctx context.Context, address string, as any) (*thread, error) {
	r := makeThread(address)
	body, err := json.Marshal(as)
	if err != nil {
		return nil, malformed(notifiers.OneDelivery, r, err)
	}
	x, err := n.do(ctx, r, message.Payload{Type: jsonType, Bytes: body}, sendPatience)
	if err != nil {
		return nil, err
	}
	if id := x.id(); id != "" {
		return &thread{ID: id}, nil
	}
	return nil, refused(r, x)
}

var errNoTag = errors.New("the forum demands a tag, and has none that is named after a speaker or the case: add one, or lift the demand in its settings")

// newPost makes a post.
// https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel
type newPost struct {
	Name    string       `json:"name"`
	Archive int          `json:"auto_archive_duration"`
	Tags    []string     `json:"applied_tags"`
	Message message.Body `json:"message"`
}

// wordsOf are what a topic gives the tags of its post: who spoke, and what kind of notice it is.
func wordsOf(t notifiers.Topic) []string {
	words := []string{t.Speaker, string(t.Kind)}
	if p, ok := t.Case.Find(t.Speaker); ok && t.Speaker != "" {
		words = append(words, p.Aliases...)
	}
	return words
}

// allWords are what else a tag of a case may be called.
func allWords(k onrecord.Case) []string {
	words := append([]string{k.ID, k.Title}, k.Docket...)
	for _, p := range k.Everyone() {
		words = append(append(words, p.Name), p.Aliases...)
	}
	return words
}

// tagged returns the tags that a post has with those of the forum that are called by one of
// the words: Discord wants all of them each time, and takes five.
func (f forum) tagged(has, words []string) []string {
	tags := append([]string{}, has...)
	for _, w := range words {
		for _, t := range f.Tags {
			if len(tags) < mostTags && w != "" && !t.Moderated && !slices.Contains(tags, t.ID) && strings.EqualFold(strings.TrimSpace(t.Name), w) {
				tags = append(tags, t.ID)
			}
		}
	}
	return tags
}

// any is the first tag that the bot may set.
func (f forum) any() []string {
	for _, t := range f.Tags {
		if !t.Moderated {
			return []string{t.ID}
		}
	}
	return nil
}

// tag gives a post the tags of a topic that it never had. What a message is worth does not
// depend on it: what goes wrong is tried again with the next one.
func (n *notifier) tag(ctx context.Context, f *forum, post *thread, topic notifiers.Topic) {
	if len(f.tagged(post.Tags, wordsOf(topic))) == len(post.Tags) {
		return
	}
	var now thread // people set tags, too
	if n.get(ctx, getChannel(post.ID), &now, sendPatience) != nil {
		return
	}
	tags := f.tagged(now.Tags, wordsOf(topic))
	if len(tags) > len(now.Tags) {
		body, err := json.Marshal(map[string]any{"archived": false, "applied_tags": tags})
		if err != nil {
			return
		}
		if x, err := n.do(ctx, changeThread(post.ID), message.Payload{Type: jsonType, Bytes: body}, sendPatience); err != nil || !x.ok() {
			return
		}
	}
	for _, t := range tags { // and those that somebody took away stay away
		if !slices.Contains(post.Tags, t) {
			post.Tags = append(post.Tags, t)
		}
	}
}
