// Package drills attacks a running centre, for real, and shows that each attack
// is refused. A drill proves something only beside its control: the same act
// with the right key, on the same centre, which must succeed.
//
// `make drills` starts one centre from the real binaries and carries out the
// groups of all.go one after another; the drills of a group go on side by side,
// each with people and PCs of its own. A drill that destroys something starts a
// centre of its own. What attacks is what an attacker would have: raw packets in
// a tunnel (test/rawpc), forged pages and real ones in a real browser, the
// database and the data folder, the memory of the server's process, a server in
// between, another TPM.
//
// A drill is a small function: bring everybody into place, try, note what was
// seen in Result.Evidence, and set Refused only for the very answer that the
// protection gives. An attack that merely failed proves nothing.
package drills
