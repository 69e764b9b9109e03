package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// codeUnknownUser says that an account is not there any more.
const codeUnknownUser = 10013

// readersThread returns the private thread of one reader of a channel, in which they are; nil,
// when there is none and it is not to be made. Its name ends in the reader's id, so that it
// is found again.
func (n *notifier) readersThread(ctx context.Context, to notifiers.Target, make bool) (*thread, error) {
	if err := checkChannel(to); err != nil {
		return nil, malformed(notifiers.WholeChannel, makeThread(to.Address), err)
	}
	if !snowflake.MatchString(to.Reader) {
		return nil, malformed(notifiers.OneReader, makeThread(to.Address), errors.New("no reader of Discord's is called so"))
	}
	done, err := n.sorting.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	room, err := n.only(to.Address+"\n@"+to.Reader, func() (*thread, error) {
		found, err := n.findReadersThread(ctx, to)
		switch {
		case err != nil:
			return nil, fmt.Errorf("look for the private thread of a reader in Discord channel %s: %w", to.Address, err)
		case found == nil && make:
			return n.startThread(ctx, to.Address, newThread{"What you asked to hear of" + readerMark(to.Reader), weekLong, privateThread, false})
		}
		return found, nil
	})
	if room != nil && make {
		err = n.bringIn(ctx, room.ID, to.Reader)
	}
	return room, err
}

func (n *notifier) findReadersThread(ctx context.Context, to notifiers.Target) (*thread, error) {
	guild, err := n.guild(ctx, to.Address)
	if err != nil {
		return nil, err
	}
	ours, err := n.ownThreads(ctx, guild, to.Address, func(before string) route { return archivedPrivateThreads(to.Address, before) }, func(t thread) string { return t.ID })
	if i := slices.IndexFunc(ours, func(t thread) bool { return strings.HasSuffix(t.Name, readerMark(to.Reader)) }); err == nil && i >= 0 {
		return &ours[i], nil
	}
	return nil, err
}

func readerMark(reader string) string { return " · " + reader }

// newThread makes a thread that only those see who are in it.
// https://discord.com/developers/docs/resources/channel#start-thread-without-message
type newThread struct {
	Name      string `json:"name"`
	Archive   int    `json:"auto_archive_duration"`
	Type      int    `json:"type"`
	Invitable bool   `json:"invitable"`
}

// bringIn brings a reader into their thread, which opens it. One who left the server, or
// whose account is gone, is told nothing any more.
func (n *notifier) bringIn(ctx context.Context, thread, reader string) error {
	r := addReader(thread, reader)
	for try := range 2 {
		x, err := n.do(ctx, r, message.Payload{}, sendPatience)
		switch {
		case err != nil:
			return err
		case x.ok():
			return nil
		case x.code == codeArchived && try == 0:
			n.unarchive(ctx, thread)
			continue
		}
		failed := refused(r, x)
		if x.code == codeUnknownChannel { // somebody deleted it: the next attempt makes another
			n.forget(thread)
			failed.Outcome, failed.Scope = notifiers.Retry, notifiers.OneDelivery
		}
		if slices.Contains([]int{codeUnknownMember, codeUnknownUser, codeNoAccess}, x.code) {
			failed.Outcome, failed.Scope = notifiers.Permanent, notifiers.OneReader
		}
		return failed
	}
	return nil
}

// codeNoAccess says that somebody does not see a channel any more.
const codeNoAccess = 50001
