package clips

import "path/filepath"

// Person is somebody whom a sample photograph of npm's @vladmandic/face-api
// shows. The photographs are of groups: each crop holds one whole face and no
// part of another, since a second face in view is an onlooker to the guard,
// whoever sits in front (bench has the test that looks).
type Person struct {
	photograph, crop string
	gamma            float64 // a camera would have let in more light
}

// Three people who may play with each other in a clip: alone in their crop,
// looking ahead, and told apart by both engines. The demonstration's takes many
// of the others for each other (docs/decisions/0011).
var (
	Operator = Person{"sample5.jpg", "560:420:240:830", 1.9}
	Visitor  = Person{"sample3.jpg", "640:480:860:120", 1}
	Stranger = Person{"sample1.jpg", "760:570:1080:85", 1.2}
)

// Sits is a part of a clip with this person alone; root is the checkout's folder.
func (p Person) Sits(root string, seconds float64, state string) Part {
	return Part{
		File: filepath.Join(root, "web", "node_modules", "@vladmandic", "face-api", "demo", p.photograph),
		Crop: p.crop, Gamma: p.gamma, To: seconds, State: state,
	}
}

// Beside is the same with somebody else looking in from the upper right corner.
func (p Person) Beside(other Person, root string, seconds float64) Part {
	part, second := p.Sits(root, seconds, "onlooker"), other.Sits(root, seconds, "")
	part.Beside = &second
	return part
}
