package sheets

import (
	"strings"

	"github.com/sekisho/sekisho"
)

// Limits of a list.
const (
	MaxFile = 512 << 10 // bytes
	MaxRows = 2000
	MaxCell = 200 // characters
)

// Form is what a list must look like.
type Form struct {
	Words map[string]string // what the first row may say, folded: the column's name
	Takes []string          // names of columns that it takes
	Needs []string          // of those it must have
}

// Record is one row as it was read: cells by column, folded (NFKC, without blanks around).
type Record struct {
	Line   int // in the file, from 1
	Cells  map[string]string
	Faults []Fault
}

// Fault is what is wrong with one row: in which column, and the code of a text
// that says what to do. Field is "" where it is the row as a whole.
type Fault struct {
	Field string
	Code  string
	Line  int // of the other row, where two are one too many
}

// Computed says whether a spreadsheet would take a cell for a formula.
func Computed(cell string) bool { return cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) }

var (
	errLarge    = sekisho.Fail(sekisho.KindInvalid, "list.too_large")
	errRows     = sekisho.Fail(sekisho.KindInvalid, "list.too_many")
	errEmpty    = sekisho.Fail(sekisho.KindInvalid, "list.empty")
	errEncoding = sekisho.Fail(sekisho.KindInvalid, "list.encoding")
	errHead     = sekisho.Fail(sekisho.KindInvalid, "list.head")
	errSyntax   = sekisho.Fail(sekisho.KindInvalid, "list.syntax")
	errWidth    = sekisho.Fail(sekisho.KindInvalid, "list.width")
	errCell     = sekisho.Fail(sekisho.KindInvalid, "list.cell")
	errFormula  = sekisho.Fail(sekisho.KindInvalid, "list.formula")
)
