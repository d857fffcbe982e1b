// Package clients keeps client companies (委託元), their works (業務), who is
// assigned to which work and when, which desktop belongs to which work, and
// which auditor belongs to which client.
//
// Invariants:
//   - A work belongs to one client for ever, and so does a desktop once it was
//     put under one of its works: what a client may read never becomes
//     another's by a later change.
//   - An assignment has days: a person is of a client on those days and on no
//     other. Two assignments of one person to one work never overlap.
//   - An auditor who is bound to a client is never an auditor of the centre by
//     the same word: he can be released only after the role is gone.
//   - What a client may see is decided by Scope, which begins with nothing: a
//     row or an incident that no rule names is not shown. An ended client
//     (契約終了) sees nothing at all.
//   - Every change is in the audit log, in its own transaction.
//
// It does not open anything and closes nothing: gate/rules is told WorksOf and
// Belongs. It reads no other room's tables; the console's door brings rows and incidents to Scope.
package clients
