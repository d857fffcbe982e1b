// Package stack is the network inside the tunnel: gVisor's TCP/IP in user space
// behind a batched WireGuard tun.Device, run by the gateway and by the issued
// PC alike. No driver, no rights, no kernel interface.
//
// Invariants:
//   - every packet passes the Gate, in both directions, at the moment it crosses
//     between WireGuard and the stack; without a Gate all pass (the PC's side,
//     where WireGuard's own routing admits the gateway alone);
//   - only IPv4 exists here: anything else is dropped and counted;
//   - Close may be called at any time, from any goroutine, more than once, and
//     leaves no goroutine behind;
//   - packets that the stack owns are released on every path.
//
// It does not decide who may pass (road/flows does), does no segmentation
// offloading (gVisor's has crashed others, and the wire is slower than the stack
// without it) and resolves no names: addresses inside the tunnel are numbers.
package stack
