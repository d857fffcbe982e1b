// Package story holds the tests that play a part of the product's day with the
// real binaries, a real browser, a real VNC server and a TPM simulator. They
// assert what must happen, never how fast: times belong to bench.
package story
