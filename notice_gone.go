package onrecord

// Gone is the kind of a [FateNotice] for what its place has no more: proven by two looks
// at least ten minutes apart, while the account could be read. Nobody says who removed it.
const Gone NoticeKind = "gone"

var gone = fate(Gone, "m")
