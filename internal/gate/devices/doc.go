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
//   - A key and a TPM belong to one PC: presented for a second one, they are refused.
//   - A PC's tier follows its proof: a TPM's key that an administrator compared
//     is tier B. A key in software is tier C, and neither Approve nor Bind takes
//     it unless the PC's policy names it at that moment.
//   - A binding counts only over the TLS connection it was signed for (exporter)
//     and with a nonce of this server that is at most 30 seconds old and was
//     never used. It is in the audit log before anybody acts on it.
//   - Closing acts call every OnClosed listener before they return, also when
//     the database could not be written.
//
// What it does not do: it does not attest TPMs. "tpm" is the PC's claim, and
// the administrator who compares fingerprints vouches for it; proof by
// credential activation and tier A come with attestation. It opens no
// connections itself, and nonces and rate limits live in one node's memory.
package devices
