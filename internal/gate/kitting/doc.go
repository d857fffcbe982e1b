// Package kitting issues up to 50 PCs from one list: every row's fate first,
// then all of it or nothing.
//
// Invariants:
//   - A plan does nothing. What is done is the plan that was shown: the list is
//     planned again and must come out the same.
//   - One refused row holds up the list.
//   - Each PC gets an enrolment code that opens nothing until its receipt is
//     confirmed (gate/devices), and a loss card (gate/loans); both are shown once.
//
// It keeps nothing of its own, and not the list either.
package kitting
