// Package networks keeps from which addresses the console and the agents' door
// may be reached: lists of IPv4 and IPv6 ranges (CIDR, RFC 4632 and RFC 4291).
//
// Invariants:
//   - A door without a list answers every address; with one, no other than those
//     on it. A list that cannot be read refuses.
//   - A change of the console's list that would shut out whoever saves it is
//     refused before it is stored.
//   - The server's own machine (loopback) always reaches the console: that is
//     the way back. A request that a proxy passed on has no known address and
//     is on no list.
//   - Versions only grow, and every change is in the audit log.
//
// It does not know who asks, and an address proves nothing of a person: it only
// narrows from where the other proofs may be tried.
package networks
