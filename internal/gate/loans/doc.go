// Package loans keeps what goes out with a PC and comes back with it: its
// accessories, until when it is lent, the slip of its return, and the card by
// which whoever lost it closes it himself.
//
// Invariants:
//   - A return names every accessory, each as received or as missing, and ends
//     the PC's certificate in the same transaction: both, or neither.
//   - Of a PC at most one loss card counts: the newest. Its secret has 128 bits,
//     is shown once, and only its hash is kept.
//   - A card works once, without a login. It closes everything of its PC and
//     nothing else; that it can be used by whoever holds it is its purpose, and
//     the harm of that is a PC that has to be issued anew.
//   - A card that is not known closes nothing and leaves a row, as many as its
//     door lets one source leave.
//
// It asks nobody who he is: the door does. What a PC may do is gate/devices'.
package loans
