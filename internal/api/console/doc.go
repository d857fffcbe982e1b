// Package console is the door for supervisors, administrators, security
// officers and auditors (管理画面): /api/console/v1, its one WebSocket, and the
// pages that use them.
//
// What always holds here:
//
//   - Every route stands in one table with the roles that may use it
//     (access.go). A route that is not in the table refuses everybody, and a
//     test fails.
//   - The session is a __Host- cookie that no script can read. A request that
//     changes anything must come from this very origin, said twice by the
//     browser: Origin and Sec-Fetch-Site.
//   - The Host must be ours: a name that was rebound to this address gets nothing.
//   - An address that is not on the console's list (gate/networks), where there
//     is one, gets neither a page nor an answer.
//   - Bodies are bounded before they are read, unknown fields are refused, and
//     every refusal is a problem with a code and a text in ja and en. The text
//     of an internal error never leaves.
//   - One source, and whoever has not signed in, has its share of requests; who is
//     turned away at this door leaves an audit row, up to one a second.
//   - The person who acts is always taken from the session, never from a body.
//
// What it deliberately does not do: it decides nothing about devices, people,
// sessions or incidents (the rooms do); it never opens a sealed record, and
// hands ciphertext to nobody but an officer; it keeps no state of its own but
// the sockets that are open.
package console
