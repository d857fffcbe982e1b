// Package operators keeps the people of a centre, whatever roles they hold, and
// how they prove that it is they: passkeys, and the console sessions that a
// passkey opens.
//
// Invariants:
//   - One person, one login: nobody shares an account.
//   - A passkey is bound to one relying party and origin, wants user verification,
//     and answers a challenge of this room once. A password is a way in only for
//     whom an administrator allows it, and never known here (passwords).
//   - The first administrator comes in by a link made on the host itself, used
//     once within 30 minutes and from the host alone; everybody else by an
//     invitation, used once within 24 hours. Tokens are kept as hashes.
//   - Nobody becomes somebody else by one administrator's word: a link for a
//     person who has a passkey, and from the day on which there are two
//     administrators one for any role but operator, needs the second of them, or
//     the host.
//   - A passkey for the console of an issued PC (RPHome) is registered by whoever
//     sits there under the guard, with a code that he got with a passkey he has, or
//     an invitation of his; the console session that it opens is his alone, and
//     worth nothing outside that guard session.
//   - A console session is a 256-bit bearer, kept as its hash; it lives 12 hours,
//     30 minutes without use, and not beyond its person's suspension.
//   - There is always an active administrator whose contract has no end.
//   - After the last day of a contract, from midnight in Japan, its person is not
//     active for anybody who asks; soon after, what he had is taken away.
//   - A list of people is done as a whole, and as it was shown, or not at all; it
//     gives and takes no role that decides about other administrators.
//   - The login without a passkey exists only where the row of operators_demo
//     stands, which only an empty database accepts, and only from loopback.
//
// It does not decide what a role may do (each door has its table) or whether a
// person may reach anything (grants does).
package operators
