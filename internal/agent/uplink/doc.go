// Package uplink is the PC's way to its server: enrolment, the connection with
// its tunnel, signed requests, the lease's renewals and the outbox of sealed
// evidence.
//
// Invariants:
//
//   - Nothing is sent to a server before its trust roots have the hash that the
//     enrolment code names; afterwards only a server under the pinned roots is
//     spoken to.
//   - The device key signs exactly two things of a connection: the TLS handshake
//     and the binding. Everything else is signed by a lease key that is born and
//     dies with the connection, in memory.
//   - Only statements that this package composes are signed. Each has a method of
//     its own; there is none for a caller's bytes.
//   - A renewal rests on a frame captured after its nonce had arrived, or ends
//     the lease.
//   - The pinned checkpoint of the audit log moves along proofs alone, and into a
//     new epoch by the roster roots' signatures. What does not follow opens
//     nothing and is kept beside it.
//   - The outbox holds the records of one set of trust roots: ciphertext
//     and bare facts, bounded; full means closed.
//
// It judges nothing (connect does), keeps no key of the device (devicekey does)
// and resolves no names inside the tunnel.
package uplink
