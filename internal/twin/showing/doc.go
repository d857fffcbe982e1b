// Package showing seals one picture to the page of one witness: two officers open
// the sealed record of an older enrolment on their own machines, and what they hand
// on is readable in that witness's browser alone (gate/witnesses, decision 0029).
//
// Invariants:
//   - Sealed by HPKE (RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM)
//     to a key whose private half the browser does not give out.
//   - The new PC and the older record are the sealing's info: what was sealed for
//     one case opens for no other.
//   - Mark is what two people read to each other, so that nobody between them can
//     put his own key in the place of the witness's.
//
// The other half is web/apps/console/src/witness/oldKey.ts. It decides nothing, and
// keeps nothing.
package showing
