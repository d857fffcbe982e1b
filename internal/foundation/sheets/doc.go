// Package sheets reads lists that people keep in a spreadsheet: CSV in UTF-8 or
// as Excel writes it in Japan (CP932).
//
// Invariants:
//   - A list is bounded in bytes, rows and cells before it is looked at.
//   - A cell that a spreadsheet would compute is refused, so none is ever stored
//     or handed on; so are NUL, UTF-16 and EUC-JP.
//   - A column that is not known refuses the list: a mistyped one would be passed
//     over without a word.
//
// It does not know what a list means; each room judges its own rows.
package sheets
