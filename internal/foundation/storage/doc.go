// Package storage gives every room the same two acts on either database:
// Write, a transaction that has happened when it returns nil, and Read, a
// consistent snapshot. SQLite is the default; PostgreSQL is one setting away.
//
// Invariants:
//   - When Write returns nil, the change survives kill -9 and loss of power
//     (SQLite: WAL with synchronous=FULL; PostgreSQL: its own defaults).
//   - When Write returns an error, nothing of that function is in the database.
//     On SQLite many functions share one commit, each in its own savepoint, so
//     that one that fails does not harm the others.
//   - Writes are serialisable. SQLite has one writer. PostgreSQL runs them at
//     SERIALIZABLE and runs the function again, five times at most, when the
//     database asks for it, and then says storage.busy: a function given to
//     Write must bear being run again, so it sets captured variables and never
//     adds to them.
//   - A function given to Write or Read touches nothing but its Tx: no network,
//     no waiting, and never another Write, which on SQLite would wait for itself.
//
// Schemas are portable: one file a version for both engines, with TEXT, BIGINT
// and BLOB, times as BIGINT microseconds UTC, and `?` as the placeholder.
//
// It does not hide SQL, map objects or cache rows.
package storage
