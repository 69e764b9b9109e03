package main

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// The feeds of the second case, of which the one is away at times.
const (
	meridianFeed = "/meridian.xml"
	castorFeed   = "/castor.xml"
)

// trouble is what goes wrong at a source again and again, each time until the operator was told.
type trouble struct {
	kind       onrecord.IncidentKind
	meets      sources.Trouble // what an account is in then
	every      int             // kills
	begin, end func()
	fired      func() int
	lasts      bool
	told       int // how often the operator was told
}

// troubles are those of a campaign: a feed that is gone, in which something is said meanwhile, and an X that wants to be paid, where there is time for
// that: X is asked again when an hour is over.
func troubles(e *edge, long bool, meanwhile func()) []*trouble {
	e.site.Open(castorFeed)
	gone := &trouble{
		kind: onrecord.AccountUnread, meets: sources.Gone, every: 10,
		begin: func() { e.site.Break(castorFeed, feedtest.NotFound); meanwhile() },
		end:   func() { e.site.Mend(castorFeed) },
		fired: func() int { return e.site.Fired(castorFeed, feedtest.NotFound) },
	}
	if !long {
		return []*trouble{gone}
	}
	var refused *xtest.Failure
	return []*trouble{gone, {
		kind: onrecord.BudgetSpent, meets: sources.NoMoney, every: 20,
		begin: func() { refused = e.x.Fail(xtest.Timeline, xtest.CreditsDepleted.Times(1_000_000)) },
		end:   e.x.Mend,
		fired: func() int { return refused.Fired() },
	}}
}

// tend ends the troubles that the operator was told of, and begins those whose turn it is after so many kills; -1: none.
func (c *crowd) tend(t *testing.T, e *edge, kills int) {
	open, ok := e.incidents(t)
	for _, tr := range c.troubles {
		i := slices.IndexFunc(open, func(o bot.OpenIncident) bool { return o.Kind == tr.kind })
		switch {
		case !ok:
		case tr.lasts && i >= 0 && open[i].Told:
			tr.end()
			tr.lasts = false
			tr.told++
		case !tr.lasts && i < 0 && kills >= 0 && kills%tr.every == 0:
			tr.begin()
			tr.lasts = true
		}
	}
}

// lasting: a trouble is not over.
func (c *crowd) lasting(of ...onrecord.IncidentKind) bool {
	return slices.ContainsFunc(c.troubles, func(tr *trouble) bool { return tr.lasts && (len(of) == 0 || slices.Contains(of, tr.kind)) })
}

// met: what lasts fails for so long that it is one of those of which the operator is told.
func (c *crowd) met(s bot.Status) bool {
	return !slices.ContainsFunc(c.troubles, func(tr *trouble) bool {
		return tr.lasts && !slices.ContainsFunc(s.Accounts, func(a bot.AccountStatus) bool {
			return a.Trouble == string(tr.meets) && (a.Fails > 2 || tr.meets == sources.NoMoney)
		})
	})
}

// noted: what lasts is known to be wrong, or to be told by now.
func (c *crowd) noted(t *testing.T, e *edge) bool {
	open, ok := e.incidents(t)
	return ok && !slices.ContainsFunc(c.troubles, func(tr *trouble) bool {
		return tr.lasts && !slices.ContainsFunc(open, func(o bot.OpenIncident) bool { return o.Kind == tr.kind })
	})
}

// calm: no trouble is left, nor its incident.
func (c *crowd) calm(t *testing.T, e *edge) bool {
	open, ok := e.incidents(t)
	return ok && !c.lasting() && !slices.ContainsFunc(c.troubles, func(tr *trouble) bool {
		return slices.ContainsFunc(open, func(o bot.OpenIncident) bool { return o.Kind == tr.kind && o.Told })
	})
}

// told says how often the operator was told of each trouble.
func (c *crowd) told() string {
	var list []string
	for _, tr := range c.troubles {
		list = append(list, fmt.Sprintf("%d %s", tr.told, tr.kind))
	}
	return strings.Join(list, ", ")
}

// incidents are those that last.
func (e *edge) incidents(t *testing.T) (open []bot.OpenIncident, ok bool) {
	database, err := store.OpenReading(t.Context(), e.where)
	if err != nil {
		return nil, false
	}
	defer database.Close()
	open, err = database.OpenIncidents(t.Context())
	return open, err == nil
}

// ledger is what the store says of the messages that are no statement's.
type ledger struct {
	rows []entry
	over map[string]bool // of the incidents that the operator is told of
}

type entry struct {
	subject, channel string
	kind             onrecord.NoticeKind
	state            bot.DeliveryState
}

// ops is the lane of the operator, who is not told of what is wrong with it.
const ops = "readers/ops"

// ledger is read when no process is left.
func (e *edge) ledger(t *testing.T) ledger {
	l := ledger{over: map[string]bool{}}
	e.rows(t, "SELECT subject, channel, kind, state FROM deliveries ORDER BY id", func(row *sql.Rows) error {
		var one entry
		err := row.Scan(&one.subject, &one.channel, &one.kind, &one.state)
		l.rows = append(l.rows, one)
		return err
	})
	e.rows(t, "SELECT id, ended_at IS NOT NULL FROM incidents WHERE told_at > 0 AND subject <> '"+ops+"'", func(row *sql.Rows) error {
		var i onrecord.Incident
		var over bool
		err := row.Scan(&i.ID, &over)
		l.over[i.Number()] = over
		return err
	})
	return l
}

// of are the subjects of a kind of notice, each with what became of it in a channel.
func (l ledger) of(kind onrecord.NoticeKind, channel string) map[string]bot.DeliveryState {
	of := map[string]bot.DeliveryState{}
	for _, r := range l.rows {
		if r.kind == kind && r.channel == channel {
			of[r.subject] = r.state
		}
	}
	return of
}

// noticeNumber ends a message that tells of a digest, a gap or an incident.
var noticeNumber = regexp.MustCompile(`[DGI]-\d{4,}$`)

// compare is of the digests, gaps and incidents that a channel shows: each as often as the store says, and digests in order.
func (l ledger) compare(sum *tally, channel string, messages []discordtest.Message) {
	times, digests := map[string]int{}, []string{}
	for _, m := range messages {
		no := noticeNumber.FindString(m.Content)
		if no == "" {
			continue
		}
		times[no]++
		if digestNumber.MatchString(no) {
			digests = append(digests, no)
		}
	}
	if !slices.IsSorted(digests) {
		sum.log("out of order: %v", digests)
		sum.of.inversions++
	}
	want := map[bot.DeliveryState]int{bot.Sent: 1, bot.Uncertain: -1}
	for _, kind := range []onrecord.NoticeKind{onrecord.DigestDue, onrecord.CaughtUp, onrecord.IncidentBegan} {
		for no, state := range l.of(kind, channel) {
			sum.want(no, times[no], want[state])
			delete(times, no)
		}
	}
	sum.holds(len(times) == 0, "the store does not know %v", times)
}

// operator is whoever runs the program: each trouble is told once, and that it is over once, by a change of that message.
func (c *crowd) operator(sum *tally, e *edge, owed ledger) {
	sum.room = "operator"
	messages := e.discord.Messages(troubled)
	owed.compare(sum, ops, messages)
	told := owed.of(onrecord.IncidentBegan, ops)
	for no := range owed.over {
		sum.holds(told[no] != "", "%s is owed to nobody", no)
	}
	for _, m := range messages {
		no, over := noticeNumber.FindString(m.Content), strings.HasPrefix(m.Content, "**Over**")
		sum.holds(over == owed.over[no], "%s is over: %t; it is said to be: %t", no, owed.over[no], over)
	}
	for _, tr := range c.troubles {
		sum.holds(tr.told > 0 && tr.fired() > 0 && !tr.lasts, "%s was told %d times, and met %d times", tr.kind, tr.told, tr.fired())
	}
}

// doubts proves that the counting sees it when a message of each kind is there twice, or not, or when what is over is not said to be.
func (c *crowd) doubts(t *testing.T, e *edge, person *editor, said int) {
	c.quiet = true
	defer func() { c.quiet = false }()
	digest := func(m discordtest.Message) bool { return digestNumber.MatchString(m.Content) }
	for _, kind := range []struct {
		room string
		is   func(m discordtest.Message) bool
	}{
		{readers, digest},
		{newsroom, digest},
		{announced, func(m discordtest.Message) bool { return strings.HasPrefix(m.Content, ofGathered) }},
		{troubled, func(m discordtest.Message) bool { return strings.HasPrefix(m.Content, "**Over**") }},
	} {
		messages := e.discord.Messages(kind.room)
		i := slices.IndexFunc(messages, kind.is)
		if i < 0 {
			t.Errorf("%s shows no such message: %s", kind.room, texts(messages))
			continue
		}
		m, before := messages[i], c.count(t, e, person, said)
		copied := e.discord.Say(kind.room, m.Content)
		if n := c.count(t, e, person, said); n.twice != before.twice+1 {
			t.Errorf("%q is there twice, and counted: %+v, before: %+v", m.Content, n, before)
		}
		e.discord.DeleteMessage(kind.room, copied)
		e.discord.DeleteMessage(kind.room, m.ID)
		if n := c.count(t, e, person, said); n.lost <= before.lost {
			t.Errorf("%q is gone, and counted: %+v, before: %+v", m.Content, n, before)
		}
		e.discord.Say(kind.room, strings.Replace(m.Content, "**Over**", "**Failing**", 1))
		if n := c.count(t, e, person, said); kind.room == troubled && n.wrong != before.wrong+1 {
			t.Errorf("%q says that it lasts, and counted: %+v, before: %+v", m.Content, n, before)
		}
	}
}

// rows reads rows beside a program that may be running.
func (e *edge) rows(t *testing.T, query string, scan func(*sql.Rows) error) {
	t.Helper()
	db := e.open(t)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
