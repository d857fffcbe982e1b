package console

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Paging is what every list of people or PCs is asked for. What a list holds for
// its caller is decided before; a page is cut of that and of nothing else.
type Paging struct {
	Words  string `query:"q" maxLength:"100" doc:"words, each of which a row must hold somewhere; width and case do not count"`
	Desc   bool   `query:"desc" doc:"sort the other way round"`
	Offset int    `query:"offset" minimum:"0" maximum:"1000000" doc:"rows before the page; beyond the end it is the last page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"rows of the page"`
}

// PageView says which part of a list an answer holds, and how long the list is.
type PageView struct {
	Offset int            `json:"offset" doc:"rows before this page"`
	Limit  int            `json:"limit" doc:"rows that a page has at most"`
	Found  int            `json:"found" doc:"rows that match, on all pages"`
	All    int            `json:"all" doc:"rows that the list has for the caller"`
	Counts map[string]int `json:"counts" doc:"of the rows that hold the words, how many there are in each part"`
}

// listing is how the rows of one list are looked for, counted and sorted.
type listing[R any] struct {
	texts  func(*R) []string // what words are looked for in
	parts  []string          // that can be chosen; a row may be in several
	in     func(r *R, part string) bool
	orders map[string]func(a, b *R) int // by column; equal rows stay as they came
}

// page cuts one page of rows, which come in the list's own order. part and sort
// are words of the list, or "".
func (l listing[R]) page(p Paging, part, sort string, rows []R) ([]*R, PageView) {
	view := PageView{Limit: p.Limit, All: len(rows), Counts: map[string]int{}}
	for _, one := range l.parts {
		view.Counts[one] = 0
	}
	words := strings.Fields(folded(p.Words))
	hits := make([]*R, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if len(words) > 0 && !hasAll(l.texts(r), words) {
			continue
		}
		for _, one := range l.parts {
			if l.in(r, one) {
				view.Counts[one]++
			}
		}
		if part == "" || l.in(r, part) {
			hits = append(hits, r)
		}
	}
	if order := l.orders[sort]; order != nil {
		slices.SortStableFunc(hits, func(a, b *R) int {
			if p.Desc {
				a, b = b, a
			}
			return order(a, b)
		})
	}
	view.Found = len(hits)
	if view.Offset = p.Offset; view.Offset >= view.Found {
		view.Offset = max(0, (view.Found-1)/p.Limit*p.Limit)
	}
	return hits[view.Offset:min(view.Found, view.Offset+p.Limit)], view
}

// hasAll says whether every word stands in one of the texts.
func hasAll(texts, words []string) bool {
	for i := range texts {
		texts[i] = folded(texts[i])
	}
	for _, w := range words {
		if !slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, w) }) {
			return false
		}
	}
	return true
}

// folded is a text without its width and case.
func folded(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// natural orders names as people count: PC-9 before PC-10.
func natural(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if !digit(a[i]) || !digit(b[j]) {
			if a[i] != b[j] {
				return cmp.Compare(a[i], b[j])
			}
			i, j = i+1, j+1
			continue
		}
		m, n := digits(a, &i), digits(b, &j)
		if c := cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a)-i, len(b)-j)
}

// digits takes the digits at *at without zeros before them.
func digits(s string, at *int) string {
	begin := *at
	for *at < len(s) && digit(s[*at]) {
		*at++
	}
	return strings.TrimLeft(s[begin:*at], "0")
}

func digit(b byte) bool { return '0' <= b && b <= '9' }
