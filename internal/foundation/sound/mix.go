package sound

// Parties is how many one conversation may have.
const Parties = 8

// Gain is how loud a party is for another, in 1/256: Full as it is, 0 not at all.
type Gain uint16

// Full leaves a party as loud as it is.
const Full Gain = 256

// Gains say who hears whom: Gains[who speaks][who hears]. The zero value is
// silence for everybody.
type Gains [Parties][Parties]Gain

// Everybody gives the gains of n parties who all hear each other and not themselves.
func Everybody(n int) (g Gains) {
	for from := range min(n, Parties) {
		for to := range min(n, Parties) {
			if from != to {
				g[from][to] = Full
			}
		}
	}
	return g
}

// Mix writes into out[i] what party i hears of all that in holds: in[j] is what
// party j says, nil where he says nothing. Parties beyond Parties neither speak nor
// hear. Samples that in[j] has not are silence; sums are clamped.
// out and in share no memory.
func Mix(out, in [][]int16, g *Gains) {
	var sum [Frame]int32
	for to, dst := range out {
		for len(dst) > 0 && to < Parties {
			n := min(len(dst), Frame)
			at := len(out[to]) - len(dst)
			clear(sum[:n])
			for from, src := range in[:min(len(in), Parties)] {
				if gain := int32(min(g[from][to], 8*Full)); gain > 0 && at < len(src) {
					add(sum[:n], src[at:], gain)
				}
			}
			for i, s := range sum[:n] {
				dst[i] = clamp(s)
			}
			dst = dst[n:]
		}
		if to >= Parties {
			clear(dst)
		}
	}
}

// add adds src with a gain of at most 8: eight parties of 16 bits stay within 32.
func add(sum []int32, src []int16, gain int32) {
	n := min(len(sum), len(src))
	if gain == int32(Full) {
		for i, s := range src[:n] {
			sum[i] += int32(s)
		}
		return
	}
	for i, s := range src[:n] {
		sum[i] += int32(s) * gain / int32(Full)
	}
}

func clamp(s int32) int16 { return int16(min(max(s, -32768), 32767)) }
