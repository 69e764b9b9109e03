package onrecord

// Edited is the kind of a [FateNotice] that shows what an author changed: proven by two
// revisions, of which both are kept.
const Edited NoticeKind = "edited"

var edited = revision(fate(Edited, "e"))
