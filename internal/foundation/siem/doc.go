// Package siem passes the audit log on to the centre's SIEM: syslog over TLS
// (RFC 5424, RFC 5425 with octet counting), as structured data or with an OCSF
// event as JSON in the message.
//
// Invariants:
//   - Nothing waits for it. It reads the log behind everybody's back, in a
//     goroutine of its own; a receiver that hangs holds up nothing but itself.
//   - At least once. The cursor moves only when the receiver has read a whole
//     batch to its end, and stands in the database: neither a restart nor an
//     outage loses an entry; some may come twice. Each carries its number, so
//     that a gap or a repetition shows.
//   - Only TLS, only to a certificate of the authorities that the settings name.
//   - Bounded: one batch in memory, one connection, waits that grow to a minute.
//   - No personal values: an entry goes out as its leaf says, with ids.
//   - That it fails, and that it works again, is in the log itself.
//
// Syslog knows no acknowledgement. So every batch has a connection of its own:
// we close our side (close_notify), and take the receiver's clean end of the
// connection, TLS's and TCP's, for its word that it has read everything; a reset,
// a timeout or an end before ours is none, and the batch is sent again. We close
// 300 ms after the last byte, so that an end that was on its way is seen to have
// been before ours.
//
// It does not filter: whoever may choose what is passed on could hide something.
package siem
