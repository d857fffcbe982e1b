package connect

import "fmt"

// examineShared says whether this PC is one of a group. It names nobody: who may
// use it the console says, to those who may know.
func (p patient) examineShared() []finding {
	if p.group == "" {
		return nil
	}
	faces, err := keptFaces(p.dir)
	if err != nil {
		return []finding{problem("shared", err)}
	}
	return []finding{{what: "shared", grade: healthy, code: "doctor.shared", fact: fmt.Sprintf("%q (%d)", p.group, len(faces))}}
}
