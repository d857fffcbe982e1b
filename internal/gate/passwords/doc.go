// Package passwords lets people whom an administrator allows it sign in to the
// console with a password that this server never sees: OPAQUE-3DH of RFC 9807
// with ristretto255-SHA512, HKDF and HMAC-SHA512, and Argon2id (64 MiB, three
// passes) in the page.
//
// Invariants:
//   - No password, nor anything from which one can be tried without this server's
//     own key, crosses the wire or lies in the database.
//   - Who has the answer to one guess (KE2) can tell by himself whether it was
//     right. So a guess counts when it is answered, in a committed transaction
//     before the answer goes out, and only a proof that it was right (KE3) takes
//     the count away. Five are answered within 15 minutes for one login, however
//     many come at once and on however many nodes.
//   - The answer to a page that sets a password is worth a guess too, and is
//     counted the same way, by itself: a password that is set, an unlocking or
//     another invitation does not give more of them.
//   - After the fifth the login is locked for 15 minutes, then 30, doubling up to
//     24 hours while lock-outs follow each other. A supervisor ends it, never for
//     himself; the next one is as long as if he had not. Passkeys work meanwhile: locking somebody's password shuts nobody out.
//   - A login that nobody has, that has no password or whose person may not come
//     in is answered, counted and locked like any other, with the same work.
//   - The right password opens only for a person who may still use one at that
//     moment, under the record that answered.
//
// It does not decide who may use a password or open sessions (operators does),
// bound requests by source (the door does), or know how good a password is: no
// server of this protocol can. The page checks that, and whoever changes the page
// can leave it out; what stands against guessing here is the lock-out.
package passwords
