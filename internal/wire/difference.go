package wire

// Difference is one thing that a change would change, as a second person is shown
// it before he confirms. Field is a word of the console's texts; the values are
// words of the contract (true, "strict", a role) or the changed text itself.
type Difference struct {
	Field  string `json:"field"`
	Object string `json:"object" doc:"what of it, where the field alone does not say: a policy's id, a check"`
	Before string `json:"before"`
	After  string `json:"after"`
}
