// Package approvals keeps the questions that wait for a second person (二者承認):
// a witness at a face enrolment, a session or a passkey for somebody whose face
// cannot be used, a link by which an administrator lets somebody register a
// passkey for the console, and an own role with an administrator's or an
// officer's rights.
//
// Invariants:
//   - Whoever decides is active, has the role that decides this kind (supervisor;
//     administrator for links and roles), and is not the person who asks.
//   - Approving needs the four digits that the asker's screen shows, so that the
//     two have spoken; three wrong tries refuse the question.
//   - An answer is used once, for what was asked and nothing else, by the person
//     and PC that asked, within ten minutes.
//   - Both the answer and its use are in the audit log, in their own transactions.
//
// It does not open anything: faces, grants, operators and roles do, with Use in their transaction.
package approvals
