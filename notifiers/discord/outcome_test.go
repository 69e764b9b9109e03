package discord_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
)

const (
	retry     = notifiers.Retry
	unknown   = notifiers.Unknown
	permanent = notifiers.Permanent
	delivery  = notifiers.OneDelivery
	channel   = notifiers.WholeChannel
	place     = notifiers.WholePlace
)

// outcomes is what each answer of Discord's to a post must be taken for.
var outcomes = []struct {
	status, code int
	told         float64 // seconds to wait, as Discord says
	outcome      notifiers.Outcome
	scope        notifiers.Scope
	wait         time.Duration // 0: the caller's back-off
}{
	{401, 0, 0, permanent, place, 0},
	{400, 40001, 0, permanent, place, 0},
	{403, 50014, 0, permanent, place, 0},
	{403, 50001, 0, permanent, channel, 0},
	{403, 50013, 0, permanent, channel, 0},
	{403, 160002, 0, permanent, channel, 0},
	{403, 99999, 0, permanent, channel, 0},
	{404, 10003, 0, permanent, channel, 0},
	{404, 10004, 0, permanent, channel, 0},
	{404, 0, 0, permanent, channel, 0},
	{404, 99999, 0, permanent, channel, 0},
	{400, 50008, 0, permanent, channel, 0},
	{400, 50024, 0, permanent, channel, 0},
	{400, 40058, 0, permanent, channel, 0},
	{400, 160005, 0, permanent, channel, 0},
	{400, 40067, 0, permanent, channel, 0},
	{400, 40066, 0, permanent, channel, 0},
	{404, 10087, 0, permanent, channel, 0},
	{400, 200000, 0, permanent, delivery, 0},
	{400, 200001, 0, permanent, delivery, 0},
	{400, 240000, 0, permanent, delivery, 0},
	{400, 50035, 0, permanent, delivery, 0},
	{400, 50006, 0, permanent, delivery, 0},
	{400, 50109, 0, permanent, delivery, 0},
	{413, 40005, 0, permanent, delivery, 0},
	{400, 50068, 0, permanent, delivery, 0},
	{400, 0, 0, permanent, delivery, 0},
	{405, 0, 0, permanent, delivery, 0},
	{413, 0, 0, permanent, delivery, 0},
	{409, 0, 0, permanent, delivery, 0},
	{307, 0, 0, permanent, place, 0},
	{404, 10008, 0, notifiers.Settled, delivery, 0},
	{400, 50083, 0, retry, delivery, 0},
	{400, 20016, 0, retry, delivery, time.Minute},
	{429, 20028, 1163, retry, delivery, 1163 * time.Second},
	{429, 20029, 0, retry, delivery, time.Minute},
	{400, 40062, 0, retry, delivery, time.Minute},
	{400, 110001, 0, retry, delivery, time.Minute},
	{400, 20022, 0, retry, delivery, time.Hour},
	{400, 30046, 0, retry, delivery, time.Hour},
	{400, 40004, 0, retry, delivery, time.Hour},
	{400, 40004, 90, retry, delivery, 90 * time.Second},
	{403, 40333, 0, retry, place, 10 * time.Minute},
	{429, 0, 3, retry, delivery, 3 * time.Second},
	{429, 0, 0, retry, place, 10 * time.Minute},
	{429, 77777, 0, retry, place, 10 * time.Minute},
	{408, 0, 0, unknown, delivery, 0},
	{500, 0, 0, unknown, delivery, 0},
	{500, 130000, 0, unknown, delivery, 0},
	{502, 0, 0, unknown, delivery, 0},
	{503, 0, 0, unknown, delivery, 0},
	{504, 0, 0, unknown, delivery, 0},
	{520, 0, 0, unknown, delivery, 0},
	{524, 0, 0, unknown, delivery, 0},
}

func TestOutcomes(t *testing.T) {
	for _, o := range outcomes {
		t.Run(fmt.Sprintf("%d %d %v", o.status, o.code, o.told), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := world(t)
				fired := w.Break(discordtest.Rule{Fault: discordtest.Refuse, Method: "POST", Status: o.status, Code: o.code, RetryAfter: o.told})
				_, err := w.send(t, suit(nil))
				if fired() != 1 || w.Requests("POST", messages) != 1 {
					t.Fatalf("%d faults in %d requests, want one in one", fired(), w.Requests("POST", messages))
				}
				check(t, err, o.outcome, o.scope, o.wait)
			})
		})
	}
}

// What was refused for a reason that was cut off is tried again: it may be the whole channel's, or, as with a forum, none.
// It counts, so that whoever cuts every answer off does not hold up a channel for ever.
func TestARefusalThatIsCutOff(t *testing.T) {
	for name, refused := range map[string]func(w bench){
		"a forum takes posts":    func(w bench) { w.AddForum(forum, false) },
		"the channel is deleted": func(bench) {},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := world(t)
			refused(w)
			fired := w.Break(discordtest.Rule{Fault: discordtest.CutMidBody, Method: "POST", Route: messages, Nth: 1})
			n := suit(nil)
			send := func() error {
				_, err := w.notifier.Send(t.Context(), on(docketed, "", onrecord.NewStatement), render(t, w, n), forumKey(n.Statement.Number()))
				return err
			}
			err := send()
			check(t, err, retry, delivery, 0)
			if told, _ := errors.AsType[*notifiers.Error](err); told.Free || fired() != 1 {
				t.Errorf("%s: it counts for nothing; it happened %d times: %v", name, fired(), err)
			}
			if err := send(); (err == nil) != (name == "a forum takes posts") {
				t.Errorf("%s: tried again, %v", name, err)
			}
		})
	}
}

func check(t *testing.T, err error, outcome notifiers.Outcome, scope notifiers.Scope, wait time.Duration) {
	t.Helper()
	var told *notifiers.Error
	if !errors.As(err, &told) {
		t.Fatalf("error %v, want a *notifiers.Error", err)
	}
	if told.Scope == "" {
		told.Scope = notifiers.OneDelivery
	}
	if told.Outcome != outcome || told.Scope != scope {
		t.Errorf("%s of the %s, want %s of the %s: %v", told.Outcome, told.Scope, outcome, scope, err)
	}
	switch {
	case wait == 0 && !told.At.IsZero():
		t.Errorf("told to wait %s, want the caller's back-off", time.Until(told.At))
	case wait > 0 && time.Until(told.At) != wait:
		t.Errorf("told to wait %s, want %s", time.Until(told.At), wait)
	}
}

func TestRateLimitOutcomes(t *testing.T) {
	for _, c := range []struct {
		rule  discordtest.Rule
		scope notifiers.Scope
		wait  time.Duration
	}{
		{discordtest.Rule{Fault: discordtest.LimitedUser, RetryAfter: 4.25}, delivery, 5 * time.Second},
		{discordtest.Rule{Fault: discordtest.LimitedShared, RetryAfter: 30}, delivery, 30 * time.Second},
		{discordtest.Rule{Fault: discordtest.LimitedApart, RetryAfter: 1163.097}, delivery, 1163097 * time.Millisecond},
		{discordtest.Rule{Fault: discordtest.LimitedGlobal, RetryAfter: 65}, place, 65 * time.Second},
		{discordtest.Rule{Fault: discordtest.Wall}, place, 10 * time.Minute},
		{discordtest.Rule{Fault: discordtest.Wall, RetryAfter: 3600}, place, time.Hour},
		{discordtest.Rule{Fault: discordtest.Wall, Status: http.StatusForbidden}, place, 10 * time.Minute},
	} {
		t.Run(string(c.rule.Fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := world(t)
				c.rule.Method, c.rule.Nth = "POST", 1
				fired := w.Break(c.rule)
				_, err := w.send(t, suit(nil))
				check(t, err, retry, c.scope, c.wait)
				if fired() != 1 {
					t.Fatal("the fault never fired")
				}
				// The wait is kept without asking, also for other requests
				// when all of them are told to wait.
				_, err = w.send(t, suit(nil))
				check(t, err, retry, c.scope, c.wait)
				if c.scope == place {
					check(t, w.notifier.(notifiers.Prober).Probe(t.Context(), target), retry, place, c.wait)
				}
				if n := w.Requests("POST", messages) + w.Requests("GET", "/users/@me"); n != 1 {
					t.Errorf("%d requests while told to wait, want none after the first", n)
				}
				time.Sleep(c.wait)
				if _, err := w.send(t, suit(nil)); err != nil {
					t.Errorf("after the wait: %v", err)
				}
			})
		})
	}
}
