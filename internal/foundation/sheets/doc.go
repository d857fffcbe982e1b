// Package sheets reads lists as spreadsheets write them: CSV (RFC 4180) in UTF-8
// with or without its mark, or CP932 as Excel writes it in Japan.
//
// Invariants:
//   - Columns are known by name. One that is not known, or stands there twice,
//     refuses the file: a mistyped one would be passed over without a word.
//   - Cells are folded (NFKC, blanks at the ends taken off) and bounded. One that
//     a spreadsheet would compute is refused, so that none is stored or handed on.
//   - A row that is no CSV ends the list, as its last row, with its fault.
//
// What the cells mean is the affair of whoever reads them.
package sheets
