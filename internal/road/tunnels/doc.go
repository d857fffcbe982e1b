// Package tunnels is the gateway's end of every operator's WireGuard tunnel: one
// device in user space, one peer for each connection.
//
// Invariants:
//   - a peer exists only between Open and Remove; without it WireGuard answers no
//     handshake, so the port looks closed to everybody else;
//   - a peer has exactly one address, a /32 from the pool, which no other peer
//     has: WireGuard drops whatever claims another source, so the source address
//     is the device;
//   - a pre-shared key is drawn for each connection and kept nowhere but in
//     WireGuard and in the answer to the PC;
//   - an address rests before it is given out again: the pool is walked round.
//
// It does not decide whether a device may connect (gate/devices), what passes
// (road/flows is the stack's gate) or when a connection is over (gate/grants).
package tunnels
