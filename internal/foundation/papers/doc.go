// Package papers writes lists, one below the other, as PDF (ISO 32000-1, PDF 1.5), for whoever has to
// put them into a binder: A4, in Japanese and English, with the page's number
// out of all on every page.
//
// Invariants:
//   - What stands in a list is text and nothing else: there is no script, no form,
//     no link, no attachment in the file, and no value can become one, since all
//     text is written as hexadecimal strings.
//   - The same paper gives the same bytes, so that a hash in the log names it.
//   - A cell is never cut without a sign: what does not fit ends in "…".
//
// It embeds no font: Latin letters are Helvetica, which every reader has, and the
// rest is of the character collection Adobe-Japan1 (UniJIS-UTF16-H), for which a
// reader takes a Japanese font of its machine. It writes no tags for screen
// readers, and knows nothing of what it lists.
package papers
