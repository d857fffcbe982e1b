package papers

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// MaxRows is how many rows one paper takes, in all its parts.
const MaxRows = 50_000

const (
	maxColumns = 16
	maxParts   = 200
)

var errPaper = sekisho.Fail(sekisho.KindInvalid, "paper.too_long")

// Paper is lists with their heading.
type Paper struct {
	Language string // "ja" or "en", for readers
	Title    string
	At       time.Time // of making, as the file says it
	Facts    []Fact    // below the title: what this is, of when, by whom
	Parts    []Part
	Foot     string // at the foot of every page, beside its number
}

// LogValue hides the lists: they hold names.
func (Paper) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Part is one list.
type Part struct {
	Title   string // "" and "" where the paper's own title is enough
	Lead    string
	Columns []Column
	Rows    [][]string // as many cells as there are columns
	Empty   string     // what stands there where there are no rows
}

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
	if len(p.Parts) == 0 || len(p.Parts) > maxParts {
		return nil, errPaper.Because(fmt.Errorf("%d parts", len(p.Parts)))
	}
	rows := 0
	for _, part := range p.Parts {
		if rows += len(part.Rows); rows > MaxRows || len(part.Columns) == 0 || len(part.Columns) > maxColumns {
			return nil, errPaper.Because(fmt.Errorf("%d rows, %d columns", rows, len(part.Columns)))
		}
		for _, row := range part.Rows {
			if len(row) != len(part.Columns) {
				return nil, errPaper.Because(fmt.Errorf("%d cells in %d columns", len(row), len(part.Columns)))
			}
		}
	}
	l := layout{paper: p}
	l.heading()
	for _, part := range p.Parts {
		l.list(part)
	}
	return write(p, l.finish())
}
