// Package drills attacks a running centre, for real, and shows that each attack
// is refused. A drill proves something only beside its control: the same act
// with the right key, on the same centre, which must succeed.
package drills
