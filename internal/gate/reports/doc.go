// Package reports makes the report for the client company (委託元): one HTML
// or PDF file in Japanese or English, to be read, printed and checked by people who do
// not trust the centre.
//
// Invariants:
//   - A report is signed by the audit log: the entry that names its SHA-256 is
//     committed with the report, and the proof of that entry, under a checkpoint
//     of the key that auditors hold, stands at the file's end. So it is dated,
//     cannot be exchanged, and none can be made that the log does not know.
//   - Every figure comes from a source, at the moment of making. What no source
//     tells is not in the report; a control without a fact says that there is none.
//   - No person is named, but whoever the centre names as responsible.
//   - A report never changes. Each time that one is fetched is in the log first.
//
// It knows no other room: what it tells comes through Source, one for each
// section, handed in by the wiring. A PDF is a report of its own, with an entry and
// a proof of its own: both formats are checked by the same command.
package reports
