// Package policies keeps the guard's rules by name: "home" for PCs at home,
// strict, "office" for PCs in the centre, and what the administrator adds.
//
// Invariants:
//   - What is not valid is never stored, and what is stored and no longer valid
//     is an error and not a default: a session cannot open under it.
//   - Versions only grow. A session keeps the version that it was opened under.
//   - Every change is in the audit log, with what it changed.
//
// "home" and "office" exist from the first start as version 1, without a row.
// It does not enforce anything: grants and the agent do.
package policies
