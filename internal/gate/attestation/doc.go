// Package attestation lets a TPM 2.0 prove that it is one and that the device's
// key lives in it, and says how far that proof reaches:
//
//	EK ── credential activation ──▶ AK ── TPM2_Certify over our nonce ──▶ device key ══ key of the request
//
// Challenge encrypts a secret to the endorsement key (EK) in such a way that only
// a TPM which holds both the EK and the attestation key (AK) can give it back
// (TPM 2.0 Library, part 1, "Credential protection"). Prove takes the answer: the
// secret, and the AK's certificate of the device's key.
//
// The tier is A where the EK stands on the list that an administrator imported or
// its certificate leads to a maker's authority that an administrator trusts.
// Otherwise it is B: the protocol was kept, and a person has to vouch for the rest
// by comparing fingerprints, since a program can play a TPM whose EK nobody knows.
//
// Invariants:
//   - An open challenge is answered once, by whom it was made for, within two
//     minutes; whatever came of the answer, it is spent.
//   - Only a restricted AK counts: it signs what the TPM itself composed and
//     nothing that a program hands it. Keys that could leave the TPM, or came from
//     outside, are refused, as is every template but our agent's.
//   - An EK certificate that is not for the EK is refused, not ignored.
//   - A list is imported whole or not at all; every fault names its line.
//
// What it does not do: it knows no PCs and no codes (devices does), fetches nothing
// from the makers' servers, reads no event logs and judges no boot state. The dates
// of an EK certificate are not held against it, since makers let them lapse while
// the chips live on: what counts is that its signer is trusted. Open challenges
// live in one node's memory, like the connection that carries them.
package attestation
