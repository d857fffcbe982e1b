// Package softphone is the operator's end of a call: WebRTC in the page of an
// issued PC, and nowhere else. A Line is one party, as a trunk's leg is.
//
// Invariants:
//   - There is no account and no password. A line exists for a session that is
//     alive, is asked about again after it was entered, and ends with it.
//   - Sound goes through the tunnel alone: one UDP socket of the gateway's address,
//     one host candidate, ICE-lite. Packets of an address without a line are
//     dropped and counted before anything parses them; a line hears and answers its
//     session's address alone, whatever credentials others bring.
//   - One person has one place: a newer line replaces the older one, which ends with
//     calls.Replaced before the newer one carries anything.
//   - After Mute(true), Cut or Hang has returned no sound passes, in either
//     direction: each packet asks an atomic, and whoever closes waits for the packet
//     that is under way.
//   - G.711 and telephone-event go as they came; nothing is decoded but where the far
//     law is one that the browser did not offer.
//   - What an offer says is bounded and checked before WebRTC's own parser sees it;
//     addresses that it names are taken out, so that nothing here ever sends to them.
//
// It does not ring, does not know calls, and keeps nothing in the database: whom a
// line speaks with is the business of exchange.
package softphone
