// Package circuits holds the hashes that a zero-knowledge circuit can compute
// cheaply. Today that is one: the commitment to an enrolled face, fixed now with
// vectors so that the later proof needs no new enrolment. Server and agent must
// compute it identically.
//
// The commitment is one permutation of Poseidon2 over BN254 of width 16
// (8 full rounds, 57 partial, the published constants), fed forward and cut:
//
//	state    = [domain·256 + n, x1 … xn, 0 …]        n ≤ 15
//	digest   = permutation(state)[1] + x1             32 bytes, big-endian
//
// The first element separates domains and lengths and is never given out, so
// that the permutation cannot be run backwards. For a face (domain 6, n = 10):
//
//	x1–x5    the template: 128 × int8, each + 128, 31 to an element, base 256, first value highest
//	x6, x7   SHA-256 of the embedder's file, high and low 128 bits
//	x8       the id of the quantisation rule
//	x9, x10  the salt, high and low 128 bits; at least 248 of them random
//
// Binding rests on the hash, hiding on the salt: a salt is never used twice.
// The package proves nothing yet and holds no keys.
package circuits
