// Package idp plays identity providers: an honest one, zitadel/oidc in a process
// of its own (provider), and a Forger that keeps the protocol and signs whatever
// it is told to.
package idp
