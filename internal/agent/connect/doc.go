// Package connect conducts the issued PC: enrolment, the connection, face
// enrolment and login, the running guard, and what happens when it closes.
//
// Invariants, each with the test that tries to break it:
//
//   - The page reports measurements; twin/vigil's machine decides, on the
//     agent's monotonic clock. No page, a silent page, a page that can no longer
//     close its screen, or a hidden one, is state lost within a second.
//   - At the first bad verdict, in this order: the screen's picture (at most
//     80 ms), the page told black, loopback flows reset, the ending told to the
//     server, the operating system locked. Nothing on the network is waited for.
//   - Once closed, only a login of login strength opens again.
//   - A template that is not the one the server holds a commitment to opens
//     nothing; nor does a camera other than the enrolled one; nor does a guard
//     that could not seal or keep a record.
//   - A face without consent, or without a commitment at the server, is deleted
//     here as soon as it is known; features that are compared with nobody are dropped.
//   - A statement names the person and the commitment of the face that was
//     compared. A login that fails is told to the server before the next begins.
//   - A PC that slept shows nothing when it wakes.
//   - Everything that changes belongs to one goroutine (the loop); what blocks
//     runs elsewhere and reports back.
//
// It holds no picture longer than it takes to seal it, gives no guard fact to
// anybody but the server's guard, and decides nothing about people.
package connect
