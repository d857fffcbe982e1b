package trunks

import (
	"cmp"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// May says whether the rules let a call out now, so that whoever wishes it learns
// why not before anything is done. Dial asks again.
func (t *Trunks) May(o Outgoing) error {
	_, err := t.mayDial(o)
	return err
}

// Own gives a number of ours as it is placed now.
func (t *Trunks) Own(n calls.Number) (Number, bool) {
	one, ok := t.book.Load().numbers[n]
	return one, ok
}

// OwnOf gives the numbers of a work, in order.
func (t *Trunks) OwnOf(w sekisho.WorkID) (out []Number) {
	for _, n := range t.book.Load().numbers {
		if n.Work == w {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b Number) int { return cmp.Compare(a.Number, b.Number) })
	return out
}

// InUse is how many calls go over a trunk now.
func (t *Trunks) InUse(id sekisho.TrunkID) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l := t.lines[id]; l != nil {
		return l.calls
	}
	return 0
}
