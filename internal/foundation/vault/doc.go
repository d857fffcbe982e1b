// Package vault stores sealed blobs under the SHA-256 of their bytes: evidence,
// recordings, face pictures. What it holds is already ciphertext; it has no key
// and looks at nothing.
//
// Invariants:
//   - A blob that Put returned is on the disk, whole, whatever happens next.
//   - Get hands out the bytes of that hash or an error, never other bytes.
//   - Nothing larger than the caller's bound is written.
//
// It knows no retention and no rights: rooms keep those beside the hash.
package vault
