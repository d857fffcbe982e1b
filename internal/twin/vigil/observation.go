package vigil

import (
	"log/slog"
	"math"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a frame that Look accepts.
const (
	maxFaces  = 32
	maxSide   = 8192
	maxPixels = 1 << 24
	// detectorWidth is what the page's detector scales larger frames down to.
	detectorWidth = 640
	// MaxAge is how old a frame may be when it is judged; an older one is no evidence.
	MaxAge = wire.MaxVerdictAge
)

// Sighting is one face of a frame, compared with the templates.
type Sighting struct {
	X, Y, W, H float32 // pixels
	Size       float32 // width in pixels of a frame of at most 640: what the detector saw
	Score      float32
	Known      bool    // an embedding was measured and there are templates
	Similarity float32 // best cosine, if Known
	Measured   bool    // a liveness score was measured
	Live       float32 // 0 picture … 1 live, if Measured
	Angled     bool    // yaw and pitch are known
	Yaw, Pitch float32
	Clear      bool   // upright, sharp, large and whole: fit to be told from another person
	Hint       string // what the person may do so that it becomes clear
	vector     *Vector
}

// LogValue hides the embedding: a sighting holds it.
func (s Sighting) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Observation is one frame, validated. The zero value is a frame that says nothing.
type Observation struct {
	Frame  uint64
	Age    time.Duration // from the camera to the message
	Width  float32
	Height float32
	Faces  []Sighting // those the detector is sure enough of, best first
	Blind  bool       // dark, flat or muted: the camera cannot see
	Frozen bool       // not one pixel changed since the frame before
	Hidden bool       // the page is not visible
	Fault  string     // why the frame is no evidence; "" if it is
}

// LogValue hides the embeddings.
func (o Observation) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Look validates a frame and compares its faces with the templates. What it
// cannot believe it does not repair: the observation gets a Fault and counts
// as if no frame had come.
func Look(f wire.Frame, templates Templates, t Thresholds) Observation {
	o := Observation{Frame: f.ID, Width: float32(f.Width), Height: float32(f.Height)}
	o.Fault = fault(f, t)
	if o.Fault != "" {
		return o
	}
	o.Age = time.Duration(float64(f.AgeMS) * float64(time.Millisecond))
	o.Hidden, o.Frozen = f.Hidden, f.Change == 0
	o.Blind = f.Muted || f.Luma < t.DarkLuma || f.Spread < t.FlatSpread
	for _, face := range f.Faces {
		if face.Score < t.Score {
			continue
		}
		s, ok := sight(face, o, f.Luma, templates, t)
		if !ok {
			return Observation{Frame: f.ID, Fault: "embedding"}
		}
		o.Faces = append(o.Faces, s)
	}
	return o
}

func fault(f wire.Frame, t Thresholds) string {
	switch {
	case !t.judges():
		return "thresholds"
	case f.Width <= 0 || f.Height <= 0 || f.Width > maxSide || f.Height > maxSide || f.Width*f.Height > maxPixels:
		return "size"
	case len(f.Faces) > maxFaces:
		return "faces"
	case !finite(f.AgeMS, f.Luma, f.Spread, f.Change) || f.Luma < 0 || f.Spread < 0 || f.Change < 0:
		return "measures"
	case f.AgeMS < 0 || time.Duration(float64(f.AgeMS)*float64(time.Millisecond)) > MaxAge:
		return "age"
	}
	for i := range f.Faces {
		if !believable(&f.Faces[i], float32(f.Width), float32(f.Height)) {
			return "face"
		}
	}
	return ""
}

func believable(f *wire.Face, w, h float32) bool {
	if !finite(f.Box[:]...) || !finite(f.Points[:]...) || !finite(f.Score, f.Sharpness) || f.Score < 0 || f.Score > 1 || f.Sharpness < 0 {
		return false
	}
	if f.Box[2] <= 0 || f.Box[3] <= 0 || f.Box[2] > 2*w || f.Box[3] > 2*h ||
		f.Box[0] < -w || f.Box[0] > w || f.Box[1] < -h || f.Box[1] > h {
		return false
	}
	if f.Live != nil && !(*f.Live >= 0 && *f.Live <= 1) {
		return false
	}
	for _, angle := range []*float32{f.Yaw, f.Pitch} {
		if angle != nil && !(*angle >= -180 && *angle <= 180) {
			return false
		}
	}
	return true
}

func finite(xs ...float32) bool {
	for _, x := range xs {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
	}
	return true
}

func sight(f wire.Face, o Observation, luma float32, templates Templates, t Thresholds) (Sighting, bool) {
	s := Sighting{X: f.Box[0], Y: f.Box[1], W: f.Box[2], H: f.Box[3], Score: f.Score}
	s.Size = s.W * min(1, detectorWidth/o.Width)
	if f.Live != nil {
		s.Measured, s.Live = true, *f.Live
	}
	if f.Yaw != nil && f.Pitch != nil {
		s.Angled, s.Yaw, s.Pitch = true, *f.Yaw, *f.Pitch
	}
	if len(f.Embedding) > 0 {
		v, err := ParseVector(f.Embedding)
		if err != nil {
			return s, false
		}
		s.vector = &v
		s.Similarity, s.Known = templates.Similarity(&v)
	}
	s.Hint = hint(s, f, o, luma, t)
	s.Clear = s.Hint == ""
	return s, true
}

// hint names the first thing that keeps a face from being identified.
func hint(s Sighting, f wire.Face, o Observation, luma float32, t Thresholds) string {
	switch {
	case s.Size < t.SeatFace:
		return "closer"
	case luma < 2*t.DarkLuma:
		return "brighter"
	case !s.Angled || abs(s.Yaw) > t.MaxYaw || abs(s.Pitch) > t.MaxPitch:
		return "turn_to_camera"
	case s.X+s.W*0.1 < 0 || s.Y+s.H*0.1 < 0 || s.X+s.W*0.9 > o.Width || s.Y+s.H*0.9 > o.Height:
		return "turn_to_camera" // cut off by the frame's edge
	case s.vector != nil && f.Sharpness < t.Sharpness, s.Score < t.SureScore:
		return "hold_still"
	}
	return ""
}

func abs(x float32) float32 { return max(x, -x) }
