// Package operators keeps the people of a centre, whatever roles they hold, and
// how they prove that it is they: passkeys, and the console sessions that a
// passkey opens.
//
// Invariants:
//   - One person, one login: nobody shares an account.
//   - There are no passwords. A passkey is bound to one relying party and origin,
//     wants user verification, and answers a challenge of this room once.
//   - The first administrator comes in by a link made on the host itself, used
//     once within 30 minutes and from the host alone; everybody else by an
//     invitation, used once within 24 hours. Tokens are kept as hashes.
//   - Nobody becomes somebody else by one administrator's word: a link for a
//     person who has a passkey, and from the day on which there are two
//     administrators one for any role but operator, needs the second of them, or
//     the host.
//   - A console session is a 256-bit bearer, kept as its hash; it lives 12 hours,
//     30 minutes without use, and not beyond its person's suspension.
//   - There is always an active administrator.
//   - The login without a passkey exists only where the row of operators_demo
//     stands, which only an empty database accepts, and only from loopback.
//
// It does not decide what a role may do (each door has its table) or whether a
// person may reach anything (grants does).
package operators
