package papers

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// MaxRows is how many rows one paper takes.
const MaxRows = 50_000

const maxColumns = 16

var errPaper = sekisho.Fail(sekisho.KindInvalid, "paper.too_long")

// Paper is a list with its heading.
type Paper struct {
	Language string // "ja" or "en", for readers
	Title    string
	At       time.Time // of making, as the file says it
	Facts    []Fact    // below the title: what this is, of when, by whom
	Columns  []Column
	Rows     [][]string // as many cells as there are columns
	Empty    string     // what stands there where there are no rows
	Foot     string     // at the foot of every page, beside its number
}

// LogValue hides the list: it holds names.
func (Paper) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Fact is one line below the title.
type Fact struct{ Label, Value string }

// Column is one column of the list.
type Column struct {
	Head  string
	Share float64 // of the width, in proportion to the others; greater than 0
	Right bool    // numbers stand at its right edge
}

// Make writes the paper. What is no list, or too long for one, is paper.too_long.
func Make(p Paper) ([]byte, error) {
	if len(p.Rows) > MaxRows || len(p.Columns) == 0 || len(p.Columns) > maxColumns {
		return nil, errPaper.Because(fmt.Errorf("%d rows, %d columns", len(p.Rows), len(p.Columns)))
	}
	for _, row := range p.Rows {
		if len(row) != len(p.Columns) {
			return nil, errPaper.Because(fmt.Errorf("%d cells in %d columns", len(row), len(p.Columns)))
		}
	}
	l := layout{paper: p}
	l.measure()
	l.heading()
	l.table()
	return write(p, l.finish())
}
