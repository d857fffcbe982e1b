// Package seat is somebody who sits in front of an issued PC: a real Chromium
// with a clip as its camera, driven through the operator's own page by what its
// buttons say. It watches what the page shows and what the agent tells it, and
// changes nothing of either.
//
// The tour, the stories and the benchmarks share it.
package seat
