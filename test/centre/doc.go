// Package centre starts a whole demonstration centre on loopback from the real
// binaries: server, issued PCs with a key in a TPM simulator or in software, a
// virtual desktop on a real VNC server. The demonstration, the tour, the
// stories, the benchmarks and the drills all stand on it.
//
// Everything it starts ends with it: processes run in groups of their own and
// die with their parent.
package centre
