// Package posture keeps what each PC reports of its own state, the rules that
// its guard policy asks of it, and the judgement of one by the other (端末の安全状態).
//
// Invariants:
//   - A PC reports what it saw, signed by its connection's lease key; the verdict
//     falls here. A report counts for the connection that signed it alone.
//   - Where a rule may close, nothing opens without a report that is younger than
//     wire.PostureStale. What does not parse, is out of bounds or names another
//     connection is worse than none: it takes the place of the last good one. An
//     older one than the last is refused.
//   - What is unknown passes where it is not asked for, and only there. A system
//     that no rule knows is asked for everything.
//   - A session keeps the rules that its connection was last admitted
//     under: asking for another login takes those in force. To judge it again needs
//     no SQL, so that closing never waits for it.
//   - A place is a router and its neighbours. A router alone is a place only on a
//     cable, and only where the rule names no neighbours. No public address is
//     looked at.
//   - Every change of a PC's outcomes, of rules and of places is in the audit log,
//     and a refusal once for each set of reasons.
//
// It deliberately does not prove anything: whoever is administrator of a PC can
// make it report what he likes (docs/threat-model.md). It ends no session
// (grants does, which asks), and it learns no address of anybody's home: routers
// and neighbours of one PC are kept as marks that only that PC's id explains.
package posture
