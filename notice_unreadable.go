package onrecord

// Unreadable is the kind of a [FateNotice] for what its place does not show us: two looks
// at least ten minutes apart met an account that is protected, suspended or gone, or a
// post that is withheld. It may well be there.
const Unreadable NoticeKind = "unreadable"

var unreadable = fate(Unreadable, "u")
