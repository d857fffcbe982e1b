// Package showing seals one picture to the page of one witness: two officers open
// the sealed record of an older enrolment on their own machines, and what they hand
// on is readable in that witness's browser alone (gate/witnesses, decision 0029).
//
// Invariants:
//   - Sealed to a P-256 key whose private half the browser does not give out, by
//     ECDH with a key used once, HKDF-SHA256 (RFC 5869) and AES-256-GCM.
//   - The new PC and the older record are part of the key's derivation: what was
//     sealed for one case opens for no other.
//   - Mark is what two people read to each other, so that nobody between them can
//     put his own key in the place of the witness's.
//
// The other half is web/apps/console/src/witness/oldKey.ts. It decides nothing, and
// keeps nothing.
package showing
