// Package vigil is the guard's judgement: it turns what the page measured of a
// camera frame (wire.Frame) into what is known of the seat (sekisho.State).
// The agent runs it; tests, benchmarks and the server's own checks run the very
// same code, so that a recorded stream of frames always gives the same verdicts.
//
// Three steps, all pure, all driven by the caller's clock:
//
//   - Look validates one frame and compares its faces with the enrolled
//     Templates: an Observation, no opinion yet.
//   - Machine keeps what must be remembered between frames (whose face is whose,
//     what was seen how often, since when) and says the state.
//   - Login, Enrolment and the challenge inside Login are the judges of the acts
//     that open something.
//
// Invariants, each with the test that tries to break it:
//
//   - The zero Observation, Machine, Login and Thresholds refuse. A missing
//     embedding, liveness score or template never opens anything.
//   - Once closed, a Machine is never open again by itself: only Open, after a
//     Login that is Done, opens it.
//   - Identity is never inherited: a face that cannot be the continuation of the
//     operator's own, by place, size and time, starts with nothing.
//   - Frames that are stale, repeated or malformed are not evidence of presence.
//
// What it deliberately does not do: no I/O, no clock, no goroutine, no network
// protocol, no learning. Templates change by enrolment alone.
package vigil
