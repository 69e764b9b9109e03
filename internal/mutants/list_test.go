package mutants

// mutant is one bug.
type mutant struct {
	name       string
	file       string
	find, put  string // what is there, once, and what is put in its place
	pkg, tests string // the tests that must notice, joined by |
	why        string
}

const (
	store   = "internal/store"
	bot     = "bot"
	discord = "notifiers/discord"
)

// list is what must never go unnoticed, in the order of a post's way.
var list = []mutant{
	// Pull and store.
	{
		name: "cursor before the posts", file: "internal/store/inbox.go",
		find: `		for _, p := range posts {`,
		put:  "		_, _ = tx.ExecContext(ctx, `COMMIT`)\n		_, _ = tx.ExecContext(ctx, `BEGIN`)\n		for _, p := range posts {",
		pkg:  store, tests: "TestAPageIsStoredWhole",
		why: "a death between the two loses the posts for good",
	},
	{
		name: "cursor without a post", file: "internal/store/inbox.go",
		find: `				return fmt.Errorf("store %s: %w", p.Key(), err)`,
		put:  `				continue`,
		pkg:  store, tests: "TestAPageIsStoredWhole",
		why: "the cursor moves past a post that was not stored",
	},
	{
		name: "known post unread again", file: "internal/store/inbox.go",
		find: `ON CONFLICT (account, id) DO NOTHING`,
		put:  `ON CONFLICT (account, id) DO UPDATE SET state = excluded.state`,
		pkg:  store, tests: "TestPageAndCursorTogether|TestRevisionsAreKept",
		why: "a page that is pulled twice would be put on the record twice",
	},
	{
		name: "cursor not compared", file: "internal/store/inbox.go",
		find: `AND epoch = $4 AND cursor = $5`,
		put:  `AND epoch = $4 AND CAST($5 AS TEXT) IS NOT NULL`,
		pkg:  store, tests: "TestPageAndCursorTogether",
		why: "a page stored late moves the cursor back, or past what was never read",
	},
	{
		name: "page of a lost claim", file: "internal/store/inbox.go",
		find: `AND epoch = $4 AND cursor = $5`,
		put:  `AND epoch >= $4 AND cursor = $5`,
		pkg:  store, tests: "TestALostClaimStoresNothing",
		why: "two pulls of one account move one cursor",
	},
	{
		name: "end of a lost claim", file: "internal/store/inbox.go",
		find: `WHERE id = $5 AND epoch = $6`,
		put:  `WHERE id = $5 AND epoch >= $6`,
		pkg:  store, tests: "TestALostClaimStoresNothing",
		why: "a pull that was given up frees the claim of its successor",
	},

	// Review and record.
	{
		name: "post read twice", file: "internal/store/desk.go",
		find: `AND id = $2 AND revision = $3 AND state = 'unread' RETURNING seq`,
		put:  `AND id = $2 AND revision = $3 RETURNING seq`,
		pkg:  store, tests: "TestAPostIsReadOnce",
		why: "two replicas that judged one post record two statements",
	},
	{
		name: "judged again without end", file: "internal/store/reread.go",
		find: `FROM posts WHERE account = $2 AND id = $3 ON CONFLICT DO NOTHING`,
		put:  `FROM posts WHERE account = $2 AND id = $3 ON CONFLICT (post, case_id) DO UPDATE SET read_at = 0`,
		pkg:  store, tests: "TestEarlierPartsAreJudgedAgain",
		why: "each part of a thread makes every doubtful one unread anew",
	},
	{
		name: "a person overruled by a thread", file: "internal/store/desk.go",
		find: `err != nil || ruled {`,
		put:  `err != nil || ruled && err != nil {`,
		pkg:  store, tests: "TestABorderlineStatementMoves",
		why: "what a person rejected while it was judged again is on the record",
	},
	{
		name: "moved statement still held", file: "internal/store/reread.go",
		find: `SET moved_to = $1, released = TRUE`,
		put:  `SET moved_to = $1`,
		pkg:  store, tests: "TestABorderlineStatementMoves",
		why: "it is released although its posts stand elsewhere",
	},
	{
		name: "context bought again", file: "internal/store/referred.go",
		find: `return asked.String, err == nil, err`,
		put:  `return asked.String, asked.Valid, err`,
		pkg:  store, tests: "TestWhatPostsReferToIsKept",
		why: "what nobody can read is asked for, and waited for, with every post that answers it",
	},
	{
		name: "statement before its deliveries", file: "internal/store/desk.go",
		find: `	if err := s.enqueue(ctx, tx, about, channels); err != nil {`,
		put:  "	_, _ = tx.ExecContext(ctx, `COMMIT`)\n	_, _ = tx.ExecContext(ctx, `BEGIN`)\n	if err := s.enqueue(ctx, tx, about, channels); err != nil {",
		pkg:  store, tests: "TestAReadingIsStoredWhole",
		why: "a death between the two leaves a statement that nobody is told of",
	},
	{
		name: "part joins a delivered statement", file: "internal/store/desk.go",
		find: `if err == nil && !held {`,
		put:  `if err != nil && !held {`,
		pkg:  store, tests: "TestAPartThatComesTooLate",
		why: "what readers have seen does not hold the part, and nothing tells them",
	},
	{
		name: "released statement still held", file: "internal/store/desk.go",
		find: `SET released = TRUE, release_at = $1`,
		put:  `SET released = FALSE, release_at = $1`,
		pkg:  store, tests: "TestAPartThatComesTooLate",
		why: "it is released again and again",
	},
	{
		name: "numbers drawn side by side", file: "internal/store/postgres.go",
		find: `fmt.Sprintf("SELECT pg_advisory_xact_lock(%d, %d)", locks, lockNumbers)`,
		put:  `""`,
		pkg:  store, tests: "TestNumbersAreStoredInTheOrderTheyAreDrawn",
		why: "a delivery that is stored late stands before one that was sent already",
	},
	{
		name: "key without the channel", file: "notice.go",
		find: `{k.Instance, k.Channel, k.Subject,`,
		put:  `{k.Instance, "", k.Subject,`,
		pkg:  store, tests: "TestStatementAndDeliveriesTogether",
		why: "Discord answers the second channel with the first one's message",
	},
	{
		name: "key without the installation", file: "notice.go",
		find: `{k.Instance, k.Channel, k.Subject,`,
		put:  `{"", k.Channel, k.Subject,`,
		pkg:  store, tests: "TestInstallationsDoNotShareKeys",
		why: "two installations of one bot take each other's messages for their own",
	},

	// Claim.
	{
		name: "message made anew", file: "internal/store/outbox.go",
		find: `CASE WHEN length(message) > 0 THEN message`,
		put:  `CASE WHEN length(message) < 0 THEN message`,
		pkg:  store, tests: "TestAMessageIsFinalOnceItIsClaimed",
		why: "with one nonce and two texts Discord keeps the first in silence",
	},
	{
		name: "broken notice ends the process", file: "bot/render.go",
		find: `broken := recover(); broken != nil`,
		put:  `broken := any(nil); broken != nil`,
		pkg:  bot, tests: "TestABrokenNoticeCostsItsOwnDeliveries",
		why: "one hostile text is a death at every start",
	},
	{
		name: "no sending mark", file: "internal/store/outbox.go",
		find: `state = 'sending', attempt = attempt + 1`,
		put:  `attempt = attempt + 1`,
		pkg:  store, tests: "TestDeathWhileSending",
		why: "after a death nobody knows that the message may be out",
	},
	{
		name: "claimed again without a doubt", file: "internal/store/outbox.go",
		find: `maybe = (maybe OR state = 'sending')`,
		put:  `maybe = maybe`,
		pkg:  store, tests: "TestALostDeliveryIsInDoubt",
		why: "a message that is out there is sent again without a look",
	},
	{
		name: "recovered without a doubt", file: "internal/store/store.go",
		find: `SET state = 'pending', maybe = TRUE,`,
		put:  `SET state = 'pending',`,
		pkg:  store, tests: "TestDeathWhileSending|TestADeadReplicasWorkIsTakenOver",
		why: "a message that the dead had sent is sent again without a look",
	},
	{
		name: "the living are robbed", file: "internal/store/postgres.go",
		find: `AND CAST(l.objid AS BIGINT) = owner)`,
		put:  `AND CAST(l.objid AS BIGINT) = 0)`,
		pkg:  store, tests: "TestTheLivingKeepTheirClaims",
		why: "each start of a replica repeats what the others are sending",
	},
	{
		name: "bound moved by each claim", file: "internal/store/outbox.go",
		find: `first_at = coalesce(first_at, $1)`,
		put:  `first_at = $1`,
		pkg:  store, tests: "TestDeathWhileSending",
		why: "the look into the history begins behind the message, and the nonce is trusted when it is forgotten",
	},
	{
		name: "bound newer than the message", file: "internal/store/outbox.go",
		find: `AND message_id <> '' AND sent_at <= $3`,
		put:  `AND message_id <> '' AND CAST($3 AS BIGINT) > 0`,
		pkg:  store, tests: "TestAnchorIsNotSentLater",
		why: "the look into the history stops before it gets to the message",
	},
	{
		name: "next one while the head is sent", file: "internal/store/outbox.go",
		find: `state IN ('pending', 'sending') ORDER BY id LIMIT 1`,
		put:  `state = 'pending' ORDER BY id LIMIT 1`,
		pkg:  store, tests: "TestOnlyTheHeadIsClaimed",
		why: "statements overtake each other",
	},
	{
		name: "next one while the head waits", file: "internal/store/outbox.go",
		find: `state IN ('pending', 'sending') ORDER BY id LIMIT 1`,
		put:  `state IN ('pending', 'sending') ORDER BY next_at LIMIT 1`,
		pkg:  bot, tests: "TestOrderSurvivesFailures",
		why: "a refused statement is overtaken by those behind it",
	},
	{
		name: "settled head claimed", file: "internal/store/outbox.go",
		find: `WHERE c.paused_why = '' AND d.state IN ('pending', 'sending')`,
		put:  `WHERE c.paused_why = ''`,
		pkg:  store, tests: "TestAHeadThatIsSettledMeanwhile",
		why: "a claim that began before another replica's outcome sends once more",
	},
	{
		name: "heads not locked", file: "internal/store/postgres.go",
		find: `" FOR UPDATE OF d SKIP LOCKED"`,
		put:  `""`,
		pkg:  store, tests: "TestAHeadThatIsSettledMeanwhile",
		why: "two replicas claim one delivery",
	},
	{
		name: "paused channel is claimed", file: "internal/store/outbox.go",
		find: `WHERE c.paused_why = '' AND`,
		put:  `WHERE c.paused_why = c.paused_why AND`,
		pkg:  store, tests: "TestPausedChannelOwes",
		why: "a channel that refuses everything is asked without end",
	},

	// Send.
	{
		name: "no look after the clock went back", file: "bot/deliver.go",
		find: `(age < 0 || age > finder.Window())`,
		put:  `(age > finder.Window())`,
		pkg:  bot, tests: "TestClockJumps",
		why: "the time since the first attempt is unknown, and the nonce may be forgotten",
	},
	{
		name: "no look after the window", file: "bot/deliver.go",
		find: `(age < 0 || age > finder.Window())`,
		put:  `(age < 0)`,
		pkg:  bot, tests: "TestUnclearSend",
		why: "an outage longer than the nonce's window shows a message twice",
	},
	{
		name: "send after the lease", file: "bot/deliver.go",
		find: `	if time.Now().Round(0).After(`,
		put:  `	if owed.Asked.IsZero() && time.Now().Round(0).After(`,
		pkg:  bot, tests: "TestSuspendedBetweenClaimAndSend",
		why: "a process that slept sends what somebody else is sending",
	},
	{
		name: "nonce of each attempt", file: "notifiers/discord/send.go",
		find: `sha256.Sum256([]byte(key))`,
		put:  `sha256.Sum256(fmt.Appendf([]byte(key), "%p", new([64]byte)))`,
		pkg:  discord, tests: "TestUnclearSend|TestNonce",
		why: "a retry does not meet its own first try",
	},
	{
		name: "nonce without the channel", file: "notifiers/discord/send.go",
		find: `sha256.Sum256([]byte(key))`,
		put:  `sha256.Sum256([]byte(k.Instance + k.Subject + k.Notice))`,
		pkg:  discord, tests: "TestNonce|TestNonceIsOfTheAuthor",
		why: "Discord compares nonces per author: the second channel gets nothing",
	},
	{
		name: "nonce not enforced", file: "notifiers/discord/send.go",
		find: `"enforce_nonce":true`,
		put:  `"enforce_nonce":false`,
		pkg:  discord, tests: "TestUnclearSend",
		why: "Discord ignores the nonce",
	},
	{
		name: "stored bytes rewritten", file: "notifiers/discord/send.go",
		find: `bytes.CutSuffix(m, []byte("}"))`,
		put:  `bytes.CutSuffix(bytes.ReplaceAll(m, []byte(" "), []byte("  ")), []byte("}"))`,
		pkg:  discord, tests: "TestSendsStoredBytes",
		why: "with one nonce and two texts Discord keeps the first in silence",
	},
	{
		name: "empty history trusted", file: "notifiers/discord/find.go",
		find: `return notifiers.Receipt{}, false, n.readable(ctx, channel)`,
		put:  `return notifiers.Receipt{}, false, nil`,
		pkg:  discord, tests: "TestEmptyHistory|TestStrikesRunOut",
		why: "without the permission every history is empty",
	},
	{
		name: "history bound by our clock", file: "notifiers/discord/find.go",
		find: `q.Since.Add(-skew)`,
		put:  `q.Since`,
		pkg:  discord, tests: "TestFindWithSkewedClock",
		why: "a clock that runs ahead hides the message",
	},

	// Outcome.
	{
		name: "unknown without a doubt", file: "bot/deliver.go",
		find: `		s.Maybe = true`,
		put:  `		s.Maybe = owed.Maybe`,
		pkg:  bot, tests: "TestUnclearSend",
		why: "an answer that was lost is taken for a message that was not sent",
	},
	{
		name: "429 in doubt", file: "notifiers/discord/outcome.go",
		find: `verdict{outcome: notifiers.Retry, wait: minPause}`,
		put:  `verdict{outcome: notifiers.Unknown, wait: minPause}`,
		pkg:  discord, tests: "TestRateLimitOutcomes|TestWhatAnAnswerMakesOfADelivery",
		why: "a storm of limits becomes one of looks into the history",
	},
	{
		name: "429 is a strike", file: "bot/deliver.go",
		find: `s.Strike = !told.Free`,
		put:  `s.Strike = true`,
		pkg:  discord, tests: "TestWhatAnAnswerMakesOfADelivery",
		why: "a storm of limits gives deliveries up that were never refused",
	},
	{
		name: "foreign message taken for ours", file: "bot/deliver.go",
		find: `		if owed.Maybe {`,
		put:  `		if owed.ID > 0 {`,
		pkg:  discord, tests: "TestWhatAnAnswerMakesOfADelivery",
		why: "a statement nobody was shown counts as delivered",
	},
	{
		name: "paused channel loses its rows", file: "bot/deliver.go",
		find: `s.Pause, s.Strike, s.NextAt = told.Scope, false, d.clock.Now()`,
		put:  `s.State, s.Pause, s.Strike, s.NextAt = Dead, told.Scope, false, d.clock.Now()`,
		pkg:  bot, tests: "TestPausedChannelResumes",
		why: "what was owed while a permission was missing is never shown",
	},
	{
		name: "no end of strikes", file: "bot/deliver.go",
		find: `d.Strikes+1 >= strikeCap`,
		put:  `d.Strikes < 0`,
		pkg:  discord, tests: "TestStrikesRunOut",
		why: "one delivery blocks its channel for ever",
	},
	{
		name: "outcome of a lost delivery", file: "internal/store/outbox.go",
		find: `WHERE id = $9 AND epoch = $10`,
		put:  `WHERE id = $9 AND epoch >= $10`,
		pkg:  store, tests: "TestDeathWhileSending",
		why: "a late answer overwrites what became of a later attempt",
	},

	// The database.
	{
		name: "synchronous NORMAL", file: "internal/store/sqlite.go",
		find: `s, err := openFile(ctx, path, "FULL")`,
		put:  `s, err := openFile(ctx, path, "NORMAL")`,
		pkg:  store, tests: "TestCommitsAreOnTheDisk",
		why: "when the power fails the mark of a send is lost, and the message repeated",
	},
	{
		name: "shared lock file", file: "internal/store/sqlite.go",
		find: `syscall.LOCK_EX|syscall.LOCK_NB`,
		put:  `syscall.LOCK_SH|syscall.LOCK_NB`,
		pkg:  store, tests: "TestSecondProcessIsRefused",
		why: "a second start resets what the first is sending",
	},
	{
		name: "failed batch counts as stored", file: "internal/store/writer.go",
		find: `if len(batch) > 1 && w.transaction(batch) == nil {`,
		put:  `if len(batch) > 1 && (w.transaction(batch) == nil || w.db != nil) {`,
		pkg:  store, tests: "TestOneFailureOfMany",
		why: "one step that fails undoes its neighbours, and nobody is told",
	},
}
