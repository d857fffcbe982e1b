// Package recordings keeps what was said in a call: stereo G.711 μ-law, the
// caller left and the centre right, on one time line, encrypted second by second
// from the first byte on.
//
// Invariants:
//   - Sound never lies on a disk in clear, not even for a moment: it is sealed in
//     memory, under a key that is this recording's alone and that the database
//     holds wrapped. Without the key a file is noise; deletion begins with the key.
//   - A party that speaks never waits for a disk. What the disk does not take in
//     time is a gap, marked as one, and an alarm; the call goes on.
//   - While a recording is paused, or the caller masked, nothing of that sound is
//     kept, in memory either. It goes on only after the log has its row.
//   - What the file does not prove is not played: one flipped bit, an exchanged
//     second, a second of another recording and a missing end are told, by a code
//     and a row in the log.
//   - Nobody hears a recording before the log says so, and nobody one of a client
//     company or work that the scope from above does not give him.
//
// It does not decide what is recorded, does not judge people's rights but for the
// two that loosen (lifting a hold, retention), offers no download, and makes no text of speech.
package recordings
