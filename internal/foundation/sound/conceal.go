package sound

// fading is over how many lost frames of 20 ms the last sound fades away.
const fading = 4

// joint is over how many samples what was made up passes into what came: 5 ms.
const joint = Rate / 200

// Concealer makes up for frames that were lost: it repeats what it heard last,
// quieter each time, and silence after 80 ms. Its zero value has heard nothing.
type Concealer struct {
	last [Frame]int16
	lost int
}

// Heard tells it of a frame that came, and smooths in place the joint with what
// was made up before.
func (c *Concealer) Heard(pcm []int16) {
	if c.lost > 0 && c.lost < fading {
		for i := range min(joint, len(pcm)) {
			made := int32(c.last[i]) * int32(fading-c.lost) / fading
			pcm[i] = int16((made*int32(joint-i) + int32(pcm[i])*int32(i)) / joint)
		}
	}
	c.lost = 0
	if n := len(pcm); n >= Frame {
		copy(c.last[:], pcm[n-Frame:])
	} else {
		copy(c.last[:], c.last[n:])
		copy(c.last[Frame-n:], pcm)
	}
}

// Lost writes one frame in the place of one that did not come.
func (c *Concealer) Lost(pcm []int16) {
	clear(pcm)
	if c.lost >= fading {
		return
	}
	from, to := int32(fading-c.lost), int32(fading-c.lost-1)
	n := min(Frame, len(pcm))
	for i := range n {
		gain := from*int32(n-i) + to*int32(i)
		pcm[i] = int16(int64(c.last[i]) * int64(gain) / int64(fading*n))
	}
	c.lost++
}
