// Package trunks is the line to the outside: SIP trunks of carriers and switches,
// and the sound that goes over them.
//
// Invariants:
//   - Whoever is on no trunk's list is never answered. A message is validated
//     before a transaction remembers it, and its refusal needs no handler.
//   - One message or packet never ends the process: whatever breaks in its handler
//     is contained there and counted. Everything from outside is bounded: messages,
//     headers, descriptions, transactions, connections, calls, what each source
//     sends in a second.
//   - Nothing that a peer wrote goes into a message of ours unless it was found plain.
//   - Sound is taken from one address alone: of the description or of the trunk's
//     list, after three packets of one source; with SRTP, of those that are
//     authentic. Only a re-INVITE lets another be learned.
//   - A closed leg's ports stay bound until nothing comes any more: the next call
//     never hears the last one.
//   - A trunk with SDES takes no call in the clear, and SDES needs TLS.
//   - No call goes out but by the trunk's rules: numbers, hours, calls at once and
//     a minute, a caller's number that is ours. 110, 118 and 119 never go out.
//   - The peer's offer never reaches another party, and REFER is refused: whoever
//     is put through is put through by us.
//
// Parsing and message types are sipgo's; validation, transactions, dialogs and
// sockets are this room's (docs/decisions/0030). It does not mix, record or
// transcode, hears no keys in the sound itself, and does not know operators,
// queues or flows: exchange joins a leg with others.
package trunks
