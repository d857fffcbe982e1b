// Package sealing is how a record (記録画像) is closed so that two officers are
// needed to open it, and how everybody knows who the officers are. The agent
// seals, officers open on their own machines; a server only stores.
//
// A roster names the officers. It is signed offline by at least TrustRoots'
// threshold of the roster roots, has a version that only grows and an expiry.
// A PC pins the roots at enrolment and the highest version it has seen.
//
// A bundle is
//
//	"SKE1" | length of header, 4 bytes big-endian | header, JSON | body
//
// The body is the manifest and the parts, AES-256-GCM under a random key that
// is used once, with everything before the body as additional data. The key is
// split by Shamir's scheme over GF(256), any two shares of n; each officer's
// share lies in the header as an age file to him, and one more in an age file
// to the escrow key, which is held offline. One share, whoever's, opens nothing.
//
// Invariants, each with the test that tries to break it: a roster with fewer
// than two officers, or in which one key holds two shares, is refused; so is one
// that is expired, rolled back or signed too seldom; every byte of a bundle is
// covered; shares of two bundles never combine.
//
// What it deliberately does not do: no files, no clock, no prompts; it does not
// decide who may open, and a share that was given away cannot be called back.
package sealing
