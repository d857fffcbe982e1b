// Package telephone is a customer's telephone as the network brings it: SIP over
// UDP, G.711 and telephone-event over RTP. It speaks to the product from outside, and
// shares with it only the tables of foundation/sound. It answers re-INVITEs, knows
// no encryption, and takes sound from whoever sends it: it is a test peer.
package telephone
