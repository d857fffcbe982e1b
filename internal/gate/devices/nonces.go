package devices

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// nonceLife is how long a nonce for one binding lives: a TPM signs in well
// under a second, a slow home line needs a few.
const nonceLife = 30 * time.Second

// noncesPerDevice bounds what one PC can make the server remember; a new nonce
// beyond it ends the oldest.
const noncesPerDevice = 4

// nonces are the open nonces of this node. They die with the process, and so
// does every binding that was not finished: the PC asks again.
type nonces struct {
	clk clock.Clock

	mu   sync.Mutex
	open map[sekisho.DeviceID][]openNonce // oldest first
}

type openNonce struct {
	nonce [nonceBytes]byte
	dies  time.Duration // monotonic
}

func newNonces(clk clock.Clock) *nonces {
	return &nonces{clk: clk, open: map[sekisho.DeviceID][]openNonce{}}
}

func (n *nonces) issue(device sekisho.DeviceID) []byte {
	o := openNonce{dies: n.clk.Mono() + nonceLife}
	_, _ = rand.Read(o.nonce[:]) // crypto/rand never fails
	n.mu.Lock()
	defer n.mu.Unlock()
	list := append(n.open[device], o)
	n.open[device] = list[max(0, len(list)-noncesPerDevice):]
	return o.nonce[:]
}

// use ends the nonce and says whether it was this device's and alive. A second
// use of any nonce is false, whatever came of the first.
func (n *nonces) use(device sekisho.DeviceID, nonce []byte) bool {
	now := n.clk.Mono()
	n.mu.Lock()
	defer n.mu.Unlock()
	good := false
	kept := n.open[device][:0]
	for _, o := range n.open[device] {
		switch {
		case now >= o.dies: // forgotten
		case string(o.nonce[:]) == string(nonce): // random and single use: comparing needs no constant time
			good = true
		default:
			kept = append(kept, o)
		}
	}
	n.keep(device, kept)
	return good
}

// forget ends every nonce of a device.
func (n *nonces) forget(device sekisho.DeviceID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.keep(device, nil)
}

func (n *nonces) keep(device sekisho.DeviceID, list []openNonce) {
	if len(list) == 0 {
		delete(n.open, device)
		return
	}
	n.open[device] = list
}
