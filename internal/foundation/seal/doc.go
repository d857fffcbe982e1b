// Package seal wraps the server's own keys. One master secret stands outside
// the database, in a file of mode 0600 or in the environment; everything else
// that must stay secret is kept in the database, wrapped by it. Whoever copies
// the database alone has nothing.
//
// Invariants:
//   - A wrapped value opens only for the purpose and the id it was wrapped for:
//     both are authenticated, so that rows cannot be exchanged.
//   - A master file that others may read is refused, not used.
//   - A named key is made once, in one transaction, and never again.
//
// It does not seal evidence: that is sealed in the agent, for officers, and the
// server has no key to it.
package seal
