package mutants

import "slices"

// mutant is one bug.
type mutant struct {
	name       string
	in         string // the folder: the function, method (Type.Name), constant or variable in it
	find, put  string // what stands there, once, and what is put in its place
	pkg, tests string // the tests that must notice, joined by |
	why        string
}

const (
	store   = "internal/store"
	bot     = "bot"
	discord = "notifiers/discord"
)

// list is all of them.
var list = slices.Concat(engine, judgement, following)

// engine is what must never go unnoticed in the loops and the database, in the
// order of a post's way.
var engine = []mutant{
	// Pull and store.
	{
		name: "cursor before the posts", in: "internal/store: Store.StorePage",
		find: `		for _, p := range posts {`,
		put:  "		_, _ = tx.ExecContext(ctx, `COMMIT`)\n		_, _ = tx.ExecContext(ctx, `BEGIN`)\n		for _, p := range posts {",
		pkg:  store, tests: "TestAPageIsStoredWhole",
		why: "a death between the two loses the posts for good",
	},
	{
		name: "cursor without a post", in: "internal/store: Store.StorePage",
		find: `				return 0, fmt.Errorf("store %s: %w", p.Key(), err)`,
		put:  `				continue`,
		pkg:  store, tests: "TestAPageIsStoredWhole",
		why: "the cursor moves past a post that was not stored",
	},
	{
		name: "known post unread again", in: "internal/store: Store.storePost",
		find: `ON CONFLICT (account, id) DO NOTHING`,
		put:  `ON CONFLICT (account, id) DO UPDATE SET state = excluded.state`,
		pkg:  store, tests: "TestPageAndCursorTogether|TestRevisionsAreKept",
		why: "a page that is pulled twice would be put on the record twice",
	},
	{
		name: "cursor not compared", in: "internal/store: Store.StorePage",
		find: `AND epoch = $4 AND cursor = $5`,
		put:  `AND epoch = $4 AND CAST($5 AS TEXT) IS NOT NULL`,
		pkg:  store, tests: "TestPageAndCursorTogether",
		why: "a page stored late moves the cursor back, or past what was never read",
	},
	{
		name: "page of a lost claim", in: "internal/store: Store.StorePage",
		find: `AND epoch = $4 AND cursor = $5`,
		put:  `AND epoch >= $4 AND cursor = $5`,
		pkg:  store, tests: "TestALostClaimStoresNothing",
		why: "two pulls of one account move one cursor",
	},
	{
		name: "end of a lost claim", in: "internal/store: Store.FinishPull",
		find: `WHERE id = $5 AND epoch = $6`,
		put:  `WHERE id = $5 AND epoch >= $6`,
		pkg:  store, tests: "TestALostClaimStoresNothing",
		why: "a pull that was given up frees the claim of its successor",
	},

	// Review and record.
	{
		name: "post read twice", in: "internal/store: Store.recordReading",
		find: "AND id = $2 AND revision = $3 AND state = `+postUnread+` RETURNING seq",
		put:  `AND id = $2 AND revision = $3 RETURNING seq`,
		pkg:  store, tests: "TestAPostIsReadOnce",
		why: "two replicas that judged one post record two statements",
	},
	{
		name: "judged again without end", in: "internal/store: reread",
		find: `FROM posts WHERE account = $2 AND id = $3 ON CONFLICT DO NOTHING`,
		put:  `FROM posts WHERE account = $2 AND id = $3 ON CONFLICT (post, case_id) DO UPDATE SET read_at = 0`,
		pkg:  store, tests: "TestEarlierPartsAreJudgedAgain",
		why: "each part of a thread makes every doubtful one unread anew",
	},
	{
		name: "a person overruled by a thread", in: "internal/store: Store.recordFinding",
		find: `err != nil || ruled {`,
		put:  `err != nil || ruled && err != nil {`,
		pkg:  store, tests: "TestABorderlineStatementMoves",
		why: "what a person rejected while it was judged again is on the record",
	},
	{
		name: "moved statement still held", in: "internal/store: leave",
		find: `SET moved_to = $1, released = TRUE`,
		put:  `SET moved_to = $1`,
		pkg:  store, tests: "TestAHeldStatementMoves",
		why: "it is released although its posts stand elsewhere",
	},
	{
		name: "context bought again", in: "internal/store: Store.asked",
		find: `return w, err == nil, err`,
		put:  `return w, text.Valid, err`,
		pkg:  store, tests: "TestWhatPostsReferToIsKept",
		why: "what nobody can read is asked for, and waited for, with every post that answers it",
	},
	{
		name: "statement before its deliveries", in: "internal/store: Store.owe",
		find: `	if err := s.enqueue(ctx, tx, about, channels); err != nil {`,
		put:  "	_, _ = tx.ExecContext(ctx, `COMMIT`)\n	_, _ = tx.ExecContext(ctx, `BEGIN`)\n	if err := s.enqueue(ctx, tx, about, channels); err != nil {",
		pkg:  store, tests: "TestAReadingIsStoredWhole",
		why: "a death between the two leaves a statement that nobody is told of",
	},
	{
		name: "part joins a delivered statement", in: "internal/store: Store.apply",
		find: `e.Statement, " AND NOT released")`,
		put:  `e.Statement, "")`,
		pkg:  store, tests: "TestAPartThatComesTooLate",
		why: "what readers have seen does not hold the part, and nothing tells them",
	},
	{
		name: "released statement still held", in: "internal/store: Store.release",
		find: `SET released = TRUE, release_at = $1`,
		put:  `SET released = FALSE, release_at = $1`,
		pkg:  store, tests: "TestAPartThatComesTooLate",
		why: "it is released again and again",
	},
	{
		name: "numbers drawn side by side", in: "internal/store: postgres",
		find: `fmt.Sprintf("SELECT pg_advisory_xact_lock(%d, %d)", locks, lockNumbers)`,
		put:  `""`,
		pkg:  store, tests: "TestNumbersAreStoredInTheOrderTheyAreDrawn",
		why: "a delivery that is stored late stands before one that was sent already",
	},
	{
		name: "key without the channel", in: ".: DeliveryKey.String",
		find: `{k.Instance, k.Channel, k.Subject,`,
		put:  `{k.Instance, "", k.Subject,`,
		pkg:  store, tests: "TestStatementAndDeliveriesTogether",
		why: "Discord answers the second channel with the first one's message",
	},
	{
		name: "key without the installation", in: ".: DeliveryKey.String",
		find: `{k.Instance, k.Channel, k.Subject,`,
		put:  `{"", k.Channel, k.Subject,`,
		pkg:  store, tests: "TestInstallationsDoNotShareKeys",
		why: "two installations of one bot take each other's messages for their own",
	},

	// Claim.
	{
		name: "message made anew", in: "internal/store: frozen",
		find: `CASE WHEN length(message) > 0 THEN message`,
		put:  `CASE WHEN length(message) < 0 THEN message`,
		pkg:  store, tests: "TestAMessageIsFinalOnceItIsClaimed",
		why: "with one nonce and two texts Discord keeps the first in silence",
	},
	{
		name: "broken notice ends the process", in: "bot: deliverer.render",
		find: `broken := recover(); broken != nil`,
		put:  `broken := any(nil); broken != nil`,
		pkg:  bot, tests: "TestABrokenNoticeCostsItsOwnDeliveries",
		why: "one hostile text is a death at every start",
	},
	{
		name: "no sending mark", in: "internal/store: Store.ClaimDeliveries",
		find: `state = 'sending', attempt = attempt + 1`,
		put:  `attempt = attempt + 1`,
		pkg:  store, tests: "TestDeathWhileSending",
		why: "after a death nobody knows that the message may be out",
	},
	{
		name: "claimed again without a doubt", in: "internal/store: Store.ClaimDeliveries",
		find: `maybe = (maybe OR state = 'sending')`,
		put:  `maybe = maybe`,
		pkg:  store, tests: "TestALostDeliveryIsInDoubt",
		why: "a message that is out there is sent again without a look",
	},
	{
		name: "recovered without a doubt", in: "internal/store: interrupted",
		find: `SET state = 'pending', maybe = TRUE,`,
		put:  `SET state = 'pending',`,
		pkg:  store, tests: "TestDeathWhileSending|TestADeadReplicasWorkIsTakenOver",
		why: "a message that the dead had sent is sent again without a look",
	},
	{
		name: "the living are robbed", in: "internal/store: ofTheDead",
		find: `AND CAST(l.objid AS BIGINT) = owner)`,
		put:  `AND CAST(l.objid AS BIGINT) = 0)`,
		pkg:  store, tests: "TestTheLivingKeepTheirClaims",
		why: "each start of a replica repeats what the others are sending",
	},
	{
		name: "bound moved by each claim", in: "internal/store: Store.ClaimDeliveries",
		find: `first_at = coalesce(first_at, $1)`,
		put:  `first_at = $1`,
		pkg:  store, tests: "TestDeathWhileSending",
		why: "the look into the history begins behind the message, and the nonce is trusted when it is forgotten",
	},
	{
		name: "bound newer than the message", in: "internal/store: addReceipts",
		find: `AND message_id <> '' AND sent_at <= $3`,
		put:  `AND message_id <> '' AND CAST($3 AS BIGINT) > 0`,
		pkg:  store, tests: "TestAnchorIsNotSentLater",
		why: "the look into the history stops before it gets to the message",
	},
	{
		name: "next one while the head is sent", in: "internal/store: oldestOwed",
		find: `state IN ('pending', 'sending') ORDER BY turn, id LIMIT 1`,
		put:  `state = 'pending' ORDER BY turn, id LIMIT 1`,
		pkg:  store, tests: "TestOnlyTheHeadIsClaimed",
		why: "statements overtake each other",
	},
	{
		name: "next one while the head waits", in: "internal/store: oldestOwed",
		find: `state IN ('pending', 'sending') ORDER BY turn, id LIMIT 1`,
		put:  `state IN ('pending', 'sending') ORDER BY next_at LIMIT 1`,
		pkg:  bot, tests: "TestOrderSurvivesFailures",
		why: "a refused statement is overtaken by those behind it",
	},
	{
		name: "settled head claimed", in: "internal/store: owedByID",
		find: `d.state NOT IN ('sent', 'dead', 'uncertain') AND`,
		put:  `d.state = d.state AND`,
		pkg:  store, tests: "TestAHeadThatIsSettledMeanwhile",
		why: "a claim that began before another replica's outcome sends once more",
	},
	{
		name: "heads not locked", in: "internal/store: postgres",
		find: `" FOR UPDATE OF d SKIP LOCKED"`,
		put:  `""`,
		pkg:  store, tests: "TestAHeadThatIsSettledMeanwhile",
		why: "two replicas claim one delivery",
	},
	{
		name: "paused channel is claimed", in: "internal/store: unpaused",
		find: `WHERE paused_why <> ''`,
		put:  `WHERE paused_why <> paused_why`,
		pkg:  store, tests: "TestPausedChannelOwes",
		why: "a channel that refuses everything is asked without end",
	},

	// Send.
	{
		name: "no look after the clock went back", in: "bot: deliverer.send",
		find: `(age < 0 || age > finder.Window())`,
		put:  `(age > finder.Window())`,
		pkg:  bot, tests: "TestClockJumps",
		why: "the time since the first attempt is unknown, and the nonce may be forgotten",
	},
	{
		name: "no look after the window", in: "bot: deliverer.send",
		find: `(age < 0 || age > finder.Window())`,
		put:  `(age < 0)`,
		pkg:  bot, tests: "TestUnclearSend",
		why: "an outage longer than the nonce's window shows a message twice",
	},
	{
		name: "send after the lease", in: "bot: deliverer.send",
		find: `	if time.Now().Round(0).After(`,
		put:  `	if owed.Asked.IsZero() && time.Now().Round(0).After(`,
		pkg:  bot, tests: "TestSuspendedBetweenClaimAndSend",
		why: "a process that slept sends what somebody else is sending",
	},
	{
		name: "nonce of each attempt", in: "notifiers/discord: nonceOf",
		find: `sha256.Sum256([]byte(key))`,
		put:  `sha256.Sum256(fmt.Appendf([]byte(key), "%p", new([64]byte)))`,
		pkg:  discord, tests: "TestUnclearSend|TestNonce",
		why: "a retry does not meet its own first try",
	},
	{
		name: "nonce without the channel", in: "notifiers/discord: nonceOf",
		find: `sha256.Sum256([]byte(key))`,
		put:  `sha256.Sum256([]byte(k.Instance + k.Subject + k.Notice))`,
		pkg:  discord, tests: "TestNonce|TestNonceIsOfTheAuthor",
		why: "Discord compares nonces per author: the second channel gets nothing",
	},
	{
		name: "nonce not enforced", in: "notifiers/discord/message: PayloadOf",
		find: `nonce, true`,
		put:  `nonce, false`,
		pkg:  discord, tests: "TestUnclearSend",
		why: "Discord ignores the nonce",
	},
	{
		name: "stored message rewritten", in: "notifiers/discord/message: with",
		find: `json.Unmarshal(body, &fields)`,
		put:  `json.Unmarshal(bytes.ReplaceAll(body, []byte(" "), []byte("  ")), &fields)`,
		pkg:  discord, tests: "TestSendsWhatWasStored",
		why: "with one nonce and two texts Discord keeps the first in silence",
	},
	{
		name: "body taken for files", in: "internal/store: bodyOfMessage",
		find: `m.Body[0] != messageMark`,
		put:  `m.Body[0] != 0`,
		pkg:  store, tests: "TestMessagesAreReadAsTheyWere",
		why: "a retry sends something else than the first try",
	},
	{
		name: "damaged message sent", in: "bot: deliverer.send",
		find: `owed.Err != nil`,
		put:  `owed.Err != nil && owed.Maybe`,
		pkg:  bot, tests: "TestDamagedMessageHoldsUpNothing",
		why: "an empty message is tried again and again at the head of its channel",
	},
	{
		name: "broken probe", in: "bot: deliverer.usable",
		find: `recover()`,
		put:  `any(nil)`,
		pkg:  bot, tests: "TestBrokenProbeIsOfOneChannel",
		why: "an answer from outside ends the process at every probe",
	},
	{
		name: "empty history trusted", in: "notifiers/discord: notifier.find",
		find: `return notifiers.Receipt{}, false, n.readable(ctx, channel)`,
		put:  `return notifiers.Receipt{}, false, nil`,
		pkg:  discord, tests: "TestEmptyHistory|TestStrikesRunOut",
		why: "without the permission every history is empty",
	},
	{
		name: "history bound by our clock", in: "notifiers/discord: anchorOf",
		find: `q.Since.Add(-skew)`,
		put:  `q.Since`,
		pkg:  discord, tests: "TestFindWithSkewedClock",
		why: "a clock that runs ahead hides the message",
	},

	// Outcome.
	{
		name: "unknown without a doubt", in: "bot: deliverer.failed",
		find: `		s.Maybe = true`,
		put:  `		s.Maybe = owed.Maybe`,
		pkg:  bot, tests: "TestUnclearSend",
		why: "an answer that was lost is taken for a message that was not sent",
	},
	{
		name: "429 in doubt", in: "notifiers/discord: judge",
		find: `verdict{outcome: notifiers.Retry, wait: minPause}`,
		put:  `verdict{outcome: notifiers.Unknown, wait: minPause}`,
		pkg:  discord, tests: "TestRateLimitOutcomes|TestWhatAnAnswerMakesOfADelivery",
		why: "a storm of limits becomes one of looks into the history",
	},
	{
		name: "429 is a strike", in: "bot: deliverer.failed",
		find: `Pending, err.Error(), !sendErr.Free`,
		put:  `Pending, err.Error(), true`,
		pkg:  discord, tests: "TestWhatAnAnswerMakesOfADelivery",
		why: "a storm of limits gives deliveries up that were never refused",
	},
	{
		name: "foreign message taken for ours", in: "bot: deliverer.failed",
		find: `notifiers.Settled && owed.Maybe`,
		put:  `notifiers.Settled && owed.ID > 0`,
		pkg:  discord, tests: "TestWhatAnAnswerMakesOfADelivery",
		why: "a statement nobody was shown counts as delivered",
	},
	{
		name: "paused channel loses its rows", in: "bot: deliverer.failed",
		find: `s.Pause, s.Strike, s.NextAt = sendErr.Scope, false, now`,
		put:  `s.State, s.Pause, s.Strike, s.NextAt = Dead, sendErr.Scope, false, now`,
		pkg:  bot, tests: "TestPausedChannelResumes",
		why: "what was owed while a permission was missing is never shown",
	},
	{
		name: "no end of strikes", in: "bot: deliverer.failed",
		find: `d.Strikes+1 >= strikeCap`,
		put:  `d.Strikes < 0`,
		pkg:  discord, tests: "TestStrikesRunOut",
		why: "one delivery blocks its channel for ever",
	},
	{
		name: "outcome of a lost delivery", in: "internal/store: Store.FinishAttempt",
		find: `WHERE id = $9 AND epoch = $10`,
		put:  `WHERE id = $9 AND epoch >= $10`,
		pkg:  store, tests: "TestDeathWhileSending",
		why: "a late answer overwrites what became of a later attempt",
	},

	// The database.
	{
		name: "synchronous NORMAL", in: "internal/store: openSQLite",
		find: `s, err := openFile(ctx, path, "FULL")`,
		put:  `s, err := openFile(ctx, path, "NORMAL")`,
		pkg:  store, tests: "TestCommitsAreOnTheDisk",
		why: "when the power fails the mark of a send is lost, and the message repeated",
	},
	{
		name: "shared lock file", in: "internal/store: acquire",
		find: `syscall.LOCK_EX|syscall.LOCK_NB`,
		put:  `syscall.LOCK_SH|syscall.LOCK_NB`,
		pkg:  store, tests: "TestSecondProcessIsRefused",
		why: "a second start resets what the first is sending",
	},
	{
		name: "failed batch counts as stored", in: "internal/store: writer.store",
		find: `if len(batch) > 1 && w.transaction(batch) == nil {`,
		put:  `if len(batch) > 1 && (w.transaction(batch) == nil || w.db != nil) {`,
		pkg:  store, tests: "TestOneFailureOfMany",
		why: "one step that fails undoes its neighbours, and nobody is told",
	},
}
