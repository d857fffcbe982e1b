// Package roles keeps the centre's own roles (独自の役割): named sets of rights
// that administrators make and give beside the five built-in roles.
//
// Invariants:
//   - A right stands for what a built-in role may do anyway; no set of rights is
//     wider than the built-in roles, and the rights to give rights, to approve, to
//     decide incidents and to write access policies are in none.
//   - Nobody holds rights of an administrator and rights of an officer through an
//     own role: not in one role, not in two, and not beside a built-in role. Where
//     it comes to that later, RightsOf leaves both sides out.
//   - Nobody gives himself an own role, or changes one that he holds.
//   - Making a role with an administrator's or officer's rights, widening one and
//     giving one is a dangerous act (重要な操作, gate/approvals): from the day on
//     which there have been two administrators it is refused here without a
//     second. What takes rights away needs nobody.
//   - Rights are read anew at each request, and what cannot be read holds none.
//
// It does not know routes (the console's door has them beside its table) or who
// signs in.
package roles
