// Package training keeps what people must know before they work: courses with a
// quiz, and rule documents (規程) in three levels that they acknowledge.
//
// Beside them stands a practice work (練習業務): short scenarios with invented
// customers, played turn by turn; the rules may ask for it.
//
// Invariants:
//   - Whoever has not done what the rules ask is refused once his time of grace
//     is over: grants asks before it opens a session, and again in the
//     transaction that opens it. What cannot be read refuses.
//   - The key of a question leaves this room only with the verdict on an answer
//     to it, and each question of an attempt is answered once.
//   - Nobody has shown his face in quarantine. What is done there counts for its
//     own connection (an acknowledgement) or PC (a quiz) alone, until a login
//     there confirms it and its session is written beside it.
//   - An acknowledgement is a statement that the connection's lease key signed
//     over the digest of the very text in force. Statement, signature and key are
//     kept, so that anybody can verify it later.
//   - Versions of a document are never changed. A new one is acknowledged anew,
//     after a time of grace of its own.
//   - Which choice of a practice is right leaves this room only after one was made.
//     Customers of the practice are fixed in the source; no file can bring data of
//     a real one into a card.
//   - Nothing is half imported: one fault, and not one question is stored.
//   - No fact of the guard is kept here, and nothing here says how anybody works.
//
// It deliberately sends no mail (reminders does): people are reminded where they
// work, and the console lists whom to remind. It draws no certificate; records
// leave as CSV.
package training
