// Package bench measures what the design promises, beside peers, in one run.
// Each file measures one part of the house and returns Results; the program
// under bench/ that writes build/bench.json puts them together.
package bench
