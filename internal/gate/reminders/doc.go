// Package reminders sends mail to whoever has something to do soon: training,
// rule documents, a permit that ends; and to supervisors the contracts that end.
//
// Invariants:
//   - Off without a mail server in the settings; then nothing is planned or kept.
//   - At most one mail a person and day (in Japan): the database holds it so,
//     whatever the number of servers.
//   - A mail says the name and what is due until when, and nothing else of anybody.
//     It holds no link. Names stand in the body alone, which is base64; a header
//     is never made of what a person wrote.
//   - Nothing is sent without TLS and a certificate that is right for the server's name.
//   - No request waits for a mail: a loop plans once a day and sends, with back-off.
//   - Addresses are optional, kept here alone, and gone with the person's contract.
//     Neither the log nor an error holds one.
//
// A mail is claimed before it is sent and noted after the server took it. When
// this process ends between the two, the claim lapses and the mail goes out once
// more, with the same Message-ID: that, and nothing else, can make it double.
//
// It deliberately reads no bounces, and proves nothing: an acknowledgement is made
// at the desk, never by mail.
package reminders
