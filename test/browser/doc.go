// Package browser drives a real Chromium for stories, the tour, benchmarks and
// drills: a fresh profile, a clip as its camera, real clicks and keys, a
// virtual authenticator for passkeys, screenshots. It speaks the DevTools
// protocol over the browser's own pipe-like WebSocket and nothing else.
//
// It is a test program's tool; no shipped binary links it.
package browser
