// Package certs is the house's own certificate authority. It issues the
// certificate of each issued PC and of the agents' door, and says whether a
// certificate that somebody shows is still good.
//
// Invariants:
//   - A certificate is good only if all of these hold: it chains to this
//     authority, its dates include now, it names a device and exactly one tier,
//     and its serial stands in the table, with this very key, unrevoked. What
//     cannot be looked up is refused.
//   - Names, extensions and attributes of a request are ignored: the authority
//     takes the public key and nothing else from a PC.
//   - The authority's key is kept by seal; the key of the agents' door lives in
//     the memory of one process and is never written down.
//   - Every issue and every revocation writes its audit row in its own transaction.
//
// Rotation replaces the authority's key while the old one is still trusted. Its
// record is a cross-certificate, the new key certified by each old one: a PC
// that pinned an old authority goes on believing the server by plain X.509.
//
// It does not know who owns a PC or in which state of its life it is
// (devices), and publishes no revocation list: only the server, which owns the
// table, ever checks these certificates.
package certs
