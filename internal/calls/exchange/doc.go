// Package exchange joins the rooms of the telephone into calls: a caller who
// comes over a trunk, the flow that greets him, the queue in which he waits, the
// operator who talks with him and the tape that keeps it.
//
// Invariants:
//   - Each call has one goroutine, and nobody else changes its state. Media
//     goroutines take no lock of it: they hand frames to sinks that are swapped
//     atomically.
//   - Whoever hears a call hears it under a live lease, asked again at the moment
//     he is joined. When a lease dies, his line is dead both ways before anything
//     else is done; the caller then hears music, and waits again at the head.
//   - A caller is never hung up on because of the guard, and no call ends without
//     a cause that is stored.
//   - While digits are masked nothing that the caller sends reaches an operator, a
//     supervisor or the tape.
//   - Nothing of a call is on the tape of another.
//
// It keeps no configuration: trunks, flows, queues and recordings have their own
// rooms. It decides no routing: acd does.
package exchange
