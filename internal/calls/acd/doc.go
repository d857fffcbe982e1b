// Package acd decides who gets which call (ACD): queues, the telephone states of
// operators, offers, and what is reported of all that.
//
// The heart is Machine: one serial state machine without I/O, clock or chance. It
// takes one event at a time and answers with acts, which exchange carries out, and
// with facts, which are kept. The room around it holds the queues and the skills,
// runs the machine in one goroutine and appends its facts to the log.
//
// Invariants, looked at after each of a million random events:
//   - Nobody has two calls; no call has two operators who talk.
//   - An offer's token counts once, and only the newest of its operator counts.
//   - A call waits, is offered, is in talk, or has left with a cause: none is lost.
//   - Whoever has no live lease, or has gone, has neither offer nor talk.
//   - A call goes home only as far as its level, the queue, the centre's rule and
//     the class of the lease let it.
//   - What waited longer is served first, of what an operator may take.
//   - Nobody waits while somebody idles who may take him.
//
// It does not ring, play or dial: exchange does, and tells what came of it. It
// knows no telephone numbers, names or sound. What the guard saw is not among its
// facts: a lease that ended is a state without a reason, and no figure counts it.
package acd
