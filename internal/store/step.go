package store

// step names a transaction. A process can die on either side of its commit; the
// remarks say what the next start, or the other replicas, must make of that.
// Before the commit nothing has happened, which is recovery enough where no
// remark says more.
type step string

const (
	// After: the claim is void once its owner is gone. The account is due again with
	// the cursor it had, a little later each time it is cut off.
	claimAccounts step = "claim accounts"
	// Before: the same page is pulled again. After: the pull goes on behind it; a
	// post that comes twice is stored once.
	storePage step = "store page"
	// Before: the account is pulled once more, for nothing. After: it is not.
	finishPull step = "finish pull"
	// Before: the recovered posts still wait, and the next look ends it. After: they
	// are unread.
	endWaits step = "end waits"
	// After: the claim is void once its owner is gone; the post is still unread.
	claimPost step = "claim post"
	// Before: what was asked for is paid for again, if the place charges twice in a
	// day. After: the post, still unread, is judged with it and nobody is asked.
	keepReferred step = "keep what posts refer to"
	// Before: the post is judged again, from the same record, to the same end.
	// After: what it owes is delivered, and the posts it made unread are judged again.
	recordReading step = "record reading"
	// Before: the statement is still held and due. After: as after a reading.
	releaseStatements step = "release statements"
	// Before: the verdict is kept and followed later. After: as after a reading.
	followModeration step = "follow a person's decision"
	// Before: what is told for the first time is rendered again, and nobody has seen
	// it. After: the message may be out or not. The row says so (maybe), and its key,
	// or a look at the channel, decides before anything is sent.
	claimDeliveries step = "claim deliveries"
	// Before: it is decided again. After: the same, and its own call is no reason against it.
	keepPing step = "keep whom a message calls"
	// Before: as after the claim, and the message is out. After: nothing is left to do, but
	// for what goes on below it, which is owed.
	finishAttempt step = "finish attempt"
	// After: the channel is asked once more, later.
	claimProbes step = "claim probes"
	// Before: the channel is asked again.
	openChannel step = "open channel"
	// Before: it is still due. After: it is delivered.
	oweDigest step = "owe a digest"
	// Before: the next look notes the same. After: what it owes is delivered.
	noteIncidents step = "note incidents"
	// After: the claim is void once its owner is gone; the posts are due again.
	claimRechecks step = "claim posts to look at again"
	// Before: the posts are looked at again, to the same end: what became of them is told
	// by none. After: it is owed, once.
	storeLooks step = "store looks"
	// Before: the next look finds out for itself. After: a second look has to agree.
	noteDeleted step = "note what a stream says"
	// Before: what was read and not noted is paid for again, never missed.
	meterReads step = "meter reads"

	makeAllDue     step = "make all accounts due"
	hurryAccount   step = "make an account due"
	rewindAccounts step = "rewind accounts"
	keepModeration step = "keep a person's decision"
	keepCorrection step = "keep a person's correction"
	orderAgain     step = "order a delivery again"
	markSeen       step = "mark a delivery as seen"
	keepInterest   step = "keep what a reader asked for"
	keepQuestion   step = "keep a question"
	keepWords      step = "keep words for a place"
	// After: whoever asks again is told that it is done. What the change is for follows from the row.
	keepChange    step = "keep what people at a place changed"
	repairTimes   step = "repair due times"
	syncConfig    step = "sync the configuration"
	recoverWork   step = "recover interrupted work"
	migrateSchema step = "migrate the schema"
	nameDatabase  step = "name the database"
	emptyOutbox   step = "empty the outbox of a copy"
	copyTables    step = "copy tables"
	suspectAll    step = "suspect what is restored"
	trimOld       step = "trim what is old"
	setRowsAside  step = "set damaged rows aside"
)

// The two sides of a step's commit.
const (
	BeforeCommit = ": before the commit"
	AfterCommit  = ": after the commit"
)

// Steps are the transactions of the loops, in the order of a post's way.
func Steps() []string {
	return []string{
		string(claimAccounts), string(meterReads), string(storePage), string(finishPull), string(endWaits), string(claimPost), string(keepReferred), string(recordReading),
		string(releaseStatements), string(followModeration), string(claimDeliveries), string(finishAttempt), string(claimProbes), string(openChannel), string(noteIncidents), string(oweDigest),
		string(claimRechecks), string(storeLooks),
	}
}

// AtBoundaries calls pass at both sides of every commit, with the step's name
// and side. It is for tests that end the process there; production never calls
// it. Nothing may be written meanwhile.
func (s *Store) AtBoundaries(pass func(boundary string)) { s.w.boundary = pass }
