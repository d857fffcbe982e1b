package vigil

// The engines that a page may say it runs.
const (
	EngineStandard = "standard" // the pinned models
	EngineDemo     = "demo"     // what the package registry ships: for demonstrations alone
)

// Thresholds belong to an engine and its models, never to a person or a place.
// The zero value accepts nothing.
type Thresholds struct {
	Engine string

	Login  float32 // cosine that a login frame must reach
	Accept float32 // cosine that keeps the operator's own face the operator's
	Reject float32 // below it on good frames the face is another person's

	Live    float32 // liveness score that the median of a login or an enrolment must reach
	Picture float32 // liveness score below which one view of the operator counts as a picture's

	Score        float32 // detector's score of a face that counts at all
	SureScore    float32 // detector's score of a face good enough to be identified
	SeatFace     float32 // width in pixels from which the seated face is identified
	LoginFace    float32 // the same for login and enrolment
	OnlookerFace float32 // width from which a second face counts
	Sharpness    float32 // variance of the Laplacian of a face that can be identified
	MaxYaw       float32 // degrees, for identification
	MaxPitch     float32
	LookerYaw    float32 // degrees beyond which a second face surely looks elsewhere: 45 and what five points err by

	DarkLuma   float32 // a frame darker than this shows nothing
	FlatSpread float32 // a frame whose brightness spreads less than this shows nothing
}

// ForEngine returns the engine's thresholds (notes and measurements:
// docs/decisions/0011-face-models.md); unknown engines get the zero value and false.
func ForEngine(engine string) (Thresholds, bool) {
	t := Thresholds{
		Engine: engine,
		Score:  0.6, SureScore: 0.8, SeatFace: 48, LoginFace: 48, OnlookerFace: 28,
		Sharpness: 6, MaxYaw: 25, MaxPitch: 20, LookerYaw: 65,
		DarkLuma: 16, FlatSpread: 4,
	}
	switch engine {
	case EngineStandard:
		t.Login, t.Accept, t.Reject, t.Live, t.Picture = 0.50, 0.45, 0.30, 0.12, 0.02
	case EngineDemo:
		t.Login, t.Accept, t.Reject, t.Live, t.Picture = 0.945, 0.93, 0.885, 0.12, 0.02
		t.Score, t.SureScore = 0.5, 0.65 // its detector is less sure of everything
	default:
		return Thresholds{}, false
	}
	return t, true
}

// judges says whether the thresholds are those of an engine: zero ones judge nobody.
func (t Thresholds) judges() bool {
	return t.Engine != "" && t.Reject > 0 && t.Accept > t.Reject && t.Login >= t.Accept && t.Live >= t.Picture && t.Picture > 0 && t.Score > 0
}
