// Package inspect tells facts about the PC that a page in a browser cannot know
// or must not be believed about: above all which camera a picture comes from.
//
// Invariants: a fact is yes, no or unknown, and unknown is never yes; names and
// labels that a page reports are compared with what the system itself says.
//
// It judges nothing: connect decides what a fact means under the configured
// rule. It reads no serial numbers and no list of programs, since nothing here
// needs them.
package inspect
