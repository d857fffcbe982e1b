// Package disasters keeps disaster mode (災害モード): for a time that ends by
// itself, what may go home is widened as was agreed on beforehand, and everybody
// is told.
//
// Invariants:
//   - Nothing is invented at that moment. A widening is Cedar text that only
//     permits, was validated and dated before, and agreed on by two; declaring
//     names one by its id and takes its text as it was.
//   - Declaring takes a reason, an announcement and an end, at most 72 hours
//     ahead, and runs in the transaction that proves the second person's word.
//   - It is over at its end whatever happens: whether it is in force is computed
//     when it is asked, and no clock has to fire. One person ends it sooner.
//   - One is in force at a time. Its beginning, with its end, and its end are rows
//     of the log, so that every row between them is known to be of that time.
//
// It decides nothing: gate/rules adds the text beside the policies in force, where
// the fixed forbids hold as ever.
package disasters
