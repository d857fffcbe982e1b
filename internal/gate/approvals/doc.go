// Package approvals keeps the questions that wait for a second person (二者承認):
// a witness at a face enrolment, and a session for somebody whose face cannot
// be used.
//
// Invariants:
//   - Whoever decides is active, has the role supervisor, and is not the person
//     who asks.
//   - Approving needs the four digits that the asker's screen shows, so that the
//     supervisor has spoken with him; three wrong tries refuse the question.
//   - An answer is used once, by the person and PC that asked, within ten minutes.
//   - Both the answer and its use are in the audit log, in their own transactions.
//
// It does not open anything: faces and grants do, with Use in their transaction.
package approvals
