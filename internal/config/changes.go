package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"onrecord"
)

// Changes says in words how one configuration differs from the next, and what follows
// from it. Nothing in it is a secret.
func Changes(before, after *Config) []string {
	var c changes
	c.cases(before, after)
	c.accounts(before, after)
	c.channels(before, after)
	if !slices.Equal(before.Secrets, after.Secrets) {
		c.say("a token, a password or another secret is another one now")
	}
	for _, section := range []struct {
		name          string
		before, after any
	}{{"sources", before.Sources, after.Sources}, {"notifiers", before.Notifiers, after.Notifiers}, {"summary", before.Summary, after.Summary}, {"contact", before.Contact, after.Contact}} {
		if !reflect.DeepEqual(section.before, section.after) {
			c.say("%s changed", section.name)
		}
	}
	if before.Database != after.Database {
		c.say("database changed: that needs a restart, and until then everything stays where it is")
	}
	if before.Web != after.Web {
		c.say("web changed: that needs a restart")
	}
	return c
}

type changes []string

func (c *changes) say(format string, args ...any) { *c = append(*c, fmt.Sprintf(format, args...)) }

func (c *changes) cases(before, after *Config) {
	id := func(k onrecord.Case) string { return k.ID }
	gone := paired(before.Cases, after.Cases, id, func(was onrecord.Case, known bool, k onrecord.Case) {
		if !known {
			c.say("case %s is new", k.ID)
			for _, o := range before.Cases {
				if o.Title == k.Title && !slices.ContainsFunc(after.Cases, func(a onrecord.Case) bool { return a.ID == o.ID }) {
					c.say("case %s seems to be %s under another id: what is on the record stays under the old one, and new posts are not compared with it", k.ID, o.ID)
				}
			}
			return
		}
		c.words(k.ID, "keywords", was.Keywords, k.Keywords)
		c.words(k.ID, "exclude", was.Exclude, k.Exclude)
		c.people(was, k)
	})
	for _, k := range gone {
		c.say("case %s is no longer watched", k.ID)
	}
}

// paired calls tell for each of what there is now with what was there under its id,
// and returns what is gone.
func paired[T any](before, after []T, id func(T) string, tell func(was T, known bool, now T)) (gone []T) {
	old := map[string]T{}
	for _, b := range before {
		old[id(b)] = b
	}
	for _, a := range after {
		was, known := old[id(a)]
		delete(old, id(a))
		tell(was, known, a)
	}
	return slices.DeleteFunc(slices.Clone(before), func(b T) bool { _, left := old[id(b)]; return !left })
}

func (c *changes) words(id, what string, before, after []string) {
	plus, minus := without(after, before), without(before, after)
	if len(plus)+len(minus) == 0 {
		return
	}
	for i := range plus {
		plus[i] = fmt.Sprintf("+%q", plus[i])
	}
	for i := range minus {
		minus[i] = fmt.Sprintf("-%q", minus[i])
	}
	c.say("%s of %s: %s; new posts are judged with them, and `onrecord preview --stored` shows what they would have changed", what, id, strings.Join(append(plus, minus...), " "))
}

func without(all, but []string) (left []string) {
	for _, w := range all {
		if !slices.Contains(but, w) {
			left = append(left, w)
		}
	}
	return left
}

func (c *changes) people(before, after onrecord.Case) {
	for _, p := range before.Everyone() {
		now, ok := after.Find(p.Name)
		switch {
		case !ok:
			c.say("%s is nobody in the case %s any more: what is on record by that name is nobody's repetition; under a new name keep the old one as an alias", p.Name, after.ID)
		case now.Name != p.Name:
			c.say("%s is called %s now in the case %s", p.Name, now.Name, after.ID)
		default:
			c.words(after.ID, "aliases of "+p.Name, p.Aliases, now.Aliases)
		}
	}
	for _, p := range after.Everyone() {
		if _, ok := before.Find(p.Name); !ok && !slices.ContainsFunc(p.Aliases, func(a string) bool { _, is := before.Find(a); return is }) {
			c.say("%s is new in the case %s", p.Name, after.ID)
		}
	}
}

func (c *changes) accounts(before, after *Config) {
	id := func(a onrecord.Account) string { return a.ID }
	gone := paired(before.Accounts, after.Accounts, id, func(was onrecord.Account, known bool, a onrecord.Account) {
		switch {
		case !known:
			c.say("account %s is new", a.ID)
		case was.Speaker != a.Speaker || was.Kind != a.Kind:
			c.say("account %s is %s now, and was %s", a.ID, whose(a), whose(was))
		case was.Schedule != a.Schedule:
			c.say("account %s is read %s now", a.ID, a.Schedule)
		case !slices.Equal(was.Cases, a.Cases):
			c.say("account %s is read for %s now", a.ID, strings.Join(a.Cases, ", "))
		}
	})
	for _, a := range gone {
		c.say("account %s is no longer watched", a.ID)
	}
}

func whose(a onrecord.Account) string {
	if a.Speaker == "" {
		return "one that quotes others"
	}
	return a.Speaker + "'s"
}

func (c *changes) channels(before, after *Config) {
	id := func(ch Channel) string { return ch.ID }
	gone := paired(before.Channels, after.Channels, id, func(was Channel, known bool, ch Channel) {
		switch {
		case !known:
			c.say("channel %s is new: it starts with the next statement", ch.ID)
		case !reflect.DeepEqual(was, ch):
			c.say("channel %s changed", ch.ID)
		}
	})
	for _, ch := range gone {
		c.say("channel %s is gone: what it is owed waits in the outbox", ch.ID)
	}
}
