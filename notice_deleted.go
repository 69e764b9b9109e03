package onrecord

// Deleted is the kind of a [FateNotice] for what its author deleted: proven by the
// place's own word for it, and by nothing else.
const Deleted NoticeKind = "deleted"

var deleted = fate(Deleted, "d")
