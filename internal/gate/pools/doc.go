// Package pools keeps which PCs several people use (共用PC), and who: a group
// has a name, people and PCs, and a PC of a group is nobody's own.
//
// Invariants:
//   - Whoever sits at a PC of a group is one named person of that group, who may
//     work today, and for its client company if it has one. Somebody else, somebody
//     unknown and somebody who has left are refused with the same words: nothing
//     tells who is in a group.
//   - A PC is of one group at most, and away from the office it is refused (app
//     asks policy and posture). A group has at most 200 people and 200 PCs.
//   - Whoever leaves a group, and a PC that does, loses the faces there in the same
//     transaction, and what is open is closed before and after it.
//   - A sealed face is taken from one PC of a group for another of it alone, for
//     somebody of the group who has consented, where the certificates and the
//     signature are good; its row is written with it. The server cannot open it.
//
// It does not judge faces (faces does) or open connections (devices and grants
// do), and knows nothing of the PC's holder, who stays answerable for it.
package pools
