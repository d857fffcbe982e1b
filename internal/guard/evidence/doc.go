// Package evidence keeps the sealed records (記録画像) of detections and the one
// sealed picture of each face enrolment: who may have one, who had it, and until
// when it stays.
//
// Invariants:
//   - What is kept is a sealed bundle (twin/sealing). Anything else, a clear
//     picture above all, is refused and nowhere written.
//   - It claims to be sealed to the holders of the roster in force, or of the one
//     before it. Whether it opens, only they can tell.
//   - A hash is one thing for ever: the record of one incident, or a picture that
//     one person uploaded for an enrolment on one PC. The vault is this room's
//     alone, so nothing that is done to a face deletes a record.
//   - One person's PCs send at most 400 bundles and 512 MiB a day. A blob without a
//     row is collected after a day.
//   - A refused attempt leaves an audit row, ten at once and one a minute of each kind and person.
//   - A bundle goes out only to an officer, with a reason, after the audit row
//     and the row in the list of viewers are committed. Never to the person whom
//     it concerns.
//   - A record is deleted seven days after the decision on its incident, and not
//     before; undecided and held ones stay. A picture is deleted with its
//     enrolment, or after an hour if no enrolment took it. What was deleted never
//     returns.
//   - The row says that a bundle is gone only when the vault no longer has it.
//
// It has no key and opens nothing, does not decide about incidents
// (guard/presence does) and never tells what a picture shows.
package evidence
