// Package witnesses keeps face enrolments that a supervisor in another place
// watches by video (映像での立ち会い), and decides what such a witness vouches for.
//
// Invariants:
//   - A case is of one question for a witness (gate/approvals), one connection and
//     one witness, who took it. Nobody witnesses himself; the role is asked when he
//     takes the case and again when he confirms.
//   - No picture is taken before the person has agreed to be seen by that witness.
//     A case that another witness took since needs another agreement.
//   - Pictures are JPEG of at most 640 pixels a side and 40 KiB, at most five a
//     second. The newest one is in memory, is given to that witness alone, and goes
//     with the case. Nothing of it is stored or logged.
//   - What the person is to do is drawn by the server when he agrees, and shown to
//     the witness alone.
//   - A case in which no picture came, or at which nobody looked, for six seconds
//     has ended. A server that starts anew has no live case.
//   - A witness confirms one enrolment: its commitment, its sealed picture, on this
//     connection, in this run, and which older picture was compared. A PC that
//     offers another one makes what was shown void.
//   - A PC that came in the place of another by courier enrols in this way alone,
//     and where an older picture is kept, only after the witness has seen it.
//   - A refusal ends the question too. Both answers, every end, and every attempt
//     that was turned away is in the audit log.
//
// The older picture (oldface.go): two officers open it on their own machines, as
// guard/evidence demands, and seal it to a key that the witness's page has made.
// This room passes ciphertext on, for one PC and one witness, until the enrolment
// or for a week.
//
// It compares no faces, opens no sealed picture, and stores no enrolment (gate/faces does).
package witnesses
