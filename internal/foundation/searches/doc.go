// Package searches is what people ask of the audit log: the searches that each
// keeps for himself, and the rows that he takes away as a file.
//
// Invariants:
//   - A saved search belongs to one person; nobody sees or changes another's.
//   - Rows leave only in a file that the log itself names: the entry with the
//     file's SHA-256 is committed before the first byte goes out, and its proof
//     stands at the file's end. A changed byte is found without a server.
//   - Each row carries its own proof too, with the checkpoint it stands under.
//   - No cell of a table begins a formula.
//   - A file holds at most 10,000 rows. Whoever needs more takes the whole log.
//
// It does not search (audit does), and it knows no names: whoever asks for a
// file hands in what ids are called.
package searches
