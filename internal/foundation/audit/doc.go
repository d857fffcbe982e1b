// Package audit is the log that proves itself: a Merkle log (RFC 6962, with the
// Go checksum database's golang.org/x/mod/sumdb/tlog) kept in the same database
// as everything else.
//
// Invariants:
//   - An opening act (login, grant, change, reading of what is sensitive) has its
//     row in its own transaction: Append takes the Tx, so there is no other way.
//   - A closing act (lock, lapse, revoke, blackout) never waits and never fails:
//     Afterwards takes it at once, and writes it when it can, marked late if that
//     was not at the first attempt.
//   - An entry is never changed and never removed. Leaves hold salted commitments
//     of personal values; the values stand in a side table from which they can be
//     erased without touching any proof.
//   - One head. It moves by compare-and-set; a head that moved under us stops the log.
//   - Nothing is signed that contradicts what was signed before. A log that is
//     smaller than somebody remembers opens nothing until two roster roots sign a new epoch.
//   - A log that cannot be compared or signed opens nothing either: at once where
//     the reason is in the data, after a minute where it passes by itself.
//
// On SQLite the entry gets its number inside the transaction. On PostgreSQL it
// waits in an inbox, written in the transaction, until the one node that holds
// the lock puts the committed rows in order, within a second.
//
// It does not decide what is worth logging, and it does not send entries elsewhere.
package audit
