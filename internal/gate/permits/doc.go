// Package permits keeps who may work with an issued PC outside the office
// (持ち出し許可): for which days, at what kind of place, and who said so.
//
// Invariants:
//   - A permit is for one PC and one person, has a first and a last moment, and
//     ends by itself: nobody has to remember it. It is at most 366 days long and
//     never made longer; whoever stays out longer gets another one.
//   - Nobody gives himself a permit.
//   - A permit ends with its PC, once whoever ends PCs says so (ForgetDevice).
//   - On one PC at most one permit counts at any moment.
//   - What cannot be read counts as no permit.
//   - That one was taken back is told to every OnEnded listener before End returns.
//
// Of the place of work it knows the kind alone, never an address. It does not
// decide whether a permit is needed: the centre's policies do (gate/rules), and
// ask it for the fact. It does not know where a PC really is (gate/posture).
package permits
