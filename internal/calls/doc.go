// Package calls is what the rooms of the telephone have in common: sound as it
// goes over the wire, keys that are pressed, telephone numbers, and how a call
// ended. The rooms never know each other; exchange, their conductor, passes
// these from one to the other.
//
// Sound is G.711 throughout, 8,000 samples a second, one byte each, and goes
// from leg to leg as it came: nothing is transcoded between two parties.
package calls
