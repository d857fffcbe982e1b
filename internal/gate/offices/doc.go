// Package offices keeps which roles use the console from outside the office only
// on an issued PC under the guard, and which addresses are the office.
//
// Invariants:
//   - Without a rule nobody is bound: an update locks nobody out.
//   - Whoever holds one of the rule's roles is refused at the console's own address
//     unless the request comes from the office, the server's own machine, or
//     through a PC's tunnel; whoever holds several roles is bound by each.
//   - A rule that cannot be read refuses.
//   - A rule under which whoever saves it could not go on is refused before it is
//     stored. The server's own machine (loopback) is always the office, and
//     `sekisho admin office-rule off` on the host lifts the rule: those are the
//     ways back.
//   - A request that a proxy passed on has no known address and is not the office.
//   - Versions only grow, and every change is in the audit log.
//
// It knows neither sessions nor leases: whether a request came through a tunnel
// under a live lease is the desk door's to say. Auditors, a client company's too,
// hold no issued PC and are not bound; lists of addresses (networks) are for them.
package offices
