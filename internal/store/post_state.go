package store

// The states of a post, as they stand in queries.
//
//	              ┌──────────── a pull stores it ────────────┐
//	        behind a gap          watched already     from before the watch
//	              ▼                     ▼                    ▼
//	           waiting ──endWaits──▶ unread ◀──Rewind── baseline
//	                                 │    ▲
//	                           Record│    │a statement of its thread is on the record now,
//	                                 ▼    │or it says something else (StorePage, from every state)
//	                                 read ┘
//
//	unread ──its row cannot be what was stored──▶ damaged ──it says something else──▶ unread
//
// A revision that was replaced keeps the state in which it was.
const (
	postWaiting  = "'waiting'"  // recovered from a gap, until the other accounts behind it were asked
	postUnread   = "'unread'"   // to be reviewed, in the order of seq
	postRead     = "'read'"     // the decisions on it are stored
	postBaseline = "'baseline'" // kept, never reviewed
)

// setAside is the state of damaged posts and revisions, and the lane of damaged
// statements.
const setAside = "'damaged'"
