// Package carrying is how an enrolled face goes from one shared PC to another
// without anybody between them being able to read or replace it.
//
// Each PC has a key to seal to (age, X25519; C2SP age), named in a statement by
// its device key, whose certificate the pinned authority made. A PC that has a
// face checks that statement, seals the face to that key, and signs with its own
// device key whose face went from where to where.
//
// Invariants, each with the test that tries to break it:
//   - Nothing is sealed to a key whose certificate is missing, foreign, expired or
//     of another PC, nor from a PC with a TPM to one that keeps its key in software.
//   - A sealed face opens only on the PC that it names, for the person and the
//     commitment that it names, and only as a certified PC has signed it.
//
// What it deliberately does not do: it does not look into a face (agent/connect
// checks the commitment), knows no groups (gate/pools), and cannot know a
// certificate that was revoked: the server leaves such PCs out.
package carrying
