// Package flows answers what an operator's PC can reach, packet by packet, and
// closes what was reached the moment a session ends. It is the gate in the
// gateway's stack and the registry of every live flow.
//
// Invariants:
//   - A packet passes only if it is TCP or UDP between a joined PC and a port of
//     the gateway that is named here. Everything else is dropped: other
//     operators, other addresses, fragments, IP options, other protocols.
//   - A TCP flow belongs for ever to the epoch in which its SYN came: 0, the
//     quarantine, or that of the lease that was alive. A flow of a lease passes
//     only while that very lease is alive, asked for each packet in each
//     direction: neither the registry nor an event is needed for it to die.
//   - Of a dead flow only resets pass, without payload, from us: each late
//     segment of the PC is answered by one, so that none is lost for good.
//   - A session's end is in this order: mark dead, reset towards the PC, close
//     upstream, write the audit row afterwards. Nothing in it waits.
//   - Whoever registers a flow registers first and is then asked again whether
//     the lease is alive: an end in between is never missed.
//
// It does not judge leases (gate/grants), speak HTTP or decide which routes
// quarantine may see (api/desk): it tells them the epoch of each connection.
package flows
