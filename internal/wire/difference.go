package wire

// Difference is one thing that a change would change, as a second person is shown
// it before he confirms. Field is a word of the console's texts; the values are
// words of the contract (true, "strict", a role) or the changed text itself.
type Difference struct {
	Field  string `json:"field"`
	Object string `json:"object" doc:"what of it, where the field alone does not say: a policy's id, a check"`
	Before string `json:"before"`
	After  string `json:"after"`
	Beside bool   `json:"beside,omitempty" doc:"changes too, and loosens nothing"`
}

// Dangers are the differences of a change that loosens something: what does first,
// what changes beside it after. A change that only tightens has none.
func Dangers(all []Difference) []Difference {
	var loosens, beside []Difference
	for _, d := range all {
		if d.Beside {
			beside = append(beside, d)
		} else {
			loosens = append(loosens, d)
		}
	}
	if len(loosens) == 0 {
		return nil
	}
	return append(loosens, beside...)
}
