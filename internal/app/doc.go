// Package app wires the house: it makes every room, hands each the few methods
// it needs of others, opens the doors and closes them again. It is the only
// room that may see everything, and therefore decides nothing: a rule found
// here belongs in a district.
package app
