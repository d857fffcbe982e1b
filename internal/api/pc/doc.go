// Package pc is the agents' door: /api/pc/v1 over TLS 1.3 on port 8444, the only
// door of the house that faces the open Internet.
//
//	GET  trust               -                    → wire.TrustRoots       anybody
//	POST attestations        wire.AttestRequest   → wire.AttestChallenge  the code's secret, or the ticket
//	POST enrol               wire.EnrolRequest    → wire.EnrolAnswer      the code's secret, or the ticket
//	POST enrolments/status   wire.EnrolmentQuery  → wire.EnrolmentStatus  the ticket
//	POST pins                wire.CheckpointPin   → wire.PinAnswer        the checkpoint's own signature
//	POST bindings/nonce      -                    → wire.BindNonce        the PC's certificate
//	POST connections         wire.Signed          → wire.ConnectAnswer    certificate, binding, nonce
//
// The answer to connections carries the newest signed checkpoint of the audit log,
// for a PC that holds none; the answer to pins leads from the one that a PC holds
// to the newest, by proofs.
//
// Invariants:
//   - A request is parsed once, strictly, from at most 64 KiB, within seconds.
//   - Where a certificate is wanted it is checked anew for each request: chain,
//     dates, revocation, the PC's state and key. No answer is remembered.
//   - A connection is opened only when the binding names the TLS connection that
//     carries it. It is looked at once more after it was opened, so that a PC
//     suspended in that moment does not slip through.
//   - Every refused attempt leaves an audit row with its code, up to one a second
//     from one source; whoever is faster leaves one row that says so.
//
// Pins need no certificate: a checkpoint proves itself, and a database that was
// put back may have forgotten the very PC that remembers more.
//
// It opens no tunnel (the app hands in who does) and decides nothing about
// people: a PC that got through stands in quarantine.
package pc
