package onrecord

// Returned is the kind of a [FateNotice] for what can be read again, after readers were
// told that it could not.
const Returned NoticeKind = "returned"

var returned = fate(Returned, "b")
