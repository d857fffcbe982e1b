// Package desk is the operators' door: HTTP on port 80 inside the tunnel, for
// agents alone. It answers "what may this connection do right now" in three
// steps, each of which refuses on its own:
//
//  1. The source address names the connection (one /32 per peer, WireGuard
//     keeps it honest); an address without a connection gets nothing.
//  2. Every request is signed by that connection's lease key over method,
//     path, body hash and a counter that is used once.
//  3. Routes are quarantine or live. A live route needs a live lease now and a
//     TCP connection that was opened under that very lease (else 421, so that
//     no flow from quarantine outlives a closed lease).
//
// Nothing of a body is read before the route is known and the headers of a
// signature are there; the signature of an upload names its bytes, so it is
// checked before the first of them. Each PC has its share of requests, of acts
// that the audit log will hold for ever, of bodies that are being read, and of
// time to send them. Every refusal of the door leaves an audit row with its code,
// up to one a second from one PC; whoever is faster leaves one that says so.
//
// What agents carry for the console (/api/console/v1/) is a live route like any
// other; the console's own door says who may use it, and this one never hands over
// what has no live lease.
//
// The door parses and bounds what comes in and hands typed values to the
// districts. It keeps no state but the counters and rates of requests. It deliberately
// serves no pages: the PC's own agent does that from its signed bundle.
package desk
