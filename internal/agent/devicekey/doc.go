// Package devicekey keeps the key that makes a PC an issued PC: ECDSA P-256,
// made inside the TPM, never leaving it. The same TPM seals small secrets of
// the PC (the key of the face template).
//
// Invariants:
//   - A key that is configured to live in the TPM is never replaced by one in
//     software; trouble with the TPM is an error with a reason, never a downgrade.
//   - The folder holds only what the TPM wrapped for itself (mode 0600). Copied
//     to another PC it opens nothing: loading fails with device.key_lost.
//   - One worker talks to the TPM; every call ends within its time limit.
//   - Nothing is written to the TPM's non-volatile memory, no authorisation
//     value is used, and the objects are exempt from the dictionary-attack
//     lockout, so that neither a reboot nor another program can lock the PC out.
//   - Proving the TPM leaves nothing behind: the attestation key is made for one
//     proof and forgotten, and no more than three objects are loaded at a time,
//     which is what every TPM has room for.
//
// It does not decide whether a software key or a proof is acceptable (the server
// does), and does not look at what it is asked to sign: uplink and twin/carrying
// compose every statement.
package devicekey
