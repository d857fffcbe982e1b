// Package faces keeps what the server may keep of a person's face, and judges
// the statements that a login by face makes.
//
// Invariants:
//   - No face without consent to the text now in force. Refusing, or taking the
//     consent back, deletes every commitment and sealed picture of that person;
//     work goes on by passkey and approval.
//   - A face is enrolled only with a supervisor as witness, whose approval is
//     used up in the same transaction. Where one watched by video, the enrolment is
//     just the one that he confirmed (gate/witnesses).
//   - The server keeps a commitment, the model's hash and the hash of a picture
//     that only two officers together can open. It never sees features.
//   - The picture is one that this person uploaded from this PC for an enrolment,
//     named once (guard/evidence keeps it). No other hash is taken or deleted here.
//   - A statement opens only with a nonce that this room handed to that
//     connection, at most 60 s ago, once; with the stored commitment and model;
//     over at least three frames, three in five of them matching; and with the
//     challenge that was asked.
//   - A login that failed on the PC is told by its signed refusal and counts as
//     one that is refused here. A PC that is tampered with may keep it to itself.
//   - After five failures in a row a person waits 30 s and then ever longer; after
//     fifty nothing opens until a supervisor clears it (NIST SP 800-63B-4 §3.2.3).
//   - The demonstration engine counts in demonstration data alone.
//
// It does not open sessions (grants does) or compare faces (twin/vigil does, on the PC).
package faces
