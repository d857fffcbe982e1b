// Package presence keeps asking whether the right person still sits alone in
// front of his PC. It serves the lease protocol to every agent, and keeps the
// detections (検知) that agents report.
//
// The protocol (internal/wire/lease.go) on port 7001 of the gateway: nonces go
// to port 7001 of the PC until a datagram from another port of that PC arrives;
// from then on to that one. Any datagram says hello. An agent that has nothing
// to answer yet and dialled from a free port sends one first.
//
// Invariants:
//   - A renewal or report with a state that ends the lease has ended it, and
//     every OnEnd listener has run, before anything is written to SQL and before
//     the answer goes out.
//   - One goroutine with a wheel serves all leases. No renewal
//     touches SQL; no lease has a goroutine of its own.
//   - A report counts only with the signature of the connection's lease key.
//   - Every incident expects evidence. None after 60 s is an alarm in the audit log.
//   - A refused report, decision or objection leaves an audit row; of each kind and
//     person ten at once and then one a minute.
//   - A decision is made once, by an officer or a supervisor, never by the person
//     whom the incident concerns.
//
// It does not decide about leases (gate/grants does), judge faces or keep
// pictures (guard/evidence does). Nothing here feeds a score of a person.
package presence
