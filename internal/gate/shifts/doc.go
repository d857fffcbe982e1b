// Package shifts keeps when each person works (シフト): a pattern of the week,
// exceptions by date, and extensions; and whether sessions are bound to it.
//
// Invariants:
//   - Where the rules ask for it, nobody has a session outside his shift, with the
//     minutes of grace that the rules name. Without a shift there is no time to be
//     inside of; what cannot be read refuses.
//   - Times are those of the clock on the wall in the zone that the rules name, by
//     the calendar of that zone; a span that ends before it begins ends on the
//     next day.
//   - A date that is named replaces its weekday, also by no shift at all.
//   - An extension is a supervisor's, never for himself, at most MaxExtension, and
//     ends by itself.
//   - A list of shifts is done as a whole, and as it was shown, or not at all.
//   - Every change is in the audit log.
//
// It closes nothing: grants asks until when somebody may work and ends sessions.
// It says nothing of attendance: whether somebody came is nobody's business here.
package shifts
