package onrecord

// Replaced is the kind of a [FateNotice] for what its author took away and posted again
// with little changed: proven as that it is gone, and by the post that says it again.
const Replaced NoticeKind = "replaced"

var replaced = revision(fate(Replaced, "o"))
