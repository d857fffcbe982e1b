package circuits

import (
	"encoding/hex"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
)

// A second implementation of the commitment, by the book and in big integers:
// round constants from the Grain LFSR of the Poseidon papers, matrices written
// out. Only the inner matrix's diagonal is taken from the library, for its
// choice is a search and not a formula.

type grain struct{ bits []bool }

func newGrain() *grain {
	g := &grain{}
	push := func(v, n int) {
		for i := n - 1; i >= 0; i-- {
			g.bits = append(g.bits, v>>i&1 == 1)
		}
	}
	push(1, 2)
	push(0, 4)
	push(254, 12)
	push(width, 12)
	push(fullRounds, 10)
	push(partialRounds, 10)
	push(1<<30-1, 30)
	for range 160 {
		g.step()
	}
	return g
}

func (g *grain) step() bool {
	b := g.bits
	n := b[62] != b[51] != b[38] != b[23] != b[13] != b[0]
	g.bits = append(b[1:], n)
	return n
}

func (g *grain) bit() bool {
	for !g.step() {
		g.step()
	}
	return g.step()
}

func (g *grain) element() *big.Int {
	for {
		v := new(big.Int)
		for range 254 {
			v.Lsh(v, 1)
			if g.bit() {
				v.SetBit(v, 0, 1)
			}
		}
		if v.Cmp(fr.Modulus()) < 0 {
			return v
		}
	}
}

func independent(model [32]byte, quantisation uint8, template [faceValues]int8, salt [32]byte) string {
	p := fr.Modulus()
	mod := func(v *big.Int) *big.Int { return v.Mod(v, p) }
	var s [width]*big.Int
	for i := range s {
		s[i] = new(big.Int)
	}
	s[0].SetInt64(6*256 + 10)
	for i, v := range template {
		e := s[1+i/31]
		e.Mul(e, big.NewInt(256)).Add(e, big.NewInt(int64(v)+128))
	}
	s[6].SetBytes(model[:16])
	s[7].SetBytes(model[16:])
	s[8].SetInt64(int64(quantisation))
	s[9].SetBytes(salt[:16])
	s[10].SetBytes(salt[16:])
	first := new(big.Int).Set(s[1])

	five := func(v *big.Int) *big.Int { return new(big.Int).Exp(v, big.NewInt(5), p) }
	m4 := [4][4]int64{{5, 7, 1, 3}, {4, 6, 1, 1}, {1, 3, 5, 7}, {1, 1, 4, 6}}
	external := func() {
		var out [width]*big.Int
		for i := range out { // circ(2·M4, M4, M4, M4)
			out[i] = new(big.Int)
			for j := range s {
				c := m4[i%4][j%4]
				if i/4 == j/4 {
					c *= 2
				}
				out[i].Add(out[i], new(big.Int).Mul(big.NewInt(c), s[j]))
			}
			mod(out[i])
		}
		s = out
	}
	diagonal := poseidon2.NewParameters(width, fullRounds, partialRounds).DiagM1
	internal := func() {
		sum := new(big.Int)
		for _, v := range s {
			sum.Add(sum, v)
		}
		for i := range s {
			d := new(big.Int)
			diagonal[i].BigInt(d)
			s[i] = mod(d.Mul(d, s[i]).Add(d, sum))
		}
	}
	g := newGrain()
	full := func() {
		for i := range s {
			s[i] = five(mod(new(big.Int).Add(s[i], g.element())))
		}
		external()
	}
	external()
	for range fullRounds / 2 {
		full()
	}
	for range partialRounds {
		s[0] = five(mod(new(big.Int).Add(s[0], g.element())))
		internal()
	}
	for range fullRounds / 2 {
		full()
	}
	out := mod(new(big.Int).Add(s[1], first))
	return hex.EncodeToString(out.FillBytes(make([]byte, 32)))
}
