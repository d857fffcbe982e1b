// Package approvals keeps the questions that wait for a second person (二者承認):
// a witness at a face enrolment, a session or a passkey for somebody whose face
// cannot be used, and a link by which an administrator lets somebody register a
// passkey for the console.
//
// Invariants:
//   - Whoever decides is active, has the role that decides this kind (supervisor;
//     administrator for links), and is not the person who asks.
//   - Approving needs the four digits that the asker's screen shows, so that the
//     two have spoken; three wrong tries refuse the question.
//   - An answer is used once, for what was asked and nothing else, by the person
//     and PC that asked, within ten minutes.
//   - Both the answer and its use are in the audit log, in their own transactions.
//
// Deputies (代理) answer a supervisor's questions for him, who names them with a
// begin and an end. They hold administrator or officer themselves, never answer
// what he has asked, and each answer's row says for whom. Both sides must still
// hold their roles when they answer.
//
// Dangerous acts (重要な操作) are asked for by one person and confirmed by another:
// - Whoever confirms holds the role for the kind, is not the asker, proves it
// with his own passkey, and names the digest of what he was shown. What is
// asked for cannot be edited: asking again is another act.
// - One confirmation counts, of however many at once; an act waits for a day, and
// what its asker does himself is to be used within an hour. The asker must still
// hold his role by then.
// - The room keeps what is to be done and who said so. It does nothing itself:
// whoever performs an act says so by Carry in the transaction that does it, so
// that no act is confirmed and not done.
//
// It does not open anything: faces, grants, operators and roles do, with Use in their transaction.
package approvals
