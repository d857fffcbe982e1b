// Package evidence keeps the sealed records (記録画像) of detections: who may
// have one, who had it, and until when it stays.
//
// Invariants:
//   - What is kept is a sealed bundle (twin/sealing). Anything else, a clear
//     picture above all, is refused and nowhere written.
//   - A bundle goes out only to an officer, with a reason, after the audit row
//     and the row in the list of viewers are committed. Never to the person whom
//     it concerns.
//   - A bundle is deleted seven days after the decision on its incident, and not
//     before; undecided and held ones stay. One that was deleted never returns.
//   - The row says that a bundle is gone only when the vault no longer has it.
//
// It has no key and opens nothing, does not decide about incidents
// (guard/presence does) and never tells what a picture shows.
package evidence
