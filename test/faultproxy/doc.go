// Package faultproxy stands between two real programs and spoils the network
// between them: datagrams are lost, delayed, doubled, put out of order or
// swallowed altogether; streams are delayed, stalled or cut. It is seeded, so
// that the same seed makes the same decisions for the same datagrams.
//
// It knows nothing of what it carries, and ships in no binary.
package faultproxy
