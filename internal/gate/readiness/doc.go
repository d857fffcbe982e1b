// Package readiness says how ready the centre is for work at home (在宅勤務の準備状況):
// a fixed list of measures in four blocks, each green, amber, red or unknown by
// live facts, and the dated self-checks (自己点検) of the rooms that people work in.
//
// Invariants:
//   - A measure is judged by a pure rule from what its source found just now
//     (rule.go). What cannot be read is unknown, and unknown is never green.
//   - A part of the centre (one client's people, one person) is judged by its own
//     subjects alone. What cannot be narrowed to people is left out of a part.
//   - A self-check is written under a live session, so it is the person's who sits
//     there. Nobody accepts his own. One that says no where a yes is needed is
//     never accepted.
//   - A photograph is decoded, written anew without metadata and sealed before
//     anything of it is stored. It leaves the room after the row that names who
//     looked was committed, for supervisors and administrators alone, and is
//     deleted when its time is over, when a newer check was accepted, or when
//     the person has left.
//
// It counts what is missing and scores nobody's work: there is no number of a
// person, and no self-check opens or closes a session (gate/grants does not ask
// this room). It knows no facts of its own but the self-checks: the wiring hands
// the others in (deps.go).
package readiness
