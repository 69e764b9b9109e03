package mutants

const counter = "bot/desk"

// following is what must never go unnoticed in how people follow a case and ask: looks at posts on the
// record, calls, personal notices, subscriptions, threads and interactions.
var following = []mutant{
	// Recheck.
	{
		name: "one miss proves it", in: "bot: confirm",
		find: `now.Before(proven)`,
		put:  `now.Before(f.Next.Since)`,
		pkg:  bot, tests: "TestWeigh",
		why: "readers are told that a post is gone when its place had an outage",
	},
	{
		name: "a failure counts as a look", in: "bot: rechecker.recheck",
		find: `l.Sight != "" || lookErr == nil`,
		put:  `l.Sight != "" || c.Account != ""`,
		pkg:  bot, tests: "TestAPlaceInTroubleSaysNothing",
		why: "a place that refuses for hours uses up the looks",
	},
	{
		name: "broken look ends the process", in: "bot: rechecker.look",
		find: `broken := recover(); broken != nil`,
		put:  `broken := any(nil); broken != nil`,
		pkg:  bot, tests: "TestALookThatBreaksItsDecoder",
		why: "an answer from outside is a death at every look",
	},
	{
		name: "look of a lost claim", in: "internal/store: Store.storeLooks",
		find: `WHERE post = $9 AND epoch = $10`,
		put:  `WHERE post = $9 AND epoch >= $10`,
		pkg:  store, tests: "TestALostLookStoresNothing",
		why: "two replicas tell readers twice what became of a post",
	},
	{
		name: "words stay in a statement that is gone", in: "bot: Weighed.follow",
		find: `f.Redact, f.Due = true, time.Time{}`,
		put:  `f.Redact, f.Due = false, time.Time{}`,
		pkg:  bot, tests: "TestWordsAreTakenOut",
		why: "the platform's rules are broken",
	},

	{
		name: "a summary is an edit", in: "bot: edited",
		find: `w.Told.Cut == seen.Cut && `,
		put:  ``,
		pkg:  bot, tests: "TestLessOfAPostIsNoEdit",
		why: "readers are told that an author took out what a wall hides",
	},
	{
		name: "a look forgets what a pull saw", in: "internal/store: Store.overtaken",
		find: `if changed {`,
		put:  `if changed && f.Short {`,
		pkg:  store, tests: "TestAPullThatALookOvertakes",
		why: "an edit is told hours or days later, when the next look is due",
	},
	{
		name: "parts behind a replaced thread are left alone", in: "internal/store: Store.replace",
		find: `range f.Rest()`,
		put:  `range f.Rest()[:0]`,
		pkg:  bot, tests: "TestReplacedByAThread",
		why: "words stay that a place took out",
	},

	// Calls.
	{
		name: "call of a lost claim", in: "internal/store: Store.KeepPing",
		find: `WHERE id = $4 AND epoch = $5`,
		put:  `WHERE id = $4 AND epoch >= $5`,
		pkg:  store, tests: "TestPingsAreKept",
		why: "two replicas call for one message",
	},
	{
		name: "call not kept before it is sent", in: "bot: deliverer.ping",
		find: `d.clock.Now()); len(p.Roles) > 0`,
		put:  `d.clock.Now()); len(p.Roles) < 0`,
		pkg:  bot, tests: "TestPings",
		why: "a cooldown does not outlive an end of the program, or anything",
	},
	{
		name: "called at night by what was seen in the evening", in: "bot: whom",
		find: `p.Quiet.Contain(now)`,
		put:  `p.Quiet.Contain(s.Seen)`,
		pkg:  bot, tests: "TestWhomAMessageCalls",
		why: "a message that was held up by an outage wakes people",
	},
	{
		name: "late news calls", in: "bot: whom",
		find: `tooLate(s, now)`,
		put:  `tooLate(s, s.Seen)`,
		pkg:  bot, tests: "TestWhomAMessageCalls",
		why: "somebody's phone is no place to catch up",
	},

	// Personal notices.
	{
		name: "ended and still told", in: "internal/store: Store.DropInterests",
		find: `channel+bot.ReaderLane+reader`,
		put:  `channel+reader`,
		pkg:  store, tests: "TestReadersAreOwedWhatTheyAskedFor",
		why: "who wants no more is called about what was owed before",
	},
	{
		name: "reader who left is owed more", in: "internal/store: Store.oweReaders",
		find: `WHERE off_why = '' AND`,
		put:  `WHERE off_why = off_why AND`,
		pkg:  store, tests: "TestReadersAreOwedWhatTheyAskedFor",
		why: "Discord is asked in vain for ever",
	},
	{
		name: "another's wish saved", in: "bot/desk: desk.add",
		find: `a.Interest != where || a.Reader != r.By.ID`,
		put:  `a.Interest != where`,
		pkg:  discord, tests: "TestNotifyAdd",
		why: "somebody else is told, and called, about what one person typed",
	},

	// Subscriptions.
	{
		name: "taken back and still sent", in: "internal/store: Store.Unsubscribe",
		find: `holdLanes(ctx, tx, id, never)`,
		put:  `holdLanes(ctx, tx, id, 0)`,
		pkg:  store, tests: "TestSubscriptions",
		why: "a channel goes on being told that wants no more",
	},
	{
		name: "unmuted what was taken back", in: "internal/store: Store.Hold",
		find: `AND held_until < $3`,
		put:  `AND $3 > 0`,
		pkg:  store, tests: "TestSubscriptions",
		why: "/mute off brings an ended subscription back",
	},
	{
		name: "other replicas are not told", in: "internal/store: Store.SubscriptionMark",
		find: `SELECT coalesce(max(n), 0) FROM changes`,
		put:  `SELECT 0 * coalesce(max(n), 0) FROM changes`,
		pkg:  store, tests: "TestSubscriptions",
		why: "what another replica records is not owed to the channel",
	},
	{
		name: "a channel that is not theirs", in: "bot/desk: desk.wishes",
		find: `w.Address != r.Channel && !slices.Contains(r.Managed, w.Address)`,
		put:  `w.Address == ""`,
		pkg:  counter, tests: "TestSubscribe",
		why: "whoever manages one channel fills all others",
	},
	{
		name: "another's button saves", in: "bot/desk: desk.wished",
		find: `w.By != r.By.ID`,
		put:  `w.By == ""`,
		pkg:  counter, tests: "TestSubscribe",
		why: "one without the right confirms what one with it asked",
	},
	{
		name: "saved without a trial", in: "bot/desk: desk.subscribe",
		find: `	special, err := d.Following.Rehearse(ctx, s, r.Roles)
	if err != nil {`,
		put: `	special, err := d.Following.Rehearse(ctx, s, r.Roles)
	if err != nil && r.Press == "" {`,
		pkg: counter, tests: "TestSubscribe",
		why: "a channel is subscribed that nothing can be posted in",
	},

	// Threads and interactions.
	{
		name: "another post at each start", in: "notifiers/discord: notifier.postOf",
		find: `case found == nil && make:`,
		put:  `case make:`,
		pkg:  discord, tests: "TestOnePostForACase",
		why: "a case is told in as many posts of a forum as the program was started",
	},
	{
		name: "a refusal that is cut off", in: "notifiers/discord: judge",
		find: `case x.bodyErr != nil:`,
		put:  `case x.bodyErr != nil && x.ok():`,
		pkg:  discord, tests: "TestARefusalThatIsCutOff",
		why: "a statement is given up in a forum, which refuses messages and takes posts",
	},
	{
		name: "work before the acknowledgement", in: "notifiers/discord: desk.answer",
		find: `if !d.call(ctx, i, first) {`,
		put:  `if a, err := d.run(ctx, c, r); err == nil && a.Head == "" || !d.call(ctx, i, first) {`,
		pkg:  discord, tests: "TestCommandsAreAcknowledgedAtOnce",
		why: "a busy database makes every command fail",
	},
	{
		name: "everybody sees the answer", in: "notifiers/discord: desk.answer",
		find: `&callbackData{Flags: ephemeral}`,
		put:  `&callbackData{}`,
		pkg:  discord, tests: "TestCommandsAreAcknowledgedAtOnce|TestCommandsAreHeard",
		why: "what one person asks fills the channel",
	},
	{
		name: "who deletes messages manages", in: "notifiers/discord: managing",
		find: `1<<4 | 1<<5`,
		put:  `1<<4 | 1<<5 | 1<<13`,
		pkg:  discord, tests: "TestWhoManages",
		why: "people without the right subscribe, correct and withdraw",
	},
	{
		name: "connects again when it is forbidden", in: "notifiers/discord: commander.stay",
		find: `slices.Contains(fatalCloses, code.Code)`,
		put:  `slices.Contains(fatalCloses, -code.Code)`,
		pkg:  discord, tests: "TestGatewayForbidsToConnectAgain",
		why: "Discord resets the token of a bot that does not stop",
	},
	{
		name: "broken command ends the process", in: "notifiers/discord: desk.run",
		find: `p := recover(); p != nil`,
		put:  `p := any(nil); p != nil`,
		pkg:  discord, tests: "TestCallsGoWrong",
		why: "what somebody types is the end of the program",
	},

	// What goes on below a message.
	{
		name: "it goes on without a proof", in: "internal/store: Store.FinishAttempt",
		find: `d.Message.More && o.State == bot.Sent && o.Receipt.ID != ""`,
		put:  `d.Message.More && o.State == bot.Sent`,
		pkg:  store, tests: "TestAStatementGoesOnBelow",
		why: "what was given up goes on below a message that nobody knows",
	},
	{
		name: "below is never looked for", in: "internal/store: Store.goOn",
		find: `if d.Maybe {`,
		put:  `if d.Maybe && d.FirstAt.IsZero() {`,
		pkg:  store, tests: "TestWhatIsBelowMayBeOutToo",
		why: "after a restore a thread is told a second time",
	},
	{
		name: "the withdrawn goes on", in: "internal/store: Store.goOn",
		find: `err != nil || withdrawn {`,
		put:  `err != nil || withdrawn && kind == "" {`,
		pkg:  store, tests: "TestWhatIsWithdrawnDoesNotGoOn",
		why: "words that a person took back are still being posted",
	},
	{
		name: "words stay below", in: "internal/store: Store.emptyWhole",
		find: `SET state = 'pending', owner = 0, epoch = epoch + 1, next_at = $1`,
		put:  `SET next_at = $1`,
		pkg:  store, tests: "TestWordsLeaveWhatIsBelow",
		why: "of a thread only the first post that is deleted is taken out",
	},
	{
		name: "a thread that was deleted is made again", in: "notifiers/discord: notifier.Below",
		find: `case x.code == codeThreadThere, x.code == codeUnknownMessage:`,
		put:  `case x.code == codeUnknownMessage:`,
		pkg:  discord, tests: "TestBelowWhatPeopleChanged",
		why: "a moderator's deletion is a delivery that a person must look after",
	},
	{
		name: "a part takes another for itself", in: "notifiers/discord: entry.mark",
		find: `strings.HasPrefix(fact, number+",")`,
		put:  `strings.HasPrefix(fact, number+";")`,
		pkg:  discord, tests: "TestBelow",
		why: "the second part is taken for delivered since the first is there",
	},
}
