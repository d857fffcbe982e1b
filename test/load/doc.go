// Package load is a fleet of issued PCs for benchmarks: thousands of real
// WireGuard peers in one process that connect, log in with their own keys,
// renew their leases and measure how long each answer takes. It speaks the real
// protocols; no shipped binary links it.
package load
