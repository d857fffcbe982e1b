package papers

import (
	"fmt"
	"strconv"
	"strings"
)

// A4 on its side, in points, and what stands on it.
const (
	paperWide = 841.89
	paperHigh = 595.28
	margin    = 40.0
	bottom    = 52.0 // the foot stands below
	titleSize = 16.0
	partSize  = 11.5
	size      = 8.5
	footSize  = 7.5
	leading   = 11.5
	pad       = 4.0
	maxLines  = 4 // of one cell
)

// layout fills one page after the other, from the top.
type layout struct {
	paper Paper
	part  Part
	left  []float64 // of each column, and the right edge
	pages []*strings.Builder
	y     float64 // what is free begins below
}

// measure divides the width among the columns.
func (l *layout) measure() {
	sum := 0.0
	for _, c := range l.part.Columns {
		sum += max(c.Share, 0.1)
	}
	x := margin
	l.left = nil
	for _, c := range l.part.Columns {
		l.left = append(l.left, x)
		x += (paperWide - 2*margin) * max(c.Share, 0.1) / sum
	}
	l.left = append(l.left, x)
}

func (l *layout) page() *strings.Builder { return l.pages[len(l.pages)-1] }

func (l *layout) turn() {
	l.pages, l.y = append(l.pages, &strings.Builder{}), paperHigh-margin
}

func (l *layout) text(x, y, of float64, text string) { draw(l.page(), x, y, of, text) }

// draw draws one line with its base at a height.
func draw(b *strings.Builder, x, y, of float64, text string) {
	if text == "" {
		return
	}
	fmt.Fprintf(b, "BT %s %s Td ", number(x), number(y))
	show(b, text, of)
	b.WriteString("ET\n")
}

func (l *layout) rule(y, weight float64) {
	fmt.Fprintf(l.page(), "%s w %s %s m %s %s l S\n", number(weight), number(margin), number(y), number(paperWide-margin), number(y))
}

// heading is the title and the facts, on the first page alone.
func (l *layout) heading() {
	l.turn()
	for _, line := range wrap(l.paper.Title, titleSize, paperWide-2*margin, 2) {
		l.y -= titleSize + 4
		l.text(margin, l.y, titleSize, line)
	}
	l.y -= 8
	labels := 0.0
	for _, f := range l.paper.Facts {
		labels = max(labels, widthOf(plain(f.Label), size))
	}
	for _, f := range l.paper.Facts {
		for i, line := range wrap(f.Value, size, paperWide-2*margin-labels-12, maxLines) {
			l.y -= leading + 1
			if i == 0 {
				l.text(margin, l.y, size, plain(f.Label))
			}
			l.text(margin+labels+12, l.y, size, line)
		}
	}
	l.y -= 10
}

// list draws one part. Its title stands on no page without its first row.
func (l *layout) list(p Part) {
	l.part = p
	l.measure()
	heads := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		heads[i] = c.Head
	}
	var lead []string
	if p.Lead != "" {
		lead = wrap(p.Lead, size, paperWide-2*margin, maxLines)
	}
	first := l.high(heads) + leading + pad
	if len(p.Rows) > 0 {
		first = l.high(heads) + l.high(p.Rows[0])
	}
	if p.Title != "" {
		first += partSize + 16
	}
	if first += float64(len(lead)) * leading; l.y-first < bottom {
		l.turn()
	}
	if p.Title != "" {
		l.y -= partSize + 10
		l.text(margin, l.y, partSize, wrap(p.Title, partSize, paperWide-2*margin, 1)[0])
		l.y -= 6
	}
	for _, line := range lead {
		l.y -= leading
		l.text(margin, l.y, size, line)
	}
	if len(lead) > 0 {
		l.y -= 6
	}
	l.row(heads, true)
	for _, cells := range p.Rows {
		if l.y-l.high(cells) < bottom {
			l.turn()
			l.row(heads, true)
		}
		l.row(cells, false)
	}
	if len(p.Rows) == 0 {
		l.y -= leading + pad
		l.text(margin+pad, l.y, size, plain(p.Empty))
	}
	l.y -= 8
}

func (l *layout) lines(cell string, column int) []string {
	return wrap(cell, size, l.left[column+1]-l.left[column]-2*pad, maxLines)
}

func (l *layout) high(cells []string) float64 {
	most := 1
	for i, c := range cells {
		most = max(most, len(l.lines(c, i)))
	}
	return float64(most)*leading + 2*pad
}

func (l *layout) row(cells []string, head bool) {
	high := l.high(cells)
	if head { // a light ground, and a rule that is seen on a copy too
		fmt.Fprintf(l.page(), "q 0.92 g %s %s %s %s re f Q\n", number(margin), number(l.y-high), number(paperWide-2*margin), number(high))
		l.rule(l.y, 0.8)
	}
	for i, c := range cells {
		for n, line := range l.lines(c, i) {
			x := l.left[i] + pad
			if l.part.Columns[i].Right {
				x = l.left[i+1] - pad - widthOf(line, size)
			}
			l.text(x, l.y-pad-size-float64(n)*leading, size, line)
		}
	}
	l.y -= high
	l.rule(l.y, 0.4)
}

// finish numbers the pages: only now is it known how many there are.
func (l *layout) finish() []string {
	out := make([]string, len(l.pages))
	for i, p := range l.pages {
		of := fmt.Sprintf("%d / %d", i+1, len(out))
		draw(p, margin, bottom-22, footSize, wrap(l.paper.Foot, footSize, paperWide-2*margin-80, 1)[0])
		draw(p, paperWide-margin-widthOf(of, footSize), bottom-22, footSize, of)
		out[i] = p.String()
	}
	return out
}

// number is a real number of at most two decimals (ISO 32000-1 §7.3.3).
func number(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(f, 'f', 2, 64), "0"), ".")
}
