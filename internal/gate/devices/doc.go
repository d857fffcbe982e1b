// Package devices is the inventory of issued PCs and the course of their lives:
//
//	registered → pending → issued ⇄ suspended
//	                          └──→ returned, revoked
//
// An administrator registers a PC and makes an enrolment code. The PC presents
// the code's secret with a certificate request and stays pending until an
// administrator has compared the fingerprints that both screens show. Then it
// is issued: it gets a certificate and may bind connections.
//
// Invariants:
//   - Only an issued PC passes ByCertificate, Nonce and Bind. Every other state,
//     and every failure to read the state, is refused with its own code.
//   - A code opens once, for one PC, within 14 days; of any number of PCs that
//     present it at the same moment exactly one wins. Only its hash is stored.
//     A code opens nothing before somebody has confirmed that its PC was
//     received; then its 14 days begin. Whoever makes it for a PC that he hands
//     over in person confirms that with it; of a kit (PCs sent out together) nobody
//     can. One that waits for 60 days has expired.
//   - A key and a TPM belong to one PC: presented for a second one, they are refused.
//   - A PC's tier follows its proof. Whoever says that his key lives in a TPM and
//     does not prove it is refused, and never becomes something less. A key in
//     software is tier C, and neither Approve nor Bind takes it unless the PC's
//     policy names it at that moment.
//   - An issued PC whose TPM was cleared may enrol again without a code: by its
//     ticket, with the same TPM (same endorsement key) and a proof. Its old key
//     ends with that, and an administrator approves the new one. Another TPM is
//     refused, noted with the PC, and needs a new code.
//   - A binding counts only over the TLS connection it was signed for (exporter)
//     and with a nonce of this server that is at most 30 seconds old and was
//     never used. It is in the audit log before anybody acts on it.
//   - Closing acts call every OnClosed listener before they return, also when
//     the database could not be written.
//
// What it does not do: it does not judge a TPM's proof itself (attestation does);
// a PC that was issued before proofs were asked for keeps the tier B that its
// administrator vouched for, without a ground. It opens no connections itself, and
// nonces and rate limits live in one node's memory.
package devices
