package training

import (
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
)

// Ops of a difference.
const (
	opSame    = "same"
	opAdded   = "added"
	opRemoved = "removed"
)

// Difference compares two texts line by line by their longest common
// subsequence (Wagner and Fischer 1974). Both are bounded by maxLines, so that
// the table stays below 400,000 cells.
func Difference(before, after string) []wire.RuleLine {
	a, b := lines(before), lines(after)
	length := make([][]uint16, len(a)+1)
	for i := range length {
		length[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	out := []wire.RuleLine{}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, wire.RuleLine{Op: opSame, Text: a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			out = append(out, wire.RuleLine{Op: opRemoved, Text: a[i]})
			i++
		default:
			out = append(out, wire.RuleLine{Op: opAdded, Text: b[j]})
			j++
		}
	}
	return out
}

func lines(s string) []string {
	s = strings.TrimRight(s, "\n")
	if s == "" {
		return nil
	}
	all := strings.Split(s, "\n")
	return all[:min(len(all), maxLines)]
}
