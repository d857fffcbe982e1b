// Package identities lets people sign in to the console through the centre's
// identity provider (OpenID Connect Core 1.0, authorization code flow with PKCE,
// RFC 7636), and keeps who is whom there.
//
// Invariants:
//   - A person is found by (issuer, subject), which an administrator has linked
//     and which a second one confirms (重要な操作, gate/approvals) where an
//     invitation would need him; never by an e-mail address or a name. The provider gives nobody a role.
//   - A sign-in is begun and ended by the same browser, within ten minutes, and
//     its state is used once, whatever comes of it; nonce, verifier and state are
//     256 random bits each.
//   - An ID token counts only from the named issuer, for this client alone, signed
//     by a key of the issuer with an asymmetric algorithm, its claims spelled as the standard spells them, unexpired by our clock,
//     issued within its last ten minutes and at most a minute ahead, with our nonce.
//   - Where the settings demand amr or acr values, a token without them is refused.
//   - What a provider sends is bounded in size and time, and redirects are not followed.
//   - What cannot be asked or read refuses.
//
// It does not say what such a sign-in may do: it is one factor, and the console's
// door asks for a passkey where that is not enough.
package identities
