// Package ties keeps which PC is a person's first one: the PC on which he opened
// a session before any other (初回PC).
//
// Invariants:
//   - A person is tied to at most one PC, by the transaction that opens his first
//     session; of two PCs at the same moment one wins.
//   - A tie ends only by a supervisor or an administrator, never the person
//     himself, or with the PC: returned or revoked.
//   - What cannot be read counts as another PC.
//
// Every first PC is noted, whatever the policies ask today, so that one that
// begins to ask tomorrow (context.first, gate/rules) finds the facts. This room
// refuses nobody by itself.
package ties
