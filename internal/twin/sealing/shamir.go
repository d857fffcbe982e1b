package sealing

import (
	"crypto/rand"
	"errors"
)

// keySize is the length of what is split: an AES-256 key.
const keySize = 32

// maxShares keeps the x coordinates of shares within 1…16.
const maxShares = 16

var errShares = errors.New("sealing: shares do not combine")

// split returns n shares of which any two give the key back: points of a line
// over GF(256) for each byte, at x = 1…n, with the key at x = 0.
func split(key [keySize]byte, n int) ([][keySize]byte, error) {
	if n < 2 || n > maxShares {
		return nil, errShares
	}
	var slope [keySize]byte
	if _, err := rand.Read(slope[:]); err != nil {
		return nil, err
	}
	shares := make([][keySize]byte, n)
	for i := range shares {
		for j := range key {
			shares[i][j] = key[j] ^ times(slope[j], byte(i+1))
		}
	}
	return shares, nil
}

// combine finds the key from two shares with different x.
func combine(x1 byte, s1 [keySize]byte, x2 byte, s2 [keySize]byte) (key [keySize]byte, err error) {
	if x1 == 0 || x2 == 0 || x1 == x2 || x1 > maxShares || x2 > maxShares {
		return key, errShares
	}
	// Lagrange at 0: x2/(x1^x2) and x1/(x1^x2)
	inv := inverse(x1 ^ x2)
	l1, l2 := times(x2, inv), times(x1, inv)
	for j := range key {
		key[j] = times(s1[j], l1) ^ times(s2[j], l2)
	}
	return key, nil
}

// times multiplies in GF(2^8) modulo x^8+x^4+x^3+x+1, in constant time.
func times(a, b byte) (p byte) {
	for range 8 {
		p ^= a & -(b & 1)
		a = a<<1 ^ 0x1b&-(a>>7)
		b >>= 1
	}
	return p
}

// inverse is a^254.
func inverse(a byte) byte {
	r := byte(1)
	for i := 7; i >= 0; i-- {
		r = times(r, r)
		if i > 0 {
			r = times(r, a)
		}
	}
	return r
}
