// Package rules decides by Cedar policies who may open a session, reach a
// desktop and administer the centre, and says why.
//
// Invariants:
//   - Default deny. What no policy permits is refused, and so is everything
//     while the policies in force cannot be read, parsed or validated.
//   - The fixed policies (global.cedar) forbid for everybody, whatever stands
//     beside them: no lease, not chosen for the desktop, not on its work, not
//     active, or a seat that is not fully known. A forbid beats every permit,
//     so no policy that an administrator writes can OR around one.
//   - An erroring Cedar policy is skipped by the language. Here any diagnostic
//     error is a refusal, and a test drops each attribute of the context in turn.
//   - What does not parse, does not validate against schema.cedarschema, or
//     would leave no administrator (or not the one who saves it) able to
//     administer, is refused before it is stored.
//   - Versions only grow; going back is a new version with an old text. Every
//     change is in the audit log, and every decision carries its version.
//
// It grants nothing: gate/grants asks it beside its own lists and the lease,
// never instead of them. It looks at no packet: flows and leases do.
package rules
